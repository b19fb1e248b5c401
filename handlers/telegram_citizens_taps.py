"""Presses that are one press: fingers tap twice, and apps send a tap again when the connection is back."""

from __future__ import annotations

from time import monotonic
from typing import Final

from conversations.messages import Pressed

_AT_ONCE: Final = 3.0  # seconds
_MANY: Final = 10_000  # chats that are remembered


class Taps:
    """The last press of each chat, as long as nothing else came after it.

    Only what was stored, or is being stored, counts: where storing fails, `forget` lets Telegram bring it again.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[Pressed, str, float]] = {}

    def again(self, address: str, press: Pressed, event_id: str) -> bool:
        """Whether the same button was pressed a moment ago; a press counts from now on."""
        before, first_id, at = self._last.get(address, (None, "", 0.0))
        now = monotonic()
        if press == before and press.message_id and event_id != first_id and now - at < _AT_ONCE:
            self._last[address] = (press, first_id, now)
            return True
        if len(self._last) >= _MANY:
            self._last.clear()
        self._last[address] = (press, event_id, now)
        return False

    def forget(self, address: str) -> None:
        """Something else happened."""
        self._last.pop(address, None)
