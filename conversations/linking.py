"""Going on in another place: a code is carried there, a number comes back, and both places are one person's.

Nobody sees both who is only near one of them. Who has got hold of a code can't read out the number in its owner's
place, and who has talked somebody into typing a foreign code never sees the number that only they are shown.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from conversations import find, looking_up, start
from conversations.linking_effects import GiveCode, GiveNumber, OfferCode, Refuse, Unlink
from conversations.menu import resume
from conversations.messages import Button, Event, Pressed, Started, TextSent
from conversations.render import button, text
from conversations.state import Address, Context, Say, State, Turn

SCREEN: Final = "join"
PREFIX: Final = "noi-"  # a link's payload: this, and the code
# No vowels, W, D, S or Z: no keyboard for Vietnamese makes marks of them, and no two of these are taken for each other.
ALPHABET: Final = "23456789CFHJKMNPRTX"
LENGTH: Final = 8
DIGITS: Final = 4  # of the number that comes back
_CODE: Final = re.compile(rf"\s*([{ALPHABET}]{{4}})\s?[-‐‑‒–—_. ]\s?([{ALPHABET}]{{4}})[\s.!]*")
_SOLID: Final = re.compile(rf"\s*(?=[{ALPHABET}]*[2-9])(?=[{ALPHABET}]*[C-X])([{ALPHABET}]{{8}})[\s.!]*")
_WAYS: Final = {"zalo": "join-zalo", "telegram": "join-telegram", "web": "join-web"}
_AT_REST: Final = frozenset({"menu", "found", "mine", "page", "guide", "fields", "events", SCREEN})
_PLACES: Final = {"web": "linking.at-web", "telegram": "linking.at-telegram", "zalo": "linking.at-zalo"}
_NUMBER: Final = re.compile(r"\d[\d\s.-]{0,10}")


def shown(code: str) -> str:
    """Grouped for reading: 4F7K-2M9P."""
    return f"{code[:4]}-{code[4:]}"


def given(event: Event, *, in_form: bool) -> str:
    """The code in an event, or empty. Where an answer may be anything, only one that is parted in the middle counts."""
    match event:
        case Started(payload):
            code = payload.removeprefix(PREFIX).replace("-", "").upper()
            return code if payload.startswith(PREFIX) and _SOLID.fullmatch(code) else ""
        case TextSent(words):
            found = _CODE.fullmatch(words.upper())
            if found is None and not in_form:
                found = _SOLID.fullmatch(words.upper())
            return "".join(found.groups()) if found is not None else ""
        case _:
            return ""


def accepted(state: State, code: str, ctx: Context) -> Turn:
    """It goes on from wherever somebody is, also before they have said which office."""
    arrived = start.first(state, Started(), ctx) if state.talk.screen == "start" else Turn(state)
    here = arrived.state.at(SCREEN) if arrived.state.talk.screen in _AT_REST else arrived.state
    return Turn(here, arrived.says, (GiveCode(code),), ask=False)  # who types the number here is told where to


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """A code for one place, or the question which one it is."""
    places = ctx.link_to
    if not places:
        key = "linking.nowhere-page" if ctx.channel == "web" else "linking.nowhere"
        return Turn(state, (Say(key, {}, (*resume(state), "menu")),), ask=False)
    if arg not in places and len(places) > 1:
        ways = [button(_WAYS[place], f"join:{place}") for place in places]
        return Turn(state, (Say("linking.choose", {}, (*ways, *resume(state), "menu")),), ask=False)
    place = arg if arg in places else places[0]
    return Turn(state.at(SCREEN, query=place), (), (OfferCode(place),), ask=False)


def ask(state: State, _ctx: Context) -> tuple[Say, ...]:
    """For the number."""
    another = button("join-again", f"join:{state.talk.query}" if state.talk.query else "join")
    return (Say("linking.ask", {}, (another, *resume(state), "menu")),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    match event:
        case TextSent(words) if _NUMBER.fullmatch(words.strip()):
            number = re.sub(r"\D", "", words)
            if len(number) != DIGITS:
                looked_up = looking_up.by_words(state.at("menu"), words, ctx)
                return looked_up or Turn(state, (Say("linking.number-length"),))
            return Turn(state, (), (GiveNumber(number),), ask=False)
        case Pressed():
            return Turn(state)
        case _:
            return find.answer(state.at("menu"), event, ctx)


def number(state: State, _arg: str, _ctx: Context) -> Turn:
    """To where the number is typed."""
    return Turn(state.at(SCREEN))


def refuse(state: State, _arg: str, _ctx: Context) -> Turn:
    here = state.at("menu") if state.talk.screen == SCREEN else state
    return Turn(here, (), (Refuse(),), ask=False)


def unlink(state: State, arg: str, _ctx: Context) -> Turn:
    """«Không phải tôi» beneath the news of a linking, and the same out of the list of one's chats."""
    return Turn(_calm(state), (), (Unlink(arg),), ask=False)


def part(state: State, _arg: str, ctx: Context) -> Turn:
    """Which of the other places is not to see this person's dossiers any more."""
    others = _others(ctx)
    if not others:
        return Turn(state, (Say("linking.alone", {}, (*resume(state), "menu")),), ask=False)
    names = [one.label or text(_PLACES[one.channel]) for one in others]
    ways = [button("unlink", f"unlink:{one.chat}", {"where": name}) for one, name in zip(others, names, strict=True)]
    return Turn(state, (Say("linking.part", {}, (*ways, *resume(state), "menu")),), ask=False)


def part_way(ctx: Context) -> tuple[Button, ...]:
    """The button that leads there, where somebody has several places."""
    return (button("part"),) if _others(ctx) else ()


def _others(ctx: Context) -> list[Address]:
    return [one for one in ctx.addresses if one.chat and not one.here and one.channel in _PLACES]


def alert(state: State, arg: str, _ctx: Context) -> Turn:
    """An officer wants to be alerted here."""
    return Turn(state, (), (GiveCode(arg, agreed=True),), ask=False)


def _calm(state: State) -> State:
    """What is shown on a page may be somebody else's a moment later; an open draft stays where it is."""
    calm = state.talk.screen in ("start", "office", "draft")
    return state if calm else replace(state.at("menu"), draft=state.draft)
