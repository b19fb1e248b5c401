"""A dossier that came to nothing begins again, with all its answers and papers."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import apply, form, plans, refresh
from conversations.render import button
from conversations.state import Context, Document, Draft, Say, State, Turn
from domain.dossier import Status

ENDED: Final = frozenset({Status.STOPPED, Status.REFUSED, Status.WITHDRAWN})
_UNUSABLE: Final = frozenset({"checking", "poor"})  # verdicts of what never counted


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """A new draft out of what was handed in; one that is begun already is gone on with."""
    dossier = next((d for d in ctx.dossiers if d.id == arg and d.status in ENDED), None)
    old = ctx.handed_in(arg) if dossier is not None else None
    if dossier is None or old is None:
        return Turn(state, (Say("agree.again-gone"),))
    if dossier.procedure not in ctx.catalogue.procedures:
        asks = (button("call", f"call:{dossier.id}"), "find", "menu")
        return Turn(state, (Say("agree.again-no-more", {"procedure": dossier.procedure_name}, asks),), ask=False)
    begun = (line for line in ctx.drafts if not line.dossier and line.procedure == dossier.procedure)
    known = next((line for line in begun if line.applicant == dossier.applicant), None)
    if known is not None:
        resumed = apply.resume(state, known.id, ctx)
        return replace(resumed, says=(Say("agree.again-begun"), *resumed.says))
    draft = copied(old, ctx.procedure_of(dossier), ctx)
    fresh, changed = refresh.refresh(replace(state.at("draft", draft=draft.id), draft=draft), ctx)
    return Turn(fresh, (Say("agree.again", {"procedure": dossier.procedure_name}), *changed))


def copied(old: Draft, procedure: Procedure, ctx: Context) -> Draft:
    """The same answers and papers under new ids; the pledge is given anew."""
    pledges = {question.key for question in procedure.questions if plans.pledge(question)}
    answers = {key: value for key, value in old.answers.items() if key not in pledges}
    documents = tuple(_copied(document, ctx.fresh) for document in old.documents if document.verdict not in _UNUSABLE)
    return Draft(
        ctx.fresh,
        old.procedure,
        old.version,
        answers,
        documents,
        old.skipped,
        tuple(dict.fromkeys(document.paper for document in documents)),
        old.applicant,
        flags=(form.EXTRAS_DONE,),  # what may be added was asked for when it was handed in
        marks={key: mark for key, mark in old.marks.items() if key in answers},
    )


def _copied(document: Document, key: str) -> Document:
    """The bytes stay those of the old dossier."""
    return replace(document, id=key, marked="", shared=True)
