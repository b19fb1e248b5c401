"""Drafts that are left, over the whole program: what their person hears, and that they go with their photos."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot import draft_reminders
from bot.scene import present
from conversations.messages import Started, TextSent
from domain.values import VIETNAM
from storage import tables as t
from storage.work import Work
from tests.bot.walk import hand_in, to_review
from tests.bot.whole import Actor, Whole

EASY = "xac-nhan-tinh-trang-hon-nhan"


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


async def time(whole: Whole, moment: datetime) -> None:
    await whole.pass_time(moment - whole.world.now())


async def begun(whole: Whole, *, reminders: bool = True) -> Actor:
    """A citizen who has left a draft at the first question after the consents, on Monday at ten."""
    citizen = await whole.citizen()
    await citizen.send(Started(EASY))
    await citizen.press_label("Nộp hồ sơ")
    await citizen.press_label("Cho tôi")
    await citizen.press_label("Đồng ý")
    await citizen.press_label("Đồng ý" if reminders else "Không đồng ý")
    await citizen.news()
    return citizen


async def said(actor: Actor) -> list[str]:
    return [shown.message.text for shown in await actor.news() if not shown.own]


async def count(whole: Whole, table: str) -> int:
    return await whole.run(
        lambda work: work.connection.scalar(select(func.count()).select_from(t.metadata.tables[table])) or 0
    )


async def files(whole: Whole) -> int:
    return await whole.run(lambda work: work.connection.scalar(select(func.count()).select_from(t.files)) or 0)


async def test_the_next_morning_once_and_the_end_announced_a_week_before(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen = await begun(whole)
    told: list[tuple[datetime, str]] = []
    for hours in range(24 * 32):
        await time(whole, at(23, 11) + timedelta(hours=hours))
        told += [(whole.world.now(), line) for line in await said(citizen)]
    assert [(when.date().isoformat(), when.hour) for when, _ in told] == [("2026-11-24", 8), ("2026-12-16", 8)]
    assert "còn làm dở, chưa nộp" in told[0][1]
    assert "hết Thứ Tư 23/12/2026 tôi sẽ xóa" in told[1][1]
    assert await count(whole, "drafts") == 0
    assert await count(whole, "answers") == 0
    rows = await whole.run(lambda work: work.retention.noted(9))
    assert [(what, number) for _, what, number in rows] == [("drafts", 1)]


async def test_photos_go_with_the_draft(whole: Whole) -> None:
    citizen = await whole.citizen()
    await citizen.send(Started("khai-sinh"))
    await citizen.press_label("Nộp hồ sơ")
    await to_review(citizen, whole.world.catalogue.procedures["khai-sinh"])
    assert await files(whole) > 0
    await time(whole, at(16, 9, month=12))
    assert await files(whole) > 0
    await time(whole, at(24, 9, month=12))
    assert await files(whole) == 0
    assert await count(whole, "documents") == 0


async def test_what_is_handed_in_is_not_unfinished(whole: Whole) -> None:
    citizen = await whole.citizen()
    await citizen.send(Started())
    await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    await citizen.news()
    await time(whole, at(24, 12))
    assert await said(citizen) == []
    left = await whole.run(lambda work: work.connection.scalar(select(t.jobs.c.id).where(t.jobs.c.kind == "draft")))
    assert left is None


async def test_who_declined_hears_only_that_it_will_be_deleted(whole: Whole) -> None:
    citizen = await begun(whole, reminders=False)
    await time(whole, at(25, 9))
    assert await said(citizen) == []
    await time(whole, at(16, 9, month=12))
    (line,) = await said(citizen)
    assert "tôi sẽ xóa" in line
    assert "Đừng nhắc nữa" not in [b.label for b in citizen.last.message.buttons]


async def test_whoever_goes_on_is_reminded_of_nothing_and_keeps_it(whole: Whole) -> None:
    citizen = await begun(whole)
    await time(whole, at(24, 7, 50))
    await citizen.send(TextSent("Nguyễn Thị Hoa"))
    await citizen.news()
    await time(whole, at(24, 9))
    assert await said(citizen) == []
    await time(whole, at(25, 8))
    assert len(await said(citizen)) == 1
    await time(whole, at(17, 9, month=12))
    assert len(await said(citizen)) == 1
    await citizen.press_label("Làm tiếp")
    await time(whole, at(30, 9, month=12))
    assert await count(whole, "drafts") == 1


async def test_drafts_that_are_older_than_their_clocks_get_them_once(whole: Whole) -> None:
    citizen = await begun(whole)
    for expected in (1, 0):
        await whole.run(lambda work: work.connection.execute(t.jobs.delete()))
        await whole.run(lambda work: draft_reminders.adopt(present(work, whole.world)))
        assert await count(whole, "jobs") == expected
    assert await said(citizen) == []


async def test_done_twice_it_is_said_once(whole: Whole) -> None:
    citizen = await begun(whole)

    def again(work: Work) -> None:
        for draft in work.drafts.unfinished():
            work.jobs.add("draft", draft, due_at=whole.world.now())

    await time(whole, at(24, 9))
    await whole.run(again)
    await whole.app.idle()
    assert len(await said(citizen)) == 1
