"""Who collects for a citizen: a code that is kept hashed, and its check at the desk."""

from __future__ import annotations

import secrets
from typing import Any, Final

from msgspec.structs import asdict, replace

from bot import decisions
from bot.say import alert, to_citizen
from bot.scene import Scene
from bot.views import dossier_view
from conversations import collector as asked
from conversations import notices
from conversations.effects import NameCollector
from conversations.messages import Message
from conversations.render import button, message, text
from conversations.staff_state import Officer
from conversations.state import Collector
from domain.dossier import Decision, HandOver, NotAllowed, Role, Status
from storage.dossiers import Record
from storage.sealed import keys

_DIGITS: Final = 6


def name(scene: Scene, record: Record, effect: NameCollector) -> Message:
    """Whoever was named before may not collect any more."""
    return _with_code(scene, record, Collector(effect.name, effect.phone, effect.last4), "collector")


def renew(scene: Scene, record: Record) -> Message:
    """The same person with another code, and as many tries as at first."""
    known = record.body.collector
    if known is None:
        return Message(text("collector.gone"))
    return _with_code(scene, record, replace(known, wrong=0, checked=False), "collector-code")


def drop(scene: Scene, record: Record) -> None:
    """The citizen collects; the talk has said so."""
    if record.body.collector is not None:
        _keep(scene, record, None, "collector-drop", {})
        alert(scene, scene.again(record), "no-collector")


def fits(record: Record, code: str) -> bool:
    """Whether this is the code that the collector was given, and it is still good."""
    known = record.body.collector
    if known is None or known.wrong >= asked.TRIES:
        return False
    return secrets.compare_digest(known.code, _hashed(record, code))


def checked(scene: Scene, officer: Officer, record: Record, *, right: bool) -> None:
    """What the check at the desk came to; after too many wrong codes the citizen hears of it."""
    if record.owner != officer.id and officer.role != Role.HEAD:
        raise NotAllowed("not-owner")
    known = record.body.collector
    if known is None:
        raise NotAllowed("gone")
    after = replace(known, checked=True) if right else replace(known, wrong=known.wrong + 1, checked=False)
    scene.work.dossiers.change(record, body=replace(record.body, collector=after))
    data = {"right": right, "wrong": after.wrong}
    status = record.status
    scene.work.history.add(record.id, scene.now, officer.id, "collector-check", (status, status), data)
    if not right and after.wrong == asked.TRIES:
        view = dossier_view(scene, scene.again(record), record.person)
        said = {"title": notices.title(view), "name": known.name, "most": asked.TRIES}
        again = button("collector-code", f"collect:{record.id}:code")
        to_citizen(scene, record.chat, Message(text("collector.locked", said), (again,)), f"dossier:{record.id}")


def must_be_checked(record: Record, decision: Decision) -> None:
    """Only who gave the right code at the desk collects for somebody else."""
    known = record.body.collector
    if isinstance(decision, HandOver) and decision.to == "collector" and (known is None or not known.checked):
        raise NotAllowed("collector-unchecked")


def _with_code(scene: Scene, record: Record, collector: Collector, what: str) -> Message:
    procedure = scene.procedure(record.catalogue_version)
    if record.status != Status.DONE or procedure.collection == "in-person":
        return Message(text("collector.not-now"))
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    after = replace(collector, code=_hashed(record, code))
    _keep(scene, record, after, what, asdict(after))
    alert(scene, scene.again(record), "collector")
    return message(asked.told(record.id, after, code, procedure))


def _keep(scene: Scene, record: Record, collector: Collector | None, what: str, data: dict[str, Any]) -> None:
    scene.work.dossiers.change(record, body=replace(record.body, collector=collector))
    decisions.note(scene, record, decisions.CITIZEN, what, data)


def _hashed(record: Record, code: str) -> str:
    return keys().look_up(f"collector {record.id} {code}")
