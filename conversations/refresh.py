"""A draft begun under an older catalogue: what still fits is kept, and the person is told."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.model import Procedure, Question
from conversations import drafts
from conversations.render import text
from conversations.state import Context, Draft, Say, State
from domain.values import Wrong, parse


def refresh(state: State, ctx: Context) -> tuple[State, tuple[Say, ...]]:
    """The state with its draft brought to the version in force; nothing is said when nothing was lost.

    A request for more stays with the version that its dossier was submitted under.
    """
    draft = state.draft
    current = ctx.catalogue.hashes.get(draft.procedure) if draft is not None else None
    if draft is None or draft.dossier or current is None or current == draft.version:
        return state, ()
    procedure = ctx.catalogue.procedures[draft.procedure]
    fresh = _fitting(draft, procedure, ctx)
    gone = [key for key in draft.answers if key not in fresh.answers]
    lost = len(draft.documents) - len(fresh.documents)
    names = {q.key: q.label for q in procedure.questions}
    says: tuple[Say, ...] = ()
    if gone or lost:
        dropped = [names.get(key, "") for key in gone]
        lines = [text("apply.changed-line", {"label": label}) for label in dropped if label]
        says = (Say("apply.changed", {"procedure": procedure.display_name, "lines": "\n".join(lines)}),)
    return replace(state, draft=replace(fresh, version=current)), says


def _fitting(draft: Draft, procedure: Procedure, ctx: Context) -> Draft:
    questions = {q.key: q for q in procedure.questions}
    papers = {p.key for p in procedure.papers}
    return replace(
        draft,
        answers={
            key: value for key, value in draft.answers.items() if key in questions and _fits(questions[key], value, ctx)
        },
        documents=tuple(d for d in draft.documents if d.paper in papers or d.paper == drafts.UNSORTED),
        skipped=tuple(k for k in draft.skipped if k in papers),
        finished=tuple(k for k in draft.finished if k in papers),
    )


def _fits(question: Question, value: str, ctx: Context) -> bool:
    """Whether the stored answer would be taken today, word for word."""
    if not value:
        return question.optional
    if question.choices:
        return value in question.choices
    read = parse(
        question.kind,
        value,
        today=drafts.today_of(ctx),
        partial=question.partial_ok,
        least=question.min,
        most=question.max,
    )
    return not isinstance(read, Wrong)
