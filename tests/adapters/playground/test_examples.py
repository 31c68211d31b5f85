import json
from uuid import uuid4

import pytest
from graphql import OperationDefinitionNode, parse, validate
from graphql.execution.values import VariableValues, get_variable_values

from adapters.graphql.complexity import excess
from adapters.graphql.execution import build_schema
from adapters.graphql.limits import Limits
from adapters.playground.examples import GENERATION, KEY, PROJECT, Example, read_examples
from schema.graphql.root import Mutation, Query, Subscription
from schema.graphql.scalars import SCALARS

EXAMPLES = read_examples()
SCHEMA = build_schema(Query, Mutation, Subscription, config=SCALARS)._schema


def filled(example: Example) -> dict[str, object]:
    """The variables with values where the page puts some."""
    text = json.dumps(example.variables or {})
    for placeholder in (PROJECT, GENERATION, KEY):
        text = text.replace(placeholder, str(uuid4()))
    variables: dict[str, object] = json.loads(text)
    return variables


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_is_a_valid_operation_with_its_variables(example: Example) -> None:
    document = parse(example.query)
    assert validate(SCHEMA, document) == []
    assert excess(document, Limits()) is None
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    coerced = get_variable_values(SCHEMA, operation.variable_definitions or (), filled(example))
    assert isinstance(coerced, VariableValues), coerced


def test_examples_cover_a_generations_whole_life() -> None:
    text = "\n".join(example.query for example in EXAMPLES)
    for field in ("viewer", "createProject", "generate", "generation", "cancelGeneration"):
        assert f"  {field}" in text
