"""Words typed freely: which procedure, which code, or what to do when none fits."""

from __future__ import annotations

import re
from dataclasses import replace

from catalogue.model import OutsideEntry, RoutingQuestion
from catalogue.search import Found, Hit
from conversations import call, drafts, guide, menu, page, start, track
from conversations.commands import asked_about, greets, thanks, vague
from conversations.effects import NoteMissed
from conversations.messages import Button, Event, TextSent
from conversations.render import button, short
from conversations.state import Context, Say, State, Turn
from domain.values import phone

_CLAUSE = re.compile(r"[,.;!?\n]+|\b(?:rua|rứa|gio|giờ|nen|nên|ma|mà)\b", re.IGNORECASE)
_CLAUSE_WORDS = 3
_MOST_CLAUSES = 12

_MOST = 5
_LEAST_SCORE = 30  # below this a guess would only confuse
_SHORTEST_NUMBER = 6  # digits of what may be somebody's number; fewer were meant for a button
_GOOD_SCORE = 50  # worth naming beside something that was found elsewhere
_CHOOSING = frozenset({"page", "routing", "again", "fields", "field", "events", "event"})
_BEST_SCORE = 65  # the same, where it is another office's
_NEAR = 0.6  # of the best score


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """A message outside every question; files and the like are answered before they come here."""
    if not isinstance(event, TextSent):
        return Turn(state)
    text = event.text
    if greets(text):
        return _polite(state) if thanks(text) else Turn(state.at("menu"), (start.greet(ctx),))
    if vague(text):
        return menu.find(state, "", ctx)
    if not any(c.isalnum() for c in text):
        return Turn(state, (Say("misfit.sticker"),))
    code = track.by_words(state, text, ctx)
    if code is not None:
        return code
    digits = text.replace(" ", "")
    if phone(text) is not None or (digits.isdecimal() and len(digits) >= _SHORTEST_NUMBER):
        return Turn(state.at("mine"), (Say("track.not-by-number"),))
    if digits.isdecimal():
        return Turn(state, (Say("common.choose"),))
    return _search(state, text, ctx)


def _search(state: State, text: str, ctx: Context) -> Turn:
    found = _found(text, ctx, state.person.office)
    procedures = ctx.catalogue.procedures
    about = "" if found.confident else asked_about(text)
    if about == "hotline":
        return guide.hotline(state, "", ctx)
    if about == "call":
        return call.begin(state, "", ctx)
    if about == "mine":
        return track.mine(state, "", ctx)
    ranked = [hit for hit in found.ranked if hit.score >= _LEAST_SCORE and hit.id in procedures]
    if found.outside is not None:
        least = _GOOD_SCORE if found.outside.own_commune else _BEST_SCORE
        return _outside(state, found.outside, [hit.id for hit in ranked[:2] if hit.score >= least], ctx)
    if found.confident and found.ranked:
        return Turn(state.at("page", procedure=found.ranked[0].id, query=text[:200]))
    if found.routing is not None:
        return Turn(state.at("routing", query=found.routing.id))
    if ranked:
        close = [hit for hit in ranked if hit.score >= _NEAR * ranked[0].score][:_MOST]
        shown = close if len(close) >= 3 else ranked[:3]
        buttons = [menu.choice(procedures[hit.id]) for hit in shown]
        return Turn(state.at("menu"), (Say("find.choose", {}, (*buttons, *_none(state))),), ask=False)
    if found.life_event is not None:
        return Turn(state.at("event", query=found.life_event.id))
    return Turn(state.at("menu"), (_missed(state, ctx),), (NoteMissed(text[:200]),), ask=False)


def _found(text: str, ctx: Context, office: str) -> Found:
    """What a message is about; a long tale that says nothing as a whole is looked at clause by clause."""
    found = ctx.search.find(text, office=office)
    clauses = [c for c in _CLAUSE.split(text) if len(c.split()) >= _CLAUSE_WORDS][:_MOST_CLAUSES]
    if len(clauses) < 2 or found.outside is not None or (found.ranked and found.ranked[0].score >= _LEAST_SCORE):
        return found
    parts = [ctx.search.find(clause, office=office) for clause in clauses]
    best: dict[str, int] = {}
    for hit in (hit for part in parts for hit in part.ranked):
        best[hit.id] = max(best.get(hit.id, 0), hit.score)
    ranked = sorted((Hit(entry, score) for entry, score in best.items()), key=lambda hit: -hit.score)
    return replace(found, ranked=tuple(ranked), confident=False)


def _polite(state: State) -> Turn:
    """Thanks, or "dạ": no menu on its heels; where something is to be chosen, "dạ" chooses nothing."""
    if state.talk.screen in _CHOOSING and state.talk.offered:
        return Turn(state, (Say("common.choose", {}, state.talk.offered),), ask=False)
    return Turn(state, (Say("common.thanks", {}, (*menu.resume(state), "menu")),), ask=False)


def _missed(state: State, ctx: Context) -> Say:
    buttons: tuple[Button | str, ...] = (*menu.resume(state), "fields", "events", "hotline", "call")
    return Say("find.missed", {"office": ctx.office(state.person.office).name}, buttons)


def _outside(state: State, entry: OutsideEntry, near: list[str], ctx: Context) -> Turn:
    """Our own commune's, but not in the list: to the desk; another office's: where to go."""
    office = ctx.office(state.person.office)
    key = "find.outside-own" if entry.own_commune else "find.outside-other"
    hours = page.hours_words(office, drafts.today_of(ctx))
    about = {"name": entry.name, "where": entry.where, "desk": office.desk, "hours": hours}
    more = [menu.choice(ctx.catalogue.procedures[p]) for p in near]
    meet = button("appointment" if entry.own_commune else "call", f"callo:{entry.id}")
    buttons: tuple[Button | str, ...] = (meet, *more, *menu.resume(state), "not-this", "menu")
    return Turn(state.at("menu"), (Say(key, about, buttons),), ask=False)


def ask_routing(state: State, ctx: Context) -> tuple[Say, ...]:
    question = ctx.catalogue.routing.get(state.talk.query)
    if question is None:
        return menu.ask(state, ctx)
    options = [Button(short(o.label), f"route:{question.id}:{n}") for n, o in enumerate(question.options)]
    return (Say("find.routing", {"question": question.question}, (*options, *_none(state))),)


def route(state: State, arg: str, ctx: Context) -> Turn:
    """One option of a question: a procedure, a neighbour of the list, or only an answer."""
    which, _, number = arg.partition(":")
    question: RoutingQuestion | None = ctx.catalogue.routing.get(which)
    if question is None or not number.isdecimal() or int(number) >= len(question.options):
        return Turn(state, (Say("common.old-button"),))
    option = question.options[int(number)]
    if option.to is not None:
        return Turn(state.at("page", procedure=option.to))
    says = (Say("find.answer", {"answer": option.answer}, ("call", "menu")),) if option.answer else ()
    if option.to_code is not None:
        turn = _outside(state, ctx.catalogue.outside_by_code(option.to_code), [], ctx)
        return Turn(turn.state, (*(Say(s.key, s.blanks) for s in says), *turn.says), ask=False)
    return Turn(state.at("menu"), says, ask=False)


def not_this(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at("menu"), (Say("find.again", {}, ("fields", "events", "call", "menu")),), ask=False)


def _none(state: State) -> tuple[Button | str, ...]:
    return (*menu.resume(state), "not-this", "call")
