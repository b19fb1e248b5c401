"""A gateway tells us over real HTTP: only what is signed is heard, and only what is durable is acknowledged."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import httpx
import msgspec
import pytest
from aiohttp.test_utils import TestServer

from handlers.payment import Credit
from handlers.payment_sepay import SIGNATURE, TIMESTAMP, SePay
from handlers.web import web_app
from handlers.web_payment import GATEWAYS, LIMIT, route
from tests.handlers.fake_live import FakeLive

SECRET = "whsec_một-cửa"
NOW = 1_795_000_000.0
# The body that SePay's own page shows.
SAMPLE = {
    "id": 92704,
    "gateway": "Vietcombank",
    "transactionDate": "2023-03-25 14:02:37",
    "accountNumber": "0123499999",
    "code": None,
    "content": "chuyen tien mua iphone",
    "transferType": "in",
    "transferAmount": 2277000,
    "accumulated": 19077000,
    "subAccount": None,
    "referenceCode": "MBVCB.3278907687",
    "description": "",
}
AT = datetime(2023, 3, 25, 14, 2, 37, tzinfo=timezone(timedelta(hours=7)))
TOLD = Credit("sepay", "92704", 2277000, "chuyen tien mua iphone", ("0123499999",), AT)


def signed(body: bytes, at: float = NOW, secret: str = SECRET) -> dict[str, str]:
    """As developer.sepay.vn/vi/sepay-webhooks/xac-thuc says."""
    timestamp = str(int(at))
    made = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: timestamp, SIGNATURE: f"sha256={made}", "Content-Type": "application/json"}


def body_of(**changes: object) -> bytes:
    return msgspec.json.encode({**SAMPLE, **changes})


@dataclass
class Taker:
    taken: list[Credit] = field(default_factory=list)
    fails: Exception | None = None

    async def take(self, credit: Credit) -> None:
        if self.fails is not None:
            raise self.fails
        self.taken.append(credit)


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
async def client(taker: Taker) -> AsyncIterator[httpx.AsyncClient]:
    """The one server: what it does for pages must not stand in the way."""
    app = web_app(FakeLive())
    app.router.add_routes([route(SePay(SECRET, lambda: NOW), taker)])
    async with TestServer(app) as server, httpx.AsyncClient(base_url=str(server.make_url("/"))) as made:
        yield made


async def post(client: httpx.AsyncClient, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return await client.post("/payments/sepay", content=body, headers=signed(body) if headers is None else headers)


async def test_the_vendor_s_own_sample_is_a_credit(client: httpx.AsyncClient, taker: Taker) -> None:
    said = await post(client, body_of())
    assert (said.status_code, said.json()) == (200, {"success": True})
    assert taker.taken == [TOLD]


async def test_what_is_not_signed_is_not_looked_at(client: httpx.AsyncClient, taker: Taker) -> None:
    body = body_of()
    good = signed(body)
    bad = [
        {},
        {**good, SIGNATURE: ""},
        {**good, SIGNATURE: good[SIGNATURE].removeprefix("sha256=")},
        {**good, SIGNATURE: good[SIGNATURE][:-1] + ("0" if good[SIGNATURE][-1] != "0" else "1")},
        {**good, TIMESTAMP: str(int(NOW) + 1)},
        {**good, TIMESTAMP: ""},
        {**good, TIMESTAMP: "nay"},
        signed(body, secret="another"),
        signed(body, NOW - 301),
        signed(body, NOW + 301),
        signed(body_of(transferAmount=1)),
    ]
    assert [(await post(client, body, headers)).status_code for headers in bad] == [401] * len(bad)
    assert taker.taken == []
    assert (await post(client, body, signed(body, NOW - 299))).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"[" * 20_000,
        body_of(id="92704"),
        body_of(id=0),
        body_of(transferAmount="2277000"),
        body_of(transferAmount=0),
        body_of(transferAmount=-1),
        body_of(transferAmount=1.5),
        body_of(transferAmount=10**12),
        body_of(transferType="gift"),
        body_of(transactionDate="yesterday"),
        body_of(transactionDate="0001-01-01 00:00:00"),
        body_of(accountNumber=None),
        body_of(content="x" * 2_001),
    ],
)
async def test_what_is_signed_but_not_as_documented_is_refused(
    client: httpx.AsyncClient, taker: Taker, body: bytes
) -> None:
    assert (await post(client, body)).status_code == 400
    assert taker.taken == []


async def test_more_than_anybody_has_to_tell_is_not_read(client: httpx.AsyncClient, taker: Taker) -> None:
    assert (await post(client, b" " * (LIMIT + 1))).status_code == 413

    async def bits() -> AsyncIterator[bytes]:
        for _ in range(LIMIT // 1024 + 1):
            yield b" " * 1024

    said = await client.post("/payments/sepay", content=bits(), headers=signed(b""))
    assert said.status_code == 413
    assert taker.taken == []


async def test_what_was_not_stored_is_told_again(
    client: httpx.AsyncClient, taker: Taker, caplog: pytest.LogCaptureFixture
) -> None:
    taker.fails = RuntimeError("disk full of chuyen tien mua iphone")
    assert (await post(client, body_of())).status_code == 500
    assert "iphone" not in caplog.text
    taker.fails = None
    assert (await post(client, body_of())).status_code == 200
    assert taker.taken == [TOLD]


async def test_only_the_gateway_that_is_set_up_has_a_road(client: httpx.AsyncClient) -> None:
    assert (await client.post("/payments/momo", content=b"{}")).status_code == 404
    assert (await client.get("/payments/sepay")).status_code == 405


def test_money_that_goes_out_is_nothing_to_us() -> None:
    body = body_of(transferType="out")
    assert SePay(SECRET, lambda: NOW).credits(signed(body), body) == ()


def test_fields_that_are_added_one_day_count_for_nothing() -> None:
    body = body_of(channel="app", fee={"amount": 0})
    assert SePay(SECRET, lambda: NOW).credits(signed(body), body) == (TOLD,)


def test_a_virtual_account_is_one_of_its_names_and_the_description_stands_in_for_no_content() -> None:
    body = body_of(subAccount="VQRQ00012", content=None, description="MC7K39XTM4")
    (credit,) = SePay(SECRET, lambda: NOW).credits(signed(body), body)
    assert (credit.accounts, credit.memo) == (("0123499999", "VQRQ00012"), "MC7K39XTM4")


def test_a_gateway_without_a_secret_is_none() -> None:
    with pytest.raises(ValueError, match="secret"):
        GATEWAYS["sepay"]("")
