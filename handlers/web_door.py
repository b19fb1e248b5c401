"""Who may come in: cookies, the guard against other sites, and how a refusal reads."""

from __future__ import annotations

from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec
from aiohttp import web
from msgspec import Struct

from handlers.web_live import Live, Who

T = TypeVar("T")

BODY_LIMIT: Final = 64 * 1024  # 10,000 characters of Vietnamese are at most 30 KB
# Of ids that pages make: letters that every database and log takes, but no colon. Those with one are our own
# ("checked:<document>"), and a page that made one first would make ours a repeat.
PLAIN: Final = r"^[!-9;-~]*$"
YEAR: Final = 365 * 24 * 3600
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # not "no-referrer": with it browsers send "Origin: null" with a form, and the guard below would refuse
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Server": "motcua",  # the library's version is nobody's business
}

POLICIES: Final = ("Content-Security-Policy", "Permissions-Policy", "Referrer-Policy")

LOST: Final = "Phiên trò chuyện không còn trên máy này. Bạn tải lại trang để tiếp tục."
NOT_STAFF: Final = "Bạn chưa đăng nhập, hoặc phiên làm việc đã hết hạn."
FOREIGN: Final = "Yêu cầu không đến từ trang này nên không được nhận."
UNREADABLE: Final = "Máy chủ không đọc được nội dung vừa gửi. Bạn tải lại trang rồi thử lại."
TOO_LONG: Final = "Tin nhắn quá dài. Bạn chia thành nhiều tin ngắn hơn giúp mình nhé."


class Door(Struct, frozen=True):
    """One of the two pages: whose cookie it reads, and where its calls live."""

    live: Live
    staff: bool
    base_url: str = ""  # as people type it, without a slash at the end; empty: as the request says
    max_upload: int = 20 * 1024 * 1024
    streams: int = 4  # a browser opens six connections to a host: two stay free for sending
    heartbeat: float = 15.0

    @property
    def cookie(self) -> str:
        return "motcua_canbo" if self.staff else "motcua"

    @property
    def api(self) -> str:
        """Where the calls are, seen from the page."""
        return "canbo/api/" if self.staff else "api/"

    def home(self, request: web.Request) -> str:
        return self.base_url or f"{request.scheme}://{request.host}"

    async def guest(self, request: web.Request) -> Who:
        who = await self.live.who(request.cookies.get(self.cookie), staff=self.staff)
        if who is None:
            raise refusal(web.HTTPUnauthorized, NOT_STAFF if self.staff else LOST)
        return who

    async def caller(self, request: web.Request) -> Who:
        """As `guest`, for calls that change something."""
        self.guard(request)
        return await self.guest(request)

    def guard(self, request: web.Request) -> None:
        """A page of another site can neither set our header nor hide where it comes from."""
        if request.headers.get("X-Motcua") != "1":
            raise refusal(web.HTTPForbidden, FOREIGN)
        self.same_origin(request)

    def same_origin(self, request: web.Request) -> None:
        origin = request.headers.get("Origin")
        if origin is None:
            return
        host = origin.partition("://")[2]
        if not host or host not in (request.host, urlsplit(self.base_url).netloc):
            raise refusal(web.HTTPForbidden, FOREIGN)

    def let_in(self, response: web.StreamResponse, cookie: str, request: web.Request) -> None:
        response.set_cookie(
            self.cookie,
            cookie,
            max_age=YEAR,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self.home(request).startswith("https:"),
        )


def refusal(kind: type[web.HTTPError], sentence: str) -> web.HTTPException:
    return kind(text=told(sentence), content_type="application/json")


def told(sentence: str) -> str:
    return msgspec.json.encode({"error": sentence}).decode()


def answer(value: object) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json", headers={"Cache-Control": "no-store"}
    )


async def body(request: web.Request, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        data = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise web.HTTPRequestEntityTooLarge(
            BODY_LIMIT, request.content_length or 0, text=told(TOO_LONG), content_type="application/json"
        ) from None
    try:
        return decoder.decode(data or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refusal(web.HTTPBadRequest, UNREADABLE) from None


async def protect(_: web.Request, response: web.StreamResponse) -> None:
    """Give every response its security headers; one that brought its own policies keeps them."""
    headers = response.headers
    own = {name: headers[name] for name in POLICIES if name in headers}
    headers.update(HEADERS)
    headers.update(own)
