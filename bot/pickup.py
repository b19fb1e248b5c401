"""What a citizen wants about coming to the desk: another moment, or somebody else to collect."""

from __future__ import annotations

from datetime import datetime

from bot import appointments, collectors, decisions
from bot.scene import Scene
from conversations.effects import BookSlot, DropCollector, NameCollector, RenewCode
from conversations.messages import Message
from conversations.render import text
from domain.dossier import HandOver, Rebook, possible
from storage.dossiers import Record


def carry_out(
    scene: Scene, record: Record, effect: BookSlot | NameCollector | RenewCode | DropCollector
) -> Message | None:
    """Do it for a dossier of the citizen's own; gives the words for them."""
    match effect:
        case BookSlot(_, at):
            return _book(scene, record, at)
        case NameCollector():
            return collectors.name(scene, record, effect)
        case RenewCode():
            return collectors.renew(scene, record)
        case DropCollector():
            collectors.drop(scene, record)
            return None


def _book(scene: Scene, record: Record, at: datetime) -> Message | None:
    """The citizen's own moment. While the result is being handed over it is too late."""
    if isinstance(record.held, HandOver):
        return Message(text("appointment.handing-over"))
    if Rebook not in possible(record.status):
        return Message(text("appointment.not-now"))
    appointments.reserve(scene, record, Rebook(at))
    return decisions.carry_out(scene, record, Rebook(at), decisions.CITIZEN)
