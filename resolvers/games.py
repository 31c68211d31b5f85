"""What a project's newest version tells of its game."""

import re
from typing import Final

from resolvers.best_effort import best_effort
from resolvers.conversation import TITLE_CHARACTERS, title_of
from resolvers.specs import spec_of, title_in
from schema.mirror import Mirror
from schema.models import Dimension

PAGE: Final = "index.html"
SEARCHED_BYTES: Final = 2**19
"""Of a page, for its libraries: searching all of one of many megabytes would hold everybody up."""
_SPATIAL: Final = re.compile(rb"\bTHREE\.|three(?:\.module)?(?:\.min)?\.js|from ['\"]three['\"]")


async def title_of_game(mirror: Mirror, project_id: str) -> str | None:
    """From its spec, else from its page; None when neither has one or can be read."""
    with best_effort("title not read"):
        if title := title_in(await spec_of(mirror, project_id)):
            return title[:TITLE_CHARACTERS]
        page = await mirror.read(project_id, PAGE)
        return title_of(page) if page else None
    return None


async def dimension_of_game(mirror: Mirror, project_id: str) -> Dimension:
    """3D when its page uses three.js; a project without a game counts as flat."""
    with best_effort("page not read"):
        page = await mirror.read(project_id, PAGE)
        return (
            Dimension.THREE if page and _SPATIAL.search(page, 0, SEARCHED_BYTES) else Dimension.TWO
        )
    return Dimension.TWO
