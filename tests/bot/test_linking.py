"""Linking two chats by a code that goes and a number that comes back; and whoever would get in by half of that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import linking
from bot.scene import present
from conversations.messages import Started
from conversations.render import text
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.linked import CODE, SETTINGS, chat_of, code_from, last, link, number_on, person, read, talk
from tests.bot.whole import Actor, Whole, running


@pytest.fixture
async def town(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path, **SETTINGS) as made:
        yield made


async def begun(actor: Actor) -> None:
    """A draft that stands at its third question or so."""
    await actor.says("chào")
    await actor.press("office:son-tien")
    await actor.press("start:xac-nhan-tinh-trang-hon-nhan")
    await actor.press("for:self")
    await actor.press("yes:handle")
    await actor.press("no:notify")


async def persons(*actors: Actor) -> list[str | None]:
    return [(await chat_of(actor)).person for actor in actors]


async def test_a_draft_goes_on_in_the_other_chat_at_the_same_question(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await begun(web)
    question = await last(web)
    here = await talk(web)
    await phone.send(Started(f"noi-{(await code_from(web)).replace('-', '')}"))
    said = (await last(phone)).text
    assert "trên trang web, có 1 hồ sơ đang làm?" in said
    one, other = await persons(web, phone)
    assert one != other, "nothing is linked by a code alone"
    await web.says(await number_on(phone))
    one, other = await persons(web, phone)
    assert one == other
    assert (await last(phone)).buttons[0].value == f"resume:{here.draft}"
    await phone.says(text("button.resume"))  # the label, typed
    assert question.text in (await last(phone)).text
    assert (await talk(phone)).draft == here.draft


async def test_the_code_is_shown_with_a_link_and_as_a_picture(town: Whole) -> None:
    web = await person(town, "trang")
    await begun(web)
    code = await code_from(web)
    shown = await read(web)
    assert any(f"https://t.me/motcua_bot?start=noi-{code.replace('-', '')}" in message.text for message in shown)
    picture = shown[-1].files[0]
    assert (picture.media_type, shown[-1].text) == ("image/png", text("linking.qr-telegram"))
    found = await town.app.live.fetch(web.reader, picture.ref)
    assert found is not None
    assert found[1].startswith(b"\x89PNG")


async def test_the_page_can_go_on_on_another_phone_that_has_no_messenger(town: Whole) -> None:
    old, new = await person(town, "trang"), await person(town, "moi")
    await begun(old)
    code = await code_from(old)
    address = f"{SETTINGS['public_url']}/?p=noi-{code.replace('-', '')}"
    assert any(address in message.text for message in await read(old))
    await new.send(Started(f"noi-{code.replace('-', '')}"))
    elsewhere = text("linking.on-web-other")
    assert elsewhere in (await last(new)).text
    await old.says(await number_on(new))
    assert elsewhere in (await last(old)).text
    one, other = await persons(old, new)
    assert one == other
    await old.says("nhận tin ở đâu")
    assert text("where.name-web-other") in (await last(old)).text


async def test_zalo_is_offered_once_it_has_let_us_in(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, zalo_oa_id="388") as whole:
        web = await person(whole, "trang")
        await web.says("chào")
        await web.press("join:zalo")
        assert (await last(web)).text == text("linking.nowhere-page")
        await whole.run(lambda work: work.zalo.seed("388", "refresh", "access", 90_000.0))
        await web.press("join:zalo")
        assert any("https://zalo.me/388" in message.text for message in await read(web))


async def test_a_thief_of_the_code_is_not_let_in(town: Whole) -> None:
    """Somebody looked over the shoulder: the number shows on their own screen, and is wanted on the owner's."""
    web, thief = await person(town, "trang"), await person(town, "666", "telegram")
    await begun(web)
    code = await code_from(web)
    await thief.says(code)
    number = await number_on(thief)
    await thief.says(number)  # in their own chat it means nothing
    assert len(set(await persons(web, thief))) == 2
    assert "chưa ai xem được gì" in (await last(web)).text
    await web.says(text("button.not-me"))
    assert (await last(thief)).text == text("linking.refused-there")
    await web.says(number)
    assert len(set(await persons(web, thief))) == 2


async def test_whoever_is_talked_into_typing_a_foreign_code_gives_nothing_away(town: Whole) -> None:
    """The number shows in the victim's chat alone; in the attacker's three guesses end it."""
    attacker, victim = await person(town, "trang"), await person(town, "777", "telegram")
    await attacker.says("chào")
    await attacker.press("office:son-tien")
    await begun(victim)
    await victim.says(await code_from(attacker))
    number = await number_on(victim)
    assert "thì đừng làm theo" in (await last(victim)).text
    wrong = [guess for guess in ("0000", "1111", "2222", "3333") if guess != number][:3]
    for guess in wrong:
        await attacker.says(guess)
    assert (await last(attacker)).text == text("linking.stopped")
    await attacker.says(number)  # too late, even the right one
    assert len(set(await persons(attacker, victim))) == 2
    assert (await last(victim)).text == text("linking.refused-there")

    def noted(work: Work) -> int:
        return work.audit.count("link-guessed", town.world.now().replace(year=2020))

    assert await town.run(noted) == 1


async def test_wrong_codes_are_limited_and_say_the_same_as_old_ones(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await begun(web)
    old = await code_from(web)
    new = await code_from(web)  # the one before is void
    await phone.says(old)
    assert (await last(phone)).text.endswith(text("linking.wrong-code"))
    await phone.says("2222-CCCC")
    assert (await last(phone)).text == text("linking.wrong-code")
    for _ in range(8):
        await phone.says("2222-CCCC")
    await phone.says(new)
    assert (await last(phone)).text == text("linking.too-many")
    assert len(set(await persons(web, phone))) == 2


async def test_a_code_works_once(town: Whole) -> None:
    web, one, two = (
        await person(town, "trang"),
        await person(town, "1", "telegram"),
        await person(town, "2", "telegram"),
    )
    await begun(web)
    code = await code_from(web)
    await one.says(code)
    await two.says(code)
    assert (await last(two)).text.endswith(text("linking.wrong-code"))


async def test_the_own_code_and_chats_that_are_linked_already(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await begun(web)
    code = await code_from(web)
    await web.says(code)
    assert (await last(web)).text == text("linking.own-code")
    await phone.says(code)
    await web.says(await number_on(phone))
    await phone.says(await code_from(web))
    assert (await last(phone)).text == text("linking.already")


async def test_the_other_chats_hear_of_it_and_can_take_it_back(town: Whole) -> None:
    web, phone, third = (
        await person(town, "trang"),
        await person(town, "777", "telegram"),
        await person(town, "888", "telegram"),
    )
    await begun(web)
    await link(web, phone)
    await third.says("chào")
    await link(web, third)
    told = await last(phone)
    assert "Nếu không phải bạn làm" in told.text
    assert [button.label for button in told.buttons] == ["Không phải tôi"]
    await phone.press(told.buttons[0].value)
    one, two, stranger = await persons(web, phone, third)
    assert one == two != stranger
    assert (await last(third)).text == text("linking.left")
    await third.press("mine")
    assert (await talk(third)).draft == ""


async def test_whoever_got_somebody_to_link_cannot_throw_them_out_and_keep_what_was_theirs(town: Whole) -> None:
    attacker, victim = await person(town, "trang"), await person(town, "777", "telegram")
    await attacker.says("chào")
    await attacker.press("office:son-tien")
    await begun(victim)
    draft = (await talk(victim)).draft
    await link(attacker, victim)
    await attacker.press(f"unlink:{victim.reader.chat}")
    mine, theirs = await persons(victim, attacker)
    assert mine != theirs

    def whose(work: Work) -> list[bool]:
        return [work.drafts.get(draft, one or "") is not None for one in (mine, theirs)]

    assert await town.run(whose) == [True, False]


async def test_after_a_week_what_is_taken_away_takes_nothing_along(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await begun(web)
    await phone.says("chào")
    await phone.press("office:son-tien")
    await link(web, phone)
    await town.pass_time(timedelta(days=8))
    await web.press(f"unlink:{phone.reader.chat}")
    mine, theirs = await persons(web, phone)
    assert mine != theirs
    await phone.press("mine")
    assert "hồ sơ" in (await last(phone)).text
    assert (await chat_of(phone)).office == "son-tien"
    assert (await chat_of(phone)).consents == ""


async def test_nothing_is_offered_where_no_other_channel_is_on(database_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(database_url, tmp_path) as whole:
        web = await person(whole, "trang")
        await web.says("chào")
        await web.press("office:son-tien")
        assert "join" not in web.buttons
        await web.press("join")
        assert (await last(web)).text == text("linking.nowhere-page")


async def test_a_code_in_a_form_is_no_answer_and_an_answer_no_code(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await begun(web)
    await begun(phone)
    place = await talk(phone)
    await phone.says("4F7K2M9P")  # without its line it may be an answer
    assert text("linking.wrong-code") not in [message.text for message in await read(phone)]
    await phone.says("4f7k – 2m9p")
    assert (await last(phone)).text == text("linking.wrong-code")
    assert (await talk(phone)).screen == place.screen


async def test_an_officer_is_alerted_where_their_own_code_was_typed(town: Whole) -> None:
    officer, phone = await town.officer("Thu"), await person(town, "777", "telegram")

    def make(work: Work) -> str:
        found = work.officers.get(officer.officer)
        assert found is not None
        return linking.make_for_officer(present(work, town.world), found)

    code = await town.run(make)
    assert CODE.fullmatch(code)
    await phone.says(code)
    asked = await last(phone)
    assert "Thu" in asked.text
    await phone.press(asked.buttons[0].value)
    await officer.news()
    assert any("báo việc cho anh/chị" in shown.message.text for shown in officer.shown.values() if shown.private)

    def whom(work: Work) -> str | None:
        return work.connection.scalar(select(t.chats.c.officer).where(t.chats.c.id == phone.reader.chat))

    assert await town.run(whom) == officer.officer
