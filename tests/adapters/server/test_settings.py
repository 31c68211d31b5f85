"""What the environment may say, and what is refused before anything starts."""

from pathlib import Path
from typing import Any

import pytest

from adapters.modal.process_files import ProcessFiles
from adapters.server.settings import InvalidSettings, Settings

SECRET = "a secret that is long enough for HS256"
MODAL = {
    "USE_MODAL": "true",
    "MODAL_ENDPOINT": "https://modal.example/generate",
    "MODAL_INTERNAL_SECRET": SECRET,
}
PROVIDERS = {
    "GEMINI_API_KEY": f"{SECRET} gemini".replace(" ", "-"),
    "REPLICATE_API_TOKEN": f"{SECRET} replicate".replace(" ", "-"),
    "MOVIE_RENDERER_URL": "https://movies.example/render",
    "MOVIE_RENDERER_SECRET": f"{SECRET} movies".replace(" ", "-"),
}


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, {"host": "127.0.0.1", "port": 3000, "use_modal": False, "supabase_url": None}),
        ({"PORT": "0", "HOST": "0.0.0.0"}, {"port": 0, "host": "0.0.0.0"}),
        ({"PORT": " 65535 "}, {"port": 65_535}),
        ({"PORT": " ", "SUPABASE_URL": ""}, {"port": 3000, "supabase_url": None}),
        (MODAL, {"use_modal": True, "modal_secret": SECRET}),
        ({**MODAL, "USE_MODAL": "1"}, {"modal_endpoint": "https://modal.example/generate"}),
        ({**MODAL, "USE_MODAL": "FALSE"}, {"use_modal": False}),
        ({"SUPABASE_URL": "https://x.example/"}, {"supabase_url": "https://x.example"}),
        ({"SUPABASE_JWT_SECRET": "x" * 32}, {"supabase_jwt_secret": "x" * 32}),
        ({"SUPABASE_JWT_SECRET": "é" * 16}, {"supabase_jwt_secret": "é" * 16}),
        ({"STORE": "embedded"}, {}),
        ({"REDIS_URL": "", "SUPABASE_SERVICE_ROLE_KEY": " "}, {}),
        (
            {"CORS_ALLOWED_ORIGINS": "https://a.example, ,http://[::1]:3001"},
            {"allowed_origins": ("https://a.example", "http://[::1]:3001")},
        ),
        ({}, {"gemini_api_key": None, "replicate_api_token": None, "movie_renderer_url": None}),
        ({"REPLICATE_BASE_URL": "http://[::1]:1/"}, {"replicate_base_url": "http://[::1]:1"}),
        ({"MOVIE_RENDERER_SECRET": SECRET}, {"movie_renderer_url": None}),
        (
            {**PROVIDERS, "GEMINI_BASE_URL": "http://127.0.0.1:1/"},
            {
                "gemini_api_key": PROVIDERS["GEMINI_API_KEY"],
                "gemini_base_url": "http://127.0.0.1:1",
                "replicate_api_token": PROVIDERS["REPLICATE_API_TOKEN"],
                "replicate_base_url": "https://api.replicate.com",
                "movie_renderer_url": PROVIDERS["MOVIE_RENDERER_URL"],
                "movie_renderer_secret": PROVIDERS["MOVIE_RENDERER_SECRET"],
            },
        ),
        ({"LOG_FORMAT": "json", "CI": "true"}, {"log_format": "json", "in_ci": True}),
    ],
)
def test_what_can_be_told(variables: dict[str, str], told: dict[str, Any]) -> None:
    settings = Settings.from_environment(variables)
    assert {name: getattr(settings, name) for name in told} == told


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        ({"PORT": "abc"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"PORT": "-1"}, "PORT"),
        ({"USE_MODAL": "perhaps"}, "USE_MODAL"),
        ({"USE_MODAL": "true"}, "MODAL_ENDPOINT"),
        ({**MODAL, "MODAL_INTERNAL_SECRET": " "}, "MODAL_INTERNAL_SECRET"),
        ({**MODAL, "MODAL_ENDPOINT": "modal.example"}, "MODAL_ENDPOINT"),
        ({"SUPABASE_URL": "nowhere"}, "SUPABASE_URL"),
        ({"SUPABASE_URL": "ftp://x.example"}, "SUPABASE_URL"),
        ({"SUPABASE_JWT_SECRET": "x" * 31}, "SUPABASE_JWT_SECRET needs 32 bytes"),
        ({"REDIS_URL": "redis://x.example"}, "REDIS_URL .* embedded, for one gateway process"),
        ({"SUPABASE_SERVICE_ROLE_KEY": SECRET}, "SUPABASE_SERVICE_ROLE_KEY .* embedded"),
        ({"STORE": "supabase"}, "STORE .* embedded, for one gateway process"),
        ({"MOVIE_RENDERER_URL": "https://x.example"}, "MOVIE_RENDERER_SECRET"),
        ({**PROVIDERS, "MOVIE_RENDERER_URL": "x"}, "MOVIE_RENDERER_URL"),
        ({"GEMINI_BASE_URL": "file:///x"}, "GEMINI_BASE_URL"),
        ({"GEMINI_BASE_URL": "https://[::1"}, "GEMINI_BASE_URL must be an http"),
        ({"REPLICATE_BASE_URL": "https://x.example:99999"}, "REPLICATE_BASE_URL must be an http"),
        ({"REPLICATE_BASE_URL": "https://:443"}, "REPLICATE_BASE_URL must be an http"),
        ({**PROVIDERS, "MOVIE_RENDERER_SECRET": f"{SECRET}\0"}, "MOVIE_RENDERER_SECRET must be"),
        ({"GEMINI_API_KEY": "鍵"}, "GEMINI_API_KEY"),
        ({"REPLICATE_API_TOKEN": "two\nlines"}, "REPLICATE_API_TOKEN"),
        ({"AGENT": "nobody"}, "AGENT must be one of: auto, claude, offline"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"FRONTEND_DIR": "/no/such/directory"}, "FRONTEND_DIR .* /no/such/directory"),
        ({"CORS_ALLOWED_ORIGINS": "*"}, "CORS_ALLOWED_ORIGINS must be origins"),
        ({"CORS_ALLOWED_ORIGINS": "https://a.example/"}, "not https://a.example/"),
        ({"CORS_ALLOWED_ORIGINS": "https://a.example,b.example"}, "not b.example"),
    ],
)
def test_what_cannot_be_worked_with_is_named(variables: dict[str, str], text: str) -> None:
    with pytest.raises(InvalidSettings, match=text) as refused:
        Settings.from_environment(variables)
    assert SECRET not in str(refused.value)


def test_the_execution_side_is_handed_what_we_were_told() -> None:
    given = {
        "PATH": "/bin",
        "AGENT": " offline ",
        "HTTPS_PROXY": "http://proxy.example",
        "LANG": "",
    }
    settings = Settings.from_environment(given)
    assert settings.execution_environment == {
        "PATH": "/bin",
        "AGENT": "offline",
        "HTTPS_PROXY": "http://proxy.example",
    }


def test_the_execution_process_learns_nothing_of_the_providers(tmp_path: Path) -> None:
    settings = Settings.from_environment({**PROVIDERS, "PATH": "/bin"})
    environment = ProcessFiles.prepare(tmp_path).environment(settings.execution_environment)
    assert environment["PATH"] == "/bin"
    assert not PROVIDERS.keys() & environment.keys()
    assert not set(PROVIDERS.values()) & set(environment.values())


def test_the_data_directory_stays_where_it_is() -> None:
    settings = Settings.from_environment({"DATA_DIR": " games "})
    assert settings.data_dir == Path("games").absolute()
    assert settings.gateway_dir.parent == settings.execution_dir.parent == settings.data_dir


def test_settings_hide_their_secrets() -> None:
    secrets = {name: f"{SECRET} {name}" for name in ("SUPABASE_JWT_SECRET", "ANTHROPIC_API_KEY")}
    shown = repr(Settings.from_environment({**MODAL, **PROVIDERS, **secrets}))
    assert not [value for name, value in PROVIDERS.items() if "URL" not in name and value in shown]
    assert "modal.example" in shown
    assert SECRET not in shown
