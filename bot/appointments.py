"""Places at the desk: which moments have room, and the place that a decision takes or gives up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.scene import Scene
from conversations import closure
from domain.dossier import Decision, Done, Invite, Missed, NotAllowed, Rebook, Status
from domain.values import VIETNAM
from storage.conflict import Conflict
from storage.dossiers import Record

_AHEAD: Final = 150  # half-hours: about two weeks
_NOON: Final = 12
_EXPECTED: Final = (Status.INVITED, Status.DONE)


def free_slots(scene: Scene, office: str, procedure: str = "") -> list[datetime]:
    """The moments of the next two weeks at which somebody may still come."""
    slots = scene.world.calendar(office).pickup_slots(scene.now, _AHEAD)
    left = scene.work.places.free_in(office, slots, scene.world.office(office).slot_capacity)
    closures = scene.work.closures.of(office, scene.now)
    return [slot for slot in slots if left[slot] and not closure.shut(closures, procedure, slot)]


def proposed(slots: Sequence[datetime], most: int) -> list[datetime]:
    """Two a day: the first, and the first after noon."""
    chosen: dict[tuple[date, bool], datetime] = {}
    for slot in slots:
        local = slot.astimezone(VIETNAM)
        chosen.setdefault((local.date(), local.hour >= _NOON), slot)
    return list(chosen.values())[:most]


def reserve(scene: Scene, record: Record, decision: Decision) -> None:
    """The place that a decision is about to give, taken already while it is held.

    Conflict where it was lost meanwhile: played again, the turn sees that it is.
    """
    if not _take(scene, record, decision):
        raise Conflict


def settle(scene: Scene, record: Record, decision: Decision, status: Status) -> None:
    """The decision is carried out: its place is taken, or nobody is expected any more. `status` is the new one."""
    if not _take(scene, record, decision):
        raise NotAllowed("slot-gone")
    gone = status not in _EXPECTED or isinstance(decision, Missed)
    if gone and record.status in _EXPECTED:
        scene.work.places.free(record.id)


def give_back(scene: Scene, record: Record) -> None:
    """What was held does not count: the place that stood before is the dossier's again."""
    if not isinstance(record.held, Invite | Done):
        return
    stood = record.appointment_at if record.status in _EXPECTED else None
    if stood is not None and stood > scene.now:
        scene.work.places.keep(record.office, stood, record.id)
    else:
        scene.work.places.free(record.id)


def adopt(scene: Scene, record: Record) -> None:
    """A promise from before places were rows stands, also where more were made for one moment than there is room."""
    at = record.appointment_at
    if at is not None and at > scene.now and record.status in _EXPECTED:
        scene.work.places.keep(record.office, at, record.id)


def _take(scene: Scene, record: Record, decision: Decision) -> bool:
    """Whoever may come at once needs no place; True where there is nothing to take."""
    match decision:
        case Done() if record.body.post is not None:  # nobody comes for it
            scene.work.places.free(record.id)
            return True
        case Invite(at) | Rebook(at) | Done(at):
            pass
        case _:
            return True
    places = scene.work.places
    if at > scene.now:
        return places.take(record.office, at, scene.world.office(record.office).slot_capacity, record.id)
    if places.of(record.id) != at:
        places.free(record.id)
    return True
