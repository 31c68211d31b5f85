"""Every mirror, against the one contract."""

from pathlib import Path

import pytest

from adapters.mirror.mirror import GitMirror
from schema.mirror import Mirror

pytest.register_assert_rewrite("tests.contracts.mirror")

from tests.adapters.mirror.bundles import Source  # noqa: E402
from tests.contracts.mirror import MirrorContract  # noqa: E402


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "source")


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return GitMirror.open(tmp_path / "mirror")


class TestGitMirror(MirrorContract):
    """Bare repositories."""
