"""The frames about versions (`contract/legacy-ws.md` §2.10 to §2.12, Appendix A)."""

from adapters.legacy.frames import Frame
from resolvers.forms import Form


def versions_list(project_id: str, versions: list[Form]) -> Frame:
    """A project's versions, newest first."""
    return {"type": "versionsList", "projectId": project_id, "versions": versions}


def version_edits(project_id: str, version: str, edits: list[Form], summary: str) -> Frame:
    """What a version changed. Browsers match `versionHash` with what they sent."""
    return {
        "type": "versionEdits",
        "projectId": project_id,
        "versionHash": version,
        "edits": edits,
        "summary": summary,
    }


def version_restored(project_id: str, version: str) -> Frame:
    """The files are those of the version, which is named as it was asked for."""
    return {"type": "versionRestored", "projectId": project_id, "versionId": version}
