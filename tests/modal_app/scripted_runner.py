"""A runner whose agent does what the message says: started as `python -m` like the real one.

The message is a title line and a JSON list of steps, each an object with one key: `say` text,
`write` [path, content], `gate` port (connect there and wait until the other side hangs up),
`spawn` argv (inside the local sandbox), `fail` code, `crash` text, `vanish` (end without outcome),
and, to be told as text: `environment` name (a file of `/proc/self`), `descriptors`, `prompt`.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from modal_app.ports import AgentTask, Command
from modal_app.runner import main
from modal_app.runs.launcher import RunnerConfiguration
from modal_app.sandboxes.local import LocalSandbox
from schema.execution import Done, Error, ExecutionEvent, Status, Stream


class ScriptedAgent:
    """Implements `modal_app.ports.Agent`."""

    async def run(self, task: AgentTask) -> AsyncGenerator[ExecutionEvent, None]:
        steps = json.loads(task.message.partition("\n")[2] or "[]")
        for block, step in enumerate(steps, start=1):
            match step:
                case {"say": text}:
                    yield Stream(text, block)
                case {"write": [path, content]}:
                    (task.workspace / path).write_text(content, encoding="utf-8")
                    yield Status("Writing", tool="Write", path=path)
                case {"gate": port}:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    try:
                        await reader.read()
                    finally:
                        writer.close()
                case {"spawn": argv}:
                    environment = {"HOME": str(task.home), "PATH": "/usr/bin:/bin"}
                    process = await LocalSandbox().start(Command(argv, task.workspace, environment))
                    try:
                        yield Status(f"Spawned {process.pid}")
                        await process.wait()
                    finally:
                        await process.kill()
                case {"fail": code}:
                    yield Error(code=code, user_message="failed on request")
                    return
                case {"crash": text}:
                    raise RuntimeError(text)
                case {"environment": name}:
                    yield Stream(process_file(name), block)
                case {"descriptors": _}:
                    yield Stream("\n".join(open_files()), block)
                case {"prompt": _}:
                    yield Stream(task.prompt, block)
                case {"vanish": _}:
                    return
        yield Done(result="scripted")


def open_files() -> list[str]:
    return [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.exists()]


def process_file(name: str) -> str:
    return Path("/proc/self", name).read_bytes().decode()


def scripted(configuration: RunnerConfiguration) -> ScriptedAgent:
    """The factory of the table."""
    return ScriptedAgent()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], {"offline": scripted, "claude": scripted}))
