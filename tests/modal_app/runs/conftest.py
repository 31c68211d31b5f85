"""A project whose agent a test plays."""

from pathlib import Path

import pytest

from modal_app.layout import Layout
from tests.modal_app.runs.executing import Runs


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(Layout(tmp_path))
