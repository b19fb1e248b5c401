"""Cards lag until they are drawn; a person has one open call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from storage.calls import Call, new_call_id
from storage.cards import Card
from storage.chats import GROUP, Chat
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import HOUR, NOW, OFFICE, citizen, person_of

SUBJECT = "dossier:" + "d" * 16


async def test_a_card_lags_until_it_is_drawn(database: Database, changes: list[frozenset[str]]) -> None:
    group = (await database.run(lambda work: work.chats.open_staff(GROUP, OFFICE, NOW))).id
    await database.run(lambda work: work.cards.want(SUBJECT))  # shown nowhere: nothing to draw
    assert await database.run(lambda work: work.cards.lagging()) == []
    await database.run(lambda work: work.cards.want(SUBJECT, group))
    first = Card(SUBJECT, group, "", 1)
    assert await database.run(lambda work: work.cards.lagging()) == [first]
    await database.run(lambda work: work.cards.drawn(first, "17"))
    assert await database.run(lambda work: work.cards.lagging()) == []
    assert changes.count(frozenset({"cards"})) == 2

    def two_changes(work: Work) -> None:
        work.cards.want(SUBJECT)
        work.cards.want(SUBJECT, group)

    await database.run(two_changes)
    assert await database.run(lambda work: work.cards.lagging()) == [Card(SUBJECT, group, "17", 3)]


async def test_a_change_while_drawing_is_not_lost(database: Database) -> None:
    def play(work: Work) -> list[Card]:
        group = work.chats.open_staff(GROUP, OFFICE, NOW).id
        work.cards.want(SUBJECT, group)
        (drawing,) = work.cards.lagging()
        work.cards.want(SUBJECT)
        work.cards.drawn(drawing, "17")
        return list(work.cards.lagging())

    assert [(card.message, card.wanted) for card in await database.run(play)] == [("17", 2)]


async def test_card_and_message_find_each_other(database: Database) -> None:
    def play(work: Work) -> list[str]:
        group = work.chats.open_staff(GROUP, OFFICE, NOW).id
        cards = work.cards
        before = cards.message_of(SUBJECT, group)
        cards.want(SUBJECT, group)
        cards.drawn(cards.lagging()[0], "17")
        return [before, cards.message_of(SUBJECT, group), cards.subject_at(group, "17"), cards.subject_at(group, "18")]

    assert await database.run(play) == ["", "17", SUBJECT, ""]


def call_of(chat: Chat, about: str = "hỏi phí") -> Call:
    return Call(new_call_id(), person_of(chat), chat.id, OFFICE, None, about, True, None, NOW, NOW)


async def test_one_open_call_a_person(database: Database) -> None:
    chat = await database.run(citizen)
    neighbour = await database.run(lambda work: citizen(work, "0999"))
    first, second, other = call_of(chat), call_of(chat, "hỏi giờ"), call_of(neighbour)
    await database.run(lambda work: work.calls.start(first))
    await database.run(lambda work: work.calls.start(other))
    with pytest.raises(IntegrityError):
        await database.run(lambda work: work.calls.start(second))
    assert await database.run(lambda work: work.calls.open_of(person_of(chat))) == first

    await database.run(lambda work: work.calls.change(first.id, open=False, waiting_since=None))
    assert await database.run(lambda work: work.calls.open_of(person_of(chat))) is None
    await database.run(lambda work: work.calls.start(second))
    assert await database.run(lambda work: work.calls.open_of(person_of(chat))) == second
    closed = await database.run(lambda work: work.calls.get(first.id))
    assert closed == replace(first, open=False, waiting_since=None)
    assert await database.run(lambda work: work.calls.get("none")) is None


async def test_a_call_has_an_owner_and_waits_again(database: Database) -> None:
    def play(work: Work) -> tuple[Call, Call | None, str]:
        lan = work.officers.add(OFFICE, "Lan", "officer").id
        made = call_of(citizen(work))
        work.calls.start(made)
        work.calls.change(made.id, owner=lan, waiting_since=NOW + HOUR)
        return made, work.calls.get(made.id), lan

    made, found, lan = await database.run(play)
    assert found == replace(made, owner=lan, waiting_since=NOW + HOUR)
