"""A cache that forgets what was not used for the longest time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Holds values up to a total cost; `cost` is asked once per value."""

    def __init__(self, capacity: int, cost: Callable[[Value], int]) -> None:
        self._capacity: Final = capacity
        self._cost: Final = cost
        self._values: Final[OrderedDict[Key, tuple[Value, int]]] = OrderedDict()
        self._total = 0

    def get(self, key: Key) -> Value | None:
        """The value, which becomes the most recently used one."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def __contains__(self, key: Key) -> bool:
        """Whether it is there; asking is not using."""
        return key in self._values

    def put(self, key: Key, value: Value) -> None:
        """Keep it, unless it alone would need more than a quarter of the capacity."""
        self.discard(key)
        cost = self._cost(value)
        if cost > self._capacity // 4:
            return
        self._values[key] = (value, cost)
        self._total += cost
        while self._total > self._capacity:
            _, (_, freed) = self._values.popitem(last=False)
            self._total -= freed

    def discard(self, key: Key) -> None:
        """Forget one value, if it is there."""
        _, cost = self._values.pop(key, (None, 0))
        self._total -= cost
