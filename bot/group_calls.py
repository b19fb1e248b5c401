"""The next call to a messenger's group: a card drawn or drawn again, or a line beneath one.

A card is drawn as it stands at the moment of the call, which merges whatever changed before.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from bot import addresses, outcomes
from bot.draw import card_of
from bot.group_needs import Kind, Need
from bot.mirrors import discreet
from bot.outcomes import End
from bot.pace import MINUTE
from bot.scene import Scene
from conversations.messages import (
    AddressChanged,
    Message,
    MessageGone,
    Moved,
    Refused,
    Sent,
    Undeliverable,
)
from storage.cards import Card
from storage.outbox import ANSWER, BULK, NOTICE, Row
from storage.work import Work

log = logging.getLogger(__name__)

_TEXT: Final = 3_000  # characters of lines that are merged; one message may have 4,096


_LANES: Final = {ANSWER: Kind.WORDS, NOTICE: Kind.LINE, BULK: Kind.BULK}
_OF_ROWS: Final = {kind: lane for lane, kind in _LANES.items()}  # the kinds that are rows of the outbox


@dataclass(frozen=True, slots=True)
class Plan:
    """A call as it is to be made now: a card, or rows of the outbox."""

    chat: str
    channel: str
    address: str
    message: Message
    card: Card | None = None
    rows: tuple[Row, ...] = ()


def needs(scene: Scene, channels: Collection[str]) -> dict[str, list[Need]]:
    """What each group on these channels needs, by chat. Rows for groups that can't be reached are given up."""
    found: defaultdict[str, list[Need]] = defaultdict(list)
    coming = set()
    for lag in scene.work.cards.lags(channels):
        kind = Kind.FIRST if not lag.shown else Kind.PRESSED if lag.pressed else Kind.EDIT
        found[lag.chat].append(Need(kind, lag.subject))
        if not lag.shown:
            coming.add((lag.chat, lag.subject))
    for head in scene.work.outbox.heads(channels):
        if head.unreachable:
            scene.work.outbox.failed_all(head.chat, head.unreachable)
        elif (head.chat, head.subject) not in coming:  # else its card comes first
            found[head.chat].append(Need(_LANES[head.lane]))
    return found


def plan(scene: Scene, chat: str, need: Need, by: str, *, short: bool) -> Plan | None:
    """The call for a need as things stand now, noted as begun; None where there is none any more.

    `short`: few calls are left in this minute, so that lines are said together.
    """
    work = scene.work
    group = work.chats.get(chat)
    if group is None or group.unreachable:
        return None
    made: Plan | None = None
    if need.subject:
        card = work.cards.lag_of(need.subject, chat)
        message = card_of(scene, need.subject) if card is not None else None
        if card is not None and message is None:
            work.cards.drawn(card, card.message)
        if card is not None and message is not None:
            shown = discreet(scene, message, need.subject)
            made = Plan(chat, group.channel, group.address, shown, card)
    else:
        rows = _lines(work, chat, _OF_ROWS[need.kind], by, short=short)
        if rows:
            made = Plan(chat, group.channel, group.address, _said(work, rows), rows=rows)
    if made is not None:
        work.chats.called(chat, MINUTE)
    return made


def _lines(work: Work, chat: str, lane: int, by: str, *, short: bool) -> tuple[Row, ...]:
    def fits(before: Sequence[Row], row: Row) -> bool:
        if not before:
            return work.cards.lag_of(row.subject, chat) is None or bool(work.cards.message_of(row.subject, chat))
        length = sum(len(each.message.text) for each in (*before, row))
        return short and length <= _TEXT and all(map(_plain, (*before, row)))

    return tuple(work.outbox.claim_next(chat, lane, by, fits))


def _plain(row: Row) -> bool:
    """Only words, and nobody's: an officer answers a citizen by answering the one line that is theirs."""
    message = row.message
    return not (message.buttons or message.files or message.speaker or message.asks or message.card)


def _said(work: Work, rows: Sequence[Row]) -> Message:
    """The words of all of them, beneath the card where they are about one."""
    subjects = {row.subject for row in rows}
    (subject, *others) = subjects
    shown = work.cards.message_of(subject, rows[0].chat) if subject and not others else ""
    words = "\n".join(dict.fromkeys(row.message.text for row in rows))
    return replace(rows[0].message, text=words, reply_to=shown)


def note(scene: Scene, made: Plan, outcome: Sent | Exception | None, by: str) -> None:
    """What came of it; None when a card was edited."""
    if made.card is not None:
        _note_card(scene, made, made.card, outcome)
    elif isinstance(outcome, Sent):
        # An answer to several lines at once could be meant for any of them: then it is an answer to none.
        number = outcome.message_id if len({row.subject for row in made.rows}) == 1 else ""
        scene.work.outbox.sent_all([(row.id, number) for row in made.rows])
    elif outcome is not None:
        for row in made.rows:
            outcomes.note(scene, End(row, outcome), by)


def _note_card(scene: Scene, made: Plan, card: Card, outcome: Sent | Exception | None) -> None:
    cards = scene.work.cards
    match outcome:
        case None:
            cards.drawn(card, card.message)
        case Sent(message_id=number):
            cards.drawn(card, number)
        case Refused():  # nobody can draw it as it stands; perhaps it can be drawn when it has changed
            log.warning("a card on %s was refused", made.channel)
            cards.drawn(card, card.message)
        case MessageGone():
            cards.lost(card)
        case Undeliverable():
            group = scene.work.chats.get(made.chat)
            if group is not None and group.address == made.address:
                addresses.lost(scene, group, str(outcome))
                scene.work.outbox.failed_all(made.chat, str(outcome))
        case AddressChanged(address=address):
            addresses.changed(scene, made.channel, made.address, Moved(address))
        case _:
            pass  # it lags as before
