"""The fast path of execution: objects whose selected fields are plain attributes of leaf types.

Almost every field of an event is one. For those, executing a selection is reading attributes;
graphql-core's general algorithm builds a path, a resolve info and an argument dictionary for
each of them, which is most of the cost of an event.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    TypeNameMetaFieldDef,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
    is_object_type,
    is_union_type,
)
from strawberry.types.base import StrawberryObjectDefinition, has_object_definition
from strawberry.types.cast import get_strawberry_type_cast
from strawberry.types.field import StrawberryField

_DEFINITION: Final = "strawberry-definition"
_PLAIN: Final = "plain-field"
_PREPARED: Final = "projection-prepared"


class NotProjectable(Exception):
    """This value needs the general algorithm, which also words the error if there is one."""


@dataclass(frozen=True, slots=True)
class PlainField:
    """A field without resolver, arguments and extensions, of a leaf type."""

    attribute: str
    serialize: Callable[[Any], Any]
    required: bool


Projection = Callable[[Any], dict[str, Any]]


def prepare(schema: GraphQLSchema) -> None:
    """Note in `schema` what the fast path may do. Does nothing the second time."""
    if not schema.extensions.get(_PREPARED):
        schema.extensions[_PREPARED] = True
        _mark_plain_fields(schema)
        _remember_union_members(schema)


def _mark_plain_fields(schema: GraphQLSchema) -> None:
    for named in schema.type_map.values():
        if is_object_type(named):
            for field in named.fields.values():
                plain = _plain(field)
                if plain is not None:
                    field.extensions[_PLAIN] = plain


def projection_of(
    schema: GraphQLSchema, parent: GraphQLObjectType, fields: Mapping[str, Sequence[Any]]
) -> Projection | None:
    """A function from an object to the result of this selection; None if a field is not plain.

    `fields` are graphql-core's grouped fields: response name to field details.
    """
    plan: list[tuple[str, PlainField | None]] = []
    for response_name, details in fields.items():
        definition = schema.get_field(parent, details[0].node.name.value)
        if definition is TypeNameMetaFieldDef:
            plan.append((response_name, None))
            continue
        plain = definition.extensions.get(_PLAIN) if definition else None
        if plain is None:
            return None
        plan.append((response_name, plain))
    return _reader(parent.name, tuple(plan))


# Subscriptions of one document share it: 3 KiB for each of them otherwise.
@lru_cache(maxsize=1024)
def _reader(type_name: str, plan: tuple[tuple[str, PlainField | None], ...]) -> Projection:
    def read(source: Any) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, plain in plan:
            if plain is None:
                result[name] = type_name
                continue
            value = getattr(source, plain.attribute)
            if value is not None:
                value = plain.serialize(value)
            if value is None and plain.required:
                raise NotProjectable
            result[name] = value
        return result

    return read


def _plain(field: GraphQLField) -> PlainField | None:
    definition = field.extensions.get(_DEFINITION)
    leaf = get_nullable_type(field.type)
    if (
        isinstance(definition, StrawberryField)
        and definition.is_basic_field
        and definition.default_resolver is getattr
        and not field.args
        and is_leaf_type(leaf)
    ):
        return PlainField(
            definition.python_name, leaf.coerce_output_value, is_non_null_type(field.type)
        )
    return None


def _remember_union_members(schema: GraphQLSchema) -> None:
    # Strawberry asks each type of the schema in turn, for every event. Its answer depends on the
    # class alone, except for generic types and casts, which are still asked.
    for named in schema.type_map.values():
        if is_union_type(named) and named.resolve_type is not None:
            named.resolve_type = _remembered(named.resolve_type)


def _remembered(resolve: Callable[..., Any]) -> Callable[..., Any]:
    names: dict[type, Any] = {}

    def resolve_type(value: Any, info: Any, union: Any) -> Any:
        kind = type(value)
        name = names.get(kind)
        if name is not None and get_strawberry_type_cast(value) is None:
            return name
        name = resolve(value, info, union)
        if has_object_definition(kind) and not _is_generic(kind.__strawberry_definition__):
            names[kind] = name
        return name

    return resolve_type


def _is_generic(definition: StrawberryObjectDefinition) -> bool:
    return definition.is_graphql_generic or definition.concrete_of is not None
