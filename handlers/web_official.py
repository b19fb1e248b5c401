"""The page `/chinhthuc`: where the office writes from, what it never asks for, and a box to have a message checked.

Plain HTML, for any telephone and for whoever has no chat with us. What is pasted travels in the body, never in an
address, and is kept nowhere.
"""

from __future__ import annotations

import asyncio
import io
from html import escape
from string import Template
from typing import Final, Protocol

from aiohttp import web
from msgspec import Struct

from handlers.web_assets import FOLDER
from handlers.web_network import network

PACE: Final = 0.2  # seconds before any verdict, so that none tells by its pace what is known
LONGEST: Final = 4_000  # characters of a message
_BODY: Final = 64 * 1024  # bytes
HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
ONWARD: Final = "Mở cuộc trò chuyện"


class Page(Struct, frozen=True):
    """What the page says; `places` are lines."""

    title: str
    only: str
    places: tuple[str, ...]
    never: str
    paste: str
    check: str
    qr: str


class Official(Protocol):
    """What the page needs from the rest of the program."""

    async def page(self) -> Page: ...
    async def verdict(self, words: str, network: str) -> str:
        """Whether this came from the office: a sentence. `network` as in handlers/web_network.py."""
        ...


class OfficialPage:
    def __init__(self, official: Official, template: str, address: str) -> None:
        self._official = official
        self._template = Template(template)
        self._address = address

    async def show(self, _request: web.Request) -> web.StreamResponse:
        return self._page(await self._official.page())

    async def check(self, request: web.Request) -> web.StreamResponse:
        if (request.content_length or 0) > _BODY:
            raise web.HTTPRequestEntityTooLarge(_BODY, request.content_length or 0)
        words = str((await request.post()).get("tin", ""))[:LONGEST]
        asked = self._official.verdict(words, network(request))
        said, page, _ = await asyncio.gather(asked, self._official.page(), asyncio.sleep(PACE))
        return self._page(page, words, said)

    async def code(self, _request: web.Request) -> web.StreamResponse:
        """The QR of this page, to be put up at the desk."""
        import segno  # noqa: PLC0415 - most starts draw none

        kept = io.BytesIO()
        segno.make(f"{self._address}/chinhthuc", error="m").save(kept, kind="svg", scale=6, xmldecl=False)
        return web.Response(body=kept.getvalue(), content_type="image/svg+xml")

    def _page(self, page: Page, typed: str = "", said: str = "") -> web.Response:
        made = self._template.substitute(
            title=escape(page.title),
            only=escape(page.only),
            places="".join(f"<li>{escape(line)}</li>" for line in page.places),
            never=escape(page.never),
            paste=escape(page.paste),
            check=escape(page.check),
            typed=escape(typed),
            verdict=f'<p class="warning" role="status">{escape(said)}</p>' if said else "",
            qr=escape(page.qr),
            onward=escape(ONWARD),
        )
        return web.Response(text=made, content_type="text/html", headers=HEADERS)


def official_routes(official: Official, address: str) -> list[web.RouteDef]:
    """To be added to the web app, whose headers it gets."""
    page = OfficialPage(official, (FOLDER / "official.html").read_text(encoding="utf-8"), address)
    return [
        web.get("/chinhthuc", page.show),
        web.post("/chinhthuc", page.check),
        web.get("/chinhthuc.svg", page.code),
    ]
