"""Accepting a dossier: one press where the catalogue knows how long it takes; else the clerk says when it is due."""

from __future__ import annotations

import re
from typing import Final

from catalogue.model import Procedure
from conversations import staff_consent, staff_cosigner
from conversations.cards import code_of
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, hold, on, say
from domain.dossier import Accept
from domain.values import fold

_READY: Final = (3, 5, 7, 10, 15, 30)
_MOST: Final = 250  # working days: about a year
_DAYS: Final = re.compile(r"([0-9]{1,3})(?: ?ngay(?: lam viec)?)?")
_NONE: Final = "none"


def accept(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """The button carries the days, so an old one works too."""
    refused = hindrance(file, state.officer, Accept)
    if refused:
        return StaffTurn(state, (refused,))
    if staff_consent.waits(file):
        return staff_consent.first(state, file)
    if not argument and staff_cosigner.unsigned(file):
        return staff_cosigner.warn(state, file)
    if not asks_for_days(ctx.procedure_of(file)):
        return hold(state, file, Accept())
    if argument == _NONE:
        return hold(state, file, Accept())
    days = _days(argument)
    return hold(state, file, Accept(days)) if days else _ask("due", state, file)


def typed(state: StaffState, file: DossierFile, words: str) -> StaffTurn:
    """A number of working days instead of a press."""
    days = _days(words)
    return hold(state, file, Accept(days)) if days else _ask("due-wrong", state, file)


def asks_for_days(procedure: Procedure) -> bool:
    """Whether this office decides and nobody has told us in what time."""
    time = procedure.processing
    told = time.same_day or time.working_days is not None or time.calendar_days is not None
    return procedure.intake != "collect-and-forward" and not (told and procedure.known("processing"))


def _ask(key: str, state: StaffState, file: DossierFile) -> StaffTurn:
    offered = [
        button("accept", file.id, str(days), label=text("staff-button.due-days", {"days": days})) for days in _READY
    ]
    offered.append(button("accept", file.id, _NONE, label=text("staff-button.due-none")))
    shown = {"code": code_of(file), "most": _MOST}
    return say(on(state, "due", file.id), key, shown, *offered, button("no", file.id))


def _days(words: str) -> int:
    """0 when the words are no number of days that can be promised."""
    found = _DAYS.fullmatch(fold(words))
    days = int(found[1]) if found else 0
    return days if days <= _MOST else 0
