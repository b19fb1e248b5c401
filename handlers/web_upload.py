"""The upload page: papers for one dossier by a link, with the camera where the browser has one, and no login.

The link is the only key. It stands in addresses alone: no page that is led to hears of it, and no log is written.
"""

from __future__ import annotations

import re
from string import Template
from typing import Annotated, Final, Protocol, TypeVar
from urllib.parse import unquote

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from handlers.web_door import PLAIN, UNREADABLE, Door, answer, body, refusal
from handlers.web_files import GONE, ID, read
from handlers.web_room import Room

T = TypeVar("T")

TOKEN: Final = 64  # letters at most
KEY: Final = 60
PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
CAMERA: Final = "camera=(self), microphone=(), geolocation=()"
ENDED_TITLE: Final = "Liên kết không dùng được nữa"
ENDED: Final = (
    "Liên kết đã hết hạn, bị chép thiếu, hoặc hồ sơ đã nộp xong. "
    "Nếu còn cần gửi giấy, bạn xin liên kết mới trong cuộc trò chuyện, hoặc hỏi người đã nhờ bạn."
)


class Paper(Struct, frozen=True):
    """What the page asks for. `shape` of the frame: "card" or "page"; `sent` and `next` are words."""

    key: str
    name: str
    hint: str
    shape: str
    sent: str = ""
    next: str = ""
    complete: bool = False


class Opened(Struct, frozen=True):
    """What a link is good for. `channel` and `address`: whose chat goes on; `back`: the messenger it is in, if any."""

    channel: str
    address: str
    office: str
    helper: bool
    papers: tuple[Paper, ...]
    until: str
    back: str = ""


class Kept(Struct, frozen=True):
    """A file that was taken, by its id; or the words for why it was not."""

    id: str = ""
    refused: str = ""


class Seen(Struct, frozen=True):
    """What was found in a file: `state` is checking, good, poor (may be used all the same), bad or gone."""

    state: str
    text: str = ""
    picture: bool = False  # there is one with the trouble marked


class Uploads(Protocol):
    """What the page needs from the rest of the program; whatever is None: the link is good for nothing (any more)."""

    async def open(self, token: str) -> Opened | None: ...
    async def send(self, token: str, event_id: str, paper: str, by: str, data: bytes | None) -> Kept | None:
        """Take one file; `data` is None where it was too large. Durable when it returns; a repeat does nothing."""
        ...

    async def look(self, token: str, file: str) -> Seen | None: ...
    async def use(self, token: str, event_id: str, file: str) -> Seen | None:
        """A poor picture is to be used all the same."""
        ...

    async def picture(self, token: str, file: str) -> bytes | None:
        """The small JPEG with the trouble marked."""
        ...


class Use(Struct):
    """The body of `dung`: an event of its own, and the file it is about."""

    id: Annotated[str, Meta(min_length=1, max_length=ID, pattern=PLAIN)]
    file: Annotated[str, Meta(min_length=1, max_length=ID, pattern=PLAIN)]


USE: Final = msgspec.json.Decoder(Use)


class UploadPage:
    """One page and its calls. Opening it uses nothing up: messengers fetch a link to preview it."""

    def __init__(self, door: Door, uploads: Uploads, room: Room, page: str, ended: str) -> None:
        self._door = door
        self._room = room
        self._uploads = uploads
        self._page = page
        self._ended = Template(ended)

    async def show(self, request: web.Request) -> web.StreamResponse:
        headers = PRIVATE | {"Permissions-Policy": CAMERA}
        if await self._uploads.open(token_of(request)) is None:
            page = self._ended.substitute(title=ENDED_TITLE, text=ENDED, action="", up="../")
            return web.Response(text=page, status=410, content_type="text/html", headers=PRIVATE)
        return web.Response(text=self._page, content_type="text/html", headers=headers)

    async def papers(self, request: web.Request) -> web.StreamResponse:
        """What the link is good for, and the way back for whoever has the chat in this browser."""
        opened = known(await self._uploads.open(token_of(request)))
        who = await self._door.live.who(self._door.shown(request), staff=False)
        here = who is not None and (who.channel, who.address) == (opened.channel, opened.address)
        facts = {
            "office": opened.office,
            "helper": opened.helper,
            "papers": opened.papers,
            "until": opened.until,
            "back": opened.back,
            "chat": here and not opened.helper,
            "max_upload": self._door.max_upload,
        }
        return answer(facts)

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Take one file. Who sends it stands in a header: addresses are what servers write down."""
        self._door.guard(request)
        event_id, paper = request.query.get("id", ""), request.query.get("paper", "")
        if not event_id or not plain(event_id, ID) or not plain(paper, KEY):
            raise refusal(web.HTTPBadRequest, UNREADABLE)
        by = unquote(request.headers.get("X-Motcua-By", ""), errors="replace")
        known(await self._uploads.open(token_of(request)))  # nobody without a link fills our memory
        async with self._room.share() as share:
            data = await read(request, self._door.max_upload, share)
            return answer(known(await self._uploads.send(token_of(request), event_id, paper, by, data)))

    async def look(self, request: web.Request) -> web.StreamResponse:
        return answer(known(await self._uploads.look(token_of(request), file_of(request.query.get("id", "")))))

    async def use(self, request: web.Request) -> web.StreamResponse:
        self._door.guard(request)
        asked = await body(request, USE)
        return answer(known(await self._uploads.use(token_of(request), asked.id, asked.file)))

    async def picture(self, request: web.Request) -> web.StreamResponse:
        found = await self._uploads.picture(token_of(request), file_of(request.match_info["file"]))
        if found is None:
            raise refusal(web.HTTPNotFound, GONE)
        return web.Response(body=found, content_type="image/jpeg", headers=PRIVATE)


def join_upload(app: web.Application, page: UploadPage) -> None:
    add, link = app.router, "/gui/{token}"
    add.add_get(link, page.show)
    add.add_get(f"{link}/giay", page.papers)
    add.add_post(f"{link}/anh", page.send)
    add.add_get(f"{link}/xem", page.look)
    add.add_post(f"{link}/dung", page.use)
    add.add_get(f"{link}/anh/{{file}}", page.picture)


def known(found: T | None) -> T:
    """A page that is open while its link comes to an end hears the same words."""
    if found is None:
        raise refusal(web.HTTPGone, f"{ENDED_TITLE}. {ENDED}")
    return found


def token_of(request: web.Request) -> str:
    token = request.match_info["token"]
    return token if plain(token, TOKEN) else ""


def file_of(given: str) -> str:
    return given if plain(given, ID) else ""


def plain(given: str, longest: int) -> bool:
    return len(given) <= longest and re.fullmatch(PLAIN, given) is not None
