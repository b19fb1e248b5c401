"""The first contact: who speaks here, what staff never ask for, and which office it is about."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.model import Office
from conversations.messages import Button, Event, FileSent, Pressed, Started, TextSent
from conversations.render import short
from conversations.state import Context, Say, State, Turn
from domain.codes import find_tracking_code

_MOST = 8
_OFFICE = "office-"


def needed(state: State, ctx: Context) -> bool:
    """Whether the office is still to be chosen, or the installation no longer serves it."""
    return state.talk.screen in ("start", "office") or state.person.office not in ctx.catalogue.offices


def first(state: State, event: Event, ctx: Context) -> Turn:
    """Greets, and keeps what the first message asks for until the office is known."""
    greeting = greet(ctx)
    payload = event.payload if isinstance(event, Started) else ""
    wanted = event.text if isinstance(event, TextSent) else find_tracking_code(payload) or ""
    named, procedure = linked(payload, ctx)
    state = state.at("office", procedure=procedure, query=wanted[:200])
    office = named or ctx.catalogue.offices.get(state.person.office) or _only(ctx)
    says = [greeting]
    if isinstance(event, FileSent):
        state = replace(state, talk=replace(state.talk, album=event.album, album_paper=""))
        says.append(Say("start.office-first" if office is None else "misfit.file-nowhere"))
    elif payload and not (named or procedure or wanted):
        says.append(Say("start.link-gone"))
    return Turn(state if office is None else _chosen(state, office), tuple(says))


def started(state: State, payload: str, ctx: Context) -> Turn:
    """A link or /start in a chat that is known."""
    office, procedure = linked(payload, ctx)
    says: tuple[Say, ...] = ()
    if office is not None and (not procedure or office.id != state.person.office):
        says = (Say("start.office-taken", {"office": office.name}),)
    if office is not None:
        state = _moved(state, office)
    if procedure:
        return Turn(state.at("page", procedure=procedure), says)
    return Turn(state.at("menu"), says or (Say("start.link-gone") if payload else greet(ctx),))


def linked(payload: str, ctx: Context) -> tuple[Office | None, str]:
    """The office and the procedure that a poster's link names, or neither.

    A link carries "office-<id>", a procedure's id, or both as "<office>--<procedure>".
    """
    office, both, procedure = payload.partition("--")
    if not both:
        office, procedure = (payload[len(_OFFICE) :], "") if payload.startswith(_OFFICE) else ("", payload)
    return ctx.catalogue.offices.get(office), procedure if procedure in ctx.catalogue.procedures else ""


def coded(payload: str) -> bool:
    """Whether a link carries a dossier's code; a procedure that there is no more is not a mistyped code."""
    return find_tracking_code(payload) is not None or any(map(str.isdigit, payload))


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


def _offered(ctx: Context) -> list[Office]:
    return [office for office in ctx.catalogue.offices.values() if not office.practice]


def _only(ctx: Context) -> Office | None:
    """The one office that need not be asked for."""
    offices = _offered(ctx) or list(ctx.catalogue.offices.values())
    return offices[0] if len(offices) == 1 else None


def _choice(office: Office) -> Button:
    return Button(short(office.short_name), f"office:{office.id}")
