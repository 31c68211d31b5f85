"""A bound on documents before they are validated, in time linear to their length.

Validation and execution expand fragments; twenty fragments that each spread the next one twice
are a million fields. Here every fragment is measured once.
"""

from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from adapters.graphql.limits import Limits


@dataclass(frozen=True, slots=True)
class Size:
    """Of a selection set, fragments expanded."""

    fields: int = 0
    depth: int = 0


_NOTHING: Final = Size()


class _Measure:
    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._sizes: dict[str, Size] = {}
        self.aliases = 0

    def selections(self, node: SelectionSetNode | None) -> Size:
        fields = depth = 0
        for selection in node.selections if node else ():
            if isinstance(selection, FieldNode):
                self.aliases += selection.alias is not None
                inner = self.selections(selection.selection_set)
                inner = Size(inner.fields, inner.depth + 1)
            elif isinstance(selection, InlineFragmentNode):
                inner = self.selections(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode):
                inner = self.fragment(selection.name.value)
            else:
                inner = _NOTHING
            fields += inner.fields + 1
            depth = max(depth, inner.depth)
        return Size(fields, depth)

    def fragment(self, name: str) -> Size:
        if name not in self._sizes:
            self._sizes[name] = _NOTHING  # a cycle ends here; validation names it
            definition = self._fragments.get(name)
            self._sizes[name] = (
                self.selections(definition.selection_set) if definition else _NOTHING
            )
        return self._sizes[name]


def excess(document: DocumentNode, limits: Limits) -> str | None:
    """Which limit `document` breaks, in words; None when it keeps them all."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    if len(document.definitions) > limits.document_fragments:
        return f"The document has more than {limits.document_fragments} definitions."
    measure = _Measure(fragments)
    operations = [
        measure.selections(node.selection_set)
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    # Validation also expands the fragments that no operation uses.
    sizes = [*operations, *map(measure.fragment, fragments)]
    if any(size.depth > limits.document_depth for size in sizes):
        return f"The document is nested deeper than {limits.document_depth} fields."
    fields = max(sum(size.fields for size in operations), *(size.fields for size in sizes))
    if fields > limits.document_fields:
        return f"The document selects more than {limits.document_fields} fields."
    if measure.aliases > limits.document_aliases:
        return f"The document has more than {limits.document_aliases} aliases."
    return None
