"""What a killed process leaves in the embedded log."""

import asyncio
import sys
import uuid
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.log import EmbeddedLog
from schema.events import Completed
from tests.contracts.event_log_clients import everything, is_contiguous, text_of, writer_of

GENERATION = str(uuid.UUID(int=1))

PROGRAM = """
import asyncio, os, signal, sys
from pathlib import Path
from adapters.stores.embedded.log import EmbeddedLog
from schema.events import Output

class Dying(EmbeddedLog):
    def _publish(self, sizes, recorded):
        if recorded[0].seq >= int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        super()._publish(sizes, recorded)

async def main():
    async with Dying.open(Path(sys.argv[1])) as log:
        lease = await log.acquire(sys.argv[3])
        seq = 0
        while True:
            batch = [Output(f"{seq + n} ") for n in range(3)]
            stored = await log.append(
                sys.argv[3], batch, after_seq=seq, epoch=lease.epoch, source_id=str(seq + 3)
            )
            seq = stored[-1].seq
            print(seq, flush=True)

asyncio.run(main())
"""


async def _run_until_killed(path: Path, die_at: int, stop_after: int) -> int:
    """The last seq that the program saw committed before it was killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(path), str(die_at), GENERATION,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    last = 0
    while line := await process.stdout.readline():
        last = int(line)
        if last >= stop_after and process.returncode is None:
            process.kill()
            stop_after = 2**53
    assert await process.wait() == -9
    return last


@pytest.mark.parametrize(
    ("die_at", "stop_after"), [(1, 2**53), (31, 2**53), (2**53, 60)],
    ids=["first commit before it is visible", "a commit before it is visible", "any moment"],
)  # fmt: skip
async def test_a_killed_process_leaves_whole_batches_and_their_source_position(
    tmp_path: Path, die_at: int, stop_after: int
) -> None:
    path = tmp_path / "log.db"
    with anyio.fail_after(60):
        seen = await _run_until_killed(path, die_at, stop_after)
    async with EmbeddedLog.open(path) as log:
        writer = await writer_of(log, GENERATION)
        assert writer.seq >= seen
        assert writer.seq % 3 == 0
        assert writer.lease.source_id == str(writer.seq)
        if die_at < 2**53:
            assert (seen, writer.seq) == (die_at - 1, die_at + 2)
        await writer.append(Completed())
        frames = await everything(log.read(GENERATION))
        assert is_contiguous(frames)
        assert text_of(frames) == "".join(f"{number} " for number in range(writer.seq - 1))
