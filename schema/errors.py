"""Every failure this system can name: one closed table, one exception root.

An adapter maps `ErrorCode` to its protocol's own form and never invents a code or a text.
Texts that reach players are Japanese (`contract/legacy-modal.md` §1.5 fixes twelve of them);
texts that tell a developer what the request did wrong are English.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ErrorCode(StrEnum):
    """What went wrong. Stable: clients switch on it."""

    # the request
    UNAUTHENTICATED = "UNAUTHENTICATED"
    INVALID_INPUT = "INVALID_INPUT"
    INVALID_MESSAGE = "INVALID_MESSAGE"
    INVALID_CURSOR = "INVALID_CURSOR"
    IDEMPOTENCY_KEY_REQUIRED = "IDEMPOTENCY_KEY_REQUIRED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    RATE_LIMITED = "RATE_LIMITED"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    PROJECT_NOT_FOUND = "PROJECT_NOT_FOUND"
    GENERATION_NOT_FOUND = "GENERATION_NOT_FOUND"
    VERSION_NOT_FOUND = "VERSION_NOT_FOUND"
    ASSET_NOT_FOUND = "ASSET_NOT_FOUND"
    GAME_NOT_FOUND = "GAME_NOT_FOUND"
    ACCESS_DENIED = "ACCESS_DENIED"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    INVALID_FILE_TYPE = "INVALID_FILE_TYPE"
    ASSET_LIMIT_REACHED = "ASSET_LIMIT_REACHED"
    # admission
    USER_LIMIT_REACHED = "USER_LIMIT_REACHED"
    SYSTEM_LIMIT_REACHED = "SYSTEM_LIMIT_REACHED"
    PROJECT_BUSY = "PROJECT_BUSY"
    STYLE_CHOICE_NEEDED = "STYLE_CHOICE_NEEDED"
    SHUTTING_DOWN = "SHUTTING_DOWN"
    # how a generation can fail
    CLI_GENERAL_ERROR = "CLI_GENERAL_ERROR"
    CLI_TIMEOUT = "CLI_TIMEOUT"
    CLI_KILLED = "CLI_KILLED"
    CLI_TERMINATED = "CLI_TERMINATED"
    CLI_UNKNOWN_ERROR = "CLI_UNKNOWN_ERROR"
    CLI_SPAWN_ERROR = "CLI_SPAWN_ERROR"
    MAX_TURNS = "MAX_TURNS"
    PROMPT_TOO_LONG = "PROMPT_TOO_LONG"
    NETWORK_ERROR = "NETWORK_ERROR"
    AUTH_ERROR = "AUTH_ERROR"
    RATE_LIMIT = "RATE_LIMIT"
    MODEL_OVERLOADED = "MODEL_OVERLOADED"
    API_TIMEOUT = "API_TIMEOUT"
    SANDBOX_ERROR = "SANDBOX_ERROR"
    WORKSPACE_ERROR = "WORKSPACE_ERROR"
    RUNNER_LOST = "RUNNER_LOST"
    RUN_NOT_FOUND = "RUN_NOT_FOUND"
    EXECUTION_UNAVAILABLE = "EXECUTION_UNAVAILABLE"
    INTERRUPTED = "INTERRUPTED"
    UNKNOWN_ERROR = "UNKNOWN_ERROR"
    # services that make pictures and movies
    PROVIDER_NOT_CONFIGURED = "PROVIDER_NOT_CONFIGURED"
    PROVIDER_FAILED = "PROVIDER_FAILED"
    # ours
    INTERNAL = "INTERNAL"


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What a user reads, and whether trying the same again can help."""

    message: str
    retryable: bool = False


ERRORS: Final[dict[ErrorCode, ErrorText]] = {
    ErrorCode.UNAUTHENTICATED: ErrorText("A valid access token is required."),
    ErrorCode.INVALID_INPUT: ErrorText("The request is not valid."),
    ErrorCode.INVALID_MESSAGE: ErrorText("The message must have between 1 and 100,000 characters."),
    ErrorCode.INVALID_CURSOR: ErrorText("The cursor does not name a position in this generation."),
    ErrorCode.IDEMPOTENCY_KEY_REQUIRED: ErrorText(
        "`generate` needs an idempotencyKey: clients re-send subscriptions after a reconnect."
    ),
    ErrorCode.IDEMPOTENCY_CONFLICT: ErrorText(
        "This idempotencyKey was used for a different message or project."
    ),
    ErrorCode.PAYLOAD_TOO_LARGE: ErrorText("The request is too large."),
    ErrorCode.RATE_LIMITED: ErrorText("Too many requests; slow down.", retryable=True),
    ErrorCode.QUERY_TOO_COMPLEX: ErrorText("The document is too large or too deep."),
    ErrorCode.PROJECT_NOT_FOUND: ErrorText("No such project."),
    ErrorCode.GENERATION_NOT_FOUND: ErrorText("No such generation."),
    ErrorCode.VERSION_NOT_FOUND: ErrorText("No such version."),
    ErrorCode.ASSET_NOT_FOUND: ErrorText("No such asset."),
    ErrorCode.GAME_NOT_FOUND: ErrorText("The project has no game yet."),
    ErrorCode.ACCESS_DENIED: ErrorText("This belongs to somebody else."),
    ErrorCode.FILE_TOO_LARGE: ErrorText("The file is too large."),
    ErrorCode.INVALID_FILE_TYPE: ErrorText("Files of this type are not taken."),
    ErrorCode.ASSET_LIMIT_REACHED: ErrorText("There are too many assets."),
    ErrorCode.USER_LIMIT_REACHED: ErrorText(
        "他のプロジェクトで生成中です。完了するまでお待ちください。", retryable=True
    ),
    ErrorCode.SYSTEM_LIMIT_REACHED: ErrorText(
        "サーバーが混み合っています。しばらく待ってからもう一度お試しください。", retryable=True
    ),
    ErrorCode.PROJECT_BUSY: ErrorText("このプロジェクトは生成中です。", retryable=True),
    ErrorCode.STYLE_CHOICE_NEEDED: ErrorText("スタイルを選んでください。"),
    ErrorCode.SHUTTING_DOWN: ErrorText("The server is shutting down.", retryable=True),
    ErrorCode.CLI_GENERAL_ERROR: ErrorText("生成中にエラーが発生しました"),
    ErrorCode.CLI_TIMEOUT: ErrorText("生成に時間がかかりすぎました（5分制限）", retryable=True),
    ErrorCode.CLI_KILLED: ErrorText("生成がキャンセルされました", retryable=True),
    ErrorCode.CLI_TERMINATED: ErrorText("生成が中断されました", retryable=True),
    ErrorCode.CLI_UNKNOWN_ERROR: ErrorText("予期しないエラーが発生しました"),
    ErrorCode.CLI_SPAWN_ERROR: ErrorText("実行環境でエラーが発生しました"),
    ErrorCode.MAX_TURNS: ErrorText(
        "作業が長くなりすぎたため停止しました。依頼を小さく分けてお試しください", retryable=True
    ),
    ErrorCode.PROMPT_TOO_LONG: ErrorText("メッセージが長すぎます"),
    ErrorCode.NETWORK_ERROR: ErrorText("ネットワーク接続に問題があります", retryable=True),
    ErrorCode.AUTH_ERROR: ErrorText("認証に失敗しました"),
    ErrorCode.RATE_LIMIT: ErrorText("APIの利用制限に達しました", retryable=True),
    ErrorCode.MODEL_OVERLOADED: ErrorText("AIモデルが混み合っています", retryable=True),
    ErrorCode.API_TIMEOUT: ErrorText("APIの応答がタイムアウトしました", retryable=True),
    ErrorCode.SANDBOX_ERROR: ErrorText("実行環境の準備に失敗しました"),
    ErrorCode.WORKSPACE_ERROR: ErrorText("ファイルの保存に失敗しました", retryable=True),
    ErrorCode.RUNNER_LOST: ErrorText("実行環境が停止したため生成が中断されました", retryable=True),
    ErrorCode.RUN_NOT_FOUND: ErrorText("生成の記録が見つかりません", retryable=True),
    ErrorCode.EXECUTION_UNAVAILABLE: ErrorText("実行環境との接続に問題があります", retryable=True),
    ErrorCode.INTERRUPTED: ErrorText("サーバーの再起動により生成が中断されました", retryable=True),
    ErrorCode.UNKNOWN_ERROR: ErrorText("予期しないエラーが発生しました"),
    ErrorCode.PROVIDER_NOT_CONFIGURED: ErrorText("This service is not configured."),
    ErrorCode.PROVIDER_FAILED: ErrorText(
        "The service did not answer as it should.", retryable=True
    ),
    ErrorCode.INTERNAL: ErrorText("Something went wrong on our side.", retryable=True),
}


class DreamCoreError(Exception):
    """The root of every expected failure.

    `detail` refines the table's text for this occasion. Whoever raises it vouches that it
    holds no path, secret or foreign text: adapters pass it on to clients.
    """

    def __init__(self, code: ErrorCode, detail: str | None = None) -> None:
        super().__init__(code)
        self.code: Final = code
        self.detail: Final = detail

    @property
    def message(self) -> str:
        """The text a user may read."""
        return self.detail or ERRORS[self.code].message

    @property
    def retryable(self) -> bool:
        """Whether the same request can succeed later."""
        return ERRORS[self.code].retryable

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class UserLimitReached(DreamCoreError):
    """The user already has a generation running; names it so that a client can show it."""

    def __init__(self, generation_id: str | None = None, project_id: str | None = None) -> None:
        super().__init__(ErrorCode.USER_LIMIT_REACHED)
        self.generation_id: Final = generation_id
        self.project_id: Final = project_id


class StyleChoiceNeeded(DreamCoreError):
    """A new game needs a style first. `dimension` is `2d` or `3d`."""

    def __init__(self, dimension: str) -> None:
        super().__init__(ErrorCode.STYLE_CHOICE_NEEDED)
        self.dimension: Final = dimension


class StaleWriter(Exception):
    """An append was refused: another writer holds the log, or the position is not current.

    Not a `DreamCoreError`: it means that this process must stop writing, not that a client erred.
    """
