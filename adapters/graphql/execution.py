"""Executing one operation on graphql-core: its defects mended, its repeated work done once."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, GraphQLOutputType
from graphql.execution.collect_fields import FieldDetails, collect_fields
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.base import StrawberryType

from adapters.graphql.projection import (
    NotProjectable,
    Projection,
    projection_of,
)
from resolvers.boundary import Boundary

GroupedFields = dict[str, list[Any]]


class ExecutionContext(StrawberryGraphQLCoreExecutionContext):
    """One operation, from its first event to its last.

    graphql-core 3.3.2 keeps a memo of sub-selections keyed by the identity of lists that it makes
    anew for every event, so the memo grows until the subscription ends. `execute_event` collects
    the root selection once: the lists stay the same, the memo has a fixed size and is of use.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._projections: dict[int, tuple[GroupedFields, Projection | None]] = {}
        self._root: _RootField | None = None

    def build_per_event_executor(self, payload: Any) -> "ExecutionContext":
        """For `Schema.subscribe`, which collects anew: nothing outlives the event."""
        executor = cast("ExecutionContext", super().build_per_event_executor(payload))
        executor._relevant_sub_fields = {}
        executor._projections = {}
        return executor

    def execute_event(self, payload: Any) -> ExecutionResult | Awaitable[ExecutionResult]:
        """The result for one event of the source stream. Events are executed one at a time.

        What graphql-core does for the root field, without coercing its arguments anew: the
        resolver of a subscription returns the event.
        """
        root = self._root = self._root or self._root_field()
        self.root_value = payload
        self.collected_errors = CollectedErrors()
        barrier = Boundary()
        with barrier:
            value = self.complete_value(
                root.type, root.details, root.info, root.path, payload, None
            )
            if self.is_awaitable(value):
                return self._awaited(root, value)
            return self._result({root.path.key: value})
        return self._failed(root, barrier)

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: GroupedFields,
        position_context: Any,
    ) -> Any:
        """Read plain attributes at once; leave anything else to graphql-core."""
        key = id(grouped_field_set)
        known = self._projections.get(key)
        if known is None:
            projection = projection_of(self.schema, parent_type, grouped_field_set)
            self._projections[key] = known = (grouped_field_set, projection)
        if known[1] is not None:
            try:
                return known[1](source_value)
            except (NotProjectable, AttributeError, TypeError, ValueError, GraphQLError):
                pass  # done again below, where the error gets its path
        return super().execute_fields(
            parent_type, source_value, path, grouped_field_set, position_context
        )

    async def _awaited(self, root: "_RootField", value: Awaitable[Any]) -> ExecutionResult:
        barrier = Boundary()
        with barrier:
            return self._result({root.path.key: await value})
        return self._failed(root, barrier)

    def _failed(self, root: "_RootField", barrier: Boundary) -> ExecutionResult:
        assert barrier.error is not None
        try:
            self.handle_field_error(barrier.error, root.type, root.details, root.path)
        except GraphQLError as error:  # the field must not be null: neither can the data be
            self.collected_errors.add(error, None)
            return self._result(None)
        return self._result({root.path.key: None})

    def _result(self, data: dict[Any, Any] | None) -> ExecutionResult:
        return ExecutionResult(data, self.collected_errors.errors or None)

    def _root_field(self) -> "_RootField":
        root_type = self.schema.subscription_type
        assert root_type is not None  # the document is valid
        collected = collect_fields(
            self.schema, self.fragments, self.variable_values, root_type, self.operation
        )
        # Validation: a subscription has one root field, and it is not an introspection field.
        ((name, details),) = collected.grouped_field_set.items()
        nodes = [detail.node for detail in details]
        definition = root_type.fields[nodes[0].name.value]
        path = Path(None, name, root_type.name)
        info = self.build_resolve_info(definition, nodes, root_type, path)
        return _RootField(definition.type, details, info, path)


@dataclass(frozen=True, slots=True)
class _RootField:
    """The field a subscription asks for, as every event needs it."""

    type: GraphQLOutputType
    details: list[FieldDetails]
    info: Any
    path: Path


def build_schema(
    query: type,
    mutation: type | None = None,
    subscription: type | None = None,
    *,
    types: Sequence[type | StrawberryType] = (),
    config: StrawberryConfig | None = None,
) -> Schema:
    """The schema as `GraphQLApplication` wants it.

    Strawberry extensions are not run: limits, masking and caches are the endpoint's own.
    """
    return Schema(
        query,
        mutation,
        subscription,
        types=types,
        config=config,
        execution_context_class=ExecutionContext,
    )
