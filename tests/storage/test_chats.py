"""Chats, their messages as live pages read them, persons and officers."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from conversations.messages import Button, File, Message, Shown
from conversations.staff_state import Officer
from conversations.state import Person
from storage.chats import GROUP, OFFICER, Chat
from storage.files import Kept
from storage.messages import CITIZEN, Line
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import HOUR, NOW, OFFICE, citizen, person_of, says


async def test_a_chat_is_found_by_address_and_by_id(database: Database) -> None:
    made = await database.run(citizen)
    assert made == Chat(made.id, "web", "0912345678", made.person, None, "", "")
    assert await database.run(lambda work: work.chats.find("web", "0912345678")) == made
    assert await database.run(lambda work: work.chats.get(made.id)) == made
    assert await database.run(lambda work: work.chats.find("zalo", "0912345678")) is None
    assert await database.run(lambda work: work.chats.find("web", "0912345679")) is None


async def test_staff_chats_have_no_person_and_are_made_once(database: Database) -> None:
    first = await database.run(lambda work: work.chats.open_staff(GROUP, OFFICE, NOW))
    assert await database.run(lambda work: work.chats.open_staff(GROUP, OFFICE, NOW)) == first
    assert first.person is None
    assert await database.run(lambda work: work.chats.open_staff(OFFICER, OFFICE, NOW)) != first


async def test_state_is_kept_with_the_messages_of_the_turn(database: Database) -> None:
    chat = await database.run(citizen)
    assert await database.run(lambda work: work.messages.add(chat.id, [], NOW, state=b"menu")) == 0
    saved = await database.run(lambda work: work.chats.get(chat.id))
    assert saved is not None
    assert saved.state == b"menu"


async def test_messages_are_numbered_and_read_from_where_one_stopped(
    database: Database, changes: list[frozenset[str]]
) -> None:
    chat = await database.run(citizen)
    whole = Message("Chào bạn", (Button("Tìm", "find"),), speaker="Chị Lan", reply_to="7", card="dossier:x")
    lines = [Line(says("xin chào"), CITIZEN), Line(whole)]
    assert await database.run(lambda work: work.messages.add(chat.id, lines, NOW)) == 2
    assert await database.run(lambda work: work.messages.add(chat.id, [Line(says("thêm"))], NOW + HOUR)) == 3
    shown = await database.run(lambda work: work.messages.since(chat.id, 0))
    assert shown == [
        Shown("1", 1, True, says("xin chào"), NOW),
        Shown("2", 2, False, whole, NOW),
        Shown("3", 3, False, says("thêm"), NOW + HOUR),
    ]
    assert await database.run(lambda work: work.messages.since(chat.id, 2)) == shown[2:]
    assert await database.run(lambda work: work.messages.since(chat.id, 0, most=2)) == shown[:2]
    assert await database.run(lambda work: work.messages.get(chat.id, 2)) == whole
    assert await database.run(lambda work: work.messages.get(chat.id, 9)) is None
    assert [change for change in changes if change] == [{f"chat:{chat.id}"}] * 2


async def test_an_edited_message_is_shown_again_under_its_own_number(database: Database) -> None:
    def play(work: Work) -> tuple[list[Shown], int]:
        chat = citizen(work).id
        work.messages.add(chat, [Line(says("một")), Line(says("hai"))], NOW)
        work.messages.edit(chat, 1, says("một, sửa"))
        return work.messages.since(chat, 2), work.messages.add(chat, [Line(says("ba"))], NOW)

    assert await database.run(play) == ([Shown("1", 3, False, says("một, sửa"), NOW)], 4)


async def test_a_private_message_in_the_group_is_for_one_officer(database: Database) -> None:
    def play(work: Work) -> list[list[tuple[str, bool, bool]]]:
        lan, minh = (work.officers.add(OFFICE, name, "officer").id for name in ("Lan", "Minh"))
        group = work.chats.open_staff(GROUP, OFFICE, NOW).id
        work.messages.add(group, [Line(says("cho mọi người"), lan), Line(says("cho Lan"), only=lan)], NOW)
        return [
            [(shown.message.text, shown.own, shown.private) for shown in work.messages.since(group, 0, reader)]
            for reader in (lan, minh, CITIZEN)
        ]

    everybody = ("cho mọi người", False, False)
    assert await database.run(play) == [
        [("cho mọi người", True, False), ("cho Lan", False, True)],
        [everybody],
        [everybody],
    ]


async def test_a_shown_file_may_be_seen_where_it_was_shown(database: Database) -> None:
    def play(work: Work) -> dict[str, bool]:
        sender, lan = citizen(work).id, work.chats.open_staff(OFFICER, "lan", NOW).id
        group, stranger = work.chats.open_staff(GROUP, OFFICE, NOW).id, citizen(work, "0999").id
        first, second = Kept(b"1", "image/jpeg", "a.jpg"), Kept(b"2", "image/jpeg", "b.jpg")
        for kept in (first, second):
            work.files.add(kept, sender, kept.file.ref, NOW)
        work.messages.add(group, [Line(Message("", files=(first.file,)))], NOW)
        work.messages.add(group, [Line(Message("", files=(second.file,)), only="lan", only_chat=lan)], NOW)
        work.messages.add(group, [Line(Message("", files=(first.file,)))], NOW)  # shown twice: no harm
        return {
            "sender": seen(work, first.file, sender) and seen(work, second.file, sender),
            "group sees the open one": seen(work, first.file, group),
            "group sees the private one": seen(work, second.file, group),
            "officer sees the private one": seen(work, second.file, lan),
            "stranger": seen(work, first.file, stranger),
            "stranger among others": seen(work, first.file, stranger, group),
        }

    assert await database.run(play) == {
        "sender": True,
        "group sees the open one": True,
        "group sees the private one": False,
        "officer sees the private one": True,
        "stranger": False,
        "stranger among others": True,
    }


def seen(work: Work, file: File, *chats: str) -> bool:
    found = work.files.get(file.ref, chats)
    assert found is None or found[0] == file
    return found is not None


async def test_the_read_marker_only_goes_forward(database: Database) -> None:
    def play(work: Work) -> list[int]:
        chat = citizen(work).id
        marks = [work.chats.read_up_to(chat)]
        for revision in (5, 3, 8):
            work.chats.read(chat, revision)
            marks.append(work.chats.read_up_to(chat))
        return marks

    assert await database.run(play) == [0, 5, 5, 8]


async def test_office_and_consents_come_with_the_chat_and_each_consent_is_a_row(database: Database) -> None:
    chat = await database.run(citizen)
    start = Person(person_of(chat))
    agreed = Person(start.id, OFFICE, ("handle", "notify"))
    less = Person(start.id, OFFICE, ("handle",))
    await database.run(lambda work: work.persons.save(start, agreed, "web", NOW))
    await database.run(lambda work: work.persons.save(agreed, agreed, "web", NOW))
    await database.run(lambda work: work.persons.save(agreed, less, "web", NOW + HOUR))
    found = await database.run(lambda work: work.chats.get(chat.id))
    assert found is not None
    assert (found.office, found.consents) == (OFFICE, "handle")
    assert await database.run(lambda work: work.persons.consents(start.id)) == [
        ("handle", True, NOW),
        ("notify", True, NOW),
        ("notify", False, NOW + HOUR),
    ]


async def test_officers_heads_first_absent_and_gone(database: Database) -> None:
    def hire(work: Work) -> tuple[Officer, Officer, Officer]:
        add = work.officers.add
        return add(OFFICE, "Minh", "officer"), add(OFFICE, "Hà", "head"), add("cam-binh", "Minh", "officer")

    minh, ha, other = await database.run(hire)
    assert minh == Officer(minh.id, "Minh", "officer", OFFICE)
    assert await database.run(lambda work: work.officers.named("Minh", "cam-binh")) == other
    assert await database.run(lambda work: list(work.officers.of_office(OFFICE))) == [ha, minh]
    await database.run(lambda work: work.officers.absent(minh.id, absent=True))
    away = await database.run(lambda work: work.officers.get(minh.id))
    assert away == Officer(minh.id, "Minh", "officer", OFFICE, absent=True)
    await database.run(lambda work: work.officers.leave(minh.id, NOW))
    assert await database.run(lambda work: work.officers.get(minh.id)) is None
    assert await database.run(lambda work: work.officers.named("Minh", OFFICE)) is None
    assert await database.run(lambda work: list(work.officers.all())) == [other, ha]
    with pytest.raises(IntegrityError):  # the name stays with whoever bore it: history shows names
        await database.run(lambda work: work.officers.add(OFFICE, "Minh", "officer"))
