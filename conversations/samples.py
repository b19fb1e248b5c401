"""A procedure's form to look at or to print, without beginning a dossier."""

from __future__ import annotations

from conversations.effects import SendForm
from conversations.render import button
from conversations.state import Context, Say, State, Turn


def form(state: State, arg: str, ctx: Context) -> Turn:
    """Which of the two; the place is kept. Typed without saying of what, it is of the procedure that is open."""
    arg = arg or state.talk.procedure or (state.draft.procedure if state.draft is not None else "")
    procedure = ctx.catalogue.procedures.get(arg)
    if procedure is None or not procedure.known("questions"):
        return Turn(state, (Say("page.form-which" if procedure is None else "page.form-unknown"),))
    buttons = (
        button("form-blank", f"blank:{arg}"),
        button("form-sample", f"sample:{arg}"),
        button("back-page", f"open:{arg}"),
    )
    return Turn(state, (Say("page.form", {"procedure": procedure.display_name}, buttons),), ask=False)


def blank(state: State, arg: str, ctx: Context) -> Turn:
    return _sent(state, arg, "blank", ctx)


def sample(state: State, arg: str, ctx: Context) -> Turn:
    return _sent(state, arg, "sample", ctx)


def _sent(state: State, arg: str, kind: str, ctx: Context) -> Turn:
    if arg not in ctx.catalogue.procedures:
        return Turn(state.at("menu"), (Say("page.gone"),))
    back = button("back-page", f"open:{arg}")
    return Turn(state, (Say("page.form-coming", {}, (back,)),), (SendForm(arg, kind),), ask=False)
