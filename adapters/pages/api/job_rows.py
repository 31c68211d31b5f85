"""The rows of jobs, with what only the log knows of an ended one."""

from collections.abc import Sequence
from dataclasses import replace

from resolvers.forms import JobRow, job_row, json_text, result_form, timestamp
from schema.cursor import encode_cursor
from schema.events import Completed, Failed, Recorded, Reply
from schema.models import Generation
from schema.use_cases import Generations

# A reply stands right before the end.
_TAIL = 2


async def complete_row(generations: Generations, generation: Generation) -> JobRow:
    """The row; without `result` once the log has forgotten the end."""
    if generation.active:
        return job_row(generation)
    last = await generations.last_seq(generation)
    after = encode_cursor(generation.id, max(last - _TAIL, 0))
    return ended_row(generation, await generations.page(generation, first=_TAIL, after=after))


def ended_row(generation: Generation, tail: Sequence[Recorded]) -> JobRow:
    """The row of an ended generation; `tail` is the end of its log."""
    row = job_row(generation)
    if not tail:
        return row
    row = replace(row, updated_at=timestamp(tail[-1].at))
    match tail[-1].event:
        case Completed() as event:
            replied = any(isinstance(earlier.event, Reply) for earlier in tail[:-1])
            result = result_form(generation.plan.route, event, replied=replied)
            return replace(row, result=json_text(result))
        case Failed(message=message):
            return replace(row, error=message)
        case _:
            return row
