"""The first contact: who speaks here, what staff never ask for, and which office it is about."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.model import Office
from conversations.messages import Button, Event, FileSent, Pressed, Started, TextSent
from conversations.render import short
from conversations.state import Context, Say, State, Turn
from domain.codes import find_tracking_code

_MOST = 8


def needed(state: State, ctx: Context) -> bool:
    """Whether the office is still to be chosen, or the installation no longer serves it."""
    return state.talk.screen in ("start", "office") or state.person.office not in ctx.catalogue.offices


def first(state: State, event: Event, ctx: Context) -> Turn:
    """Greets, and keeps what the first message asks for until the office is known."""
    greeting = greet(ctx)
    payload = event.payload if isinstance(event, Started) else ""
    wanted = event.text if isinstance(event, TextSent) else find_tracking_code(payload) or ""
    procedure = payload if payload in ctx.catalogue.procedures else ""
    state = state.at("office", procedure=procedure, query=wanted[:200])
    office = _linked(payload, ctx) or _only(ctx)
    if state.person.office in ctx.catalogue.offices and not _linked(payload, ctx):
        office = ctx.catalogue.offices[state.person.office]
    if office is None:
        return Turn(state, (greeting,))
    return Turn(_chosen(state, office), (greeting,))


def started(state: State, payload: str, ctx: Context) -> Turn:
    """A link or /start in a chat that is known."""
    office = _linked(payload, ctx)
    if office is not None:
        return Turn(_moved(state, office).at("menu"), (Say("start.office-taken", {"office": office.name}),))
    if payload in ctx.catalogue.procedures:
        return Turn(state.at("page", procedure=payload))
    return Turn(state.at("menu"), (greet(ctx),))


def greet(ctx: Context) -> Say:
    office = _only(ctx)
    return Say("start.greeting", {"desk": office.desk}) if office else Say("start.greeting-any")


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """Which commune; a practice office is found by its name only."""
    buttons = [_choice(office) for office in _offered(ctx)]
    if state.person.office in ctx.catalogue.offices:
        return (Say("start.office-change", {"office": ctx.office(state.person.office).name}, (*buttons, "menu")),)
    return (Say("start.office", {}, buttons[:_MOST]),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    match event:
        case Pressed(value) if value.partition(":")[2] in ctx.catalogue.offices and value.startswith("office:"):
            office = ctx.catalogue.offices[value.partition(":")[2]]
            return Turn(_chosen(state, office), (Say("start.office-taken", {"office": office.name}),))
        case TextSent(text):
            found = ctx.search.offices(text)
            if len(found) == 1:
                return Turn(_chosen(state, found[0]), (Say("start.office-taken", {"office": found[0].name}),))
            if found:
                return Turn(state, (Say("start.office-several", {}, [_choice(o) for o in found[:_MOST]]),), ask=False)
            return Turn(state, (Say("start.office-unknown"),))
        case FileSent():
            return Turn(state, (Say("start.office-first"),))
        case _:
            return Turn(state)


def change(state: State, arg: str, ctx: Context) -> Turn:
    """Another office, without leaving the draft for good; with an id it is taken at once."""
    office = ctx.catalogue.offices.get(arg)
    if office is None:
        return Turn(state.at("office"))
    return Turn(_chosen(state.at("office"), office), (Say("start.office-taken", {"office": office.name}),))


def _chosen(state: State, office: Office) -> State:
    """On to what was asked for before the office was known; the engine takes up a kept message again."""
    talk = state.talk
    state = _moved(state, office)
    if talk.procedure:
        return state.at("page", procedure=talk.procedure)
    if talk.query:
        return state.at("found", query=talk.query)
    return state.at("menu")


def _moved(state: State, office: Office) -> State:
    return replace(state, person=replace(state.person, office=office.id))


def _linked(payload: str, ctx: Context) -> Office | None:
    return ctx.catalogue.offices.get(payload.removeprefix("office-")) if payload.startswith("office-") else None


def _offered(ctx: Context) -> list[Office]:
    return [office for office in ctx.catalogue.offices.values() if not office.practice]


def _only(ctx: Context) -> Office | None:
    """The one office that need not be asked for."""
    offices = _offered(ctx) or list(ctx.catalogue.offices.values())
    return offices[0] if len(offices) == 1 else None


def _choice(office: Office) -> Button:
    return Button(short(office.short_name), f"office:{office.id}")
