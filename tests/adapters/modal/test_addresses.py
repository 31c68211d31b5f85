import pytest

from adapters.modal.addresses import address
from schema.execution import BUNDLE, GENERATE, RUN_EVENTS

ROOT = "https://someone--dreamcore.modal.run"


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (f"{ROOT}/generate", f"{ROOT}/bundle"),
        (f"{ROOT}/generate/", f"{ROOT}/bundle"),
        (f" {ROOT}/generate\n", f"{ROOT}/bundle"),
        (f"{ROOT}/generate_game", f"{ROOT}/bundle"),
        (f"{ROOT}/api/one/generate", f"{ROOT}/api/one/bundle"),
        (f"{ROOT}/generate?env=two&x", f"{ROOT}/bundle?env=two&x"),
        (f"{ROOT}/generate/?env=two", f"{ROOT}/bundle?env=two"),
        (f"{ROOT}/generate#part", f"{ROOT}/bundle"),
        (ROOT, f"{ROOT}/bundle"),
        (f"{ROOT}/", f"{ROOT}/bundle"),
        ("http://127.0.0.1:4000/generate", "http://127.0.0.1:4000/bundle"),
        ("http://[::1]:4000/generate", "http://[::1]:4000/bundle"),
    ],
)
def test_last_segment_gives_way_to_the_route(endpoint: str, expected: str) -> None:
    assert address(endpoint, BUNDLE) == expected


def test_the_generate_route_is_its_own_address() -> None:
    assert address(f"{ROOT}/generate?env=two", GENERATE) == f"{ROOT}/generate?env=two"


def test_parameters_cannot_leave_their_segment() -> None:
    found = address(f"{ROOT}/generate", RUN_EVENTS, run_id="../a?b#c/{d}")
    assert found == f"{ROOT}/runs/..%2Fa%3Fb%23c%2F%7Bd%7D/events"


@pytest.mark.parametrize(
    "endpoint", ["", "generate", "/generate", "ftp://host/generate", "http://"]
)
def test_what_is_no_web_address_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match="http"):
        address(endpoint, BUNDLE)
