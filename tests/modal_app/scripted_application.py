"""The execution application with scripted runners, as a process of its own; prints its port."""

import asyncio
import sys
from pathlib import Path

from modal_app.server import serve
from tests.modal_app.execution import settings_for


def announce(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(settings_for(Path(sys.argv[1])), ready=announce))
