"""The stub in a process of its own, steered over HTTP. The CLI's tests exercise all the rest."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

QUESTION = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "hello"}]}
SCRIPT = [{"blocks": [{"text": "one two three four"}], "gate": "first"}, {"status": 529}]


@pytest.fixture
async def api(tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient, None]:
    script, port_file = tmp_path / "script.json", tmp_path / "port"
    script.write_text(json.dumps(SCRIPT))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.model_stub", "--port-file", port_file, script),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            url = (await process.stdout.readline()).decode().strip()
        assert url.endswith(port_file.read_text())
        async with httpx.AsyncClient(base_url=url, headers={"x-api-key": "stub-key"}) as client:
            yield client
    finally:
        process.terminate()
        assert await process.wait() == 0


def events(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]


async def test_an_answer_waits_at_its_gate_until_it_is_released(api: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60), api.stream("POST", "/v1/messages", json=QUESTION) as answer:
        lines = answer.aiter_lines()
        before = [line async for line in until_delta(lines)]
        assert (await api.get("/control/gates/first")).status_code == 200
        await api.post("/control/gates/first")
        after = [line async for line in lines]
    assert events(before)[-1]["delta"]["text"] == "one two thre"
    assert events(after)[0]["delta"]["text"] == "e four"
    assert events(after)[-1]["type"] == "message_stop"


async def until_delta(lines: Any) -> AsyncGenerator[str, None]:
    async for line in lines:
        yield line
        if "_delta" in line and line.startswith("data: "):
            return


async def test_steps_are_added_and_requests_are_kept(api: httpx.AsyncClient) -> None:
    await api.post("/control/gates/first")
    await api.post("/control/steps", json=[{"blocks": [{"text": "added"}]}])
    statuses = [(await api.post("/v1/messages", json=QUESTION)).status_code for _ in range(3)]
    assert statuses == [200, 529, 200]
    assert (await api.get("/control/requests")).json() == [QUESTION] * 3


async def test_a_wrong_key_and_a_wrong_path_are_refused(api: httpx.AsyncClient) -> None:
    wrong = {"x-api-key": "wrong"}
    assert (await api.post("/v1/messages", json=QUESTION, headers=wrong)).status_code == 401
    assert (await api.get("/v1/elsewhere")).status_code == 404
