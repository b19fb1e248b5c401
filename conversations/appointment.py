"""The citizen chooses when to come, or moves it: days, then the times of a day that still have room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from conversations import menu, notices
from conversations.drafts import today_of
from conversations.effects import BookSlot
from conversations.messages import Button, Event, Message, TextSent
from conversations.render import button, short, text
from conversations.state import Context, DossierView, Say, State, Turn
from domain.dossier import Rebook, Status, possible
from domain.moments import Meant, read_moment
from domain.values import VIETNAM, date_words, fold, moment_words

_STAMP: Final = "%Y%m%d%H%M"
_DAY: Final = "%Y%m%d"
_OFFERED: Final = 4  # times that are put beside a remark
_ANY: Final = re.compile(
    r"\b(?:(?:luc|khi|hom|ngay|gio|bao gio|buoi) nao cung|som nhat|cang som|sao cung (?:duoc|xong)|tuy (?:ban|xa))\b"
)
_WEEK: Final = re.compile(r"\b(?:(?P<part>dau|giua|cuoi) )?(?:tuan(?: (?P<which>sau|toi|nay))?)\b")
_PARTS: Final = {"dau": (0, 1), "giua": (2, 2), "cuoi": (3, 4)}  # first and last weekday


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """`<dossier>[:d<page>|:<day>[p<page>]]`: the days, or one day's times."""
    dossier_id, _, which = arg.partition(":")
    dossier = _movable(dossier_id, ctx)
    if dossier is None:
        return Turn(state, (Say("appointment.not-now"),))
    if which[:1] == "d":
        return Turn(_on(state, dossier, page=_number(which[1:])))
    day, _, page = which.partition("p")
    known = day in {_local(slot).strftime(_DAY) for slot in _free(dossier, ctx)}
    return Turn(_on(state, dossier, day if known else "", _number(page) if known else 0))


def choose(state: State, arg: str, ctx: Context) -> Turn:
    """`<dossier>:<moment>`: it is booked, unless somebody else was quicker."""
    dossier_id, _, stamp = arg.partition(":")
    dossier = _movable(dossier_id, ctx)
    if dossier is None:
        return Turn(state, (Say("appointment.not-now"),))
    at = _moment(stamp)
    if at is None:
        return Turn(_on(state, dossier))
    if dossier.appointment_at == at:
        return Turn(state.at("dossier", dossier=dossier.id), (Say("appointment.same", {"at": moment_words(at)}),))
    free = _free(dossier, ctx)
    if at in free:
        return Turn(state.at("dossier", dossier=dossier.id), (), (BookSlot(dossier.id, at),))
    said = {"at": moment_words(at, ctx.now)}
    key = "gone" if at > ctx.now else "passed"
    return _instead(_on(state, dossier), key, said, dossier, [slot for slot in free if slot > at] or free, ctx)


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    dossier = _movable(state.talk.dossier, ctx)
    if dossier is None:
        return menu.ask(state, ctx)
    free = _free(dossier, ctx)
    held = dossier.appointment_at is not None and dossier.appointment_at > ctx.now
    keep = button("keep-time" if held else "open-dossier", f"d:{dossier.id}")
    if not free:
        return (Say("appointment.none", {}, (button("call", f"call:{dossier.id}"), keep)),)
    times = [slot for slot in free if _local(slot).strftime(_DAY) == state.talk.query]
    page = state.talk.page
    if times:
        more = f"move:{dossier.id}:{state.talk.query}p"
        listed = [_slot(dossier.id, slot, text("appointment.time", {"time": _hour(slot)})) for slot in times]
        said = {"day": date_words(_local(times[0]).date())}
        others = button("other-day", f"move:{dossier.id}")
        return (Say("appointment.times", said, (*_paged(listed, page, more), others, keep)),)
    days = dict.fromkeys(_local(slot).date() for slot in free)
    listed = [Button(date_words(day), f"move:{dossier.id}:{day.strftime(_DAY)}") for day in days]
    said = {"title": notices.title(dossier), "now": held_words(dossier, ctx)}
    return (Say("appointment.days", said, (*_paged(listed, page, f"move:{dossier.id}:d"), keep)),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """A moment in words: booked where it is one that has room, else what comes nearest to it is shown."""
    dossier = _movable(state.talk.dossier, ctx)
    if dossier is None or not isinstance(event, TextSent):
        return Turn(state)
    today = today_of(ctx)
    meant = read_moment(event.text, today)
    free = _free(dossier, ctx)
    week = _week(event.text, today) if meant is None or meant.day is None else None
    if week is not None and free:
        days = {_local(s).date(): s for s in reversed(free) if _in(s, week) and (meant is None or _fits(s, meant))}
        if days:
            return _instead(state, "some", {}, dossier, sorted(days.values()), ctx)
        return _instead(state, "full", {"said": short(event.text, 40)}, dossier, free, ctx)
    if meant is None:
        if free and _ANY.search(fold(event.text)):
            return _instead(state, "some", {}, dossier, free, ctx)
        return Turn(state, (Say("appointment.unclear"),))
    exact = meant.day is not None and meant.at is not None
    held = [dossier.appointment_at] if exact and dossier.appointment_at is not None else []
    fitting = [slot for slot in (*held, *free) if _fits(slot, meant)]
    if exact and fitting:
        return choose(state, f"{dossier.id}:{_local(fitting[0]).strftime(_STAMP)}", ctx)
    if fitting and meant.at is None and not meant.part and meant.day is not None:
        return Turn(_on(state, dossier, meant.day.strftime(_DAY)))
    if fitting:
        return _instead(state, "some", {}, dossier, fitting, ctx)
    same_day = [slot for slot in free if meant.day is not None and _local(slot).date() == meant.day]
    later = [slot for slot in free if meant.day is not None and _local(slot).date() >= meant.day]
    nearest = same_day or later or free
    if meant.at is not None and nearest:
        wanted = meant.at.hour * 60 + meant.at.minute
        first = _local(nearest[0]).date()
        close = sorted((s for s in nearest if _local(s).date() == first), key=lambda slot: abs(_minutes(slot) - wanted))
        nearest = sorted(close[:_OFFERED])
    return _instead(state, "full", {"said": short(event.text, 40)}, dossier, nearest, ctx)


def offering(words: Message, dossier: str, slots: Sequence[datetime]) -> Message:
    """A notice with moments to press at once; it may be read days later."""
    return replace(words, buttons=(*(_slot(dossier, slot, moment_words(slot)) for slot in slots), *words.buttons))


def _instead(
    state: State, key: str, blanks: dict[str, str], dossier: DossierView, slots: Sequence[datetime], ctx: Context
) -> Turn:
    """A remark with a few times beside it; the place in the talk is kept."""
    offered = tuple(_slot(dossier.id, slot, moment_words(slot, ctx.now)) for slot in slots[:_OFFERED])
    if not offered:
        return Turn(state)
    other = button("other-time", f"move:{dossier.id}")
    return Turn(state, (Say(f"appointment.{key}", blanks, (*offered, other)),), ask=False)


def _movable(dossier_id: str, ctx: Context) -> DossierView | None:
    own = next((d for d in ctx.dossiers if d.id == dossier_id), None)
    return own if own is not None and Rebook in possible(Status(own.status)) else None


def _free(dossier: DossierView, ctx: Context) -> Sequence[datetime]:
    return [slot for slot in ctx.free_slots(dossier.office, dossier.procedure) if slot != dossier.appointment_at]


def _on(state: State, dossier: DossierView, day: str = "", page: int = 0) -> State:
    return state.at("move", dossier=dossier.id, query=day, page=page)


def _fits(slot: datetime, meant: Meant) -> bool:
    local = _local(slot)
    if meant.day is not None and local.date() != meant.day:
        return False
    if meant.at is not None:
        return local.time() == meant.at
    return not meant.part or (local.hour < 12) is (meant.part == "morning")


def _paged(listed: Sequence[Button], page: int, more: str) -> list[Button]:
    pages = -(-len(listed) // menu.PAGE)
    at = page % pages
    shown = list(listed[at * menu.PAGE : (at + 1) * menu.PAGE])
    return shown if pages == 1 else [*shown, button("more", f"{more}{(at + 1) % pages}")]


def _slot(dossier: str, slot: datetime, label: str) -> Button:
    return Button(short(label), f"slot:{dossier}:{_local(slot).strftime(_STAMP)}")


def names_moment(typed: str, today: date) -> bool:
    """Whether a day, an hour or a week is named."""
    return read_moment(typed, today) is not None or _week(typed, today) is not None


def held_words(dossier: DossierView, ctx: Context) -> str:
    """When the citizen is expected, was expected, or that nothing is agreed."""
    if dossier.appointment_at is None:
        return text("appointment.now-none")
    key = "now-booked" if dossier.appointment_at > ctx.now else "now-passed"
    return text(f"appointment.{key}", {"at": moment_words(dossier.appointment_at)})


def _week(typed: str, today: date) -> tuple[date, date] | None:
    """The first and last day of a week that is named without a day: "tuần sau", "cuối tuần"."""
    found = _WEEK.search(fold(typed))
    if found is None or not (found["part"] or found["which"]):
        return None
    first, last = _PARTS.get(found["part"] or "", (0, 6))
    ahead = (
        found["which"] in ("sau", "toi") or today.weekday() > last
    )  # the end of the week, said on a Saturday, is the next one's
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * ahead)
    return monday + timedelta(days=first), monday + timedelta(days=last)


def _in(slot: datetime, week: tuple[date, date]) -> bool:
    return week[0] <= _local(slot).date() <= week[1]


def _hour(slot: datetime) -> str:
    return moment_words(slot).partition(",")[0]


def _minutes(slot: datetime) -> int:
    local = _local(slot)
    return local.hour * 60 + local.minute


def _local(slot: datetime) -> datetime:
    return slot.astimezone(VIETNAM)


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=VIETNAM) if len(stamp) == 12 else None
    except ValueError:
        return None


def _number(page: str) -> int:
    return int(page) if page.isdecimal() and len(page) < 4 else 0
