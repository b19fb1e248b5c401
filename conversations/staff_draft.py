"""A draft that the citizen has: nobody answers, or they did so by telephone."""

from __future__ import annotations

from conversations.cards import code_of
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, hold, idle, not_allowed, on, tell
from domain import rules
from domain.dossier import AnswerDraft, NotAllowed


def silent(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    """Silence is agreement only where it is sure that there is something to be silent about."""
    refused = hindrance(file, state.officer, AnswerDraft)
    if refused:
        return StaffTurn(idle(state), (refused,))
    try:
        rules.silence_agrees(file.shown_at, file.reminded_at, delivered=file.delivered, now=ctx.now)
    except NotAllowed as error:
        return StaffTurn(idle(state), (not_allowed(error.reason, file),))
    return hold(state, file, AnswerDraft(agreed=True, how="silence"))


def phoned(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """What the citizen said on the telephone."""
    refused = hindrance(file, state.officer, AnswerDraft)
    if refused:
        return StaffTurn(idle(state), (refused,))
    if argument == "yes":
        return hold(state, file, AnswerDraft(agreed=True, how="phone"))
    if argument == "no":
        state = on(state, "phone-remark", file.id)
        return tell(state, "phone-remark", {"code": code_of(file)}, button("no", file.id))
    yes = button("phoned", file.id, "yes", label=text("staff-life.phoned-yes"))
    no = button("phoned", file.id, "no", label=text("staff-life.phoned-no"))
    return tell(on(state, "phoned", file.id), "phoned", {"code": code_of(file)}, yes, no, button("no", file.id))


def remarked(state: StaffState, file: DossierFile, words: str, _ctx: StaffContext) -> StaffTurn:
    """What is to be corrected, as it was heard."""
    return hold(state, file, AnswerDraft(agreed=False, remark=words, how="phone"))
