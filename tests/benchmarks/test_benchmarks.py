"""The benchmarks still run, and tell what they saw."""

from pathlib import Path

from benchmarks.__main__ import BEGIN, END, with_figures
from benchmarks.figures import Figure, Part
from benchmarks.load import RATE, through_gateway, through_plain
from benchmarks.processes import gateway, plain, upstream

SECONDS = 0.5
GENERATIONS = 2


async def test_events_of_the_upstream_are_timed_through_the_gateway(tmp_path: Path) -> None:
    with upstream() as execution, gateway(tmp_path, execution) as server:
        delivered = await through_gateway(server, tmp_path, GENERATIONS, SECONDS)
    assert 0 < len(delivered.latencies) <= 2 * GENERATIONS * RATE * SECONDS
    assert min(delivered.latencies) > 0


async def test_plain_strawberry_delivers_the_same_load() -> None:
    with upstream() as execution, plain(execution) as server:
        delivered = await through_plain(server, GENERATIONS, SECONDS)
    assert delivered.frames == len(delivered.latencies) > 0


def test_the_table_says_which_aims_are_missed() -> None:
    figures = [
        Figure(Part.LATENCY, "p50", 2.0, "ms", at_most=3.0),
        Figure(Part.THROUGHPUT, "ratio", 0.5, "×", at_least=1.0),
    ]
    before, table, after = with_figures(
        f"above\n{BEGIN}\nold\n{END}\nbelow\n", "a machine", figures
    ).partition("| latency: p50      | 2 ms     | ≤ 3 ms | yes |\n")
    assert table
    assert before.startswith(f"above\n{BEGIN}\na machine\n")
    assert after == f"| throughput: ratio | 0.5 ×    | ≥ 1 ×  | NO  |\n{END}\nbelow\n"
