"""Which tests cite which rules: read from the source, so that nothing has to run for it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class CitingTest:
    """A test function, and the ids that it or its module is marked with."""

    file: str
    name: str
    cited: frozenset[str]


def cited_in(files: Iterable[Path]) -> list[CitingTest]:
    """The tests in these files. Raises ValueError for an id that is no literal."""
    return [test for file in sorted(files) for test in _tests_in(file)]


def _tests_in(file: Path) -> Iterator[CitingTest]:
    module = ast.parse(file.read_text(encoding="utf-8"))
    shared = frozenset[str]().union(*map(_ids, filter(_is_mark, module.body)))
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if function.name.startswith("test_"):
            own = frozenset[str]().union(*map(_ids, function.decorator_list))
            yield CitingTest(file.relative_to(TESTS).as_posix(), function.name, shared | own)


def _is_mark(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id="pytestmark")]):
            return True
        case ast.AnnAssign(target=ast.Name(id="pytestmark")):
            return True
    return False


def _ids(marked: ast.AST) -> set[str]:
    """Of every `pytest.mark.rule(...)` in a decorator, also of single parameters."""
    return {identifier for node in ast.walk(marked) for identifier in _arguments(node)}


def _arguments(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="mark"), attr="rule"), args=args):
            for argument in args:
                match argument:
                    case ast.Constant(value=str(identifier)):
                        yield identifier
                    case _:
                        raise ValueError(f"line {argument.lineno}: a rule is cited by a literal")
