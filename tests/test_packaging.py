"""The application claims no importable name, and no dependency claims ours."""

import importlib.metadata
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMES = {"schema", "resolvers", "adapters", "modal_app"}


def test_no_installed_distribution_claims_one_of_our_names() -> None:
    assert NAMES.isdisjoint(importlib.metadata.packages_distributions())


def test_the_wheel_carries_metadata_only(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert {name.split("/")[0].rsplit(".", 1)[1] for name in archive.namelist()} == {
            "dist-info"
        }


def test_the_locks_name_no_registry() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "--hash=sha256:" in text, lock.name
