"""Links that open a session: the citizen's way back and the officer's login, and the first of them as a QR code.

Opening a link shows a button and the button posts. Messengers that fetch a link to preview it use nothing up.
"""

from __future__ import annotations

from html import escape
from io import BytesIO
from string import Template
from typing import Final

from aiohttp import web
from msgspec import Struct

from handlers.web_door import Door, answer


class Words(Struct, frozen=True):
    title: str
    text: str
    button: str
    used_title: str
    used_text: str
    onward: str


BACK: Final = Words(
    title="Mở lại cuộc trò chuyện",
    text=(
        "Bấm nút dưới đây để tiếp tục trên máy này. Hồ sơ và tin nhắn của bạn còn nguyên. "
        "Chỉ làm việc này trên máy của bạn hoặc của người bạn tin."
    ),
    button="Tiếp tục trên máy này",
    used_title="Liên kết không dùng được nữa",
    used_text="Liên kết đã hết hạn hoặc bị chép thiếu. Bạn lấy liên kết mới trên máy cũ, hoặc bắt đầu lại từ đầu.",
    onward="Bắt đầu cuộc trò chuyện mới",
)
LOGIN: Final = Words(
    title="Đăng nhập trang cán bộ",
    text="Bấm nút dưới đây để đăng nhập trên máy này. Liên kết chỉ dùng được một lần.",
    button="Đăng nhập",
    used_title="Liên kết không dùng được nữa",
    used_text="Liên kết đăng nhập đã được dùng hoặc đã hết hạn. Anh/chị xin một liên kết mới.",
    onward="Mở trang cán bộ",
)


class Links:
    """One page with a button. `up` leads from the link back to the front page, however deep the program is mounted."""

    def __init__(self, door: Door, template: str) -> None:
        self._door = door
        self._template = Template(template)
        self._words = LOGIN if door.staff else BACK
        self._up = "../../" if door.staff else "../"
        self._onward = self._up + ("canbo" if door.staff else "")

    async def show(self, _: web.Request) -> web.StreamResponse:
        words = self._words
        form = f'<form method="post"><button class="primary" type="submit">{escape(words.button)}</button></form>'
        return self._page(words.title, words.text, form, 200)

    async def use(self, request: web.Request) -> web.StreamResponse:
        self._door.same_origin(request)
        token = request.match_info["token"]
        live = self._door.live
        cookie = await (live.login(token) if self._door.staff else live.come_back(token))
        if cookie is None:
            words = self._words
            onward = f'<a class="primary" href="{self._onward}">{escape(words.onward)}</a>'
            return self._page(words.used_title, words.used_text, onward, 410)
        response = web.Response(status=303, headers={"Location": self._onward, "Cache-Control": "no-store"})
        self._door.let_in(response, cookie, request)
        return response

    def _page(self, title: str, text: str, action: str, status: int) -> web.Response:
        page = self._template.substitute(title=escape(title), text=escape(text), action=action, up=self._up)
        return web.Response(text=page, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def make(self, request: web.Request) -> web.StreamResponse:
        who = await self._door.caller(request)
        token = await self._door.live.return_link(who)
        url = f"{self._door.home(request)}/r/{token}"
        return answer({"url": url, "svg": qr(url)})


def qr(text: str) -> str:
    import segno  # noqa: PLC0415 - few people ask for it, and every start would pay

    out = BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, omitsize=True, dark="#000", light="#fff", nl=False)
    return out.getvalue().decode()
