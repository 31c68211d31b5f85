"""A job whose frames are compared with the literals of the contract."""

import json
from datetime import UTC, datetime

from adapters.legacy.job_view import JobView
from resolvers.forms import json_text
from schema import events
from schema.events import Recorded
from schema.models import Generation, GenerationStatus, Plan, Route

JOB = "441b03ab-a56d-429c-a6bd-f126aec44a73"
PROJECT = "36b07c0b-1fe6-4e62-a817-d7c203de6a6e"
USER = "11111111-1111-4111-8111-111111111111"
AT = datetime(2026, 1, 27, 3, 12, 5, 700000, UTC)


def view(route: Route = Route.RUN) -> JobView:
    created = datetime(2026, 1, 27, 3, 12, 0, 512345, UTC)
    return JobView.of(
        Generation(
            id=JOB,
            project_id=PROJECT,
            user_id=USER,
            message="敵を速くして",
            plan=Plan(route, "敵を速くして"),
            skills=(),
            status=GenerationStatus.PENDING,
            progress=0,
            progress_message=None,
            idempotency_key=None,
            error_code=None,
            version=None,
            created_at=created,
            updated_at=created,
        )
    )


def told(job: JobView, *taken: events.Event | events.Synthetic) -> list[str]:
    """The frames as they are on the wire, for events at positions 1, 2, …"""
    return [
        json_text(frame)
        for seq, event in enumerate(taken, 1)
        for frame in job.take(Recorded(JOB, seq, AT, event, seq))
    ]


def row(status: str, progress: int, message: str | None, **more: str | None) -> str:
    """A job row on the wire, with its ten keys in their order."""
    result, error = more.get("result"), more.get("error")
    return (
        f'{{"id":"{JOB}","user_id":"{USER}","project_id":"{PROJECT}","status":"{status}",'
        f'"progress":{progress},"progress_message":{json.dumps(message, ensure_ascii=False)},'
        f'"result":{json.dumps(result, ensure_ascii=False)},'
        f'"error":{json.dumps(error, ensure_ascii=False)},'
        '"created_at":"2026-01-27T03:12:00.512345+00:00",'
        '"updated_at":"2026-01-27T03:12:05.700000+00:00"}'
    )
