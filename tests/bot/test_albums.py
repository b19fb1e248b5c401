"""An album comes as so many events and no end mark: it is answered once, and nothing that was said of it is lost."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from conversations.messages import Pressed, TextSent
from storage import tables as t
from storage.work import Work
from tests.bot.messenger import Chatter, Messenger, words
from tests.bot.whole import Whole, jpeg


@pytest.fixture
async def citizen(whole: Whole) -> Chatter:
    """At a form of any number of pages, on a messenger that gives its files."""
    messenger = Messenger(whole)
    messenger.connect()
    made = Chatter(messenger)
    await made.to_papers()
    return made


async def skip(citizen: Chatter) -> None:
    """On to the identity card, of two sides."""
    await citizen.hears(TextSent("không có"))


async def test_it_is_answered_once_with_the_right_count(citizen: Chatter) -> None:
    for _ in range(3):
        await citizen.does(citizen.photo("a1"))
    assert await citizen.told(after=0) == []
    (answer,) = await citizen.told()
    assert answer.text.startswith("Đã nhận 3 ảnh: Tờ khai")
    assert len((await citizen.draft()).documents) == 3


async def test_photos_at_once_and_each_five_times_count_once(citizen: Chatter) -> None:
    album = [citizen.inbound(citizen.photo("a1")) for _ in range(5)]
    receive = citizen.whole.app.receiver.receive
    await asyncio.gather(*(receive(one) for one in [*reversed(album), *album, *album[2:], *album[:2], *album * 2]))
    (answer,) = await citizen.told()
    assert answer.text.startswith("Đã nhận 5 ảnh")


async def test_a_late_photo_of_an_answered_album_is_answered_by_itself(citizen: Chatter) -> None:
    await citizen.does(citizen.photo("a1"))
    assert words(await citizen.told()).startswith("Đã nhận 1 ảnh")
    await citizen.does(citizen.photo("a1"))
    assert words(await citizen.told()).startswith("Đã nhận 2 ảnh")


async def test_more_photos_than_a_paper_takes(citizen: Chatter) -> None:
    """An earlier remark is made again by the last answer, once."""
    await skip(citizen)
    for _ in range(5):
        await citizen.does(citizen.photo("a1"))
    said = words(await citizen.told())
    assert "Đã nhận đủ" not in said  # the next one says so too
    assert said.count("Giấy này tối đa 2 ảnh") == 1
    assert said.count("Giấy 3/") == 1
    assert said.index("Giấy này tối đa") < said.index("Giấy 3/")
    assert len((await citizen.draft()).documents) == 5


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_what_cannot_be_used_is_said_wherever_it_stood(citizen: Chatter, place: int) -> None:
    album = [citizen.photo("a1"), citizen.photo("a1")]
    album.insert(place, citizen.photo("a1", media_type="application/zip"))
    for one in album:
        await citizen.does(one)
    said = words(await citizen.told())
    assert said.count("Loại tệp này tôi không mở được") == 1
    assert said.count("Đã nhận") == 1
    assert "Đã nhận 2 ảnh" in said


async def test_an_album_at_a_question_is_answered_by_the_question_once(whole: Whole) -> None:
    citizen = Chatter(Messenger(whole))
    await citizen.does(TextSent("chào"))
    await citizen.does(Pressed("start:xac-nhan-tinh-trang-hon-nhan"))
    for value in (f"for:self:{(await citizen.draft()).id[:6]}", "yes:handle", "no:notify"):
        await citizen.does(Pressed(value))
    await citizen.told()
    for _ in range(4):
        await citizen.does(citizen.photo("a1"))
    said = words(await citizen.told())
    assert said.count("Đã giữ ảnh") == 1
    assert said.count("Câu 1") == 1
    assert len((await citizen.draft()).documents) == 4


async def test_an_album_as_the_first_contact_does_not_swallow_the_greeting(whole: Whole) -> None:
    citizen = Chatter(Messenger(whole))
    for _ in range(3):
        await citizen.does(citizen.photo("a1"))
    said = words(await citizen.told())
    assert said.count("Cán bộ không bao giờ hỏi mã OTP") == 1


async def test_two_albums_in_one_breath_are_answered_together(citizen: Chatter) -> None:
    await skip(citizen)
    for album in ("a1", "a1", "a2"):
        await citizen.does(citizen.photo(album))
    said = words(await citizen.told())
    assert said.index("Đã nhận đủ 2 ảnh") < said.index("Đã nhận 1 ảnh")


async def test_what_comes_after_an_album_is_said_after_it(citizen: Chatter) -> None:
    await citizen.does(citizen.photo("a1"))
    await citizen.does(TextSent("mất bao lâu vậy"))
    assert await citizen.told(after=0) == []
    first, *rest = await citizen.told()
    assert first.text.startswith("Đã nhận 1 ảnh")
    assert rest


async def test_other_words_between_two_photos_are_not_lost(citizen: Chatter) -> None:
    await citizen.does(citizen.photo("a1"))
    await citizen.does(TextSent("bot ơi"))
    await citizen.does(citizen.photo("a1"))
    first, then = await citizen.told()
    assert first.text.startswith("Ảnh bạn gửi tôi đã giữ")
    assert then.text.startswith("Đã nhận 2 ảnh")


async def test_bad_photos_of_a_draft_that_was_left_are_said_together(citizen: Chatter) -> None:
    for album in ("a1", "a1"):
        await citizen.does(citizen.photo(album, jpeg()[:300]))
    await citizen.hears(Pressed("menu"))
    await citizen.whole.app.idle()
    (said,) = await citizen.told()
    assert said.text.count("bị hỏng, không mở được") == 1
    assert said.buttons[0].value.startswith("resume:")


async def test_what_is_wrong_with_several_photos_is_said_at_once(citizen: Chatter) -> None:
    """The checks end at their own time, each as an event of its own."""
    await skip(citizen)
    cut = jpeg()[:300]
    for data in (cut, jpeg(), cut):
        await citizen.does(citizen.photo("a1", data))
    await citizen.whole.app.idle()
    said = words(await citizen.told())
    assert said.count("bị hỏng, không mở được") == 1  # of one paper
    assert said.count("không mở được nên đã bỏ ra") == 1  # the one that the paper had no room for
    assert said.rindex("Đã nhận 1 ảnh") > said.rindex("không mở được")
    assert said.count("Còn cần") == 1
    assert [document.verdict for document in (await citizen.draft()).documents] == ["ok"]


async def test_a_photo_found_bad_later_is_said_by_itself(citizen: Chatter) -> None:
    await skip(citizen)
    for data in (jpeg()[:300], jpeg()):
        await citizen.does(citizen.photo("a1", data))
    assert "Đã nhận đủ 2 ảnh" in words(await citizen.told())
    await citizen.whole.app.idle()
    said = words(await citizen.told())
    assert said.startswith("Tệp bạn gửi cho")
    assert "Đã nhận đủ" not in said
    assert said.count("Còn cần") == 1


async def test_good_photos_are_not_talked_about(citizen: Chatter) -> None:
    for _ in range(2):
        await citizen.does(citizen.photo("a1"))
    await citizen.whole.app.idle()
    assert len(await citizen.told()) == 1


async def test_no_words_of_an_album_are_kept_once_they_were_sent(citizen: Chatter) -> None:
    await citizen.does(citizen.photo("a1", media_type="application/zip"))
    await citizen.told()

    def kept(work: Work) -> list[object]:
        o = t.outbox.c
        return list(work.connection.execute(select(o.body, o.remarks).where((o.body != None) | (o.remarks != None))))  # noqa: E711

    assert await citizen.whole.run(kept) == []
