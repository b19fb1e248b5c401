"""What goes wrong where nobody expected it: the page hears a sentence, the log nothing that anybody wrote."""

from __future__ import annotations

import logging

import pytest

from handlers.web_faults import SORRY
from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import Client, error, send

SECRET = "Nguyễn Thị Hoa"


@pytest.fixture
def broken(live: FakeLive, monkeypatch: pytest.MonkeyPatch) -> FakeLive:
    async def receive(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(live, "receive", receive)
    return live


async def test_the_page_hears_a_sentence_and_may_try_again(
    citizen: Client, broken: FakeLive, caplog: pytest.LogCaptureFixture
) -> None:
    response = await send(citizen, {"id": "m1", "text": SECRET})
    assert (response.status, await error(response)) == (500, SORRY)
    (line,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert line.startswith("POST /api/send failed: ValueError at test_web_faults.py:")
    assert SECRET not in caplog.text


async def test_what_the_library_cannot_read_is_not_written_out(
    citizen: Client, caplog: pytest.LogCaptureFixture
) -> None:
    await citizen.post("/api/upload?id=u1&name=" + "giay-khai-sinh" * 1000)
    assert "LineTooLong" in caplog.text
    assert "giay-khai-sinh" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        {"id": "a\0", "text": "x"},
        {"id": "\u00b2", "text": "x"},
        {"id": "m1", "text": "x", "reply_to": "a\0"},
        {"id": "m1", "press": "resume:\0"},
        {"id": "m1", "press": "menu", "message": "\u00b2"},
    ],
)
async def test_what_no_page_sends_is_refused(citizen: Client, live: FakeLive, body: dict[str, str]) -> None:
    assert (await send(citizen, body)).status == 400
    assert len(live.events) == 1


async def test_deep_json_is_refused(citizen: Client) -> None:
    headers = {"X-Motcua": "1", "Content-Type": "application/json"}
    deep = '{"id":"m1","x":' + "[" * 30_000 + "]" * 30_000 + "}"
    assert (await citizen.post("/api/send", data=deep, headers=headers)).status == 400


async def test_what_is_not_packed_as_it_says_is_refused(citizen: Client) -> None:
    headers = {"X-Motcua": "1", "Content-Encoding": "gzip"}
    assert (await citizen.post("/api/send", data=b"abcd", headers=headers)).status == 400
