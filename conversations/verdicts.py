"""What our own check found out about a document, told to whoever sent it."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from conversations import drafts, page
from conversations.messages import DocumentChecked
from conversations.render import button
from conversations.state import Context, Document, Draft, Say, State, Turn

_FAULTS: Final = frozenset({"empty", "corrupt", "encrypted", "too-large", "too-many-pages", "unsupported", "lost"})


def checked(state: State, event: DocumentChecked, ctx: Context) -> Turn:
    """Nothing is said about a good one; a bad one is taken out and its paper asked again."""
    if not event.document:
        return Turn(state, (Say("misfit.lost" if event.verdict == "lost" else "misfit.too-large"),), ask=False)
    found = _find(state, event.document, ctx)
    if found is None:
        return Turn(state, ask=False)
    draft, document = found
    mine = state.draft is not None and draft.id == state.draft.id
    if event.verdict == "ok":
        kept = tuple(replace(d, verdict="ok") if d.id == document.id else d for d in draft.documents)
        return Turn(replace(state, draft=replace(draft, documents=kept)) if mine else state, ask=False)
    procedure = drafts.procedure_of(draft, ctx)
    names = {p.key: page.paper_short(p) for p in procedure.papers} if procedure else {}
    fault = event.verdict if event.verdict in _FAULTS else "corrupt"
    says = (Say(f"papers.bad-{fault}", {"paper": names.get(document.paper, document.paper)}),)
    if document.paper == drafts.UNSORTED:
        says = (Say("papers.bad-unsorted"),)
    if not mine or state.talk.screen != "draft" or ctx.call_open:
        says = (replace(says[0], buttons=(button("resume", f"resume:{draft.id}"),)),)
    if not mine:
        return Turn(state, says, ask=False)
    draft = replace(
        draft,
        documents=tuple(d for d in draft.documents if d.id != document.id),
        finished=tuple(k for k in draft.finished if k != document.paper),
    )
    return Turn(replace(state, draft=draft), says, ask=state.talk.screen == "draft" and not ctx.call_open)


def _find(state: State, document: str, ctx: Context) -> tuple[Draft, Document] | None:
    """The document in the open draft, or in another one of this person."""
    others = (ctx.draft(line.id) for line in ctx.drafts if state.draft is None or line.id != state.draft.id)
    for draft in (state.draft, *others):
        for one in draft.documents if draft is not None else ():
            if draft is not None and one.id == document:
                return draft, one
    return None
