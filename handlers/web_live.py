"""What the web pages need from the rest of the program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from msgspec import Struct

from conversations.messages import Event, File, Shown


class Who(Protocol):
    """The person behind a cookie."""

    @property
    def channel(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def staff(self) -> bool: ...


class Entering(Struct, frozen=True):
    """How far an officer's log-in is.

    `state`: "in" (here is the `cookie`), "wait" (for a confirmation: `pending` is this browser's key to it), "no" (it
    was refused), "gone" (the link or the wait is over) or "later" (too often wrong: in so many `minutes`). `digits`:
    to be shown, and confirmed at the address `where`; without them a code was sent there, to be typed here.
    """

    state: str
    cookie: str = ""
    pending: str = ""
    digits: str = ""
    where: str = ""
    wrong: bool = False
    minutes: int = 0


class Live(Protocol):
    """The one object that `web_app` is given."""

    async def receive(self, who: Who, event_id: str, event: Event, network: str = "") -> None:
        """Take one event; returns when its turn is committed. A repeated `event_id` does nothing.

        `network` is the address it comes from, as in handlers/web_network.py.
        """

    async def taken(self, who: Who, event_id: str) -> bool:
        """Whether this event has come before: then its file need not be kept a second time."""
        ...

    async def room_for_file(self, who: Who) -> bool:
        """Count one file of a citizen; False where it was enough for today."""
        ...

    async def open(self, cookie: str | None, network: str = "") -> tuple[Who, str]:
        """The citizen of this cookie, or a new one; and the cookie to set, empty when it stays."""
        ...

    async def who(self, cookie: str | None, *, staff: bool, used: bool = False) -> Who | None:
        """Whose cookie it is. `used`: they do something; an officer's session ends when that is long ago."""
        ...

    async def log_in(self, token: str, browser: str, network: str = "") -> Entering:
        """An officer's one-time link is used, in a browser called so."""
        ...

    async def entering(self, pending: str) -> Entering:
        """How far the log-in of this browser is."""
        ...

    async def log_in_code(self, pending: str, code: str) -> Entering:
        """The code that was sent, typed in this browser."""
        ...

    async def leave(self, cookie: str) -> None:
        """This cookie opens nothing any more, also not a copy of it."""

    async def return_link(self, who: Who) -> str:
        """A token with which this citizen comes back on another day or device."""
        ...

    async def come_back(self, token: str) -> str | None:
        """The citizen's cookie for such a token."""
        ...

    async def since(self, who: Who, revision: int) -> list[Shown]:
        """What changed after `revision`, in the order of revisions."""
        ...

    def watch(self, who: Who) -> AsyncIterator[None]:
        """Yields whenever there may be something new, and by itself every 2 s."""
        ...

    async def keep(self, who: Who, data: bytes, media_type: str, name: str, event_id: str) -> File:
        """Durable when it returns; an event that is sent again finds its file kept already."""
        ...

    async def fetch(self, who: Who, ref: str) -> tuple[File, bytes] | None:
        """None also when this person may not see the file. TryLater while its bytes are on their way to us."""
        ...

    async def read(self, who: Who, revision: int) -> None: ...
    async def facts(self, who: Who) -> dict[str, object]:
        """For the page's head: office, name, staff, read."""
        ...
