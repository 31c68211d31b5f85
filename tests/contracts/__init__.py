"""One suite per port, run against every implementation."""

from pathlib import Path

import pytest

pytest.register_assert_rewrite(
    *(
        f"{__name__}.{module.stem}"
        for module in Path(__file__).parent.glob("*.py")
        if not module.stem.startswith(("__", "test_"))
    )
)
