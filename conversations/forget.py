"""Forgetting the persons of earlier forms, who are otherwise offered again."""

from __future__ import annotations

from conversations import menu
from conversations.effects import ForgetKnown
from conversations.render import button, text
from conversations.state import Context, Known, Say, State, Turn


def forget(state: State, _arg: str, ctx: Context) -> Turn:
    """Asks first: what is forgotten has to be typed again."""
    if not ctx.people:
        return Turn(state, (Say("forget.nobody", {}, menu.resume(state) or ("menu",)),), ask=False)
    return Turn(state.at("forget"))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    if not ctx.people:
        return menu.ask(state, ctx)
    names = ", ".join(map(_name, ctx.people))
    return (Say("forget.ask", {"names": names}, (button("forget-yes", "forgetok"), button("forget-no", "menu"))),)


def forgotten(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at("menu"), (Say("forget.done"),), (ForgetKnown(),))


def _name(known: Known) -> str:
    name = known.fields.get("name", "…")
    return text("forget.own", {"name": name}) if known.own else name
