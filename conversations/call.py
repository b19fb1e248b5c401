"""Talking to a person: asking for one, and standing aside while the talk is open."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import drafts, page
from conversations.commands import command, ends_call
from conversations.effects import CallOfficer, EndCall, Relay
from conversations.messages import (
    Button,
    ContactShared,
    Edited,
    Event,
    FileSent,
    Pressed,
    Started,
    TextSent,
    Unsupported,
)
from conversations.render import button, text
from conversations.state import Context, Say, State, Turn

_LONGEST = 1_000
_LONGEST_RELAYED = 2_000
_LONGEST_PHONE = 40
_OF_A_DOSSIER = frozenset(
    {"dossier", "move", "collector", "remark", "post-address", "post-name", "post-phone", "post-confirm"}
)
END = "endcall"
_ELSEWHERE = frozenset({"menu", "back", "mine", "cancel", "find", "start", "resume", "guide"})


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """Asks what it is about, in one line; about a dossier nothing needs to be asked."""
    for dossier in ctx.dossiers:
        if arg and dossier.id == arg:
            return _called(state, text("call.about-dossier", {"procedure": dossier.procedure_name}), ctx, dossier.id)
    if arg:
        return Turn(state, (Say("common.old-button"),))
    talk = state.talk
    if talk.screen in _OF_A_DOSSIER and any(dossier.id == talk.dossier for dossier in ctx.dossiers):
        return begin(state, talk.dossier, ctx)
    if talk.screen == "call-about":
        return Turn(state)
    kept = replace(talk, screen="call-about", query=f"{talk.screen}:{talk.query}", offered=())
    return Turn(replace(state, talk=kept))


def about_procedure(state: State, arg: str, ctx: Context) -> Turn:
    procedure = ctx.catalogue.procedures.get(arg)
    if procedure is None:
        return begin(state, "", ctx)
    taken = page.taken_here(procedure, ctx.office(state.person.office), drafts.today_of(ctx))
    key = "call.about-procedure" if taken else "call.appointment"
    return _called(state, text(key, {"procedure": procedure.display_name}), ctx)


def about_words(state: State, words: str, ctx: Context) -> Turn:
    """What was already written is not asked for again."""
    return _called(state, words, ctx) if words else begin(state, "", ctx)


def about_outside(state: State, arg: str, ctx: Context) -> Turn:
    entry = ctx.catalogue.outside.get(arg)
    if entry is None:
        return begin(state, "", ctx)
    return _called(state, text("call.appointment", {"procedure": entry.name}), ctx)


def ask(_state: State, _ctx: Context) -> tuple[Say, ...]:
    return (Say("call.about", {}, ("hotline", "back")),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    match event:
        case TextSent(said):
            return _called(returned(state), said[:_LONGEST], ctx)
        case FileSent():
            return Turn(state, (Say("call.words-first"),))
        case _:
            return Turn(state)


def returned(state: State) -> State:
    """Back on the screen from which an officer was asked for."""
    if state.talk.screen != "call-about":
        return state
    screen, _, query = state.talk.query.partition(":")
    return replace(state, talk=replace(state.talk, screen=screen, query=query))


def talking(state: State, event: Event, _ctx: Context) -> Turn:
    """Everything goes to the officer and the menus keep silent; only the button and its word end it."""
    match event:
        case TextSent(said) if ends_call(said):
            return _ended(state)
        case Pressed(value) if value == END:
            return _ended(state)
        case TextSent(said) if command(said) in _ELSEWHERE:
            key = "call.still-open"
        case TextSent(said) if len(said) <= _LONGEST_RELAYED:
            return Turn(state, (), (Relay(said),), ask=False)
        case TextSent():
            key = "misfit.too-long"
        case ContactShared(phone):
            return Turn(state, (), (Relay(text("call.contact", {"phone": phone[:_LONGEST_PHONE]})),), ask=False)
        case FileSent(file, caption) if file.size != 0:
            return Turn(state, (), (Relay(caption, file),), ask=False)
        case FileSent() | Unsupported("empty-file"):
            key = "misfit.empty-file"
        case Unsupported("too-large"):
            key = "misfit.too-large"
        case Unsupported() | Edited():
            key = "call.not-relayed"
        case Pressed() | Started():
            key = "call.still-open"
        case _:
            return Turn(state, ask=False)
    return Turn(state, (Say(key, {}, (_end(),)),), ask=False)


def end(state: State, _arg: str, _ctx: Context) -> Turn:
    """The button of a talk that is over already."""
    return Turn(state, (Say("call.over"),))


def _called(state: State, about: str, ctx: Context, dossier: str = "") -> Turn:
    hours = page.hours_words(ctx.office(state.person.office), drafts.today_of(ctx))
    says = (Say("call.opened", {"hours": hours}, (_end(),)),)
    return Turn(returned(state), says, (CallOfficer(about, dossier),), ask=False)


def left_for(turn: Turn) -> Turn:
    """The citizen goes on to something else, which ends the talk."""
    return replace(turn, says=(Say("call.ended"), *turn.says), effects=(EndCall(), *turn.effects))


def _ended(state: State) -> Turn:
    return Turn(state, (Say("call.ended"),), (EndCall(),))


def _end() -> Button:
    return button("end-call", END)
