"""Configuration of the gateway: the only place that reads its environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from adapters.auth.verifier import MIN_SECRET_BYTES

HOST: Final = "127.0.0.1"
PORT: Final = 3000
GEMINI_BASE_URL: Final = "https://generativelanguage.googleapis.com"
REPLICATE_BASE_URL: Final = "https://api.replicate.com"
AGENTS: Final = ("auto", "claude", "offline")
# Operators who set these expect gateways that share what they keep.
_SHARED_STORES: Final = ("REDIS_URL", "SUPABASE_SERVICE_ROLE_KEY")
_EMBEDDED: Final = "this version keeps its log and store embedded, for one gateway process"


_ORIGIN: Final = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[1-9][0-9]{0,4})?")


class InvalidSettings(Exception):
    """A variable has a value that the gateway cannot work with; the text names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a gateway process is told. `port` 0 means any free one."""

    host: str = HOST
    port: int = PORT
    data_dir: Path = Path("data")
    frontend_dir: Path | None = None
    supabase_url: str | None = None
    supabase_anon_key: str | None = None
    supabase_jwt_secret: str | None = field(default=None, repr=False)
    use_modal: bool = False
    modal_endpoint: str | None = None
    modal_secret: str | None = field(default=None, repr=False)
    # Providers of pictures and movies: each is there when its key is.
    gemini_api_key: str | None = field(default=None, repr=False)
    gemini_base_url: str = GEMINI_BASE_URL
    replicate_api_token: str | None = field(default=None, repr=False)
    replicate_base_url: str = REPLICATE_BASE_URL
    movie_renderer_url: str | None = None
    movie_renderer_secret: str | None = field(default=None, repr=False)
    allowed_origins: tuple[str, ...] = ()
    log_format: str = "text"
    in_ci: bool = False
    # All that we were told: what of it reaches the execution side is decided where that starts.
    execution_environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def gateway_dir(self) -> Path:
        """Log, store and issuer: opened by one gateway process."""
        return self.data_dir / "gateway"

    @property
    def execution_dir(self) -> Path:
        """Runs and workspaces: the execution application's own."""
        return self.data_dir / "execution"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Raises `InvalidSettings`."""
        values = {name: value.strip() for name, value in environment.items() if value.strip()}
        use_modal = _boolean(values, "USE_MODAL")
        if use_modal:
            for name in ("MODAL_ENDPOINT", "MODAL_INTERNAL_SECRET"):
                if name not in values:
                    raise InvalidSettings(f"USE_MODAL=true needs {name}")
        if "MOVIE_RENDERER_URL" in values and "MOVIE_RENDERER_SECRET" not in values:
            raise InvalidSettings("MOVIE_RENDERER_URL needs MOVIE_RENDERER_SECRET")
        _choice(values, "AGENT", AGENTS)
        _refuse_shared_stores(values)
        return cls(
            host=values.get("HOST", HOST),
            port=_port(values),
            data_dir=Path(values.get("DATA_DIR", "data")).absolute(),
            frontend_dir=_directory(values, "FRONTEND_DIR"),
            supabase_url=_url(values, "SUPABASE_URL"),
            supabase_anon_key=values.get("SUPABASE_ANON_KEY"),
            supabase_jwt_secret=_shared_secret(values),
            use_modal=use_modal,
            modal_endpoint=_url(values, "MODAL_ENDPOINT"),
            modal_secret=values.get("MODAL_INTERNAL_SECRET"),
            gemini_api_key=_header_secret(values, "GEMINI_API_KEY"),
            gemini_base_url=_url(values, "GEMINI_BASE_URL") or GEMINI_BASE_URL,
            replicate_api_token=_header_secret(values, "REPLICATE_API_TOKEN"),
            replicate_base_url=_url(values, "REPLICATE_BASE_URL") or REPLICATE_BASE_URL,
            movie_renderer_url=_url(values, "MOVIE_RENDERER_URL"),
            movie_renderer_secret=_header_secret(values, "MOVIE_RENDERER_SECRET"),
            allowed_origins=_origins(values, "CORS_ALLOWED_ORIGINS"),
            in_ci="CI" in values,
            log_format=_choice(values, "LOG_FORMAT", ("text", "json")),
            execution_environment=values,
        )


def _refuse_shared_stores(values: Mapping[str, str]) -> None:
    if values.get("STORE", "embedded") != "embedded":
        raise InvalidSettings(f"STORE must be embedded: {_EMBEDDED}")
    for name in _SHARED_STORES:
        if name in values:
            raise InvalidSettings(f"{name} must not be set: {_EMBEDDED}")


def _shared_secret(values: Mapping[str, str]) -> str | None:
    secret = values.get("SUPABASE_JWT_SECRET")
    if secret is not None and len(secret.encode()) < MIN_SECRET_BYTES:
        raise InvalidSettings(f"SUPABASE_JWT_SECRET needs {MIN_SECRET_BYTES} bytes at least")
    return secret


def _header_secret(values: Mapping[str, str], name: str) -> str | None:
    """One that is sent in a header, which takes no other characters."""
    secret = values.get(name)
    if secret is not None and not (secret.isascii() and secret.isprintable()):
        raise InvalidSettings(f"{name} must be printable ASCII")
    return secret


def _boolean(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "false").lower()
    if value not in ("true", "false", "1", "0"):
        raise InvalidSettings(f"{name} must be true or false")
    return value in ("true", "1")


def _port(values: Mapping[str, str]) -> int:
    value = values.get("PORT", str(PORT))
    if not value.isdecimal() or int(value) > 65_535:
        raise InvalidSettings("PORT must be a number from 0 to 65535")
    return int(value)


def _url(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    refused = InvalidSettings(f"{name} must be an http(s) URL")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise refused
    return value.rstrip("/")


def _directory(values: Mapping[str, str], name: str) -> Path | None:
    if name not in values:
        return None
    directory = Path(values[name]).absolute()
    if not directory.is_dir():
        raise InvalidSettings(f"{name} must be a directory that exists: {directory}")
    return directory


def _origins(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    """As browsers spell them; what they never send would silently allow nothing."""
    origins = tuple(item.strip() for item in values.get(name, "").split(",") if item.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise InvalidSettings(f"{name} must be origins like https://example.com, not {origin}")
    return origins


def _choice(values: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = values.get(name, choices[0])
    if value not in choices:
        raise InvalidSettings(f"{name} must be one of: {', '.join(choices)}")
    return value
