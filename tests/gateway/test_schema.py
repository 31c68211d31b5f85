"""The public surface: exported, described, complete, and never taken back."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    find_breaking_changes,
    is_specified_scalar_type,
)

from adapters.server.cli import main

ROOT: Final = Path(__file__).parents[2]
EXPORT: Final = "schema/schema.graphql"

# Names that say all there is to say.
PLAIN: Final = frozenset(
    [
        "id",
        "name",
        "path",
        "content",
        "url",
        "tool",
        "code",
        "mode",
        "status",
        "dimension",
        "at",
        "node",
        "edges",
        "pageInfo",
        "project",
        "generation",
        "cursor",
        "createdAt",
        "updatedAt",
        "input",
        "first",
        "last",
        "after",
    ]
)
FIELDS: Final = {
    "Query": {"viewer", "project", "projects", "generation", "asset", "assets"},
    "Mutation": {
        *("createProject", "renameProject", "deleteProject", "restoreVersion"),
        *("startGeneration", "cancelGeneration"),
        *("updateAsset", "deleteAsset", "savePublishDraft"),
    },
    "Subscription": {"generation", "generate"},
    "StreamEvent": {"generationId", "seq", "cursor", "at"},
    "Failure": {"message", "code"},
    "Project": {
        *("id", "name", "createdAt", "updatedAt", "activeGeneration", "generations"),
        *("versions", "files", "file", "history", "previewUrl", "publishDraft"),
    },
    "Asset": {
        *("id", "alias", "filename", "mimeType", "size", "isPublic", "tags", "description"),
        *("createdAt", "url"),
    },
    "PublishDraft": {
        *("title", "description", "howToPlay", "tags", "visibility", "remix"),
        *("thumbnailUrl", "updatedAt"),
    },
    "Version": {"hash", "subject", "at"},
    "Generation": {
        *("id", "project", "status", "progress", "progressMessage"),
        *("createdAt", "updatedAt", "lastSeq", "events"),
    },
    "GenerationAccepted": {"joinedExisting"},
    "GenerationStarted": set(),
    "GenerationProgress": {"percent", "message"},
    "GenerationOutput": {"text", "fromSeq"},
    "GenerationOutputRetracted": {"fromSeq"},
    "GenerationToolUse": {"tool", "path"},
    "GenerationCodeProposed": {"mode", "files", "edits", "summary", "suggestions"},
    "GenerationReply": {"message", "suggestions"},
    "GenerationRestoreProposed": {"message", "confirmLabel", "cancelLabel"},
    "GenerationImagesReady": {"images"},
    "GenerationProjectRenamed": {"project"},
    "GenerationCompleted": {"mode", "message", "version"},
    "GenerationFailed": {"code", "message", "retryable"},
    "GenerationCancelled": set(),
    "GenerationRefused": {"code", "message", "styleOptions"},
    "Snapshot": {"text", "percent", "files"},
    "StreamGap": {"missingFrom", "missingTo", "reason", "resumeAt"},
    "UnknownEvent": {"kind", "json"},
}
ARGUMENTS: Final = {
    ("Subscription", "generation"): {"id", "after", "snapshot"},
    ("Subscription", "generate"): {"input", "after"},
    ("Query", "projects"): {"first", "after"},
    ("Query", "assets"): {"first", "after", "search"},
    ("Generation", "events"): {"first", "after"},
}
NOT_EVENTS: Final = {
    *("Query", "Mutation", "Subscription"),
    *("Project", "Version", "Generation", "Asset", "PublishDraft"),
}


@pytest.fixture(scope="module")
def exported() -> str:
    """What `dreamcore schema` prints."""
    outcome = CliRunner().invoke(main, ["schema"], catch_exceptions=False)
    assert outcome.exit_code == 0
    return outcome.output


@pytest.fixture(scope="module")
def schema(exported: str) -> GraphQLSchema:
    return build_schema(exported)


def test_the_committed_schema_is_the_exported_one(exported: str) -> None:
    assert (ROOT / EXPORT).read_text() == exported, "run `make schema`"


def test_nothing_that_was_committed_is_taken_back(schema: GraphQLSchema) -> None:
    shown = subprocess.run(["git", "show", f"HEAD:{EXPORT}"], cwd=ROOT, capture_output=True)
    # Outside a checkout the file itself is what clients were promised.
    promised = shown.stdout.decode() if shown.returncode == 0 else (ROOT / EXPORT).read_text()
    assert find_breaking_changes(build_schema(promised), schema) == []


def test_what_clients_build_on_is_there(schema: GraphQLSchema) -> None:
    for name, wanted in FIELDS.items():
        kind = schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        assert wanted <= kind.fields.keys(), name
        for (owner, field), arguments in ARGUMENTS.items():
            if owner == name:
                assert arguments <= kind.fields[field].args.keys()


def test_every_event_is_in_the_union_and_has_a_position(schema: GraphQLSchema) -> None:
    union, position = schema.type_map["GenerationEvent"], schema.type_map["StreamEvent"]
    assert isinstance(union, GraphQLUnionType)
    assert isinstance(position, GraphQLInterfaceType)
    members = {member.name for member in union.types}
    assert members == FIELDS.keys() - NOT_EVENTS - {"StreamEvent", "Failure"}
    assert set(union.types) == set(schema.get_possible_types(position))


def test_every_failure_of_a_result_can_be_read_as_one(schema: GraphQLSchema) -> None:
    failure = schema.type_map["Failure"]
    assert isinstance(failure, GraphQLInterfaceType)
    results = [name for name in schema.type_map if name.endswith("Result")]
    assert len(results) == len(schema.type_map["Mutation"].fields)  # type: ignore[attr-defined]
    for name in results:
        union = schema.type_map[name]
        assert isinstance(union, GraphQLUnionType)
        success, *failures = union.types
        assert success.name == name.replace("Result", "Success")
        assert all(schema.is_sub_type(failure, member) for member in failures)


def test_everything_that_does_not_speak_for_itself_is_described(schema: GraphQLSchema) -> None:
    assert sorted(_undescribed(schema)) == []


def _undescribed(schema: GraphQLSchema) -> Iterator[str]:
    for name, kind in schema.type_map.items():
        if name.startswith("__") or is_specified_scalar_type(kind):
            continue
        if not kind.description:
            yield name
        for field, definition in getattr(kind, "fields", {}).items():
            if not definition.description and field not in PLAIN:
                yield f"{name}.{field}"
            for argument, details in getattr(definition, "args", {}).items():
                if not details.description and argument not in PLAIN:
                    yield f"{name}.{field}({argument})"
