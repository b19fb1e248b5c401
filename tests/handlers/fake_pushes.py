"""`Pushes` in memory."""

from __future__ import annotations

from handlers.web import Who

KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"


class FakePushes:
    def __init__(self) -> None:
        self.on = True
        self.kept: dict[str, str] = {}  # whose an endpoint is

    async def key(self) -> str:
        return KEY if self.on else ""

    async def add(self, who: Who, endpoint: str, p256dh: str, auth: str) -> None:  # noqa: ARG002 - as in Pushes
        self.kept[endpoint] = who.address

    async def drop(self, who: Who, endpoint: str) -> None:
        if self.kept.get(endpoint) == who.address:
            del self.kept[endpoint]
