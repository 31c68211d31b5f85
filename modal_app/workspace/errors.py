"""What can go wrong with the files of a project, in the system's one table of errors."""

from schema.errors import DreamCoreError, ErrorCode


class WorkspaceBusy(DreamCoreError):
    """Somebody else holds the project's lock."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.PROJECT_BUSY)


class FileMissing(DreamCoreError):
    """The project has no such file."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.INVALID_INPUT, "File not found")


class CommitMissing(DreamCoreError):
    """The project has no such version."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.INVALID_INPUT, "Commit not found")


class WorkspaceFailed(DreamCoreError):
    """Files could not be kept; `detail` says why when the reason is the files themselves."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(ErrorCode.WORKSPACE_ERROR, detail)
