"""The view from the log to frames, compared with the literal frames of the contract."""

import json
from typing import get_args

import pytest

from adapters.legacy.job_view import FRAMES_OF
from adapters.legacy.texts import RETRY_LINE
from resolvers.forms import json_text
from resolvers.replies import DIMENSION_QUESTION
from schema import events
from schema.errors import ErrorCode
from schema.models import GeneratedImage, Route, SourceEdit, SourceFile
from tests.adapters.legacy.wire import PROJECT, USER, row, told, view

BEGUN = (events.Accepted(), events.Started())
INTENT = row("processing", 5, "意図を判定中...")


@pytest.mark.rule("ws.job.beginning", "ws.frames.flat")
def test_a_job_begins_with_started_and_the_detection_of_its_intent() -> None:
    assert told(view(), *BEGUN) == [
        f'{{"type":"started","job":{row("processing", 0, None)}}}',
        f'{{"type":"progress","job":{INTENT},"progress":5,"message":"意図を判定中..."}}',
    ]


FRAMES: list[tuple[events.Event, list[str]]] = [
    (events.Output("ゲームを作ります。"), ['{"type":"stream","content":"ゲームを作ります。"}']),
    (
        events.Progress(20, "コード生成中..."),
        [
            f'{{"type":"progress","job":{row("processing", 20, "コード生成中...")},'
            '"progress":20,"message":"コード生成中..."}'
        ],
    ),
    (
        events.Progress(None, "コード生成中..."),
        [
            f'{{"type":"progress","job":{row("processing", 5, "コード生成中...")},'
            '"progress":5,"message":"コード生成中..."}'
        ],
    ),
    (
        events.ToolUse("Write", "index.html"),
        [
            '{"type":"stream","content":"\\n[Write]\\n"}',
            f'{{"type":"progress","job":{row("processing", 5, "実行中: Write")},'
            '"progress":5,"message":"実行中: Write"}',
        ],
    ),
    (
        events.CodeProposed(
            events.Mode.CREATE,
            files=(SourceFile("index.html", "<!DOCTYPE html>…"),),
            summary="作成しました",
        ),
        [
            '{"type":"geminiCode","mode":"create","files":[{"path":"index.html",'
            '"content":"<!DOCTYPE html>…"}],"summary":"作成しました","suggestions":[]}'
        ],
    ),
    (
        events.CodeProposed(
            events.Mode.EDIT,
            edits=(SourceEdit("index.html", "const S=2;", "const S=5;"),),
            summary="敵を速くしました",
        ),
        [
            '{"type":"geminiCode","mode":"edit","edits":[{"path":"index.html",'
            '"old_string":"const S=2;","new_string":"const S=5;"}],'
            '"summary":"敵を速くしました","suggestions":[]}'
        ],
    ),
    (
        events.Reply("矢印キーで操作します。", ("敵を速くして", "音を追加して")),
        [
            '{"type":"geminiChat","mode":"chat","message":"矢印キーで操作します。",'
            '"suggestions":["敵を速くして","音を追加して"]}'
        ],
    ),
    (
        events.RestoreProposed(
            "直前の変更を取り消して、前の状態に戻しますか？", "戻す", "キャンセル"
        ),
        [
            '{"type":"geminiRestore","mode":"restore","message":"直前の変更を取り消して、前の状態に'
            '戻しますか？","confirmLabel":"戻す","cancelLabel":"キャンセル"}'
        ],
    ),
    (
        events.ImagesReady((GeneratedImage("player.png", f"/user-assets/{USER}/player.png"),)),
        [
            f'{{"type":"imagesGenerated","images":{{"player.png":"/user-assets/{USER}/player.png"}},'
            f'"message":"画像を生成しました:\\n- player.png: /user-assets/{USER}/player.png"}}'
        ],
    ),
    (events.OutputRetracted(3), [json_text({"type": "stream", "content": RETRY_LINE})]),
    (events.ProjectRenamed("宇宙ゲーム"), []),
    (
        events.Cancelled(),
        [f'{{"type":"cancelled","job":{row("cancelled", 5, "意図を判定中...")}}}'],
    ),
    (
        events.Failed(ErrorCode.UNKNOWN_ERROR, "boom", retryable=False),
        [
            f'{{"type":"failed","job":{row("failed", 5, "意図を判定中...", error="boom")},'
            '"error":"boom","code":"UNKNOWN_ERROR","userMessage":"boom","recoverable":false}'
        ],
    ),
]


@pytest.mark.rule("ws.literals.server", "ws.frames.flat", "ws.map.status", "ws.map.stream")
@pytest.mark.rule("ws.map.error", "ws.progress.tool", "ws.divergence.retraction")
@pytest.mark.rule("ws.divergence.failure-keys")
@pytest.mark.parametrize(
    ("event", "expected"), FRAMES, ids=[type(event).__name__ for event, _ in FRAMES]
)
def test_every_event_has_its_literal_frames(event: events.Event, expected: list[str]) -> None:
    assert told(view(), *BEGUN, event)[2:] == expected


@pytest.mark.rule("ws.result.code", "ws.job.game-updated", "ws.divergence.result")
@pytest.mark.rule("ws.divergence.generator")
def test_code_that_was_made_completes_the_job() -> None:
    done = events.Completed(events.Mode.CREATE, "作成しました", "b" * 40)
    result = '{"message":"作成しました","generator":"claude"}'
    assert told(view(), *BEGUN, events.Progress(95, "ファイル適用完了"), done)[3:] == [
        f'{{"type":"completed","job":'
        f'{row("completed", 100, "ファイル適用完了", result=result)},"result":{result}}}',
        f'{{"type":"gameUpdated","userId":"{USER}","projectId":"{PROJECT}"}}',
    ]


@pytest.mark.rule("ws.result.chat", "ws.progress.answer")
def test_an_answer_in_words_completes_in_mode_chat() -> None:
    answer = "矢印キーで操作します。"
    result = f'{{"message":"{answer}","mode":"chat","generator":"haiku"}}'
    taken = (events.Reply(answer), events.Completed(events.Mode.CHAT, answer))
    assert told(view(Route.CHAT), *BEGUN, *taken)[3:] == [
        f'{{"type":"progress","job":{row("processing", 100, "回答完了")},'
        '"progress":100,"message":"回答完了"}',
        f'{{"type":"completed","job":{row("completed", 100, "回答完了", result=result)},'
        f'"result":{result}}}',
        f'{{"type":"gameUpdated","userId":"{USER}","projectId":"{PROJECT}"}}',
    ]


@pytest.mark.rule("ws.map.chat", "ws.result.code")
def test_words_that_no_frame_has_printed_are_printed_by_the_end() -> None:
    """With `mode: "chat"` and no `geminiChat` the browser would show nothing at all (§6)."""
    (*_, completed, _) = told(view(), *BEGUN, events.Completed(events.Mode.CHAT, None))
    result = {"message": "ゲームを更新しました", "generator": "claude"}
    assert json.loads(completed)["result"] == result


@pytest.mark.rule("ws.divergence.text-so-far")
def test_a_snapshot_after_a_gap_says_all_of_the_text_again() -> None:
    snapshot = events.Snapshot("survived", 40, "Writing", ("index.html",))
    gap = events.StreamGap(3, 9, "trimmed", 9)
    stream, progress = map(json.loads, told(view(), *BEGUN, gap, snapshot)[2:])
    assert stream["content"] == f"{RETRY_LINE}survived"
    assert (progress["progress"], progress["message"]) == (40, "Writing")


@pytest.mark.rule("ws.divergence.retraction")
def test_a_snapshot_in_place_of_a_retraction_says_nothing_again() -> None:
    snapshot = events.Snapshot("survived", 40, "Writing", (), "Write")
    stream, progress = map(json.loads, told(view(), *BEGUN, snapshot)[2:])
    assert stream["content"] == RETRY_LINE
    assert progress["message"] == "実行中: Write"


@pytest.mark.rule("ws.frames.flat")
def test_the_table_has_every_event_that_a_log_can_deliver() -> None:
    known = {*get_args(events.Event), *get_args(events.Synthetic)} - {events.Refused}
    assert set(FRAMES_OF) == known


@pytest.mark.rule("ws.result.chat")
def test_who_watched_before_the_decision_sees_the_same_end_as_who_came_after_it() -> None:
    asked = events.Completed(events.Mode.CHAT, DIMENSION_QUESTION.message)
    said = (*BEGUN, events.Progress(3, "2D/3D判定中..."), DIMENSION_QUESTION, asked)
    early, late = view(Route.DETECT), view(Route.ASK_DIMENSION)
    assert told(early, *said) == told(late, *said)
    answered = (
        *BEGUN,
        events.Reply("重力です。"),
        events.Completed(events.Mode.CHAT, "重力です。"),
    )
    assert told(view(Route.DETECT), *answered) == told(view(Route.CHAT), *answered)
    worked = (*BEGUN, events.Output("見ました。"), events.Completed(events.Mode.CHAT, "見ました。"))
    assert told(view(Route.DETECT), *worked) == told(view(Route.RUN), *worked)
