"""Handing over to whom the citizen named: the code they were given, then their name and the end of their number."""

from __future__ import annotations

import re
from typing import Final

from conversations import fees
from conversations.cards import code_of
from conversations.collector import TRIES
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import CheckCollector, DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, idle, on
from conversations.state import Collector, Say
from domain.dossier import HandOver
from domain.values import clean, show_phone

OTHER: Final = "other"
SELF: Final = "self"


def who(state: StaffState, file: DossierFile, collector: Collector, ctx: StaffContext) -> StaffTurn:
    """Which of the two has come."""
    shown = {"code": code_of(file), "phone": show_phone(collector.phone), **_person(collector, file, ctx)}
    choices = [button("hand", file.id, one, label=text(f"staff-button.hand-{one}")) for one in (SELF, OTHER)]
    buttons = (*choices, button("no", file.id))
    return StaffTurn(on(state, "who", file.id), (Say("staff-visit.who", shown, buttons),))


def ask_code(state: StaffState, file: DossierFile, collector: Collector) -> StaffTurn:
    """The code is typed; after too many wrong ones only a new one helps."""
    leave = button("no", file.id)
    if collector.wrong >= TRIES:
        alone = button("hand", file.id, SELF, label=text("staff-button.hand-self"))
        return StaffTurn(idle(state), (Say("staff-visit.code-locked", {"most": TRIES}, (alone,)),))
    return StaffTurn(on(state, "code", file.id), (Say("staff-visit.code", {"name": collector.name}, (leave,)),))


def typed(state: StaffState, file: DossierFile, words: str, ctx: StaffContext) -> StaffTurn:
    """Right or wrong, it is noted; with the right one, what is left to compare."""
    refused = hindrance(file, state.officer, HandOver)
    if refused:
        return StaffTurn(idle(state), (refused,))
    collector = file.collector
    if collector is None:
        return StaffTurn(idle(state), (Say("staff-visit.gone", {"code": code_of(file)}),))
    code = re.sub(r"[\s.\-]", "", clean(words))
    leave = button("no", file.id)
    if not re.fullmatch(r"[0-9]{6}", code):
        return StaffTurn(state, (Say("staff-visit.code-form", {}, (leave,)),))
    if collector.wrong >= TRIES:
        return ask_code(state, file, collector)
    if not ctx.fits(file.id, code):
        left = TRIES - collector.wrong - 1
        effects = (CheckCollector(file.id, right=False),)
        if not left:
            return StaffTurn(idle(state), (Say("staff-visit.code-locked", {"most": TRIES}),), effects)
        again = Say("staff-visit.code-wrong", {"left": left, "name": collector.name}, (leave,))
        return StaffTurn(state, (again,), effects)
    originals = ctx.procedure_of(file).originals
    state = on(state, "confirm", file.id, decision=HandOver(originals, "collector"))
    still = fees.reminder(file.charge, ctx.procedure_of(file))
    said = [*([still] if still else []), text("staff-visit.right", _person(collector, file, ctx))]
    if originals:
        named = "\n".join(text("staff.confirm-original", {"name": name}) for name in originals)
        said.append(text("staff-visit.originals", {"originals": named}))
    send = button("send", file.id, label=text("staff-button.send-hand" if originals else "staff-button.hand"))
    buttons = (send, button("back", file.id), leave)
    shown = Say("staff.shown", {"text": "\n\n".join(said)}, buttons)
    return StaffTurn(state, (shown,), (CheckCollector(file.id, right=True),))


def _person(collector: Collector, file: DossierFile, ctx: StaffContext) -> dict[str, str]:
    law = text(f"staff-visit.law-{ctx.procedure_of(file).collection or 'unknown'}")
    return {"name": collector.name, "last4": collector.last4, "law": law}
