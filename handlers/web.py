"""The web chat: a page for citizens at `/`, a page for officers at `/canbo`, and the calls both make."""

from __future__ import annotations

import secrets
from typing import Annotated, Final

import msgspec
from aiohttp import web
from aiohttp.log import server_logger
from msgspec import Meta, Struct

from conversations.messages import Event, Pressed, Started, TextSent, TryLater
from handlers.web_assets import Assets
from handlers.web_door import BODY_LIMIT, PLAIN, UNREADABLE, Door, answer, body, only_https, protect, refusal
from handlers.web_faults import hush, kindly
from handlers.web_files import Files
from handlers.web_links import Links
from handlers.web_live import Live, Who
from handlers.web_login import join_login
from handlers.web_network import network
from handlers.web_pace import WebPace
from handlers.web_push import Pushes, join_push
from handlers.web_room import Room
from handlers.web_stream import Streams
from handlers.web_upload import UploadPage, Uploads, join_upload

__all__ = ["Live", "Uploads", "Who", "web_app"]

BUSY: Final = "Máy chủ đang bận. Tin của bạn sẽ được gửi lại ngay."
BUTTON: Final = 64  # bytes, as in every messenger
Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=PLAIN)]
OtherId = Annotated[str, Meta(max_length=64, pattern=PLAIN)]


class Said(Struct):
    """The body of `api/send`: a text, or the press of a button under `message`."""

    id: Id
    text: str = ""
    press: str = ""
    message: OtherId = ""
    reply_to: OtherId = ""


class Hello(Struct):
    payload: Annotated[str, Meta(max_length=200)] = ""
    id: OtherId = ""


class Seen(Struct):
    revision: Annotated[int, Meta(ge=0, lt=1 << 62)]


SAID: Final = msgspec.json.Decoder(Said)
HELLO: Final = msgspec.json.Decoder(Hello)
SEEN: Final = msgspec.json.Decoder(Seen)


def event_of(said: Said) -> Event:
    if said.press:
        if len(said.press.encode()) > BUTTON or not said.press.isprintable():
            raise refusal(web.HTTPBadRequest, UNREADABLE)
        return Pressed(said.press, said.message)
    text = said.text.replace("\0", "").strip()  # databases refuse the one, people never mean the other
    if not text:
        raise refusal(web.HTTPBadRequest, "Tin nhắn trống.")
    return TextSent(text, said.reply_to)


class Calls:
    """The small calls of one page."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def hello(self, request: web.Request) -> web.StreamResponse:
        door, live = self._door, self._door.live
        door.guard(request)
        if door.staff:
            return answer(await self._facts(await door.guest(request, used=True)))
        hello = await body(request, HELLO)
        who, cookie = await live.open(door.shown(request), network(request))
        if hello.payload:
            event_id = f"start:{hello.id or secrets.token_hex(8)}"
            await live.receive(who, event_id, Started(hello.payload), network(request))
        elif cookie or not await live.since(who, 0):
            await live.receive(who, "start", Started(), network(request))
        response = answer(await self._facts(who))
        if cookie:
            door.let_in(response, cookie, request)
        return response

    async def _facts(self, who: Who) -> dict[str, object]:
        facts = {"office": "", "name": "", "staff": None, "read": 0, **await self._door.live.facts(who)}
        return facts | {"max_upload": self._door.max_upload}

    async def send(self, request: web.Request) -> web.StreamResponse:
        who = await self._door.caller(request)
        said = await body(request, SAID)
        try:
            await self._door.live.receive(who, said.id, event_of(said), network(request))
        except TryLater:
            raise refusal(web.HTTPServiceUnavailable, BUSY) from None
        return answer({})

    async def read(self, request: web.Request) -> web.StreamResponse:
        who = await self._door.caller(request, used=False)  # the page says so by itself
        await self._door.live.read(who, (await body(request, SEEN)).revision)
        return answer(await self._facts(who))  # the office may have been chosen meanwhile

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Forget the session on this device only; the way back is a link."""
        self._door.guard(request)
        await self._door.live.leave(self._door.shown(request) or "")
        response = answer({})
        self._door.forget(response, request)
        return response


def web_app(  # noqa: PLR0913 - named where they are given
    live: Live,
    *,
    uploads: Uploads | None = None,
    pushes: Pushes | None = None,
    base_url: str = "",
    max_upload_mb: int = 20,
    streams: int = 4,
    heartbeat: float = 15.0,
    pace: float = 0.0,
) -> web.Application:
    """The whole web door. Run it with `access_log=None`: links carry secrets, and addresses are personal data.

    `pace`: how many times faster than people anybody may call (handlers/web_pace.py); 0: nobody is held up.
    """
    paced = [WebPace(pace, https=base_url.startswith("https:")).hold] if pace else []
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[kindly, *paced])
    app.on_response_prepare.append(protect)
    if base_url.startswith("https:"):
        app.on_response_prepare.append(only_https)
    server_logger.addFilter(hush)  # the same function is added once, however often
    assets = Assets()
    app.router.add_get("/", assets.citizens)
    app.router.add_get("/canbo", assets.officers)
    app.router.add_get("/page/{name}", assets.part)
    app.router.add_get("/sw.js", assets.worker)
    app.router.add_get("/mat-mang", assets.offline)
    room = Room()
    for staff in (False, True):
        door = Door(live, staff, base_url.rstrip("/"), max_upload_mb * 1024 * 1024, streams, heartbeat)
        join(app, door, room, assets)
        if pushes is not None:
            join_push(app, door, pushes)
        if uploads is not None and not staff:
            join_upload(app, UploadPage(door, uploads, room, assets.text("upload.html"), assets.text("link.html")))
    return app


def join(app: web.Application, door: Door, room: Room, assets: Assets) -> None:
    calls, files, shown = Calls(door), Files(door, room), Streams(door)
    add, api = app.router, "/" + door.api
    add.add_post(f"{api}hello", calls.hello)
    add.add_post(f"{api}send", calls.send)
    add.add_post(f"{api}read", calls.read)
    add.add_post(f"{api}leave", calls.leave)
    add.add_post(f"{api}upload", files.upload)
    add.add_get(f"{api}file/{{ref}}", files.download)
    add.add_get(f"{api}messages", shown.messages)
    add.add_get(f"{api}stream", shown.stream, allow_head=False)
    page = assets.text("link.html")
    if door.staff:
        join_login(app, door, page)
    else:
        links = Links(door, page)
        add.add_get("/r/{token}", links.show)
        add.add_post("/r/{token}", links.use)
        add.add_post(f"{api}return-link", links.make)
    app.on_shutdown.append(shown.end)
