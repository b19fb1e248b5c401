"""A rating through the whole program: kept once, taken up where it is low, waited for until somebody answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from sqlalchemy import select, update

from bot import recount
from bot.recount import Recounted
from conversations.messages import Shown
from domain.dossier import Status
from storage import tables as t
from storage.dossiers import Record
from storage.ratings import Rating
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Actor, Whole, running

PROCEDURE = "ban-sao-trich-luc-ho-tich"


class Ended:
    """A citizen whose dossier has been handed over, an officer who had it, and the head."""

    def __init__(self, whole: Whole, citizen: Actor, officer: Actor, head: Actor, record: Record) -> None:
        self.whole = whole
        self.citizen = citizen
        self.officer = officer
        self.head = head
        self.id = record.id

    async def stars(self, stars: int) -> list[Shown]:
        return await self.citizen.press(f"rate:{self.id}:{stars}")

    async def rating(self) -> Rating | None:
        return await self.whole.run(lambda work: work.ratings.of(self.id))

    async def told(self, actor: Actor) -> str:
        """All that is new for somebody."""
        return "\n".join(shown.message.text for shown in await actor.news() if not shown.own)

    async def history(self) -> list[str]:
        return [entry.what for entry in await self.whole.run(lambda work: work.history.of(self.id))]


@pytest_asyncio.fixture
async def ended(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Ended]:
    async with running(database_url, tmp_path) as whole:
        officer, head = await whole.officer("Thu"), await whole.officer("Hà", "head")
        citizen = await greeted(whole)
        record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
        closed = {"status": Status.HANDED_OVER, "closed_at": whole.world.now(), "owner": officer.officer}

        def close(work: Work) -> None:
            work.connection.execute(update(t.dossiers).where(t.dossiers.c.id == record.id).values(**closed))

        await whole.run(close)
        for actor in (officer, head, citizen):
            await actor.news()
        yield Ended(whole, citizen, officer, head, record)


async def test_a_good_one_is_kept_and_troubles_nobody(ended: Ended) -> None:
    await ended.stars(5)
    rating = await ended.rating()
    assert rating is not None
    assert (rating.stars, rating.word, rating.owner) == (5, "", None)
    assert await ended.told(ended.head) == ""
    await ended.citizen.says("Cô Thu làm nhanh")
    assert (await ended.rating()).word == "Cô Thu làm nhanh"  # type: ignore[union-attr]
    assert "«Cô Thu làm nhanh»" in await ended.told(ended.officer)  # who had it reads it
    assert await ended.told(ended.head) == ""
    assert (await ended.history())[-2:] == ["rate", "rate-word"]


async def test_the_word_is_sealed(ended: Ended) -> None:
    await ended.stars(4)
    await ended.citizen.says("Cô Thu làm nhanh")
    raw = await ended.whole.run(lambda work: work.connection.exec_driver_sql("SELECT word FROM ratings").scalar())
    assert raw
    assert b"Thu" not in bytes(raw)


async def test_a_low_one_has_a_card_without_anything_personal(ended: Ended) -> None:
    await ended.stars(1)
    told = await ended.told(ended.head)
    assert "Người dân chưa hài lòng" in told
    assert "Người phụ trách: Hà" in told
    assert "Có đánh giá thấp" in told, "the head is told beside the card"
    answers = await ended.whole.run(lambda work: work.drafts.answers(ended.id))
    assert not [value for value in answers.values() if len(value) > 5 and value in told]
    assert (await ended.rating()).owner == ended.head.officer  # type: ignore[union-attr]


async def test_it_holds_none_of_the_citizens_words_back(ended: Ended) -> None:
    await ended.stars(1)
    await ended.citizen.press_label("Không cần")
    await ended.citizen.says("hồ sơ của tôi")
    assert "Cho bạn:" in ended.citizen.last.message.text


async def test_who_answers_is_noted_and_the_card_is_done(ended: Ended) -> None:
    await ended.stars(2)
    await ended.head.news()
    await ended.head.press(f"c:answer:{ended.id}")
    await ended.head.says("Xin lỗi chị")
    rating = await ended.rating()
    assert rating is not None
    assert rating.answered_at is not None
    assert "Xin lỗi chị" in await ended.told(ended.citizen)
    assert "rate-answered" in await ended.history()
    await ended.whole.pass_time(timedelta(days=4))
    assert "chưa ai trả lời" not in await ended.told(ended.head)
    await ended.citizen.says("Vâng")  # the talk goes on as any other
    await ended.head.press(f"c:called:{ended.id}")
    assert ended.head.last.message.text == "Đánh giá này đã có người trả lời."


async def test_in_a_talk_that_is_open_already_it_counts_too(ended: Ended) -> None:
    await ended.citizen.press("call")
    await ended.citizen.says("Tôi muốn hỏi")
    await ended.stars(1)
    await ended.head.press(f"c:answer:{ended.id}")
    await ended.head.says("Dạ, mời chị nói")
    assert (await ended.rating()).answered_at is not None  # type: ignore[union-attr]
    assert "Dạ, mời chị nói" in await ended.told(ended.citizen)


async def test_or_by_telephone(ended: Ended) -> None:
    await ended.stars(2)
    said = await ended.officer.press(f"c:called:{ended.id}")
    assert "Đã ghi: Thu đã gọi điện trả lời người dân." in [shown.message.text for shown in said]
    rating = await ended.rating()
    assert rating is not None
    assert (rating.owner, rating.answered_at) == (ended.officer.officer, ended.whole.world.now())
    assert not [
        b for s in ended.officer.shown.values() if s.message.card == f"call:{ended.id}" for b in s.message.buttons
    ]


async def test_a_working_day_without_an_answer(ended: Ended) -> None:
    await ended.stars(1)
    await ended.told(ended.head)
    await ended.whole.pass_time(timedelta(hours=5))
    assert await ended.told(ended.head) == ""
    for _ in range(2):  # again each working day; the 24th is a holiday
        await ended.whole.pass_time(timedelta(days=2))
        assert "Hà: đánh giá thấp đã hơn một ngày làm việc chưa ai trả lời" in await ended.told(ended.head)


async def test_another_office_has_no_say(ended: Ended) -> None:
    await ended.stars(1)
    stranger = await ended.whole.officer("Lan", "head", "thuc-hanh")
    await stranger.press(f"c:called:{ended.id}")
    assert (await ended.rating()).answered_at is None  # type: ignore[union-attr]


async def test_never_by_somebody_else(ended: Ended) -> None:
    other = await greeted(ended.whole, "khac")
    await other.press(f"rate:{ended.id}:1")
    assert await ended.rating() is None


async def test_changed_for_a_week_and_counted_once(ended: Ended) -> None:
    for stars in (4, 2, 5, 1):
        await ended.stars(stars)
    rows = await ended.whole.run(lambda work: work.connection.execute(select(t.ratings.c.stars)).all())
    assert [tuple(row) for row in rows] == [(1,)]
    assert (await ended.told(ended.head)).count("Có đánh giá thấp") == 2, "taken back once, low again"
    await ended.whole.pass_time(timedelta(days=8))
    await ended.stars(5)
    assert (await ended.rating()).stars == 1  # type: ignore[union-attr]


async def test_better_again_nobody_is_reminded(ended: Ended) -> None:
    await ended.stars(1)
    await ended.stars(4)
    assert "Người dân đã đổi đánh giá" in await ended.told(ended.head)
    await ended.whole.pass_time(timedelta(days=4))
    assert "chưa ai trả lời" not in await ended.told(ended.head)


async def test_the_head_away_whoever_had_it_answers(ended: Ended) -> None:
    await ended.head.says("/vang")
    await ended.stars(1)
    assert (await ended.rating()).owner == ended.officer.officer  # type: ignore[union-attr]
    assert "Có đánh giá thấp" in await ended.told(ended.officer)


async def test_history_tells_all_of_it(ended: Ended) -> None:
    await ended.stars(2)
    await ended.citizen.says("Chờ lâu")
    await ended.head.press(f"c:called:{ended.id}")
    made = Recounted([], {})
    await ended.whole.run(lambda work: recount.recount(work, ended.id, made))
    about = {one.what for found in made.differences.values() for one in found}
    assert about & {"stars", "rating_answered_at"} == set()
    assert about, "the dossier was closed by hand, which is found"
