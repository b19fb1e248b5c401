"""Templates to a phone number: what goes, what never does, and what becomes of Zalo's answers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.settings import BadSetting, Settings
from conversations.messages import Message, MessageGone, Refused, TryLater, Undeliverable
from handlers.zns import ZnsSender
from handlers.zns_templates import read
from tests.zalo.fake import FakeZalo
from tests.zalo.passes import MemoryPass

SETTING = """{"code": {"id": "111", "params": {"otp": "{code}"}},
 "*": {"id": "222", "params": {"don_vi": "{office}", "ma": "{dossier}", "goi": "Gọi {phone}"},
       "longest": {"don_vi": 12}}}"""
FACTS = {"office": "Một cửa xã Sơn Tiến", "dossier": "", "phone": "024 3825 1234", "id": "row-1"}
PHONE = "+84987654321"


@pytest.fixture
async def sender(zalo: FakeZalo, passes: MemoryPass) -> AsyncIterator[ZnsSender]:
    zalo.template("111", otp=10)
    zalo.template("222", don_vi=12, ma=30, goi=30)
    made = ZnsSender(passes, read(SETTING), zalo.base)
    yield made
    await made.close()


async def test_a_code_goes_in_its_own_template(zalo: FakeZalo, sender: ZnsSender) -> None:
    sent = await sender.send(PHONE, Message("not sent", template="code", facts={"code": "123456"}))
    (told,) = zalo.zns_sent
    assert (told.phone, told.template_id, told.data) == ("84987654321", "111", {"otp": "123456"})
    assert sent.message_id == told.msg_id
    assert "987654321" not in told.tracking_id


async def test_news_of_any_kind_go_in_the_one_for_all(zalo: FakeZalo, sender: ZnsSender) -> None:
    await sender.send(PHONE, Message("Giấy chứng nhận kết hôn đã có", template="ready", facts=FACTS))
    (told,) = zalo.zns_sent
    assert told.data == {"don_vi": "Một cửa xã…", "ma": "–", "goi": "Gọi 024 3825 1234"}
    assert told.tracking_id == "row-1"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (Message("x"), "no template"),
        (Message("x", template="consent", facts={"code": "1"}), "no template"),
        (Message("x", template="code"), "a fact is missing"),
    ],
)
async def test_what_has_no_template_or_does_not_fill_it_is_refused(
    zalo: FakeZalo, sender: ZnsSender, message: Message, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        await sender.send(PHONE, message)
    assert zalo.state.calls == []


@pytest.mark.parametrize("address", ["84987654321", "+8424382512", "+12025550100", "0987654321", ""])
async def test_what_is_no_mobile_number_is_not_called(zalo: FakeZalo, sender: ZnsSender, address: str) -> None:
    with pytest.raises(Undeliverable, match="gone"):
        await sender.send(address, Message("x", template="ready", facts=FACTS))
    assert zalo.state.calls == []


async def test_a_number_without_zalo_is_gone(zalo: FakeZalo, sender: ZnsSender) -> None:
    zalo.state.zalo_phones = set()
    with pytest.raises(Undeliverable, match="gone"):
        await sender.send(PHONE, Message("x", template="ready", facts=FACTS))


@pytest.mark.parametrize(
    ("code", "raised", "told"),
    [
        (-108, Undeliverable, []),
        (-114, Undeliverable, []),
        (-119, Undeliverable, []),
        (-139, Undeliverable, []),
        (-141, Undeliverable, []),
        (-115, Refused, ["zns -115"]),
        (-144, Refused, ["zns -144"]),
        (-135, Refused, ["zns -135"]),
        (-137, Refused, ["zns -137"]),
        (-117, Refused, ["zns -117"]),
        (-1121, Refused, []),
        (-132, Refused, []),
        (-161, Refused, []),
        (-133, TryLater, []),
    ],
)
async def test_a_code_becomes_what_it_means(
    zalo: FakeZalo, sender: ZnsSender, passes: MemoryPass, code: int, raised: type[Exception], told: list[str]
) -> None:
    zalo.faults.next(code, "template")
    with pytest.raises(raised):
        await sender.send(PHONE, Message("x", template="ready", facts=FACTS))
    assert passes.troubles == told
    assert zalo.zns_sent == []


async def test_a_code_that_must_wait_until_morning_is_worth_nothing(zalo: FakeZalo, sender: ZnsSender) -> None:
    zalo.faults.next(-133, "template")
    with pytest.raises(Refused):
        await sender.send(PHONE, Message("x", template="code", facts={"code": "1"}))


async def test_a_code_does_not_wait_for_a_person_who_mends_our_token(
    sender: ZnsSender, passes: MemoryPass, zalo: FakeZalo
) -> None:
    zalo.pair()
    passes.dead = True
    with pytest.raises(Refused, match="late"):
        await sender.send(PHONE, Message("x", template="code", facts={"code": "1"}))
    with pytest.raises(TryLater):
        await sender.send(PHONE, Message("x", template="ready", facts=FACTS))


async def test_a_worn_token_is_renewed_once(zalo: FakeZalo, sender: ZnsSender, passes: MemoryPass) -> None:
    zalo.pair()
    await sender.send(PHONE, Message("x", template="ready", facts=FACTS))
    assert (passes.renewals, len(zalo.zns_sent)) == (1, 1)


async def test_nothing_is_edited(sender: ZnsSender) -> None:
    with pytest.raises(MessageGone):
        await sender.edit(PHONE, "m", Message("x"))


def test_which_kinds_can_go() -> None:
    kinds = Settings(zalo_oa_id="1", zalo_zns_templates=SETTING).zns_kinds
    assert [kind in kinds for kind in ("code", "ready", "consent", "", "*")] == [True, True, False, False, False]
    assert (bool(kinds), list(kinds)) == (True, ["code", "*"])
    assert not Settings(zalo_oa_id="1").zns_kinds
    assert not Settings(zalo_zns_templates=SETTING).zns_kinds
    assert "ready" not in Settings(zalo_oa_id="1", zalo_zns_templates='{"code":{"id":"1","params":{}}}').zns_kinds


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("{", "truncated"),
        ('{"code":{"id":"x","params":{}}}', "id is a number"),
        ('{"code":{"id":"1","params":{"a":"{name}"}}}', "no such fact 'name'"),
        ('{"code":{"id":"1","params":{"a":"{code"}}}', "code: expected"),
        ('{"code":{"id":"1","parms":{}}}', "parms"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(setting: str, why: str) -> None:
    with pytest.raises(BadSetting, match=f"MOTCUA_ZALO_ZNS_TEMPLATES: .*{why}"):
        _ = Settings(zalo_oa_id="1", zalo_zns_templates=setting).zns_kinds
