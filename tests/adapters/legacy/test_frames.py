"""Frames that answer requests, compared with the literals of the contract (Appendix A)."""

from datetime import UTC, datetime

import pytest

from adapters.legacy import frames, version_frames
from adapters.legacy.answers import refused
from adapters.legacy.forms import history_form, version_forms
from adapters.legacy.frames import Frame
from resolvers.forms import json_text
from resolvers.illustration import IMAGES_SUBJECT
from schema.errors import DreamCoreError, ErrorCode, UserLimitReached
from schema.mirror import VersionRecord
from schema.models import ChatMessage, Dimension, Project, StylePreset
from tests.adapters.legacy.stand import picture_of
from tests.adapters.legacy.wire import JOB, PROJECT, USER, row, view

AT = datetime(2026, 1, 27, 3, 11, 44, 123456, UTC)
GAME = Project(PROJECT, USER, "新しいゲーム", AT, AT)
TIMES = (
    '"createdAt":"2026-01-27T03:11:44.123456+00:00","updatedAt":"2026-01-27T03:11:44.123456+00:00"'
)
SHORT = f'{{"id":"{PROJECT}","name":"新しいゲーム",{TIMES}}}'
LISTED = (
    f'{{"id":"{PROJECT}","name":"新しいゲーム","description":"","isPublic":false,'
    f'"remixedFrom":null,{TIMES}}}'
)
HISTORY = [history_form(ChatMessage("user", "2Dで宇宙ゲームを作って", AT))]
HISTORY_TEXT = (
    '[{"role":"user","content":"2Dで宇宙ゲームを作って",'
    '"timestamp":"2026-01-27T03:11:44.123456+00:00"}]'
)
COMMIT = VersionRecord(
    "7cf97ac" + "0" * 33, "作成しました", datetime(2026, 1, 27, 3, 12, 30, 0, UTC)
)
VERSIONS_TEXT = (
    '[{"id":"7cf97ac","number":1,"message":"作成しました",'
    '"timestamp":"2026-01-27T03:12:30.000Z","hash":"7cf97ac"}]'
)
PENDING = row("pending", 0, None).replace("05.700000", "00.512345")
USER_LIMIT = "Too many concurrent requests. Please wait for the current job to finish."
STYLES = [
    StylePreset(Dimension.TWO, "retro", "レトロドット絵", ""),
    StylePreset(Dimension.TWO, "minimal", "ミニマル", ""),
]

LITERALS: list[tuple[Frame, str]] = [
    (frames.PONG, '{"type":"pong"}'),
    (frames.init(USER, [GAME]), f'{{"type":"init","userId":"{USER}","projects":[{LISTED}]}}'),
    (
        frames.project_created(GAME, [GAME]),
        f'{{"type":"projectCreated","project":{SHORT},"projects":[{LISTED}]}}',
    ),
    (
        frames.project_selected(PROJECT, HISTORY, version_forms([COMMIT]), None),
        f'{{"type":"projectSelected","projectId":"{PROJECT}","history":{HISTORY_TEXT},'
        f'"versions":{VERSIONS_TEXT},"activeJob":null}}',
    ),
    (
        frames.project_selected(PROJECT, [], [], view().row),
        f'{{"type":"projectSelected","projectId":"{PROJECT}","history":[],"versions":[],'
        f'"activeJob":{PENDING}}}',
    ),
    (
        frames.project_renamed(GAME, [GAME]),
        f'{{"type":"projectRenamed","project":{SHORT},"projects":[{LISTED}]}}',
    ),
    (frames.project_renamed(GAME), f'{{"type":"projectRenamed","project":{SHORT}}}'),
    (frames.project_info(GAME), f'{{"type":"projectInfo","project":{SHORT}}}'),
    (
        version_frames.versions_list(PROJECT, version_forms([COMMIT])),
        f'{{"type":"versionsList","projectId":"{PROJECT}","versions":{VERSIONS_TEXT}}}',
    ),
    (
        version_frames.version_edits(
            PROJECT, "7cf97ac", [{"diff": "diff --git a/index.html b/index.html\n"}], ""
        ),
        f'{{"type":"versionEdits","projectId":"{PROJECT}","versionHash":"7cf97ac",'
        '"edits":[{"diff":"diff --git a/index.html b/index.html\\n"}],"summary":""}',
    ),
    (
        version_frames.version_restored(PROJECT, "7cf97ac"),
        f'{{"type":"versionRestored","projectId":"{PROJECT}","versionId":"7cf97ac"}}',
    ),
    (
        frames.project_deleted(PROJECT, []),
        f'{{"type":"projectDeleted","projectId":"{PROJECT}","projects":[]}}',
    ),
    (
        frames.style_options(Dimension.TWO, STYLES, picture_of, "2Dで宇宙ゲームを作って"),
        '{"type":"styleOptions","dimension":"2d","styles":[{"id":"retro","name":"レトロドット絵",'
        '"imageUrl":"/images/styles/2d/action/retro.webp"},{"id":"minimal",'
        '"name":"ミニマル","imageUrl":null}],"originalMessage":"2Dで宇宙ゲームを作って"}',
    ),
    (
        frames.job_started(view().row, is_existing=False),
        f'{{"type":"jobStarted","job":{PENDING},"isExisting":false}}',
    ),
    (frames.job_status(view().row), f'{{"type":"jobStatus","job":{PENDING}}}'),
    (frames.job_status(None), '{"type":"jobStatus","job":null}'),
    (frames.subscribed(JOB), f'{{"type":"subscribed","jobId":"{JOB}"}}'),
    (
        frames.job_cancelled(view().row),
        f'{{"type":"cancelled","job":{PENDING},"message":"Job cancelled","jobId":"{JOB}"}}',
    ),
    (frames.operation_cancelled(), '{"type":"cancelled","message":"Operation cancelled"}'),
    (
        refused(DreamCoreError(ErrorCode.PROJECT_NOT_FOUND)),
        '{"type":"error","message":"Access denied"}',
    ),
    (
        refused(UserLimitReached(JOB, PROJECT)),
        f'{{"type":"error","message":"{USER_LIMIT}",'
        f'"error":{{"code":"USER_LIMIT_EXCEEDED","message":"{USER_LIMIT}"}}}}',
    ),
]


@pytest.mark.rule("ws.literals.server")
@pytest.mark.parametrize(
    ("frame", "literal"), LITERALS, ids=[frame["type"] for frame, _ in LITERALS]
)
def test_every_reply_is_the_literal_of_the_contract(frame: Frame, literal: str) -> None:
    assert json_text(frame) == literal


@pytest.mark.rule("ws.versions.listed", "ws.divergence.stripe")
def test_versions_leave_bookkeeping_out_and_stay_on_one_line() -> None:
    subjects = ["a|b\nc", "Before restore", "Restored to 7cf97ac", "Migration from x", "Initial"]
    versions = version_forms([VersionRecord("a" * 40, subject, AT) for subject in subjects])
    assert [(v["number"], v["message"]) for v in versions] == [(1, "a|b c"), (2, "Initial")]


@pytest.mark.rule("ws.versions.images")
def test_a_game_and_the_images_drawn_into_it_are_one_version() -> None:
    subjects = [
        IMAGES_SUBJECT,
        "もっと速く",
        "赤くして",
        IMAGES_SUBJECT,
        "2Dで作って",
        IMAGES_SUBJECT,
    ]
    commits = [VersionRecord(f"{n}" * 40, subject, AT) for n, subject in enumerate(subjects)]
    assert [(v["number"], v["hash"][0], v["message"]) for v in version_forms(commits)] == [
        (1, "0", "もっと速く"),
        (2, "2", "赤くして"),
        (3, "3", "2Dで作って"),
        (4, "5", IMAGES_SUBJECT),  # its game is beyond what is listed
    ]
