"""The second person who must agree reads, in their own chat, what it is about, and says yes or no."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from conversations.effects import AnswerCoSign, MakeCoSignLink
from conversations.messages import Button
from conversations.render import button, text
from conversations.state import Context, CoSignView, DossierView, Say, State, Turn
from domain.dossier import FINAL, Status

PREFIX: Final = "ky-"  # a link's payload: this, and the token
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,50}")


def linked(payload: str) -> str:
    """The token in a link's payload, or empty."""
    token = payload.removeprefix(PREFIX)
    return token if payload.startswith(PREFIX) and _TOKEN.fullmatch(token) else ""


def opened(state: State, token: str, ctx: Context) -> Turn:
    """What is to be agreed to. The link itself brings the office, so nobody is asked for it."""
    view = ctx.to_cosign(token)
    if view is None:
        return Turn(state, (Say("agree.cosign-gone", {}, _way_on(state, ctx)),), ask=False)
    if view.own:
        return Turn(state, (Say("agree.cosign-own", {}, _way_on(state, ctx)),), ask=False)
    if state.person.office not in ctx.catalogue.offices:
        state = replace(state, person=replace(state.person, office=view.office))
    lines = [text("agree.cosign-line", {"label": label, "value": value}) for label, value in view.lines]
    about = {
        "procedure": view.procedure,
        "desk": ctx.office(view.office).desk,
        "role": view.role,
        "lines": "\n".join(lines),
    }
    buttons = (button("cosign-yes", f"sign:{token}"), button("cosign-no", f"nosign:{token}"))
    return Turn(state.at("menu"), (Say("agree.cosign", about, buttons),), ask=False)


def signed(state: State, arg: str, ctx: Context) -> Turn:
    return _answered(state, arg, ctx, agreed=True)


def declined(state: State, arg: str, ctx: Context) -> Turn:
    return _answered(state, arg, ctx, agreed=False)


def link(state: State, arg: str, ctx: Context) -> Turn:
    """A link for the second person; made anew, the old one is void."""
    dossier = next((d for d in ctx.dossiers if d.id == arg), None)
    if dossier is None or not waits(dossier):
        return Turn(state, (Say("agree.cosign-none"),))
    return Turn(state, (), (MakeCoSignLink(arg),), ask=False)


def waits(dossier: DossierView) -> bool:
    """Whether somebody else must still agree."""
    if dossier.cosigner is None or Status(dossier.status) in FINAL:
        return False
    return dossier.cosigner.status in ("waiting", "declined")


def _answered(state: State, token: str, ctx: Context, *, agreed: bool) -> Turn:
    view: CoSignView | None = ctx.to_cosign(token)
    if view is None or view.own:
        return Turn(state, (Say("agree.cosign-gone", {}, _way_on(state, ctx)),), ask=False)
    return Turn(state, (), (AnswerCoSign(token, agreed),), ask=False)


def _way_on(state: State, ctx: Context) -> tuple[Button | str, ...]:
    return ("menu",) if state.person.office in ctx.catalogue.offices else (button("begin", "start"),)
