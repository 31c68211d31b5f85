"""A random conversation on three sockets, checked against the reference model as it goes."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack, aclosing
from typing import Final, Self

from schema.execution import Done, Stream
from schema.identifiers import random_uuid
from tests.adapters.legacy.random_messages import BROKEN, Vocabulary
from tests.adapters.legacy.reference_model import error, expectation, is_push
from tests.adapters.legacy.reference_world import Side, World
from tests.adapters.legacy.stand import Stand, commit
from tests.gateway.legacy_watcher import Browser, Frame, open_browser

PONG: Final = {"type": "pong"}
TITLE: Final = "宇宙"
PAGE: Final = f"<!DOCTYPE html><title>{TITLE}</title>".encode()
SOCKETS: Final = 3


class Conversation:
    """One sequence: three sockets, and two users of whom each may have all of them."""

    def __init__(self, stand: Stand, seed: int, favoured: Mapping[str, int]) -> None:
        self.stand = stand
        self.random = random.Random(seed)
        self.users = [str(random_uuid()) for _ in range(2)]
        self.world = World()
        self.sides = [Side() for _ in range(SOCKETS)]
        self.sockets: list[Browser] = []
        self.answered: Counter[str] = Counter()
        self._open = [AsyncExitStack() for _ in range(SOCKETS)]
        self._vocabulary = Vocabulary(self.random, self.users, favoured)

    async def __aenter__(self) -> Self:
        for stack in self._open:
            self.sockets.append(await stack.enter_async_context(open_browser(self.stand.url)))
        return self

    async def __aexit__(self, *_: object) -> None:
        for stack in self._open:
            await stack.aclose()
        for user in self.users:
            await self.finish(user)

    async def begin(self) -> None:
        """Most sockets say who they are; who does has a project."""
        for index in range(SOCKETS):
            if self.random.random() < 0.85:
                await self.exchange(index, {"type": "init", "user": self.random.choice(self.users)})
                await self.exchange(index, {"type": "createProject"})
                if self.random.random() < 0.6:
                    self.give_versions(self.sides[index].project or "")

    def give_versions(self, project: str) -> None:
        """It has been worked on before."""
        made = [(commit("v1", "a"), b"one"), (commit("v2", "b"), b"two")]
        self.stand.mirror.versions[project] = made
        self.stand.execution.pages[project] = PAGE
        self.world.projects[project].versions = [record.hash for record, _ in made]

    async def step(self) -> None:
        """One thing happens on one socket, and it still answers a `ping`."""
        index = self.random.randrange(SOCKETS)
        action = self.random.random()
        if action < 0.08:
            await self.break_frame(index)
        elif action < 0.16:
            await self.burst(index)
        elif action < 0.26:
            await self.finish(self.random.choice(self.users))
        elif action < 0.33:
            await self.reconnect(index)
        else:
            message = self._vocabulary.message(self.world, self.sides[index])
            for _ in range(self.random.choice([1, 1, 1, 2])):
                await self.exchange(index, message)
        await self.ping(index)

    async def exchange(self, index: int, message: Frame) -> None:
        """A message and what answers it."""
        side = self.sides[index]
        expected = expectation(self.world, side, message)
        await self.send(index, message)
        if expected is None:
            return
        reply = await self.reply(index)
        assert expected.items() <= reply.items(), (message, expected, reply)
        self.world.learn(side, message, reply)
        self.answered[reply["type"]] += 1
        if reply["type"] == "jobStarted" and not reply["isExisting"]:
            await self.run(index, reply["job"]["id"], runs=self.world.runs(side, message))

    async def send(self, index: int, message: Frame) -> None:
        if message["type"] == "init":
            token = self.stand.token_of(message["user"])
            message = {"type": "init", "access_token": token}
        await self.sockets[index].send(message)

    async def run(self, index: int, job: str, *, runs: bool) -> None:
        """A run says whose it is and stays; an answer in words ends by itself."""
        if runs:
            self.stand.execution.say(job, Stream(self.world.jobs[job].owner, 1))
            return
        while (await self.receive(index))["type"] != "gameUpdated":
            pass
        self.world.jobs[job].status = "completed"

    async def break_frame(self, index: int) -> None:
        frame, text = self.random.choice(BROKEN)
        await self.sockets[index].send(frame)
        assert await self.reply(index) == error(text)

    async def burst(self, index: int) -> None:
        """Many at once, of those that change nothing; replies may overtake each other."""
        side = self.sides[index]
        messages = [self._vocabulary.message(self.world, side) for _ in range(20)]
        asking = [message for message in messages if message["type"].startswith("get")]
        for message in asking:
            await self.send(index, message)
        replies = [await self.reply(index) for _ in asking]
        expectations = [expectation(self.world, side, message) or {} for message in asking]
        # What is expected most exactly chooses first.
        for expected in sorted(expectations, key=len, reverse=True):
            matching = [reply for reply in replies if expected.items() <= reply.items()]
            assert matching, (expected, replies)
            replies.remove(matching[0])

    async def finish(self, user: str) -> None:
        """Let the user's run end, in words or with a version, which names a new project."""
        name = self.world.running(user)
        if name is None:
            return
        job = self.world.jobs[name]
        project = self.world.projects[job.project]
        version = self.random.choice([None, f"{self.random.getrandbits(160):040x}"])
        self.stand.execution.pages[job.project] = PAGE
        self.stand.execution.say(
            name, Done("終わり", version=version, created=not project.versions)
        )
        async with aclosing(self.stand.stage.log.read(name)) as entries:
            async for _ in entries:
                pass
        job.status = "completed"
        if version is not None:
            project.versions.append(version)
            project.name = TITLE if project.name == "新しいゲーム" else project.name

    async def reconnect(self, index: int) -> None:
        """The socket is closed, or cut without a word; its page opens another, and goes on."""
        before = self.sides[index]
        if self.random.random() < 0.5:
            self.sockets[index].connection.transport.abort()
        await self._open[index].aclose()
        opening = open_browser(self.stand.url)
        self.sockets[index] = await self._open[index].enter_async_context(opening)
        self.sides[index] = Side()
        if before.user is not None and self.random.random() < 0.8:
            await self.exchange(index, {"type": "init", "user": before.user})
            if before.project is not None:
                await self.exchange(index, {"type": "selectProject", "projectId": before.project})

    async def ping(self, index: int) -> None:
        await self.sockets[index].send({"type": "ping"})
        assert await self.reply(index) == PONG
        self.answered["pong"] += 1

    async def reply(self, index: int) -> Frame:
        """The next frame that answers something."""
        while is_push(frame := await self.receive(index)):
            assert frame.get("job", {}).get("id") in (None, self.sides[index].watched), frame
        return frame

    async def receive(self, index: int) -> Frame:
        """The next frame, which shows nothing of anybody else."""
        frame = await self.sockets[index].receive()
        user = frame["userId"] if frame["type"] == "init" else self.sides[index].user
        text = json.dumps(frame)
        foreign = {name for name, owner in self.world.owners().items() if owner != user}
        foreign |= {other for other in self.users if other != user}
        assert not [name for name in foreign if name in text], frame
        assert frame["type"] != "error" or isinstance(frame["message"], str)
        return frame
