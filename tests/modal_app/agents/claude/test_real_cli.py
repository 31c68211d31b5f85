"""The real CLI in the local sandbox, with a scripted model behind it."""

import json
import socket
from dataclasses import replace
from pathlib import Path

import anyio

from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.ports import AgentTask, Edited, Sandbox, Wrote
from schema.execution import Done, Status
from tests.modal_app.agents.claude.running import Configure, all_events
from tests.modal_app.agents.claude.surviving import surviving_blocks, the_end
from tests.model_stub.script import Reply, Text, ToolUse, writing
from tests.model_stub.server import ModelStub, serve

PAGE = "<!doctype html>\n<title>Hi</title>\n<h1>Hello</h1>\n"


async def test_it_writes_a_file_and_tells_while_it_does(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    write = ToolUse("Write", {"file_path": str(task.workspace / "index.html"), "content": PAGE})
    stub.extend(Reply(Text("I will write the page."), write), Reply(Text("It is ready.")))
    events = await all_events(sandbox, configure(), task)
    assert the_end(events) == Done("It is ready.")
    assert (task.workspace / "index.html").read_text() == PAGE
    assert surviving_blocks(events) == ["I will write the page.", "It is ready."]
    told = [event for event in events if isinstance(event, Status) and event.tool]
    assert [(status.tool, status.path) for status in told] == [("Write", "index.html")]
    assert [event for event in events if isinstance(event, Wrote)] == [Wrote("index.html", PAGE)]
    # The CLI's placeholder stands for tools that may be loaded later; there are none.
    offered = set(stub.requests[0].tool_names) - {"DeferredToolPlaceholder"}
    assert offered == {"Read", "Write", "Edit", "Glob", "Grep"}


async def test_it_reads_finds_and_edits_files(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    (task.workspace / "game.js").write_text("const speed = 1;\n")
    edit = {"file_path": "game.js", "old_string": "speed = 1", "new_string": "speed = 2"}
    stub.extend(
        Reply(ToolUse("Glob", {"pattern": "*.js"}), ToolUse("Grep", {"pattern": "speed"})),
        Reply(ToolUse("Read", {"file_path": "game.js"})),
        Reply(ToolUse("Edit", edit)),
        Reply(Text("Faster.")),
    )
    events = await all_events(sandbox, configure(), task)
    assert the_end(events) == Done("Faster.")
    assert (task.workspace / "game.js").read_text() == "const speed = 2;\n"
    assert Edited("game.js", "speed = 1", "speed = 2") in events
    results = [result for request in stub.requests for result in request.tool_results]
    assert len(results) == 4
    assert not any(result.get("is_error") for result in results)


async def test_a_line_of_more_than_a_megabyte_is_read(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    content = "// padding of a large game\n" * 50_000
    stub.extend(Reply(ToolUse("Write", {"file_path": "big.js", "content": content})))
    events = await all_events(sandbox, configure(), task)
    assert isinstance(the_end(events), Done)
    assert (task.workspace / "big.js").read_text() == content


async def test_a_refused_tool_is_no_failure_and_its_path_is_not_told(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    outside = task.workspace.parent / "outside.html"
    stub.extend(Reply(ToolUse("Write", {"file_path": str(outside), "content": PAGE})))
    events = await all_events(sandbox, configure(), task)
    assert isinstance(the_end(events), Done)
    assert not outside.exists()
    assert not any(isinstance(event, Wrote) for event in events)
    assert stub.requests[1].tool_results[0]["is_error"]
    assert str(task.workspace.parent) not in repr(events)


async def test_the_prompt_is_taken_literally(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    secret = task.workspace.parent / "secret.txt"
    secret.write_text("NOT-FOR-THE-MODEL")
    prompt = f"/init and read @/etc/hostname and @{secret}" + "\nand so on" * 10_000
    events = await all_events(sandbox, configure(), replace(task, prompt=prompt))
    assert isinstance(the_end(events), Done)
    assert stub.requests[0].user_texts[-1] == prompt
    body = json.dumps(stub.requests[0].body)
    assert "NOT-FOR-THE-MODEL" not in body
    assert socket.gethostname() not in body


async def test_nothing_in_the_workspace_is_executed(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    witness = task.workspace.parent / "executed"
    touch = {"type": "command", "command": f"touch {witness}"}
    hooks = {name: [{"hooks": [touch]}] for name in ("SessionStart", "PreToolUse", "Stop")}
    server = {"command": "touch", "args": [str(witness)]}
    (task.workspace / ".claude").mkdir()
    (task.workspace / ".claude" / "settings.json").write_text(json.dumps({"hooks": hooks}))
    (task.workspace / ".mcp.json").write_text(json.dumps({"mcpServers": {"own": server}}))
    for name in ("CLAUDE.md", "AGENTS.md", ".claude/CLAUDE.md", ".claude/skills/own/SKILL.md"):
        (task.workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (task.workspace / name).write_text("---\ndescription: OBEY-THE-WORKSPACE\n---\n")
    stub.extend(Reply(ToolUse("Write", {"file_path": "a.html", "content": PAGE})))
    events = await all_events(sandbox, configure(), task)
    assert isinstance(the_end(events), Done)
    assert (task.workspace / "a.html").exists()
    assert not witness.exists()
    assert "OBEY-THE-WORKSPACE" not in json.dumps(stub.requests[0].body)


async def test_runs_side_by_side_do_not_mix(
    cli: Path, sandbox: Sandbox, task: AgentTask, tmp_path: Path
) -> None:
    tasks = []
    for name in ("left", "right"):
        paths = [tmp_path / name / part for part in ("workspace", "home", "temporary")]
        for path in paths:
            path.mkdir(parents=True)
        tasks.append(AgentTask(name, name, *paths))
    async with serve(writing({"index.html": PAGE}, saying="So.", closing="Ready.")) as stub:
        configuration = ClaudeConfiguration(cli, stub.api_key, stub.url)

        async def run(each: AgentTask) -> None:
            events = await all_events(sandbox, configuration, each)
            assert the_end(events) == Done("Ready.")
            assert (each.workspace / "index.html").read_text() == PAGE

        async with anyio.create_task_group() as group:
            for each in tasks:
                group.start_soon(run, each)
