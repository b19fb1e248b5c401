"""What was read from a photographed ID card: shown first, and used only when confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure, Question
from conversations import drafts, filled, record
from conversations.messages import Card
from conversations.render import button, text
from conversations.state import Context, Draft, ReadCard, Say, State, Turn
from domain.values import fold

_SHOWN: Final = 4  # last digits of a number


def ask(state: State, draft: Draft, procedure: Procedure, read: ReadCard, ctx: Context) -> tuple[Say, ...]:
    end = drafts.tag(draft.id)
    card = read.card
    blanks = {
        "name": card.name,
        "born": card.born,
        "number": "••••" + card.number[-_SHOWN:],
        "address": card.address,
        "differs": _differs(state, draft, procedure, read, ctx),
    }
    return (Say("form.card", blanks, (button("card-use", f"card:use:{end}"), button("card-no", f"card:no:{end}"))),)


def press(state: State, arg: str, ctx: Context) -> Turn:
    here = drafts.open_draft(state, ctx, arg)
    if here is None or here[0].card is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    return use(state, draft, procedure, ctx) if arg.partition(":")[0] == "use" else leave(state, draft)


def use(state: State, draft: Draft, procedure: Procedure, ctx: Context) -> Turn:
    """The card's own words stand from now on, also where others were typed."""
    read = draft.card
    if read is None:
        return Turn(state, (Say("common.old-button"),))
    changed = replace(draft, card=None)
    today = drafts.today_of(ctx)
    fields = _fields(state, draft, procedure, read, ctx)
    answers = {q.key: value for q, value in fields if filled.fits(q, value, today)}
    changed = record.put(changed, procedure, answers, ctx, mark="card")
    return Turn(replace(state.at("draft"), draft=changed), record.progress(draft, changed, procedure, ctx))


def leave(state: State, draft: Draft) -> Turn:
    return Turn(replace(state, draft=replace(draft, card=None)), (Say("form.card-left"),))


def _fields(
    state: State, draft: Draft, procedure: Procedure, read: ReadCard, ctx: Context
) -> list[tuple[Question, str]]:
    """What the card says of the person that its group is about, elsewhere only where nothing was told yet.

    Of several persons in a group it is the one whose turn it is.
    """
    told = _told(read.card)
    prefilled = [q for q in procedure.questions if q.group == read.group and q.prefill and told.get(q.prefill)]
    open_ = _person(state, draft, procedure, read, ctx)
    person = open_ if any(q.person == open_ for q in prefilled) else next((q.person for q in prefilled), None)
    own = [q for q in prefilled if q.person == person]
    own += [
        q
        for q in procedure.questions
        if q.group != read.group and q.prefill and person and q.person == person and not draft.answers.get(q.key)
    ]
    sexes = [
        (q, read.card.sex)
        for q in procedure.questions
        if person and q.person == person and q.detail == "sex" and not q.prefill and not draft.answers.get(q.key)
    ]
    return [*((q, told[q.prefill]) for q in own if q.prefill and told.get(q.prefill)), *sexes]


def _person(state: State, draft: Draft, procedure: Procedure, read: ReadCard, ctx: Context) -> str | None:
    """Whose turn it is in this group."""
    step = drafts.step(state, replace(draft, card=None), procedure, drafts.today_of(ctx))
    if isinstance(step, drafts.Ask) and step.question.group == read.group:
        return step.question.person
    return None


def _told(card: Card) -> Mapping[str, str]:
    return {
        "cccd.number": card.number,
        "cccd.full_name": card.name,
        "cccd.dob": card.born,
        "cccd.sex": card.sex,
        "cccd.address": card.address,
    }


def _differs(state: State, draft: Draft, procedure: Procedure, read: ReadCard, ctx: Context) -> str:
    """What was typed before and reads otherwise on the card."""
    lines = []
    for question, value in _fields(state, draft, procedure, read, ctx):
        old = draft.answers.get(question.key, "")
        if old and fold(old) != fold(value):
            lines.append(text("form.card-differs", {"old": record.show(question, old), "new": value}))
    return "\n" + "\n".join(lines) if lines else ""
