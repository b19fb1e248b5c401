"""An officer files a dossier on the National Portal: the bundle for it, then the code and the status it has there."""

from __future__ import annotations

from typing import Final

from conversations import portal
from conversations.cards import code_of
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, NotePortal, SendArchive, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, idle, on
from conversations.state import Say
from domain.dossier import national_name
from domain.portal import STATUSES, read_code
from domain.values import Wrong

CODE: Final = "portal-code"  # the screen on which a code is awaited


def menu(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """What is known of it there, and what can be done."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    has = file.portal is not None and file.portal.code
    actions = ("archive", "pcode", *(["pstate"] if has else []))
    shown = {"code": code_of(file), "standing": portal.standing(file.portal, file.status)}
    buttons = (*(button(action, file.id) for action in actions), button("no", file.id))
    return StaffTurn(on(state, "portal", file.id), (Say("portal.menu", shown, buttons),))


def archive(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """The bundle for whoever works on it."""
    refused = hindrance(file, state.officer)
    return StaffTurn(state, (refused,)) if refused else cause(state, SendArchive(file.id))


def code(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    return _ask(state, file, "portal.ask-code")


def typed(state: StaffState, file: DossierFile, words: str, _ctx: StaffContext) -> StaffTurn:
    """The code as the portal shows it."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(idle(state), (refused,))
    read = read_code(words)
    if isinstance(read, Wrong):
        return _ask(state, file, f"portal.{read.key}")
    return cause(state, NotePortal(file.id, code=read.code))


def status(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """Which of the ten national statuses the portal shows; the button carries its number."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if file.portal is None or not file.portal.code:
        return StaffTurn(
            idle(state),
            (Say("portal.no-code", {"code": code_of(file)}, (button("pcode", file.id), button("no", file.id))),),
        )
    if argument.isdecimal() and len(argument) < 3 and int(argument) in STATUSES:
        return cause(state, NotePortal(file.id, status=int(argument)))
    offered = [button("pstate", file.id, str(n), label=national_name(n)) for n in STATUSES]
    shown = {"standing": portal.standing(file.portal, file.status)}
    return StaffTurn(
        on(state, "portal-status", file.id), (Say("portal.ask-status", shown, (*offered, button("no", file.id))),)
    )


def _ask(state: StaffState, file: DossierFile, key: str) -> StaffTurn:
    shown = {"code": code_of(file), "standing": portal.standing(file.portal, file.status)}
    return StaffTurn(on(state, CODE, file.id), (Say(key, shown, (button("no", file.id),)),))
