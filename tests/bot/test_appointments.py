"""Places at the desk, through the whole program: who gets one, who gives it back, who comes instead."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import held
from bot.scene import present
from conversations.messages import Shown
from conversations.staff_state import Decide
from domain.dossier import HandOver, NotAllowed
from domain.values import VIETNAM
from storage import tables as t
from storage.dossiers import Record
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Actor, Whole, running

EASY = "xac-nhan-tinh-trang-hon-nhan"
HOUR = timedelta(hours=1)


async def clerk(whole: Whole) -> Actor:
    """Thu, who has read everything."""
    thu = await whole.officer("Thu")
    await thu.news()
    return thu


async def accepted(whole: Whole, name: str = "ban") -> tuple[Actor, str]:
    """A citizen, and the id of their accepted dossier, which Thu has."""
    citizen = await greeted(whole, name)
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[EASY])).id
    thu = await clerk(whole)
    await thu.press(f"d:claim:{dossier}")
    await thu.press(f"d:accept:{dossier}")
    await citizen.news()
    return citizen, dossier


async def offered(whole: Whole, dossier: str) -> list[str]:
    """The moments that Thu can choose from."""
    thu = await clerk(whole)
    shown = [news for news in await thu.press(f"d:done:{dossier}") if news.private][-1]
    return [b.value.rsplit(":", 1)[1] for b in shown.message.buttons if re.search(r":\d{12}$", b.value)]


async def done(whole: Whole, dossier: str, stamp: str = "") -> str:
    """The result is ready; the first moment offered, or that one."""
    stamp = stamp or (await offered(whole, dossier))[0]
    await (await clerk(whole)).press(f"d:done:{dossier}:{stamp}")
    return stamp


async def record_of(whole: Whole, dossier: str) -> Record:
    found = await whole.run(lambda work: work.dossiers.get(dossier))
    assert found is not None
    return found


async def places(whole: Whole) -> dict[str, datetime]:
    """By dossier."""

    def look(work: Work) -> dict[str, datetime]:
        rows = work.connection.execute(select(t.places.c.dossier, t.places.c.at)).all()
        assert len({dossier for dossier, _ in rows}) == len(rows)
        return {dossier: at for dossier, at in rows}  # noqa: C416 - rows are no pairs for mypy

    return await whole.run(look)


async def history(whole: Whole, dossier: str, what: str) -> list[dict[str, Any]]:
    rows = await whole.run(lambda work: work.history.of(dossier))
    return [dict(row.data) for row in rows if row.what == what]


def moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%d%H%M").replace(tzinfo=VIETNAM)


def texts(news: list[Shown]) -> str:
    return "\n".join(shown.message.text for shown in news)


async def test_a_full_slot_is_not_offered(whole_on_both: Whole) -> None:
    whole = whole_on_both
    dossiers = [(await accepted(whole, f"ban-{number}"))[1] for number in range(3)]
    first = await done(whole, dossiers[0])
    assert (await offered(whole, dossiers[1]))[0] == first
    assert await done(whole, dossiers[1]) == first
    assert first not in await offered(whole, dossiers[2])
    thu = await clerk(whole)
    refused = await thu.press(f"d:done:{dossiers[2]}:{first}")
    assert "không còn" in texts(refused) or "khác" in texts(refused)
    assert await places(whole) == {dossiers[0]: moment(first), dossiers[1]: moment(first)}


async def test_of_many_who_press_at_once_one_gets_the_last_place(whole_on_both: Whole) -> None:
    whole = whole_on_both
    waiting = [await accepted(whole, f"ban-{number}") for number in range(5)]
    stamps = [await done(whole, dossier) for _, dossier in waiting]
    last = stamps[0]
    await whole.run(lambda work: work.places.free(waiting[1][1]))  # one place is left at the first moment
    others = [(citizen, dossier) for citizen, dossier in waiting if (dossier, last) != (waiting[0][1], last)]
    news = await asyncio.gather(*(citizen.press(f"slot:{dossier}:{last}") for citizen, dossier in others[1:]))
    told = [texts(shown) for shown in news]
    assert sum("Giờ hẹn mới" in words for words in told) == 1
    assert sum("vừa có người khác đặt" in words for words in told) == len(told) - 1
    assert sorted((await places(whole)).values()).count(moment(last)) == 2


async def test_a_held_decision_has_its_place_and_gives_it_back(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, undo=0) as whole:
        _, dossier = await accepted(whole)
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        thu = await clerk(whole)
        first = await done(whole, dossier)
        assert await places(whole) == {dossier: moment(first)}
        await thu.press(f"d:undo:{dossier}")
        assert await places(whole) == {}
        await done(whole, dossier, first)
        await thu.press(f"d:now:{dossier}")
        other = (await offered(whole, dossier))[1]
        await thu.press(f"d:redate:{dossier}:{other}")
        assert await places(whole) == {dossier: moment(other)}
        await thu.press(f"d:undo:{dossier}")
        assert await places(whole) == {dossier: moment(first)}
        assert (await record_of(whole, dossier)).appointment_at == moment(first)


async def test_the_citizen_moves_it_and_the_desk_hears(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen, dossier = await accepted(whole)
    await done(whole, dossier)
    thu = await clerk(whole)
    await thu.news()
    shown = await citizen.news()
    assert [b.label for b in shown[-1].message.buttons] == [
        "Xem hồ sơ",
        "Đổi giờ hẹn",
        "Nhờ người khác nhận",
        "Gặp cán bộ",
    ]
    await citizen.press_label("Đổi giờ hẹn")
    await citizen.says("2")
    chosen = citizen.buttons[1]
    news = await citizen.press(chosen)
    at = moment(chosen.rsplit(":", 1)[1])
    assert "Giờ hẹn mới" in texts(news)
    assert await places(whole) == {dossier: at}
    assert (await record_of(whole, dossier)).appointment_at == at
    (row,) = await history(whole, dossier, "rebook")
    assert datetime.fromisoformat(row["appointment_at"]) == at
    assert "người dân đổi giờ hẹn" in texts(await thu.news())


async def test_who_did_not_come_is_offered_other_moments(whole: Whole) -> None:
    citizen, dossier = await accepted(whole)
    first = await done(whole, dossier)
    await citizen.news()
    thu = await clerk(whole)
    assert "Chưa đến giờ hẹn" in texts(await thu.press(f"d:missed:{dossier}"))
    for count in (1, 2):
        at = (await record_of(whole, dossier)).appointment_at
        assert at is not None
        await whole.pass_time(at - whole.world.now() + HOUR)
        await thu.press(f"d:missed:{dossier}")
        assert await places(whole) == {}
        assert (await record_of(whole, dossier)).appointment_at is None
        (notice,) = await citizen.news()
        assert "Không sao cả" in notice.message.text
        slots = [b.value for b in notice.message.buttons if b.value.startswith(f"slot:{dossier}:")]
        assert len(slots) == 4
        assert f"Không đến theo hẹn {count} lần" in texts(await thu.press(f"d:open:{dossier}"))
        await citizen.press(slots[count])
        assert set(await places(whole)) == {dossier}
    assert first
    assert len(await history(whole, dossier, "missed")) == 2


@pytest.mark.parametrize("action", ["back", "hand"])
async def test_whoever_is_not_expected_any_more_has_no_place(whole: Whole, action: str) -> None:
    _, dossier = await accepted(whole)
    await done(whole, dossier)
    thu = await clerk(whole)
    await thu.press(f"d:{action}:{dossier}")
    await thu.press(f"d:because:{dossier}:back-1" if action == "back" else f"d:send:{dossier}")
    assert await places(whole) == {}


async def test_invited_and_then_withdrawn(whole: Whole) -> None:
    citizen = await greeted(whole)
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[EASY])).id
    thu = await clerk(whole)
    await thu.press(f"d:claim:{dossier}")
    shown = [news for news in await thu.press(f"d:invite:{dossier}") if news.private][-1]
    await thu.press(shown.message.buttons[0].value)
    assert set(await places(whole)) == {dossier}
    assert "Đổi giờ hẹn" in [b.label for b in (await citizen.news())[-1].message.buttons]
    await citizen.press(f"wdok:{dossier}")
    assert await places(whole) == {}


async def named(citizen: Actor, dossier: str) -> str:
    """Names Trần Thị Mai; gives her code."""
    await citizen.press(f"collect:{dossier}")
    for words in ("Trần Thị Mai", "0984123456", "1234"):
        await citizen.says(words)
    return code_in(await citizen.press_label("Đúng, lấy mã nhận"))


def code_in(news: list[Shown]) -> str:
    found = re.search(r"Mã nhận: (\d{3}) (\d{3})", texts(news))
    assert found is not None, texts(news)
    return found[1] + found[2]


async def test_somebody_else_collects_with_the_code(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen, dossier = await accepted(whole)
    await done(whole, dossier)
    thu = await clerk(whole)
    code = await named(citizen, dossier)
    kept = (await record_of(whole, dossier)).body.collector
    assert kept is not None
    assert code not in kept.code
    group = [shown for shown in await thu.news() if not shown.private]
    assert "người dân nhờ người khác nhận" in texts(group)
    assert not re.search("Mai|1234|0984", texts(group))
    await thu.press(f"d:hand:{dossier}")
    await thu.press(f"d:hand:{dossier}:other")
    wrong = "000000" if code != "000000" else "111111"
    assert "Còn 4 lần" in texts(await thu.says(wrong))
    assert "Mã đúng" in texts(await thu.says(code))
    await thu.press(f"d:send:{dossier}")
    assert "Mai (thẻ ****1234), người bạn nhờ, đã nhận" in texts(await citizen.news())
    checks = await history(whole, dossier, "collector-check")
    assert [(row["right"], row["wrong"]) for row in checks] == [(False, 1), (True, 1)]
    (row,) = await history(whole, dossier, "hand-over")
    assert row["to"] == "collector"


async def test_after_five_wrong_codes_only_a_new_one_helps(whole: Whole) -> None:
    citizen, dossier = await accepted(whole)
    await done(whole, dossier)
    thu = await clerk(whole)
    code = await named(citizen, dossier)
    await thu.press(f"d:hand:{dossier}:other")
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        await thu.says(wrong)
    assert "không dùng được nữa" in texts(await thu.says(wrong))
    told = await citizen.news()
    assert "đã bị nhập sai 5 lần" in texts(told)
    assert "không dùng được nữa" in texts(await thu.press(f"d:hand:{dossier}:other"))
    new = code_in(await citizen.press(told[-1].message.buttons[0].value))
    await thu.press(f"d:hand:{dossier}:other")
    if new != code:
        assert "Còn 4 lần" in texts(await thu.says(code))
    assert "Mã đúng" in texts(await thu.says(new))


async def test_nothing_is_handed_to_a_collector_without_the_right_code(whole: Whole) -> None:
    citizen, dossier = await accepted(whole)
    await done(whole, dossier)
    await named(citizen, dossier)

    def forge(work: Work) -> None:
        scene = present(work, whole.world)
        record = work.dossiers.get(dossier, lock=True)
        assert record is not None
        assert record.owner is not None
        officer = work.officers.get(record.owner)
        assert officer is not None
        held.hold(scene, officer, record, Decide(dossier, record.version, HandOver((), "collector")))

    with pytest.raises(NotAllowed, match="collector-unchecked"):
        await whole.run(forge)
    await citizen.press(f"collect:{dossier}:drop")
    assert (await record_of(whole, dossier)).body.collector is None
    assert len(await history(whole, dossier, "collector-drop")) == 1
    with pytest.raises(NotAllowed, match="collector-unchecked"):
        await whole.run(forge)


async def test_today_s_list_names_nobody(whole: Whole) -> None:
    _, dossier = await accepted(whole)
    await done(whole, dossier)
    thu = await clerk(whole)
    at = (await record_of(whole, dossier)).appointment_at
    assert at is not None
    if at.date() != whole.world.now().date():
        assert "không có ai hẹn" in texts(await thu.says("/lichhen"))
        await whole.pass_time(at - HOUR - whole.world.now())
    listed = texts(await thu.says("/lichhen"))
    assert "Lịch hẹn hôm nay: 1 người" in listed
    assert "Nguyễn" not in listed


async def test_the_citizen_is_quicker_than_a_held_decision(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, undo=0) as whole:
        citizen, dossier = await accepted(whole)
        await done(whole, dossier)
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        citizen = await whole.citizen()
        thu = await clerk(whole)
        first, second, third = (await offered(whole, dossier))[:3]
        await thu.press(f"d:redate:{dossier}:{second}")
        assert await places(whole) == {dossier: moment(second)}
        assert "Giờ hẹn mới" in texts(await citizen.press(f"slot:{dossier}:{third}"))
        assert await places(whole) == {dossier: moment(third)}
        assert "không có hiệu lực" in texts(await thu.news())
        await thu.press(f"d:undo:{dossier}")  # nothing is held any more
        assert await places(whole) == {dossier: moment(third)}

        await thu.press(f"d:hand:{dossier}")
        await thu.press(f"d:send:{dossier}")
        assert "đang trả kết quả" in texts(await citizen.press(f"slot:{dossier}:{first}"))
        assert await places(whole) == {dossier: moment(third)}
        await thu.press(f"d:now:{dossier}")
        assert await places(whole) == {}


async def test_another_code_after_the_check_makes_it_void(whole: Whole) -> None:
    citizen, dossier = await accepted(whole)
    await done(whole, dossier)
    thu = await clerk(whole)
    code = await named(citizen, dossier)
    await thu.press(f"d:hand:{dossier}:other")
    assert "Mã đúng" in texts(await thu.says(code))
    await citizen.press(f"collect:{dossier}:code")
    assert "Chưa có mã nhận đúng" in texts(await thu.press(f"d:send:{dossier}"))
    assert (await record_of(whole, dossier)).status == "done"
