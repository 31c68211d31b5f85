"""Whether what a client received is what the log holds, whatever was merged on the way."""

import re
from collections.abc import Sequence
from dataclasses import fields
from enum import Enum
from typing import Any

from schema import events
from schema.events import Recorded
from tests.gateway.watchers import Payload

# Fields that the watchers' document asks for under another name, or not at all.
RENAMED = {
    ("Reply", "message"): "reply",
    ("RestoreProposed", "message"): "question",
    ("Completed", "message"): "closing",
    ("Failed", "message"): "error",
}
INTERNAL = {("Output", "block")}


def assert_agrees(received: Sequence[Payload], stored: Sequence[Recorded]) -> None:
    """`received` covers exactly `stored`: same events, same order, no gap, no repeat."""
    assert stored, "nothing to compare with"
    remaining = list(stored)
    for payload in received:
        last: int = payload["seq"]
        first: int = payload["fromSeq"] if _is_output(payload) else last
        count = last - first + 1
        entries, remaining = remaining[:count], remaining[count:]
        assert [entry.seq for entry in entries] == list(range(first, last + 1))
        assert payload["generationId"] == entries[-1].generation_id
        if count > 1:
            assert payload["text"] == "".join(_output(entry).text for entry in entries)
        else:
            _assert_same(payload, entries[0].event)
    assert not remaining, f"{len(remaining)} events were not delivered"


def _is_output(payload: Payload) -> bool:
    return bool(payload["__typename"] == "GenerationOutput")


def _output(entry: Recorded) -> events.Output:
    assert isinstance(entry.event, events.Output)
    return entry.event


def _assert_same(payload: Payload, event: object) -> None:
    name = type(event).__name__
    assert payload["__typename"] == f"Generation{name}"
    for field in fields(event):  # type: ignore[arg-type] # every event is a dataclass
        if (name, field.name) in INTERNAL:
            continue
        key = RENAMED.get((name, field.name), _camel(field.name))
        expected = _json(getattr(event, field.name))
        if (name, field.name) == ("Completed", "version") and expected is not None:
            expected = {"hash": expected}
        assert payload[key] == expected, (name, key)


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _json(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {_camel(field.name): _json(getattr(value, field.name)) for field in fields(value)}
    return value
