"""Words typed freely: which procedure, which code, or what to do when none fits."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from msgspec.structs import asdict

from catalogue.model import Asked
from catalogue.phrases import Phrases, as_words
from catalogue.search import Found, Hit
from conversations import call, guide, looking_up, menu, narrow, own_words, page, rating, spoken, start, track
from conversations.commands import grateful, greets, heard, thanks, vague
from conversations.messages import Button, Event, TextSent
from conversations.state import Context, Say, State, Turn
from domain.values import fold

_CLAUSE = re.compile(r"[,.;!?\n]+|\b(?:rua|rứa|gio|giờ|nen|nên|ma|mà)\b", re.IGNORECASE)
_CLAUSE_WORDS = 3
_MOST_CLAUSES = 12

_SHORTEST_NUMBER = 6  # digits of what may be somebody's number; fewer were meant for a button
_SHORT = 15  # words; in a longer tale a question about the office may stand by the way
_GOOD_SCORE = 50  # worth naming beside something that was found elsewhere
_BEST_SCORE = 65  # the same, where it is another office's
_KINDS: Final = ("hotline", "call", "feedback", "mine")  # of what is asked; own_words reads the rest
_CHOOSING = frozenset({"page", "routing", "choose", "feedback", "again", "fields", "field", "events", "event"})
_SCAM: Final = re.compile(r"\b(?:otp|mao danh|gia danh|gia mao|lua dao|bi lua|so lua)\b")  # as fold() writes it
_BARE_NUMBER: Final = re.compile(
    r"(?:(?:ho so|ma|so|cua|toi|tui|em|minh|day|la|dien thoai|sdt|can cuoc|cong dan|cccd|cmnd|cmt|tra cuu|tra|tim"
    r"|kiem tra|xem|giup|cho|voi|a|nhe|theo doi)[ .:,]+)*\d(?:[ .\-]?\d){5,}(?: ?(?:a|nhe|voi|giup|em|toi))*"
)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """A message outside every question; files and the like are answered before they come here."""
    if not isinstance(event, TextSent):
        return Turn(state)
    text = event.text
    answered = (
        _of_the_page(state, text, ctx)
        or narrow.answered(state, text, ctx)
        or rating.by_words(state, text, ctx)
        or own_words.labelled(state, text, ctx)
    )
    if answered is not None:
        return answered
    if greets(text):
        return _polite(state, text) if thanks(text) else Turn(state.at("menu"), (start.greet(ctx),))
    if spoken.yes_or_no(text) is False or heard(text):
        return _well(state)
    if vague(text):
        return menu.find(state, "", ctx)
    if not any(c.isalnum() for c in text):
        return _well(state) if grateful(text) else Turn(state, (Say(_wordless(text)),))
    looked = looking_up.by_words(state, text, ctx)
    if looked is not None:
        return looked
    digits = text.replace(" ", "")
    if digits.isdecimal() and len(digits) >= _SHORTEST_NUMBER:
        return Turn(state.at("mine"), (Say("track.not-by-number"),))
    if digits.isdecimal():
        return Turn(state, (Say("common.choose"),))
    if any(c.isdigit() for c in text) and _BARE_NUMBER.fullmatch(fold(text)):
        return Turn(state.at("mine"), (Say("track.not-by-number"),))
    return _search(state, text, ctx)


def _of_the_page(state: State, text: str, ctx: Context) -> Turn | None:
    """How much or how long, asked while a procedure's page is open."""
    procedure = ctx.catalogue.procedures.get(state.talk.procedure)
    if procedure is None or state.talk.screen not in ("page", "legal"):
        return None
    match spoken.asks_about(text):
        case "fee":
            return Turn(state, (Say("page.fee", {"fee": page.fee_words(procedure)}),))
        case "time":
            return Turn(state, (Say("page.time", {"time": page.time_words(procedure)}),))
        case _:
            return None


def _search(state: State, text: str, ctx: Context) -> Turn:
    """Sure, a neighbour of the list, a question, several, or nothing: each says which of them it is."""
    found = _found(text, ctx, state.person.office)
    words = text[: narrow.KEPT]
    own = own_words.answered(state, text, found, ctx)
    if own is not None and about(text, ctx.catalogue.asked) in ("", "mine"):
        return own
    if _SCAM.search(fold(text)):
        return Turn(state.at("trust"))
    other = _asked(state, text, ctx) if not found.confident or len(text.split()) <= _SHORT else None
    if other is not None:
        return other
    if found.confident:
        return Turn(state.at("page", procedure=found.ranked[0].id, query=f"said:{words}"))
    if found.outside is not None:
        least = _GOOD_SCORE if found.outside.own_commune else _BEST_SCORE
        near = [hit for hit in found.ranked[:2] if hit.score >= least]
        return narrow.outside(state, found.outside, words, near, ctx)
    if found.routing is not None:
        return Turn(state.at("routing", query=f"{found.routing.id}:{words}"))
    if found.choices:
        return narrow.offer(state, words, found.choices, ctx)
    if found.life_event is not None:
        return Turn(state.at("event", query=found.life_event.id), (Say("find.event"),))
    return Turn(state.at("menu"), (_missed(state, ctx),), (narrow.missed(text),), ask=False)


def _asked(state: State, text: str, ctx: Context) -> Turn | None:
    """A question about the office or one's dossier, or feedback: no procedure is meant."""
    match about(text, ctx.catalogue.asked):
        case "hotline":
            return guide.hotline(state, "", ctx)
        case "call":
            return call.begin(state, "", ctx)
        case "mine":
            return track.mine(state, "", ctx)
        case "feedback":
            return Turn(state.at("feedback", query=text[: narrow.KEPT]))
        case _:
            return None


def about(text: str, asked: Asked) -> str:
    """The list that a phrase of the message stands in; empty where there is none."""
    said = as_words(text)
    strict = any(word.key != word.folded for word in said)  # Phan Anh may be somebody's name, phản ánh is not
    kinds = {kind for _, _, kind in _phrases(asked).find(said, strict=strict)}
    return next((kind for kind in _KINDS if kind in kinds), "")


@lru_cache(maxsize=4)
def _phrases(asked: Asked) -> Phrases[str]:
    return Phrases((phrase, kind) for kind, listed in asdict(asked).items() if kind in _KINDS for phrase in listed)


def _found(text: str, ctx: Context, office: str) -> Found:
    """What a message is about; a long tale that says nothing as a whole is looked at clause by clause."""
    found = ctx.search.find(text, office=office)
    clauses = [c for c in _CLAUSE.split(text) if len(c.split()) >= _CLAUSE_WORDS][:_MOST_CLAUSES]
    if len(clauses) < 2 or found.certainty != "unknown":
        return found
    best: dict[str, int] = {}
    for hit in (hit for clause in clauses for hit in ctx.search.find(clause, office=office).ranked):
        best[hit.id] = max(best.get(hit.id, 0), hit.score)
    ranked = tuple(sorted((Hit(entry, score) for entry, score in best.items()), key=lambda hit: -hit.score))
    return replace(found, ranked=ranked, choices=narrow.likely(ranked))


def ask_feedback(state: State, ctx: Context) -> tuple[Say, ...]:
    """What somebody is not content with goes to a person, in the words already written."""
    office = ctx.office(state.person.office)
    return (Say("find.feedback", {"office": office.name}, ("tell", "hotline", "mine", *menu.resume(state), "menu")),)


def tell(state: State, _arg: str, ctx: Context) -> Turn:
    words = state.talk.query if state.talk.screen == "feedback" else ""
    return call.about_words(state.at("menu"), words, ctx)


def _polite(state: State, text: str) -> Turn:
    """Thanks, or "dạ": where something is to be chosen, "dạ" chooses nothing."""
    if state.talk.screen in _CHOOSING and state.talk.offered and not grateful(text):
        return Turn(state, (Say("common.choose", {}, state.talk.offered),), ask=False)
    return _well(state)


def _wordless(text: str) -> str:
    return "misfit.empty" if text.isascii() or text == "…" else "misfit.sticker"


def _well(state: State) -> Turn:
    """Nothing more is wanted: no menu on its heels."""
    return Turn(state, (Say("common.thanks", {}, (*menu.resume(state), "menu")),), ask=False)


def _missed(state: State, ctx: Context) -> Say:
    buttons: tuple[Button | str, ...] = (*menu.resume(state), "fields", "events", "hotline", "call")
    return Say("find.missed", {"office": ctx.office(state.person.office).name}, buttons)
