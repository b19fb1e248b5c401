"""A draft begun under an older catalogue: what still fits is kept, and the person is told."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.changes import successor_of
from catalogue.model import Procedure
from conversations import drafts, filled, plans
from conversations.render import text
from conversations.state import Context, Draft, Say, State

_RULES = ("detour:", "odd:")  # flags that name a rule by its place in the procedure


def refresh(state: State, ctx: Context) -> tuple[State, tuple[Say, ...]]:
    """The state with its draft brought to the version in force; nothing is said when nothing was lost.

    A request for more stays with the version that its dossier was submitted under.
    """
    draft = state.draft
    successor = _successor(draft, ctx)
    if draft is not None and successor is not None:
        return _moved(state, draft, successor, ctx)
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


def _successor(draft: Draft | None, ctx: Context) -> Procedure | None:
    """What stands in for the draft's procedure, if that is no longer taken."""
    old = ctx.catalogue.procedures.get(draft.procedure) if draft is not None and not draft.dossier else None
    return None if old is None else successor_of(ctx.catalogue, old, drafts.today_of(ctx))


def _moved(state: State, draft: Draft, successor: Procedure, ctx: Context) -> tuple[State, tuple[Say, ...]]:
    """The draft goes on as one of the successor, with the answers and papers whose keys it knows."""
    old = ctx.catalogue.procedures[draft.procedure]
    fresh = replace(_fitting(draft, successor, ctx), procedure=successor.id, version=ctx.catalogue.hashes[successor.id])
    said = Say("linked.moved", {"old": old.display_name, "name": successor.display_name})
    return replace(state, draft=fresh), (said,)


def _fitting(draft: Draft, procedure: Procedure, ctx: Context) -> Draft:
    today = drafts.today_of(ctx)
    answers = {key: value for key, value in draft.answers.items() if _fits(draft, procedure, key, value, ctx)}
    papers = {p.key for p in procedure.papers}
    groups = plans.plan(procedure).groups
    fresh = replace(
        draft,
        answers=answers,
        marks={key: mark for key, mark in draft.marks.items() if key in answers},
        flags=tuple(flag for flag in draft.flags if not flag.startswith(_RULES)),
        card=draft.card if draft.card is not None and draft.card.group in groups else None,
        pending=None,
        documents=tuple(
            d for d in draft.documents if d.paper in papers or d.paper in (drafts.UNSORTED, drafts.READING)
        ),
        skipped=tuple(k for k in draft.skipped if k in papers),
        finished=tuple(k for k in draft.finished if k in papers),
    )
    return filled.settled(procedure, fresh, today)


def _fits(draft: Draft, procedure: Procedure, key: str, value: str, ctx: Context) -> bool:
    """Whether the stored answer would be taken today, word for word."""
    question = plans.question_of(procedure, key)
    if question is None or plans.pledge(question):
        return False
    return draft.marks.get(key) == "desk" or filled.fits(question, value, drafts.today_of(ctx))
