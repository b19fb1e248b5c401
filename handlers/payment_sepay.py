"""SePay tells of every transfer to a linked bank account, whoever made the code that was paid with.

The signature, its five minutes and the body are as SePay's documents have them:
https://developer.sepay.vn/vi/sepay-webhooks/xac-thuc (HMAC-SHA256 over "<timestamp>.<raw body>"),
https://developer.sepay.vn/vi/sepay-webhooks/bao-mat (no older than five minutes),
https://developer.sepay.vn/vi/sepay-webhooks/tich-hop-webhook (the fields),
https://developer.sepay.vn/vi/sepay-webhooks/xu-ly-loi (told again up to seven times unless answered with 2xx).
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from handlers.payment import Credit, Unreadable, Unsigned

SIGNATURE: Final = "X-SePay-Signature"
TIMESTAMP: Final = "X-SePay-Timestamp"
_SKEW: Final = 300.0  # seconds
_VIETNAM: Final = timezone(timedelta(hours=7))  # what a bank's clock shows
_CLOCK: Final = "%Y-%m-%d %H:%M:%S"
_FIRST_YEAR: Final = 2000  # what is older is no bank's clock, and databases end at year 1


class _Told(Struct):
    """The fields that we use. Others may be added by SePay at any time: they count for nothing."""

    id: Annotated[int, Meta(gt=0)]
    transaction_date: Annotated[str, Meta(max_length=19)] = msgspec.field(name="transactionDate")
    account_number: Annotated[str, Meta(max_length=40)] = msgspec.field(name="accountNumber")
    transfer_type: Literal["in", "out"] = msgspec.field(name="transferType")
    transfer_amount: Annotated[int, Meta(gt=0, lt=10**12)] = msgspec.field(name="transferAmount")
    sub_account: Annotated[str, Meta(max_length=250)] | None = msgspec.field(name="subAccount", default=None)
    content: Annotated[str, Meta(max_length=2_000)] | None = None
    description: Annotated[str, Meta(max_length=2_000)] | None = None


_TOLD: Final = msgspec.json.Decoder(_Told)


class SePay:
    """`secret` is the one that was given to SePay when the webhook was made."""

    name = "sepay"

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        if not secret:
            raise ValueError("a gateway without a secret takes money from anybody's word")
        self._secret = secret.encode()
        self._clock = clock

    def credits(self, headers: Mapping[str, str], body: bytes) -> tuple[Credit, ...]:
        """One credit, or none for money that went out."""
        self._check(headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, ""), body)
        try:
            told = _TOLD.decode(body)
            at = datetime.strptime(told.transaction_date, _CLOCK).replace(tzinfo=_VIETNAM)
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise Unreadable from None
        if at.year < _FIRST_YEAR:
            raise Unreadable
        if told.transfer_type == "out":
            return ()
        accounts = tuple(filter(None, (told.account_number, told.sub_account)))
        memo = told.content or told.description or ""
        return (Credit(self.name, str(told.id), told.transfer_amount, memo, accounts, at),)

    def _check(self, timestamp: str, signature: str, body: bytes) -> None:
        expected = hmac.new(self._secret, timestamp.encode(errors="replace") + b"." + body, hashlib.sha256).hexdigest()
        same = hmac.compare_digest(f"sha256={expected}".encode(), signature.encode(errors="replace"))
        fresh = timestamp.isdecimal() and len(timestamp) < 16 and abs(self._clock() - int(timestamp)) <= _SKEW
        if not same or not fresh:
            raise Unsigned
