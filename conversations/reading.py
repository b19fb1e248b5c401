"""An ID card that is photographed while questions are asked: its QR fills the form, once that has been confirmed."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from catalogue.model import Paper, Procedure, Question
from conversations import drafts, gate, upload
from conversations.effects import CheckDocument
from conversations.messages import File, Finding
from conversations.state import Context, Document, Draft, ReadCard, Say, State, Turn

_REQUESTER: Final = ("requester", "applicant", "proposer", "declarant", "contact")
_CARDS: Final = "can-cuoc"  # how the titles of ID cards begin
_SENT: Final = "card:"  # flag: card:<document>:<group>
_READ: Final = "card-read:"  # flag: card-read:<group>


def group(procedure: Procedure, question: Question) -> str:
    """The group of questions that a card photographed at this question fills; empty where none would be filled."""
    fills = any(q.prefill for q in procedure.questions if q.group == question.group)
    return question.group if fills else ""


def begin(  # noqa: PLR0913 - named where they are given
    state: State,
    draft: Draft,
    procedure: Procedure,
    of: str,
    sent: File,
    ctx: Context,
    *,
    album: str = "",
    by: str = "",
) -> Turn:
    """The card of the person whom this group of questions is about: kept where that paper is asked for as well."""
    paper = _paper(draft, procedure, of, ctx)
    key = paper.key if paper is not None else drafts.READING
    document = Document(ctx.fresh, key, sent.ref, sent.media_type, sent.size, by=by)
    beside = bool(album) and album == state.talk.album
    draft = gate.added(draft, key, document, beside=beside)
    draft = replace(draft, flags=(*draft.flags, f"{_SENT}{document.id}:{of}"))
    talk = replace(state.talk, album=album, album_paper=key) if album else state.talk
    asked = drafts.READING if paper is None else f"{procedure.id}/{key}"
    effects = (CheckDocument(document.id, sent, asked, card=True),)
    return Turn(replace(state, talk=talk, draft=draft), (), effects, ask=False)


def of_group(draft: Draft, document: Document) -> str | None:
    """The group of questions that this photo was sent to fill; None for any other photo."""
    start = f"{_SENT}{document.id}:"
    return next((flag.removeprefix(start) for flag in draft.flags if flag.startswith(start)), None)


def seen(draft: Draft, document: Document, of: str, finding: Finding, ctx: Context) -> tuple[Draft, tuple[Say, ...]]:
    """What became of a card's photo. One that is no card waits for a paper; one that was only to be read is gone."""
    draft = replace(draft, flags=tuple(f for f in draft.flags if f != f"{_SENT}{document.id}:{of}"))
    reads = document.paper == drafts.READING
    if finding.card is not None:
        read = ReadCard(finding.card, of, "" if reads else document.id)
        flags = draft.flags if f"{_READ}{of}" in draft.flags else (*draft.flags, f"{_READ}{of}")
        draft = replace(draft, card=read, flags=flags)
        return (gone(draft, document), (Say("papers.card-read"),)) if reads else (draft, ())
    known = bool(finding.side) or finding.title.startswith(_CARDS)
    hard = [p for p in finding.problems if p not in finding.soft]
    if hard and reads:
        return gone(draft, document), (Say("papers.card-poor"), unread(ctx))
    if hard:
        return draft, ()  # said with what is wrong with it
    if not known:
        draft = _unsorted(draft, document)
        return draft, ((Say("papers.kept-photo"),) if finding.title else (Say("papers.card-unknown"), unread(ctx)))
    if f"{_READ}{of}" in draft.flags:
        return (gone(draft, document), (Say("papers.card-enough"),)) if reads else (draft, (Say("papers.card-more"),))
    if waits(draft, of):
        return (gone(draft, document) if reads else draft), ()
    return (gone(draft, document) if reads else draft), (unread(ctx),)


def waits(draft: Draft, of: str) -> bool:
    """Whether another photo of this card is still being looked at."""
    sent = {f.split(":")[1] for f in draft.flags if f.startswith(_SENT) and f.endswith(f":{of}")}
    return any(d.id in sent and d.verdict == drafts.CHECKING for d in draft.documents)


def unread(ctx: Context) -> Say:
    """How a card can be read after all; typing is always possible."""
    return Say("papers.card-unread-file" if upload.shrinks(ctx) else "papers.card-unread")


def gone(draft: Draft, document: Document) -> Draft:
    """Without the photo."""
    return gate.without(draft, {document.id})


def _paper(draft: Draft, procedure: Procedure, of: str, ctx: Context) -> Paper | None:
    """The ID card as a paper, where it is asked for, has room, and is that of the person who asks."""
    filled = [q for q in procedure.questions if q.group == of and q.prefill]
    own = any(q.person == "requester" or q.key.startswith(_REQUESTER) for q in filled)
    asked = drafts.papers(procedure, draft.answers, drafts.today_of(ctx)) if own else ()
    paper = next((p for p in asked if p.kind == "photo-id"), None)
    if paper is None or drafts.done(draft, paper):
        return None
    return paper if len(drafts.documents(draft, paper.key)) < paper.max_photos else None


def _unsorted(draft: Draft, document: Document) -> Draft:
    """It belongs to a paper that has not been asked for yet."""
    moved = replace(document, paper=drafts.UNSORTED)
    return replace(draft, documents=tuple(moved if d.id == document.id else d for d in draft.documents))
