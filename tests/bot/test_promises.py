"""Over the whole program: what officers promise, move and find by themselves, and what reaches whom."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from conversations.messages import Started
from domain.codes import show
from domain.values import VIETNAM, date_words
from storage.dossiers import Record
from storage.sealed import Keys
from tests.bot import replay
from tests.bot.walk import hand_in, records
from tests.bot.whole import Actor, Whole, running

EASY = "xac-nhan-tinh-trang-hon-nhan"
UNTIMED = "giay-khen-dot-xuat"


async def handed_in(whole: Whole, procedure: str = EASY, name: str = "ban") -> tuple[Actor, Actor, Record]:
    """A citizen, an officer who has claimed what they handed in, and the dossier."""
    citizen, thu = await whole.citizen(name), await whole.officer("Thu")
    await citizen.send(Started())
    record = await hand_in(citizen, whole.world.catalogue.procedures[procedure])
    await thu.press(f"d:claim:{record.id}")
    return citizen, thu, record


def told(citizen: Actor) -> str:
    """The newest words that came without a file: behind the notice comes the slip."""
    return [shown.message.text for shown in citizen.shown.values() if not shown.own and not shown.message.files][-1]


async def test_the_clerks_own_promise_becomes_the_due_date(whole: Whole) -> None:
    citizen, thu, record = await handed_in(whole, UNTIMED)
    await thu.press_label("Tiếp nhận")
    assert (await records(whole))[0].due_at is None
    await thu.says("12 ngày")
    (after,) = await records(whole)
    assert after.due_at is not None
    due = after.due_at.astimezone(VIETNAM).date()
    assert due == date(2026, 12, 10)  # twelve working days after a Monday, the 24th being a holiday
    await citizen.news()
    assert f"Ngày hẹn trả: {date_words(due)} (do cán bộ hẹn)" in told(citizen)
    await whole.run(lambda work: replay.check(work, after))
    rows = await whole.run(lambda work: work.history.of(record.id))
    assert rows[-1].data["working_days"] == 12


async def test_no_promise_is_made_where_the_clerk_cannot(whole: Whole) -> None:
    citizen, thu, _ = await handed_in(whole, UNTIMED)
    await thu.press_label("Tiếp nhận")
    await thu.press_label("Chưa hẹn được")
    assert (await records(whole))[0].due_at is None
    await citizen.news()
    assert "Ngày hẹn trả: cán bộ sẽ báo" in told(citizen)


async def test_who_decided_hears_when_it_takes_effect_by_itself(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        _, thu, _ = await handed_in(whole)
        head = await whole.officer("Hà", "head")
        await thu.press_label("Tiếp nhận")
        await whole.pass_time(timedelta(seconds=61))
        told = [shown for shown in await thu.news() if "Đã báo người dân" in shown.message.text]
        (after,) = await records(whole)
        assert [(shown.private, shown.message.text) for shown in told] == [
            (True, f"Đã báo người dân: «Tiếp nhận», hồ sơ {after.official_code}.")
        ]
        assert not any("Đã báo người dân" in shown.message.text for shown in await head.news())

        await thu.press_label("Có kết quả")
        await thu.press_label("Nhận ngay từ bây giờ")
        news = await thu.press_label("Báo ngay")
        await whole.pass_time(timedelta(minutes=5))
        told = [shown for shown in (*news, *await thu.news()) if "Đã báo người dân" in shown.message.text]
        assert len(told) == 1  # who pressed has heard it then


async def test_a_moved_hour_is_told_as_such(whole: Whole) -> None:
    citizen, thu, _ = await handed_in(whole)
    for label in ("Tiếp nhận", "Có kết quả", "Nhận ngay từ bây giờ", "Đổi giờ hẹn"):
        await thu.press_label(label)
    await thu.says("2")
    await citizen.news()
    lines = citizen.last.message.text.splitlines()
    assert lines[0].endswith("đã đổi.")
    assert (lines[2][:7], lines[3][:8]) == ("Giờ cũ:", "Giờ mới:")


async def test_a_dossier_opens_by_either_end_of_its_codes(whole: Whole) -> None:
    _, thu, record = await handed_in(whole)
    await thu.press_label("Tiếp nhận")
    for typed in (record.tracking_code[:4], f"/hoso {record.tracking_code[-5:].lower()}", "0001", "/hoso 23-0001"):
        await thu.says(typed)
        assert show(record.tracking_code) in thu.last.message.text
    stranger = await whole.officer("Lan", "officer", "thuc-hanh")
    await stranger.says("/hoso 0001")
    assert stranger.last.message.text.startswith("Không có hồ sơ nào của đơn vị bạn có mã")


async def test_the_card_of_a_call_shows_the_citizens_dossiers(whole: Whole) -> None:
    citizen, thu, record = await handed_in(whole)
    await citizen.press("call:")
    await citizen.says("Cho hỏi bao giờ xong")
    await thu.news()
    card = next(shown for shown in reversed(thu.shown.values()) if shown.message.card.startswith("call:"))
    assert card.message.text.splitlines()[-1] == f"Hồ sơ người này đang có ở đây: {show(record.tracking_code)}"
