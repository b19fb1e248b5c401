"""How often one browser, and one network address, may call the pages: looked at before anything else is done.

Generous for people: behind one address stand a commune's house, a school, or all telephones of a mobile network. Who
exceeds it is told so with 429; the chat page keeps what was written and sends it again by itself.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from handlers.pace import Buckets, Pace
from handlers.web_door import told
from handlers.web_network import network

TOO_FAST: Final = "Bạn gửi nhanh quá. Tin của bạn được giữ và gửi lại sau ít giây."
TOO_MANY: Final = "Nơi này đang có quá nhiều lượt truy cập cùng lúc. Bạn thử lại sau ít giây giúp."

# By what is called: for one browser or link, and for one network address.
PACES: Final[dict[str, tuple[Pace, Pace]]] = {
    "say": (Pace(60, 2), Pace(600, 40)),  # words and presses
    "file": (Pace(60, 1), Pace(300, 10)),  # photos and PDFs
    "new": (Pace(20, 0.1), Pace(120, 1)),  # hello: may make a chat
    "look": (Pace(150, 5), Pace(1500, 60)),  # what is read: lists, streams, files, pages
    "key": (Pace(60, 1), Pace(120, 2)),  # an address with a key in it, or a code that could be guessed
}
# Bytes of files, likewise: a long evening of photos, and an office that scans all day.
BYTES: Final = (Pace(400 * 2**20, 20_000), Pace(4 * 2**30, 500_000))
_UNKNOWN: Final = 20 * 2**20  # bytes of a body that does not say how long it is
_HEAVY: Final = ("/api/upload", "/anh")
_KEYS: Final = ("/canbo/vao/", "/r/", "/thu/", "/xem/", "/chinhthuc")
_FREE: Final = ("/page/", "/telegram/", "/zalo", "/payments/")  # from memory; or by programs that show who they are


class WebPace:
    """`hold` is a middleware. `times`: so much faster than people; `refused` counts, by kind.

    `https`: as people reach the pages, and with it which cookies count there (handlers/web_door.py).
    """

    def __init__(self, times: float = 1.0, *, https: bool = False) -> None:
        self._https = https
        self.refused: Counter[str] = Counter()
        self._buckets = {
            kind: tuple(Buckets(Pace(pace.burst * times, pace.rate * times)) for pace in both)
            for kind, both in PACES.items()
        }
        self._bytes = tuple(Buckets(Pace(pace.burst * times, pace.rate * times)) for pace in BYTES)

    @web.middleware
    async def hold(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let it through, or say when to come again."""
        kind = kind_of(request.method, request.path)
        wait = self._wait(kind, request) if kind else 0.0
        if not wait:
            return await handler(request)
        self.refused[kind] += 1
        words = TOO_FAST if kind in ("say", "file") else TOO_MANY
        raise web.HTTPTooManyRequests(
            text=told(words), content_type="application/json", headers={"Retry-After": str(round(wait + 0.5))}
        )

    def _wait(self, kind: str, request: web.Request) -> float:
        by_caller, by_network = self._buckets[kind]
        caller, net = _caller(request, https=self._https), network(request)
        wait = by_network.take(net) if net else 0.0
        wait = wait or (by_caller.take(caller) if caller else 0.0)
        if wait or kind != "file":
            return wait
        one, all_ = self._bytes
        size = _UNKNOWN if request.content_length is None else request.content_length
        wait = all_.take(net, size) if net else 0.0
        return wait or (one.take(caller, size) if caller else 0.0)


def kind_of(method: str, path: str) -> str:
    """Which pace a call is held to; empty: none."""
    if path in ("/", "/canbo", "/sw.js", "/mat-mang") or path.startswith(_FREE):
        return ""
    if path.endswith("/api/hello"):
        return "new"
    if path.startswith(_KEYS):
        return "key"
    if method != "POST":
        return "look"
    return "file" if path.endswith(_HEAVY) else "say"


def _caller(request: web.Request, *, https: bool) -> str:
    """A browser by the cookie that counts, the upload page by its link; empty where there is neither.

    Of other cookies it may invent as many as it likes.
    """
    if request.path.startswith("/gui/"):
        return request.path.split("/", 3)[2][:64]
    plain = "motcua_canbo" if request.path.startswith("/canbo") else "motcua"
    names = (f"__Host-{plain}", plain) if https else (plain,)
    return next((f"{plain}={request.cookies[name][:64]}" for name in names if name in request.cookies), "")
