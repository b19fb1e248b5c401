"""The page `/cai-dat`: a technician sets a new installation up, one step at a time, sitting at this very machine.

Plain HTML, no script. It answers only whoever calls from this machine itself, by the machine's own name and through no
proxy, with a session that began with a one-time link; to anybody else there is no such page.
"""

from __future__ import annotations

from html import escape
from string import Template
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from handlers import web_network
from handlers import web_setup_door as door
from handlers.web_assets import FOLDER
from handlers.web_setup_door import PATH, Field, Page, Setup

COOKIE: Final = "motcua_caidat"
MARK: Final = "/dau-hieu"  # what the public address is tried with
HEADERS: Final = {"Cache-Control": "no-store"}
_LIFE: Final = 8 * 3600  # seconds
_BODY: Final = 64 * 1024  # bytes
_SHUT: Final = (
    "Trang cài đặt đang đóng, hoặc liên kết đã dùng rồi. Trên máy này, mở cửa sổ lệnh và chạy «motcua setup» "
    "để có liên kết mới."
)


class SetupPage:
    def __init__(self, setup: Setup, template: str) -> None:
        self._setup = setup
        self._template = Template(template)

    async def show(self, request: web.Request) -> web.StreamResponse:
        here(request)
        token = request.query.get("ma", "")
        if token:
            return await self._enter(token)
        if not await self._known(request):
            return self._shut()
        page = await self._setup.page(request.match_info.get("step", ""))
        if page is None:
            raise web.HTTPNotFound
        return self._shown(page)

    async def press(self, request: web.Request) -> web.StreamResponse:
        here(request)
        own(request)
        if not await self._known(request):
            return self._shut()
        if (request.content_length or 0) > _BODY:
            raise web.HTTPRequestEntityTooLarge(_BODY, request.content_length or 0)
        form = await request.post()
        given = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
        went = await self._setup.pressed(request.match_info["step"], given.pop("lam", ""), given)
        return self._shown(went) if isinstance(went, Page) else _to(f"{PATH}/{went}")

    async def paper(self, request: web.Request) -> web.StreamResponse:
        here(request)
        if not await self._known(request):
            return self._shut()
        paper = await self._setup.paper(request.match_info["name"])
        if paper is None:
            raise web.HTTPNotFound
        headers = HEADERS | {"Content-Disposition": f'inline; filename="{paper.name}"'}
        return web.Response(body=paper.data, content_type="application/pdf", headers=headers)

    async def mark(self, _request: web.Request) -> web.StreamResponse:
        """To anybody: it says no more than that this is the installation that it is."""
        return web.Response(text=await self._setup.mark(), headers=HEADERS)

    async def _enter(self, token: str) -> web.StreamResponse:
        cookie = await self._setup.enter(token)
        if not cookie:
            return self._shut()
        response = _to(PATH)
        response.set_cookie(COOKIE, cookie, max_age=_LIFE, path=PATH, httponly=True, samesite="Strict")
        return response

    async def _known(self, request: web.Request) -> bool:
        cookie = request.cookies.get(COOKIE, "")
        return bool(cookie) and await self._setup.known(cookie)

    def _shut(self) -> web.Response:
        made = self._made("Trang cài đặt", "", f"<p>{escape(_SHUT)}</p>")
        return web.Response(text=made, status=403, content_type="text/html", headers=HEADERS)

    def _shown(self, page: Page) -> web.Response:
        told = "".join(
            f'<p class="{"good" if one.good else "bad"}" role="status">{escape(one.words)}</p>' for one in page.told
        )
        lead = "".join(f"<p>{escape(line)}</p>" for line in page.lead)
        links = "".join(
            f'<a class="beside" href="{escape(address)}" target="_blank" rel="noopener">{escape(label)}</a>'
            for address, label in page.links
        )
        buttons = "".join(
            f'<button class="{"primary" if one.main else "plain"}" name="lam" value="{escape(one.name)}">'
            f"{escape(one.label)}</button>"
            for one in page.actions
        )
        fields = "".join(map(_field, page.fields))
        if not (fields or buttons):
            return self._response(page, lead + links + told)
        form = f'<form method="post" action="{PATH}/{page.step}" autocomplete="off">{fields}{buttons}</form>'
        return self._response(page, lead + links + told + form)

    def _response(self, page: Page, body: str) -> web.Response:
        onward = f'<meta http-equiv="refresh" content="{page.reload}; url={PATH}">' if page.reload else ""
        made = self._made(page.title, page.place, body, onward)
        return web.Response(text=made, content_type="text/html", headers=HEADERS)

    def _made(self, title: str, place: str, body: str, onward: str = "") -> str:
        return self._template.substitute(title=escape(title), place=escape(place), body=body, onward=onward)


def here(request: web.Request) -> None:
    if not web_network.here(request):
        raise web.HTTPNotFound


def own(request: web.Request) -> None:
    """A form of another site never gets through: browsers say where a form comes from."""
    if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
        raise web.HTTPForbidden


def _field(field: Field) -> str:
    hint = f"<small>{escape(field.hint)}</small>" if field.hint else ""
    name, value = escape(field.name), escape(field.value)
    match field.kind:
        case door.LONG:
            box = f'<textarea name="{name}" rows="4" maxlength="4000">{value}</textarea>'
        case door.SECRET:
            box = f'<input name="{name}" type="password" maxlength="4000" autocomplete="new-password">'
        case door.CHOICE:
            options = "".join(
                f'<option value="{escape(one)}"{" selected" if one == field.value else ""}>{escape(label)}</option>'
                for one, label in field.options
            )
            box = f'<select name="{name}">{options}</select>'
        case _:
            box = f'<input name="{name}" value="{value}" maxlength="4000">'
    return f"<label>{escape(field.label)}{hint}{box}</label>"


def _to(address: str) -> web.Response:
    return web.Response(status=303, headers=HEADERS | {"Location": address})


def setup_routes(setup: Setup) -> list[web.RouteDef]:
    page = SetupPage(setup, (FOLDER / "setup.html").read_text(encoding="utf-8"))
    return [
        web.get(PATH, page.show),
        web.get(PATH + "/giay/{name}", page.paper),
        web.get(PATH + "/{step}", page.show),
        web.post(PATH + "/{step}", page.press),
        web.get(MARK, page.mark),
    ]
