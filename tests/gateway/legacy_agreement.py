"""Whether what a legacy browser received is what the log holds.

The protocol has no positions. Frames and events are both reduced to what they say, adjacent
text joined; a browser that joined in the middle must have joined at some position.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from schema import events
from schema.events import Recorded
from tests.gateway.legacy_watcher import Frame

Said = tuple[Any, ...]

INTENT: Final = (5, "意図を判定中...")
RETRY: Final = "\n[応答が途切れたため、やり直しています]\n"
CLOSING: Final = {
    "chat": ("回答完了", "確認が必要です"),
    "restore": ("リストア確認",),
}


def assert_live_agrees(received: Sequence[Frame], stored: Sequence[Recorded]) -> None:
    """`received`, from `jobStarted` on, says what the whole log says."""
    assert received[0]["type"] == "jobStarted"
    assert said_by_frames(received[1:]) == said_by_events(stored, 0)


def assert_joined_agrees(received: Sequence[Frame], stored: Sequence[Recorded]) -> None:
    """`received`, from a frame with the row of the running job on, says the state at some
    position of the log and then what the log says after it."""
    row = received[0]["activeJob"] if "activeJob" in received[0] else received[0]["job"]
    for position in range(len(stored)):
        percent, message, text = _state(stored[:position])
        rest = list(received[1:])
        if (row["progress"], row["progress_message"]) != (percent, message):
            continue
        if text and (not rest or rest.pop(0) != {"type": "stream", "content": text}):
            continue
        if said_by_frames(rest) == said_by_events(stored, position):
            return
    raise AssertionError(f"no position of {stored} explains {received}")


def said_by_frames(received: Iterable[Frame]) -> list[Said]:
    """What frames of one job say."""
    return _joined(said for frame in received if (said := _said_by_frame(frame)) is not None)


def said_by_events(stored: Sequence[Recorded], after: int) -> list[Said]:
    """What the events behind position `after` say in this protocol."""
    percent = _state(stored[:after])[0]
    said: list[Said] = []
    for recorded in stored[after:]:
        match recorded.event:
            case events.Started():
                percent = INTENT[0]
                said += [("started",), ("progress", *INTENT)]
            case events.Progress(percent=moved, message=message):
                percent = percent if moved is None else moved
                said.append(("progress", percent, message or None))
            case events.Output(text=text):
                said.append(("stream", text))
            case events.OutputRetracted():
                said.append(("stream", RETRY))
            case events.ToolUse(tool=tool):
                said += [("stream", f"\n[{tool}]\n"), ("progress", percent, f"実行中: {tool}")]
            case events.Reply(message=message, suggestions=suggestions):
                said.append(("geminiChat", message, list(suggestions)))
            case events.RestoreProposed(message=message):
                said.append(("geminiRestore", message))
            case events.CodeProposed(files=files, edits=edits):
                said.append(("geminiCode", len(files) + len(edits)))
            case events.Completed(message=message):
                said.append(("completed", message or "ゲームを更新しました"))
            case events.Failed(message=message, code=code):
                said.append(("failed", message, code.value))
            case events.Cancelled():
                said.append(("cancelled",))
    return _joined(said)


def _said_by_frame(frame: Frame) -> Said | None:
    match frame["type"]:
        case "progress" if frame["progress"] == 100 and _is_closing(frame["message"]):
            return None  # the view's own, before `completed`
        case "progress":
            return "progress", frame["progress"], frame["message"]
        case "stream":
            return "stream", frame["content"]
        case "geminiChat":
            return "geminiChat", frame["message"], frame["suggestions"]
        case "geminiRestore":
            return "geminiRestore", frame["message"]
        case "geminiCode":
            return "geminiCode", len(frame.get("files") or frame["edits"])
        case "completed":
            return "completed", frame["result"]["message"]
        case "failed":
            return "failed", frame["error"], frame["code"]
        case "started" | "cancelled" as kind:
            return (kind,)
        case "gameUpdated" | "projectRenamed":
            return None
        case unexpected:
            raise AssertionError(unexpected)


def _is_closing(message: str | None) -> bool:
    return any(message in texts for texts in CLOSING.values())


def _state(past: Sequence[Recorded]) -> tuple[int, str | None, str]:
    """Percent, message and surviving text after `past`."""
    percent, message = 0, None
    texts: list[tuple[int, str]] = []
    for recorded in past:
        match recorded.event:
            case events.Started():
                percent, message = INTENT
            case events.Progress(percent=moved, message=moved_to):
                percent, message = percent if moved is None else moved, moved_to or INTENT[1]
            case events.Output(text=text):
                texts.append((recorded.seq, text))
            case events.OutputRetracted(from_seq=first):
                texts = [(seq, text) for seq, text in texts if seq < first]
    return percent, message, "".join(text for _, text in texts)


def _joined(said: Iterable[Said]) -> list[Said]:
    joined: list[Said] = []
    for item in said:
        if joined and item[0] == joined[-1][0] == "stream":
            joined[-1] = ("stream", joined[-1][1] + item[1])
        else:
            joined.append(item)
    return joined
