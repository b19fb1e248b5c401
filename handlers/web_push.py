"""Where a browser leaves word that it wants to hear of news while the page is closed, and takes it back."""

from __future__ import annotations

from typing import Annotated, Final, Protocol

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from handlers.push_guard import NotPublic, checked
from handlers.web_door import UNREADABLE, Door, answer, body, refusal
from handlers.web_live import Who

NOT_THERE: Final = "Trang này chưa báo được khi đóng."
_KEY: Final = r"^[A-Za-z0-9_-]+={0,2}$"


class Pushes(Protocol):
    """What the page needs from the rest of the program."""

    async def key(self) -> str:
        """Our public key, as browsers take it; empty where this is off."""
        ...

    async def add(self, who: Who, endpoint: str, p256dh: str, auth: str) -> None:
        """This browser hears of what comes for this person; told twice it hears once."""

    async def drop(self, who: Who, endpoint: str) -> None:
        """It hears no more."""


class Wish(Struct):
    """What the browser's push service has given it (W3C Push API, `PushSubscription`)."""

    endpoint: Annotated[str, Meta(max_length=1000)]
    p256dh: Annotated[str, Meta(min_length=80, max_length=100, pattern=_KEY)]
    auth: Annotated[str, Meta(min_length=20, max_length=40, pattern=_KEY)]


class End(Struct):
    endpoint: Annotated[str, Meta(max_length=1000)]


WISH: Final = msgspec.json.Decoder(Wish)
END: Final = msgspec.json.Decoder(End)


class PushCalls:
    """The calls of one page."""

    def __init__(self, door: Door, pushes: Pushes) -> None:
        self._door = door
        self._pushes = pushes

    async def key(self, request: web.Request) -> web.StreamResponse:
        await self._door.guest(request)
        return answer({"key": await self._pushes.key()})

    async def add(self, request: web.Request) -> web.StreamResponse:
        """The address is where we will call: only what is surely somebody's public server is taken."""
        who = await self._door.caller(request)
        wish = await body(request, WISH)
        if not await self._pushes.key():
            raise refusal(web.HTTPConflict, NOT_THERE)
        try:
            checked(wish.endpoint)
        except NotPublic:
            raise refusal(web.HTTPBadRequest, UNREADABLE) from None
        await self._pushes.add(who, wish.endpoint, wish.p256dh, wish.auth)
        return answer({})

    async def drop(self, request: web.Request) -> web.StreamResponse:
        who = await self._door.caller(request)
        await self._pushes.drop(who, (await body(request, END)).endpoint)
        return answer({})


def join_push(app: web.Application, door: Door, pushes: Pushes) -> None:
    calls = PushCalls(door, pushes)
    app.router.add_get(f"/{door.api}push", calls.key)
    app.router.add_post(f"/{door.api}push", calls.add)
    app.router.add_post(f"/{door.api}push-off", calls.drop)
