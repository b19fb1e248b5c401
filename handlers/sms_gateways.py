"""SMS gateways: what each is asked, and what its answers mean.

eSMS (developers.esms.vn: "Tin nhắn SMS OTP/CSKH", "Bảng mã lỗi") and SpeedSMS (speedsms.vn/sms-api-service) as their
own pages describe them, read in November 2026; and any other that takes the plain JSON below.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from conversations.messages import Refused, Sent, TryLater, Uncertain, Undeliverable

MENDED: Final = 300.0  # seconds: a key, a balance, a list of addresses that whoever runs this can mend
SOON: Final = 60.0
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_BUSY: Final = 429


class BadGateway(ValueError):
    """Settings that name no gateway; says which setting."""


class Call(Struct, frozen=True):
    """One POST."""

    url: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = {}


class Gateway(Protocol):
    """One provider."""

    name: str

    def call(self, phone: str, text: str, reference: str) -> Call:
        """What is to be asked for a number (E.164). `reference` is the same whenever the same message is meant."""
        ...

    def taken(self, status: int, body: bytes, reference: str) -> Sent:
        """What an answer means; raises what conversations/messages.py names where the message was not taken."""
        ...


class Esms:
    """Its RequestId makes a message that is handed in twice one message."""

    name = "esms"
    URL: Final = "https://rest.esms.vn/MainService.svc/json/SendMultipleMessage_V4_post_json/"
    OURS: Final = frozenset({"101", "102", "103", "140"})  # key, prices, balance, our address not on their list
    NUMBER: Final = frozenset({"108"})
    TWICE: Final = "124"  # this RequestId is known: it was taken before
    WELL: Final = "100"

    def __init__(self, url: str, token: str, sender: str) -> None:
        key, parted, secret = token.partition(":")
        if not (key and parted and secret):
            raise BadGateway("MOTCUA_SMS_TOKEN: expected ApiKey:SecretKey")
        if not sender:
            raise BadGateway("MOTCUA_SMS_SENDER: expected the brand name that is registered with esms")
        self._url = url or self.URL
        self._key, self._secret, self._sender = key, secret, sender

    def call(self, phone: str, text: str, reference: str) -> Call:
        body = {
            "ApiKey": self._key,
            "SecretKey": self._secret,
            "Phone": "0" + phone.removeprefix("+84"),
            "Content": text,
            "Brandname": self._sender,
            "SmsType": "2",  # to customers, not advertising
            "IsUnicode": "0" if text.isascii() else "1",
            "RequestId": reference,
        }
        return Call(self._url, body)

    def taken(self, status: int, body: bytes, reference: str) -> Sent:
        answer = _answer(status, body)
        code = str(answer.get("CodeResult", ""))
        if code in (self.WELL, self.TWICE):
            return Sent(str(answer.get("SMSID") or reference)[:80])
        if code in self.OURS:
            raise TryLater(MENDED)
        if code in self.NUMBER:
            raise Undeliverable("gone")
        if not code:
            raise Uncertain("an answer without a code")
        raise Refused(f"esms {code}")


class SpeedSms:
    """Brand names are sms_type 3; without one a number of theirs sends (2)."""

    name = "speedsms"
    URL: Final = "https://api.speedsms.vn/index.php/sms/send"
    OURS: Final = frozenset({"007", "008", "009", "300"})  # our address, account, rights, balance
    NUMBER: Final = "105"
    AGAIN: Final = "500"

    def __init__(self, url: str, token: str, sender: str) -> None:
        if not token:
            raise BadGateway("MOTCUA_SMS_TOKEN: expected the access token of speedsms")
        self._url = url or self.URL
        self._sender = sender
        self._login = "Basic " + base64.b64encode(f"{token}:x".encode()).decode()

    def call(self, phone: str, text: str, reference: str) -> Call:  # noqa: ARG002 - it knows no references
        body = {
            "to": [phone.removeprefix("+")],
            "content": text,
            "sms_type": 3 if self._sender else 2,
            "sender": self._sender,
        }
        return Call(self._url, body, {"Authorization": self._login})

    def taken(self, status: int, body: bytes, reference: str) -> Sent:
        answer = _answer(status, body)
        code = str(answer.get("code", ""))
        data = answer.get("data")
        told: Mapping[str, Any] = data if isinstance(data, dict) else {}
        if answer.get("status") == "success":
            if told.get("invalidPhone"):
                raise Undeliverable("gone")
            return Sent(str(told.get("tranId") or reference)[:80])
        if code in self.OURS:
            raise TryLater(MENDED)
        if code == self.AGAIN:
            raise TryLater(SOON)
        if code == self.NUMBER:
            raise Undeliverable("gone")
        if not code:
            raise Uncertain("an answer without a code")
        raise Refused(f"speedsms {code}")


class PlainJson:
    """Any other, or a small program beside this one that calls it. docs/operating.md shows both sides."""

    name = "json"

    def __init__(self, url: str, token: str, sender: str) -> None:
        if not url:
            raise BadGateway("MOTCUA_SMS_URL: expected the address at which the gateway is called")
        self._url, self._sender = url, sender
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, phone: str, text: str, reference: str) -> Call:
        body = {
            "to": phone,
            "text": text,
            "sender": self._sender,
            "id": reference,
            "unicode": not text.isascii(),
        }
        return Call(self._url, body, self._headers)

    def taken(self, status: int, body: bytes, reference: str) -> Sent:
        try:
            answer = msgspec.json.decode(body or b"{}")
        except msgspec.DecodeError:
            answer = {}
        told: Mapping[str, Any] = answer if isinstance(answer, dict) else {}
        if 200 <= status < 300:
            return Sent(str(told.get("id") or reference)[:80])
        if told.get("error") == "number":
            raise Undeliverable("gone")
        raise _refusal(status)


GATEWAYS: Final = {made.name: made for made in (Esms, SpeedSms, PlainJson)}


def gateway(name: str, url: str, token: str, sender: str) -> Gateway:
    """The one that the settings name; raises BadGateway."""
    made = GATEWAYS.get(name)
    if made is None:
        raise BadGateway(f"MOTCUA_SMS_GATEWAY: expected one of {', '.join(GATEWAYS)}")
    if url and not _private(url):
        raise BadGateway("MOTCUA_SMS_URL: expected https://…, or http:// on this machine alone")
    return made(url, token, sender)


def _private(url: str) -> bool:
    """Whether nobody on the way reads the numbers and codes that go there."""
    try:
        at = urlsplit(url)
    except ValueError:
        return False
    return bool(at.hostname) and (at.scheme == "https" or (at.scheme == "http" and at.hostname in _HERE))


def _answer(status: int, body: bytes) -> Mapping[str, Any]:
    """The answer of a gateway that says in JSON what became of a message."""
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        answer = None
    if isinstance(answer, dict) and ("code" in answer or "CodeResult" in answer):
        return answer
    if 200 <= status < 300:
        raise Uncertain("an answer that nobody can read")
    raise _refusal(status)


def _refusal(status: int) -> Exception:
    """What a bare HTTP status says. A proxy's 502 or 504 says nothing of what happened behind it."""
    if status in (_BUSY, 503):
        return TryLater(SOON)
    if status in (401, 402, 403, 407):
        return TryLater(MENDED)
    if 400 <= status < 500:
        return Refused(f"{status}")
    return Uncertain(f"{status}")
