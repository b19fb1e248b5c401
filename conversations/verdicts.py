"""What our own check found out about a document, told to whoever sent it: one thing to mend at a time."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from catalogue.model import Paper, Procedure
from conversations import drafts, gate, page, reading, several, unsorted, upload
from conversations.gate import Judgement
from conversations.messages import DocumentChecked, Finding
from conversations.render import button, text
from conversations.state import Context, Document, Draft, Say, State, Turn

_FAULTS: Final = frozenset({"empty", "corrupt", "encrypted", "too-large", "too-many-pages", "unsupported", "lost"})
_PROBLEMS: Final = frozenset(
    {
        "screenshot",
        "dark",
        "overexposed",
        "no-document",
        "too-small",
        "blurred",
        "glare",
        "cut-off",
        "wrong-paper",
        gate.SAME_PHOTO,
        gate.SAME_SIDE,
    }
)


def checked(state: State, event: DocumentChecked, ctx: Context) -> Turn:
    """A good one lets the person go on, a poor one is asked for again, one that can't be used is taken out.

    What is said elsewhere than at the draft itself keeps the place, and offers the way back.
    """
    if not event.document:
        return Turn(state, (Say("misfit.lost" if event.verdict == "lost" else "misfit.too-large"),), ask=False)
    found = _find(state, event.document, ctx)
    if found is None:
        return Turn(state, ask=False)
    draft, document = found
    procedure = drafts.procedure_of(draft, ctx)
    if event.verdict not in ("ok", drafts.POOR):
        turn = _unusable(state, draft, document, procedure, event)
    elif reading.of_group(draft, document) is not None:
        turn = _card(state, draft, document, procedure, event, ctx)
    else:
        turn = _photo(state, draft, document, procedure, event, ctx)
    mine = state.draft is not None and draft.id == state.draft.id
    if mine and state.talk.screen == "draft" and not ctx.call_open:
        return turn
    away = turn.says[-1:] if turn.says and turn.says[-1].key not in ("papers.kept", "papers.passed") else ()
    resume = (button("resume", f"resume:{draft.id}"),)
    says = tuple(replace(several.about(say, draft, ctx), buttons=resume) for say in away)
    return Turn(replace(state, draft=turn.state.draft), says, turn.effects, ask=False)


def words(document: Document, paper: str, ctx: Context, where: str = "") -> Say:
    """What is wrong with a poor one and what to do, below the line that says `where` it belongs."""
    finding = document.finding or Finding()
    problem = next((p for p in finding.problems if p in _PROBLEMS), "blurred")
    if problem == "too-small" and upload.shrinks(ctx):
        problem = "too-small-shrunk"
    if problem == "wrong-paper" and not finding.named:
        problem = "wrong-paper-unnamed"
    seen, other = text("papers.front"), text("papers.back")
    if finding.side == "back":
        seen, other = other, seen
    where = where and f"{where}\n"
    blanks = {"where": where, "paper": paper, "named": finding.named, "seen": seen, "other": other}
    return Say(f"papers.poor-{problem}", blanks)


def clear(documents: tuple[Document, ...]) -> str:
    """What may be said of photos that have all been looked at, and are good."""
    good = all(d.verdict == "ok" and not d.used and d.finding is not None for d in documents)
    photos = all(d.media_type != unsorted.PDF for d in documents)
    return ", " + text("papers.clear") if documents and good and photos else ""


def _unusable(
    state: State, draft: Draft, document: Document, procedure: Procedure | None, event: DocumentChecked
) -> Turn:
    fault = event.verdict if event.verdict in _FAULTS else "corrupt"
    said = Say(f"papers.bad-{fault}", {"paper": _name(procedure, document)})
    if document.paper in (drafts.UNSORTED, drafts.HELD):
        said = Say("papers.bad-unsorted", {"why": text(f"upload.bad-{fault}")})
    if document.paper == drafts.READING:
        said = Say("papers.bad-card")
    draft = gate.without(draft, {document.id})
    draft = replace(draft, finished=tuple(k for k in draft.finished if k != document.paper))
    return Turn(replace(state, draft=draft), (said,))


def _card(
    state: State, draft: Draft, document: Document, procedure: Procedure | None, event: DocumentChecked, ctx: Context
) -> Turn:
    """One that was sent to fill the form: the question comes again, or whether what was read is right."""
    finding = event.finding or Finding()
    draft, says = reading.seen(draft, document, reading.of_group(draft, document) or "", finding, ctx)
    left = next((d for d in draft.documents if d.id == document.id), None)
    if left is not None:
        judgement = gate.judged(draft, left, procedure, finding)
        draft = judgement.draft
        if judgement.asked and finding.card is None:
            says = (_again(judgement, procedure, event, ctx), *says)
    ways = upload.buttons(draft, "", ctx)
    says = tuple(replace(say, buttons=ways) if say.key.startswith("papers.card-unread") else say for say in says)
    return Turn(replace(state, draft=draft), says, ask=bool(says) or finding.card is not None)


def _photo(
    state: State, draft: Draft, document: Document, procedure: Procedure | None, event: DocumentChecked, ctx: Context
) -> Turn:
    judgement = gate.judged(draft, document, procedure, event.finding or Finding())
    after, paper = judgement.draft, gate.paper_of(procedure, document.paper)
    asked = _asked(replace(state, draft=after), after, procedure, ctx)
    others = bool(gate.waiting(after, document.paper))
    now = replace(state, draft=after)
    if judgement.asked:
        said = _again(judgement, procedure, event, ctx, elsewhere=asked != document.paper or state.draft != draft)
        return Turn(now, (said,), ask=asked != document.paper and not others)
    if paper is None:
        return Turn(now, ask=False)
    passed = (_passed(judgement.document, paper),) if judgement.passed else ()
    if others:
        return Turn(now, passed, ask=False)
    if paper.key in after.finished and paper.key not in draft.finished:
        if state.talk.changing == paper.key:
            now = replace(now, talk=replace(state.talk, changing=""))
        good = drafts.documents(after, paper.key)
        about = {"paper": page.paper_short(paper), "sent": unsorted.counted(good), "clear": clear(good)}
        return Turn(now, (*passed, Say("papers.kept", about)))
    return Turn(now, passed, ask=asked == paper.key)


def _passed(document: Document, paper: Paper) -> Say:
    """That it is kept, and what is wrong with it all the same."""
    found = document.finding.problems if document.finding is not None else ()
    why = next((p for p in found if p in _PROBLEMS), "blurred")
    return Say("papers.passed", {"paper": page.paper_short(paper), "why": text(f"papers.still-{why}")})


def _again(
    judgement: Judgement,
    procedure: Procedure | None,
    event: DocumentChecked,
    ctx: Context,
    *,
    elsewhere: bool = True,
) -> Say:
    """Says which photo it is where that is not plain, shows where the trouble is, and offers to use it all the same."""
    document, draft = judgement.document, judgement.draft
    name = _name(procedure, document)
    of_paper = [d.id for d in draft.documents if d.paper == document.paper]
    where = ""
    if document.paper in (drafts.UNSORTED, drafts.HELD):
        where = text("papers.where-unsorted")
    elif len(of_paper) > 1:
        where = text("papers.where-nth", {"paper": name, "nth": of_paper.index(document.id) + 1})
    elif elsewhere:
        where = text("papers.where", {"paper": name})
    shown = (event.marked,) if event.marked is not None else ()
    buttons = (button("anyway", f"anyway:{document.paper}:{drafts.tag(draft.id)}"), "call")
    return replace(words(document, name, ctx, where), buttons=buttons, files=shown)


def _asked(state: State, draft: Draft, procedure: Procedure | None, ctx: Context) -> str | None:
    """The paper that is asked for, if it is one."""
    if procedure is None:
        return None
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    return step.paper.key if isinstance(step, drafts.Give) else None


def _name(procedure: Procedure | None, document: Document) -> str:
    paper = gate.paper_of(procedure, document.paper)
    return page.paper_short(paper) if paper is not None else document.paper


def _find(state: State, document: str, ctx: Context) -> tuple[Draft, Document] | None:
    """The document in the open draft, or in another one of this person."""
    others = (ctx.draft(line.id) for line in ctx.drafts if state.draft is None or line.id != state.draft.id)
    for draft in (state.draft, *others):
        for one in draft.documents if draft is not None else ():
            if draft is not None and one.id == document:
                return draft, one
    return None
