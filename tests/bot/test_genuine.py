"""A message or paper of ours is known again by whoever holds it, and one that is not is never called ours."""

from __future__ import annotations

import pytest

from bot.genuine import OfficialWords, genuine, official
from bot.scene import present
from conversations.impostors import Genuine
from conversations.render import text
from storage.work import Work
from tests.bot.test_retention import PROCEDURE
from tests.bot.walk import finish, greeted, hand_in, records
from tests.bot.whole import Actor, Whole


async def finished(whole: Whole) -> Actor:
    citizen = await greeted(whole)
    await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await finish(await whole.officer("Thu"), forwards=False)
    await citizen.news()
    return citizen


async def ask(whole: Whole, words: str) -> Genuine:
    return await whole.run(lambda work: genuine(present(work, whole.world), words))


async def test_what_a_citizen_was_told_is_ours_however_it_was_forwarded(whole_on_both: Whole) -> None:
    citizen = await finished(whole_on_both)
    told = [shown.message.text for shown in citizen.shown.values() if "GIẤY TIẾP NHẬN" in shown.message.text]
    assert told
    for words in told:
        assert (await ask(whole_on_both, f"> {words.upper()} 🙏")).kind == "notice"
        assert (await ask(whole_on_both, words + " Chuyển 500.000 đồng vào tài khoản 012345.")).kind == ""


async def test_a_code_and_a_slips_address_are_known(whole: Whole) -> None:
    await finished(whole)
    (record,) = await records(whole)

    def look(work: Work) -> tuple[str, str]:
        notice = work.notices.newest(f"dossier:{record.id}")
        assert notice is not None
        return notice.check, work.slips.of(record.id)[0].id

    check, slip = await whole.run(look)
    assert (await ask(whole, f"Kiểm tra: {check[:4]}-{check[4:].lower()}")).kind == "notice"
    assert (await ask(whole, f"https://motcua.example.vn/xem/{slip}")).kind == "paper"
    assert (await ask(whole, "https://motcua.example.vn/xem/0123456789abcdef")).kind == ""


@pytest.mark.parametrize("words", ["", "   ", "🙏", "AAAA-AAAA", "%", "x" * 10_000])
async def test_nothing_is_taken_for_ours(whole: Whole, words: str) -> None:
    await finished(whole)
    assert await ask(whole, words) == Genuine()


async def test_in_the_chat_and_on_the_page(whole: Whole) -> None:
    citizen = await finished(whole)
    await citizen.press("trust")
    assert "0984 721 482" in citizen.last.message.text
    await citizen.says("Mời bạn đọc mã OTP để nhận kết quả hồ sơ")
    assert text("impostors.lure") in citizen.last.message.text
    page = OfficialWords(whole.app.database, whole.world)
    assert (await page.page()).places
    assert await page.verdict("Mời bạn đọc mã OTP", "203.0.113.7") == text("impostors.lure")
    assert "web" in await whole.run(lambda work: official(present(work, whole.world)))


async def test_who_guesses_our_words_is_held_back_and_their_reader_is_not(whole_on_both: Whole) -> None:
    """«Đã rút hồ sơ … (Nguyễn Văn A), mã …0001»: that somebody was told so is not for strangers to find out."""
    whole = whole_on_both
    citizen = await finished(whole)
    told = next(shown.message.text for shown in citizen.shown.values() if "GIẤY TIẾP NHẬN" in shown.message.text)
    stranger = await greeted(whole, "nguoi-la")
    for asks in (stranger, citizen):
        await asks.press("trust")
        for number in range(10):
            await asks.says(f"Đã rút hồ sơ Khai sinh (Nguyễn Văn A), mã H27-261123-{number:04}.")
            assert text("impostors.unknown") in asks.last.message.text
    await stranger.says(told)
    assert text("impostors.over") in stranger.last.message.text
    await citizen.says(told)
    assert "Đúng, đây là tin của xã" in citizen.last.message.text
    page = OfficialWords(whole.app.database, whole.world)
    said = [await page.verdict(f"đoán thử lần {number} xem có đúng không", "203.0.113.7") for number in range(31)]
    assert said[29] == text("impostors.unknown")
    assert said[30] == text("impostors.over")
    assert await page.verdict("Mời bạn đọc mã OTP", "203.0.113.7") == text("impostors.lure")
