"""The pages that a mail leads to: an address is confirmed, or gets no more mails.

Opening one changes nothing, for mail programs and virus scanners open every link; only its button does. A mail
program's own «unsubscribe» posts by itself (RFC 8058): without cookies, from anywhere, and that is meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from html import escape
from string import Template
from typing import Final, Protocol

from aiohttp import web
from msgspec import Struct

from handlers.web_assets import FOLDER

PACE: Final = 0.2  # seconds before any answer, so that none tells by its pace what is known
LONGEST: Final = 100  # characters of a token
HEADERS: Final = {"Cache-Control": "no-store"}
ONWARD: Final = "Mở cuộc trò chuyện"
AGAIN: Final = "again"  # of a form: mails are wanted after all


class Page(Struct, frozen=True):
    """What is shown. `button` empty: nothing is to be pressed, and the way on is the conversation."""

    title: str
    text: str
    button: str = ""
    again: bool = False
    known: bool = True


class MailPages(Protocol):
    """What these pages need from the rest of the program."""

    async def asked(self, token: str) -> Page:
        """Whether this address is really theirs."""
        ...

    async def confirmed(self, token: str) -> Page: ...
    async def stopping(self, token: str) -> Page: ...
    async def stopped(self, token: str, *, again: bool) -> Page: ...


class _Door:
    def __init__(self, pages: MailPages, template: str) -> None:
        self._pages = pages
        self._template = Template(template)

    async def asked(self, request: web.Request) -> web.StreamResponse:
        return await self._shown(self._pages.asked(_token(request)), "../../")

    async def confirmed(self, request: web.Request) -> web.StreamResponse:
        return await self._shown(self._pages.confirmed(_token(request)), "../../")

    async def stopping(self, request: web.Request) -> web.StreamResponse:
        return await self._shown(self._pages.stopping(_token(request)), "../")

    async def stopped(self, request: web.Request) -> web.StreamResponse:
        try:
            again = AGAIN in await request.post()
        except ValueError:  # no form: whatever a mail program sends, it wants no more mails
            again = False
        return await self._shown(self._pages.stopped(_token(request), again=again), "../")

    async def _shown(self, asked: Awaitable[Page], up: str) -> web.Response:
        page, _ = await asyncio.gather(asked, asyncio.sleep(PACE))
        action = f'<a class="primary" href="{up}">{escape(ONWARD)}</a>'
        if page.button:
            hidden = f'<input type="hidden" name="{AGAIN}" value="1">' if page.again else ""
            button = f'<button class="primary" type="submit">{escape(page.button)}</button>'
            action = f'<form method="post">{hidden}{button}</form>'
        shown = self._template.substitute(title=escape(page.title), text=escape(page.text), action=action, up=up)
        status = 200 if page.known else 410
        return web.Response(text=shown, status=status, content_type="text/html", headers=HEADERS)


def _token(request: web.Request) -> str:
    return request.match_info["token"][:LONGEST]


def mail_routes(pages: MailPages) -> list[web.RouteDef]:
    """To be added to the web app, whose headers they get."""
    door = _Door(pages, (FOLDER / "link.html").read_text(encoding="utf-8"))
    return [
        web.get("/thu/xacnhan/{token}", door.asked),
        web.post("/thu/xacnhan/{token}", door.confirmed),
        web.get("/thu/{token}", door.stopping),
        web.post("/thu/{token}", door.stopped),
    ]
