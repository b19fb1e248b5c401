"""The citizen's way back: a link that opens their session, also as a QR code.

Opening a link shows a button and the button posts. Messengers that fetch a link to preview it use nothing up.
"""

from __future__ import annotations

from html import escape
from io import BytesIO
from string import Template
from typing import Final

from aiohttp import web

from handlers.web_door import Door, answer

TITLE: Final = "Mở lại cuộc trò chuyện"
TEXT: Final = (
    "Bấm nút dưới đây để tiếp tục trên máy này. Hồ sơ và tin nhắn của bạn còn nguyên. "
    "Chỉ làm việc này trên máy của bạn hoặc của người bạn tin."
)
BUTTON: Final = "Tiếp tục trên máy này"
USED_TITLE: Final = "Liên kết không dùng được nữa"
USED_TEXT: Final = "Liên kết đã hết hạn hoặc bị chép thiếu. Bạn lấy liên kết mới trên máy cũ, hoặc bắt đầu lại từ đầu."
ONWARD: Final = "Bắt đầu cuộc trò chuyện mới"


class Links:
    """One page with a button."""

    def __init__(self, door: Door, template: str) -> None:
        self._door = door
        self._template = Template(template)

    async def show(self, _: web.Request) -> web.StreamResponse:
        form = f'<form method="post"><button class="primary" type="submit">{escape(BUTTON)}</button></form>'
        return self._page(TITLE, TEXT, form, 200)

    async def use(self, request: web.Request) -> web.StreamResponse:
        self._door.same_origin(request)
        cookie = await self._door.live.come_back(request.match_info["token"])
        if cookie is None:
            return self._page(USED_TITLE, USED_TEXT, f'<a class="primary" href="../">{escape(ONWARD)}</a>', 410)
        response = web.Response(status=303, headers={"Location": "../", "Cache-Control": "no-store"})
        self._door.let_in(response, cookie, request)
        return response

    def _page(self, title: str, text: str, action: str, status: int) -> web.Response:
        page = self._template.substitute(title=escape(title), text=escape(text), action=action, up="../")
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
