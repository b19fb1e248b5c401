"""Photos that came before anybody asked for them: kept without a paper until one is asked that they are for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from catalogue.model import Paper
from conversations import drafts, gate
from conversations.effects import CheckDocument
from conversations.messages import Button, FileSent
from conversations.render import button, text
from conversations.state import Context, Document, Draft, Say, State, Turn

LATER: Final = "?"  # in Talk.album_paper: the photos of this album are put with a paper later
PDF: Final = "application/pdf"


def sent(draft: Draft) -> tuple[Document, ...]:
    """Those that may still be put with a paper."""
    return drafts.documents(draft, drafts.UNSORTED)


def arriving(state: State, event: FileSent) -> bool:
    """Whether this is a further photo of an album of which the person has heard already."""
    return bool(event.album) and event.album == state.talk.album and state.talk.album_paper == LATER


def keep(state: State, draft: Draft, step: drafts.Step, event: FileSent, ctx: Context, said: Say | None = None) -> Turn:
    """Takes it without a paper; said once for an album, whose later photos only change the count in a button."""
    kept = Document(ctx.fresh, drafts.UNSORTED, event.file.ref, event.file.media_type, event.file.size)
    talk = replace(state.talk, album=event.album, album_paper=LATER) if event.album else state.talk
    now = replace(state, talk=talk, draft=replace(draft, documents=(*draft.documents, kept)))
    effects = (CheckDocument(kept.id, event.file),)
    if isinstance(step, drafts.Choose) and said is None:
        return Turn(now, (), effects, ask=not arriving(state, event) and state.talk.screen == "draft")
    if arriving(state, event):
        counted_here = state.talk.screen == "draft" and isinstance(step, drafts.Give | drafts.Review)
        return Turn(now, (), effects, ask=counted_here)
    key = "papers.kept-file" if event.file.media_type == PDF else "papers.kept-photo"
    return Turn(now, (said or Say(key),), effects)


def offer(draft: Draft, paper: Paper) -> tuple[Button, ...]:
    """Takes what there is for this paper, as far as it has room."""
    free = fitting(draft, paper)
    if not free:
        return ()
    return (button("use", f"use:{paper.key}:{drafts.tag(draft.id)}", {"sent": counted(free)}),)


def fitting(draft: Draft, paper: Paper) -> tuple[Document, ...]:
    room = paper.max_photos - len(drafts.documents(draft, paper.key))
    return sent(draft)[: max(0, room)]


def assigned(state: State, draft: Draft, paper: Paper) -> State:
    """What fits is this paper's from now on, behind what it has, and instead of what was poor; late photos follow."""
    taken = fitting(draft, paper)
    moved = {d.id for d in (*taken, *gate.poor_ones(draft, paper.key))}
    full = len(drafts.documents(draft, paper.key)) + len(taken) >= paper.max_photos
    rest = tuple(d for d in draft.documents if d.id not in moved)
    draft = replace(
        draft,
        documents=(*rest, *(replace(d, paper=paper.key) for d in taken)),
        skipped=tuple(k for k in draft.skipped if k != paper.key),
        finished=tuple(k for k in draft.finished if k != paper.key),
    )
    draft = gate.closed(draft, paper)
    talk = state.talk
    if paper.key in draft.finished and talk.changing == paper.key:
        talk = replace(talk, changing="")
    if not full and talk.album_paper == LATER:
        talk = replace(talk, album_paper=paper.key)
    return replace(state, talk=talk, draft=draft)


def without(draft: Draft) -> Draft:
    """The draft with nothing but what was put with a paper, and is good enough or used all the same."""
    loose = (drafts.UNSORTED, drafts.READING, drafts.HELD)
    return gate.without(draft, {d.id for d in draft.documents if d.paper in loose or d.verdict == drafts.POOR})


def dropped(draft: Draft) -> Draft:
    """The draft without what was put with no paper."""
    return gate.without(draft, {d.id for d in draft.documents if d.paper == drafts.UNSORTED})


def counted(documents: Sequence[Document]) -> str:
    """So many photos, so many PDF files."""
    pdfs = sum(d.media_type == PDF for d in documents)
    words = {
        "photos": text("papers.photos", {"count": len(documents) - pdfs}),
        "pdfs": text("papers.pdfs", {"count": pdfs}),
    }
    if not pdfs:
        return words["photos"]
    return text("papers.photos-and-pdfs", words) if pdfs < len(documents) else words["pdfs"]
