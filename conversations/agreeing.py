"""A draft of the result: right as it is, or what is wrong with it in the citizen's own words."""

from __future__ import annotations

from typing import Final

from conversations import notices
from conversations.effects import AnswerShown
from conversations.messages import Event, TextSent
from conversations.render import button
from conversations.state import Context, DossierView, Say, State, Turn
from domain.dossier import Status

SCREEN: Final = "remark"
_LONGEST: Final = 1_000  # characters of what is wrong


def right(state: State, arg: str, ctx: Context) -> Turn:
    """[Đúng rồi]; whoever carries it out says how it went."""
    dossier = _shown(arg, ctx)
    if dossier is None:
        return _over(state)
    return Turn(state.at("menu"), (), (AnswerShown(arg, agreed=True),), ask=False)


def wrong(state: State, arg: str, ctx: Context) -> Turn:
    """[Cần sửa]: what, is to be told in words."""
    if _shown(arg, ctx) is None:
        return _over(state)
    return Turn(state.at(SCREEN, dossier=arg))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """What is wrong; who pressed by mistake finds the way back."""
    dossier = _shown(state.talk.dossier, ctx)
    if dossier is None:
        return (Say("agree.draft-over", {}, ("mine", "menu")),)
    buttons = (button("draft-right", f"draftok:{dossier.id}"), button("call", f"call:{dossier.id}"), "menu")
    return (Say("agree.remark", {"title": notices.title(dossier)}, buttons),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """The citizen's words go to the officer as they are."""
    dossier = _shown(state.talk.dossier, ctx)
    if dossier is None:
        return _over(state.at("menu"))
    if not isinstance(event, TextSent):
        return Turn(state, (Say("agree.remark-words"),))
    if len(event.text) > _LONGEST:
        return Turn(state, (Say("agree.remark-long", {"most": _LONGEST}),))
    return Turn(state.at("menu"), (), (AnswerShown(dossier.id, agreed=False, remark=event.text),), ask=False)


def _over(state: State) -> Turn:
    return Turn(state, (Say("agree.draft-over", {}, ("mine", "menu")),), ask=False)


def _shown(dossier_id: str, ctx: Context) -> DossierView | None:
    """The person's own dossier, while a draft of it waits for an answer."""
    own = (dossier for dossier in ctx.dossiers if dossier.id == dossier_id and dossier.status == Status.DRAFTED)
    return next(own, None)
