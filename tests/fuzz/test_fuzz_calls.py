"""The program's own HTTP roads, with spoilt bodies, queries, headers and cookies: refused or taken, never a failure."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any, Final
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.pages import pages
from bot.payments import Payments
from handlers.payment_sepay import SIGNATURE, TIMESTAMP, SePay
from handlers.web_payment import route
from tests.bot.whole import Whole
from tests.fuzz.mutate import SEED, broken, encoded, samples

Client = TestClient[web.Request, web.Application]
OURS: Final = {"X-Motcua": "1"}
BODIES: Final[Sequence[dict[str, Any]]] = (
    {"id": "e1", "text": "khai sinh cho con"},
    {"id": "e2", "press": "menu", "message": "1"},
    {"id": "e3", "text": "trả lời", "reply_to": "2"},
    {"payload": "p:khai-sinh", "id": "e4"},
    {"revision": 3},
    {"endpoint": "https://push.example/a", "p256dh": "B" * 87, "auth": "a" * 22},
)
CREDIT: Final[dict[str, Any]] = {
    "id": 92704,
    "gateway": "Vietcombank",
    "transactionDate": "2026-11-23 14:02:37",
    "accountNumber": "0123499999",
    "code": None,
    "content": "MC 1234567890 nop le phi",
    "transferType": "in",
    "transferAmount": 8000,
    "accumulated": 1,
    "subAccount": None,
    "referenceCode": "MBVCB.3278907687",
    "description": "",
}


@pytest.fixture
async def client(whole: Whole) -> AsyncIterator[Client]:
    async with TestClient(TestServer(pages(whole.app, ()))) as made:
        await made.post("/api/hello", json={}, headers=OURS)
        yield made


def _roads(client: Client) -> list[tuple[str, str]]:
    assert client.app is not None
    found = [
        (route.method, route.resource.canonical)
        for route in client.app.router.routes()
        if route.resource is not None and route.method in ("GET", "POST") and "stream" not in route.resource.canonical
    ]
    assert len(found) > 20
    return found


async def test_every_road(client: Client) -> None:
    """Paths with something spoilt in them, and spoilt bodies; the guard's header mostly there."""
    chance = Random(SEED)
    roads = _roads(client)
    odd = _words()
    bodies = [encoded(one) for one in samples(BODIES, 500)] + list(broken([encoded(b) for b in BODIES], 200))
    for number, body in enumerate(bodies):
        method, path = chance.choice(roads)
        while "{" in path:
            begin, _, rest = path.partition("{")
            path = begin + quote(chance.choice(odd), safe="") + rest.partition("}")[2]
        query = f"?{quote(chance.choice(odd))}={quote(chance.choice(odd))}&id={quote(chance.choice(odd))}"
        headers = {**(OURS if chance.random() < 0.9 else {}), "Content-Type": "application/json"}
        answer = await client.request(method, path + query, data=body if method == "POST" else None, headers=headers)
        assert answer.status < 500 or answer.status == 503, (SEED, number, method, path, query, body[:300])


async def test_cookies_and_headers(client: Client) -> None:
    for number, said in enumerate(broken([b"abcdefABCDEF0123456789-_", b"motcua=x; motcua_canbo=y"], 150)):
        value = said.decode("latin-1").translate(dict.fromkeys((*range(32), *range(127, 160))))[:4_000]
        headers = {**OURS, "Cookie": f"motcua={value}; motcua_canbo={value}", "X-Forwarded-For": value, "Origin": value}
        for path in (
            "/api/messages?after=0",
            "/canbo/api/messages?after=0",
            "/api/file/" + quote(value, safe="")[:200],
        ):
            answer = await client.get(path, headers=headers)
            assert answer.status < 500, (SEED, number, path, value)


async def test_a_gateways_word(whole: Whole) -> None:
    """Signed as it should be, whatever it says."""
    app = web.Application()
    app.add_routes([route(SePay("secret"), Payments(whole.app.database, whole.world))])
    async with TestClient(TestServer(app)) as client:
        for number, raw in enumerate(samples([CREDIT], 300)):
            body, at = encoded(raw), str(int(time.time()))
            mac = hmac.new(b"secret", at.encode() + b"." + body, hashlib.sha256).hexdigest()
            answer = await client.post(
                "/payments/sepay", data=body, headers={TIMESTAMP: at, SIGNATURE: f"sha256={mac}"}
            )
            assert answer.status in (200, 400, 413), (SEED, number, raw)
    await whole.app.idle()


def _words() -> list[str]:
    """Ids, tokens and codes as strangers try them."""
    tried = broken([b"84ed8f9e241b3195b989f73dfaff0822", b"T-1234", b"khai sinh", b"../../etc/passwd"], 60)
    plain = [word.decode("utf-8", "replace")[:300] for word in tried]
    return [word for word in plain if word not in ("", ".", "..")]
