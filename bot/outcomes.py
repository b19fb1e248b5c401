"""How a call to a messenger ended, and what follows: noted before anything else may send the same words again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot import addresses, mail_proof, nudges, reach, unreached
from bot.echoes import ECHOED, doubted
from bot.say import alert
from bot.scene import Scene
from conversations.messages import (
    AddressChanged,
    MessageGone,
    Moved,
    NotYet,
    Refused,
    Sent,
    TryLater,
    Uncertain,
    Undeliverable,
)
from storage.cards import Card
from storage.chats import Chat
from storage.outbox import ASKED_TO_WAIT, NOTICE, TRIES, Row

log = logging.getLogger(__name__)

PAUSES: Final = (1, 5, 15, 60, 300, 900, 3600, 7200, 10_800)  # seconds after each failed try; the last one for the rest
# The same where nobody knows whether it was taken: few tries, so that nobody reads it often, but over a time in which
# a messenger that is down, and answers with a gateway's page or cuts every line, may come back.
_DOUBTS: Final = (2, 8, 30, 90, 300, 900)
_PATIENCE: Final = 86_400.0  # seconds after which what was put off again and again is given up
_IN_ORDER: Final = 30.0  # seconds for which what follows waits with something whose files are not here yet
_GONE: Final = "gone"


@dataclass(frozen=True, slots=True)
class End:
    """A call that is over: its row, what came of it, and other rows of its chat that were to follow at once."""

    row: Row
    outcome: Sent | Exception
    back: Sequence[int] = ()


def note(scene: Scene, end: End, by: str) -> None:
    """Note it. What was sent is noted together with others, by `Outbox.sent_all`."""
    row, outcome, outbox = end.row, end.outcome, scene.work.outbox
    outbox.give_back(end.back, by)
    if not outbox.holds(row.id, by):
        return  # noted already, by an answer of the database that was lost; or others have the row by now
    match outcome:
        case NotYet(seconds=seconds) if scene.work.machine_now() - row.created < _PATIENCE:
            if scene.work.machine_now() - row.created < _IN_ORDER:
                outbox.later(row.id, seconds, ASKED_TO_WAIT)
            else:
                outbox.behind(row.id, seconds, ASKED_TO_WAIT)
        case TryLater(seconds=seconds) if scene.work.machine_now() - row.created < _PATIENCE:
            outbox.later(row.id, seconds, ASKED_TO_WAIT)
            outbox.hold(row.chat, seconds)
        case Undeliverable():
            left(scene, row, str(outcome))
        case AddressChanged(address=address):
            _moved(scene, row, address)
        case Refused() | TryLater():
            _give_up(scene, row, outcome)
        case MessageGone():  # what it was to answer: drawn anew first
            shown = scene.work.cards.message_of(row.subject, row.chat)
            scene.work.cards.lost(Card(row.subject, row.chat, shown, 0))
            outbox.later(row.id, 0.0, "the card is gone")
        case Uncertain() if row.channel in ECHOED and doubted(scene, row):
            pass
        case Uncertain() if row.repeatable and row.channel not in ECHOED and row.attempts <= len(_DOUBTS):
            outbox.later(row.id, _DOUBTS[row.attempts - 1], type(outcome).__name__)
        case Uncertain():
            outbox.unknown(row.id)
            _miss_news(scene, row)
            unreached.failed(scene, _notices(row))
        case _:
            if row.attempts >= TRIES:
                _give_up(scene, row, outcome)
            else:
                outbox.later(row.id, PAUSES[min(row.attempts, len(PAUSES)) - 1], type(outcome).__name__)


def left(scene: Scene, row: Row, why: str) -> None:
    """Nothing can be sent to this chat any more: neither this nor whatever else waits for it; the office is told."""
    chat = scene.work.chats.get(row.chat)
    assert chat is not None
    if not row.unreachable and chat.address != row.address:  # it has moved meanwhile
        scene.work.outbox.later(row.id, 0.0, "moved")
        return
    addresses.lost(scene, chat, why)
    since = scene.work.chats.unreachable_since(chat.id) or 0.0
    outbox = scene.work.outbox
    about = [row.subject] if row.lane == NOTICE and row.notice is None else []
    about += outbox.notices_waiting(chat.id)
    notices = [*_notices(row), *outbox.waiting_of_notices(chat.id)]
    untold = [subject for subject in dict.fromkeys(about) if not outbox.missed(chat.id, subject, since)]
    outbox.failed(row.id, why)
    outbox.failed_all(chat.id, why)
    mail_proof.not_taken(scene, row)
    reach.instead(scene, row)
    _tell_office(scene, chat, untold)
    unreached.failed(scene, notices)


def _moved(scene: Scene, row: Row, address: str) -> None:
    """The same words to the new address; where another chat is there already, this one is no more."""
    addresses.changed(scene, row.channel, row.address, Moved(address))
    chat = scene.work.chats.get(row.chat)
    assert chat is not None
    if chat.address == row.address:
        left(scene, row, _GONE)
    else:
        scene.work.outbox.later(row.id, 0.0, "moved")


def _give_up(scene: Scene, row: Row, outcome: object) -> None:
    scene.work.outbox.failed(row.id, type(outcome).__name__)
    mail_proof.not_taken(scene, row)
    reach.instead(scene, row)
    _miss_news(scene, row)
    unreached.failed(scene, _notices(row))


def _notices(row: Row) -> list[str]:
    return [row.notice] if row.notice is not None else []


def _miss_news(scene: Scene, row: Row) -> None:
    chat = scene.work.chats.get(row.chat)
    if row.lane == NOTICE and row.notice is None and chat is not None:
        _tell_office(scene, chat, [row.subject])


def _tell_office(scene: Scene, chat: Chat, subjects: Sequence[str]) -> None:
    """A citizen misses news of a dossier: somebody has to telephone. An officer is told at another address."""
    nudges.missed(scene, chat, subjects)
    for subject in subjects if chat.person is not None else ():
        kind, _, dossier = subject.partition(":")
        record = scene.work.dossiers.get(dossier) if kind == "dossier" else None
        if record is not None:
            alert(scene, record, "undelivered")
