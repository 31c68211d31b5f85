"""The exact words of the protocol, each named once (`contract/legacy-ws.md` §2, §4.2, §10)."""

from typing import Final

# errors
ACCESS_TOKEN_REQUIRED: Final = "access_token required"
INVALID_ACCESS_TOKEN: Final = "Invalid access token"
INVALID_TOKEN: Final = "Invalid token"
TOKEN_EXPIRED: Final = "Token expired"
NOT_INITIALIZED: Final = "Not initialized"
NOT_AUTHENTICATED: Final = "Not authenticated"
ACCESS_DENIED: Final = "Access denied"
INVALID_REQUEST: Final = "Invalid request"
NO_PROJECT_SELECTED: Final = "No project selected"
JOB_ID_REQUIRED: Final = "Job ID required"
JOB_NOT_FOUND: Final = "Job not found"
INVALID_VERSION_ID: Final = "Invalid version ID format"
GIT_NOT_INITIALIZED: Final = "Git not initialized"
RESTORE_FAILED: Final = "Failed to restore version"
UNKNOWN_MESSAGE_TYPE: Final = "Unknown message type"
INVALID_MESSAGE_FORMAT: Final = "Invalid message format"
USER_LIMIT: Final = "Too many concurrent requests. Please wait for the current job to finish."
SYSTEM_LIMIT: Final = "System is busy. Please try again in a moment."

# replies
JOB_CANCELLED: Final = "Job cancelled"
OPERATION_CANCELLED: Final = "Operation cancelled"

# progress
INTENT_PERCENT: Final = 5
DETECTING_INTENT: Final = "意図を判定中..."
ANSWERED: Final = "回答完了"
QUESTION_ASKED: Final = "確認が必要です"
RESTORE_ASKED: Final = "リストア確認"
TOOL_RUNNING: Final = "実行中: {tool}"
IMAGES_READY: Final = "画像を生成しました:"

# stream
TOOL_LINE: Final = "\n[{tool}]\n"
RETRY_LINE: Final = "\n[応答が途切れたため、やり直しています]\n"

# projects
DEFAULT_PROJECT_NAME: Final = "New Game"
