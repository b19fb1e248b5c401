"""The steps of a form: which module asks each of them, takes its words, and what stands one step before it."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from catalogue.conditions import fields_of
from catalogue.model import Procedure
from conversations import cards_read, detours, drafts, extras, form, meanings, plans, questions, rows, spoken
from conversations.state import Context, Draft, Say, State, Turn


def ask(state: State, draft: Draft, procedure: Procedure, step: drafts.FormStep, ctx: Context) -> tuple[Say, ...]:
    match step:
        case drafts.Ask(question):
            return questions.ask(state, draft, procedure, question, ctx)
        case drafts.ConfirmCard(read):
            return cards_read.ask(state, draft, procedure, read, ctx)
        case drafts.Detoured(number):
            return detours.ask(draft, procedure, number, ctx)
        case drafts.More(block):
            return rows.ask(draft, block)
        case drafts.Extra():
            return extras.ask(state, draft, step)
        case drafts.Doubtful(number):
            return detours.ask_doubt(draft, procedure, number, ctx)
        case _:
            assert_never(step)


def answer(state: State, draft: Draft, procedure: Procedure, step: drafts.FormStep, said: str, ctx: Context) -> Turn:
    """What was typed at this step; words that are no answer get the buttons again."""
    agreed = spoken.yes_or_no(said)
    match step:
        case drafts.Ask(question):
            return questions.answer(state, draft, procedure, question, said, ctx)
        case drafts.More(block):
            return rows.answer(state, draft, procedure, block, said, ctx)
        case drafts.Extra():
            return extras.answer(state, draft, step, said)
        case drafts.ConfirmCard() if agreed is not None:
            return cards_read.use(state, draft, procedure, ctx) if agreed else cards_read.leave(state, draft)
        case drafts.Doubtful(number) if agreed:
            return detours.keep(state, f"{number}:{drafts.tag(draft.id)}", ctx)
        case drafts.ConfirmCard() | drafts.Doubtful() | drafts.Detoured():
            shown = ask(state, draft, procedure, step, ctx)[-1].buttons
            return Turn(state, (Say("common.choose", {}, shown),), ask=False)
        case _:
            assert_never(step)


def undone(state: State, draft: Draft, procedure: Procedure, step: drafts.FormStep, ctx: Context) -> Turn | None:
    """One step back where that is not the question before: a reading, a card or an extra question is left."""
    match step:
        case drafts.ConfirmCard():
            return cards_read.leave(state, draft)
        case drafts.Ask(question) if meanings.waiting(draft, question) is not None:
            return Turn(replace(state, draft=replace(draft, pending=None)))
        case drafts.Ask(question) if form.is_extra(procedure, question) and question.key not in draft.answers:
            return Turn(state.at("draft"))
        case drafts.Detoured(number):
            told = fields_of(procedure.detours[number].when)
            keys = [q.key for q in form.standing(procedure, draft, drafts.today_of(ctx)) if q.key in told]
            return Turn(state.at("draft", changing=keys[-1])) if keys else None
        case _:
            pass
    return None


def before(draft: Draft, procedure: Procedure, step: drafts.FormStep, ctx: Context) -> str:
    """The key of the question that was asked before this step; empty at the beginning."""
    standing = form.standing(procedure, draft, drafts.today_of(ctx))
    if draft.dossier:
        standing = tuple(
            i.question for i in drafts.items(draft, procedure, drafts.today_of(ctx)) if isinstance(i, drafts.Ask)
        )
    at = len(standing)
    match step:
        case drafts.Ask(question):
            at = next((n for n, q in enumerate(standing) if q.key == question.key), at)
        case drafts.More(block):
            own = {q.key for q in block.questions}
            at = max((n + 1 for n, q in enumerate(standing) if plans.base(q.key) in own), default=at)
        case _:
            pass
    asked = [q.key for q in standing[:at] if q.key in draft.answers and draft.marks.get(q.key) not in form.UNASKED]
    return asked[-1] if asked else ""
