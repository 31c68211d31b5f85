"""The list of one's projects."""

import pytest

from resolvers.projects import MAX_RECENT
from tests.contracts.records import a_project, later
from tests.resolvers.conftest import ALICE, Play


@pytest.mark.rule("http.divergence.projects-are-bounded", "http.projects.list")
async def test_of_very_many_projects_the_last_touched_are_listed(play: Play) -> None:
    made = [
        a_project(user_id=ALICE.user_id, updated_at=later(age)) for age in range(MAX_RECENT + 1)
    ]
    for project in made:
        await play.stage.store.create_project(project)
    assert await play.projects.recent(ALICE) == made[:0:-1]
