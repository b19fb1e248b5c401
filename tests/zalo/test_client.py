"""What a citizen gets through the Official Account, and what becomes of everything that Zalo may answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from unicodedata import normalize

import httpx
import pytest

from bot.pace import Limits
from bot.way import _limits
from conversations.messages import (
    Button,
    File,
    Message,
    MessageGone,
    Refused,
    Sent,
    TryLater,
    Uncertain,
    Undeliverable,
)
from handlers import zalo_client, zalo_errors, zalo_wire
from handlers.zalo_bot import ZaloBot
from handlers.zalo_client import Who
from handlers.zalo_door import Choices, payload, value_of
from handlers.zalo_errors import OA, TEMPLATES, Kind, fault, outcome, until_morning
from handlers.zalo_wire import Unsent
from tests.bot.senders import Messenger
from tests.zalo.fake import FakeZalo
from tests.zalo.fake_model import USER
from tests.zalo.passes import MemoryPass

BUTTONS = (Button("Khai sinh", "khai-sinh"), Button("Quay lại", "back"))
ASK = Message("Bác cần việc gì?", BUTTONS)
PDF = File("pdf", "application/pdf", 109, "Giấy biên nhận.pdf")
PHOTO = File("jpeg", "image/jpeg", 104)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zalo_client, "_AGAIN", 0.01)


# what is sent


async def test_words_arrive_composed_and_under_the_name_of_who_speaks(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    sent = await bot.send(USER, Message(normalize("NFD", "Chào bác [@1]"), speaker="Chị Hà"))
    assert [told.text for told in zalo.sent] == ["Chị Hà:\nChào bác [\u200b@1]"]
    assert sent == Sent(zalo.sent[0].message_id)


async def test_buttons_come_back_as_their_values(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    await bot.send(USER, ASK)
    assert [(b["title"], value_of(b["payload"])) for b in zalo.sent[0].buttons] == [
        ("Khai sinh", "khai-sinh"),
        ("Quay lại", "back"),
    ]


def test_a_payload_is_one_only_with_its_mark_and_within_its_length() -> None:
    assert [value_of(text) for text in (payload("back"), "back", "#", "", "#" + "x" * 65)] == ["back", *[None] * 4]


async def test_more_buttons_than_zalo_takes_are_numbered_words(
    zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass
) -> None:
    zalo.person()
    await bot.send(USER, Message("Chọn:", tuple(Button(str(n), str(n)) for n in range(6))))
    assert (zalo.sent[0].text, zalo.sent[0].buttons) == ("Chọn:\n1. 0\n2. 1\n3. 2\n4. 3\n5. 4\n6. 5", ())
    assert passes.kept.buttons == "on"


async def test_where_buttons_are_not_taken_words_go_instead_and_that_is_remembered(
    zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass
) -> None:
    zalo.person()
    zalo.buttons_taken = False
    await bot.send(USER, ASK)
    await bot.send(USER, ASK)
    assert [told.text for told in zalo.sent] == ["Bác cần việc gì?\n1. Khai sinh\n2. Quay lại"] * 2
    assert passes.kept.buttons == "off"
    assert len(zalo.state.calls) == 3


async def test_a_message_that_is_bad_without_buttons_too_says_nothing_of_buttons(
    zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass
) -> None:
    with pytest.raises(Refused):
        await bot.send(USER, ASK)  # nobody there
    assert passes.kept.buttons == "on"


async def test_a_quote_that_is_refused_is_left_out(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    await bot.send(USER, Message("Dạ", reply_to="m1"))
    zalo.faults.next(-201, "message")
    await bot.send(USER, Message("Vâng", reply_to="m2"))
    assert [(told.text, told.quote) for told in zalo.sent] == [("Dạ", "m1"), ("Vâng", "")]


async def test_a_picture_goes_with_its_words_and_is_uploaded_once(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    for _ in range(2):
        await bot.send(USER, Message("Sơ đồ", files=(PHOTO,)))
    assert [(told.text, told.image is not None) for told in zalo.sent] == [("Sơ đồ", True)] * 2
    assert len(zalo.state.uploads) == 1


async def test_a_large_picture_is_made_smaller(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    await bot.send(USER, Message("", files=(File("large", "image/jpeg", 1_500_003),)))
    assert zalo.sent[0].image is not None
    assert len(zalo.sent[0].image) == 900_000


async def test_a_paper_goes_as_a_file(zalo: FakeZalo, bot: ZaloBot, files: dict[str, bytes]) -> None:
    zalo.person()
    await bot.send(USER, Message("", files=(PDF,)))
    assert zalo.sent[0].file == ("Giấy biên nhận.pdf", files["pdf"])


async def test_what_zalo_does_not_take_goes_as_a_link(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    await bot.send(USER, Message("", files=(File("jpeg", "application/zip", 9, "ho-so.zip"),)))
    assert zalo.sent[0].text == f"ho-so.zip\nhttps://motcua.test/tep/{USER}/jpeg"


async def test_an_upload_that_has_run_out_is_made_again_once(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    await bot.send(USER, Message("", files=(PDF,)))
    zalo.forget_uploads()
    await bot.send(USER, Message("", files=(PDF,)))
    assert len(zalo.sent) == 2
    zalo.faults.next(-100, "message", times=2)
    with pytest.raises(Refused):
        await bot.send(USER, Message("", files=(PDF,)))


@pytest.mark.parametrize("wrong", ["html", "reset", "garbage"])
async def test_an_upload_in_doubt_is_no_message_in_doubt(zalo: FakeZalo, bot: ZaloBot, wrong: str) -> None:
    zalo.person()
    zalo.faults.next(wrong, "upload")
    with pytest.raises(Unsent):
        await bot.send(USER, Message("", files=(PDF,)))
    assert zalo.state.calls == []


async def test_the_number_is_asked_for_with_a_card_and_else_with_words(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    ask = Message("Cho xin số điện thoại", asks="phone")
    await bot.send(USER, ask)
    zalo.state.card_taken = False
    await bot.send(USER, ask)
    await bot.send(USER, ask)
    assert [told.card["subtitle"] if told.card else told.text for told in zalo.sent] == [ask.text] * 3
    assert [told.card is None for told in zalo.sent] == [False, True, True]
    assert len(zalo.state.calls) == 4


async def test_nothing_is_edited(bot: ZaloBot) -> None:
    with pytest.raises(MessageGone):
        await bot.edit(USER, "m1", ASK)


async def test_an_address_that_is_none_is_gone(bot: ZaloBot) -> None:
    with pytest.raises(Undeliverable, match="gone"):
        await bot.send("not a number", ASK)


# which endpoint


async def test_a_state_agencys_account_falls_to_v2_and_stays_there(
    zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass
) -> None:
    zalo.person()
    zalo.kind = "state"
    await bot.send(USER, Message("một"))
    await bot.send(USER, Message("hai"))
    assert [path[:5] for path, _ in zalo.state.calls] == ["/v3.0", "/v2.0", "/v2.0"]
    assert passes.kept.send_api == "v2"
    zalo.kind = "enterprise"
    await bot.send(USER, Message("ba"))
    assert passes.kept.send_api == "v3"
    assert [told.text for told in zalo.sent] == ["một", "hai", "ba"]
    assert passes.troubles == []


@pytest.mark.parametrize("wrong", [-201, -230, -200, -32, "html", "garbage"])
async def test_nothing_else_leads_to_the_other_endpoint(
    zalo: FakeZalo, bot: ZaloBot, wrong: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    zalo.person()
    zalo.faults.next(wrong, "message", times=9)
    with pytest.raises((Refused, Undeliverable, TryLater, Uncertain)):
        await bot.send(USER, Message("một"))
    assert zalo.sent == []


async def test_an_account_that_neither_endpoint_takes_is_somebodys_business(
    zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass
) -> None:
    zalo.faults.next(-235, "v3.0/oa/message")
    zalo.faults.next(-240, "v2.0/oa/message")
    with pytest.raises(Refused):
        await bot.send(USER, Message("một"))
    assert passes.troubles == ["api -240"]
    assert passes.kept.send_api == "v3"


async def test_an_endpoint_that_a_setting_names_is_the_only_one(
    zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass
) -> None:
    zalo.person()
    zalo.kind = "state"
    passes.kept = Choices(fixed=True)
    with pytest.raises(Refused):
        await bot.send(USER, Message("một"))
    assert (zalo.sent, passes.troubles) == ([], ["api -235"])


# what Zalo answers


@pytest.mark.parametrize(
    ("code", "raised", "words"),
    [
        (-230, Undeliverable, "window"),
        (-232, Undeliverable, "window"),
        (-218, Undeliverable, "window"),
        (-213, Undeliverable, "blocked"),
        (-217, Undeliverable, "blocked"),
        (-244, Undeliverable, "blocked"),
        (-227, Undeliverable, "gone"),
        (-201, Refused, "zalo -201"),
        (-210, Refused, "zalo -210"),
        (-248, Refused, "zalo -248"),
        (-99999, Refused, "zalo -99999"),
    ],
)
async def test_a_code_becomes_what_it_means(
    zalo: FakeZalo, bot: ZaloBot, code: int, raised: type[Exception], words: str
) -> None:
    zalo.person()
    zalo.faults.next(code, "message")
    with pytest.raises(raised, match=f"^{words}$"):
        await bot.send(USER, Message("một"))
    assert (await bot.send(USER, Message("hai"))).message_id


async def test_the_window_and_a_block_are_the_fakes_own(zalo: FakeZalo, bot: ZaloBot) -> None:
    person = zalo.person()
    for window in ("closed", "never"):
        person.window = window
        with pytest.raises(Undeliverable, match="window"):
            await bot.send(USER, Message("một"))
    person.window, person.blocked = "open", True
    with pytest.raises(Undeliverable, match="blocked"):
        await bot.send(USER, Message("một"))


@pytest.mark.parametrize("code", [-204, -209, -211, -212, -221, -223, -224, -242, -321])
async def test_what_somebody_must_see_to_at_zalos_is_told(
    zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass, code: int
) -> None:
    zalo.faults.next(code, "message")
    with pytest.raises(Refused):
        await bot.send(USER, Message("một"))
    assert passes.troubles == [f"api {code}"]


async def test_a_worn_token_is_renewed_once_and_the_message_goes_once(
    zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass
) -> None:
    zalo.person()
    zalo.pair()  # somebody else renewed it
    await bot.send(USER, Message("một"))
    assert (passes.renewals, len(zalo.sent)) == (1, 1)
    zalo.faults.next(-220, "message", times=2)
    with pytest.raises(TryLater):
        await bot.send(USER, Message("hai"))
    assert (passes.renewals, len(zalo.sent)) == (2, 1)
    assert passes.troubles == ["api -220"]


async def test_without_any_token_it_waits(zalo: FakeZalo, bot: ZaloBot, passes: MemoryPass) -> None:
    passes.dead = True
    zalo.faults.next(-216, "message")
    with pytest.raises(TryLater):
        await bot.send(USER, Message("một"))


async def test_too_fast_stops_everybody_for_longer_each_time(
    zalo: FakeZalo, bot: ZaloBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    zalo.person()
    now = [1000.0]
    monkeypatch.setattr(zalo_client, "monotonic", lambda: now[0])
    zalo.faults.next("rate", "message", times=8)
    waits = []
    for _ in range(8):
        with pytest.raises(TryLater) as caught:
            await bot.send(USER, Message("một"))
        waits.append(caught.value.seconds)
        with pytest.raises(TryLater):
            await bot.send("1", Message("khác"))  # not even asked
        now[0] += caught.value.seconds + 0.1
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    await bot.send(USER, Message("một"))
    assert len(zalo.sent) == 1


async def test_an_app_that_wants_a_proof_gets_it(zalo: FakeZalo, passes: MemoryPass) -> None:
    async def load(ref: str) -> bytes:
        raise AssertionError(ref)

    zalo.person()
    zalo.state.wants_proof = True
    bot = ZaloBot(passes, load, base=zalo.base, secret=zalo.APP_SECRET)
    await bot.send(USER, Message("một"))
    await bot.send(USER, Message("hai"))
    await bot.close()
    assert len(zalo.state.calls) == len(zalo.sent) == 2
    without = ZaloBot(passes, load, base=zalo.base, secret="another")
    with pytest.raises(Refused):
        await without.send(USER, Message("ba"))
    await without.close()
    assert passes.troubles == ["api -242"]


def test_the_proof_is_as_the_vector_says() -> None:
    assert (
        zalo_wire.proof("app-secret-for-tests", "access-token-for-tests")
        == "7196be12396e82d498574863aab45f32c0f0c84c6d6d4038d19a0d78120bdf44"
    )


async def test_a_failure_without_a_reason_is_tried_twice(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    zalo.faults.next("failed", "message")
    await bot.send(USER, Message("một"))
    zalo.faults.next("failed", "message", times=3)
    with pytest.raises(Refused):
        await bot.send(USER, Message("hai"))
    assert [told.text for told in zalo.sent] == ["một"]


@pytest.mark.parametrize(
    ("at", "hours"), [((2026, 11, 23, 15, 5), 8.0), ((2026, 11, 22, 23, 5), 24.0), ((2026, 11, 22, 22, 35), 0.5)]
)
def test_what_may_not_go_at_night_goes_at_five_past_six(at: tuple[int, int, int, int, int], hours: float) -> None:
    now = datetime(*at, tzinfo=UTC)
    for code, table in ((-234, OA), (-133, OA), (-133, TEMPLATES)):
        late = outcome(fault(code, table), now)
        assert isinstance(late, TryLater)
        assert late.seconds == hours * 3600
    assert until_morning(now) == hours * 3600


def test_no_code_is_in_a_table_twice() -> None:
    for table in (OA, TEMPLATES):
        assert len(table) > 35
    assert fault(-14002, OA).kind is Kind.HUMAN
    assert OA.keys() >= zalo_errors.PLAINER


# what does not answer


async def test_silence_is_doubt_and_nothing_is_sent_again(
    zalo: FakeZalo, bot: ZaloBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    zalo.person()
    monkeypatch.setattr(bot._client.wire._client, "timeout", httpx.Timeout(0.2))  # noqa: SLF001
    zalo.faults.next("late", "message")
    with pytest.raises(Uncertain):
        await bot.send(USER, Message("một"))
    assert len(zalo.sent) == 1
    assert len(zalo.state.calls) == 1


@pytest.mark.parametrize("wrong", ["reset", "html", "garbage"])
async def test_a_line_that_breaks_is_doubt(zalo: FakeZalo, bot: ZaloBot, wrong: str) -> None:
    zalo.person()
    zalo.faults.next(wrong, "message")
    with pytest.raises(Uncertain):
        await bot.send(USER, Message("một"))
    assert zalo.sent == []


async def test_nobody_there_is_no_doubt(passes: MemoryPass) -> None:
    async def load(ref: str) -> bytes:
        raise AssertionError(ref)

    bot = ZaloBot(passes, load, base="http://127.0.0.1:9")
    with pytest.raises(Unsent):
        await bot.send(USER, Message("một"))
    await bot.close()


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (200, b'{"error":0,"data":{"message_id":"m"}}', None),
        (400, b'{"error":-230,"message":"x"}', Undeliverable),
        (500, b'{"error":-32,"message":"x"}', TryLater),
        (200, b'{"error":"-230"}', Undeliverable),
        (200, b"[]", Uncertain),
        (200, b'{"error":"?"}', Uncertain),
        (502, b"<html>", Uncertain),
        (503, b"<html>", Unsent),
        (404, b"not found", Unsent),
        (302, b"", Unsent),
        (429, b"slow down", TryLater),
        (500, b'{"error":0}', Uncertain),
    ],
)
async def test_the_body_is_read_before_the_status(
    bot: ZaloBot, status: int, body: bytes, raised: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(*_: object, **__: object) -> httpx.Response:
        return httpx.Response(status, content=body)

    monkeypatch.setattr(bot._client.wire._client, "request", answer)  # noqa: SLF001
    if raised is None:
        assert await bot.send(USER, Message("một")) == Sent("m")
    else:
        with pytest.raises(raised):
            await bot.send(USER, Message("một"))


# who it is


async def test_the_account_and_people_are_known_by_name(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person(name="Trần Thị B", phone="84987654321")
    zalo.person("2", name="Không chia sẻ")
    assert await bot.begin() == "UBND xã Bình Minh"
    assert await bot.person(USER) == Who("Trần Thị B", "84987654321")
    assert await bot.person("2") == Who("Không chia sẻ", "")
    assert await bot.person("3") == Who()
    zalo.state.detail_taken = False
    assert await bot.person(USER) == Who("Trần Thị B", "84987654321")


async def test_begin_says_in_our_words_what_is_wrong(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.faults.next(-209, "getoa")
    with pytest.raises(Refused):
        await bot.begin()


async def test_many_may_be_under_way_at_once(zalo: FakeZalo, bot: ZaloBot) -> None:
    zalo.person()
    await asyncio.gather(*(bot.send(USER, Message(str(n))) for n in range(120)))
    assert sorted(int(told.text) for told in zalo.sent) == list(range(120))


def test_ten_a_second_are_called_for(bot: ZaloBot) -> None:
    assert _limits(bot, Limits()) == Limits(overall=10)
    assert _limits(bot, Limits(overall=0)) == Limits(overall=0)
    assert _limits(Messenger(), Limits()) == Limits()
