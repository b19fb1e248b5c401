"""A photo or PDF that comes in a chat: put with the paper that is asked for, with an earlier one, or with none yet."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from catalogue.model import Paper, Procedure
from conversations import drafts, gate, page, reading, unsorted
from conversations.effects import CheckDocument
from conversations.messages import UNKNOWN_TYPE, File, FileSent
from conversations.render import button
from conversations.state import Context, Document, Draft, Say, State, Turn

ACCEPTED: Final = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf", UNKNOWN_TYPE}  # the check will tell
)


def file(state: State, draft: Draft, procedure: Procedure, event: FileSent, ctx: Context) -> Turn:
    """A photo belongs to the paper being asked, or to the one its album was begun for; else it is kept for later.

    Nothing is said of it before it has been looked at.
    """
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    current = step.paper if isinstance(step, drafts.Give) else None
    begun = _begun(state, procedure, event)
    late = unsorted.arriving(state, event)
    paper = None if late else begun or current
    if paper is None and not late and isinstance(step, drafts.Review):
        return refused(state, event, "papers.all-there")
    if paper is None and not drafts.agreed(state, draft):
        return refused(state, event, "papers.agree-first")
    wrong = unfit(draft, event.file)
    if wrong is not None:
        return Turn(state, (wrong,))
    group = reading.group(procedure, step.question) if isinstance(step, drafts.Ask) and not draft.dossier else ""
    card = paper is None or (paper is begun and paper.kind == "photo-id")  # further photos of an album as the first one
    if card and group and not late and event.file.media_type != unsorted.PDF:
        return reading.begin(state, draft, procedure, group, event.file, ctx, album=event.album)
    if paper is None:
        return unsorted.keep(state, draft, step, event, ctx)
    if len(drafts.documents(draft, paper.key)) >= paper.max_photos:
        about = {"paper": page.paper_short(paper), "most": paper.max_photos}
        if not event.album:
            return Turn(state, (Say("papers.full", about),))
        return unsorted.keep(state, draft, step, event, ctx, Say("papers.full-album", about))
    return take(state, draft, paper, event.file, ctx, album=event.album)


def take(state: State, draft: Draft, paper: Paper, sent: File, ctx: Context, *, album: str = "", by: str = "") -> Turn:
    """Put with the paper, and looked at. That it is being looked at is said where more than one is."""
    document = Document(ctx.fresh, paper.key, sent.ref, sent.media_type, sent.size, by=by)
    before = gate.waiting(draft, paper.key)
    draft = gate.added(draft, paper.key, document, beside=bool(album) and album == state.talk.album)
    talk = replace(state.talk, album=album, album_paper=paper.key) if album else state.talk
    said = (Say("papers.looking-more"),) if len(before) == 1 and not album else ()
    effects = (check(draft, document, sent, card=paper.kind == "photo-id"),)
    return Turn(replace(state, talk=talk, draft=draft), said, effects, ask=False)


def check(draft: Draft, document: Document, sent: File, *, card: bool = False) -> CheckDocument:
    """Its finding comes back as DocumentChecked."""
    loose = document.paper in (drafts.UNSORTED, drafts.READING)
    paper = document.paper if loose else f"{draft.procedure}/{document.paper}"
    return CheckDocument(document.id, sent, paper, card)


def unfit(draft: Draft, sent: File) -> Say | None:
    """Why a file cannot be taken at all."""
    if sent.media_type not in ACCEPTED:
        return Say("papers.wrong-type")
    if sent.size == 0:
        return Say("misfit.empty-file")
    if len(draft.documents) >= drafts.MOST_DOCUMENTS:
        return Say("papers.too-many", {"most": drafts.MOST_DOCUMENTS})
    return None


def refused(state: State, event: FileSent, key: str) -> Turn:
    """Said once for a whole album."""
    if event.album and event.album == state.talk.album and not state.talk.album_paper:
        return Turn(state, ask=False)
    talk = replace(state.talk, album=event.album, album_paper="") if event.album else state.talk
    return Turn(replace(state, talk=talk), (Say(key),))


def hurried(state: State, draft: Draft) -> Turn | None:
    """Handing in waits for photos that nobody has looked at yet, but not longer than the person wants to wait."""
    unseen = gate.unseen(draft)
    if not unseen or gate.HURRY in draft.flags:
        return None
    flagged = replace(draft, flags=(*draft.flags, gate.HURRY))
    send = button("send-supplement", f"send:{draft.id}") if draft.dossier else button("submit", f"submit:{draft.id}")
    said = Say("papers.looking-last", {"sent": unsorted.counted(unseen)}, (send,))
    return Turn(replace(state, draft=flagged), (said,), ask=False)


def _begun(state: State, procedure: Procedure, event: FileSent) -> Paper | None:
    if not event.album or event.album != state.talk.album:
        return None
    return gate.paper_of(procedure, state.talk.album_paper)
