"""How far each part of a linked procedure is: noted by whoever works on it, told to the citizen when one has ended."""

from __future__ import annotations

from msgspec.structs import replace

from bot import claims, decisions
from bot.say import to_citizen
from bot.scene import Scene
from bot.views import code_of, dossier_file
from catalogue.model import Procedure
from conversations import cards, linked, notices
from conversations.messages import Message
from conversations.render import button as open_button
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, NotePart, Officer
from conversations.state import Part
from domain.dossier import NotAllowed
from storage.dossiers import Record


def note(scene: Scene, officer: Officer, record: Record, wanted: NotePart) -> list[Message]:
    """Write it down, with a row of history; gives the words for the officer. Noting the same again changes nothing."""
    claims.must_have(officer, record)
    file, procedure = dossier_file(scene, record), scene.procedure(record.catalogue_version)
    before = next((part for part in file.parts if part.key == wanted.key), None)
    if before is None:
        raise NotAllowed("gone")
    if not linked.notable(file.parts, file.status):
        raise NotAllowed("final")
    part = Part(wanted.key, wanted.status, wanted.note)
    about = {
        "name": linked.name_of(procedure, part),
        "code": code_of(record),
        "status": linked.status_words(part),
    }
    if before == part:
        return [Message(text("linked.same", about))]
    parts = tuple(part if one.key == part.key else one for one in file.parts)
    scene.work.dossiers.change(record, body=replace(record.body, parts=parts))
    named = linked.part_named(procedure, part.key)
    data = {
        "key": part.key,
        "name": about["name"],
        "before": before.status,
        "after": part.status,
        "note": part.note,
        "authority": named.authority if named is not None else "",
    }
    decisions.note(scene, record, officer.id, "part", data)
    ended = part.status in (linked.DONE, linked.REFUSED)
    if ended:
        to_citizen(scene, record.chat, _told(file, procedure, part, parts), f"dossier:{record.id}")
    return _said(file, parts, about, ended=ended)


def _told(file: DossierFile, procedure: Procedure, part: Part, parts: tuple[Part, ...]) -> Message:
    """What has ended, and how far all are."""
    about = {
        "procedure": notices.of_whom(procedure.display_name, file.applicant),
        "code": cards.code_of(file),
        "name": linked.name_of(procedure, part),
        "note": part.note,
    }
    lines = [
        text(f"linked.told-{part.status}", about),
        text("linked.told-rest", {"lines": "\n".join(linked.lines(procedure, parts))}),
    ]
    if linked.settled(parts):
        lines.append(text("linked.told-all"))
    return Message("\n\n".join(lines), (open_button("open-dossier", f"d:{file.id}"),))


def _said(file: DossierFile, parts: tuple[Part, ...], about: dict[str, str], *, ended: bool) -> list[Message]:
    said = text("linked.noted-told" if ended else "linked.noted", about)
    if ended and linked.settled(parts):
        return [Message(f"{said}\n{text('linked.all-settled', about)}", (button("done", file.id),))]
    return [Message(said, (button("parts", file.id),))]
