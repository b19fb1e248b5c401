"""Short messages out, through gateways as their documents describe them; each refusal, and lines that break."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from conversations.messages import Message, MessageGone, Refused, Sent, TryLater, Uncertain, Undeliverable
from handlers.sms import ID, SmsSender
from handlers.sms_gateways import MENDED, SOON, BadGateway, gateway
from tests.handlers.sms_server import BRAND, KEY, SECRET, TOKEN, SmsServer, sms_server

PHONE = "+84912345678"
TOLD = Message("Ho so MC-1 co tin moi.", facts={ID: "one"})
TOKENS = {"esms": f"{KEY}:{SECRET}", "speedsms": TOKEN, "json": TOKEN}
SHOWN = {"esms": "0912345678", "speedsms": "84912345678", "json": PHONE}
KINDS = ("esms", "speedsms", "json")


@asynccontextmanager
async def sending(kind: str, url: str = "", token: str = "") -> AsyncIterator[tuple[SmsServer, SmsSender]]:
    async with sms_server(kind) as server:
        out = SmsSender(gateway(kind, url or server.url, token or TOKENS[kind], BRAND))
        try:
            yield server, out
        finally:
            await out.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", ["Ho so co tin moi.", "Hồ sơ có tin mới."])
async def test_a_message_goes_out(kind: str, words: str) -> None:
    async with sending(kind) as (server, out):
        sent = await out.send(PHONE, Message(words))
        assert isinstance(sent, Sent)
        assert sent.message_id
        assert server.told == [(SHOWN[kind], words)]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_that_never_comes_leaves_it_open(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.sms._PATIENCE", httpx.Timeout(0.2))
    async with sending(kind) as (server, out):
        server.hangs = True
        with pytest.raises(Uncertain):
            await out.send(PHONE, TOLD)
        assert (len(server.told), server.asked) == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_line_that_breaks_leaves_it_open(kind: str) -> None:
    async with sending(kind) as (server, out):
        server.breaks = True
        with pytest.raises(Uncertain):
            await out.send(PHONE, TOLD)
        assert (len(server.told), server.asked) == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_gateway_that_is_not_there_is_tried_again(kind: str) -> None:
    async with sms_server(kind) as gone:
        url = gone.url
    out = SmsSender(gateway(kind, url, TOKENS[kind], BRAND))
    with pytest.raises(httpx.ConnectError):
        await out.send(PHONE, TOLD)
    await out.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [(429, SOON), (503, SOON), (401, MENDED), (403, MENDED), (400, Refused), (500, Uncertain), (502, Uncertain)],
)
async def test_what_a_bare_status_means(kind: str, status: int, outcome: Any) -> None:
    async with sending(kind) as (server, out):
        server.next = [(status, "<html>nginx</html>")]
        await _ends(out, outcome)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("101", MENDED),
        ("103", MENDED),
        ("140", MENDED),
        ("108", Undeliverable),
        ("99", Refused),
        ("104", Refused),
        ("146", Refused),
        ("???", Refused),
    ],
)
async def test_esms_refuses(code: str, outcome: Any) -> None:
    async with sending("esms") as (server, out):
        server.next = [(200, {"CodeResult": code, "CountRegenerate": 0, "ErrorMessage": "…"})]
        await _ends(out, outcome)


async def test_esms_knows_a_message_that_it_has_taken() -> None:
    async with sending("esms") as (server, out):
        for message in (TOLD, TOLD, Message(TOLD.text, facts={ID: "two"})):
            await out.send(PHONE, message)
        assert len(server.told) == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"status": "error", "code": "007", "message": "IP locked"}, MENDED),
        ({"status": "error", "code": "300", "message": "balance"}, MENDED),
        ({"status": "error", "code": "500", "message": "Internal error, please try again"}, SOON),
        ({"status": "error", "code": "105", "message": "Phone number invalid"}, Undeliverable),
        ({"status": "error", "code": "113", "message": "too long"}, Refused),
        ({"status": "success", "code": "00", "data": {"invalidPhone": ["84912345678"]}}, Undeliverable),
    ],
)
async def test_speedsms_refuses(answer: dict[str, Any], outcome: Any) -> None:
    async with sending("speedsms") as (server, out):
        server.next = [(200, answer)]
        await _ends(out, outcome)


@pytest.mark.parametrize("kind", ["esms", "speedsms"])
@pytest.mark.parametrize("answer", ["", "OK", [], {}, {"hello": 1}])
async def test_an_answer_that_says_nothing_leaves_it_open(kind: str, answer: Any) -> None:
    async with sending(kind) as (server, out):
        server.next = [(200, answer)]
        await _ends(out, Uncertain)


async def test_any_other_gateway_names_a_wrong_number() -> None:
    async with sending("json") as (server, out):
        server.next = [(422, {"error": "number"}), (422, {"error": "words"})]
        await _ends(out, Undeliverable)
        await _ends(out, Refused)


async def test_a_wrong_key_is_told_to_whoever_runs_this(caplog: pytest.LogCaptureFixture) -> None:
    async with sending("esms", token="sai:sai") as (_, out):
        await _ends(out, MENDED)
    assert "esms does not serve us" in caplog.text
    assert "912345678" not in caplog.text


async def test_numbers_of_other_countries_are_not_asked_for() -> None:
    async with sending("json") as (server, out):
        with pytest.raises(Undeliverable):
            await out.send("+12025550100", TOLD)
        assert server.asked == 0
        with pytest.raises(MessageGone):
            await out.edit(PHONE, "1", TOLD)


@pytest.mark.parametrize(
    "given",
    [
        ("viettel", "", "x", BRAND),
        ("esms", "", "no-secret", BRAND),
        ("esms", "", f"{KEY}:{SECRET}", ""),
        ("speedsms", "", "", BRAND),
        ("json", "", "", ""),
        ("json", "http://sms.example.vn/send", "", ""),
    ],
)
def test_settings_that_name_no_gateway(given: tuple[str, str, str, str]) -> None:
    with pytest.raises(BadGateway) as told:
        gateway(*given)
    assert SECRET not in str(told.value)


async def _ends(out: SmsSender, outcome: Any) -> None:
    """In this exception, or put off for so many seconds."""
    if isinstance(outcome, float):
        with pytest.raises(TryLater) as put_off:
            await out.send(PHONE, TOLD)
        assert put_off.value.seconds == outcome
    else:
        with pytest.raises(outcome):
            await out.send(PHONE, TOLD)
