"""Whoever got a foreign chat linked, and is thrown out: nothing that was its owner's goes along."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import ladder, linking, proving
from bot.scene import present
from conversations.messages import Message
from domain.rights import EMAIL, PHONE
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.linked import SETTINGS, link, person, talk
from tests.bot.test_linking import begun, persons
from tests.bot.test_merging import at_home
from tests.bot.test_procedures import CATALOGUE
from tests.bot.walk import to_review
from tests.bot.whole import Actor, Whole, running

SINGLE = "xac-nhan-tinh-trang-hon-nhan"
PLEDGE = "Tôi cam đoan và nộp hồ sơ"


@pytest.fixture
async def town(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path, **SETTINGS) as made:
        yield made


async def has(town: Whole, who: str | None, draft: str) -> bool:
    return await town.run(lambda work: work.drafts.get(draft, who or "") is not None)


async def linked(town: Whole, *, victim_keeps: bool) -> tuple[Actor, Actor]:
    """A victim with a draft, and an attacker who is one person with them by now."""
    victim, attacker = await person(town, "nan-nhan"), await person(town, "ke-trom", "console")
    await begun(victim)
    await at_home(attacker)
    if victim_keeps:
        await link(victim, attacker)
    else:
        await link(attacker, victim)
    one, two = await persons(victim, attacker)
    assert one == two
    return victim, attacker


@pytest.mark.parametrize("victim_keeps", [True, False])
async def test_a_draft_that_the_attacker_opens_stays_its_owners(town: Whole, *, victim_keeps: bool) -> None:
    victim, attacker = await linked(town, victim_keeps=victim_keeps)
    draft = (await talk(victim)).draft
    await attacker.press(f"resume:{draft}")
    assert (await talk(attacker)).draft == draft
    await victim.press("menu")
    await victim.press(f"notme:{attacker.reader.chat}")
    mine, theirs = await persons(victim, attacker)
    assert mine != theirs
    assert await town.run(lambda work: work.drafts.get(draft, mine or "")) is not None
    assert await town.run(lambda work: work.drafts.get(draft, theirs or "")) is None
    assert (await talk(attacker)).draft != draft


@pytest.mark.parametrize("victim_keeps", [True, False])
async def test_a_draft_that_the_attacker_hands_in_stays_its_owners(town: Whole, *, victim_keeps: bool) -> None:
    victim, attacker = await linked(town, victim_keeps=victim_keeps)
    draft = (await talk(victim)).draft
    await attacker.press(f"resume:{draft}")
    await to_review(attacker, CATALOGUE.procedures[SINGLE])
    await attacker.press_label(PLEDGE)
    assert await town.run(lambda work: work.dossiers.get(draft)) is not None
    await victim.press(f"notme:{attacker.reader.chat}")
    mine, _ = await persons(victim, attacker)
    record = await town.run(lambda work: work.dossiers.get(draft))
    assert record is not None
    assert (record.person, record.chat) == (mine, victim.reader.chat)

    def opened(work: Work) -> list[str]:
        files = [one.ref for one in work.drafts.documents(draft)]
        assert files
        return [file for file in files if work.files.get(file, [attacker.reader.chat]) is not None]

    assert await town.run(opened) == []
    notices = await town.run(lambda work: work.notices.of(f"dossier:{draft}"))
    assert {notice.person for notice in notices} <= {mine}


async def test_long_after_the_attackers_numbers_do_not_stay(town: Whole) -> None:
    """A copy of everything went to their address."""
    victim, attacker = await linked(town, victim_keeps=True)

    def prove(work: Work) -> None:
        scene = present(work, town.world)
        for actor, kind, value in (
            (attacker, EMAIL, "trom@example.com"),
            (attacker, PHONE, "+84987000111"),
            (victim, PHONE, "+84912345678"),
        ):
            chat = work.chats.get(actor.reader.chat)
            assert chat is not None
            proving.prove(scene, chat.person or "", kind, value, "email" if kind == EMAIL else "sms", chat=chat.id)

    await town.run(prove)
    await town.pass_time(timedelta(days=8))
    await victim.press(f"unlink:{attacker.reader.chat}")
    mine, theirs = await persons(victim, attacker)
    assert mine != theirs
    stands = await town.run(lambda work: [one.value for one in work.proofs.of(mine or "")])
    assert stands == ["+84912345678"]


async def test_long_after_whoever_throws_the_owner_out_keeps_no_proof_of_theirs(town: Whole) -> None:
    victim, attacker = await linked(town, victim_keeps=True)

    def prove(work: Work) -> None:
        chat = work.chats.get(victim.reader.chat)
        assert chat is not None
        proving.prove(present(work, town.world), chat.person or "", PHONE, "+84912345678", "sms", chat=chat.id)

    await town.run(prove)
    await town.pass_time(timedelta(days=8))
    await attacker.press(f"unlink:{victim.reader.chat}")
    _, theirs = await persons(victim, attacker)
    assert await town.run(lambda work: list(work.proofs.of(theirs or ""))) == []


async def test_linked_a_second_time_it_can_be_taken_back_a_second_time(town: Whole) -> None:
    victim, attacker = await linked(town, victim_keeps=False)
    draft = (await talk(victim)).draft
    for _ in range(2):
        await attacker.press(f"unlink:{victim.reader.chat}")  # whoever does it
        mine, theirs = await persons(victim, attacker)
        assert mine != theirs
        assert await has(town, mine, draft)
        await link(attacker, victim)


async def test_many_other_links_hide_none(town: Whole) -> None:
    victim, attacker = await linked(town, victim_keeps=False)
    draft = (await talk(victim)).draft

    def crowd(work: Work) -> None:
        for number in range(250):
            work.audit.add("merged", town.world.now(), subject=f"a{number} b{number}", data={"moved": {}})

    await town.run(crowd)
    await attacker.press(f"unlink:{victim.reader.chat}")
    mine, _ = await persons(victim, attacker)
    assert await town.run(lambda work: work.drafts.get(draft, mine or "")) is not None


async def test_what_was_told_to_a_chat_that_left_goes_to_one_that_somebody_reads(town: Whole) -> None:
    """Not to the place of a dossier that the desk once entered for them."""

    def entered(work: Work) -> str:
        return work.chats.open_citizen("desk", "d" * 16, town.world.now()).person or ""

    desk = await town.run(entered)
    town.world.clock += timedelta(minutes=1)
    victim, attacker = await linked(town, victim_keeps=True)

    def take_over(work: Work) -> None:
        chat = work.chats.get(victim.reader.chat)
        assert chat is not None
        assert linking.take_over(present(work, town.world), chat, desk)

    await town.run(take_over)
    draft = (await talk(victim)).draft
    await attacker.press(f"resume:{draft}")
    await to_review(attacker, CATALOGUE.procedures[SINGLE])
    await attacker.press_label(PLEDGE)
    await victim.press(f"notme:{attacker.reader.chat}")
    record = await town.run(lambda work: work.dossiers.get(draft))
    assert record is not None
    assert record.chat == victim.reader.chat


async def test_a_chat_that_left_and_comes_back_gets_nothing_that_it_missed(town: Whole) -> None:
    """It was blocked on purpose while it was linked, and the news that failed there waits to be given again."""
    victim, attacker = await linked(town, victim_keeps=True)
    draft = (await talk(victim)).draft
    await victim.press(f"resume:{draft}")
    await to_review(victim, CATALOGUE.procedures[SINGLE])
    await victim.press_label(PLEDGE)
    phone = await person(town, "ke-trom-2", "telegram")
    await at_home(phone)
    await link(attacker, phone)
    whose, _, third = await persons(victim, attacker, phone)
    assert whose == third

    def fail(work: Work) -> None:
        scene, chat = present(work, town.world), work.chats.get(phone.reader.chat)
        assert chat is not None
        ladder.tell(scene, chat, ladder.News(Message("Mời ông Nạn Nhân tới"), f"dossier:{draft}", "accept", here=True))
        work.connection.execute(update(t.outbox).values(status="failed", ended=work.machine_now()))
        work.connection.execute(update(t.notices).values(status="lost", ended_at=scene.now))
        work.chats.mark(chat.id, "blocked")

    await town.run(fail)
    await victim.press(f"unlink:{phone.reader.chat}")
    mine, _, theirs = await persons(victim, attacker, phone)
    assert mine != theirs
    await phone.says("xin chào")

    def waits(work: Work) -> list[str]:
        rows = work.connection.execute(select(t.outbox.c.body).where(t.outbox.c.status == "waiting"))
        return [row.body.decode() for row in rows if row.body is not None]

    assert not any("Nạn Nhân" in words for words in await town.run(waits))
