"""An officer's words and files to a citizen: in reply to a card, or after [Nhắn người dân]."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from conversations import staff_result
from conversations.cards import call_card, code_of
from conversations.messages import File
from conversations.render import text
from conversations.staff_buttons import Press, button
from conversations.staff_state import (
    Answer,
    CalledBack,
    CloseCall,
    DossierFile,
    StaffContext,
    StaffState,
    StaffTalk,
    StaffTurn,
)
from conversations.staff_turns import cause, idle, not_allowed, owns, say
from domain.dossier import Role

LONGEST: Final = 3500  # characters that every messenger takes in one message


def reply(state: StaffState, card: str, words: str, file: File | None, ctx: StaffContext, album: str = "") -> StaffTurn:
    """In reply to a card; the screen that may be open stays, unless it must be asked what a file is."""
    kind, _, subject = card.partition(":")
    dossier = ctx.dossier(subject) if file is not None and kind == "dossier" else None
    if file is not None and dossier is not None and len(words) <= LONGEST and staff_result.asked(state, dossier):
        return staff_result.ask(state, dossier, file, words, album)
    return replace(_send(state, kind, subject, words, file, ctx), state=state)


def begin(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    refused = _taken(state, file)
    if refused:
        return refused
    state = replace(state, talk=StaffTalk("say", dossier=file.id))
    about = text("staff.about-dossier", {"code": code_of(file)})
    return say(state, "answer", {"about": about}, button("no", file.id))


def end(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    refused = _taken(state, file)
    if refused:
        return refused
    if not file.call_open:
        about = text("staff.about-dossier", {"code": code_of(file)})
        return say(idle(state), "talk-none", {"about": about})
    return cause(state, CloseCall(dossier=file.id))


def call_press(state: StaffState, press: Press, ctx: StaffContext) -> StaffTurn:
    """A button under a call's card."""
    call = ctx.call(press.subject)
    if call is None or press.action not in ("open", "answer", "called", "end", "no"):
        return say(state, "button-old")
    if press.action == "open":
        card = call_card(call)
        return say(idle(state), "shown", {"text": card.text}, *card.buttons)
    about = {"about": text("staff.about-call")}
    if press.action == "no":
        return say(idle(state), "cancelled-talk")
    if press.action == "called":
        return cause(state, CalledBack(call.id))
    if not call.open:
        return say(idle(state), "talk-none", about)
    if press.action == "end":
        return cause(state, CloseCall(call=call.id))
    state = replace(state, talk=StaffTalk("say", call=call.id))
    return say(state, "answer", about, button("no", call.id, kind="c"))


def typed(state: StaffState, words: str, file: File | None, ctx: StaffContext, album: str) -> StaffTurn:
    """What was typed or sent after [Nhắn người dân]; the files of one album go together."""
    talk = state.talk
    sent = _send(state, *(("call", talk.call) if talk.call else ("dossier", talk.dossier)), words, file, ctx)
    if album and sent.effects:
        return replace(sent, state=replace(state, talk=replace(talk, screen="album", key=album)))
    return sent


def _send(state: StaffState, kind: str, subject: str, words: str, file: File | None, ctx: StaffContext) -> StaffTurn:
    if len(words) > LONGEST:
        return say(state, "too-long", {"most": LONGEST})
    if kind == "call":
        if ctx.call(subject) is None:
            return say(idle(state), "not-found")
        return cause(state, Answer(call=subject, text=words, file=file))
    dossier = ctx.dossier(subject)
    if dossier is None:
        return say(idle(state), "not-found")
    return _taken(state, dossier) or cause(state, Answer(dossier=dossier.id, text=words, file=file))


def _taken(state: StaffState, file: DossierFile) -> StaffTurn | None:
    """Somebody else's dossier: they speak with the citizen. What nobody has, everybody may answer."""
    free = file.owner is None or owns(file, state.officer) or state.officer.role == Role.HEAD
    return None if free else StaffTurn(state, (not_allowed("not-owner", file),))
