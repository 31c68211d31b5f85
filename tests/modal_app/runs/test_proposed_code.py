"""What a run shows of the code it wrote: `Done.code`."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modal_app.agents.offline.agent import OfflineAgent
from modal_app.ports import AgentEvent, Edited, Wrote
from modal_app.runs.proposed import changed_region
from schema.execution import MAX_CODE_BYTES, Code, Done, ProposedEdit, ProposedFile
from tests.modal_app.runs.executing import Runs, write

PAGE = "<title>One</title>\n<p>same</p>\n<b>old</b>\n<p>same</p>\n"


def wrote(workspace: Path, path: str, content: str) -> Wrote:
    write(workspace, path, content)
    return Wrote(path, content)


def edited(workspace: Path, path: str, old: str, new: str, *, everywhere: bool = False) -> Edited:
    text = (workspace / path).read_text(encoding="utf-8")
    write(workspace, path, text.replace(old, new, -1 if everywhere else 1))
    return Edited(path, old, new, everywhere)


def first(workspace: Path) -> Iterable[AgentEvent]:
    yield wrote(workspace, "index.html", PAGE)


async def code_of(runs: Runs, act: object) -> Code | None:
    end, _ = await runs.perform(act)  # type: ignore[arg-type]
    assert isinstance(end, Done)
    return end.code


async def test_files_that_were_not_there_are_shown_whole_in_their_order(runs: Runs) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield wrote(workspace, "style.css", "b {}\n")
        yield wrote(workspace, "index.html", "draft\n")
        yield wrote(workspace, "index.html", PAGE)
        yield edited(workspace, "style.css", "b {}", "b { color: red }")

    end, _ = await runs.perform(act)
    assert isinstance(end, Done)
    assert (end.created, end.version is not None) == (True, True)
    assert end.code == Code(
        files=(ProposedFile("style.css", "b { color: red }\n"), ProposedFile("index.html", PAGE))
    )


async def test_a_file_that_was_there_is_shown_as_what_changed_in_it(runs: Runs) -> None:
    await runs.perform(first)

    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield edited(workspace, "index.html", "One", "Two")
        yield wrote(
            workspace, "index.html", PAGE.replace("One", "Two").replace("old", "new\n<i>and</i>")
        )
        yield wrote(workspace, "extra.js", "1;\n")

    assert await code_of(runs, act) == Code(
        files=(ProposedFile("extra.js", "1;\n"),),
        edits=(
            ProposedEdit("index.html", "One", "Two"),
            ProposedEdit("index.html", "<b>old</b>\n", "<b>new\n<i>and</i></b>\n"),
        ),
    )


async def test_an_edit_of_every_place_is_told_once_and_counted_everywhere(runs: Runs) -> None:
    await runs.perform(first)

    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield edited(workspace, "index.html", "same", "other", everywhere=True)
        now = (workspace / "index.html").read_text()
        yield wrote(workspace, "index.html", now + "<p>end</p>\n")

    code = await code_of(runs, act)
    assert code is not None
    assert code.edits == (
        ProposedEdit("index.html", "same", "other"),
        ProposedEdit("index.html", "", "<p>end</p>\n"),
    )


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        ("a “b” c\nd\n", 'a "b" c', 'a "x" c', "a “x” c\nd\n"),
        ("one\r\ntwo\r\n", "one\ntwo", "uno\ndos", "uno\r\ndos\r\n"),
    ],
)
async def test_an_edit_that_the_cli_took_less_literally_is_shown_as_what_it_did(
    runs: Runs, before: str, old: str, new: str, after: str
) -> None:
    def begin(workspace: Path) -> Iterable[AgentEvent]:
        (workspace / "index.html").write_bytes(before.encode())
        return ()

    def act(workspace: Path) -> Iterable[AgentEvent]:
        (workspace / "index.html").write_bytes(after.encode())
        yield Edited("index.html", old, new)
        yield Edited("index.html", old, new)

    await runs.perform(begin)
    code = await code_of(runs, act)
    assert code is not None
    (edit,) = code.edits
    assert before.replace(edit.old_string, edit.new_string) == after


async def test_what_happened_to_a_file_beside_the_calls_is_shown_with_them(runs: Runs) -> None:
    await runs.perform(first)

    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield edited(workspace, "index.html", "One", "Two")
        edited(workspace, "index.html", "old", "by a sub-agent")

    code = await code_of(runs, act)
    assert code is not None
    (edit,) = code.edits
    expected = PAGE.replace("One", "Two").replace("old", "by a sub-agent")
    assert PAGE.replace(edit.old_string, edit.new_string) == expected


async def test_an_edit_that_was_taken_back_by_another_shows_both(runs: Runs) -> None:
    await runs.perform(first)

    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield edited(workspace, "index.html", "One", "Two")
        yield edited(workspace, "index.html", "Two", "One")
        yield wrote(workspace, "extra.js", "1;\n")

    code = await code_of(runs, act)
    assert code is not None
    assert code.edits == (
        ProposedEdit("index.html", "One", "Two"),
        ProposedEdit("index.html", "Two", "One"),
    )


@pytest.mark.parametrize(
    "path",
    ["specs/game.md", "assets/requests.json", ".claude/skills/x/SKILL.md", ".hidden", "a/.b/c.js"],
)
async def test_notes_and_hidden_files_are_not_shown(runs: Runs, path: str) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield from first(workspace)
        yield wrote(workspace, path, "not for show")

    assert await code_of(runs, act) == Code(files=(ProposedFile("index.html", PAGE),))


@pytest.mark.parametrize("path", ["../outside.html", "/etc/passwd", "a//b", "a\0b", ""])
async def test_a_path_that_no_project_has_is_not_shown_and_not_read(runs: Runs, path: str) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield from first(workspace)
        yield Wrote(path, "content")
        yield Edited(path, "old", "new")

    assert await code_of(runs, act) == Code(files=(ProposedFile("index.html", PAGE),))


async def test_what_is_no_text_or_is_gone_is_not_shown(runs: Runs) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield from first(workspace)
        yield wrote(workspace, "gone.js", "x")
        (workspace / "gone.js").unlink()
        yield Wrote("zero.js", "a\0b")
        (workspace / "bytes.js").write_bytes(b"\xff\xfe")
        yield Wrote("bytes.js", "x")
        (workspace / "link.js").symlink_to("/etc/passwd")
        yield Wrote("link.js", "x")
        yield Wrote("never-there.js", "x")

    assert await code_of(runs, act) == Code(files=(ProposedFile("index.html", PAGE),))


async def test_what_does_not_fit_is_left_out_and_the_rest_is_shown(runs: Runs) -> None:
    half = "é" * (MAX_CODE_BYTES // 4) + "\n"

    def act(workspace: Path) -> Iterable[AgentEvent]:
        yield wrote(workspace, "one.js", half)
        yield wrote(workspace, "two.js", half)
        yield wrote(workspace, "small.js", "1;\n")
        yield wrote(workspace, "huge.js", "x" * (MAX_CODE_BYTES + 1))

    code = await code_of(runs, act)
    assert code is not None
    assert [file.path for file in code.files] == ["one.js", "small.js"]


async def test_without_a_version_there_is_no_code(runs: Runs) -> None:
    await runs.perform(first)
    end, _ = await runs.perform(first)
    assert isinstance(end, Done)
    assert (end.version, end.code, end.created) == (None, None, False)


async def test_a_version_without_file_calls_shows_none(runs: Runs) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        write(workspace, "index.html", PAGE)
        return ()

    assert await code_of(runs, act) is None


async def test_the_offline_agent_shows_its_page_and_then_what_it_changed(runs: Runs) -> None:
    agent = OfflineAgent(pacing=0)
    made = await runs.perform_with(agent, "a neon breakout game")
    assert isinstance(made, Done)
    assert made.code is not None
    assert [file.path for file in made.code.files] == ["index.html"]
    page = made.code.files[0].content
    assert page.encode() == await runs.workspace.read("index.html")
    changed = await runs.perform_with(agent, "make it faster")
    assert isinstance(changed, Done)
    assert changed.code is not None
    (edit,) = changed.code.edits
    assert edit.path == "index.html"
    assert len(edit.new_string) < len(page) // 4
    now = page.replace(edit.old_string, edit.new_string).encode()
    assert now == await runs.workspace.read("index.html")
    assert await runs.workspace.files() == ["index.html", "specs/game.md"]


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\u2028", "d\r\n", ""])).map("".join)


@given(before=LINES, after=LINES)
def test_the_changed_region_turns_one_text_into_the_other(before: str, after: str) -> None:
    old, new = changed_region(before, after)
    places = range(len(before) - len(old) + 1)
    assert any(before[:at] + new + before[at + len(old) :] == after for at in places)
    if before == after:
        assert (old, new) == ("", "")
