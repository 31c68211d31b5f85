"""What one client may ask of the endpoint. Everything has a bound."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for documents, requests and connections. Times are in seconds.

    The defaults leave room for GraphiQL's introspection document and for a message of 100,000
    Japanese characters, escaped.
    """

    document_characters: int = 20_000
    document_tokens: int = 2_000
    """Lexical tokens; comments have a bound of the same size."""
    document_depth: int = 16
    """Nesting of fields, fragments expanded."""
    document_fields: int = 1_000
    """Fields and fragment spreads of one operation, fragments expanded."""
    document_aliases: int = 30
    document_fragments: int = 50
    cached_characters: int = 200_000
    """Length of the valid documents that are remembered, together; their trees are 150 times
    larger in the worst case."""

    body_bytes: int = 1_048_576
    """Largest HTTP body, and largest `variables` in an address."""
    connection_init_timeout: float = 10.0
    ping_interval: float = 18.0
    """Between `ping` messages of the server on a WebSocket."""
    heartbeat_interval: float = 12.0
    """Between comments on an idle event stream."""
    operations_per_connection: int = 100
    connections_per_user: int = 50
    """Open WebSockets and event streams of one viewer, counted in this process."""
    messages_per_second: float = 50.0
    """Sustained rate of messages a WebSocket client may send."""
    message_burst: int = 200
