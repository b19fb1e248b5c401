"""/xacso: an officer proves the number of somebody at the desk, by the code on their telephone or a dossier's."""

from __future__ import annotations

from typing import Final

from conversations.messages import Button
from conversations.render import text
from conversations.staff_buttons import Press, button
from conversations.staff_look_effects import ProveAtDesk
from conversations.staff_state import StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, idle
from conversations.state import Say
from domain.dossier import Role
from domain.values import moment_words, show_phone

ACTIONS: Final = frozenset({"proveok", "proveno"})


def begin(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    """Shows the number: the officer has it called before it is confirmed."""
    given = rest.strip()[:40]
    if not given:
        return StaffTurn(state, (Say("staff-prove.how"),))
    phone = ctx.to_prove(given)
    if not phone:
        return StaffTurn(idle(state), (Say("staff-prove.none"),))
    yes = button("proveok", "me", given, kind="s", label=text("staff-button.proveok"))
    return StaffTurn(idle(state), (Say("staff-prove.confirm", {"phone": show_phone(phone)}, (yes, _no())),))


def press(state: StaffState, press: Press, _ctx: StaffContext) -> StaffTurn:
    if press.action == "proveno":
        return StaffTurn(idle(state), (Say("staff-prove.left"),))
    return cause(state, ProveAtDesk(press.argument))


def _no() -> Button:
    return button("proveno", "me", kind="s", label=text("staff-button.proveno"))


def guesses(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """When somebody was held back who looked up too often: for the head alone."""
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    moments = ctx.guesses()
    if not moments:
        return StaffTurn(state, (Say("staff-prove.no-guesses"),))
    lines = "\n".join(f"- {moment_words(at)}" for at in moments)
    return StaffTurn(state, (Say("staff-prove.guesses", {"lines": lines, "count": len(moments)}),))
