"""Subscriptions in headless Chromium, with an execution that the test drives."""

import re

from playwright.async_api import WebSocketRoute

from schema.execution import Done, Stream
from tests.adapters.playground.conftest import Scene
from tests.adapters.playground.visitor import Visitor
from tests.resolvers.scripted_execution import ScriptedExecution


async def generating(visitor: Visitor, execution: ScriptedExecution) -> str:
    """Start a generation in a new project; gives the id of its run."""
    await visitor.run("Create a project")
    await visitor.sees("CreateProjectSuccess")
    await visitor.run("Generate a game")
    await execution.started.wait()
    await visitor.sees("GenerationStarted")
    return execution.requests[0].run_id


async def test_stopping_a_subscription_disconnects_at_once_and_stops_nothing_else(
    scripted: Scene, execution: ScriptedExecution
) -> None:
    visitor = await scripted.arrive()
    async with visitor.page.expect_websocket() as opening:
        run_id = await generating(visitor, execution)
    socket = await opening.value
    async with socket.expect_event("close"):
        await visitor.page.get_by_role("button", name="Stop query").click()
    execution.say(run_id, Done())
    await visitor.run("Watch a generation")
    await visitor.sees("GenerationCompleted")


async def test_cancelling_ends_the_generation(
    scripted: Scene, execution: ScriptedExecution
) -> None:
    visitor = await scripted.arrive()
    await generating(visitor, execution)
    await visitor.run("Cancel a generation")
    cancelled = await visitor.sees("CancelGenerationSuccess")
    assert cancelled["data"]["cancelGeneration"]["generation"]["status"] == "CANCELLED"
    await visitor.run("Watch a generation")
    await visitor.sees("GenerationCancelled")


async def test_after_a_lost_connection_the_stream_goes_on_without_a_repeat(
    scripted: Scene, execution: ScriptedExecution
) -> None:
    visitor = await scripted.arrive()
    connections: list[WebSocketRoute] = []

    def passed_on(route: WebSocketRoute) -> None:
        route.connect_to_server()
        connections.append(route)

    await visitor.page.route_web_socket(re.compile("/graphql$"), passed_on)
    await visitor.reload()
    run_id = await generating(visitor, execution)
    execution.say(run_id, Stream("once upon"))
    await visitor.sees("once upon")
    await connections[0].close(code=1012, reason="Service restart")
    execution.say(run_id, Stream(" a time"), Done())
    result = await visitor.sees("GenerationCompleted")

    assert len(connections) == 2
    events = [result["data"], *result["earlier"]]
    numbers = [event["generate"]["seq"] for event in events]
    assert numbers == sorted(set(numbers), reverse=True)
    assert str(result).count("'text': 'once upon'") == 1
