"""Parsing what clients send, and what each message needs before it is handled."""

import json
from typing import get_args

import pytest

from adapters.legacy.handlers import HANDLERS
from adapters.legacy.messages import (
    Cancel,
    ClientMessage,
    CreateProject,
    DeleteProject,
    GetJobStatus,
    GetProjectInfo,
    GetVersionEdits,
    GetVersions,
    Init,
    Ping,
    RenameProject,
    RestoreVersion,
    SelectProject,
    SendMessage,
    SubscribeJob,
    Unreadable,
)
from adapters.legacy.parsing import PARSERS, parse
from adapters.legacy.preconditions import NEEDS, unmet
from adapters.legacy.session import Session
from schema.models import Dimension, StyleChoice, Viewer

P = "36b07c0b-1fe6-4e62-a817-d7c203de6a6e"
J = "441b03ab-a56d-429c-a6bd-f126aec44a73"
FIX = "The game has the following JavaScript errors. Please fix them:\n\nerror: x"

# Appendix B of the contract.
LITERALS: list[tuple[str, ClientMessage]] = [
    ('{"type":"init","access_token":"<jwt>","sessionId":"1769483504123-k3"}', Init("<jwt>")),
    ('{"type":"ping"}', Ping()),
    (f'{{"type":"selectProject","projectId":"{P}"}}', SelectProject(P)),
    ('{"type":"createProject","name":"新しいゲーム"}', CreateProject("新しいゲーム")),
    (f'{{"type":"deleteProject","projectId":"{P}"}}', DeleteProject(P)),
    (f'{{"type":"renameProject","projectId":"{P}","name":"改名"}}', RenameProject(P, "改名")),
    (f'{{"type":"getProjectInfo","projectId":"{P}"}}', GetProjectInfo(P)),
    (
        '{"type":"message","content":"敵を速くして",'
        '"debugOptions":{"disableSkills":false,"useClaude":false}}',
        SendMessage("敵を速くして"),
    ),
    (
        json.dumps({"type": "message", "content": FIX, "autoFix": True}),
        SendMessage(FIX, auto_fix=True),
    ),
    (
        '{"type":"message","content":"2Dで作成",'
        '"selectedStyle":{"dimension":"2d","styleId":"retro"}}',
        SendMessage("2Dで作成", StyleChoice(Dimension.TWO, "retro"), skip_style_selection=True),
    ),
    (
        '{"type":"message","content":"2Dで作成","skipStyleSelection":true}',
        SendMessage("2Dで作成", skip_style_selection=True),
    ),
    (f'{{"type":"cancel","jobId":"{J}"}}', Cancel(J)),
    ('{"type":"cancel"}', Cancel(None)),
    (f'{{"type":"getVersions","projectId":"{P}"}}', GetVersions(P)),
    (
        f'{{"type":"getVersionEdits","projectId":"{P}","versionHash":"7cf97ac"}}',
        GetVersionEdits(P, "7cf97ac"),
    ),
    (
        f'{{"type":"restoreVersion","projectId":"{P}","versionId":"7cf97ac"}}',
        RestoreVersion(P, "7cf97ac"),
    ),
    (f'{{"type":"getJobStatus","jobId":"{J}"}}', GetJobStatus(J)),
    (f'{{"type":"subscribeJob","jobId":"{J}"}}', SubscribeJob(J)),
]


@pytest.mark.rule("ws.literals.client", "ws.payload.binary")
@pytest.mark.parametrize(("frame", "message"), LITERALS)
def test_every_literal_message_parses_as_text_and_as_bytes(
    frame: str, message: ClientMessage
) -> None:
    assert parse(frame) == parse(frame.encode()) == message


@pytest.mark.rule("ws.messages.not-json", "ws.messages.unknown")
@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ('{"type":"init","access_token":""}', Init(None)),
        ('{"type":"createProject"}', CreateProject("New Game")),
        ('{"type":"createProject","name":null}', CreateProject(None)),
        ('{"type":"selectProject","projectId":{"a":1}}', SelectProject("")),
        ('{"type":"selectProject","projectId":0}', SelectProject(None)),
        ('{"type":"message"}', SendMessage(None)),
        ('{"type":"message","content":["x"]}', SendMessage(None)),
        ('{"type":"message","content":"x","skipStyleSelection":""}', SendMessage("x")),
        (
            '{"type":"message","content":"x","selectedStyle":{}}',
            SendMessage("x", StyleChoice(Dimension.TWO, ""), skip_style_selection=True),
        ),
        ("\ufeff{}", Unreadable("Invalid message format")),
        ('{"type":"ping"', Unreadable("Invalid message format")),
        ("true", Unreadable("Unknown message type")),
        ('{"type":null}', Unreadable("Unknown message type")),
    ],
)
def test_odd_values_have_one_meaning(frame: str, message: object) -> None:
    assert parse(frame) == message


@pytest.mark.rule("ws.messages.fourteen")
def test_every_message_has_a_parser_and_a_row_in_the_state_table() -> None:
    assert len(PARSERS) == 14
    assert set(NEEDS) == set(get_args(ClientMessage))
    assert {type(message) for _, message in LITERALS} == set(NEEDS)


@pytest.mark.rule("ws.messages.fourteen")
def test_every_message_has_a_handler() -> None:
    assert set(NEEDS) - set(HANDLERS) == {Init, Ping}


@pytest.mark.rule("ws.messages.order")
def test_needs_are_checked_in_the_documented_order() -> None:
    viewer = Viewer("11111111-1111-4111-8111-111111111111")
    session = Session(viewer, expires_at=100.0)
    message = SendMessage(None)
    assert unmet(message, None, 0.0) == "No project selected"
    assert unmet(message, session, 0.0) == "No project selected"
    session.project_id = P
    assert unmet(message, session, 0.0) == "Invalid request"
    assert unmet(SendMessage("x"), session, 0.0) is None
    assert unmet(SendMessage("x"), session, 106.0) == "Token expired"
    assert unmet(Ping(), session, 106.0) is None
    assert unmet(Init("x"), session, 106.0) is None
