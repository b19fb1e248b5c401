"""What a Zalo Official Account's client is given: the token, what was found out about the account, bytes of files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from msgspec import Struct

ZALO: Final = "zalo"  # a citizen's chat with the Official Account; the address is the user's id for this account
ZNS: Final = "zns"  # templates to a phone; the address is the number, as +84…
PREFIX: Final = "#"  # before what a button carries: a tap comes back as a text like any other
PER_SECOND: Final = 10  # calls; Zalo allows 4,000 a minute to an app, and nobody knows how many to an account
VALUE: Final = 64  # bytes of a button's value

# The bytes of one of our files by its ref. Raises NotYet while they are still on their way to us.
Load = Callable[[str], Awaitable[bytes]]
# A picture made so small that it has at most so many bytes; raises Refused where it can't be opened.
Shrink = Callable[[bytes, int], Awaitable[bytes]]
# The address under which the person behind a Zalo address gets one of our files; "" where there is none.
Link = Callable[[str, str], Awaitable[str]]


class Choices(Struct, frozen=True):
    """What was found out about this account: which endpoint takes messages ("v3", "v2"), and buttons ("on", "off")."""

    send_api: str = "v3"
    buttons: str = "on"
    fixed: bool = False  # whether the endpoint is a setting's: then the other one is not tried


class Pass(Protocol):
    """Lets calls through to Zalo, for all that speak for one Official Account."""

    async def access(self) -> str:
        """The access token; raises TryLater where there is none that may be used."""
        ...

    async def renewed(self, old: str) -> str:
        """Another one, since Zalo did not take `old`; raises TryLater where there is none."""
        ...

    async def choices(self) -> Choices:
        """As settings say, or else as was found out."""
        ...

    async def remember(self, *, send_api: str = "", buttons: str = "") -> None:
        """Something was found out."""
        ...

    async def trouble(self, where: str, code: int) -> None:
        """Somebody has to do something at Zalo's; `where`: "api" or "zns". 0: what is sent there is taken again."""
        ...


def payload(value: str) -> str:
    """What a button carries."""
    return PREFIX + value


def value_of(text: str) -> str | None:
    """The button's value, where a text is one's payload; anybody can type the same."""
    value = text.removeprefix(PREFIX)
    return value if value != text and 0 < len(value.encode()) <= VALUE else None
