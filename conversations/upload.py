"""Other ways to send a paper: on a page of our own, through somebody else, or as a file."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from catalogue.model import Paper, Procedure
from conversations import drafts, page
from conversations.effects import MakeLink
from conversations.messages import Button
from conversations.render import button, text
from conversations.state import Context, Draft, Say, State, Turn

_SENDS_FILES: Final = ("telegram",)  # channels that shrink photos, and leave files as they are


def shrinks(ctx: Context) -> bool:
    """Whether this channel makes photos smaller, unless they are sent as files."""
    return ctx.channel in _SENDS_FILES


def offered(ctx: Context) -> bool:
    """Whether a link to the upload page opens where this person is."""
    return ctx.linkable


def buttons(draft: Draft, paper: str, ctx: Context) -> tuple[Button, ...]:
    """Beside a paper that is asked for; beside the question that an ID card would answer, `paper` is empty."""
    if not offered(ctx) and not shrinks(ctx):
        return ()
    return (button("other-ways", f"ways:{paper}:{drafts.tag(draft.id)}"),)


def ways(state: State, arg: str, ctx: Context) -> Turn:
    """Tells them all; the question stays open beneath."""
    here = drafts.open_draft(state, ctx, arg)
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    paper = _paper(procedure, arg)
    end = drafts.tag(draft.id)
    told, by = ["upload.ways-file"] if shrinks(ctx) else [], []
    if offered(ctx) and paper is not None:
        told.insert(0, "upload.ways-other")
        by.append(button("helper-link", f"helper:{paper.key}:{end}"))
    if offered(ctx):
        told.insert(0, "upload.ways-page-apart" if shrinks(ctx) else "upload.ways-page")
        by.insert(0, button("own-link", f"link:{end}"))
    lines = "\n".join(text(key) for key in told)
    return Turn(state, (Say("upload.ways", {"lines": lines}, tuple(by)),), ask=False)


def link(state: State, arg: str, ctx: Context) -> Turn:
    """A link for whoever asks, good for all of this draft for a short time."""
    here = drafts.open_draft(state, ctx, arg)
    refused = _refused(state, here, ctx)
    if here is None or refused is not None:
        return Turn(state, (refused or Say("common.old-button"),))
    return Turn(state, (), (MakeLink(here[0].id),), ask=False)


def helper(state: State, arg: str, ctx: Context) -> Turn:
    """A link to be passed on, good for one paper; meanwhile the rest of the dossier goes on."""
    here = drafts.open_draft(state, ctx, arg)
    refused = _refused(state, here, ctx)
    if here is None or refused is not None:
        return Turn(state, (refused or Say("common.old-button"),))
    draft, procedure = here
    paper = _paper(procedure, arg)
    if paper is None:
        return Turn(state, (Say("common.old-button"),))
    if drafts.done(draft, paper):
        return Turn(state, (Say("papers.done-already"),))
    said = Say("upload.pass-on", {"paper": page.paper_short(paper)}, (button("go-on", f"keep:{drafts.tag(draft.id)}"),))
    flag = drafts.ASKED + paper.key
    asked = draft if flag in draft.flags else replace(draft, flags=(*draft.flags, flag))
    return Turn(replace(state, draft=asked), (said,), (MakeLink(draft.id, paper.key),), ask=False)


def _refused(state: State, here: tuple[Draft, Procedure] | None, ctx: Context) -> Say | None:
    if not offered(ctx):
        return Say("upload.no-page")
    if here is not None and not drafts.agreed(state, here[0]):
        return Say("papers.agree-first")
    return None


def _paper(procedure: Procedure, arg: str) -> Paper | None:
    key = arg.partition(":")[0]
    return next((p for p in procedure.papers if p.key == key), None)
