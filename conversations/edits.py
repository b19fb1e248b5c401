"""Changing what was given: which group, which answer or row, or which paper."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.model import Procedure, Question
from conversations import drafts, form, menu, page, plans, record, unsorted
from conversations.messages import Button
from conversations.plans import Block
from conversations.render import button, short, text
from conversations.state import Context, Draft, Say, State, Turn


def answers(state: State, arg: str, ctx: Context) -> Turn:
    """The groups, or the answers at once where they are few."""
    return _to(state, arg, ctx, "edit-answers")


def papers(state: State, arg: str, ctx: Context) -> Turn:
    return _to(state, arg, ctx, "edit-papers")


def group(state: State, arg: str, ctx: Context) -> Turn:
    """`<number>[.<page>]:<draft>`: the answers of one group."""
    number, _, at = arg.partition(":")[0].partition(".")
    here = drafts.open_draft(state, ctx, arg)
    if here is None or not _is_number(number) or int(number) >= len(plans.plan(here[1]).groups):
        return Turn(state, (Say("common.old-button"),))
    return Turn(state.at("edit-group", query=number, page=int(at) if _is_number(at) else 0))


def row(state: State, arg: str, ctx: Context) -> Turn:
    """`<key>:<row>:<draft>`: the answers of one row."""
    here = drafts.open_draft(state, ctx, arg)
    key, _, rest = arg.partition(":")
    number = rest.partition(":")[0]
    block = plans.plan(here[1]).blocks.get(key) if here is not None else None
    if here is None or block is None or not _is_number(number) or not 1 <= int(number) <= form.rows(here[0], block):
        return Turn(state, (Say("common.old-button"),))
    return Turn(state.at("edit-row", query=f"{block.key}:{number}"))


def ask_answers(state: State, ctx: Context) -> tuple[Say, ...]:
    here = drafts.open_draft(state, ctx)
    if here is None:
        return menu.ask(state, ctx)
    draft, procedure = here
    standing = _standing(draft, procedure, ctx)
    if len(standing) <= menu.PAGE and not any(plans.base(q.key) in plans.plan(procedure).blocks for q in standing):
        return (Say("review.which-answer", {}, (*(_change(draft, q) for q in standing), _back(draft))),)
    groups = plans.plan(procedure).groups
    shown = {q.group for q in standing}
    listed = [
        Button(short(plans.title(name)), f"edit-group:{at}:{drafts.tag(draft.id)}")
        for at, name in enumerate(groups)
        if name in shown
    ]
    return (Say("review.which-group", {}, (*listed, _back(draft))),)


def ask_group(state: State, ctx: Context) -> tuple[Say, ...]:
    here = drafts.open_draft(state, ctx)
    groups = plans.plan(here[1]).groups if here is not None else ()
    if here is None or not _is_number(state.talk.query) or int(state.talk.query) >= len(groups):
        return menu.ask(state, ctx)
    draft, procedure = here
    number, end = int(state.talk.query), drafts.tag(draft.id)
    own = [q for q in _standing(draft, procedure, ctx) if q.group == groups[number]]
    blocks = plans.plan(procedure).blocks
    listed = [_change(draft, q) for q in own if plans.base(q.key) not in blocks]
    for block in {b.key: b for q in own if (b := blocks.get(plans.base(q.key))) is not None}.values():
        listed += [
            Button(short(_row_label(draft, block, n)), f"edit-row:{block.key}:{n}:{end}")
            for n in range(1, form.rows(draft, block) + 1)
        ]
        if draft.answers.get(block.key):
            listed.append(button("row-add", f"rowadd:{block.key}:{end}"))
    pages = max(1, -(-len(listed) // menu.PAGE))
    at = state.talk.page % pages
    shown = listed[at * menu.PAGE : (at + 1) * menu.PAGE]
    if pages > 1:
        shown.append(button("more", f"edit-group:{number}.{(at + 1) % pages}:{end}"))
    return (Say("review.which-answer", {}, (*shown, _back(draft))),)


def ask_row(state: State, ctx: Context) -> tuple[Say, ...]:
    here = drafts.open_draft(state, ctx)
    key, _, number = state.talk.query.partition(":")
    block = plans.plan(here[1]).blocks.get(key) if here is not None else None
    if here is None or block is None or not _is_number(number) or int(number) > form.rows(here[0], block):
        return menu.ask(state, ctx)
    draft, procedure = here
    own = {q.key for q in block.questions}
    listed = [
        _change(draft, q)
        for q in _standing(draft, procedure, ctx)
        if plans.base(q.key) in own and plans.row_of(q.key) == int(number)
    ]
    if form.rows(draft, block) > 1:
        listed.append(button("row-remove", f"rowdel:{block.key}:{number}:{drafts.tag(draft.id)}"))
    return (Say("review.which-answer", {}, (*listed, _back(draft))),)


def ask_papers(state: State, ctx: Context) -> tuple[Say, ...]:
    here = drafts.open_draft(state, ctx)
    if here is None:
        return menu.ask(state, ctx)
    draft, procedure = here
    end = drafts.tag(draft.id)
    given = [i for i in drafts.items(draft, procedure, drafts.today_of(ctx)) if isinstance(i, drafts.Give)]
    shown = [Button(short(page.paper_short(item.paper)), f"chg:{item.paper.key}:{end}") for item in given]
    left = unsorted.sent(draft)
    if not left:
        return (Say("review.which-paper", {}, (*shown, _back(draft))),)
    about = {"sent": unsorted.counted(left)}
    shown.append(button("drop-unsorted", f"drop-unsorted:{end}", about))
    return (Say("review.which-paper-unsorted", about, (*shown, _back(draft))),)


def change(state: State, arg: str, ctx: Context) -> Turn:
    """One answer or paper is given again; the old one stays until then."""
    here = drafts.open_draft(state, ctx, arg)
    key = arg.partition(":")[0]
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    if key not in (drafts.key_of(item) for item in drafts.items(draft, procedure, drafts.today_of(ctx))):
        return Turn(state.at("draft"), (Say("common.old-button"),))
    finished = tuple(k for k in draft.finished if k != key)
    skipped = tuple(k for k in draft.skipped if k != key)
    paper_full = any(p.key == key and p.key in draft.finished for p in procedure.papers)
    changed = draft if not paper_full else replace(draft, finished=finished)
    changed = changed if key not in draft.skipped else replace(changed, skipped=skipped)
    return Turn(replace(state.at("draft", changing=key), draft=replace(changed, pending=None)))


def _to(state: State, arg: str, ctx: Context, screen: str) -> Turn:
    here = drafts.open_draft(state, ctx, arg)
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    return Turn(state.at(screen))


def _standing(draft: Draft, procedure: Procedure, ctx: Context) -> list[Question]:
    """All that may be changed, answered or not, in the order of the form's groups."""
    items = drafts.items(draft, procedure, drafts.today_of(ctx))
    groups = plans.plan(procedure).groups
    asked = [item.question for item in items if isinstance(item, drafts.Ask)]
    return sorted(asked, key=lambda q: groups.index(q.group))


def _change(draft: Draft, question: Question) -> Button:
    value = record.show(question, draft.answers.get(question.key, ""))
    label = text("review.change", {"label": record.label(question), "value": value or "…"})
    return Button(short(label), f"chg:{question.key}:{drafts.tag(draft.id)}")


def _row_label(draft: Draft, block: Block, number: int) -> str:
    key = block.key if number == 1 else f"{block.key}.{number}"
    return text("review.row", {"row": number, "value": draft.answers.get(key) or "…"})


def _back(draft: Draft) -> Button:
    """To the draft: that is the review, or the question where the form was left."""
    return button("back-review", f"review:{drafts.tag(draft.id)}")


def _is_number(typed: str) -> bool:
    return typed.isdecimal() and len(typed) < 4
