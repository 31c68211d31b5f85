"""Rows of jobs, from the first moment to every end."""

import json

import pytest

from adapters.pages.api.jobs import limit_of
from schema.events import Failed
from schema.execution import Done, Error, Stream
from tests.adapters.pages.api.seeded import P3, U3, Seeded

COLUMNS = [
    "id",
    "user_id",
    "project_id",
    "status",
    "progress",
    "progress_message",
    "result",
    "error",
    "created_at",
    "updated_at",
]


@pytest.mark.rule(
    "http.jobs.cancel", "http.jobs.active", "http.jobs.row", "http.divergence.cancel-tells-the-row"
)
async def test_a_running_job_is_stopped_and_its_row_says_so(api: Seeded) -> None:
    job_id = await api.start()
    api.scene.execution.say(job_id, Stream("はじめます", 1))
    active = (await api.send(f"/api/projects/{P3}/active-job", U3)).json["job"]
    assert [*active] == COLUMNS
    assert (active["id"], active["result"]) == (job_id, None)
    stopped = (await api.send(f"/api/jobs/{job_id}/cancel", U3, "POST")).json
    assert stopped["success"] is True
    assert stopped["job"]["status"] == "cancelled"
    assert (await api.send(f"/api/jobs/{job_id}", U3)).json == stopped["job"]
    assert (await api.send(f"/api/projects/{P3}/active-job", U3)).json == {"job": None}


@pytest.mark.rule("http.jobs.cancel", "http.jobs.row", "http.divergence.cancel-tells-the-row")
async def test_stopping_an_ended_job_leaves_it_as_it_was(api: Seeded) -> None:
    job_id = await api.start()
    row = await api.ended(job_id, Done("色を変えました", version="b" * 40))
    assert (row["status"], row["progress"], row["error"]) == ("completed", 100, None)
    assert json.loads(row["result"]) == {"message": "色を変えました", "generator": "claude"}
    assert (await api.send(f"/api/jobs/{job_id}", U3)).json == row


@pytest.mark.rule("http.jobs.row")
async def test_an_answer_in_words_names_its_mode(api: Seeded) -> None:
    job_id = await api.start()
    row = await api.ended(job_id, Done("どうしますか？"))
    expected = {"message": "どうしますか？", "mode": "chat", "generator": "claude"}
    assert json.loads(row["result"]) == expected


@pytest.mark.rule("http.jobs.row")
async def test_a_failed_job_has_the_words_of_its_failure(api: Seeded) -> None:
    job_id = await api.start()
    row = await api.ended(job_id, Error("MAX_TURNS"))
    assert (row["status"], row["result"]) == ("failed", None)
    ending = (await api.scene.stored(job_id))[-1].event
    assert isinstance(ending, Failed)
    assert row["error"] == ending.message


@pytest.mark.rule("http.jobs.list")
async def test_jobs_are_listed_newest_first_and_no_more_than_asked_for(api: Seeded) -> None:
    made = []
    for _ in range(3):
        made.append(await api.start())
        await api.ended(made[-1], Done("できました"))
    for query, count in (("?limit=2", 2), ("?limit=3abc", 3), ("?limit=-1", 0)):
        jobs = (await api.send(f"/api/projects/{P3}/jobs{query}", U3)).json["jobs"]
        assert [job["id"] for job in jobs] == made[::-1][:count], query
        assert all(json.loads(job["result"])["message"] == "できました" for job in jobs)
    everything = (await api.send(f"/api/projects/{P3}/jobs?limit=junk", U3)).json["jobs"]
    assert [job["id"] for job in everything[:3]] == made[::-1]


@pytest.mark.rule("http.jobs.list", "http.divergence.jobs-are-bounded")
@pytest.mark.parametrize(
    ("given", "limit"),
    [
        ([], 20),
        (["0"], 20),
        ([""], 20),
        (["x1"], 20),
        (["٣"], 20),
        (["-5"], 0),
        (["+7"], 7),
        ([" 7.9"], 7),
        (["5", "9"], 5),
        (["1000"], 1_000),
        (["9" * 5_000], 1_000),
    ],
)
def test_a_limit_is_read_as_a_browser_would(given: list[str], limit: int) -> None:
    assert limit_of(given) == limit
