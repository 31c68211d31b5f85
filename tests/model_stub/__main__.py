"""A stub in a process of its own: `python -m tests.model_stub [--port-file FILE] [SCRIPT.json]`.

Its address is the first line of its output (and its port the content of FILE, which appears
whole) once it listens. SIGTERM ends it. The key that it wants is `stub-key`.
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from tests.model_stub.script import Step, from_json
from tests.model_stub.server import serve


async def _main(port_file: Path | None, script: list[Step]) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with serve(script) as stub:
        if port_file is not None:
            _write_whole(port_file, str(stub.port))
        sys.stdout.write(stub.url + "\n")
        sys.stdout.flush()
        await stopped.wait()


def _write_whole(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text)
    partial.replace(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port-file", type=Path)
    parser.add_argument("script", type=Path, nargs="?")
    arguments = parser.parse_args()
    steps = json.loads(arguments.script.read_text()) if arguments.script else []
    asyncio.run(_main(arguments.port_file, [from_json(step) for step in steps]))
