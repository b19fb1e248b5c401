"""What the fake Zalo knows and what it was told."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

# The values of the test vectors.
APP_ID: Final = "360846524940903967"
OA_ID: Final = "388613280878808645"
OA_KEY: Final = "oa-secret-for-tests"
APP_SECRET: Final = "app-secret-for-tests"
USER: Final = "246845883529197922"


class Bad(Exception):
    """Zalo's own refusal. `complaint`: what was sent is against the documentation, so the sender has a bug."""

    def __init__(self, code: int, why: str, *, complaint: bool = False) -> None:
        super().__init__(f"{code} {why}")
        self.code = code
        self.why = why
        self.complaint = complaint


def against_the_rules(code: int, why: str) -> Bad:
    return Bad(code, why, complaint=True)


@dataclass(frozen=True, slots=True)
class Told:
    """One message that a citizen got."""

    user: str
    text: str
    buttons: tuple[Json, ...]
    image: bytes | None
    file: tuple[str, bytes] | None
    card: Json | None
    quote: str
    via: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Zns:
    """One template that went to a phone."""

    phone: str
    template_id: str
    data: Json
    tracking_id: str
    msg_id: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """One use of a refresh token, as it arrived."""

    token: str
    taken: bool
    at: float


@dataclass(slots=True)
class Pair:
    """Tokens that were given out together."""

    access: str
    refresh: str
    expires: float
    dead: bool = False
    used: bool = False
    answered: bool = False  # whoever asked was still there to hear it


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits to be sent."""

    name: str
    data: bytes
    what: str  # image, gif, file


@dataclass(slots=True)
class Fault:
    """Something that goes wrong, so many times, with the calls whose path holds these words."""

    kind: str | int
    path: str
    times: int


class Faults:
    """What is to go wrong next: "rate", "failed", "html", "hang", "reset", "garbage", "late", or an error code.

    "hang" takes nothing and never answers; "late" does what was asked and never answers.
    """

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def next(self, kind: str | int, path: str = "", times: int = 1) -> None:
        self._waiting.append(Fault(kind, path, times))

    def take(self, path: str) -> str | int | None:
        """What goes wrong with this call."""
        for fault in self._waiting:
            if fault.path in path and fault.times:
                fault.times -= 1
                return fault.kind
        return None

    def clear(self) -> None:
        self._waiting.clear()


@dataclass(slots=True)
class State:
    """Everything behind one fake."""

    kind: str = "enterprise"  # or state: which endpoint takes messages
    name: str = "UBND xã Bình Minh"
    buttons_taken: bool = True
    card_taken: bool = True
    detail_taken: bool = True
    wants_proof: bool = False  # of each token, as an app may be set to
    expires_in: str = "90000"
    templates: dict[str, dict[str, int]] = field(default_factory=dict)  # id -> parameter -> its longest value
    zalo_phones: set[str] | None = None  # who has Zalo; None: everybody
    sent: list[Told] = field(default_factory=list)
    zns_sent: list[Zns] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)  # path and body, as they came
    complaints: list[str] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    refreshes: list[Refresh] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # code -> the challenge it was given for; "" once used
    uploads: dict[str, Upload] = field(default_factory=dict)
    media: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    think: float = 0.0  # seconds between taking a refresh token and answering
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    hanging: asyncio.Event = field(default_factory=asyncio.Event)  # set when everything ends

    def complain(self, why: str) -> None:
        self.complaints.append(why)

    def number(self) -> int:
        return next(self.numbers)

    def pair(self) -> Pair:
        """A new pair; the one before is dead."""
        for old in self.pairs:
            old.dead = True
        number = self.number()
        expires = time.monotonic() + float(self.expires_in)
        made = Pair(f"access-token-{number}-{'x' * 20}", f"refresh-token-{number}-{'y' * 20}", expires)
        self.pairs.append(made)
        return made
