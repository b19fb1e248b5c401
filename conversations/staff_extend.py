"""The one extension: why, until when, the apology as the citizen will read it, and the press that sends it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from msgspec.structs import replace

from conversations.cards import code_of
from conversations.notices import notice, view_of
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, idle, not_allowed, on, say, tell
from domain import rules
from domain.dossier import Extend, NotAllowed
from domain.values import VIETNAM, date_words, fold

_READY: Final = (1, 2, 3, 5, 10)  # working days
_MOST: Final = 60
_REASONS: Final = 4
_DAYS: Final = re.compile(r"([0-9]{1,2})(?: ?ngay(?: lam viec)?)?")
_DATE: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-]([0-9]{4}))?")


def extend(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """Why it is late: a ready reason (the button carries its number), or typed."""
    refused = _refused(state, file, ctx)
    if refused:
        return refused
    if argument.isdecimal() and 1 <= int(argument) <= _REASONS:
        return reasoned(state, file, text(f"staff-life.reason-extend-{int(argument)}"), ctx)
    ready = [
        button("extend", file.id, str(number), label=text(f"staff-life.reason-extend-{number}"))
        for number in range(1, _REASONS + 1)
    ]
    return tell(on(state, "extend-why", file.id), "extend-why", _about(file), *ready, button("no", file.id))


def reasoned(state: StaffState, file: DossierFile, reason: str, ctx: StaffContext) -> StaffTurn:
    """The reason is known; until when."""
    refused = _refused(state, file, ctx)
    return refused or _ask_day("extend-to", on(state, "extend-to", file.id, words=reason), file, ctx)


def until(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """So many working days after the due day; an old button, whose reason is forgotten, begins again."""
    days = int(argument) if argument.isdecimal() else 0
    if state.talk.screen != "extend-to" or state.talk.dossier != file.id or not 1 <= days <= _MOST:
        return extend(state, file, "", ctx)
    refused = _refused(state, file, ctx)
    if refused:
        return refused
    assert file.due_at is not None, "what has no due day was refused"
    return _confirm(state, file, rules.extended(file.due_at, days, ctx.calendar), ctx)


def typed(state: StaffState, file: DossierFile, words: str, ctx: StaffContext) -> StaffTurn:
    """A number of working days, or a date."""
    refused = _refused(state, file, ctx)
    if refused:
        return refused
    assert file.due_at is not None, "what has no due day was refused"
    found = _DAYS.fullmatch(fold(words))
    if found and 1 <= int(found[1]) <= _MOST:
        return until(state, file, found[1], ctx)
    day = _day(words, file.due_at)
    at = rules.closing(day, ctx.calendar) if day is not None else None
    if at is None:
        return _ask_day("extend-to-wrong", state, file, ctx)
    return _confirm(state, file, at, ctx)


def _confirm(state: StaffState, file: DossierFile, at: datetime, ctx: StaffContext) -> StaffTurn:
    assert file.due_at is not None
    try:
        rules.may_extend_to(at, file.due_at, ctx.calendar)
    except NotAllowed:
        return _ask_day("extend-to-wrong", state, file, ctx)
    decision = Extend(at, state.talk.words)
    procedure = ctx.procedure_of(file)
    view = replace(view_of(file, procedure), extended_from=file.due_at)
    words = notice(decision, view, ctx.office, procedure, state.officer.name).text
    reword = button("extend", file.id, label=text("staff-button.reword"))
    state = on(state, "confirm", file.id, decision=decision)
    return say(state, "confirm", {"words": words}, button("send", file.id), reword, button("no", file.id))


def _ask_day(key: str, state: StaffState, file: DossierFile, ctx: StaffContext) -> StaffTurn:
    assert file.due_at is not None, "what has no due day was refused"
    ready = [
        button(
            "extendto", file.id, str(days), label=text("staff-life.extend-days", {"days": days, "day": _day_words(at)})
        )
        for days in _READY
        for at in (rules.extended(file.due_at, days, ctx.calendar),)
    ]
    return tell(state, key, _about(file), *ready, button("no", file.id))


def _refused(state: StaffState, file: DossierFile, ctx: StaffContext) -> StaffTurn | None:
    hindered = hindrance(file, state.officer, Extend)
    if hindered:
        return StaffTurn(idle(state), (hindered,))
    try:
        rules.may_extend(file.due_at, file.extended_from, now=ctx.now, calendar=ctx.calendar)
    except NotAllowed as error:
        return StaffTurn(idle(state), (not_allowed(error.reason, file, "extend"),))
    return None


def _about(file: DossierFile) -> dict[str, object]:
    assert file.due_at is not None, "what has no due day was refused"
    return {"code": code_of(file), "due": _day_words(file.due_at), "most": _MOST}


def _day_words(at: datetime) -> str:
    return date_words(at.astimezone(VIETNAM).date())


def _day(words: str, due_at: datetime) -> date | None:
    """A date typed without its year is the next such day after the due day."""
    found = _DATE.fullmatch(words.strip())
    if found is None:
        return None
    due = due_at.astimezone(VIETNAM).date()
    try:
        day = date(int(found[3] or due.year), int(found[2]), int(found[1]))
        return day if found[3] or day > due else day.replace(year=due.year + 1)
    except ValueError:
        return None
