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
    # No page holds script or style of its own, nor makes markup from strings: tests/handlers/test_access.py
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types motcua"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
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

    def shown(self, request: web.Request) -> str | None:
        """The cookie that the browser shows; over https only one that no neighbouring host can have set counts.

        Citizens' cookies of older releases go on counting: a dossier may take months.
        """
        found = request.cookies.get(self.named(request))
        return found if self.staff or found is not None else request.cookies.get(self.cookie)

    def named(self, request: web.Request) -> str:
        """RFC 6265bis, "__Host-": set by this very host, over https, for all of it."""
        return f"__Host-{self.cookie}" if self.https(request) else self.cookie

    def https(self, request: web.Request) -> bool:
        return self.home(request).startswith("https:")

    async def guest(self, request: web.Request, *, used: bool = False) -> Who:
        who = await self.live.who(self.shown(request), staff=self.staff, used=used)
        if who is None:
            raise refusal(web.HTTPUnauthorized, NOT_STAFF if self.staff else LOST)
        return who

    async def caller(self, request: web.Request, *, used: bool = True) -> Who:
        """As `guest`, for calls that change something."""
        self.guard(request)
        return await self.guest(request, used=used)

    def guard(self, request: web.Request) -> None:
        """A page of another site can neither set our header nor hide where it comes from."""
        if request.headers.get("X-Motcua") != "1":
            raise refusal(web.HTTPForbidden, FOREIGN)
        self.same_origin(request)

    def same_origin(self, request: web.Request) -> None:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise refusal(web.HTTPForbidden, FOREIGN)
        origin = request.headers.get("Origin")
        if origin is None:
            return
        host = origin.partition("://")[2]
        if not host or host not in (request.host, urlsplit(self.base_url).netloc):
            raise refusal(web.HTTPForbidden, FOREIGN)

    def let_in(self, response: web.StreamResponse, cookie: str, request: web.Request) -> None:
        self.keep(response, request, self.named(request), cookie, YEAR)

    def keep(self, response: web.StreamResponse, request: web.Request, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", httponly=True, samesite="Strict", secure=self.https(request)
        )

    def forget(self, response: web.StreamResponse, request: web.Request, *names: str) -> None:
        for name in names or (self.cookie, self.named(request)):
            response.del_cookie(name, path="/", httponly=True, samesite="Strict", secure=self.https(request))


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


async def only_https(_: web.Request, response: web.StreamResponse) -> None:
    """Where people reach the page over https, browsers never try it otherwise again (RFC 6797)."""
    response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
