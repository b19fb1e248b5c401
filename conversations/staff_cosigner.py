"""The second person who must agree, as officers see it: a warning before accepting, and a signature at the desk."""

from __future__ import annotations

from conversations.cards import code_of
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, SignedAtDesk, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, on, tell

SURE = "sure"


def unsigned(file: DossierFile) -> bool:
    """Whether somebody else must still agree."""
    return file.cosigner is not None and file.cosigner.status in ("waiting", "declined")


def warn(state: StaffState, file: DossierFile) -> StaffTurn:
    """Nothing is blocked: they may sign at the desk."""
    assert file.cosigner is not None
    about = {"code": code_of(file), "role": file.cosigner.role}
    sure = button("accept", file.id, SURE, label=text("staff-life.accept-unsigned-yes"))
    state = on(state, "unsigned", file.id)
    return tell(state, "accept-unsigned", about, sure, button("signed", file.id), button("no", file.id))


def at_desk(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """They signed on paper before an officer."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if not unsigned(file):
        return tell(state, "signed-already", {"code": code_of(file)})
    return cause(state, SignedAtDesk(file.id))
