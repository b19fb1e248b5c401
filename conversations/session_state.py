"""What an officer's conversation may cause about log-ins and sessions, their own or, of a head, an officer's."""

from __future__ import annotations

from msgspec import Struct


class MakeLogIn(Struct, frozen=True, tag=True):
    """Make a one-time link with which the speaker logs in."""


class AnswerLogIn(Struct, frozen=True, tag=True):
    """A log-in that waits is confirmed by the digits that its browser shows, or refused with "no"."""

    waiting: str
    answer: str


class ListSessions(Struct, frozen=True, tag=True):
    """Show the sessions of an officer; empty: the speaker's own."""

    officer: str = ""


class EndSession(Struct, frozen=True, tag=True):
    session: str
    officer: str = ""


class EndSessions(Struct, frozen=True, tag=True):
    officer: str = ""


class ResetLogIn(Struct, frozen=True, tag=True):
    """A telephone is lost: all sessions, links and addresses of this officer end. `sure`: it was asked once more."""

    officer: str
    sure: bool = False


SessionEffect = MakeLogIn | AnswerLogIn | ListSessions | EndSession | EndSessions | ResetLogIn
