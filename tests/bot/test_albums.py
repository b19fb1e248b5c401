"""An album comes as so many events and no end mark: it is answered once, when the last photo has been looked at."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from conversations.messages import Pressed, TextSent
from storage import tables as t
from storage.work import Work
from tests.bot.messenger import Chatter, Messenger, words
from tests.bot.photos import blurred
from tests.bot.whole import Whole, another

FOUR = "dang-ky-lai-ket-hon"  # its first paper takes four photos


@pytest.fixture
async def citizen(whole: Whole) -> Chatter:
    """At a paper of up to ten pages, on a messenger that gives its files."""
    return await at_papers(whole)


async def at_papers(whole: Whole, procedure: str = "giay-khen-gia-dinh") -> Chatter:
    messenger = Messenger(whole)
    messenger.connect()
    made = Chatter(messenger)
    await made.to_papers(procedure)
    return made


async def looked_at(citizen: Chatter) -> str:
    """What is said once all has been fetched and looked at."""
    await citizen.whole.app.idle()
    return words(await citizen.told())


async def test_it_is_answered_once_with_the_right_count(citizen: Chatter) -> None:
    for _ in range(3):
        await citizen.does(citizen.photo("a1"))
    assert await citizen.told() == []
    await citizen.whole.app.idle()
    (answer,) = await citizen.told()
    assert answer.text.startswith("Đã nhận 3 ảnh, ảnh rõ: ")
    assert len((await citizen.draft()).documents) == 3


async def test_photos_at_once_and_each_five_times_count_once(citizen: Chatter) -> None:
    album = [citizen.inbound(citizen.photo("a1")) for _ in range(5)]
    receive = citizen.whole.app.receiver.receive
    await asyncio.gather(*(receive(one) for one in [*reversed(album), *album, *album[2:], *album[:2], *album * 2]))
    assert (await looked_at(citizen)).startswith("Đã nhận 5 ảnh")


async def test_a_late_photo_of_an_answered_album_is_answered_by_itself(citizen: Chatter) -> None:
    await citizen.does(citizen.photo("a1"))
    assert (await looked_at(citizen)).startswith("Đã nhận 1 ảnh")
    await citizen.does(citizen.photo("a1"))
    assert (await looked_at(citizen)).startswith("Đã nhận 2 ảnh")


async def test_more_photos_than_a_paper_takes(whole: Whole) -> None:
    """An earlier remark is made again by the last answer, once."""
    citizen = await at_papers(whole, FOUR)
    for _ in range(6):
        await citizen.does(citizen.photo("a1"))
    said = await looked_at(citizen)
    assert said.count("Giấy này tối đa 4 ảnh") == 1
    assert said.count("Đã nhận đủ 4 ảnh, ảnh rõ") == 1
    assert said.count("Đây là giấy gì?") == 1
    assert len((await citizen.draft()).documents) == 6


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_what_cannot_be_used_is_said_wherever_it_stood(citizen: Chatter, place: int) -> None:
    album = [citizen.photo("a1"), citizen.photo("a1")]
    album.insert(place, citizen.photo("a1", media_type="application/zip"))
    for one in album:
        await citizen.does(one)
    said = await looked_at(citizen)
    assert said.count("Loại tệp này tôi không mở được") == 1
    assert said.count("Đã nhận") == 1
    assert "Đã nhận 2 ảnh" in said


async def test_an_album_as_the_first_contact_does_not_swallow_the_greeting(whole: Whole) -> None:
    citizen = Chatter(Messenger(whole))
    for _ in range(3):
        await citizen.does(citizen.photo("a1"))
    said = words(await citizen.told())
    assert said.count("Cán bộ không bao giờ hỏi mã OTP") == 1


async def test_two_albums_in_one_breath_are_answered_together(citizen: Chatter) -> None:
    for album in ("a1", "a1", "a2"):
        await citizen.does(citizen.photo(album))
    said = await looked_at(citizen)
    assert said.count("Đã nhận") == 1
    assert said.startswith("Đã nhận 3 ảnh")


async def test_what_is_asked_meanwhile_is_answered_at_once(citizen: Chatter) -> None:
    await citizen.does(citizen.photo("a1"))
    assert "Tôi đang xem ảnh" in await citizen.hears(TextSent("mất bao lâu vậy"))
    assert (await looked_at(citizen)).startswith("Đã nhận 1 ảnh")


async def test_only_the_poor_ones_of_an_album_are_spoken_of(citizen: Chatter) -> None:
    for data in (another(), blurred(), another(), another()):
        await citizen.does(citizen.photo("a1", data))
    said = await looked_at(citizen)
    assert said.count("ảnh thứ 2:\nẢnh bị mờ") == 1
    assert said.count("ảnh thứ") == 1
    assert said.count("còn 1 ảnh chưa rõ") == 1
    assert [document.verdict for document in (await citizen.draft()).documents] == ["ok", "poor", "ok", "ok"]


async def test_bad_photos_of_a_draft_that_was_left_are_said_together(citizen: Chatter) -> None:
    for album in ("a1", "a1"):
        await citizen.does(citizen.photo(album, another()[:300]))
    await citizen.hears(Pressed("menu"))
    await citizen.whole.app.idle()
    (said,) = await citizen.told()
    assert said.text.count("bị hỏng, không mở được") == 1
    assert said.buttons[0].value.startswith("resume:")


async def test_what_is_wrong_with_several_photos_is_said_at_once(citizen: Chatter) -> None:
    """The checks end at their own time, each as an event of its own."""
    cut = another()[:300]
    for data in (cut, another(), cut):
        await citizen.does(citizen.photo("a1", data))
    said = await looked_at(citizen)
    assert said.count("bị hỏng, không mở được") == 1  # of one paper
    assert said.rindex("Đã nhận 1 ảnh") > said.rindex("không mở được")
    assert [document.verdict for document in (await citizen.draft()).documents] == ["ok"]


async def test_no_words_of_an_album_are_kept_once_they_were_sent(citizen: Chatter) -> None:
    await citizen.does(citizen.photo("a1", media_type="application/zip"))
    await citizen.told()

    def kept(work: Work) -> list[object]:
        o = t.outbox.c
        return list(work.connection.execute(select(o.body, o.remarks).where((o.body != None) | (o.remarks != None))))  # noqa: E711

    assert await citizen.whole.run(kept) == []
