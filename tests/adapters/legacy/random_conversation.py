"""A random conversation on two sockets, checked against the reference model as it goes."""

import json
import random
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

import anyio

from schema.execution import Done, Stream
from schema.identifiers import random_uuid
from tests.adapters.legacy.reference_model import Side, World, error, is_push
from tests.adapters.legacy.stand import Stand
from tests.gateway.legacy_watcher import Browser, Frame

PONG: Final = {"type": "pong"}
BROKEN: Final[list[tuple[str | bytes, str]]] = [
    ("", "Invalid message format"),
    ("null", "Invalid message format"),
    ('{"type":"ping"', "Invalid message format"),
    ('{"type":"ping","x":"\\ud800"}', "Invalid message format"),
    (b"\xff\x00", "Invalid message format"),
    ("[" * 20_000, "Invalid message format"),
    ("[]", "Unknown message type"),
    ("7", "Unknown message type"),
    ('{"type":{}}', "Unknown message type"),
    ('{"type":"jobUpdate","update":{"type":"ping"}}', "Unknown message type"),
]
WEIGHTS: Final = {
    "init": 1,
    "createProject": 1,
    "selectProject": 3,
    "message": 5,
    "cancel": 2,
    "renameProject": 1,
    "getProjectInfo": 1,
    "getVersions": 1,
    "getJobStatus": 1,
    "subscribeJob": 2,
    "ping": 1,
}
CONTENTS: Final = ["2Dのゲームを作って", "なぜ？", *["色を変えて"] * 4, "", None, 5]


@dataclass(slots=True)
class Conversation:
    """One sequence: two sockets, and two users who may both have both."""

    stand: Stand
    random: random.Random
    sockets: list[Browser]
    users: list[str] = field(default_factory=lambda: [random_uuid(), random_uuid()])
    sides: list[Side] = field(default_factory=lambda: [Side(), Side()])
    world: World = field(default_factory=World)

    async def step(self) -> None:
        index = self.random.randrange(2)
        action = self.random.random()
        if action < 0.1:
            await self.break_frame(index)
        elif action < 0.2:
            await self.burst(index)
        elif action < 0.28:
            await self.finish(self.random.choice(self.users))
        else:
            message = self.message(self.sides[index])
            for _ in range(self.random.choice([1, 1, 1, 2])):
                await self.exchange(index, message)
        await self.ping(index)

    def message(self, side: Side) -> Frame:
        """A message of any type, with fields that are right, foreign, malformed or missing."""
        pick = self.random.choice
        (kind,) = self.random.choices([*WEIGHTS], [*WEIGHTS.values()])
        frame: Frame = {"type": kind}
        if kind == "init":
            frame["user"] = pick([*self.users, side.user or self.users[0]])
        elif kind == "createProject":
            frame |= pick([{}, {"name": "新しいゲーム"}, {"name": None}])
        elif kind == "message":
            frame |= {"content": pick(CONTENTS), "skipStyleSelection": pick([True, True, False])}
        elif kind in ("cancel", "getJobStatus", "subscribeJob"):
            owners = {name: job.owner for name, job in self.world.jobs.items()}
            frame |= pick([{}, *[{"jobId": self.identifier(side, owners)}] * 4])
        else:
            frame["projectId"] = self.identifier(side, self.world.projects)
            frame["name"] = pick(["改名", "改名", "", None])
        return frame

    def identifier(self, side: Side, owners: dict[str, str]) -> object:
        """One's own, more often than not."""
        own = [name for name, owner in owners.items() if owner == side.user]
        if own and self.random.random() < 0.7:
            return self.random.choice(own)
        return self.random.choice([*owners, random_uuid(), "x", 5, None])

    async def exchange(self, index: int, message: Frame) -> None:
        side = self.sides[index]
        expected = self.world.expects(side, message)
        await self.send(index, message)
        if expected is None:
            return
        reply = await self.reply(index)
        assert expected.items() <= reply.items(), (message, expected, reply)
        self.world.learn(side, message, reply)
        if reply["type"] == "jobStarted" and not reply["isExisting"]:
            await self.run(index, reply["job"]["id"], runs=message["skipStyleSelection"])

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
        self.world.jobs[job].running = False

    async def break_frame(self, index: int) -> None:
        frame, text = self.random.choice(BROKEN)
        await self.sockets[index].send(frame)
        assert await self.reply(index) == error(text)

    async def burst(self, index: int) -> None:
        """Many at once, of those that change nothing; replies may overtake each other."""
        side = self.sides[index]
        messages = [self.message(side) for _ in range(20)]
        asking = [message for message in messages if message["type"].startswith("get")]
        for message in asking:
            await self.send(index, message)
        replies = [await self.reply(index) for _ in asking]
        expectations = [self.world.expects(side, message) or {} for message in asking]
        # What is expected most exactly chooses first.
        for expected in sorted(expectations, key=len, reverse=True):
            matching = [reply for reply in replies if expected.items() <= reply.items()]
            assert matching, (expected, replies)
            replies.remove(matching[0])

    async def finish(self, user: str) -> None:
        """Let the user's run end."""
        job = self.world.running(user)
        if job is not None:
            self.stand.execution.say(job, Done("終わり"))
            async with aclosing(self.stand.stage.log.read(job)) as entries:
                async for _ in entries:
                    pass
            self.world.jobs[job].running = False

    async def ping(self, index: int) -> None:
        await self.sockets[index].send({"type": "ping"})
        with anyio.fail_after(2):
            assert await self.reply(index) == PONG

    async def reply(self, index: int) -> Frame:
        while is_push(frame := await self.receive(index)):
            pass
        return frame

    async def receive(self, index: int) -> Frame:
        """The next frame, which shows nothing of anybody else."""
        frame = await self.sockets[index].receive()
        user = frame["userId"] if frame["type"] == "init" else self.sides[index].user
        text = json.dumps(frame)
        foreign = self.world.foreign(user) | {other for other in self.users if other != user}
        assert not [name for name in foreign if name in text], frame
        assert frame["type"] != "error" or isinstance(frame["message"], str)
        return frame
