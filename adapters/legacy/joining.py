"""Where a job stands at this moment, and the position from which its frames go on.

Row and position come from the log together, so nothing can happen between "read the row" and
"subscribe" that a browser would miss or see twice (`contract/legacy-ws.md` §2.3).
"""

from contextlib import aclosing
from dataclasses import dataclass

from adapters.legacy.job_view import JobView
from schema.cursor import encode_cursor
from schema.events import is_terminal
from schema.models import Generation, Viewer
from schema.use_cases import Generations


@dataclass(frozen=True, slots=True)
class Joined:
    """A view to be followed from `after` (a cursor; None: from the first event). `catch_up` is
    the text said so far, for a client that shows it."""

    view: JobView
    after: str | None = None
    catch_up: str = ""


async def standing(generations: Generations, viewer: Viewer, generation: Generation) -> Joined:
    """The generation as its log has it now. An ended one has `view.ended`."""
    view = JobView.of(generation)
    if await generations.last_seq(generation) == 0:
        view.ended = not generation.active
        return Joined(view)
    events = await generations.watch(viewer, generation.id, after=None, snapshot=True)
    async with aclosing(events):
        # Something is stored, so this does not wait.
        past = await anext(events)
    view.take(past)
    after = encode_cursor(generation.id, past.seq)
    # A snapshot never stands for the terminal event: that is behind it, or has not happened.
    for following in await generations.page(generation, first=1, after=after):
        if is_terminal(following.event):
            view.take(following)
    return Joined(view, after, view.text)
