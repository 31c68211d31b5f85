"""A model that fails or hangs, as the untouched frontend is told of it."""

import pytest

from adapters.legacy.texts import RETRY_LINE
from schema.errors import ERRORS, ErrorCode
from tests.e2e.legacy_editor import PAGE, WISH, Editor, edit, read, write
from tests.e2e.processes import agents_of
from tests.model_stub.script import Broken, HttpError, Reply, Step, Text

# The CLI heeds it, and so a test need not wait for its pauses.
NO_RETRY = {"x-should-retry": "false"}


async def test_without_helper_answers_the_words_decide_and_the_run_works(editor: Editor) -> None:
    await editor.make()
    editor.asked(HttpError(529, "overloaded_error"), Broken("disconnect"))
    editor.acts(read("index.html"), edit("index.html", "speed 1", "speed 2"))
    job = await editor.job("BGMを付けて、もっと速くして")
    assert job.progress[1] == "スキル選択: canvas-2d, audio"
    assert job.only("geminiCode")["mode"] == "edit"
    assert "speed 2" in await editor.code()


@pytest.mark.rule("ws.flow.chat")
async def test_without_an_answer_in_words_the_question_is_still_answered(editor: Editor) -> None:
    await editor.make()
    editor.asked(*[HttpError(529, "overloaded_error")] * 2)
    job = await editor.job("どう遊びますか？")
    said = job.only("geminiChat")
    assert "Page title" in said["message"]
    assert len(said["suggestions"]) == 3
    assert job.only("completed")["result"]["mode"] == "chat"


async def test_a_helper_model_that_says_nothing_is_waited_for_a_bounded_time(
    editor: Editor,
) -> None:
    await editor.create()
    editor.asked(Broken("headerless"))
    job = await editor.job("一つ前の状態に戻してほしい")
    assert job.only("geminiRestore")["mode"] == "restore"


@pytest.mark.rule("ws.flow.errors", "ws.frame.failed", "ws.divergence.failure-keys")
@pytest.mark.parametrize(
    ("step", "code"),
    [
        (HttpError(401, "authentication_error", headers=NO_RETRY), ErrorCode.AUTH_ERROR),
        (HttpError(529, "overloaded_error", headers=NO_RETRY), ErrorCode.MODEL_OVERLOADED),
    ],
    ids=["401", "529"],
)
async def test_a_failing_model_is_one_readable_failure(
    editor: Editor, step: Step, code: ErrorCode
) -> None:
    await editor.create("Failing")
    editor.answers("[]")
    editor.model.extend(step)
    job = await editor.job(WISH, skipStyleSelection=True)
    text = ERRORS[code].message
    failed = job.frames[-1]
    assert (failed["type"], failed["error"], failed["code"]) == ("failed", text, code.value)
    assert (failed["userMessage"], failed["recoverable"]) == (text, ERRORS[code].retryable)
    assert (failed["job"]["status"], failed["job"]["error"]) == ("failed", text)
    assert "scripted failure" not in repr(job.frames)
    assert await editor.browser.silent()
    assert agents_of(editor.installation.data) == []
    selected = await editor.selected()
    assert [line["content"] for line in selected["history"]] == [WISH]
    assert (selected["activeJob"], selected["versions"]) == (None, [])


@pytest.mark.rule("ws.flow.errors", "ws.job.history")
async def test_files_of_a_run_that_failed_are_not_kept(editor: Editor) -> None:
    await editor.make()
    before = (await editor.selected())["versions"]
    editor.answers("edit", "[]")
    editor.model.extend(
        Reply(write("other.js", "half"), read("index.html")),
        Reply(edit("index.html", "speed 1", "speed 9")),
        HttpError(529, "overloaded_error", headers=NO_RETRY),
    )
    job = await editor.job("もっと速くして")
    assert job.frames[-1]["type"] == "failed"
    assert "geminiCode" not in job.types
    assert await editor.code() == PAGE
    assert (await editor.game("other.js")).status_code == 404
    assert (await editor.selected())["versions"] == before

    editor.answers("edit", "[]")
    editor.acts(read("index.html"), edit("index.html", "speed 1", "speed 2"))
    await editor.job("もう一度")
    assert "speed 2" in await editor.code()


@pytest.mark.rule("ws.divergence.retraction")
async def test_an_answer_that_broke_off_begins_anew(editor: Editor) -> None:
    await editor.create("Broken")
    editor.answers("[]")
    editor.model.extend(
        Broken("disconnect", text="half an ans", gate="broken off"),
        Reply(Text("the whole answer"), write("index.html", PAGE)),
        Reply(Text("Ready.")),
    )
    await editor.send(WISH, skipStyleSelection=True)
    received = await editor.browser.until("stream")
    editor.model.gate("broken off").release()
    received += await editor.browser.job()
    streamed = "".join(frame["content"] for frame in received if frame["type"] == "stream")
    assert streamed == f"half an ans{RETRY_LINE}the whole answer\n[Write]\nReady."
    assert await editor.history() == [("user", WISH), ("assistant", "Ready.")]
