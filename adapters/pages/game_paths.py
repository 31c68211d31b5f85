"""Which file of a game an address names. Source: `contract/legacy-http.md` §1.5, §7.1."""

from typing import Final

from adapters.pages.credentials import Refused

INDEX: Final = "index.html"


def game_path(path: str) -> str:
    """A path inside the project, from one that was percent-decoded once.

    Repeated slashes and `.` mean nothing, as they did not for the legacy server. Raises `Refused`
    for what would lead out of the project; a trailing slash names a folder, which is no file.
    """
    names = [name for name in path.split("/") if name not in ("", ".")]
    if ".." in names or "\0" in path or "\\" in path:
        raise Refused(400, "Invalid file path")
    if not names:
        return INDEX
    if path.endswith("/"):
        raise Refused(404, "File not found", bare=True)
    return "/".join(names)
