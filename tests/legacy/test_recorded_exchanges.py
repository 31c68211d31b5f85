"""Every exchange recorded with the legacy server, in its order, against one running gateway."""

from pathlib import Path

from tests.legacy.http_stand import open_stand
from tests.legacy.recorded_divergences import DIFFERENCES
from tests.legacy.recorded_exchange import Differences, recorded, recorded_headers


async def test_the_answers_are_as_recorded_or_differ_as_the_table_says(tmp_path: Path) -> None:
    exchanges, ids = recorded(), {}
    headers = recorded_headers(exchanges)
    found: list[tuple[str, Differences]] = []
    async with open_stand(tmp_path) as stand:
        await stand.execution.started.wait()
        for exchange in exchanges:
            if exchange.case == "movie head":
                stand.add_movie(b"MP4")
            ours = exchange.as_of(stand, ids)
            reply = await ours.replay(stand)
            print(exchange.case, reply.status, reply.body[:200]) if 'up ok' in exchange.case else 0
            ids |= exchange.learnt(reply)
            found.append((exchange.case, ours.differences(reply, headers)))
    for case, differences in found:
        if differences: print(case, differences)
    assert False
