"""The arrows between the folders hold, and breaking one breaks the build."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("schema", "resolvers", "adapters", "modal_app")
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as m; m()"]

VIOLATIONS = {
    "schema/errors.py": "import resolvers.access",
    "resolvers/access.py": "import starlette",
    "modal_app/ports.py": "import resolvers.access",
    "modal_app/settings.py": "import strawberry",
    "adapters/modal/client.py": "import adapters.auth.verifier",
    "adapters/auth/verifier.py": "import adapters.server.settings",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the product that may be damaged."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LINT, "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
    )


def test_the_arrows_hold(tree: Path) -> None:
    result = lint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("module", "statement"), VIOLATIONS.items())
def test_a_forbidden_import_breaks_the_build(tree: Path, module: str, statement: str) -> None:
    path = tree / module
    path.write_text(f"{path.read_text()}\n{statement}\n")
    result = lint(tree)
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout


def test_importing_modal_app_loads_neither_strawberry_nor_supabase() -> None:
    script = (
        "import importlib, pkgutil, sys, modal_app\n"
        "for m in pkgutil.walk_packages(modal_app.__path__, 'modal_app.'):\n"
        "    if not m.name.endswith('__main__'): importlib.import_module(m.name)\n"
        "bad = {'strawberry', 'supabase', 'graphql', 'resolvers', 'adapters'} & set(sys.modules)\n"
        "assert not bad, bad\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
