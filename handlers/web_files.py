"""Files on their way in and out of the page."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from aiohttp import web

from conversations.messages import Event, FileSent, TryLater, Unsupported
from handlers.web_door import PLAIN, UNREADABLE, Door, answer, refusal
from handlers.web_room import Hinders, Room, Share

GONE: Final = "Không tìm thấy tệp này."
ENOUGH: Final = "hôm nay bạn đã gửi quá nhiều tệp, mai gửi tiếp giúp nhé"
ON_ITS_WAY: Final = "Tệp này đang được tải về. Trang sẽ tự mở lại sau vài giây."
HINDERS: Final = "Đường truyền quá chậm lúc đang đông người gửi. Tệp sẽ được gửi lại."
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
NAME: Final = 120
ID: Final = 64
CHUNK: Final = 256 * 1024
TYPE: Final = re.compile(r"(?=.{3,80}$)[a-z0-9.+_-]+/[a-z0-9.+_-]+")


class Files:
    def __init__(self, door: Door, room: Room) -> None:
        self._door = door
        self._room = room

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take one file. The type is what the browser says; whoever opens the bytes must look for themselves."""
        who = await self._door.caller(request)
        query = request.query
        event_id = query.get("id", "")
        album, reply_to = query.get("album", ""), query.get("reply_to", "")
        if not event_id or not all(len(one) <= ID and re.fullmatch(PLAIN, one) for one in (event_id, album, reply_to)):
            raise refusal(web.HTTPBadRequest, UNREADABLE)
        async with self._room.share() as share:
            data = await read(request, self._door.max_upload, share)
            event: Event
            if not data:
                event = Unsupported("too-large" if data is None else "empty-file")
            elif await self._door.live.taken(who, event_id):
                return answer({})  # the first answer was lost on its way: the file is here already
            elif not await self._door.live.room_for_file(who):
                raise refusal(web.HTTPForbidden, ENOUGH)
            else:
                media_type = plain_type(request.headers.get("Content-Type", ""))
                name = plain_name(query.get("name", ""))
                file = await self._door.live.keep(who, data, media_type, name, event_id)
                event = FileSent(file, album=album, reply_to=reply_to)
            del data
        await self._door.live.receive(who, event_id, event)
        return answer({"refused": event.kind} if isinstance(event, Unsupported) else {})

    async def download(self, request: web.Request) -> web.StreamResponse:
        who = await self._door.guest(request)
        try:
            found = await self._door.live.fetch(who, request.match_info["ref"])
        except TryLater as error:
            return on_its_way(error.seconds)
        if found is None:
            raise refusal(web.HTTPNotFound, GONE)
        file, data = found
        inline = file.media_type in SHOWN
        return web.Response(
            body=data,
            headers={
                "Content-Type": file.media_type if inline else "application/octet-stream",
                "Content-Disposition": disposition(inline=inline, name=file.name),
                "Content-Security-Policy": "sandbox",
                # a citizen's own phone may keep their photos for a day; an office computer keeps nobody's
                "Cache-Control": "no-store" if self._door.staff else "private, max-age=86400, immutable",
            },
        )


async def read(request: web.Request, limit: int, share: Share) -> bytes | None:
    """The body, or None when it is too large. A page that knows the size asks with `size` and sends nothing."""
    declared = request.query.get("size", "")
    if declared.isascii() and declared.isdigit() and len(declared) < 19 and int(declared) > limit:
        return None
    if (request.content_length or 0) > limit:
        return None
    parts, size = [], 0
    try:
        while chunk := await share.chunk(request.content, CHUNK):
            size += len(chunk)
            if size > limit:
                return None
            await share.take(len(chunk))
            parts.append(chunk)
    except Hinders:
        raise refusal(web.HTTPServiceUnavailable, HINDERS) from None
    return b"".join(parts)


def on_its_way(seconds: float) -> web.Response:
    """For a picture in a page, which asks again by itself, and for a tab of its own, which the browser loads again."""
    wait = str(max(1, round(seconds)))
    headers = {"Retry-After": wait, "Refresh": wait, "Cache-Control": "no-store"}
    return web.Response(status=503, text=ON_ITS_WAY, headers=headers)


def plain_type(given: str) -> str:
    """The type without its parameters, or what stands for any type when it is none."""
    media_type = given.partition(";")[0].strip().lower()
    return media_type if TYPE.fullmatch(media_type) else "application/octet-stream"


def plain_name(name: str) -> str:
    """The last part of a path, without anything that could move a cursor or a header; its ending survives."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if c.isprintable()).strip()
    if len(name) <= NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return stem[: NAME - 12] + dot + ending[:11] if dot else name[:NAME]


def disposition(*, inline: bool, name: str) -> str:
    """RFC 6266, with the name as RFC 5987 writes it and one in plain letters for whoever cannot read that."""
    kind = "inline" if inline else "attachment"
    name = plain_name(name) or "tep"
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
