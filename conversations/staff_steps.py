"""The steps inside the office: to whoever drafts, to whoever signs. The citizen sees them and is told nothing."""

from __future__ import annotations

from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hold
from domain.dossier import Present, Process


def process(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return hold(state, file, Process())


def present(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return hold(state, file, Present())
