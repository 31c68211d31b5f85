"""`make check` prints these numbers, and fails when one exceeds its limit."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRODUCT = ("schema", "resolvers", "adapters", "modal_app")
LIMITS = {
    "longest file (lines)": 220,
    "longest function (lines)": 50,
    "type: ignore": 12,
    "broad excepts": 2,
    "mock words in tests": 0,
    "sleeps in tests": 0,
}
MOCKS = re.compile(r"\b(?:Magic|Async)?Mock\(|\bmonkeypatch\.setattr\b|\bunittest\.mock\b")
SLEEPS = re.compile(r"\bsleep\(")


def sources(*folders: str) -> Iterator[tuple[Path, str]]:
    """Every Python file below the folders, with its text."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, path.read_text()


def longest_function(text: str) -> int:
    """Lines of the longest function of a module."""
    return max(
        (
            (node.end_lineno or node.lineno) - node.lineno + 1
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ),
        default=0,
    )


def broad_excepts(text: str) -> int:
    """Handlers that catch everything and keep it: one that raises it on is a `finally`."""
    return sum(
        isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and ast.unparse(node.body[-1]) != "raise"
        for node in ast.walk(ast.parse(text))
    )


def measure() -> dict[str, int]:
    """The present figures, under the names of `LIMITS`."""
    product = list(sources(*PRODUCT))
    tests = [(path, text) for path, text in sources("tests") if path != Path(__file__)]
    return {
        "longest file (lines)": max(text.count("\n") for _, text in product),
        "longest function (lines)": max(longest_function(text) for _, text in product),
        "type: ignore": sum(text.count("type: ignore") for _, text in product),
        "broad excepts": sum(broad_excepts(text) for _, text in product),
        "mock words in tests": sum(len(MOCKS.findall(text)) for _, text in tests),
        "sleeps in tests": sum(len(SLEEPS.findall(text)) for _, text in tests),
    }


def main() -> int:
    """Print the figures; 1 when a limit is exceeded."""
    exceeded = False
    for name, value in measure().items():
        over = value > LIMITS[name]
        exceeded |= over
        sys.stdout.write(f"{name:28} {value:5} of {LIMITS[name]}{'  EXCEEDED' if over else ''}\n")
    return int(exceeded)


if __name__ == "__main__":
    raise SystemExit(main())
