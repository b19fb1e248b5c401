"""/web: a link to log in with; /phien: where an officer is logged in, and the end of it; and log-ins confirmed."""

from __future__ import annotations

import re
from typing import Final

from conversations.messages import Button
from conversations.render import text
from conversations.session_state import (
    AnswerLogIn,
    EndSession,
    EndSessions,
    ListSessions,
    MakeLogIn,
    ResetLogIn,
    SessionEffect,
)
from conversations.staff_buttons import Press
from conversations.staff_state import Officer, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import idle, say
from conversations.state import Say
from domain.dossier import Role
from domain.values import fold

ACTIONS: Final = frozenset({"enter", "sesend", "sesall", "seslost", "sesreset"})
NO: Final = "no"
DIGITS: Final = re.compile(r"\s*(\d\d)\s*")
_REFUSALS: Final = frozenset({"khong phai toi", "dong phien"})


def link(state: StaffState, _rest: str, _ctx: StaffContext) -> StaffTurn:
    """One's own."""
    return StaffTurn(idle(state), effects=(MakeLogIn(),))


def listed(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    """One's own sessions; of a head also an officer's, by any part of the name that fits only one."""
    if not rest:
        return StaffTurn(state, effects=(ListSessions(),))
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    wanted = fold(rest)
    fitting = [one for one in ctx.colleagues if f" {wanted} " in f" {fold(one.name)} "]
    if len(fitting) != 1:
        return say(state, "which-colleague", {"names": ", ".join(one.name for one in ctx.colleagues)})
    return StaffTurn(state, effects=(ListSessions(fitting[0].id),))


def press(state: StaffState, press: Press, _ctx: StaffContext) -> StaffTurn:
    """A button of this conversation, also of one that stands in an officer's messenger alone."""
    return StaffTurn(state, effects=(_effect(press),))


def answered(words: str) -> str:
    """The digits or the refusal that somebody has typed, or empty."""
    digits = DIGITS.fullmatch(words)
    return digits[1] if digits else NO if fold(words) in _REFUSALS else ""


def _effect(press: Press) -> SessionEffect:
    one, _, other = press.argument.partition(":")
    match press.action:
        case "enter":
            return AnswerLogIn(one, other)
        case "sesend":
            return EndSession(one, other)
        case "sesall":
            return EndSessions(one)
        case action:
            return ResetLogIn(one, action == "sesreset")


def buttons_of(waiting: str, choices: tuple[str, ...]) -> tuple[Button, ...]:
    """Under a log-in that waits: one of these numbers stands on the screen."""
    numbers = tuple(Button(one, f"s:enter:me:{waiting}:{one}") for one in choices)
    return (*numbers, Button(text("sessions.button-not-me"), f"s:enter:me:{waiting}:{NO}"))


def end_button(session: str) -> Button:
    return Button(text("sessions.button-end"), f"s:sesend:me:{session}")


def list_buttons(sessions: tuple[tuple[str, str], ...], of: Officer | None) -> tuple[Button, ...]:
    """For each session its id and number; `of`: the officer whose they are, where it is not the speaker."""
    whose = of.id if of is not None else ""
    ends = tuple(
        Button(
            text("sessions.button-end-one", {"number": number}),
            f"s:sesend:me:{session}" + (f":{whose}" if whose else ""),
        )
        for session, number in sessions
    )
    all_ = (Button(text("sessions.button-end-all"), f"s:sesall:me:{whose}"),) if len(sessions) > 1 else ()
    lost = (Button(text("sessions.button-lost"), f"s:seslost:me:{whose}"),) if of is not None else ()
    return (*ends, *all_, *lost)


def sure_button(officer: str) -> Button:
    return Button(text("sessions.button-sure"), f"s:sesreset:me:{officer}")
