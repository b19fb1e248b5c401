"""Persons on earlier forms of whoever is speaking, offered where somebody's name is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure, Question
from conversations import drafts, filled, form, plans, record
from conversations.messages import Button
from conversations.render import button
from conversations.state import Context, Draft, Known, Say, State, Turn

_MOST: Final = 3
_NEVER_OWN: Final = ("deceased", "child")
_ALIVE: Final = ("requester", "spouse", "partner", "child")
_SEX: Final[Mapping[str, str]] = {"mother": "Nữ", "wife": "Nữ", "father": "Nam", "husband": "Nam"}


def buttons(draft: Draft, procedure: Procedure, question: Question, ctx: Context) -> list[Button]:
    """One for each person who may be meant; none once the person has a name."""
    if question.detail != "name" or not question.person or draft.answers.get(question.key):
        return []
    end = drafts.tag(draft.id)
    fitting = [k for k in ctx.people if _may_be(k, draft, procedure, question)]
    if question.person == "requester":
        fitting.sort(key=lambda known: not known.own)
    if question.person == "deceased":
        fitting.sort(key=lambda known: not known.fields.get("died"))
    return [button("known", f"who:{k.id}:{end}", {"name": k.fields["name"]}) for k in fitting[:_MOST]]


def press(state: State, arg: str, ctx: Context) -> Turn:
    """Fills in what is known and was not answered yet."""
    here = drafts.open_draft(state, ctx, arg)
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    known = next((k for k in ctx.people if k.id == arg.partition(":")[0]), None)
    question = step.question if isinstance(step, drafts.Ask) else None
    if known is None or question is None or question.detail != "name" or not question.person:
        return Turn(state.at("draft"), (Say("common.old-button"),))
    changed = _filled(draft, procedure, question, known, ctx)
    says = record.progress(draft, changed, procedure, ctx)
    if not record.said_back(says, question.group):
        now = {q.key: changed.answers[q.key] for q in procedure.questions if q.key in changed.answers}
        new = [key for key in now if key not in draft.answers and changed.marks.get(key) is None]
        shown = (procedure.question(key) for key in new)
        values = "; ".join(record.show(q, now[q.key]) for q in shown)
        says = (Say("apply.noted", {"value": values or known.fields["name"]}), *says)
    return Turn(replace(state.at("draft"), draft=changed), says)


def _filled(draft: Draft, procedure: Procedure, question: Question, known: Known, ctx: Context) -> Draft:
    """Again and again, since an answer may open the next question."""
    today, row = drafts.today_of(ctx), plans.row_of(question.key)
    for _ in range(3):
        answers = {
            q.key: known.fields[q.detail]
            for q in form.standing(procedure, draft, today)
            if q.person == question.person
            and q.detail is not None
            and plans.row_of(q.key) == row
            and not (draft.answers.get(q.key) and draft.marks.get(q.key) != "default")
            and known.fields.get(q.detail)
            and filled.fits(q, known.fields[q.detail], today)
        }
        if not answers:
            break
        draft = record.put(draft, procedure, answers, ctx)
    return draft


def _may_be(known: Known, draft: Draft, procedure: Procedure, question: Question) -> bool:
    name, sex = known.fields.get("name"), known.fields.get("sex")
    taken = {draft.answers.get(q.key) for q in procedure.questions if q.detail == "name"}
    if not name or name in taken or (known.own and question.person in _NEVER_OWN):
        return False
    if known.fields.get("died") and question.person in _ALIVE:
        return False
    return not sex or _SEX.get(question.person or "", sex) == sex
