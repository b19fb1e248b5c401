"""What the upload page shows: the papers that are still to be sent, and what was found in what was sent."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from catalogue.model import Paper, Procedure
from conversations import drafts, gate, page, photos, unsorted, uploaded, verdicts
from conversations.messages import File
from conversations.render import TEXTS, message, text
from conversations.state import Context, Draft, State

CARD: Final = drafts.READING  # stands for a paper's key: the ID card that fills the form


class Wanted(Struct, frozen=True):
    """One paper. `shape` is "card" or "page"; `sent` and `next` are words, empty where there is nothing to say."""

    key: str
    name: str
    hint: str
    shape: str
    sent: str = ""
    next: str = ""
    complete: bool = False


class Seen(Struct, frozen=True):
    """What became of one file: `state` is checking, good, poor (may still be used), bad or gone."""

    state: str
    text: str = ""
    document: str = ""
    marked: str = ""


def wanted(state: State, draft: Draft, procedure: Procedure, ctx: Context, only: str = "") -> tuple[Wanted, ...]:
    """In the order in which the chat asks for them; `only` one paper, whatever else there is."""
    items = drafts.items(draft, procedure, drafts.today_of(ctx))
    asked = [item.paper for item in items if isinstance(item, drafts.Give)]
    if not draft.dossier:
        asked = [paper for paper in asked if paper.key == only or not drafts.filled_here(paper)]
    shown = tuple(_wanted(draft, procedure, paper, only) for paper in asked if only in ("", paper.key))
    if only or not uploaded.card_group(state, draft, procedure, ctx):
        return shown
    return (Wanted(CARD, text("upload.card"), text("upload.card-hint"), "card"), *shown)


def refused(state: State, draft: Draft, procedure: Procedure, key: str, sent: File, ctx: Context, only: str) -> str:
    """Why a file is not taken, in words; empty when it is."""
    if not sent.media_type:
        return text("papers.wrong-type")
    if all(one.key != key for one in wanted(state, draft, procedure, ctx, only)):
        return text("upload.not-now")
    said = photos.unfit(draft, sent) if key == CARD else uploaded.refused(draft, procedure, key, sent)
    return message(said).text if said is not None else ""


def _wanted(draft: Draft, procedure: Procedure, paper: Paper, only: str) -> Wanted:
    given = drafts.documents(draft, paper.key)
    complete = uploaded.complete(draft, procedure, paper.key)
    side = "" if complete or drafts.enough(draft, paper) else gate.side_wanted(draft, paper)
    spare = not (given or only or draft.dossier) and drafts.may_skip(paper)
    following = text("upload.next", {"side": side}) if side else ""
    if spare and not complete:
        following = text("upload.if-any")
    return Wanted(
        paper.key,
        page.paper_short(paper),
        paper.hint,
        "card" if paper.kind == "photo-id" else "page",
        text("upload.sent", {"sent": unsorted.counted(given)}) if given else "",
        following,
        complete,
    )


def seen(draft: Draft, procedure: Procedure, ref: str, ctx: Context, only: str = "") -> Seen:
    """What was found in the file that was kept under `ref`; `only` as above."""
    document = next((d for d in draft.documents if d.ref == ref and only in ("", d.paper)), None)
    names = {p.key: page.paper_short(p) for p in procedure.papers}
    if document is None:
        return _gone(draft, ref)
    about = {"paper": names.get(document.paper, text("upload.card"))}
    match document.verdict:
        case drafts.CHECKING:
            return Seen("checking")
        case "ok" if document.paper == drafts.UNSORTED:
            return Seen("bad", text("upload.card-other"))
        case "ok":
            kind = "good-used" if document.used else "good-file" if document.media_type == unsorted.PDF else "good"
            return Seen("good", text(f"upload.{kind}", about))
        case drafts.POOR:
            words = message(verdicts.words(document, about["paper"], ctx)).text
            return Seen("poor", words, document.id, document.marked)
        case fault:
            return Seen("bad", _fault(fault))


def _gone(draft: Draft, ref: str) -> Seen:
    flags = (flag.removeprefix(uploaded.GONE) for flag in draft.flags if flag.startswith(uploaded.GONE))
    verdict = next((why for known, _, why in (flag.partition(":") for flag in flags) if known == ref), "")
    match verdict:
        case "":
            return Seen("gone", text("upload.gone"))
        case uploaded.READ:
            return Seen("good", text("upload.card-read"))
        case uploaded.UNREAD:
            return Seen("bad", text("upload.card-unread"))
        case fault:
            return Seen("bad", _fault(fault))


def _fault(verdict: str) -> str:
    """What is wrong with a file, and what to do."""
    return TEXTS.get(f"upload.bad-{verdict}", TEXTS["upload.bad-corrupt"])
