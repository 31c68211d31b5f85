"""`python -m benchmarks [PART …] [--json] [--write]`."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Final

import uvloop

from benchmarks import latency, machine, memory, startup, throughput
from benchmarks.figures import Figure, Part, table

DOCUMENT: Final = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN: Final = "<!-- figures -->"
END: Final = "<!-- end of figures -->"

PARTS: Final[dict[Part, Callable[[Path], AsyncGenerator[Figure, None]]]] = {
    Part.LATENCY: latency.measure,
    Part.THROUGHPUT: throughput.measure,
    Part.MEMORY: memory.measure,
    Part.STARTUP: startup.measure,
}


async def measured(parts: list[Part]) -> list[Figure]:
    """Every figure of the parts; each is told on standard error as it comes."""
    figures = []
    with tempfile.TemporaryDirectory() as directory:
        for part in parts:
            async with aclosing(PARTS[part](Path(directory))) as coming:
                async for figure in coming:
                    sys.stderr.write(f"{figure.part}: {figure.name}: {figure.value:.4g}\n")
                    figures.append(figure)
    return figures


def with_figures(document: str, described: str, figures: list[Figure]) -> str:
    """`document` with the table between its markers. Raises ValueError when they are missing."""
    begin, end = document.index(BEGIN) + len(BEGIN), document.index(END)
    return f"{document[:begin]}\n{described}\n\n{table(figures)}\n{document[end:]}"


def main() -> None:
    """Measure, print, and if asked write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", type=Part, metavar="PART", help=", ".join(Part))
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--write", action="store_true", help="also write docs/performance.md")
    arguments = parser.parse_args()
    parts = arguments.parts or list(Part)
    if arguments.write and set(parts) != set(Part):
        parser.error("--write needs every part: the document has one table of one run")
    described = machine.described()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(measured(parts))
    if arguments.write:
        DOCUMENT.write_text(with_figures(DOCUMENT.read_text(), described, figures))
    if arguments.json:
        told = [{**asdict(figure), "met": figure.met} for figure in figures]
        print(json.dumps({"machine": described, "figures": told}, indent=2))
    else:
        print(f"{described}\n\n{table(figures)}")


if __name__ == "__main__":
    main()
