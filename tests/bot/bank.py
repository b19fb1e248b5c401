"""A gateway that is no real one: it tells of transfers over real HTTP and signs as SePay's documents say."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import msgspec
from aiohttp import web
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from bot.payments import Payments
from catalogue.model import BankAccount
from domain.values import VIETNAM
from handlers.payment_sepay import SIGNATURE, TIMESTAMP, SePay
from handlers.web_payment import route
from tests.bot.whole import Whole

SECRET: Final = "whsec_thử"
ACCOUNT: Final = BankAccount(
    bin="970436",
    number="0123456789",
    bank="Vietcombank",
    holder="UBND XA SON TIEN",
    confirmed_by="Kế toán, để thử",
)


def with_account(whole: Whole, office: str = "son-tien") -> None:
    """The office has told us its account."""
    offices = dict(whole.world.catalogue.offices)
    there = offices[office]
    facts = tuple(fact for fact in there.unknown if fact != "bank_account")
    offices[office] = replace(there, bank_account=ACCOUNT, unknown=facts)
    whole.world.catalogue = dataclasses.replace(whole.world.catalogue, offices=offices)


@dataclasses.dataclass
class Bank:
    """What it tells of; each time it says how it was answered."""

    whole: Whole
    client: httpx.AsyncClient

    async def tells(self, reference: int, amount_vnd: int, memo: str, **changes: Any) -> int:
        """One transfer, told as often as the whole is told to deliver."""
        told = {
            "id": reference,
            "gateway": "Vietcombank",
            "transactionDate": self.whole.world.now().astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S"),
            "accountNumber": ACCOUNT.number,
            "code": None,
            "content": memo,
            "transferType": "in",
            "transferAmount": amount_vnd,
            "accumulated": 19_077_000,
            "subAccount": None,
            "referenceCode": f"MBVCB.{reference}",
            "description": "",
            **changes,
        }
        body = msgspec.json.encode(told)
        posts = [self.client.post("/payments/sepay", content=body, headers=_signed(body)) for _ in range(self.times)]
        answers = await asyncio.gather(*posts)
        await self.whole.app.idle()
        return max(answer.status_code for answer in answers)

    times: int = 1


def _signed(body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    made = hmac.new(SECRET.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: timestamp, SIGNATURE: f"sha256={made}"}


@asynccontextmanager
async def bank_of(whole: Whole) -> AsyncIterator[Bank]:
    """Linked with the office's account."""
    app = web.Application()
    app.add_routes([route(SePay(SECRET), Payments(whole.app.database, whole.world))])
    async with TestServer(app) as server, httpx.AsyncClient(base_url=str(server.make_url("/")), timeout=60) as client:
        yield Bank(whole, client)
