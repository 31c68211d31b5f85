"""What every event log does: the suite behind `schema.ports.EventLog`.

A test module subclasses `EventLogContract` and gives it a `log` fixture, parametrised over the
implementations. They expose one thing besides the port: `readers`, how many are open.
"""

import uuid

import pytest

from tests.contracts.event_log_append import AppendContract
from tests.contracts.event_log_histories import HistoryContract
from tests.contracts.event_log_read import ReadContract
from tests.contracts.event_log_trim import TrimContract


class EventLogContract(AppendContract, ReadContract, TrimContract, HistoryContract):
    """The named properties, then random histories against a model."""

    @pytest.fixture
    def generation_id(self) -> str:
        return str(uuid.uuid4())
