"""A dossier's own clock over the whole program: due dates after a wait, and who is reminded of what, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot import clock, decisions
from bot.scene import present
from conversations.messages import Started
from domain.dossier import (
    Accept,
    AskMoney,
    AskMore,
    Decision,
    Done,
    Extend,
    Fault,
    Process,
    Refuse,
    Settle,
    ShowDraft,
    Status,
    Supplement,
)
from domain.values import VIETNAM
from storage import tables as t
from storage.dossiers import Record
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import hand_in, records
from tests.bot.whole import Actor, Whole, running

EASY = "xac-nhan-tinh-trang-hon-nhan"  # three working days
UNTIMED = "giay-khen-dot-xuat"
PAPER = "giay-to-ly-hon"


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


async def handed_in(whole: Whole, procedure: str = EASY) -> tuple[Actor, Actor, Actor]:
    """A citizen, an officer who has claimed what they handed in on Monday at ten, and the head."""
    citizen, thu, head = await whole.citizen(), await whole.officer("Thu"), await whole.officer("Hà", "head")
    await citizen.send(Started())
    record = await hand_in(citizen, whole.world.catalogue.procedures[procedure])
    await thu.press(f"d:claim:{record.id}")
    await head.news()
    return citizen, thu, head


async def decide(whole: Whole, officer: Actor, *taken: Decision) -> Record:
    """Decisions of an officer, without their words."""

    def act(work: Work) -> None:
        for decision in taken:
            scene = present(work, whole.world)
            record = next(iter(work.dossiers.of_owner(officer.officer)))
            decisions.carry_out(scene, record, decision, officer.officer)

    await whole.run(act)
    await whole.app.idle()  # slips are printed
    return await the_one(whole)


async def the_one(whole: Whole) -> Record:
    (record,) = await records(whole)
    return record


async def time(whole: Whole, moment: datetime) -> None:
    await whole.pass_time(moment - whole.world.now())


async def said(actor: Actor) -> list[str]:
    """What is new, without cards."""
    return [shown.message.text for shown in await actor.news() if not shown.own and not shown.message.card]


async def jobs(whole: Whole, kind: str = "clock") -> list[datetime]:
    """The planned moments."""
    c = t.jobs.c
    rows = await whole.run(lambda work: list(work.connection.scalars(select(c.due_at).where(c.kind == kind))))
    return [moment.astimezone(VIETNAM) for moment in rows]


async def test_a_supplement_has_the_time_counted_anew(whole: Whole) -> None:
    _, thu, _ = await handed_in(whole)
    assert (await decide(whole, thu, Accept())).due_at == at(27, 17, 30)
    await time(whole, at(25, 10))
    await decide(whole, thu, AskMore((Fault(PAPER, "mờ"),)))
    await time(whole, at(30, 10))
    assert (await decide(whole, thu, Supplement((PAPER,)))).due_at == at(3, 17, 30, 12)


async def test_money_only_stops_the_time(whole: Whole) -> None:
    _, thu, _ = await handed_in(whole)
    await decide(whole, thu, Accept())
    await time(whole, at(25, 10))
    await decide(whole, thu, AskMoney(10_000))
    await time(whole, at(30, 10))
    assert (await decide(whole, thu, Settle(10_000, "desk"))).due_at == at(2, 17, 30, 12)


async def test_the_clerks_own_promise_is_counted_anew_too(whole: Whole) -> None:
    _, thu, _ = await handed_in(whole, UNTIMED)
    assert (await decide(whole, thu, Accept(4))).due_at == at(30, 17, 30)
    await decide(whole, thu, AskMore((Fault("x", "mờ"),)))
    await time(whole, at(25, 10))
    assert (await decide(whole, thu, Supplement(("x",)))).due_at == at(1, 17, 30, 12)


async def test_what_has_no_due_day_gets_none_by_waiting(whole: Whole) -> None:
    _, thu, _ = await handed_in(whole, UNTIMED)
    await decide(whole, thu, Accept(), AskMore((Fault("x", "mờ"),)))
    await time(whole, at(25, 10))
    assert (await decide(whole, thu, Supplement(("x",)))).due_at is None


async def test_an_answer_that_is_late_reaches_the_head_too(whole: Whole) -> None:
    _, thu, head = await handed_in(whole)
    (soon,) = await jobs(whole)
    await time(whole, soon)
    code = "sắp hết giờ trả lời"
    assert [line for line in await said(head) if code in line]
    assert not [shown for shown in thu.shown.values() if shown.private and code in shown.message.text]
    (late,) = await jobs(whole)
    assert late == (await the_one(whole)).answer_by.astimezone(VIETNAM)
    await time(whole, late)
    told = [shown for shown in await head.news() if "đã quá giờ trả lời" in shown.message.text]
    assert [shown.private for shown in told] == [False, True]
    assert await jobs(whole) == []


async def test_a_head_who_has_it_hears_once(whole: Whole) -> None:
    _, thu, head = await handed_in(whole)
    await head.press(f"d:take:{(await the_one(whole)).id}")
    await time(whole, (await the_one(whole)).answer_by)
    assert len([line for line in await said(head) if "đã quá giờ trả lời" in line]) == 1
    await thu.news()


async def test_every_step_to_the_due_moment_is_said_once_and_written_down(whole_on_both: Whole) -> None:
    whole = whole_on_both
    _, thu, head = await handed_in(whole)
    await decide(whole, thu, Accept())
    told: list[str] = []
    for hours in range(24 * 6):
        await time(whole, at(24, 0) + timedelta(hours=hours, minutes=30))
        told += [line.split(" – ")[0] for line in await said(head) if " – " in line]
    assert told == [
        "Thu: ngày làm việc tới là hẹn trả; cần gia hạn thì hôm nay là ngày cuối",
        "Thu: hôm nay hẹn trả",
        "Thu: đã quá hẹn trả",
        "Thu: đã quá hẹn trả",
    ]
    rows = await whole.run(lambda work: work.history.of(work.dossiers.of_owner(thu.officer)[0].id))
    reminded = [(row.actor, row.data["what"]) for row in rows if row.what == "remind"]
    assert reminded == [("clock", "due-soon"), ("clock", "due-today"), ("clock", "overdue")]


async def test_an_extended_promise_is_not_offered_another_extension(whole: Whole) -> None:
    _, thu, _ = await handed_in(whole)
    await decide(whole, thu, Accept(), Extend(at(30, 17, 30), "chờ xác minh"))
    await time(whole, at(27, 7, 30))
    assert any("đã gia hạn một lần" in line for line in await said(thu))


async def test_whoever_is_waited_for_is_reminded_once_and_the_row_knows(whole: Whole) -> None:
    citizen, thu, _ = await handed_in(whole)
    await decide(whole, thu, Accept(), AskMore((Fault(PAPER, "mờ"),)))
    await citizen.news()
    await time(whole, at(27, 7, 30))
    (line,) = await said(citizen)
    assert line.startswith("Nhắc bạn: hồ sơ Cấp giấy xác nhận tình trạng hôn nhân")
    record = await the_one(whole)
    assert record.reminded_at == at(27, 7, 30)
    assert record.status == Status.PENDING
    await time(whole, at(27, 12, month=12))
    assert await said(citizen) == []


async def test_money_and_drafts_are_reminded_of(whole: Whole) -> None:
    citizen, thu, _ = await handed_in(whole)
    await decide(whole, thu, Accept(), Process(), ShowDraft(""))
    await citizen.news()
    await time(whole, at(24, 7, 30))
    (line,) = await said(citizen)
    assert line.startswith("Nhắc bạn: bản nháp kết quả")
    assert "Thứ Ba 24/11/2026" in line
    await thu.news()
    await time(whole, at(25, 7, 30))
    assert any("chưa trả lời bản nháp" in line for line in await said(thu))
    await decide(whole, thu, AskMoney(10_000))
    await citizen.news()
    await time(whole, at(30, 7, 30))
    (line,) = await said(citizen)
    assert "đang chờ nộp tiền" in line


async def test_an_appointment_is_remembered_by_both_sides_and_missed_at_the_end_of_the_day(whole: Whole) -> None:
    citizen, thu, _ = await handed_in(whole)
    await decide(whole, thu, Accept(), Done(at(27, 9)))
    await citizen.news()
    await time(whole, at(26, 17))
    (eve,) = await said(citizen)
    assert eve.startswith("Nhắc bạn lịch hẹn nhận kết quả: 9 giờ, Thứ Sáu 27/11/2026.")
    assert "Căn cước" in eve
    await time(whole, at(27, 7))
    (soon,) = await said(citizen)
    assert soon.startswith("Sắp đến giờ hẹn nhận kết quả")
    await thu.news()
    await time(whole, at(27, 7, 30))
    assert any("người dân sắp đến theo hẹn" in line for line in await said(thu))
    await time(whole, at(27, 17, 30))
    assert any("người dân chưa đến theo hẹn hôm nay" in line for line in await said(thu))
    assert await said(citizen) == []


async def test_what_slept_through_an_appointment_does_not_announce_it(whole: Whole) -> None:
    citizen, thu, _ = await handed_in(whole)
    await decide(whole, thu, Accept(), Done(at(27, 9)))
    await citizen.news()
    await time(whole, at(30, 9))
    assert await said(citizen) == []
    assert any("người dân chưa đến theo hẹn hôm nay" in line for line in await said(thu))


async def test_nothing_is_said_while_a_decision_is_held(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        _, thu, head = await handed_in(whole)
        late = (await the_one(whole)).answer_by
        await time(whole, late - timedelta(seconds=50))
        await thu.press_label("Tiếp nhận")
        await head.news()
        await time(whole, late)
        assert [line for line in await said(head) if "đã quá giờ trả lời" in line] == []
        await thu.press_label("Hoàn tác")
        await whole.pass_time(timedelta(seconds=70))
        assert [line for line in await said(head) if "đã quá giờ trả lời" in line]


async def test_what_came_up_while_nobody_was_there_is_said_after_the_start(
    sqlite_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with running(sqlite_url, tmp_path) as whole:
        _, thu, _ = await handed_in(whole)
        await decide(whole, thu, Accept())
    async with running(sqlite_url, tmp_path, at=at(30, 9)) as whole:
        await whole.app.idle()
        head = await whole.officer("Hà", "head")
        lines = [line for line in await said(head) if "đã quá hẹn trả" in line]
        assert len(lines) == 2  # in the group and privately
        await whole.app.idle()
        assert await said(head) == []


async def test_what_is_closed_has_no_clock(whole: Whole) -> None:
    _, thu, _ = await handed_in(whole)
    await decide(whole, thu, Accept())
    assert len(await jobs(whole)) == 1
    assert (await decide(whole, thu, Refuse("không đủ điều kiện"))).status == Status.REFUSED
    assert await jobs(whole) == []


async def test_the_first_dossier_begins_the_mornings_lists(whole: Whole) -> None:
    await handed_in(whole)
    assert await jobs(whole, "digest") == [at(25, 7, 30)]  # the 24th is a day off


async def test_dossiers_that_are_older_than_their_clocks_get_them_once(whole: Whole) -> None:
    _, thu, _ = await handed_in(whole)
    await decide(whole, thu, Accept())
    planned = await jobs(whole)
    for expected in (planned, []):
        await whole.run(lambda work: work.jobs.drop(f"clock:{work.dossiers.of_owner(thu.officer)[0].id}"))
        await whole.run(lambda work: clock.adopt(present(work, whole.world)))
        assert await jobs(whole) == expected


async def test_promises_from_before_places_were_rows_have_theirs(whole: Whole) -> None:
    _, thu, _ = await handed_in(whole)
    slot = at(25, 9)
    record = await decide(whole, thu, Accept(), Done(slot))
    await whole.run(lambda work: work.places.free(record.id))
    await whole.run(lambda work: clock.adopt(present(work, whole.world)))
    assert await whole.run(lambda work: work.places.of(record.id)) == slot


async def test_who_was_waited_for_before_there_were_clocks_is_reminded_once(whole: Whole) -> None:
    citizen, thu, _ = await handed_in(whole)
    record = await decide(whole, thu, Accept(), AskMore((Fault(PAPER, "ảnh mờ"),)))
    await whole.run(lambda work: work.jobs.drop(f"clock:{record.id}"))
    await time(whole, at(19, 22, month=12))
    await said(citizen)
    await whole.run(lambda work: clock.adopt(present(work, whole.world)))
    await whole.app.idle()
    assert await said(citizen) == [], "not at night"
    await time(whole, at(22, 9, month=12))
    assert len(await said(citizen)) == 1
    assert (await the_one(whole)).reminded_at is not None, "it may be stopped one day"
    await time(whole, at(29, 9, month=12))
    assert await said(citizen) == []
