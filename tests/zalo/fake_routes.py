"""The fake Zalo's endpoints: what is not in the documentation is refused and complained of."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from tests.zalo import fake_checks as checks
from tests.zalo.fake_model import (
    APP_ID,
    APP_SECRET,
    OA_ID,
    Bad,
    Json,
    Refresh,
    Told,
    Upload,
    Zns,
    against_the_rules,
)

if TYPE_CHECKING:
    from tests.zalo.fake import FakeZalo

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_NAMED: Final = {"rate": -32, "failed": -200}


class Routes:
    """Each a method; `faulty` goes around all of them."""

    def __init__(self, fake: FakeZalo) -> None:
        self._fake = fake
        self._state = fake.state

    def all(self) -> list[web.RouteDef]:
        return [
            web.post("/v4/oa/access_token", self.faulty(self.access_token)),
            web.get("/v4/oa/permission", self.permission),
            web.post("/v3.0/oa/message/cs", self.faulty(self.message)),
            web.post("/v2.0/oa/message", self.faulty(self.message)),
            web.post("/v2.0/oa/upload/{what:image|gif|file}", self.faulty(self.upload)),
            web.get("/v3.0/oa/user/detail", self.faulty(self.detail)),
            web.get("/v2.0/oa/getprofile", self.faulty(self.detail)),
            web.get("/v2.0/oa/getoa", self.faulty(self.account)),
            web.post("/message/template", self.faulty(self.template)),
            web.get("/media/{key}", self.media),
            web.route("*", "/{rest:.*}", self.nowhere),
        ]

    def faulty(self, handler: Handler) -> Handler:
        """What goes wrong instead, or afterwards; every answer of Zalo's own is HTTP 200."""

        async def handle(request: web.Request) -> web.StreamResponse:
            fault = self._state.faults.take(request.path)
            if fault in ("hang", "reset", "html", "garbage", "rate", "failed") or isinstance(fault, int):
                await request.read()
                return await self._wrong(request, fault)
            try:
                answer = await handler(request)
            except Bad as bad:
                if bad.complaint:
                    self._state.complain(f"{request.path}: {bad}")
                answer = error(bad.code, bad.why)
            if fault == "late":
                await self._state.hanging.wait()
            return answer

        return handle

    async def _wrong(self, request: web.Request, fault: str | int) -> web.StreamResponse:
        if fault == "hang":
            await self._state.hanging.wait()
        if fault == "reset" and request.transport is not None:
            request.transport.abort()
        if fault == "html":
            return web.Response(status=500, text="<html>500</html>", content_type="text/html")
        if fault == "garbage":
            return web.Response(text='{"data":{"message_id', content_type="application/json")
        return error(_NAMED.get(str(fault), fault if isinstance(fault, int) else -200), "fault")

    # tokens -----------------------------------------------------------------------------------------------------------

    async def access_token(self, request: web.Request) -> web.StreamResponse:
        """One use of a code or a refresh token; what is wrong is answered with 200 and no access_token."""
        if request.content_type != "application/x-www-form-urlencoded":
            raise against_the_rules(-14001, "not a form")
        form = {name: str(value) for name, value in (await request.post()).items()}
        if request.headers.get("secret_key") != APP_SECRET or form.pop("app_id", "") != APP_ID:
            return oauth_error()
        match form.pop("grant_type", ""):
            case "refresh_token":
                checks.fields(form, "form", {"refresh_token": str})
                return await self._refreshed(form["refresh_token"])
            case "authorization_code":
                checks.fields(form, "form", {"code": str, "code_verifier": str})
                return self._first(form["code"], form["code_verifier"])
            case other:
                raise against_the_rules(-14001, f"grant_type {other}")

    async def _refreshed(self, token: str) -> web.StreamResponse:
        state = self._state
        pair = next((pair for pair in state.pairs if pair.refresh == token), None)
        taken = pair is not None and not pair.used and not pair.dead
        state.refreshes.append(Refresh(token, taken, time.monotonic()))
        if pair is None or not taken:
            return oauth_error()
        pair.used = True
        made = state.pair()
        if state.think:
            await asyncio.sleep(state.think)
        return _pair(made.access, made.refresh, state.expires_in)

    def _first(self, code: str, verifier: str) -> web.StreamResponse:
        if len(verifier) != 43:
            raise against_the_rules(-14001, "code_verifier has 43 characters")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if not self._state.codes.get(code) or self._state.codes[code] != challenge:
            return oauth_error()
        self._state.codes[code] = ""
        made = self._state.pair()
        return _pair(made.access, made.refresh, self._state.expires_in)

    async def permission(self, request: web.Request) -> web.StreamResponse:
        """The administrator allows it at once."""
        checks.fields(
            dict(request.query), "query", {"app_id": str, "redirect_uri": str, "code_challenge": str}, {"state": str}
        )
        code = self._fake.code(request.query["code_challenge"])
        back = request.query["redirect_uri"] + f"?code={code}&oa_id={OA_ID}"
        if "state" in request.query:
            back += f"&state={request.query['state']}"
        raise web.HTTPFound(back)

    def _allowed(self, request: web.Request, *, expired: int = -220, unknown: int = -216) -> None:
        if "access_token" in request.query or "Authorization" in request.headers:
            self._state.complain(f"{request.path}: a token where it does not belong")
        token = request.headers.get("access_token", "")
        pair = next((pair for pair in self._state.pairs if pair.access == token), None)
        if pair is None or pair.dead:
            raise Bad(unknown, "access token is invalid")
        if pair.expires < time.monotonic():
            raise Bad(expired, "access token is expired")
        proof = request.headers.get("appsecret_proof", "")
        right = hmac.digest(APP_SECRET.encode(), token.encode(), "sha256").hex()
        if (self._state.wants_proof or proof) and proof != right:
            raise Bad(-1241 if unknown == -124 else -242, "appsecret_proof is invalid")

    # the account ------------------------------------------------------------------------------------------------------

    async def message(self, request: web.Request) -> web.StreamResponse:
        self._allowed(request)
        body = await self._json(request)
        state = self._state
        via = request.path[1:3]
        if state.kind == "state" and via == "v3":
            raise Bad(-235, "This API does not support this type of OA")
        if state.kind == "enterprise" and via == "v2":
            raise Bad(-240, "message API v2 is shut down")
        content = checks.message(state, body)
        person = self._fake.people.get(content.user)
        if person is None:
            raise Bad(-201, "user_id is invalid")
        if person.blocked:
            raise Bad(-244, "the user has restricted this")
        if person.window != "open":
            raise Bad(-230 if person.window == "closed" else -232, "no interaction")
        image = content.upload.data if content.upload and content.upload.what == "image" else None
        file = (content.upload.name, content.upload.data) if content.upload and content.upload.what == "file" else None
        told = Told(
            content.user,
            content.text,
            content.buttons,
            image,
            file,
            content.card,
            content.quote,
            via,
            self._fake.message_id(),
        )
        state.sent.append(told)
        person.heard.append(told)
        self._fake.echo_of(told)
        return success({"message_id": told.message_id, "user_id": content.user})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        self._allowed(request)
        what = request.match_info["what"]
        if not request.content_type.startswith("multipart/"):
            raise against_the_rules(-201, "not multipart")
        form = await request.post()
        field = form.get("file")
        if set(form) != {"file"} or not isinstance(field, web.FileField):
            raise against_the_rules(-201, "the field is named file")
        data = field.file.read()
        checks.upload(what, field.filename, data)
        key = f"{what}-{self._state.number()}"
        self._state.uploads[key] = Upload(field.filename, data, what)
        return success({"token" if what == "file" else "attachment_id": key})

    async def detail(self, request: web.Request) -> web.StreamResponse:
        self._allowed(request)
        asked = json.loads(request.query.get("data", "{}"))
        checks.fields(asked, "data", {"user_id": str})
        if request.path.startswith("/v3") and not self._state.detail_taken:
            raise Bad(-235, "This API does not support this type of OA")
        person = self._fake.people.get(asked["user_id"])
        if person is None:
            raise Bad(-201, "user_id is invalid")
        shared = {"address": "", "city": "", "district": "", "phone": person.phone or 0, "name": person.name}
        return success(
            {
                "user_id": person.id,
                "user_id_by_app": "552177279717587730",
                "display_name": person.name,
                "user_is_follower": True,
                "shared_info": shared,
            }
        )

    async def account(self, request: web.Request) -> web.StreamResponse:
        self._allowed(request)
        kind = 4 if self._state.kind == "state" else 2
        return success({"oa_id": OA_ID, "name": self._state.name, "is_verified": True, "oa_type": kind})

    # templates by phone -----------------------------------------------------------------------------------------------

    async def template(self, request: web.Request) -> web.StreamResponse:
        self._allowed(request, expired=-124, unknown=-124)
        body = await self._json(request)
        checks.template(self._state, body)
        phone = body["phone"]
        if self._state.zalo_phones is not None and phone not in self._state.zalo_phones:
            raise Bad(-118, "no Zalo account")
        told = Zns(
            phone, body["template_id"], body["template_data"], body["tracking_id"], f"zns-{self._state.number()}"
        )
        self._state.zns_sent.append(told)
        return success({"msg_id": told.msg_id, "sent_time": self._fake.timestamp(), "sending_mode": "1"})

    # files ------------------------------------------------------------------------------------------------------------

    async def media(self, request: web.Request) -> web.StreamResponse:
        found = self._state.media.get(request.match_info["key"])
        if found is None:
            raise web.HTTPNotFound
        if "access_token" in request.headers:
            self._state.complain("a token went along to a file")
        return web.Response(body=found[0], content_type=found[1])

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        self._state.complain(f"{request.method} {request.path}: no such endpoint")
        raise web.HTTPNotFound

    async def _json(self, request: web.Request) -> Any:
        if request.content_type != "application/json":
            raise against_the_rules(-201, "not JSON")
        body = json.loads(await request.read())
        self._state.calls.append((request.path, body))
        return body


def success(data: Json) -> web.Response:
    return web.json_response({"data": data, "error": 0, "message": "Success"})


def error(code: int, why: str) -> web.Response:
    return web.json_response({"error": code, "message": why})


def oauth_error() -> web.Response:
    """The number is a placeholder: nobody knows the real one, and no client may look at it."""
    return web.json_response({"error": -14014, "error_name": "…", "error_reason": "…", "ref_doc": "…", "message": "…"})


def _pair(access: str, refresh: str, expires_in: str) -> web.Response:
    return web.json_response({"access_token": access, "refresh_token": refresh, "expires_in": expires_in})
