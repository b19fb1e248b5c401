"""Papers: photos and PDFs, one paper at a time, however they arrive."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from catalogue.model import Paper, Procedure
from conversations import drafts, page, spoken, unsorted
from conversations.effects import CheckDocument
from conversations.messages import UNKNOWN_TYPE, FileSent
from conversations.render import button
from conversations.state import Context, Document, Draft, Say, State, Turn

ACCEPTED: Final = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf", UNKNOWN_TYPE}  # the check will tell
)


def ask(state: State, draft: Draft, procedure: Procedure, paper: Paper, ctx: Context) -> tuple[Say, ...]:
    given = drafts.documents(draft, paper.key)
    sent = len(given)
    blanks = {
        "place": _place(draft, procedure, paper, ctx),
        "paper": page.paper_short(paper),
        "hint": paper.hint,
        "condition": paper.condition or "",
        "reason": next((want.reason for want in draft.wants if want.key == paper.key), ""),
        "sent": unsorted.counted(given),
        "side": paper.sides[sent] if sent < len(paper.sides) else f"{max(1, paper.min_photos) - sent} ảnh",
    }
    end = f"{paper.key}:{drafts.tag(draft.id)}"
    last = "drop-last-file" if sent and given[-1].media_type == unsorted.PDF else "drop-last"
    again = "redo-file" if all(d.media_type == unsorted.PDF for d in given) else "redo"
    redo = (
        (button(last, f"drop:{end}"), button("redo-all", f"redo:{end}"))
        if sent > 1
        else (button(again, f"redo:{end}"),)
    )
    use = unsorted.offer(draft, paper)
    skip = (button("skip", f"skip:{end}"),) if _skippable(draft, paper) else ()
    if sent and drafts.enough(draft, paper):
        key = "papers.full-ask" if sent >= paper.max_photos else "papers.more"
        return (Say(key, blanks, (button("done", f"done:{end}"), *use, *redo)),)
    if sent:
        return (Say("papers.more-needed", blanks, (*use, *redo, *skip)),)
    keep = (button("keep", f"keep:{drafts.tag(draft.id)}"),) if state.talk.changing and not skip else ()
    return (Say(_key(draft, paper), blanks, (*use, *skip, *keep, "back")),)


def file(state: State, draft: Draft, procedure: Procedure, event: FileSent, ctx: Context) -> Turn:
    """A photo belongs to the paper being asked, or to the one its album was begun for; else it is kept for later."""
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    current = step.paper if isinstance(step, drafts.Give) else None
    begun = _begun(state, procedure, event)
    late = unsorted.arriving(state, event)
    paper = None if late else begun or current
    if paper is None and not late and isinstance(step, drafts.Review):
        return refused(state, event, "papers.all-there")
    if paper is None and not drafts.agreed(state, draft):
        return refused(state, event, "papers.agree-first")
    unfit = _unfit(draft, event)
    if unfit is not None:
        return Turn(state, (unfit,))
    if paper is None:
        return unsorted.keep(state, draft, step, event, ctx)
    given = drafts.documents(draft, paper.key)
    sent = len(given)
    if sent >= paper.max_photos:
        about = {"paper": page.paper_short(paper), "most": paper.max_photos}
        if not event.album:
            return Turn(state, (Say("papers.full", about),))
        return unsorted.keep(state, draft, step, event, ctx, Say("papers.full-album", about))
    kept = Document(ctx.fresh, paper.key, event.file.ref, event.file.media_type, event.file.size)
    last = sent + 1 == paper.max_photos
    draft = replace(
        draft,
        documents=(*draft.documents, kept),
        skipped=tuple(k for k in draft.skipped if k != paper.key),
        finished=_with(draft.finished, paper.key) if last else draft.finished,
    )
    changing = "" if last and state.talk.changing == paper.key else state.talk.changing
    talk = replace(state.talk, changing=changing)
    if event.album:
        talk = replace(talk, album=event.album, album_paper=paper.key)
    says: tuple[Say, ...] = ()
    if last or paper is not current:
        says = (Say("papers.kept", {"paper": page.paper_short(paper), "sent": unsorted.counted((*given, kept))}),)
    return Turn(replace(state, talk=talk, draft=draft), says, (CheckDocument(kept.id, event.file),))


def _unfit(draft: Draft, event: FileSent) -> Say | None:
    """Why a file cannot be taken at all."""
    if event.file.media_type not in ACCEPTED:
        return Say("papers.wrong-type")
    if event.file.size == 0:
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


def words(state: State, draft: Draft, paper: Paper, typed: str) -> Turn:
    """Words where a photo is awaited: "không có" passes over where that is allowed, "hết rồi" ends a paper."""
    blanks = {"paper": page.paper_short(paper)}
    end = f"{paper.key}:{drafts.tag(draft.id)}"
    if drafts.enough(draft, paper):
        if spoken.is_all(typed):
            return _on(state, replace(draft, finished=_with(draft.finished, paper.key)))
        return Turn(state, (Say("papers.done-awaited", blanks, (button("done", f"done:{end}"), "call")),), ask=False)
    if _skippable(draft, paper):
        if spoken.has_none(typed):
            return _skipped(state, draft, paper)
        buttons = (button("skip", f"skip:{end}"), "back", "call")
        return Turn(state, (Say("papers.photo-awaited-skip", blanks, buttons),), ask=False)
    if spoken.has_none(typed):
        return _needed(state, paper)
    return Turn(state, (Say("papers.photo-awaited", blanks, ("back", "call")),), ask=False)


def done(state: State, arg: str, ctx: Context) -> Turn:
    """The last photo of this paper has been sent."""
    here = _current(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, paper = here
    if not drafts.enough(draft, paper):
        return Turn(state, (Say("papers.not-enough"),))
    return _on(state, replace(draft, finished=_with(draft.finished, paper.key)))


def skip(state: State, arg: str, ctx: Context) -> Turn:
    here = _current(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, paper = here
    if not _skippable(draft, paper):
        return _needed(state, paper)
    return _skipped(state, draft, paper)


def use(state: State, arg: str, ctx: Context) -> Turn:
    """What was sent before it was asked for is this paper."""
    here = _current(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, paper = here
    if not unsorted.fitting(draft, paper):
        return Turn(state, (Say("common.old-button"),))
    put = unsorted.assigned(state, draft, paper)
    given = drafts.documents(put.draft or draft, paper.key)
    full = len(given) >= paper.max_photos
    about = {"paper": page.paper_short(paper), "sent": unsorted.counted(given)}
    return Turn(put, (Say("papers.kept", about),) if full else ())


def drop_unsorted(state: State, arg: str, ctx: Context) -> Turn:
    """What was put with no paper is taken away."""
    here = drafts.open_draft(state, ctx, f":{arg}")
    if here is None or not unsorted.sent(here[0]):
        return Turn(state, (Say("common.old-button"),))
    draft, _ = here
    said = Say("papers.removed", {"sent": unsorted.counted(unsorted.sent(draft))})
    return Turn(replace(state.at("draft"), draft=unsorted.without(draft)), (said,))


def redo(state: State, arg: str, ctx: Context) -> Turn:
    """All photos of this paper are taken away."""
    return _removed(state, arg, ctx, whole=True)


def drop(state: State, arg: str, ctx: Context) -> Turn:
    """The last photo of this paper is taken away."""
    return _removed(state, arg, ctx, whole=False)


def _begun(state: State, procedure: Procedure, event: FileSent) -> Paper | None:
    if not event.album or event.album != state.talk.album:
        return None
    return next((p for p in procedure.papers if p.key == state.talk.album_paper), None)


def _current(state: State, arg: str, ctx: Context) -> tuple[Draft, Paper] | Turn:
    """The paper a button is about, if it is the one being asked."""
    here = drafts.open_draft(state, ctx, arg)
    key = arg.partition(":")[0]
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    if isinstance(step, drafts.Give) and step.paper.key == key:
        return draft, step.paper
    given = any(p.key == key and drafts.done(draft, p) for p in procedure.papers)
    return Turn(state.at("draft"), (Say("papers.done-already" if given else "common.old-button"),))


def _removed(state: State, arg: str, ctx: Context, *, whole: bool) -> Turn:
    here = _current(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, paper = here
    sent = drafts.documents(draft, paper.key)
    away = sent if whole else sent[-1:]
    gone = {d.id for d in away}
    draft = replace(
        draft,
        documents=tuple(d for d in draft.documents if d.id not in gone),
        finished=tuple(k for k in draft.finished if k != paper.key),
    )
    return Turn(replace(state, draft=draft), (Say("papers.removed", {"sent": unsorted.counted(away)}),))


def _skippable(draft: Draft, paper: Paper) -> bool:
    """What the office asked for again is not passed over."""
    return not draft.dossier and drafts.may_skip(paper)


def _needed(state: State, paper: Paper) -> Turn:
    """A way on for somebody who does not have it: later, or with an officer's help."""
    return Turn(state, (Say("papers.needed", {"paper": page.paper_short(paper)}, ("later", "call")),), ask=False)


def _skipped(state: State, draft: Draft, paper: Paper) -> Turn:
    skipped = _on(state, replace(draft, skipped=_with(draft.skipped, paper.key)))
    sent = drafts.documents(draft, paper.key)  # what was sent already is not thrown away
    about = {"paper": page.paper_short(paper), "sent": unsorted.counted(sent)}
    said = Say("papers.left" if sent else "papers.skipped", about)
    return replace(skipped, says=(said,))


def _on(state: State, draft: Draft) -> Turn:
    return Turn(replace(state.at("draft"), draft=draft))


def _with(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return keys if key in keys else (*keys, key)


def _key(draft: Draft, paper: Paper) -> str:
    if draft.dossier:
        return "papers.give-wanted"
    if paper.kind == "form" and paper.min_photos == 0:
        return "papers.give-form"
    if paper.replaceable_by_data:
        return "papers.give-held"
    return "papers.give-optional" if drafts.may_skip(paper) else "papers.give"


def _place(draft: Draft, procedure: Procedure, paper: Paper, ctx: Context) -> str:
    todo = [i for i in drafts.items(draft, procedure, drafts.today_of(ctx)) if isinstance(i, drafts.Give)]
    keys = [drafts.key_of(i) for i in todo]
    return f"{keys.index(paper.key) + 1}/{len(keys)}" if paper.key in keys else ""
