"""What to do about a message, as far as its words and the project say. Pure."""

from resolvers.intent import (
    asks_for_creation,
    is_dimension_answer,
    settled_route,
    with_dimension,
)
from resolvers.styles import find_style
from schema.errors import StyleChoiceNeeded
from schema.keywords import dimension_of
from schema.models import Plan, StartGeneration


def made_plan(command: StartGeneration, *, is_new: bool, earlier: str | None) -> Plan:
    """What to do about a message; `earlier` is the user's last one.

    Raises `StyleChoiceNeeded` when the style has to be chosen first: nothing is stored then.
    """
    style = command.style if command.style and find_style(command.style) else None
    settled = command.skip_style_selection or command.style is not None
    dimension = dimension_of(command.message)
    gated = asks_for_creation(command.message) or is_dimension_answer(command.message)
    if is_new and not settled and not command.auto_fix and gated and dimension is not None:
        raise StyleChoiceNeeded(dimension)
    route = settled_route(command, is_new=is_new)
    prompt = with_dimension(command.message, earlier) if is_new else command.message
    return Plan(route, prompt, style, detects_skills=command.skills is None)
