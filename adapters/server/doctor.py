"""`dreamcore doctor`: what is configured, what is reachable, what will run where."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from adapters.modal.addresses import address
from adapters.modal.process_files import ProcessFiles
from adapters.server.connecting import client_of
from adapters.server.ownership import running_at
from adapters.server.settings import Settings
from schema.execution import HEALTH, LEGACY_SECRET_HEADER, RUN_EVENTS, SECRET_HEADER

PROBE_SECONDS = 5.0
_NO_RUN = "00000000-0000-4000-8000-000000000000"
_SILENT = (httpx.HTTPError, httpx.InvalidURL)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `well` false makes the command fail."""

    subject: str
    text: str
    well: bool = True
    weak: bool = False

    @property
    def mark(self) -> str:
        """A sign for the line: fine, weaker than it should be, broken."""
        if not self.well:
            return "✗"
        return "!" if self.weak else "✓"


async def report(settings: Settings) -> AsyncGenerator[Finding, None]:
    """Every finding, as it is known."""
    yield _data(settings.data_dir)
    url = running_at(settings.gateway_dir)
    yield Finding("gateway", f"running at {url}" if url else "not running")
    if settings.supabase_url is None:
        yield Finding("identity", "embedded issuer")
    else:
        jwks = f"{settings.supabase_url}/auth/v1/.well-known/jwks.json"
        yield await _reachable("identity", jwks)
    yield Finding("store", "embedded (SQLite)")
    for finding in _providers(settings):
        yield finding
    if settings.use_modal:
        yield await _modal(settings)
    else:
        async for finding in _local(settings):
            yield finding


def _data(directory: Path) -> Finding:
    """Whether we can write there, or make it."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    writable = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    return Finding("data", f"{directory}{'' if writable else ' is not writable'}", well=writable)


def _providers(settings: Settings) -> Iterator[Finding]:
    """What is configured. Nothing is asked of them: an answer that means something costs money."""
    for subject, variable, configured, url in (
        ("images", "GEMINI_API_KEY", settings.gemini_api_key, settings.gemini_base_url),
        (
            "backgrounds",
            "REPLICATE_API_TOKEN",
            settings.replicate_api_token,
            settings.replicate_base_url,
        ),
        (
            "movies",
            "MOVIE_RENDERER_URL",
            settings.movie_renderer_secret,
            settings.movie_renderer_url,
        ),
    ):
        if configured is None or url is None:
            yield Finding(subject, f"not offered: {variable} is not set")
        else:
            yield Finding(subject, f"by {urlsplit(url).hostname}")


async def _modal(settings: Settings) -> Finding:
    """Whether it answers, and takes our secret: asked for a run that does not exist."""
    endpoint, secret = settings.modal_endpoint or "", settings.modal_secret or ""
    found = await _reachable("execution", address(endpoint, HEALTH))
    if not found.well:
        return found
    events = address(endpoint, RUN_EVENTS, run_id=_NO_RUN)
    secrets = {SECRET_HEADER: secret, LEGACY_SECRET_HEADER: secret}
    try:
        status = await _status(events, secrets)
    except _SILENT as error:
        return Finding("execution", f"{events} does not answer: {_name(error)}", well=False)
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return Finding("execution", f"{endpoint} refuses our MODAL_INTERNAL_SECRET", well=False)
    return found


async def _reachable(subject: str, url: str) -> Finding:
    try:
        status = await _status(url)
    except _SILENT as error:
        return Finding(subject, f"{url} does not answer: {_name(error)}", well=False)
    return Finding(subject, f"{url} answers {status}", well=httpx.codes.is_success(status))


async def _status(url: str, headers: Mapping[str, str] | None = None) -> int:
    async with client_of(url) as http:
        return (await http.get(url, headers=headers, timeout=PROBE_SECONDS)).status_code


def _name(error: Exception) -> str:
    return type(error).__name__


async def _local(settings: Settings) -> AsyncGenerator[Finding, None]:
    """Ask the execution side about itself, in the environment it would get."""
    files = ProcessFiles(settings.execution_dir)
    environment = files.environment(settings.execution_environment)
    # There may be none before the first start, and nobody is let in here.
    environment.pop("MODAL_INTERNAL_SECRET_FILE", None)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "modal_app.doctor",
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is ours to handle
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        yield Finding("execution", "the execution side cannot start", well=False)
        return
    findings: list[dict[str, Any]] = json.loads(output)
    for finding in findings:
        yield Finding(**finding)
