"""Several open drafts in one chat: each message says whom it is about, and two presses lead from one to another."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import drafts, questions
from conversations.messages import Button
from conversations.render import short, text
from conversations.state import Context, Draft, Say
from domain.values import fold


def named(says: tuple[Say, ...], draft: Draft, ctx: Context) -> tuple[Say, ...]:
    """What is asked, with whom it is for in front and the way to the other drafts behind; alone it stays as it is."""
    if not says or not ctx.several:
        return says
    last = says[-1]
    other = Button(text("whose.other"), "others")
    return (*says[:-1], replace(about(last, draft, ctx), buttons=(*last.buttons, other)))


def about(say: Say, draft: Draft, ctx: Context) -> Say:
    """A remark on a draft, with whom it is for, where this chat has drafts for several people."""
    if not ctx.several or draft.applicant in ("", drafts.OTHER):
        return say
    if len({fold(line.applicant) for line in ctx.drafts}) < 2:
        return say
    procedure = ctx.catalogue.procedures.get(draft.procedure)
    name = short(procedure.display_name if procedure else draft.procedure, 40)
    blanks = {"applicant": questions.for_words(draft.applicant), "procedure": name}
    return replace(say, head=text("whose.head", blanks))
