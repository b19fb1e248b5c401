"""The menu, and browsing by field and by what happens in a life."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.model import Procedure
from conversations import questions
from conversations.messages import Button
from conversations.render import button, short
from conversations.state import Context, Say, State, Turn

PAGE = 8  # buttons of a list shown at once


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    buttons = ["find", "fields", "events", "mine", "guide", "call"]
    if ctx.channel == "web" and ctx.link_to:  # a messenger is where one stays; to leave a page one must know how
        buttons.append("join")
    line = next((d for d in ctx.drafts if d.id == state.talk.draft), None) or next(iter(ctx.drafts), None)
    if line is None:
        return (Say("menu.ask", {}, buttons),)
    procedure = ctx.catalogue.procedures.get(line.procedure)
    name = procedure.display_name if procedure else line.procedure
    about = {"procedure": name, "applicant": questions.for_words(line.applicant)}
    return (Say("menu.ask-draft", about, (button("resume", f"resume:{line.id}"), *buttons)),)


def menu(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at("menu"))


def find(state: State, _arg: str, _ctx: Context) -> Turn:
    """Only says that typing is all it takes."""
    return Turn(state.at("menu"), (Say("menu.find", {}, ("fields", "events", "menu")),), ask=False)


def fields(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at("fields"))


def field(state: State, arg: str, _ctx: Context) -> Turn:
    return _list(state, "field", arg)


def events(state: State, arg: str, _ctx: Context) -> Turn:
    return Turn(state.at("events", page=_number(arg)))


def event(state: State, arg: str, _ctx: Context) -> Turn:
    return _list(state, "event", arg)


def ask_fields(state: State, ctx: Context) -> tuple[Say, ...]:
    shown = [Button(short(s.display_name), f"field:{s.id}") for s in ctx.catalogue.sectors.values()]
    return (Say("menu.fields", {}, (*shown, *resume(state), "menu")),)


def ask_events(state: State, ctx: Context) -> tuple[Say, ...]:
    all_ = [Button(short(e.label), f"event:{e.id}") for e in ctx.catalogue.life_events.values()]
    return (Say("menu.events", {}, (*paged(all_, state.talk.page, "events"), *resume(state), "menu")),)


def ask_field(state: State, ctx: Context) -> tuple[Say, ...]:
    sector = ctx.catalogue.sectors.get(state.talk.query)
    if sector is None:
        return ask_fields(state, ctx)
    return _procedures(state, ctx.catalogue.in_sector(sector.id), sector.display_name, f"field:{sector.id}")


def ask_event(state: State, ctx: Context) -> tuple[Say, ...]:
    happening = ctx.catalogue.life_events.get(state.talk.query)
    if happening is None:
        return ask_events(state, ctx)
    return _procedures(state, ctx.catalogue.in_life_event(happening.id), happening.label, f"event:{happening.id}")


def paged(buttons: Sequence[Button], page: int, more: str) -> list[Button]:
    """One page of a long list; past the end it begins anew."""
    if len(buttons) <= PAGE:
        return list(buttons)
    pages = -(-len(buttons) // PAGE)
    page = page % pages
    shown = list(buttons[page * PAGE : (page + 1) * PAGE])
    return [*shown, button("more", f"{more}:{(page + 1) % pages}")]


def resume(state: State) -> tuple[Button, ...]:
    """The way back into the draft that was left open, if there is one."""
    return (button("resume", "resume"),) if state.draft is not None else ()


def choice(procedure: Procedure) -> Button:
    return Button(short(procedure.display_name), f"open:{procedure.id}")


def _procedures(state: State, listed: Sequence[Procedure], name: str, more: str) -> tuple[Say, ...]:
    shown = paged([choice(p) for p in listed], state.talk.page, more)
    back = "fields" if more.startswith("field:") else "events"
    buttons: tuple[Button | str, ...] = (*shown, *resume(state), button("back-list", back), "menu")
    return (Say("menu.procedures", {"name": name, "count": len(listed)}, buttons),)


def _list(state: State, screen: str, arg: str) -> Turn:
    which, _, page = arg.partition(":")
    return Turn(state.at(screen, query=which, page=_number(page)))


def _number(page: str) -> int:
    return int(page) if page.isdecimal() and len(page) < 4 else 0


def back(state: State) -> State:
    """One step back from a screen that is not part of a draft."""
    talk = state.talk
    match talk.screen:
        case "field":
            return state.at("fields")
        case "event":
            return state.at("events")
        case "legal":
            return state.at("page", procedure=talk.procedure, query=talk.query)
        case "page" | "again":
            kind, _, which = talk.query.partition(":")
            if kind in ("field", "event", "choose", "routing"):
                return state.at(kind, query=which)
        case "dossier":
            return state.at("mine")
        case "look-page":
            return state.at("look", query=talk.query)
        case "withdraw" | "move" | "collector":
            return state.at("dossier", dossier=talk.dossier)
        case "cancel":
            return state.at("draft")
        case "helping" if state.draft is not None and state.draft.id == talk.dossier:
            return state.at("draft")
        case "unhelp":
            return state.at("helped")
        case "own-drop" | "own-withdraw" | "own-looks":
            return state.at("own-data")
        case _:
            pass
    return state.at("menu")
