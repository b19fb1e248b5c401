"""What comes by the upload page: the owner's chat goes on by itself, and keeps its place where they are elsewhere."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import drafts, gate, page, photos, reading, several, unsorted, verdicts
from conversations.messages import DocumentChecked, File, PaperSent, PictureUsed
from conversations.render import button
from conversations.state import Context, Document, Draft, Say, State, Turn

GONE: Final = "gone:"  # begins the flag of a draft which says why a file was taken out: "gone:<ref>:<verdict>"
READ: Final = "read"  # a card that was only to be read was read
UNREAD: Final = "unread"
_REMEMBERED: Final = 8


def sent(state: State, event: PaperSent, ctx: Context) -> Turn:
    """A file for one paper, or a card to fill the form with; what there is no use for is taken no notice of."""
    here = inside(state, event.draft, ctx)
    if here is None:
        return Turn(state, ask=False)
    within, draft, procedure = here
    paper = next((p for p in procedure.papers if p.key == event.paper), None)
    if event.card:
        group = card_group(within, draft, procedure, ctx)
        if not group or photos.unfit(draft, event.file) is not None:
            return Turn(state, ask=False)
        turn = reading.begin(within, draft, procedure, group, event.file, ctx)
    elif paper is not None and drafts.agreed(within, draft) and not refused(draft, procedure, paper.key, event.file):
        turn = photos.take(within, draft, paper, event.file, ctx, by=event.by)
    else:
        return Turn(state, ask=False)
    return _outside(state, turn, ctx, quiet=bool(event.by))


def used(state: State, event: PictureUsed, ctx: Context) -> Turn:
    """Whoever sent a poor picture keeps it: the officer sees that."""
    here = inside(state, event.draft, ctx)
    if here is None:
        return Turn(state, ask=False)
    within, draft, procedure = here
    document = next((d for d in draft.documents if d.id == event.document and d.verdict == drafts.POOR), None)
    if document is None:
        return Turn(state, ask=False)
    kept = gate.kept(draft, procedure, (document.id,))
    changing = "" if document.paper in kept.finished else within.talk.changing
    said = _told("used", document, procedure) if document.by else Say("papers.used")
    now = replace(within, draft=kept, talk=replace(within.talk, changing=changing))
    return _outside(state, Turn(now, (said,)), ctx)


def checked(state: State, event: DocumentChecked, ctx: Context) -> Turn:
    """As `verdicts.checked`; the owner is told what came of a helper's file, and the page why a file is gone."""
    found = _document(state, event.document, ctx)
    turn = verdicts.checked(state, event, ctx)
    if found is None:
        return turn
    draft, document, procedure = found
    after = turn.state.draft
    if after is None or after.id != draft.id:
        return turn
    left = next((d for d in after.documents if d.id == document.id), None)
    if left is None:
        verdict = event.verdict if event.verdict != "ok" else READ if after.card is not None else UNREAD
        turn = replace(turn, state=replace(turn.state, draft=_noted(after, f"{GONE}{document.ref}:{verdict}")))
    if not document.by:
        return turn
    here = state.draft is not None and state.draft.id == draft.id and state.talk.screen == "draft" and not ctx.call_open
    said = _told(_kind(left), document, procedure)
    resume = () if here else (button("resume", f"resume:{draft.id}"),)
    return replace(turn, says=(replace(several.about(said, draft, ctx), buttons=resume),))


def _kind(document: Document | None) -> str:
    """Which words tell the owner of it; None: it could not be used."""
    if document is None or document.verdict not in ("ok", drafts.POOR):
        return "bad"
    if document.verdict == drafts.POOR:
        return "poor"
    return "used" if document.used else "file" if document.media_type == unsorted.PDF else "good"


def refused(draft: Draft, procedure: Procedure, key: str, sent: File) -> Say | None:
    """Why a file is not taken for a paper."""
    return Say("upload.full") if complete(draft, procedure, key) else photos.unfit(draft, sent)


def complete(draft: Draft, procedure: Procedure, key: str) -> bool:
    """Whether nothing more is taken for a paper."""
    paper = next((p for p in procedure.papers if p.key == key), None)
    if paper is None or gate.poor_ones(draft, key):
        return paper is None
    full = len(drafts.documents(draft, key)) >= paper.max_photos
    return full or (key in draft.finished and drafts.enough(draft, paper))


def card_group(state: State, draft: Draft, procedure: Procedure, ctx: Context) -> str:
    """The group of the form that an ID card would fill now, or empty."""
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    return reading.group(procedure, step.question) if isinstance(step, drafts.Ask) else ""


def _told(kind: str, document: Document, procedure: Procedure | None) -> Say:
    names = {p.key: page.paper_short(p) for p in procedure.papers} if procedure is not None else {}
    return Say(f"upload.by-{kind}", {"by": document.by, "paper": names.get(document.paper, document.paper)})


def inside(state: State, draft_id: str, ctx: Context) -> tuple[State, Draft, Procedure] | None:
    """As if the owner had this draft open."""
    mine = state.draft is not None and state.draft.id == draft_id
    draft = state.draft if mine else ctx.draft(draft_id)
    procedure = drafts.procedure_of(draft, ctx) if draft is not None else None
    if draft is None or procedure is None:
        return None
    if mine and state.talk.screen == "draft":
        return state, draft, procedure
    return replace(state.at("draft", draft=draft.id, album="", album_paper=""), draft=draft), draft, procedure


def _outside(state: State, turn: Turn, ctx: Context, *, quiet: bool = False) -> Turn:
    """What the turn made of the draft; the owner's place stays as it was, and the question is asked only there."""
    after = turn.state.draft
    mine = state.draft is not None and after is not None and after.id == state.draft.id
    if mine and state.talk.screen == "draft" and not ctx.call_open:
        return replace(turn, says=(), ask=False) if quiet else turn
    said = tuple(say for say in turn.says if say.key.startswith("upload.by-"))
    return Turn(replace(state, draft=after), said, turn.effects, ask=False)


def _document(state: State, document: str, ctx: Context) -> tuple[Draft, Document, Procedure | None] | None:
    """In the open draft, or in another one of this person."""
    others = (ctx.draft(line.id) for line in ctx.drafts if state.draft is None or line.id != state.draft.id)
    for draft in (state.draft, *others):
        for one in draft.documents if draft is not None else ():
            if draft is not None and one.id == document:
                return draft, one, drafts.procedure_of(draft, ctx)
    return None


def _noted(draft: Draft, flag: str) -> Draft:
    """With one more of these flags; the oldest are forgotten."""
    gone = [known for known in draft.flags if known.startswith(GONE)]
    stale = set(gone[: max(0, len(gone) + 1 - _REMEMBERED)])
    return replace(draft, flags=(*(known for known in draft.flags if known not in stale), flag))
