"""What somebody meets who tries the commands for the first time."""

import os
import signal
import subprocess
import sys
from contextlib import closing

import httpx

from tests.e2e.installation import COMMAND, Installation

LOADING = """
import os, signal, sys

class Impatient:
    def find_spec(self, name, *_):
        if name == "adapters.server.cli":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Impatient())
from adapters.server.entry import main
main()
"""


async def test_every_command_is_explained_in_whole_words(offline: Installation) -> None:
    overview = (await offline.run("--help")).output
    assert "..." not in overview.partition("Commands:")[2]
    commands = [line.split()[0] for line in overview.partition("Commands:\n")[2].splitlines()]
    assert {"serve", "execution", "doctor"} < set(commands)
    for command in commands:
        done = await offline.run(command, "--help")
        assert (done.status, done.errors) == (0, "")
    assert "--port" in (await offline.run("execution", "--help")).output


async def test_a_game_is_told_with_the_address_where_it_is_played(offline: Installation) -> None:
    done = await offline.generate("a snake game")
    assert "while `dreamcore serve` runs" in done.output
    earlier = httpx.URL(done.told("play it"))
    async with offline.serving() as gateway, httpx.AsyncClient() as http:
        told = (await offline.generate("a snake game")).told("play it")
        assert told.startswith(f"{gateway.url}/game/")
        here = httpx.URL(gateway.url)
        for url in (httpx.URL(told), earlier.copy_with(port=here.port)):
            assert (await http.get(url)).status_code == 200


def test_ctrl_c_while_it_loads_ends_it_without_a_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


def test_output_that_nobody_reads_is_no_error(offline: Installation) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with closing(os.fdopen(writer, "wb")) as output:
        environment = {**os.environ, "DATA_DIR": str(offline.data), "AGENT": "offline"}
        done = subprocess.run(
            [COMMAND, "doctor"], env=environment, stdout=output, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == b""
