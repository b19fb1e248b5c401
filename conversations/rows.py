"""Rows of a form: one more person or thing, or one less."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import drafts, form, plans, record, spoken
from conversations.plans import Block
from conversations.render import button
from conversations.state import Context, Draft, Say, State, Turn
from domain.values import fold

_MORE: Final = re.compile(r"(?:da |co |van )*(?:them|con)(?: (?:nua|nguoi|mot|1|nguoi nua|mot nguoi|1 nguoi))*(?: a)?")


def ask(draft: Draft, block: Block) -> tuple[Say, ...]:
    end = f"{block.key}:{drafts.tag(draft.id)}"
    key = "form.more-people" if block.people else "form.more-rows"
    about = {"group": plans.title(block.group), "count": form.rows(draft, block)}
    return (Say(key, about, (button("row-add", f"rowadd:{end}"), button("row-done", f"rowdone:{end}"), "back")),)


def answer(state: State, draft: Draft, procedure: Procedure, block: Block, said: str, ctx: Context) -> Turn:
    agreed = spoken.yes_or_no(said)
    if agreed is False or spoken.is_all(said) or spoken.has_none(said):
        return _done(state, draft, procedure, block, ctx)
    if agreed is True or _MORE.fullmatch(fold(said)):
        return _added(state, draft, procedure, block, ctx)
    return Turn(state, (Say("common.choose", {}, ask(draft, block)[-1].buttons),), ask=False)


def add(state: State, arg: str, ctx: Context) -> Turn:
    """One more, also after it was said that there are no more."""
    here = _here(state, arg, ctx)
    return Turn(state, (Say("common.old-button"),)) if here is None else _added(state, *here, ctx)


def done(state: State, arg: str, ctx: Context) -> Turn:
    here = _here(state, arg, ctx)
    return Turn(state, (Say("common.old-button"),)) if here is None else _done(state, *here, ctx)


def remove(state: State, arg: str, ctx: Context) -> Turn:
    """`<key>:<row>:<draft>`: the later ones move up."""
    here = _here(state, arg, ctx)
    row = arg.split(":")[1] if arg.count(":") > 1 else ""
    if here is None or not row.isdecimal() or not 1 <= int(row[:3]) <= form.rows(here[0], here[2]):
        return Turn(state, (Say("common.old-button"),))
    draft, procedure, block = here
    count = form.rows(draft, block)
    answers, marks = dict(draft.answers), dict(draft.marks)
    for number in range(int(row), count + 1):
        for question in block.questions:
            key, later = _key(question.key, number), _key(question.key, number + 1)
            for kept in (answers, marks):
                kept.pop(key, None)
                if later in kept:
                    kept[key] = kept[later]
    draft = _counted(replace(draft, answers=answers, marks=marks, pending=None), block, max(1, count - 1))
    draft = drafts.pruned(draft, procedure, drafts.today_of(ctx))
    return Turn(replace(state.at("draft"), draft=draft), (Say("form.row-removed"),))


def _added(state: State, draft: Draft, procedure: Procedure, block: Block, ctx: Context) -> Turn:
    count = form.rows(draft, block)
    if count >= form.MOST_ROWS:
        return Turn(state.at("draft"), (Say("form.rows-full", {"most": form.MOST_ROWS}),))
    last = _key(block.key, count)
    if last not in draft.answers:
        return Turn(state.at("draft"))  # pressed twice
    more = _counted(draft, block, count + 1)
    more = drafts.pruned(more, procedure, drafts.today_of(ctx))
    return Turn(replace(state.at("draft"), draft=more))


def _done(state: State, draft: Draft, procedure: Procedure, block: Block, ctx: Context) -> Turn:
    flag = form.rows_done(block)
    if flag in draft.flags:
        return Turn(state.at("draft"))
    ended = replace(draft, flags=(*draft.flags, flag))
    return Turn(replace(state.at("draft"), draft=ended), record.progress(draft, ended, procedure, ctx))


def _counted(draft: Draft, block: Block, count: int) -> Draft:
    flags = tuple(f for f in draft.flags if not f.startswith(f"rows:{block.key}:") and f != form.rows_done(block))
    return replace(draft, flags=(*flags, f"rows:{block.key}:{count}") if count > 1 else flags)


def _key(key: str, row: int) -> str:
    return key if row == 1 else f"{key}.{row}"


def _here(state: State, arg: str, ctx: Context) -> tuple[Draft, Procedure, Block] | None:
    here = drafts.open_draft(state, ctx, arg)
    block = plans.plan(here[1]).blocks.get(arg.partition(":")[0]) if here is not None else None
    return None if here is None or here[0].dossier or block is None else (*here, block)
