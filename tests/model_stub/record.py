"""What the agent asked: the requests that a stub has seen."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One `POST /v1/messages`. Header names are lower-case."""

    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def is_question(self) -> bool:
        """Whether it is a helper call. An agent whose stream breaks asks without streaming too, but
        never the small model."""
        return not self.body.get("stream") and "haiku" in str(self.body.get("model"))

    @property
    def user_contents(self) -> list[list[dict[str, Any]]]:
        """The content blocks of each user message."""
        contents = [m["content"] for m in self.body.get("messages", ()) if m["role"] == "user"]
        return [[{"type": "text", "text": c}] if isinstance(c, str) else c for c in contents]

    @property
    def user_texts(self) -> list[str]:
        """Every text of the user, in order; the CLI's own reminders come first."""
        return [b["text"] for content in self.user_contents for b in content if b["type"] == "text"]

    @property
    def tool_results(self) -> list[dict[str, Any]]:
        """The tool results of the last user message."""
        last = self.user_contents[-1:]
        return [b for content in last for b in content if b["type"] == "tool_result"]

    @property
    def tool_names(self) -> list[str]:
        """The tools that the agent offers to the model."""
        return [tool["name"] for tool in self.body.get("tools", ())]
