"""Zalo's error codes, classed by what a client is to do: the tables of the Official Account and of ZNS."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from conversations.messages import Refused, TryLater, Undeliverable


class Kind(Enum):
    """What follows from a code."""

    TOKEN = "the token is worn out: renew it once, call once more"  # noqa: S105 - words
    RATE = "too fast: wait, longer each time"
    ATTACHMENT = "an uploaded file has run out: upload it once more"
    FAILED = "it failed at Zalo's: once more, then never"
    REFUSED = "this one message is never taken"
    HUMAN = "somebody has to do something at Zalo's"
    WINDOW = "the person has not written for seven days"
    BLOCKED = "the person does not want it"
    GONE = "the person is not there any more"
    NIGHT = "not at night"
    TOMORROW = "today's quota is used up"
    NOT_V3 = "this account's messages go through v2"
    NOT_V2 = "this account's messages go through v3"


def _table(*rows: tuple[Kind, tuple[int, ...]]) -> Mapping[int, Kind]:
    return {code: kind for kind, codes in rows for code in codes}


# developers.zalo.me, error codes of the Official Account API. A code that is not here refuses that one message.
OA: Final = _table(
    (Kind.TOKEN, (-216, -220)),
    (Kind.RATE, (-32,)),
    (Kind.ATTACHMENT, (-100,)),
    (Kind.FAILED, (-200,)),
    (Kind.REFUSED, (-201, -210, -233)),
    # -204…-223 account or app off, not linked or not allowed; -211 a feature's quota; -221, -224 plan or verification;
    # -242 proof; -248 against Zalo's rules; -249 template; -320, -321 no money
    (Kind.HUMAN, (-204, -205, -209, -211, -212, -219, -221, -223, -224)),
    (Kind.HUMAN, (-237, -238, -241, -242, -248, -249, -320, -321, -403)),
    (Kind.BLOCKED, (-213, -217, -244)),  # does not follow, blocked invitations, restricted this kind
    (Kind.WINDOW, (-218, -230, -232)),  # -218: as many as one person gets until they write
    (Kind.GONE, (-227,)),
    (Kind.NIGHT, (-234, -133)),
    (Kind.NOT_V3, (-235,)),
    (Kind.NOT_V2, (-240,)),
)

# The same for templates by phone. Here "blocked" and "gone" are about the number, and money and quotas run by the day.
TEMPLATES: Final = _table(
    (Kind.TOKEN, (-124,)),
    (Kind.RATE, (-32,)),
    (Kind.FAILED, (-100,)),
    (Kind.HUMAN, (-101, -102, -103, -104, -105, -106, -117, -120, -1201, -1202, -125, -126, -127, -131, -134, -1241)),
    (Kind.HUMAN, (-135, -1351, -136, -137, -138, -140, -145, -146, -123, -142, -143, -128, -129)),
    (Kind.GONE, (-108, -118)),  # no number, or one without Zalo
    (Kind.BLOCKED, (-114, -119, -139, -141)),
    (Kind.REFUSED, (-107, -109, -110, -111, -112, -1121, -1122, -1123, -1124, -113, -116, -121, -122, -130, -132)),
    (Kind.REFUSED, (-148, -149, -150, -151, -152, -153, -158, -159)),
    (Kind.TOMORROW, (-115, -144, -1441, -147, -1471, -160)),
    (Kind.NIGHT, (-133,)),
)

# A message with buttons, or the card that asks for a number, is not for this account: then words have to do.
PLAINER: Final = frozenset({-201, -210, -233})
_UNDELIVERABLE: Final = {Kind.WINDOW: "window", Kind.BLOCKED: "blocked", Kind.GONE: "gone"}
_VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_MORNING: Final = time(6, 5)
_WAITS: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)  # seconds after so many "too fast" in a row


class Fault(Exception):
    """Zalo said no: nothing was sent. Its words are not kept, since they may repeat what was sent."""

    def __init__(self, code: int, kind: Kind) -> None:
        super().__init__(f"Zalo: {code}")
        self.code = code
        self.kind = kind


def fault(code: int, table: Mapping[int, Kind]) -> Fault:
    """What a code other than 0 means."""
    return Fault(code, table.get(code, Kind.HUMAN if code <= -14000 else Kind.REFUSED))


def outcome(fault: Fault, now: datetime, *, too_fast: int = 0) -> Exception:
    """The same in the words of conversations/messages.py; `too_fast`: how many times in a row before this one."""
    match fault.kind:
        case Kind.RATE:
            return TryLater(_WAITS[min(too_fast, len(_WAITS) - 1)])
        case Kind.NIGHT:
            return TryLater(until_morning(now))
        case Kind.TOKEN:
            return TryLater(_WAITS[-1])  # a new one was not taken either: that is told elsewhere
        case Kind.WINDOW | Kind.BLOCKED | Kind.GONE:
            return Undeliverable(_UNDELIVERABLE[fault.kind])
        case _:
            return Refused(f"zalo {fault.code}")


def until_morning(now: datetime) -> float:
    """Seconds until 06:05 in Vietnam, when Zalo's night is over."""
    here = now.astimezone(_VIETNAM)
    morning = datetime.combine(here.date(), _MORNING, _VIETNAM)
    if morning <= here:
        morning += timedelta(days=1)
    return (morning - here).total_seconds()
