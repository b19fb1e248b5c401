"""A dossier that somebody handed in for somebody else, as officers see it: the consent heard at the desk, or ended."""

from __future__ import annotations

from conversations.cards import code_of
from conversations.helping_effects import ConsentEnded, ConsentHeard
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, on, tell
from domain.helping import OPENS, Standing

SURE = "sure"


def waits(file: DossierFile) -> bool:
    """Whether the person helped has still to say yes before an officer."""
    return file.helper is not None and file.helper.status == Standing.AT_DESK


def holds(file: DossierFile) -> bool:
    """Whether the helper may look at it now."""
    return file.helper is not None and file.helper.status in OPENS


def first(state: StaffState, file: DossierFile) -> StaffTurn:
    """Without the consent it is not accepted."""
    about = {"code": code_of(file), "name": file.applicant}
    offered = (button("consent", file.id), button("unhelp", file.id), button("no", file.id))
    return tell(on(state, "consent", file.id), "accept-unconsented", about, *offered)


def heard(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """They have said it themselves."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if not waits(file):
        return tell(state, "consent-already", {"code": code_of(file)})
    return cause(state, ConsentHeard(file.id))


def ended(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """They do not want it any more, or never did; asked about once."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if not holds(file) or file.helper is None:
        return tell(state, "consent-already", {"code": code_of(file)})
    if argument == SURE:
        return cause(state, ConsentEnded(file.id))
    about = {"code": code_of(file), "name": file.applicant, "helper": file.helper.name}
    sure = button("unhelp", file.id, SURE, label=text("staff-life.unhelp-yes"))
    return tell(on(state, "unhelp", file.id), "unhelp", about, sure, button("no", file.id))
