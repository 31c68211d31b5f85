"""From text to a valid document, remembered: clients send the same few again and again."""

from collections import OrderedDict
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import MaxIntrospectionDepthRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from adapters.graphql.complexity import excess
from adapters.graphql.errors import (
    PARSE_FAILED,
    VALIDATION_FAILED,
    OperationFailed,
    failure,
    refused,
)
from adapters.graphql.limits import Limits
from schema.errors import ErrorCode

_MOST_ERRORS: Final = 20
_RULES: Final = tuple(
    dict.fromkeys(
        (
            *specified_rules,
            MaxIntrospectionDepthRule,
            MaybeNullValidationRule,
            OneOfInputValidationRule,
        )
    )
)


class Documents:
    """Parses, measures and validates; keeps the valid ones, least recently used out first."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._valid: OrderedDict[str, DocumentNode] = OrderedDict()
        self._characters = 0

    def load(self, text: str) -> DocumentNode:
        """The valid document of `text`. Raises `OperationFailed` with the reasons."""
        known = self._valid.get(text)
        if known is not None:
            self._valid.move_to_end(text)
            return known
        document = self._checked(text)
        self._valid[text] = document
        self._characters += len(text)
        while self._characters > self._limits.cached_characters:
            oldest, _ = self._valid.popitem(last=False)
            self._characters -= len(oldest)
        return document

    def _checked(self, text: str) -> DocumentNode:
        limits = self._limits
        if len(text) > limits.document_characters:
            raise _too_complex(f"The document is longer than {limits.document_characters}.")
        try:
            document = parse(
                text,
                max_lexical_tokens=limits.document_tokens,
                max_comments=limits.document_tokens,
            )
            reason = excess(document, limits)
            if reason is not None:
                raise _too_complex(reason)
            errors = validate(self._schema, document, _RULES, max_errors=_MOST_ERRORS)
        except GraphQLSyntaxError as error:
            raise refused([error], PARSE_FAILED) from None
        except RecursionError:
            raise _too_complex(None) from None
        if errors:
            raise refused(errors, VALIDATION_FAILED)
        return document


def _too_complex(reason: str | None) -> OperationFailed:
    return failure(ErrorCode.QUERY_TOO_COMPLEX, reason, status=400, well_formed=True)
