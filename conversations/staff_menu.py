"""What the card has no room for: the likeliest first, and what is seldom wanted in a few groups behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from conversations.cards import code_of, status_words
from conversations.messages import Button
from conversations.render import text
from conversations.staff_buttons import button, other_actions
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import not_allowed, on, say
from domain.dossier import FINAL, Status

# In this order below the rest; what ends a dossier is far from the thumb.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "prints": ("bundle", "slips", "portal"),
    "keeper": ("give", "pass", "take"),
    "ends": ("refuse", "stop", "forward", "elsewhere"),
}
_FIRST: Final = ("fee", "charge", "answer", "end")  # wanted every day
_WHOLE: Final = 8  # so many fit on a phone's screen, and no group costs a press


def menu(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """As far as this officer may do it; the argument names a group that is to be opened."""
    actions = other_actions(file, ctx.procedure_of(file).intake, state.officer)
    if not actions:
        return StaffTurn(state, (not_allowed("final" if Status(file.status) in FINAL else "not-owner", file),))
    inside = [action for action in GROUPS.get(argument, ()) if action in actions]
    offered = [button(action, file.id) for action in inside] if inside else _offered(actions, file)
    back = (button("menu", file.id, label=text("staff-button.menu-back")),) if inside else ()
    shown = {"code": code_of(file), "status": status_words(file)}
    return say(on(state, "menu", file.id), "menu", shown, *offered, *back, button("no", file.id))


def _offered(actions: Sequence[str], file: DossierFile) -> list[Button]:
    """A menu that is short enough is shown whole, in the same order; a group of one is its only action."""
    grouped = {action for group in GROUPS.values() for action in group}
    first = [action for action in _FIRST if action in actions]
    rest = [action for action in actions if action not in first and action not in grouped]
    offered = [button(action, file.id) for action in (*first, *rest)]
    for name, group in GROUPS.items():
        inside = [action for action in group if action in actions]
        if len(inside) > 1 and len(actions) > _WHOLE:
            offered.append(button("menu", file.id, name, label=text(f"staff-button.menu-{name}")))
        else:
            offered += [button(action, file.id) for action in inside]
    return offered
