"""Somebody who helps many: the people, what there is of each, and the way from one open draft to another."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from conversations import drafts, menu, questions, track
from conversations.messages import Button
from conversations.render import short, text
from conversations.state import Context, DraftLine, MandateView, Say, State, Turn
from domain.helping import Standing
from domain.values import fold

SCREEN: Final = "people"
PERSON: Final = "person"
OTHERS: Final = "others"
_SELVES: Final = ("", drafts.SELF, drafts.OTHER)
_LETTERS: Final = 8


def people(state: State, arg: str, _ctx: Context) -> Turn:
    return Turn(state.at(SCREEN, page=int(arg) if arg.isdecimal() and len(arg) < 4 else 0))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """Everybody who is helped; who has one thing only leads straight there."""
    found = _people(ctx)
    if not found:
        return (Say("helping.people-none", {}, ("mine", "menu")),)
    buttons = [
        Button(short(text("helping.person-button", {"name": name, "count": len(items)})), _way(name, items))
        for name, items in found.items()
    ]
    return (Say("helping.people", {}, (*menu.paged(buttons, state.talk.page, "people"), "mine", "menu")),)


def person(state: State, arg: str, ctx: Context) -> Turn:
    which, _, page = arg.partition(":")
    if _named(which, ctx) is None:
        return Turn(state.at(SCREEN), (Say("common.old-button"),))
    return Turn(state.at(PERSON, query=which, page=int(page) if page.isdecimal() and len(page) < 4 else 0))


def ask_person(state: State, ctx: Context) -> tuple[Say, ...]:
    """What is begun and handed in for one of them."""
    which = state.talk.query
    name = _named(which, ctx)
    if name is None:
        return ask(state, ctx)
    buttons = menu.paged(_people(ctx)[name], state.talk.page, f"person:{which}")
    return (Say("helping.person", {"name": name}, (*buttons, Button(text("helping.people-button"), "people"), "menu")),)


def others(state: State, arg: str, _ctx: Context) -> Turn:
    """From inside a draft: all that are open."""
    return Turn(state.at(OTHERS, page=int(arg) if arg.isdecimal() and len(arg) < 4 else 0))


def ask_others(state: State, ctx: Context) -> tuple[Say, ...]:
    """Whoever's they are; the one that was just open comes last, and is the way back."""
    lines = sorted(ctx.drafts, key=lambda line: line.id == state.talk.draft)
    if not lines:
        return menu.ask(state, ctx)
    buttons = [Button(short(_line(line, ctx)), f"resume:{line.id}") for line in lines]
    page = menu.paged(buttons, state.talk.page, "others")
    return (Say("whose.list", {"count": len(lines)}, (*page, "menu")),)


def _people(ctx: Context) -> dict[str, list[Button]]:
    """By name: what is begun, what is handed in, and what waits for a consent anew."""
    found: dict[str, list[Button]] = {}
    names: dict[str, str] = {}

    def add(name: str, button: Button) -> None:
        found.setdefault(names.setdefault(fold(name), name), []).append(button)

    for line in ctx.drafts:
        if line.applicant not in _SELVES:
            procedure = ctx.catalogue.procedures.get(line.procedure)
            words = {"procedure": procedure.display_name if procedure else line.procedure}
            add(line.applicant, Button(short(text("helping.item-draft", words)), f"resume:{line.id}"))
    for dossier in ctx.dossiers:
        if dossier.applicant not in _SELVES:
            words = {"procedure": dossier.procedure_name, "status": track.status_words(dossier)}
            add(dossier.applicant, Button(short(text("helping.item-dossier", words)), f"d:{dossier.id}"))
    for mandate in ctx.mandates:
        if _waits(mandate):
            label = short(text("helping.item-expired", {"procedure": mandate.procedure}))
            add(mandate.applicant, Button(label, f"help-again:{mandate.id}"))
    return found


def _waits(mandate: MandateView) -> bool:
    """Whether the helper may ask for this consent once more; of what was taken back nothing is shown."""
    return mandate.status == Standing.EXPIRED and mandate.handed_in


def _way(name: str, items: Sequence[Button]) -> str:
    return items[0].value if len(items) == 1 else f"person:{_tag(name)}"


def _named(which: str, ctx: Context) -> str | None:
    return next((name for name in _people(ctx) if _tag(name) == which), None)


def _tag(name: str) -> str:
    """A name in a button's value: short, and not to be read there."""
    return hashlib.sha256(fold(name).encode()).hexdigest()[:_LETTERS]


def _line(line: DraftLine, ctx: Context) -> str:
    procedure = ctx.catalogue.procedures.get(line.procedure)
    name = procedure.display_name if procedure else line.procedure
    who = questions.for_words(line.applicant)
    return text("whose.button", {"applicant": who[:1].upper() + who[1:], "procedure": name})
