"""The ladder that news goes down until it has reached its person: which rung is next, and when.

A rung is an address: the one the person chose, the chat where they last did something, their other chats, a proven
phone, a proven e-mail address; behind the last one an officer telephones. What is refused goes on at once. What a page
has not been read for, and what a messenger does not get rid of, goes on after a short wait, and where an answer is due
silence goes on too: on the next working morning, once for each rung. Nobody is told the same twice on one channel.
The hours and waits are house rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from domain.values import VIETNAM

UNREAD: Final = timedelta(seconds=60)  # on an open page it would have been read
ALERTED: Final = timedelta(minutes=10)  # the same where the closed page's browser was alerted
SLOW: Final = timedelta(minutes=10)  # a messenger that has not taken it by then is down, or shut out of the country
JUST_NOW: Final = 600.0  # seconds after something they did in which people wait for what follows, also at night
NIGHT, MORNING = time(21), time(7)  # between which nobody is woken

PAGES: Final = frozenset({"web", "console"})  # the row is the delivery; a page that is open makes no noise
CHATS: Final = PAGES | {"telegram", "zalo"}  # where a person speaks as well
_LIKE: Final[Mapping[str, int]] = {"zalo": 0, "telegram": 1, "web": 2, "console": 2, "zns": 3, "sms": 4, "email": 5}
_SAME: Final[Mapping[str, str]] = {"zns": "phone", "sms": "phone", "console": "web"}  # read by the same eyes
_BARE: Final = frozenset({"zns", "sms"})  # carry no files

# What is told, and what counts as the answer that is due: that they do it, or that they have surely read it.
BY_DOING: Final = frozenset(
    {"ask-more", "show-draft", "ask-money", "correction", "missed", "supplement-reminder", "draft-reminder"}
    | {"money-reminder"}
)
BY_READING: Final = frozenset({"invite", "done", "visit-eve-reminder"})
SLIP: Final = "slip"  # a printed paper, behind the notice that says what it says
TALK: Final = "talk"  # an officer's own words,
FRAME: Final = "talk-frame"  # and that a talk begins and ends: said where it is held, and nowhere else
AT_ONCE: Final = frozenset({"visit-soon-reminder", "settle", "paid", TALK, FRAME})  # waited for, also at night
REMINDER: Final = "-reminder"  # ends the kind of those

Morning = Callable[[datetime], datetime]  # when the office's next working day after a moment begins


class How(StrEnum):
    """What is known of one attempt."""

    GOING = "going"
    TOLD = "told"
    UNSURE = "unsure"  # the provider may have taken it
    FAILED = "failed"


class Address(Struct, frozen=True):
    """A place where somebody can be told. `heard`: the machine moment at which they last did something there."""

    id: str
    channel: str
    chosen: bool = False
    well: bool = True
    heard: float = 0.0


class Tried(Struct, frozen=True):
    """An attempt; `at` is the machine moment at which it ended."""

    id: str
    channel: str
    how: How
    at: float = 0.0


class Case(Struct, frozen=True):
    """One notice. `addresses` in their order, `tried` oldest first, `since`: when it was told last, in office time."""

    addresses: tuple[Address, ...]
    since: datetime
    tried: tuple[Tried, ...] = ()
    expects: bool = False  # an answer is due
    by_reading: bool = False  # and having read it is answer enough, such as to come at a certain time
    known: bool = False  # they have surely read it
    urgent: bool = False
    quiet: bool = True  # they want their nights
    active: bool = False  # they did something just now
    files: bool = False  # it is about a file
    unread: timedelta = UNREAD


class Tell(Struct, frozen=True):
    """At this address, at this moment."""

    address: str
    at: datetime


class Look(Struct, frozen=True):
    """Nothing now; look again then."""

    at: datetime


class Call(Struct, frozen=True):
    """Somebody has to telephone."""


class Rest(Struct, frozen=True):
    """There is nothing more to do."""


Step = Tell | Look | Call | Rest


def ordered(addresses: Iterable[Address], *, first: str = "", origin: str = "") -> tuple[Address, ...]:
    """From the first rung to the last. `first` goes before all; `origin` is where they spoke, if no chat knows when."""
    known = list(addresses)
    chats = [one for one in known if one.channel in CHATS]
    last = max(chats, key=lambda one: (one.heard, one.id == origin), default=None)

    def place(one: Address) -> tuple[int, int, float]:
        nearness = 0 if one.id == first else 1 if one.chosen else 2 if last is not None and one.id == last.id else 3
        return nearness, _LIKE.get(one.channel, len(_LIKE)), -one.heard

    return tuple(sorted(known, key=place))


def family(channel: str) -> str:
    """Channels that the same eyes read count as one."""
    return _SAME.get(channel, channel)


def step(case: Case, now: datetime, morning: Morning) -> Step:
    """What follows from all that is known."""
    last = case.tried[-1] if case.tried else None
    if last is None or last.how in (How.FAILED, How.UNSURE):
        return _next(case, now) or Call()
    if last.how == How.GOING:
        return _going(case, now)
    if case.known and (case.by_reading or not case.expects):
        return Rest()
    if last.channel in PAGES and not case.known:
        further = _next(case, now)
        if further is not None:
            return further if case.since + case.unread <= now else Look(case.since + case.unread)
    return _answer(case, now, morning) if case.expects else Rest()


def _going(case: Case, now: datetime) -> Step:
    """A row waits: with another rung it waits no longer than a moment."""
    further = _next(case, now)
    if further is None:
        return Rest()
    return further if case.since + SLOW <= now else Look(case.since + SLOW)


def _answer(case: Case, now: datetime, morning: Morning) -> Step:
    """Told, and silence.

    Who has surely read it is not telephoned, nor who has one chat alone: the dossier's own clock reminds them there.
    """
    due = morning(case.since)
    further = _next(case, now)
    if further is not None:
        return further if due <= now else Look(due)
    if case.known or len({family(one.channel) for one in case.addresses}) < 2:
        return Rest()
    due = morning(due)
    return Call() if due <= now else Look(due)


def _next(case: Case, now: datetime) -> Tell | None:
    used = {family(one.channel) for one in case.tried if one.how != How.FAILED}
    for address in case.addresses:
        if address.well and family(address.channel) not in used and not _spent(case, address):
            return Tell(address.id, _at(case, address, now))
    return None


def _spent(case: Case, address: Address) -> bool:
    """Refused there, and they have not come back since; or it cannot be said there at all."""
    if case.files and address.channel in _BARE:
        return True
    return any(one.id == address.id and one.how == How.FAILED and address.heard <= one.at for one in case.tried)


def _at(case: Case, address: Address, now: datetime) -> datetime:
    if case.urgent or case.active or not case.quiet or address.channel in PAGES:
        return now
    return after_night(now)


def after_night(at: datetime) -> datetime:
    """`at` itself by day, else seven in the morning."""
    local = at.astimezone(VIETNAM)
    if local.time() < MORNING:
        return datetime.combine(local.date(), MORNING, VIETNAM)
    if local.time() >= NIGHT:
        return datetime.combine(local.date() + timedelta(days=1), MORNING, VIETNAM)
    return at
