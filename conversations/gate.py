"""The gate that every photo passes: asked for again at most twice for one page, then taken, its faults on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from catalogue.model import Paper, Procedure
from conversations import drafts
from conversations.messages import Finding
from conversations.state import Document, Draft
from domain.likeness import same_picture

SAME_PHOTO: Final = "same-photo"
SAME_SIDE: Final = "same-side"
HURRY: Final = "in-a-hurry"  # a flag: hand in, although a photo has not been looked at

_HARD_TRIES: Final = 2  # times in all that one page is asked for again
_SOFT_TRIES: Final = 1  # times that this is for a soft problem
_SOFTLY: Final = "~"  # ends the key under which those are counted
_TWO: Final = 2
_READABLE: Final = frozenset({"blurred", "dark", "overexposed", "glare", "too-small", "no-document", "cut-off"})


class Judgement(Struct, frozen=True):
    """A draft with one photo judged: `asked` is the fault to mend, `passed` one that was let through."""

    draft: Draft
    document: Document
    asked: str = ""
    passed: str = ""


def added(draft: Draft, paper: str, document: Document, *, beside: bool = False) -> Draft:
    """With one more document. It takes the place of the first poor one, unless it was sent `beside` that one."""
    document = replace(document, paper=paper)
    poor = None if beside or paper == drafts.UNSORTED else next(iter(poor_ones(draft, paper)), None)
    if poor is None:
        documents, tries = (*draft.documents, document), draft.tries
    else:
        documents = tuple(document if d.id == poor.id else d for d in draft.documents)
        tries = {key.replace(poor.id, document.id): times for key, times in draft.tries.items()}
    return replace(
        draft,
        documents=documents,
        tries=tries,
        skipped=tuple(k for k in draft.skipped if k != paper),
    )


def judged(draft: Draft, document: Document, procedure: Procedure | None, finding: Finding) -> Judgement:
    """What the worker saw is weighed with what else was sent, and with how often this page was asked for."""
    paper = paper_of(procedure, document.paper)
    problems, soft = _problems(draft, document, paper, finding)
    finding = replace(finding, problems=problems, soft=soft)
    tries = draft.tries.get(document.id, 0)
    first = problems[0] if problems else ""
    hard = set(problems) - set(soft)
    softly = draft.tries.get(document.id + _SOFTLY, 0)
    again = bool(problems) and not document.used and tries < _HARD_TRIES and (bool(hard) or softly < _SOFT_TRIES)
    used = document.used or bool(problems and not again)
    document = replace(document, verdict=drafts.POOR if again else "ok", finding=finding, used=used)
    draft = _with(draft, document)
    if again:
        finished = tuple(k for k in draft.finished if k != document.paper)
        asked = {document.id: tries + 1} | ({} if hard else {document.id + _SOFTLY: softly + 1})
        draft = replace(draft, tries={**draft.tries, **asked}, finished=finished)
        return Judgement(draft, document, asked=first)
    return Judgement(closed(draft, paper), document, passed=first)


def kept(draft: Draft, procedure: Procedure | None, ids: Sequence[str]) -> Draft:
    """Used in spite of what is wrong with them: the officer sees it."""
    for document in draft.documents:
        if document.id in ids and document.verdict == drafts.POOR:
            draft = _with(draft, replace(document, verdict="ok", used=True))
            draft = closed(draft, paper_of(procedure, document.paper))
    return draft


def closed(draft: Draft, paper: Paper | None) -> Draft:
    """A paper that has all its pages, and each of them looked at, needs no "Xong"."""
    if paper is None or paper.key in draft.finished or waiting(draft, paper.key) or poor_ones(draft, paper.key):
        return draft
    good = drafts.documents(draft, paper.key)
    pages = sum(d.finding.pages if d.finding is not None else 1 for d in good)
    return replace(draft, finished=(*draft.finished, paper.key)) if good and pages >= paper.max_photos else draft


def finished(draft: Draft, paper: str) -> Draft:
    """Nothing more will come for it; what is poor by now is not used."""
    done = draft.finished if paper in draft.finished else (*draft.finished, paper)
    gone = {d.id for d in poor_ones(draft, paper)}
    return replace(without(draft, gone), finished=done)


def without(draft: Draft, ids: frozenset[str] | set[str]) -> Draft:
    return replace(
        draft,
        documents=tuple(d for d in draft.documents if d.id not in ids),
        tries={key: times for key, times in draft.tries.items() if key.removesuffix(_SOFTLY) not in ids},
    )


def poor_ones(draft: Draft, paper: str) -> tuple[Document, ...]:
    """Those that wait to be taken again, or to be used all the same."""
    return tuple(d for d in draft.documents if d.paper == paper and d.verdict == drafts.POOR)


def waiting(draft: Draft, paper: str) -> tuple[Document, ...]:
    """Those of this paper that nobody has looked at yet."""
    return tuple(d for d in draft.documents if d.paper == paper and d.verdict == drafts.CHECKING)


def unseen(draft: Draft) -> tuple[Document, ...]:
    """Those that will be handed in and that nobody has looked at yet."""
    loose = (drafts.UNSORTED, drafts.READING, drafts.HELD)
    return tuple(d for d in draft.documents if d.paper not in loose and d.verdict == drafts.CHECKING)


def paper_of(procedure: Procedure | None, key: str) -> Paper | None:
    return next((p for p in procedure.papers if p.key == key), None) if procedure is not None else None


def side_wanted(draft: Draft, paper: Paper) -> str:
    """In the paper's own words; of a card's two sides the one that was not seen yet. Empty: no more than a number."""
    given = drafts.documents(draft, paper.key)
    seen = _sides(given)
    if _has_sides(paper) and len(given) < _TWO and seen:
        return paper.sides[1] if "front" in seen else paper.sides[0]
    return paper.sides[len(given)] if len(given) < len(paper.sides) else ""


def _problems(
    draft: Draft, document: Document, paper: Paper | None, finding: Finding
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All of them, the one to mend first in front; and the soft ones."""
    problems = tuple(p for p in finding.problems if finding.card is None or p not in _READABLE)
    soft = tuple(p for p in finding.soft if p in problems)
    if paper is not None and finding.side and _has_sides(paper):
        given = [d for d in drafts.documents(draft, paper.key) if d.id != document.id]
        if finding.side in _sides(given):
            problems, soft = (SAME_SIDE, *problems), (SAME_SIDE, *soft)
    if any(_same(finding, other.finding) for other in _others(draft, document)):
        problems = (SAME_PHOTO, *(p for p in problems if p != SAME_SIDE))
    return tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(soft))


def _others(draft: Draft, document: Document) -> list[Document]:
    """What the same picture would be one too many of: not the copy that lies here without a paper."""
    loose = {drafts.UNSORTED, drafts.HELD}
    apart = {drafts.READING} if document.paper in loose else {drafts.READING, *loose}
    return [d for d in draft.documents if d.id != document.id and d.verdict in drafts.GOOD and d.paper not in apart]


def _same(a: Finding, b: Finding | None) -> bool:
    if b is None:
        return False
    return bool(a.sha256 and a.sha256 == b.sha256) or same_picture(a.look, b.look)


def _has_sides(paper: Paper) -> bool:
    """Whether it is an ID card: no other paper's sides are told apart."""
    return paper.kind == "photo-id" and len(paper.sides) == _TWO


def _sides(documents: Sequence[Document]) -> set[str]:
    return {d.finding.side for d in documents if d.finding is not None and d.finding.side}


def _with(draft: Draft, document: Document) -> Draft:
    return replace(draft, documents=tuple(document if d.id == document.id else d for d in draft.documents))
