"""What people read of a dossier on the National Portal: its code there, and where the two statuses differ."""

from __future__ import annotations

from conversations.render import text
from conversations.state import Portal
from domain.dossier import Status, national, national_name
from domain.portal import differs
from domain.values import VIETNAM, moment_words


def citizen_lines(portal: Portal | None, status: str) -> tuple[str, ...]:
    """For whose dossier it is: the code there, and what the portal says wherever that is something else."""
    return _lines("citizen", portal, status)


def card_lines(portal: Portal | None, status: str) -> tuple[str, ...]:
    """For the group: codes and statuses tell of no person."""
    return _lines("card", portal, status)


def standing(portal: Portal | None, status: str) -> str:
    """All that is known, in one paragraph for an officer."""
    if portal is None:
        return text("portal.none")
    code = text("portal.code", {"code": portal.code}) if portal.code else text("portal.none")
    if not portal.status or portal.at is None:
        return f"{code} {text('portal.no-status')}"
    key = "portal.known-differs" if differs(Status(status), portal.status) else "portal.known"
    return f"{code} {text(key, _about(portal, status))}"


def _lines(reader: str, portal: Portal | None, status: str) -> tuple[str, ...]:
    """A code may be unknown where another program named the dossier by ours; a difference is said all the same."""
    if portal is None:
        return ()
    code = (text(f"portal.{reader}-code", {"code": portal.code}),) if portal.code else ()
    if not differs(Status(status), portal.status):
        return code
    return (*code, text(f"portal.{reader}-differs", _about(portal, status)))


def _about(portal: Portal, status: str) -> dict[str, object]:
    assert portal.at is not None
    return {
        "there": national_name(portal.status),
        "here": national(Status(status))[1],
        "at": moment_words(portal.at.astimezone(VIETNAM)),
    }
