"""When a message leaves it open: several to choose from, one question at a time, or a neighbour of the list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from catalogue.model import OutsideEntry, Procedure
from catalogue.search import Hit
from conversations import drafts, menu, page, spoken
from conversations.effects import NoteMissed
from conversations.messages import Button
from conversations.render import button, short, text
from conversations.state import Context, Say, State, Turn
from domain.values import fold, parse_choice

KEPT: Final = 200  # characters of a message that are remembered, for the way back and for what was missed
_MOST, _FEWEST = 5, 3
_LEAST_SCORE = 40  # below this a guess would only confuse
_FAR, _NEAR = 0.4, 0.75  # of the best score: not worth naming; worth a fourth and fifth button
_APART: Final = 80  # characters of the line that tells one from the others
_NOT_THIS: Final = frozenset(
    ("khong phai", "khong phai viec nay", "ko phai", "khong dung", "sai roi", "nham roi", "khong phai cai nay")
)
_SENTENCE: Final = re.compile(r"(?<=[^.])[.;](?= |$)")
_NUMBER: Final = re.compile(r"\d(?:[ .\-]?\d){5,}")


def likely(hits: Sequence[Hit], rejected: str = "") -> tuple[Hit, ...]:
    """The best three to five of a ranking, without one that was shown already; none where all are far off."""
    least = max(_LEAST_SCORE, _FAR * hits[0].score) if hits else 0
    good = [hit for hit in hits if hit.score >= least and hit.id != rejected]
    near = sum(hit.score >= _NEAR * good[0].score for hit in good)
    return tuple(good[: min(_MOST, max(_FEWEST, near))])


def offer(state: State, words: str, hits: Sequence[Hit], ctx: Context, rejected: str = "") -> Turn:
    """Several to choose from, each with what sets it apart."""
    state = state.at("choose", query=words[:KEPT], procedure=rejected)
    return Turn(state, (_several(state, hits, ctx),), ask=False)


def ask_choose(state: State, ctx: Context) -> tuple[Say, ...]:
    """The same list again, on the way back from one of its pages."""
    found = ctx.search.find(state.talk.query, office=state.person.office)
    hits = (() if state.talk.procedure else found.choices) or likely(found.ranked, state.talk.procedure)
    return (_several(state, hits, ctx),) if hits else menu.ask(state, ctx)


def _several(state: State, hits: Sequence[Hit], ctx: Context) -> Say:
    procedures = [*enumerate((ctx.catalogue.procedures[hit.id] for hit in hits), 1)]
    lines = [text("find.line", {"number": n, "apart": apart(it)}) for n, it in procedures]
    shown = [Button(short(f"{n}. {it.display_name}"), f"open:{it.id}") for n, it in procedures]
    key = "find.instead" if state.talk.procedure else "find.choose"
    none: tuple[Button | str, ...] = (*menu.resume(state), button("none-fits", "not-this"), "call")
    return Say(key, {"lines": "\n".join(lines)}, (*shown, *none))


def apart(procedure: Procedure) -> str:
    """What tells it from those that are like it; where nobody wrote that down, its summary's beginning."""
    return procedure.apart or short(_SENTENCE.split(procedure.summary)[0], _APART)


def ask_routing(state: State, ctx: Context) -> tuple[Say, ...]:
    question = ctx.catalogue.routing.get(state.talk.query.partition(":")[0])
    if question is None:
        return menu.ask(state, ctx)
    options = [Button(short(o.label), f"route:{question.id}:{n}") for n, o in enumerate(question.options)]
    none: tuple[Button | str, ...] = (*menu.resume(state), button("ask-other", "not-this"), "call")
    return (Say("find.routing", {"question": question.question}, (*options, *none)),)


def answered(state: State, words: str, ctx: Context) -> Turn | None:
    """Words in place of a button: "chưa ạ", "rồi", "không phải"; None where they are neither."""
    talk = state.talk
    if talk.screen in ("page", "choose", "routing") and fold(words) in _NOT_THIS:
        return not_this(state, "", ctx)
    question = ctx.catalogue.routing.get(talk.query.partition(":")[0]) if talk.screen == "routing" else None
    if question is None:
        return None
    labels = [option.label for option in question.options]
    chosen = parse_choice(spoken.plain(words), labels)
    agreed = spoken.yes_or_no(words)
    if isinstance(chosen, str):
        return route(state, f"{question.id}:{labels.index(chosen)}", ctx)
    no = [n for n, label in enumerate(labels) if spoken.yes_or_no(label.split()[0]) is False]
    if agreed is None or len(labels) != 2 or len(no) != 1:
        return None
    return route(state, f"{question.id}:{1 - no[0] if agreed else no[0]}", ctx)


def route(state: State, arg: str, ctx: Context) -> Turn:
    """One option of a question: a procedure, the next question, a neighbour of the list, or only an answer."""
    which, _, number = arg.partition(":")
    question = ctx.catalogue.routing.get(which)
    if question is None or not number.isdecimal() or int(number) >= len(question.options):
        return Turn(state, (Say("common.old-button"),))
    option = question.options[int(number)]
    words = said(state)
    if option.to is not None:
        return Turn(state.at("page", procedure=option.to, query=f"routing:{which}:{words}"))
    if option.ask is not None:
        return Turn(state.at("routing", query=f"{option.ask}:{words}"))
    says = (Say("find.answer", {"answer": option.answer}, ("call", "menu")),) if option.answer else ()
    if option.to_code is not None:
        turn = outside(state, ctx.catalogue.outside_by_code(option.to_code), words, [], ctx)
        return Turn(turn.state, (*(Say(s.key, s.blanks) for s in says), *turn.says), ask=False)
    return Turn(state.at("menu"), says, ask=False)


def outside(state: State, entry: OutsideEntry, words: str, near: Sequence[Hit], ctx: Context) -> Turn:
    """Our own commune's, but not in the list: to the desk; another office's: where to go."""
    office = ctx.office(state.person.office)
    key = "find.outside-own" if entry.own_commune else "find.outside-other"
    hours = page.hours_words(office, drafts.today_of(ctx))
    about = {"name": entry.name, "where": entry.where, "desk": office.desk, "hours": hours}
    meet = button("appointment" if entry.own_commune else "call", f"callo:{entry.id}")
    more = [menu.choice(ctx.catalogue.procedures[hit.id]) for hit in near]
    buttons: tuple[Button | str, ...] = (meet, *more, *menu.resume(state), "not-this", "menu")
    return Turn(state.at("menu", query=f"said:{words[:KEPT]}"), (Say(key, about, buttons),), ask=False)


def not_this(state: State, _arg: str, ctx: Context) -> Turn:
    """The next-best ones, once; then a question for more words, and what was not found is noted."""
    words = said(state)
    talk = state.talk
    again = Say("find.again", {}, (*menu.resume(state), "fields", "events", "hotline", "call"))
    if not words:
        return Turn(state.at("menu"), (again,), ask=False)
    if talk.screen != "choose" and not talk.query.startswith("choose:"):
        rejected = talk.procedure if talk.screen == "page" else ""
        others = likely(ctx.search.find(words, office=state.person.office).ranked, rejected)
        if others:
            return offer(state, words, others, ctx, rejected)
    return Turn(state.at("menu"), (again,), (missed(words),), ask=False)


def missed(words: str) -> NoteMissed:
    """What to keep for the official who adds aliases; long numbers may be somebody's."""
    return NoteMissed(_NUMBER.sub("…", words)[:KEPT])


def said(state: State) -> str:
    """The words that led here, as far as they are known: see `talk.query` of each screen."""
    talk = state.talk
    kind, _, rest = talk.query.partition(":")
    match talk.screen:
        case "choose":
            return talk.query
        case "routing":
            return rest
        case "page" | "menu" | "legal" if kind in ("said", "choose"):
            return rest
        case "page" | "legal" if kind == "routing":
            return rest.partition(":")[2]
        case _:
            return ""
