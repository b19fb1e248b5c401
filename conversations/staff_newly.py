"""Asking for more a second time: for what could not have been seen at first, with the reason that history keeps."""

from __future__ import annotations

from typing import Final

from conversations import staff_faults
from conversations.cards import code_of
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, on, tell
from domain.dossier import AskMore

_REASONS: Final = 3


def begin(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """Why it is new; the button carries the number of a ready reason."""
    refused = hindrance(file, state.officer, AskMore, newly=argument or "?")
    if refused:
        return StaffTurn(state, (refused,))
    if argument.isdecimal() and 1 <= int(argument) <= _REASONS:
        return because(state, file, text(f"staff-life.reason-newly-{int(argument)}"), ctx)
    ready = [
        button("newly", file.id, str(number), label=text(f"staff-life.reason-newly-{number}"))
        for number in range(1, _REASONS + 1)
    ]
    return tell(on(state, "newly", file.id), "newly", {"code": code_of(file)}, *ready, button("no", file.id))


def because(state: StaffState, file: DossierFile, reason: str, ctx: StaffContext) -> StaffTurn:
    """On to what is wanted."""
    refused = hindrance(file, state.officer, AskMore, newly=reason)
    if refused:
        return StaffTurn(state, (refused,))
    return staff_faults.show(on(state, "more", file.id, newly=reason), file, ctx)
