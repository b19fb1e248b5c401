"""Answers that lead elsewhere, and answers that do not go together: said, and the person decides."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue import consistency
from catalogue.model import Procedure
from conversations import drafts, form, record
from conversations.messages import Button
from conversations.render import button, short, text
from conversations.state import Context, Draft, Say, State, Turn

_MOST: int = 3


def ask(draft: Draft, procedure: Procedure, number: int, ctx: Context) -> tuple[Say, ...]:
    led = procedure.detours[number]
    there = ctx.catalogue.procedures.get(led.to or "")
    to = button("call", f"callp:{procedure.id}")
    if there is not None:
        to = Button(short(there.display_name), f"open:{there.id}")
    on = button("on-all-the-same", f"on:{number}:{drafts.tag(draft.id)}")
    return (Say("form.detour", {"text": led.text}, (to, on, "back")),)


def go_on(state: State, arg: str, ctx: Context) -> Turn:
    """The detour is known and not taken."""
    return _known(state, arg, ctx, "detour")


def ask_doubt(draft: Draft, procedure: Procedure, number: int, ctx: Context) -> tuple[Say, ...]:
    """The two answers, with the way to each of them."""
    rule = procedure.consistency[number]
    end = drafts.tag(draft.id)
    today = drafts.today_of(ctx)
    standing = {q.key: q for q in form.standing(procedure, draft, today)}
    involved = [standing[key] for key in consistency.fields(rule) if key in standing][:_MOST]
    edits = [Button(short(text("button.mend", {"label": record.label(q)})), f"chg:{q.key}:{end}") for q in involved]
    right = button("right-keep", f"odd:{number}:{end}")
    return (Say("form.doubt", {"text": consistency.words(rule.text, draft.answers)}, (right, *edits)),)


def keep(state: State, arg: str, ctx: Context) -> Turn:
    """The answers are right as they are."""
    return _known(state, arg, ctx, "odd")


def _known(state: State, arg: str, ctx: Context, kind: str) -> Turn:
    here = drafts.open_draft(state, ctx, arg)
    number = arg.partition(":")[0]
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    rules = procedure.detours if kind == "detour" else procedure.consistency
    if not number.isdecimal() or int(number[:3]) >= len(rules):
        return Turn(state, (Say("common.old-button"),))
    flag = f"{kind}:{int(number)}"
    if flag in draft.flags:
        return Turn(state.at("draft"))
    kept = replace(draft, flags=(*draft.flags, flag))
    if kind == "odd":
        odd = [k for k in consistency.fields(procedure.consistency[int(number)]) if draft.answers.get(k)]
        kept = replace(kept, marks={**dict.fromkeys(odd, "odd"), **draft.marks})
    return Turn(replace(state.at("draft"), draft=kept))
