"""Every exchange recorded with the legacy server, in its order, against one running gateway."""

from pathlib import Path
from typing import Final

import pytest

from tests.legacy.http_requirements import DIVERGENCES
from tests.legacy.http_stand import open_stand
from tests.legacy.recorded_divergences import DIFFERENCES
from tests.legacy.recorded_exchange import Differences, recorded, recorded_headers

# Case, and how it differed.
Found = list[tuple[str, Differences]]
_SENT: Final = 142


@pytest.mark.rule(
    "http.page.names",
    "http.page.scripts",
    "http.page.static",
    "http.page.absent",
    "http.absent.publish",
    "http.absent.notifications",
    "http.file.charset",
    "http.config",
    "http.health",
    "http.error.text",
    "http.draft.none",
    "http.draft.row",
    "http.thumbnail.query",
    "http.movie.file",
    "http.movie.generate",
    "http.image.generate",
    "http.image.background",
    "http.token.places",
    "http.projects.row",
    "http.jobs.row",
    "http.assets.upload",
    "http.assets.list",
    "http.divergence.assets-are-inert",
    "http.divergence.bodies-are-refused-in-json",
    "http.divergence.cancel-tells-the-row",
    "http.divergence.download-has-a-length",
    "http.divergence.drafts-are-kept",
    "http.divergence.drafts-need-no-folder",
    "http.divergence.games-are-bytes",
    "http.divergence.games-are-locked-up",
    "http.divergence.games-read-assets",
    "http.divergence.jobs-are-taken-up",
    "http.divergence.play-is-open",
    "http.divergence.preview-is-inert",
    "http.divergence.private-is-not-public",
    "http.divergence.thumbnails-are-what-they-are",
    "http.divergence.uploads-have-a-name",
)
async def test_the_answers_are_as_recorded_or_differ_as_the_table_says(tmp_path: Path) -> None:
    found = await _replayed(tmp_path)
    assert len(found) == _SENT
    unlisted = {
        case: {"found": differences, "listed": _listed(case)}
        for case, differences in found
        if differences != _listed(case)
    }
    assert unlisted == {}


@pytest.mark.rule("http.guard.order")
def test_every_difference_is_of_a_recorded_case_and_has_its_clause() -> None:
    recorded_cases = {exchange.case for exchange in recorded()}
    known = {divergence.id for divergence in DIVERGENCES}
    for difference in DIFFERENCES:
        assert difference.divergence in known
        assert difference.ours
        assert difference.cases
        assert set(difference.cases) <= recorded_cases


async def _replayed(directory: Path) -> Found:
    exchanges, ids = recorded(), dict[str, str]()
    headers = recorded_headers(exchanges)
    found: Found = []
    async with open_stand(directory) as stand:
        await stand.execution.started.wait()
        for exchange in exchanges:
            if exchange.case == "movie head":
                await stand.add_movie(b"MP4")
            reply = await exchange.as_of(stand, ids).replay(stand)
            ids |= exchange.learnt(reply)
            differences = exchange.as_of(stand, ids).differences(reply, headers)
            found.append((exchange.case, differences))
    return found


def _listed(case: str) -> Differences:
    listed: Differences = {}
    for difference in DIFFERENCES:
        if case in difference.cases:
            assert not listed.keys() & difference.ours.keys(), case
            listed |= difference.ours
    return listed
