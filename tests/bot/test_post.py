"""A result by post: wished, changed, dropped, declined, prepaid; and nobody is expected at the desk for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.recount import Difference, Recounted, recount
from conversations.messages import Shown
from storage.dossiers import Record
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Actor, Whole, running

SINGLE = "xac-nhan-tinh-trang-hon-nhan"
GUARDIAN = "giam-ho"  # to be collected in person
ADDRESS = "Xóm 2, thôn Đông, xã Sơn Tiến, tỉnh Hà Tĩnh"


def said(news: list[Shown]) -> str:
    return "\n".join(shown.message.text for shown in news if not shown.own)


class Posting:
    """One citizen and the officer who has accepted the dossier."""

    def __init__(self, whole: Whole, citizen: Actor, officer: Actor, dossier: str) -> None:
        self.whole = whole
        self.citizen = citizen
        self.officer = officer
        self.dossier = dossier

    async def record(self) -> Record:
        found = await self.whole.run(lambda work: work.dossiers.get(self.dossier))
        assert found is not None
        return found

    async def wish(self, address: str = ADDRESS) -> None:
        await self.citizen.press(f"post:{self.dossier}")
        await self.citizen.press(f"postedit:{self.dossier}")
        for words in (address, "Lê Thị Mai", "0984 123 456"):
            await self.citizen.says(words)
        await self.citizen.press(f"postok:{self.dossier}")

    async def told(self) -> str:
        return said(await self.citizen.news())


async def begun(whole: Whole, procedure: str = SINGLE) -> Posting:
    citizen = await greeted(whole)
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[procedure])).id
    officer = await whole.officer("Thu")
    await officer.press(f"d:claim:{dossier}")
    await officer.press(f"d:accept:{dossier}")
    return Posting(whole, citizen, officer, dossier)


@pytest.fixture
async def posting(whole_on_both: Whole) -> Posting:
    return await begun(whole_on_both)


async def test_a_wish_is_asked_for_step_by_step_and_wrong_answers_keep_the_place(posting: Posting) -> None:
    citizen = posting.citizen
    await citizen.press(f"post:{posting.dossier}")
    await citizen.press(f"postedit:{posting.dossier}")
    for words, answer in (
        ("gần chợ", "Địa chỉ ngắn quá"),
        (ADDRESS, "Ai nhận?"),
        ("123", "Họ tên chỉ gồm chữ"),
        ("Lê Thị Mai", "Số điện thoại của người nhận"),
        ("0984", "Số điện thoại có 10 chữ số"),
        ("0984 123 456", "Đúng chưa?"),
    ):
        news = await citizen.says(words)
        assert answer in said(news)
    assert (await posting.record()).body.post is None
    await citizen.says("1")
    wish = (await posting.record()).body.post
    assert wish is not None
    assert (wish.name, wish.phone, wish.address, wish.fee_vnd) == ("Lê Thị Mai", "+84984123456", ADDRESS, None)
    await posting.officer.news()
    group = "\n".join(s.message.text for s in posting.officer.shown.values() if not s.private)
    assert "người dân muốn nhận kết quả qua bưu điện" in group
    assert "📮 Gửi bưu điện" in group
    assert "Lê Thị Mai" not in group
    assert "thôn Đông" not in group
    await posting.officer.press(f"d:post:{posting.dossier}")
    assert posting.officer.last.private
    assert ADDRESS in posting.officer.last.message.text


async def test_it_is_changed_and_dropped_until_it_is_sent(posting: Posting) -> None:
    await posting.wish()
    await posting.wish("Số 5 đường Lê Lợi, phường Trường Vinh, tỉnh Nghệ An")
    wish = (await posting.record()).body.post
    assert wish is not None
    assert wish.address.endswith("Nghệ An")
    await posting.citizen.press(f"postno:{posting.dossier}")
    assert (await posting.record()).body.post is None
    await posting.wish()
    await posting.officer.press(f"d:done:{posting.dossier}")
    await posting.officer.press(f"d:sent:{posting.dossier}")
    await posting.officer.says("EA123456785VN")
    assert (await posting.record()).status == "posted"
    await posting.told()
    for press in ("post", "postedit", "postok", "postno"):
        news = await posting.citizen.press(f"{press}:{posting.dossier}")
        assert "không đổi cách nhận được nữa" in said(news)
    wish = (await posting.record()).body.post
    assert wish is not None
    assert wish.tracking == "EA123456785VN"
    rows = await posting.whole.run(lambda work: work.history.of(posting.dossier))
    assert [row.what for row in rows if row.what.startswith("post")] == [
        "post-wish",
        "post-wish",
        "post-drop",
        "post-wish",
        "post",
    ]


async def test_who_wants_it_by_post_is_no_longer_expected(posting: Posting) -> None:
    await posting.officer.press(f"d:done:{posting.dossier}")
    await posting.officer.press(posting.officer.buttons[1])
    record = await posting.record()
    assert record.appointment_at is not None
    assert await posting.whole.run(lambda work: work.places.of(posting.dossier)) == record.appointment_at
    await posting.wish()
    record = await posting.record()
    assert (record.status, record.appointment_at) == ("done", None)
    assert await posting.whole.run(lambda work: work.places.of(posting.dossier)) is None
    assert await recounted(posting) == {}


async def recounted(posting: Posting) -> dict[str, list[Difference]]:
    """What history says otherwise than the table."""

    def look(work: Work) -> dict[str, list[Difference]]:
        made = Recounted([], {})
        recount(work, posting.dossier, made)
        return made.differences

    return await posting.whole.run(look)


async def test_a_result_that_was_being_announced_takes_no_place_from_others(
    database_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with running(database_url, tmp_path, undo=60) as whole:
        posting = await begun(whole)
        await posting.officer.press(f"d:done:{posting.dossier}")
        await posting.officer.press(posting.officer.buttons[1])
        assert await whole.run(lambda work: work.places.of(posting.dossier)) is not None
        await posting.wish()
        await posting.officer.press(f"d:now:{posting.dossier}")
        record = await posting.record()
        assert (record.status, record.appointment_at) == ("done", None)
        assert await whole.run(lambda work: work.places.of(posting.dossier)) is None


async def test_without_the_postage_nothing_is_missing_and_it_goes_on(posting: Posting) -> None:
    officer, dossier = posting.officer, posting.dossier
    await posting.wish()
    for press in ("fee:{}:a10000", "postage:{}:25000", "till:{}:10000", "owe:{}"):
        await officer.press("d:" + press.format(dossier))
    assert (await posting.record()).status == "paying"
    await posting.citizen.press(f"postno:{dossier}")
    assert (await posting.record()).status == "processing"
    rows = await posting.whole.run(lambda work: work.history.of(dossier))
    assert [row.data["amount_vnd"] for row in rows if row.what == "fee"] == [10_000, 35_000, 10_000]


async def test_a_prepaid_postage_is_part_of_the_charge_and_leaves_with_the_wish(posting: Posting) -> None:
    await posting.officer.press(f"d:fee:{posting.dossier}:a10000")
    await posting.wish()
    await posting.told()
    await posting.officer.press(f"d:postage:{posting.dossier}:25000")
    assert "Tổng cộng phải nộp: 35.000 đồng (gồm cước bưu điện 25.000 đồng), chưa nộp" in await posting.told()

    async def amount() -> int:
        charge = await posting.whole.run(lambda work: work.charges.get(posting.dossier))
        assert charge is not None
        return charge.amount_vnd

    assert await amount() == 35_000
    await posting.officer.press(f"d:postage:{posting.dossier}:30000")
    assert await amount() == 40_000
    await posting.officer.press(f"d:fee:{posting.dossier}:a8000")
    assert await amount() == 38_000
    await posting.officer.press(f"d:postage:{posting.dossier}:0")
    assert await amount() == 8000
    assert "bạn trả cước cho bưu tá" in await posting.told()
    await posting.officer.press(f"d:postage:{posting.dossier}:25000")
    await posting.citizen.press(f"postno:{posting.dossier}")
    assert await amount() == 8000


async def test_an_officer_declines_what_cannot_be_sent(posting: Posting) -> None:
    await posting.wish()
    await posting.told()
    await posting.officer.press(f"d:nopost:{posting.dossier}:sure")
    assert (await posting.record()).body.post is None
    assert "không gửi qua bưu điện được. Mời bạn đến nhận" in await posting.told()


async def test_back_from_the_post_it_waits_at_the_desk(posting: Posting) -> None:
    await posting.wish()
    await posting.officer.press(f"d:done:{posting.dossier}")
    done_at = (await posting.record()).done_at
    await posting.officer.press(f"d:sent:{posting.dossier}")
    await posting.officer.says("EA123456785VN")
    await posting.officer.press(f"d:returned:{posting.dossier}")
    record = await posting.record()
    assert (record.status, record.body.post, record.done_at) == ("done", None, done_at)
    assert "Bưu điện không giao được kết quả" in await posting.told()


async def test_what_is_to_be_collected_in_person_is_not_sent(whole: Whole) -> None:
    posting = await begun(whole, GUARDIAN)
    await posting.citizen.press(f"d:{posting.dossier}")
    assert not any(value.startswith("post") for value in posting.citizen.buttons)
    assert "phải đến nhận trực tiếp" in said(await posting.citizen.press(f"post:{posting.dossier}"))


async def test_a_stranger_wishes_nothing(posting: Posting) -> None:
    stranger = await greeted(posting.whole, "la")
    for press in ("post", "postedit", "postok", "postno", "paycode", "paydesk"):
        await stranger.press(f"{press}:{posting.dossier}")
    for words in (ADDRESS, "Kẻ Lạ", "0984123456"):
        await stranger.says(words)
    assert (await posting.record()).body.post is None
