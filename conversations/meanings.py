"""What an answer may mean: its spellings, its calendars, or a doubt; chosen or confirmed before it is recorded."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.model import Procedure, Question
from conversations import drafts, record, typed
from conversations.messages import Button
from conversations.record import label
from conversations.render import button, short
from conversations.state import Context, Draft, Pending, Say, State, Turn
from domain.reading import Reading, calendar_of


def waiting(draft: Draft, question: Question) -> Pending | None:
    """The readings of this question's answer that are to be chosen from."""
    waits = draft.pending
    return waits if waits is not None and waits.key == question.key and waits.offers else None


def ask(draft: Draft, question: Question, waits: Pending, ctx: Context) -> Say:
    end = drafts.tag(draft.id)
    labels = waits.labels or waits.offers
    doubt = waits.why.startswith(typed.DOUBT)
    shown: list[Button | str]
    if len(waits.offers) == 1 and (doubt or waits.why == "calendar"):
        label_key = "as-typed" if waits.why in typed.AS_IT_IS else "right"
        shown = [button(label_key, f"ans:{question.key}:p0:{end}")]
    else:
        shown = [Button(short(v), f"ans:{question.key}:p{n}:{end}") for n, v in enumerate(labels)]
        if waits.why != "calendar" and typed.plain(question, waits.typed, ctx):
            shown.append(button("as-typed", f"ans:{question.key}:t:{end}"))
    if typed.for_the_desk(question) and not draft.dossier:  # who asks again is that officer
        shown.append(button("desk", f"ans:{question.key}:k:{end}"))
    shown.append("back")
    blanks = {"typed": waits.typed, "value": waits.offers[0], "label": label(question)}
    if doubt:
        return Say(waits.why, blanks, tuple(shown))
    if waits.why == "calendar" and len(waits.offers) == 1:
        return Say("form.calendar-one", {"value": calendar_of(waits.offers[0])}, tuple(shown))
    key = "form.calendar" if waits.why == "calendar" else "form.spelling"
    return Say(key, blanks, tuple(shown))


def chosen(
    state: State,
    draft: Draft,
    procedure: Procedure,
    question: Question,
    waits: Pending,
    ctx: Context,
    number: int = 0,
) -> Turn:
    """One of the readings; it may be doubtful in another way, which is asked next."""
    value = waits.offers[number]
    if waits.why.startswith(typed.DOUBT):
        return record.answer(state, draft, procedure, question, value, ctx, mark="odd")
    if waits.why == "spelling" and typed.half_spelt(question, waits.typed, ctx):
        return record.answer(state, draft, procedure, question, value, ctx, mark="desk")
    found = Reading(value)
    again = typed.pending(draft, procedure, question, value, found, drafts.today_of(ctx))
    if again is not None:
        return Turn(replace(state, draft=replace(draft, pending=again)))
    return record.answer(state, draft, procedure, question, value, ctx)
