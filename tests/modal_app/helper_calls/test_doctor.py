"""Who answers helper calls here is among the findings."""

from pathlib import Path
from typing import Any

import pytest

from modal_app.doctor import examine
from tests.modal_app.execution import settings_for

BY_MODEL = "answered by claude-haiku-4-5, else by keyword rules"
BY_RULES = "keyword rules, no model"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"agent": "auto", "api_key": "k"}, BY_MODEL),
        ({"agent": "auto"}, BY_RULES),
        ({"agent": "offline", "api_key": "k"}, BY_RULES),
    ],
)
async def test_the_doctor_says_who_answers(
    tmp_path: Path, changes: dict[str, Any], text: str
) -> None:
    findings = await examine(settings_for(tmp_path, **changes))
    [found] = [finding for finding in findings if finding.subject == "helper calls"]
    assert (found.text, found.well) == (text, True)
