"""What the page is shown: as a list, and as a stream of server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from time import monotonic
from typing import Final
from urllib.parse import quote

import msgspec
from aiohttp import web

from conversations.messages import Shown
from handlers.web_door import Door, answer, refusal
from handlers.web_faults import place
from handlers.web_live import Who

log = logging.getLogger(__name__)

MANY: Final = "Bạn đang mở trang này ở quá nhiều cửa sổ."
NUMBER: Final = "Số thứ tự không hợp lệ."
PART: Final = 100  # a list this long may be only the first part of what there is
COMPRESS: Final = 2048  # bytes; below this, gzip costs more than it saves


def on_page(shown: Shown, api: str) -> dict[str, object]:
    """One message in the words of the protocol; addresses of files are as seen from the page."""
    message = shown.message
    return {
        "id": shown.id,
        "revision": shown.revision,
        "own": shown.own,
        "at": shown.at,
        "private": shown.private,
        "text": message.text,
        "speaker": message.speaker,
        "buttons": message.buttons,
        "files": [
            {
                "url": f"{api}file/{quote(file.ref, safe='')}",
                "type": file.media_type,
                "name": file.name,
                "size": file.size,
            }
            for file in message.files
        ],
        "reply_to": message.reply_to,
        "card": message.card,
    }


class Streams:
    """The open streams of one page; a restart ends them, so that it need not wait for anybody."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._open: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[object]] = set()

    async def messages(self, request: web.Request) -> web.StreamResponse:
        who = await self._door.guest(request)
        shown = await self._door.live.since(who, revision(request.query.get("after")))
        response = answer([on_page(one, self._door.api) for one in shown])
        if len(response.body or b"") > COMPRESS:  # type: ignore[arg-type]  # `answer` always gives bytes
            response.enable_compression()
        return response

    async def stream(self, request: web.Request) -> web.StreamResponse:
        who = await self._door.guest(request)
        after = revision(request.headers.get("Last-Event-ID") or request.query.get("after"))
        key = self._door.shown(request) or ""
        if self._open[key] >= self._door.streams:
            raise refusal(web.HTTPTooManyRequests, MANY)
        task = asyncio.current_task()
        assert task is not None
        self._open[key] += 1
        self._tasks.add(task)
        response = web.StreamResponse(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        try:
            await response.prepare(request)
            with contextlib.suppress(ConnectionError):
                await self._follow(request, response, who, after)
        except Exception as error:
            if not response.prepared:
                raise
            log.error("a stream broke: %s at %s", type(error).__name__, place(error))  # noqa: TRY400 - see web_faults
        finally:
            self._tasks.discard(task)
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]
        return response

    async def _follow(self, request: web.Request, response: web.StreamResponse, who: Who, after: int) -> None:
        heartbeat = self._door.heartbeat
        await response.write(b"retry: 2000\n\n")  # also tells the page at once that it is connected
        after = await self._flush(response, who, after)
        written = monotonic()
        watch = self._door.live.watch(who)
        try:
            async for _ in watch:
                if request.transport is None or request.transport.is_closing():
                    return
                if await self._door.live.who(self._door.shown(request), staff=self._door.staff) is None:
                    return  # has left or logged out meanwhile; asked again, the page hears so
                before = after
                after = await self._flush(response, who, after)
                if after != before:
                    written = monotonic()
                elif monotonic() - written >= heartbeat:
                    await response.write(b":\n\n")
                    written = monotonic()
        finally:
            close = getattr(watch, "aclose", None)
            if close is not None:
                await close()

    async def _flush(self, response: web.StreamResponse, who: Who, after: int) -> int:
        while shown := await self._door.live.since(who, after):
            events = bytearray()
            for one in shown:
                data = msgspec.json.encode(on_page(one, self._door.api))
                events += b"id: %d\nevent: message\ndata: %b\n\n" % (one.revision, data)
            await response.write(bytes(events))
            after = shown[-1].revision
            if len(shown) < PART:
                break
        return after

    async def end(self, _: web.Application) -> None:
        for task in tuple(self._tasks):
            task.cancel()


def revision(given: str | None) -> int:
    if not given:
        return 0
    if len(given) > 18 or not (given.isascii() and given.isdigit()):
        raise refusal(web.HTTPBadRequest, NUMBER)
    return int(given)
