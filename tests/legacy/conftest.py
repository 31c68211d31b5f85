"""The gateway of the legacy tests."""

from tests.adapters.legacy.conftest import stand

__all__ = ["stand"]
