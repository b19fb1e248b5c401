"""What may be added and need not be: asked for once, all together, when the rest is told."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import drafts, form, menu, record, spoken
from conversations.messages import Button
from conversations.render import button, short
from conversations.state import Context, Draft, Say, State, Turn


def ask(state: State, draft: Draft, step: drafts.Extra) -> tuple[Say, ...]:
    end = drafts.tag(draft.id)
    listed = [Button(short(record.label(q)), f"extra:{q.key}:{end}") for q in step.questions]
    pages = -(-len(listed) // menu.PAGE)
    page = state.talk.page % pages
    shown = listed[page * menu.PAGE : (page + 1) * menu.PAGE]
    if pages > 1:
        shown.append(button("more", f"extras:{(page + 1) % pages}:{end}"))
    return (Say("form.extra", {}, (*shown, button("extra-none", f"noextra:{end}"), "back")),)


def answer(state: State, draft: Draft, step: drafts.Extra, said: str) -> Turn:
    """Words instead of a press: that there is nothing to add."""
    if spoken.yes_or_no(said) is False or spoken.has_none(said) or spoken.is_all(said):
        return _done(state, draft)
    return Turn(state, (Say("common.choose", {}, ask(state, draft, step)[-1].buttons),), ask=False)


def press(state: State, arg: str, ctx: Context) -> Turn:
    """One of them is asked now."""
    here = drafts.open_draft(state, ctx, arg)
    key = arg.partition(":")[0]
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    if key not in {q.key for q in form.standing(procedure, draft, drafts.today_of(ctx))}:
        return Turn(state.at("draft"), (Say("common.old-button"),))
    return Turn(state.at("draft", changing=key))


def turn_page(state: State, arg: str, ctx: Context) -> Turn:
    number = arg.partition(":")[0]
    if drafts.open_draft(state, ctx, arg) is None or not number.isdecimal() or len(number) > 2:
        return Turn(state, (Say("common.old-button"),))
    return Turn(state.at("draft", page=int(number)))


def none(state: State, arg: str, ctx: Context) -> Turn:
    here = drafts.open_draft(state, ctx, arg)
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    return _done(state, here[0])


def _done(state: State, draft: Draft) -> Turn:
    if form.EXTRAS_DONE in draft.flags:
        return Turn(state.at("draft"))
    return Turn(replace(state.at("draft"), draft=replace(draft, flags=(*draft.flags, form.EXTRAS_DONE))))
