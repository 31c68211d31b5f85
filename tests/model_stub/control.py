"""The routes by which another process steers a stub.

GET  /control/requests             the bodies of the model requests so far
POST /control/steps                JSON list of steps (`script.from_json`), added to the script
GET  /control/gates/NAME           answers once the gate holds somebody
POST /control/gates/NAME           releases the gate
"""

import json
from typing import Protocol

from tests.model_stub.gate import Gate
from tests.model_stub.http import Received, Response
from tests.model_stub.record import ModelRequest
from tests.model_stub.script import Step, from_json


class Controlled(Protocol):
    """The part of a stub that can be steered."""

    requests: list[ModelRequest]

    def gate(self, name: str) -> Gate: ...

    def extend(self, *steps: Step) -> None: ...


async def answer_control(stub: Controlled, received: Received, response: Response) -> None:
    """Answer one request under `/control/`."""
    subject, _, name = received.path.removeprefix("/control/").partition("/")
    match received.method, subject:
        case "GET", "requests":
            await response.send(json.dumps([r.body for r in stub.requests]).encode())
        case "POST", "steps":
            stub.extend(*map(from_json, received.json()))
            await response.send(b"{}")
        case "GET", "gates":
            await stub.gate(name).reached.wait()
            await response.send(b"{}")
        case "POST", "gates":
            stub.gate(name).release()
            await response.send(b"{}")
        case _:
            await response.send(b"{}", 404)
