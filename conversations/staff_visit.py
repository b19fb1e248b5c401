"""Appointments at the desk: who is expected today, and who did not come."""

from __future__ import annotations

from conversations.cards import code_of, opening
from conversations.render import text
from conversations.staff_look_effects import NoteLooks
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, hold, idle
from conversations.state import Say
from domain.dossier import Missed, Status
from domain.values import moment_words


def today(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """Today's appointments in their order, without names."""
    files = [file for file in ctx.visits() if file.appointment_at is not None]
    if not files:
        return StaffTurn(state, (Say("staff-visit.today-none"),))
    lines = [text("staff-visit.today", {"count": len(files)})]
    lines += [
        text(
            "staff-visit.today-line",
            {
                "at": moment_words(file.appointment_at, ctx.now),
                "what": text(f"staff-visit.what-{'done' if file.status == Status.DONE else 'invited'}"),
                "code": code_of(file),
                "procedure": file.procedure_name,
            },
        )
        for file in files
        if file.appointment_at is not None
    ]
    numbered = [lines[0], *(f"{number}. {line}" for number, line in enumerate(lines[1:], 1))]
    looked = NoteLooks(tuple(file.id for file in files), "listed")
    return StaffTurn(state, (Say("staff.shown", {"text": "\n\n".join(numbered)}, opening(files)),), (looked,))


def missed(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    """The appointment has passed and nobody came: the place is free again, and the citizen chooses another moment."""
    refused = hindrance(file, state.officer, Missed)
    if refused:
        return StaffTurn(state, (refused,))
    if file.appointment_at is None:
        return StaffTurn(idle(state), (Say("staff-visit.missed-none", {"code": code_of(file)}),))
    if ctx.now < file.appointment_at:
        early = {"code": code_of(file), "at": moment_words(file.appointment_at, ctx.now)}
        return StaffTurn(idle(state), (Say("staff-visit.missed-early", early),))
    return hold(state, file, Missed())
