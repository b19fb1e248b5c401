"""The dossier's slips again for an officer, its control slip, and the ledger of a period for the head."""

from __future__ import annotations

from typing import Final

from conversations.cards import code_of
from conversations.messages import Button
from conversations.periods import period
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, SendLedger, SendSlip, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, on, say
from conversations.state import Say
from domain.dossier import Role
from domain.values import VIETNAM, fold

ISSUED: Final = ("accept", "ask-more", "refuse", "extend", "stop")  # decisions that a slip is issued with
_ALWAYS: Final = {"control": "control-pdf", "control-xlsx": "control-xlsx"}
_MOST: Final = 8  # slips on one screen, the newest


def choose(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """Which one; then it is printed for this officer alone."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if argument:
        return cause(state, SendSlip(file.id, argument))
    always = [button("slips", file.id, which, label=text(f"slips.{key}")) for which, key in _ALWAYS.items()]
    offered = [*_slips(file), *always]
    head = "slips-which" if len(offered) > len(_ALWAYS) else "slips-none"
    return say(on(state, "slips", file.id), head, {"code": code_of(file)}, *offered, button("no", file.id))


def _slips(file: DossierFile) -> list[Button]:
    """One for each that was issued, by what it is and its day."""
    issued = [step for step in file.steps if step.decision in ISSUED]
    labels = [text(f"slips.label-{step.decision}", {"day": f"{step.at:%d/%m}"}) for step in issued]
    offered = [button("slips", file.id, str(place), label=label) for place, label in enumerate(labels, 1)]
    return offered[-_MOST:]


def ledger(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    """`/so`, `/so 11/2026`, `/so 01/11-15/11`, `/so 2026`: to the head's own chat."""
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    found = period(fold(rest), ctx.now.astimezone(VIETNAM).date())
    if found is None:
        return say(state, "ledger-when", {"words": rest[:80]})
    return cause(state, SendLedger(*found))
