"""Where the `dreamcore` command begins."""

import signal


def main() -> None:
    """Load the command and run it; Ctrl-C ends the loading without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from adapters.server.cli import main as command

    signal.signal(signal.SIGINT, signal.default_int_handler)
    command()
