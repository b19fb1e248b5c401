"""Flood limits of the fake Bot API: how many messages a second and a minute."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

SENDS = ["send", "copy", "forward", "edit"]
FREE = {"sendchataction", "sendmessagedraft"}


@dataclass(slots=True)
class Window:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float, count: int) -> float:
        """How long until `count` more may pass."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        over = len(self.times) + min(count, self.most) - self.most
        return self.times[over - 1] + self.seconds - now if over > 0 else 0.0

    def note(self, now: float, count: int) -> None:
        self.times.extend([now] * count)


@dataclass(slots=True)
class Limits:
    """Strict by default: no bursts, but what a network shakes (`tolerance`)."""

    overall: int = 30  # a second
    private: int = 1  # a second
    group: int = 20  # a minute
    tolerance: float = 0.05
    windows: dict[tuple[int, int | None], Window] = field(default_factory=dict)
    refusals: int = 0

    def wait(self, bot_id: int, chat_id: int | None, now: float, count: int = 1) -> float:
        """Seconds to wait, 0 when the call may pass."""
        longest = max(window.wait(now, n) for window, n in self._windows(bot_id, chat_id, count))
        self.refusals += longest > 0
        return max(longest, 0.0)

    def note(self, bot_id: int, chat_id: int | None, now: float, count: int = 1) -> None:
        """One that was carried out; what Telegram's own server refuses before is not counted."""
        for window, n in self._windows(bot_id, chat_id, count):
            window.note(now, n)

    def _windows(self, bot_id: int, chat_id: int | None, count: int) -> list[tuple[Window, int]]:
        windows = [(self._window(bot_id, None), count)]
        if chat_id is not None:
            windows.append((self._window(bot_id, chat_id), count if chat_id < 0 else 1))
        return windows

    def _window(self, bot_id: int, chat_id: int | None) -> Window:
        found = self.windows.get((bot_id, chat_id))
        if found is None:
            if chat_id is None:
                found = Window(self.overall, 1 - self.tolerance)
            elif chat_id > 0:
                found = Window(self.private, 1 - self.tolerance)
            else:
                found = Window(self.group, 60 - self.tolerance)
            self.windows[bot_id, chat_id] = found
        return found


def counts(method: str) -> bool:
    """Only what people see counts; `method` in small letters."""
    return method.startswith(tuple(SENDS)) and method not in FREE
