"""What a local execution process is told of the gateway's environment."""

from pathlib import Path

from adapters.modal.process_files import INHERITED, ProcessFiles
from schema.execution import NETWORK_VARIABLES


def test_the_network_and_the_locale_are_passed_on_and_nothing_else(tmp_path: Path) -> None:
    directory = tmp_path / "execution"
    allowed = {name: f"{name} of the tests" for name in INHERITED}
    assert {*NETWORK_VARIABLES, "TZ", "LC_ALL"} < set(allowed)
    others = {
        **dict.fromkeys(("SUPABASE_SERVICE_ROLE_KEY", "REDIS_URL", "LD_PRELOAD"), "x"),
        **dict.fromkeys(("ANTHROPIC_ADMIN_KEY", "EXECUTION_HOST", "DATA_DIR"), "/elsewhere"),
    }
    assert ProcessFiles.prepare(directory).environment({**allowed, **others}) == {
        **allowed,
        "DATA_DIR": str(directory.parent),
        "MODAL_INTERNAL_SECRET_FILE": str(directory / "secret"),
    }
