"""An SMS gateway of our own, on this machine: strict about what it is asked, it answers, hangs or breaks as told."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

KEY, SECRET, TOKEN, BRAND = "0123ABCD", "s3cret+/=", "token-xyz", "XaSonTien"
_PHONES = {"esms": r"0\d{9}", "speedsms": r"84\d{9}", "json": r"\+84\d{9}"}
_FIELDS = {
    "esms": {"ApiKey", "SecretKey", "Phone", "Content", "Brandname", "SmsType", "IsUnicode", "RequestId"},
    "speedsms": {"to", "content", "sms_type", "sender"},
    "json": {"to", "text", "sender", "id", "unicode"},
}


@dataclass
class SmsServer:
    """`kind` is whose manners it has; `next` are answers to give before it takes anything again."""

    kind: str
    url: str = ""
    told: list[tuple[str, str]] = field(default_factory=list)  # number and words, as a telephone shows them
    known: set[str] = field(default_factory=set)  # references that were taken
    complaints: list[str] = field(default_factory=list)
    next: list[tuple[int, Any]] = field(default_factory=list)
    hangs: bool = False
    breaks: bool = False  # after it has taken a message
    asked: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if request.headers.get("Content-Type") != "application/json; charset=utf-8":
            self.complaints.append("content type")
        body = await request.json()
        if set(body) != _FIELDS[self.kind]:
            self.complaints.append(f"fields: {sorted(body)}")
        if self.next:
            status, answer = self.next.pop(0)
            if isinstance(answer, str):
                return web.Response(status=status, text=answer, content_type="text/html")
            return web.json_response(answer, status=status)
        answer = getattr(self, f"_{self.kind}")(request, body)
        if self.hangs:
            await self.over.wait()
        if self.breaks and request.transport is not None:
            request.transport.abort()
        return web.json_response(answer)

    def _take(self, phone: str, words: str, reference: str = "") -> None:
        if not re.fullmatch(_PHONES[self.kind], phone):
            self.complaints.append(f"number: {phone}")
        self.told.append((phone, words))
        if reference:
            self.known.add(reference)

    def _esms(self, _: web.Request, body: dict[str, str]) -> dict[str, Any]:
        if not all(isinstance(value, str) for value in body.values()):
            self.complaints.append("all values are strings")
        if (body["ApiKey"], body["SecretKey"]) != (KEY, SECRET):
            return {"CodeResult": "101", "CountRegenerate": 0, "ErrorMessage": "Authorize Failed"}
        if (body["Brandname"], body["SmsType"]) != (BRAND, "2"):
            return {"CodeResult": "104", "CountRegenerate": 0, "ErrorMessage": "Brandname không tồn tại"}
        if body["IsUnicode"] != str(int(not body["Content"].isascii())):
            self.complaints.append("IsUnicode does not fit the words")
        if body["RequestId"] in self.known:
            return {"CodeResult": "124", "CountRegenerate": 0, "ErrorMessage": "RequestId đã tồn tại"}
        self._take(body["Phone"], body["Content"], body["RequestId"])
        return {"CodeResult": "100", "CountRegenerate": 0, "SMSID": "d533459ee42b2b9525ba9eabf6a8156"}

    def _speedsms(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        login = "Basic " + base64.b64encode(f"{TOKEN}:x".encode()).decode()
        if request.headers.get("Authorization") != login:
            return {"status": "error", "code": "009", "message": "Account not allow to call the API"}
        if (body["sms_type"], body["sender"]) not in ((3, BRAND), (2, "")):
            self.complaints.append("a brand name goes with sms_type 3")
        for phone in body["to"]:
            self._take(phone, body["content"])
        data = {"tranId": 123456, "totalSMS": 1, "totalPrice": 250, "invalidPhone": []}
        return {"status": "success", "code": "00", "data": data}

    def _json(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.complaints.append("token")
        self._take(body["to"], body["text"], body["id"])
        return {"id": "m-1"}


@asynccontextmanager
async def sms_server(kind: str) -> AsyncIterator[SmsServer]:
    server = SmsServer(kind)
    app = web.Application()
    app.router.add_post("/send", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/send"
    try:
        yield server
    finally:
        server.over.set()
        await runner.cleanup()
        assert server.complaints == []
