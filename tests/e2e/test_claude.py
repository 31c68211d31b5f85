"""The whole path with the real CLI: a scripted model at one end, GraphQL at the other."""

from pathlib import Path

import pytest

from schema.errors import ERRORS, ErrorCode
from tests.e2e.conftest import with_claude
from tests.e2e.gateway import Gateway
from tests.e2e.installation import Installation
from tests.e2e.processes import agents_of, ended, runner_pid
from tests.gateway.watchers import WATCHERS, Payload
from tests.model_stub.script import Broken, Html, HttpError, Reply, Step, Text, ToolUse
from tests.model_stub.server import ModelStub, serve

PAGE = "<!doctype html>\n<title>Hi</title>\n<h1>Hello</h1>\n"
WRITE = ToolUse("Write", {"file_path": "index.html", "content": PAGE})
# The CLI heeds it, and so a test need not wait for its pauses.
NO_RETRY = {"x-should-retry": "false"}


def surviving(received: list[Payload]) -> str:
    """The output without what was taken back."""
    outputs: list[Payload] = []
    for event in received:
        match event["__typename"]:
            case "GenerationOutput":
                outputs.append(event)
            case "GenerationOutputRetracted":
                outputs = [output for output in outputs if output["seq"] < event["fromSeq"]]
    return "".join(output["text"] for output in outputs)


@pytest.mark.parametrize("transport", WATCHERS)
async def test_it_writes_a_page_with_its_own_tool_and_every_watcher_sees_it(
    served: Gateway, shared: Installation, shared_stub: ModelStub, transport: str
) -> None:
    shared_stub.extend(Reply(Text("I will write it."), WRITE), Reply(Text("It is ready.")))
    project_id = await served.project()
    received = await served.watch(await served.start(project_id=project_id), transport)
    tools = [(e["tool"], e["path"]) for e in received if e["__typename"] == "GenerationToolUse"]
    assert tools == [("Write", "index.html")]
    assert surviving(received) == "I will write it.It is ready."
    end = received[-1]
    assert (end["__typename"], end["mode"]) == ("GenerationCompleted", "CREATE")
    workspace = shared.workspace(project_id)
    assert (workspace / "index.html").read_text() == PAGE
    assert end["version"]["hash"] in (workspace / ".git" / "refs" / "heads" / "main").read_text()


async def test_cancelling_leaves_no_process_and_the_project_free(
    served: Gateway, shared: Installation, shared_stub: ModelStub
) -> None:
    shared_stub.extend(Reply(Text("a long answer " * 100), gate="cancelled"))
    project_id = await served.project()
    generation_id = await served.start(project_id=project_id)
    await served.watch(generation_id, until="GenerationOutput")
    assert agents_of(shared.data)
    runner = runner_pid(shared.data, generation_id)
    assert await served.cancel(generation_id) == "CANCELLED"
    assert agents_of(shared.data) == []
    await ended(runner)
    received = await served.watch(generation_id)
    assert received[-1]["__typename"] == "GenerationCancelled"
    shared_stub.extend(Reply(WRITE), Reply(Text("Ready.")))
    again = await served.watch(await served.start(project_id=project_id))
    assert again[-1]["__typename"] == "GenerationCompleted"


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (HttpError(401, "authentication_error", headers=NO_RETRY), ErrorCode.AUTH_ERROR),
        (HttpError(429, "rate_limit_error", headers=NO_RETRY), ErrorCode.RATE_LIMIT),
        (HttpError(529, "overloaded_error", headers=NO_RETRY), ErrorCode.MODEL_OVERLOADED),
    ],
    ids=["401", "429", "529"],
)
async def test_a_failing_model_is_one_failure_with_a_readable_text(
    served: Gateway, shared: Installation, shared_stub: ModelStub, step: Step, code: ErrorCode
) -> None:
    shared_stub.extend(step)
    received = await served.watch(await served.start())
    terminal = [e for e in received if "error" in e]
    assert terminal == received[-1:]
    assert (received[-1]["code"], received[-1]["error"]) == (code.name, ERRORS[code].message)
    assert "scripted failure" not in repr(received)
    assert agents_of(shared.data) == []


@pytest.mark.parametrize("how", ["garbage", "disconnect", "eof"])
async def test_a_broken_answer_is_taken_back_and_given_again(
    served: Gateway, shared_stub: ModelStub, how: str
) -> None:
    shared_stub.extend(Broken(how, text="half an ans"), Reply(Text("the whole answer")))  # type: ignore[arg-type]
    received = await served.watch(await served.start())
    assert received[-1]["__typename"] == "GenerationCompleted"
    assert surviving(received) == "the whole answer"


@pytest.mark.parametrize("step", [Html(), Broken("garbage")], ids=["a page", "garbage"])
async def test_a_model_that_only_talks_nonsense_is_one_failure(
    data: Path, cli: Path, step: Step
) -> None:
    async with serve(lambda _: step) as stub, with_claude(data, cli, stub).serving() as gateway:
        received = await gateway.watch(await gateway.start())
        assert agents_of(data) == []
    assert [e["code"] for e in received if "error" in e] == ["CLI_GENERAL_ERROR"]
    assert received[-1]["error"] == ERRORS[ErrorCode.CLI_GENERAL_ERROR].message
    assert surviving(received) == ""
