"""Admission counted in memory: enough while one process runs every generation."""

from typing import Final

from schema.errors import DreamCoreError, ErrorCode, UserLimitReached


class EmbeddedSlots:
    """`schema.ports.Slots` for a single gateway.

    At most `per_user` generations of one user and `total` of all users at a time. Slots are lost
    with the process; recovery takes them again with `force`.
    """

    def __init__(self, per_user: int = 1, total: int = 50) -> None:
        self._per_user: Final = per_user
        self._total: Final = total
        self._owners: Final[dict[str, str]] = {}

    async def acquire(self, user_id: str, generation_id: str, *, force: bool = False) -> None:
        """See `schema.ports.Slots.acquire`; of several holders the oldest is named."""
        # Nothing here awaits, so that checking and taking are one step.
        slot, user = generation_id.lower(), user_id.lower()
        if slot in self._owners:
            return
        if not force:
            held = [taken for taken, owner in self._owners.items() if owner == user]
            if len(held) >= self._per_user:
                raise UserLimitReached(held[0] if held else None)
            if len(self._owners) >= self._total:
                raise DreamCoreError(ErrorCode.SYSTEM_LIMIT_REACHED)
        self._owners[slot] = user

    async def release(self, generation_id: str) -> None:
        """See `schema.ports.Slots.release`."""
        self._owners.pop(generation_id.lower(), None)
