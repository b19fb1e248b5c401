"""How it works, what became of the levels, whom to phone."""

from __future__ import annotations

from conversations import closure, drafts, notices, where
from conversations.effects import ShowFigures
from conversations.menu import resume
from conversations.messages import Button
from conversations.page import hours_words, phone_words
from conversations.render import button
from conversations.state import Context, Say, State, Turn


def guide(state: State, _arg: str, ctx: Context) -> Turn:
    """The place is kept: whoever is in a draft may simply go on."""
    known = state.person.office in ctx.catalogue.offices  # before, there is nothing to be looked up or told
    more: tuple[Button | str, ...] = ()
    if known:
        more = (button("look-by-number", "look"), *where.ways_in(ctx), "owndata", "trust", *_joins(ctx))
    return Turn(state, (Say("guide.how", {}, ("levels", *more, *_on(state))),), ask=False)


def levels(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state, (Say("guide.levels", {}, _on(state)),), ask=False)


def hotline(state: State, _arg: str, ctx: Context) -> Turn:
    office = ctx.office(state.person.office)
    closed = ctx.closed(office.id, closure.OFFICE)
    shut = (
        closure.on_page(closed, office, None) + "\n\n"
        if closed is not None and closed.procedure == closure.OFFICE
        else ""
    )
    about = {
        "shut": shut,
        "place": notices.place(office),
        "phone": phone_words(office),
        "hours": hours_words(office, drafts.today_of(ctx)),
    }
    return Turn(state, (Say("guide.hotline", about, ("call", *_on(state))),), ask=False)


def figures(state: State, _arg: str, ctx: Context) -> Turn:
    """That the office publishes its figures; where, only the bot knows."""
    about = {"office": ctx.office(state.person.office).name}
    return Turn(state, (Say("figures.public", about, _on(state)),), (ShowFigures(),), ask=False)


def _joins(ctx: Context) -> tuple[str, ...]:
    return ("join",) if ctx.link_to else ()


def _on(state: State) -> tuple[Button | str, ...]:
    return resume(state) or ("menu",)
