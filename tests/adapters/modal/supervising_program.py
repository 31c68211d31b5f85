"""A gateway reduced to its execution process: says what it has, then lives until it is killed."""

import asyncio
import sys
from pathlib import Path

from adapters.modal.process import ExecutionProcess
from tests.adapters.modal.execution_environment import ENVIRONMENT


async def main(directory: Path) -> None:
    async with ExecutionProcess.open(directory, ENVIRONMENT) as process:
        sys.stdout.write(f"{process.pid} {process.endpoint} {process.secret}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
