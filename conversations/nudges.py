"""What an officer reads at an own address: which procedure, which code; never whose dossier it is."""

from __future__ import annotations

from typing import Final

from conversations.messages import Message
from conversations.render import text
from domain.nudging import CLERKS_AFTER, HEADS_AFTER

STAFF: Final = "staff"  # the kind of message that mails and SMS know an officer's by


def unopened(office: str, procedure: str, code: str, *, head: bool) -> Message:
    """`office` is its id, for the foot of a mail."""
    hours = CLERKS_AFTER + (HEADS_AFTER if head else 0)
    about = {"procedure": procedure, "code": code, "hours": hours}
    return _message("nudge.head" if head else "nudge.clerk", office, about)


def call_waits(office: str, *, code: str) -> Message:
    """A citizen who asked for a person and has had no answer."""
    return _message("nudge.call-about" if code else "nudge.call", office, {"code": code})


def trial(office: str, name: str) -> Message:
    """So that an officer sees that an address works."""
    return _message("nudge.trial", office, {"name": name})


def _message(key: str, office: str, blanks: dict[str, object]) -> Message:
    return Message(text(key, blanks), template=STAFF, facts={"office": office})
