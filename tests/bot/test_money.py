"""A fee from the officer's confirmation to the receipt, with everything a bank may tell in whatever order."""

from __future__ import annotations

import asyncio
import dataclasses
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from bot import payments, transfers
from bot.payments import Payments
from bot.scene import present
from bot.settings import BadSetting
from conversations.messages import Shown
from domain.fees import Charge
from domain.memos import new_memo
from handlers.payment import Credit
from storage.charges import FOREIGN, Transfer
from storage.dossiers import Record
from storage.files import opened
from storage.jobs import Job
from storage.sealed import Keys
from tests.bot.bank import ACCOUNT, Bank, bank_of, with_account
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Actor, Whole, running

SINGLE = "xac-nhan-tinh-trang-hon-nhan"  # 10.000 đồng, and who is exempt


class Paying:
    """One citizen, one officer who has accepted the dossier, and the bank."""

    def __init__(self, whole: Whole, bank: Bank, citizen: Actor, officer: Actor, dossier: str) -> None:
        self.whole = whole
        self.bank = bank
        self.citizen = citizen
        self.officer = officer
        self.dossier = dossier

    async def charge(self) -> Charge:
        found = await self.whole.run(lambda work: work.charges.get(self.dossier))
        assert found is not None
        return found

    async def record(self) -> Record:
        found = await self.whole.run(lambda work: work.dossiers.get(self.dossier))
        assert found is not None
        return found

    async def fee(self, amount: int = 10_000) -> str:
        """Confirmed; gives the memo."""
        await self.officer.press(f"d:fee:{self.dossier}:a{amount}")
        await self.citizen.news()
        return (await self.charge()).memo

    async def told(self) -> str:
        """What is new for the citizen."""
        return "\n".join(shown.message.text for shown in await self.citizen.news() if not shown.own)

    async def history(self, *what: str) -> list[dict[str, object]]:
        rows = await self.whole.run(lambda work: work.history.of(self.dossier))
        return [dict(row.data) for row in rows if row.what in what]

    async def transfers(self) -> list[tuple[str, str]]:
        rows = await self.whole.run(lambda work: work.transfers.of(self.dossier))
        return [(row.reference, row.outcome) for row in rows]

    async def group(self) -> str:
        """What everybody in the group can read."""
        await self.officer.news()
        return "\n".join(shown.message.text for shown in self.officer.shown.values() if not shown.private)


@pytest.fixture
async def paying(whole_on_both: Whole) -> AsyncIterator[Paying]:
    whole = whole_on_both
    with_account(whole)
    citizen = await greeted(whole)
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[SINGLE])).id
    officer = await whole.officer("Thu")
    await officer.press(f"d:claim:{dossier}")
    await officer.press(f"d:accept:{dossier}")
    await citizen.news()
    async with bank_of(whole) as bank:
        yield Paying(whole, bank, citizen, officer, dossier)


def said(news: list[Shown]) -> str:
    return "\n".join(shown.message.text for shown in news if not shown.own)


async def picture(paying: Paying, shown: Shown) -> str:
    """What a bank's app reads from the code."""
    (file,) = shown.message.files
    assert file.media_type == "image/png"
    found = await paying.whole.run(lambda work: work.files.get(file.ref))
    assert found is not None
    data = opened(found[1], paying.whole.app.live._store.get(file.ref))  # noqa: SLF001 - where the app put it
    with Image.open(io.BytesIO(data)) as image:
        (code,) = zxingcpp.read_barcodes(image.convert("L"))
    return str(code.text)


async def test_a_confirmed_fee_is_paid_by_code_and_told_a_hundred_times_is_paid_once(paying: Paying) -> None:
    await paying.officer.press(f"d:fee:{paying.dossier}")
    asked = said([paying.officer.last])
    assert "cán bộ xác nhận" in asked
    assert "Nghị quyết 253/2020" in asked
    await paying.officer.press_label("10.000 đồng")
    assert "10.000 đồng, chưa nộp" in await paying.told()

    await paying.citizen.press_label("Trả bằng mã QR")
    code = paying.citizen.last
    memo = (await paying.charge()).memo
    assert "Số tiền: 10.000 đồng" in code.message.text
    assert "Chủ tài khoản: UBND XA SON TIEN" in code.message.text
    read = await picture(paying, code)
    assert "970436011001234567890208QRIBFTTA" in read
    assert "5405100005802VN62" in read
    assert memo in read
    assert memo in code.message.text

    paying.bank.times = 100
    assert await paying.bank.tells(92704, 10_000, f"mbvcb.1.{memo.lower()} hs2611230001.ct tu 0011") == 200
    news = await paying.told()
    assert news.count("Đã nhận 10.000 đồng") == 1
    assert "Bạn đã nộp đủ" in news
    charge = await paying.charge()
    assert (charge.state, charge.paid_vnd, charge.how) == ("paid", 10_000, "sepay")
    assert [(row["amount_vnd"], row["outcome"], row["reference"]) for row in await paying.history("paid")] == [
        (10_000, "settled", "92704")
    ]
    assert await paying.transfers() == [("92704", "settled")]
    await paying.citizen.press(f"paycode:{paying.dossier}")
    assert "không còn khoản nào phải nộp" in said([paying.citizen.last, *paying.citizen.shown.values()])


async def test_without_an_account_there_is_no_code(whole: Whole) -> None:
    citizen = await greeted(whole)
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[SINGLE])).id
    officer = await whole.officer("Thu")
    await officer.press(f"d:claim:{dossier}")
    await officer.press(f"d:accept:{dossier}")
    await officer.press(f"d:fee:{dossier}:a10000")
    news = await citizen.news()
    assert "trả tại quầy" in said(news)
    assert not any(b.value.startswith("paycode") for shown in news for b in shown.message.buttons)
    await citizen.press(f"paycode:{dossier}")
    assert "chưa nhận chuyển khoản" in said(list(citizen.shown.values()))
    files = [file for shown in citizen.shown.values() if not shown.own for file in shown.message.files]
    assert not any(file.media_type == "image/png" for file in files)


async def test_less_then_the_rest(paying: Paying) -> None:
    memo = await paying.fee()
    await paying.bank.tells(1, 4000, memo)
    news = await paying.citizen.news()
    assert "Còn thiếu 6.000 đồng" in said(news)
    await paying.citizen.press_label("Trả bằng mã QR")
    assert "54046000" in await picture(paying, paying.citizen.last)
    await paying.bank.tells(2, 6000, memo)
    assert "Bạn đã nộp đủ" in await paying.told()
    assert await paying.transfers() == [("1", "underpaid"), ("2", "settled")]


async def test_too_much_is_marked_and_its_refund_noted(paying: Paying) -> None:
    memo = await paying.fee()
    await paying.bank.tells(1, 12_000, memo)
    assert "thừa 2.000 đồng. Cán bộ sẽ hoàn lại" in await paying.told()
    group = await paying.group()
    assert "cần hoàn lại tiền" in group
    assert "thừa 2.000 đồng, cần hoàn" in group
    await paying.officer.press(f"d:refund:{paying.dossier}:99999")
    assert "Không hoàn được nhiều hơn" in said([paying.officer.last])
    await paying.officer.says("2.000")
    assert "Đã hoàn 2.000 đồng" in await paying.told()
    charge = await paying.charge()
    assert (charge.state, charge.paid_vnd, charge.excess_vnd) == ("paid", 10_000, 0)
    assert [row["amount_vnd"] for row in await paying.history("refund")] == [2000]


async def test_paid_twice_waived_meanwhile_and_after_the_end(paying: Paying) -> None:
    memo = await paying.fee()
    await paying.bank.tells(1, 10_000, memo)
    await paying.bank.tells(2, 10_000, memo)
    assert "trong khi bạn đã nộp đủ" in await paying.told()
    await paying.officer.press(f"d:fee:{paying.dossier}:o2")
    waived = await paying.charge()
    assert (waived.state, waived.reason, waived.excess_vnd) == (
        "waived",
        "Người thuộc gia đình có công với cách mạng",
        20_000,
    )
    assert "được miễn lệ phí. Lý do: Người thuộc gia đình có công" in await paying.told()
    assert "gia đình có công" not in await paying.group()
    await paying.bank.tells(3, 10_000, memo)
    assert "hồ sơ này không phải nộp" in await paying.told()
    await paying.citizen.press(f"wdok:{paying.dossier}")
    await paying.bank.tells(4, 10_000, memo)
    assert "hồ sơ đã khép lại" in await paying.told()
    assert [outcome for _, outcome in await paying.transfers()] == ["settled", "twice", "waived", "closed"]
    await paying.officer.press(f"d:refund:{paying.dossier}:40000")
    assert (await paying.charge()).paid_vnd == 0


async def test_what_it_waits_for_comes_and_it_goes_on(paying: Paying) -> None:
    memo = await paying.fee()
    await paying.officer.press(f"d:owe:{paying.dossier}")
    assert "cần nộp 10.000 đồng thì mới làm tiếp được" in await paying.told()
    assert (await paying.record()).status == "paying"
    await paying.bank.tells(1, 9000, memo)
    assert (await paying.record()).status == "paying"
    await paying.told()
    await paying.bank.tells(2, 1000, memo)
    news = await paying.told()
    assert "Bạn đã nộp đủ" in news
    assert "Cán bộ làm tiếp hồ sơ" in news
    record = await paying.record()
    assert (record.status, record.paused_at) == ("processing", None)
    (settled,) = await paying.history("settle")
    assert (settled["amount_vnd"], settled["how"], settled["reference"]) == (1000, "sepay", "2")


async def test_money_that_comes_while_it_is_being_asked_for_leaves_nothing_to_ask(
    database_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with running(database_url, tmp_path) as whole:
        with_account(whole)
        citizen, officer = await greeted(whole), await whole.officer("Thu")
        dossier = (await hand_in(citizen, whole.world.catalogue.procedures[SINGLE])).id
        for press in (f"d:claim:{dossier}", f"d:accept:{dossier}"):
            await officer.press(press)
    async with running(database_url, tmp_path, undo=60) as whole:
        with_account(whole)
        citizen.whole = officer.whole = whole
        async with bank_of(whole) as bank:
            paying = Paying(whole, bank, citizen, officer, dossier)
            memo = await paying.fee()
            await officer.press(f"d:owe:{dossier}")
            assert (await paying.record()).held is not None
            await bank.tells(1, 10_000, memo)
            assert (await paying.record()).held is None
            await officer.news()
            assert any("vừa thay đổi" in shown.message.text for shown in officer.shown.values())
            await whole.pass_time(timedelta(minutes=2))
            assert (await paying.record()).status == "accepted"
            assert len(await paying.history("void")) == 1


async def test_money_for_what_is_just_being_stopped_belongs_back(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        with_account(whole)
        citizen, officer = await greeted(whole), await whole.officer("Thu")
        dossier = (await hand_in(citizen, whole.world.catalogue.procedures[SINGLE])).id
        async with bank_of(whole) as bank:
            paying = Paying(whole, bank, citizen, officer, dossier)
            for press in ("claim", "accept", "now"):
                await officer.press(f"d:{press}:{dossier}")
            memo = await paying.fee()
            for press in (f"owe:{dossier}", f"now:{dossier}", f"because:{dossier}:stop-2", f"send:{dossier}"):
                await officer.press(f"d:{press}")
            record = await paying.record()
            assert (record.status, record.held is not None) == ("paying", True)
            await bank.tells(1, 10_000, memo)
            assert (await paying.record()).status == "stopped"
            assert await paying.transfers() == [("1", "closed")]


async def test_who_waives_what_is_waited_for_frees_it(paying: Paying) -> None:
    await paying.fee()
    await paying.officer.press(f"d:owe:{paying.dossier}")
    await paying.officer.press(f"d:fee:{paying.dossier}:why")
    await paying.officer.says("Hộ nghèo năm 2026")
    assert (await paying.record()).status == "processing"
    assert "Lý do: Hộ nghèo năm 2026" in await paying.told()


async def test_at_the_desk(paying: Paying) -> None:
    await paying.officer.press(f"d:till:{paying.dossier}")
    assert "Xác nhận lệ phí hồ sơ" in said([paying.officer.last])
    await paying.officer.press_label("Xác nhận lệ phí")
    await paying.officer.says("25 nghìn")
    await paying.officer.press_label("Đúng, báo người dân")
    await paying.officer.press(f"d:till:{paying.dossier}")
    await paying.officer.says("tám nghìn")
    assert "Số tiền chưa đúng" in said([paying.officer.last])
    await paying.officer.says("20.000")
    await paying.officer.press_label("Đúng, ghi lại")
    await paying.officer.press(f"d:till:{paying.dossier}")
    await paying.officer.says("1")  # the number of the button
    charge = await paying.charge()
    assert (charge.amount_vnd, charge.state, charge.how) == (25_000, "paid", "desk")
    assert [row["outcome"] for row in await paying.history("paid")] == ["underpaid", "settled"]
    assert (await paying.told()).count("Đã nhận") == 2


async def test_money_that_names_nobody_is_linked_by_an_officer(paying: Paying) -> None:
    await paying.fee()
    stranger = new_memo(b"0123456789abcdef")
    await paying.bank.tells(1, 10_000, f"NGUYEN THI HOA nop le phi {stranger}")
    group = await paying.group()
    assert "Có khoản chuyển tiền chưa rõ" in group
    assert "NGUYEN THI HOA" not in group
    assert await paying.told() == ""
    await paying.officer.says("/tien")
    assert "NGUYEN THI HOA nop le phi" in said([paying.officer.last])
    assert paying.officer.last.private
    await paying.officer.press(paying.officer.buttons[0])
    await paying.officer.says("hồ sơ của chị Hoa")
    assert "Không thấy hồ sơ này" in said([paying.officer.last])
    code = (await paying.record()).official_code
    assert code is not None
    await paying.officer.says(code)
    await paying.officer.press_label("Đúng, ghi cho hồ sơ này")
    assert "Bạn đã nộp đủ" in await paying.told()
    assert await paying.transfers() == [("1", "settled")]
    await paying.officer.says("/tien")
    assert "Không có khoản tiền nào chưa rõ" in said([paying.officer.last])


async def test_only_the_head_sends_back_what_belongs_to_nobody(paying: Paying) -> None:
    await paying.bank.tells(1, 10_000, "nham")
    (one,) = await paying.whole.run(lambda work: work.transfers.open("son-tien"))
    await paying.officer.press(f"s:dropped:{one.id}")
    assert "chỉ lãnh đạo" in said([paying.officer.last])
    head = await paying.whole.officer("Hà", "head")
    await head.says("tiền")
    await head.press(f"s:transfer:{one.id}")
    await head.press_label("Đã hoàn cho người chuyển")
    assert await paying.whole.run(lambda work: work.transfers.open("son-tien")) == []
    await head.press(f"s:dropped:{one.id}")
    assert "đã có người xử lý" in said([head.last])


async def test_two_codes_in_one_transfer_are_for_a_person_to_part(paying: Paying) -> None:
    memo = await paying.fee()
    other = (await hand_in(paying.citizen, paying.whole.world.catalogue.procedures[SINGLE])).id
    await paying.officer.press(f"d:claim:{other}")
    await paying.officer.press(f"d:accept:{other}")
    await paying.officer.press(f"d:fee:{other}:a10000")
    second = await paying.whole.run(lambda work: work.charges.get(other))
    assert second is not None
    await paying.bank.tells(1, 20_000, f"{memo} {second.memo}")
    assert (await paying.charge()).paid_vnd == 0
    assert [t.outcome for t in await paying.whole.run(lambda work: work.transfers.open("son-tien"))] == ["unknown"]


async def test_money_to_another_account_settles_nothing(paying: Paying) -> None:
    memo = await paying.fee()
    await paying.bank.tells(1, 10_000, memo, accountNumber="9999999999")
    assert (await paying.charge()).paid_vnd == 0
    found = await paying.whole.run(lambda work: work.transfers.get(1))
    assert isinstance(found, Transfer)
    assert (found.outcome, found.office) == (FOREIGN, "")
    await paying.officer.says("/tien")
    assert "Không có khoản tiền nào chưa rõ" in said([paying.officer.last])


async def test_a_colleague_s_dossier_is_not_touched(paying: Paying) -> None:
    other = await paying.whole.officer("Lan")
    for press in ("fee", "fee:a10000", "till:10000", "refund:1", "postage:0"):
        action, _, argument = press.partition(":")
        await other.press(f"d:{action}:{paying.dossier}" + (f":{argument}" if argument else ""))
        assert "do Thu giữ" in said([other.last])
    assert await paying.whole.run(lambda work: work.charges.get(paying.dossier)) is None


async def test_what_is_acknowledged_is_settled_later_whoever_does_it(paying: Paying) -> None:
    """Written down first: the process may die before it has looked at a transfer, and two may look at once."""
    memo = await paying.fee()
    world = paying.whole.world
    credits_ = [Credit("sepay", str(number), 500, memo, (ACCOUNT.number,), world.now()) for number in range(1, 21)]
    for credit in (*credits_, *reversed(credits_)):
        await Payments(paying.whole.app.database, world).take(credit)
    assert (await paying.charge()).paid_vnd == 0
    jobs = [Job(0, "credit", str(t.id), b"", 1) for t in await paying.whole.run(lambda w: w.transfers.open("son-tien"))]
    assert len(jobs) == 20

    async def look(job: Job) -> None:
        await paying.whole.run(lambda work: transfers.look(present(work, world), job))

    await asyncio.gather(*(look(job) for job in (*jobs, *reversed(jobs))))
    await paying.whole.app.idle()
    charge = await paying.charge()
    assert (charge.state, charge.paid_vnd) == ("paid", 10_000)
    assert sorted(outcome for _, outcome in await paying.transfers()) == ["settled"] + ["underpaid"] * 19
    assert (await paying.told()).count("Đã nhận 500 đồng") == 20


async def test_a_talk_with_an_officer_does_not_stand_in_the_way_of_paying(paying: Paying) -> None:
    await paying.fee()
    await paying.citizen.press(f"call:{paying.dossier}")
    await paying.citizen.press_label("Trả bằng mã QR")
    assert [file.media_type for file in paying.citizen.last.message.files] == ["image/png"]


@pytest.mark.parametrize(
    ("gateway", "secret", "expected"),
    [("", "", 0), ("sepay", "x", 1), ("sepay", "", "MOTCUA_PAYMENT_SECRET"), ("momo", "x", "MOTCUA_PAYMENT_GATEWAY")],
)
async def test_a_gateway_needs_a_name_that_is_known_and_a_secret(
    whole: Whole, gateway: str, secret: str, expected: int | str
) -> None:
    settings = dataclasses.replace(whole.app.settings, payment_gateway=gateway, payment_secret=secret)
    whole.app.settings = settings
    if isinstance(expected, int):
        assert len(payments.routes(whole.app)) == expected
    else:
        with pytest.raises(BadSetting, match=expected):
            payments.routes(whole.app)
