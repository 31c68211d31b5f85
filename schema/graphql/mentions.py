"""Which concrete event types a document speaks of."""

from collections.abc import Iterable
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
)

UNKNOWN_EVENT = "UnknownEvent"


def mentioned_types(info: GraphQLResolveInfo[Any]) -> frozenset[str] | None:
    """The type conditions below this field, if `UnknownEvent` is among them; else None.

    A document that does not mention `UnknownEvent` could do nothing with it, so it is given the
    real types.
    """
    found: set[str] = set()
    for node in info.field_nodes:
        _collect(node.selection_set, info.fragments, found, set())
    return frozenset(found) if UNKNOWN_EVENT in found else None


def _collect(
    selection_set: SelectionSetNode | None,
    fragments: dict[str, FragmentDefinitionNode],
    found: set[str],
    visited: set[str],
) -> None:
    selections: Iterable[object] = selection_set.selections if selection_set else ()
    for selection in selections:
        if isinstance(selection, InlineFragmentNode):
            if selection.type_condition is not None:
                found.add(selection.type_condition.name.value)
            _collect(selection.selection_set, fragments, found, visited)
        elif isinstance(selection, FragmentSpreadNode):
            name = selection.name.value
            if name not in visited and name in fragments:
                visited.add(name)
                fragment = fragments[name]
                found.add(fragment.type_condition.name.value)
                _collect(fragment.selection_set, fragments, found, visited)
