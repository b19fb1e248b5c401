"""What officers and synchronising programs note of a dossier on the National Portal: its code there, and its status."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from bot import claims, decisions
from bot.say import alert
from bot.scene import Scene
from bot.views import code_of
from conversations.messages import Message
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import NotePortal, Officer
from conversations.state import Portal
from domain.dossier import NotAllowed, national, national_name
from domain.portal import differs, read_code, same_agency
from domain.values import Wrong
from storage.dossiers import Record

IMPORT: Final = "portal-import"  # the actor in the history


def note(scene: Scene, officer: Officer, record: Record, wanted: NotePortal) -> list[Message]:
    """Write the code or the status down; gives the words for the officer."""
    claims.must_have(officer, record)
    if wanted.code:
        return _code(scene, officer, record, wanted.code)
    known = record.body.portal
    if known is None or not known.code:
        raise NotAllowed("gone")
    noted(scene, record, officer.id, replace(known, status=wanted.status, at=scene.now))
    about = {
        "code": code_of(record),
        "there": national_name(wanted.status),
        "here": national(record.status)[1],
    }
    return [
        Message(text("portal.noted-differs" if differs(record.status, wanted.status) else "portal.noted-status", about))
    ]


def noted(scene: Scene, record: Record, actor: str, portal: Portal) -> None:
    """In the dossier's row, with a row of history."""
    scene.work.dossiers.change(record, body=replace(record.body, portal=portal), portal_code=portal.code or None)
    before = record.body.portal
    data = {
        "code": portal.code,
        "status": portal.status,
        "at": portal.at.isoformat() if portal.at else "",
        "code_before": before.code if before else "",
        "status_before": before.status if before else 0,
        "national": national(record.status)[0],
    }
    decisions.note(scene, record, actor, "portal", data)


def imported(scene: Scene, record: Record, code: str, status: int, at: datetime) -> bool:
    """What another program knows of the portal; whether it says anything new. Older than what is known, it does not."""
    known = record.body.portal or Portal("")
    if known.status == status or (known.at is not None and at < known.at):
        return False
    given = "" if isinstance(read_code(code), Wrong) else code  # a tracking code is ours alone
    noted(scene, record, IMPORT, replace(known, code=known.code or given, status=status, at=at))
    if differs(record.status, status):
        alert(scene, scene.again(record), "portal-differs")
    return True


def _code(scene: Scene, officer: Officer, record: Record, code: str) -> list[Message]:
    """A new code begins without a status. One that another dossier has is not noted twice."""
    known, read = record.body.portal, read_code(code)
    if isinstance(read, Wrong):
        raise NotAllowed("gone")
    about = {"code": code_of(record), "portal": code}
    if known is not None and known.code == code:
        return [Message(text("portal.same-code", about))]
    other = scene.work.dossiers.get(scene.work.portals.holder(code) or "")
    if other is not None and other.id != record.id and other.office == record.office:
        return [Message(text("portal.taken-code", {**about, "other": code_of(other)}))]
    noted(scene, record, officer.id, Portal(code))
    said = [text("portal.noted-code", about)]
    own = scene.world.office(record.office).agency_id
    if own.provisional:
        said.append(text("portal.provisional-agency", {"here": own.value}))
    elif not same_agency(read.agency, own.value):
        said.append(text("portal.other-agency", {"there": read.agency, "here": own.value}))
    return [Message("\n".join(said), (button("pstate", record.id),))]
