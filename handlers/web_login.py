"""An officer logs in: a one-time link shows a button, the button asks for a confirmation, and then there is a session.

The confirmation is given at an address of the officer's own: two digits that this page shows are pressed there, or a
code that was sent there is typed here. Meanwhile this browser holds a key of its own (a cookie): whoever else has the
link, or has looked at this page, gets in by neither. The page after the link has no key in its address.
"""

from __future__ import annotations

import re
from html import escape
from string import Template
from typing import Final

from aiohttp import web

from handlers.web_door import UNREADABLE, Door, refusal
from handlers.web_live import Entering
from handlers.web_network import network

WAITS: Final = "/canbo/cho"
PENDING: Final = "motcua_vao"
_LIFE: Final = 600  # seconds
_EVERY: Final = "3"  # seconds between looks, by the browser itself: the page needs no script
_PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}

TITLE: Final = "Đăng nhập trang cán bộ"
TEXT: Final = "Bấm nút dưới đây để đăng nhập trên máy này. Liên kết chỉ dùng được một lần."
BUTTON: Final = "Đăng nhập"
ONWARD: Final = "Mở trang cán bộ"
CONFIRM_TITLE: Final = "Xác nhận là anh/chị"
CONFIRM: Final = (
    "Mở {where} của anh/chị và xác nhận bằng số dưới đây. Trang này tự vào ngay sau đó. "
    "Đừng đọc số này cho ai: không ai được hỏi."
)
CODE: Final = "Đã gửi mã 6 số tới {where}. Gõ mã đó vào đây. Đừng đọc mã cho ai: không ai được hỏi."
CODE_LABEL: Final = "Mã 6 số"
CODE_WRONG: Final = "Mã chưa đúng. Xem lại 6 số trong tin vừa nhận."
CODE_BUTTON: Final = "Vào"
USED_TITLE: Final = "Liên kết không dùng được nữa"
USED: Final = (
    "Liên kết đăng nhập đã được dùng hoặc đã hết hạn. Anh/chị xin liên kết mới: nhắn /web cho bot cán bộ, "
    "hoặc nhờ lãnh đạo. Nếu anh/chị chưa từng bấm liên kết này, báo lãnh đạo ngay."
)
REFUSED_TITLE: Final = "Chưa vào được"
REFUSED: Final = "Lần đăng nhập này không được xác nhận. Anh/chị xin liên kết mới rồi làm lại."
LATER: Final = "Đã có nhiều lần xác nhận sai, nên phải chờ. Thử lại sau {minutes} phút, liên kết này vẫn dùng được."
# How browsers and systems name themselves; the first that fits.
_BROWSERS: Final = {
    "Edg": "Edge",
    "coc_coc": "Cốc Cốc",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "máy Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


class Login:
    """The pages of one log-in. Opening a link uses nothing up: messengers fetch it to preview it."""

    def __init__(self, door: Door, template: str) -> None:
        self._door = door
        self._template = Template(template)

    async def show(self, _: web.Request) -> web.StreamResponse:
        form = f'<form method="post"><button class="primary" type="submit">{escape(BUTTON)}</button></form>'
        return self._page(TITLE, TEXT, form, "../../")

    async def use(self, request: web.Request) -> web.StreamResponse:
        """The button behind the link."""
        self._door.same_origin(request)
        found = await self._door.live.log_in(request.match_info["token"], browser(request), network(request))
        if found.state == "in":
            return self._in(request, found.cookie, "../../canbo")
        if found.state == "later":
            return self._page(REFUSED_TITLE, LATER.format(minutes=found.minutes), "", "../../", 429)
        if found.state != "wait":
            onward = f'<a class="primary" href="../../canbo">{escape(ONWARD)}</a>'
            return self._page(USED_TITLE, USED, onward, "../../", 410)
        response = web.Response(status=303, headers={"Location": "../cho", **_PRIVATE})
        self._door.keep(response, request, self._pending(request), found.pending, _LIFE)
        return response

    async def wait(self, request: web.Request) -> web.StreamResponse:
        """What this browser waits for; confirmed, it goes on by itself."""
        return self._shown(request, await self._door.live.entering(self._key(request)))

    async def code(self, request: web.Request) -> web.StreamResponse:
        """A code was typed."""
        self._door.same_origin(request)
        try:
            given = str((await request.post()).get("ma", ""))
        except ValueError:
            raise refusal(web.HTTPBadRequest, UNREADABLE) from None
        digits = re.sub(r"\D", "", given[:40])
        return self._shown(request, await self._door.live.log_in_code(self._key(request), digits))

    def _shown(self, request: web.Request, found: Entering) -> web.StreamResponse:
        if found.state == "in":
            return self._in(request, found.cookie, "../canbo")
        if found.state != "wait":
            gone = found.state == "gone"
            onward = f'<a class="primary" href="../canbo">{escape(ONWARD)}</a>'
            title, text = (USED_TITLE, USED) if gone else (REFUSED_TITLE, REFUSED)
            response = self._page(title, text, onward, "../", 410 if gone else 403)
            self._door.forget(response, request, self._pending(request))
            return response
        if found.digits:
            digits = f'<p class="digits" role="status">{escape(found.digits)}</p>'
            response = self._page(CONFIRM_TITLE, CONFIRM.format(where=found.where), digits, "../")
            response.headers["Refresh"] = _EVERY
            return response
        wrong = f'<p class="problem" role="alert">{escape(CODE_WRONG)}</p>' if found.wrong else ""
        form = (
            f'{wrong}<form method="post"><label>{escape(CODE_LABEL)} <input class="digits" name="ma" '
            'inputmode="numeric" autocomplete="one-time-code" maxlength="10" required autofocus></label>'
            f'<button class="primary" type="submit">{escape(CODE_BUTTON)}</button></form>'
        )
        return self._page(CONFIRM_TITLE, CODE.format(where=found.where), form, "../")

    def _in(self, request: web.Request, cookie: str, onward: str) -> web.Response:
        response = web.Response(status=303, headers={"Location": onward, **_PRIVATE})
        self._door.let_in(response, cookie, request)
        if self._pending(request) in request.cookies:
            self._door.forget(response, request, self._pending(request))
        return response

    def _page(self, title: str, text: str, action: str, up: str, status: int = 200) -> web.Response:
        page = self._template.substitute(title=escape(title), text=escape(text), action=action, up=up)
        return web.Response(text=page, status=status, content_type="text/html", headers=_PRIVATE)

    def _pending(self, request: web.Request) -> str:
        return f"__Host-{PENDING}" if self._door.https(request) else PENDING

    def _key(self, request: web.Request) -> str:
        return request.cookies.get(self._pending(request), "")


def join_login(app: web.Application, door: Door, template: str) -> None:
    pages, link = Login(door, template), "/canbo/vao/{token}"
    app.router.add_get(link, pages.show)
    app.router.add_post(link, pages.use)
    app.router.add_get(WAITS, pages.wait, allow_head=False)
    app.router.add_post(WAITS, pages.code)


def browser(request: web.Request) -> str:
    """What it calls itself, in two words; it may lie."""
    said = request.headers.get("User-Agent", "")[:500]
    name = next((words for sign, words in _BROWSERS.items() if sign in said), "")
    system = next((words for sign, words in _SYSTEMS.items() if sign in said), "")
    return f"{name} trên {system}" if name and system else name or system
