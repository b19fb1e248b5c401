"""A pass that keeps in memory what the real one keeps in the database, for tests of the client alone."""

from __future__ import annotations

import msgspec

from conversations.messages import TryLater
from handlers.zalo_door import Choices
from tests.zalo.fake import FakeZalo


class MemoryPass:
    """The fake's own pair; a renewal asks the fake for another."""

    def __init__(self, fake: FakeZalo) -> None:
        self._fake = fake
        self.token, _ = fake.pair()
        self.kept = Choices()
        self.troubles: list[str] = []
        self.renewals = 0
        self.dead = False

    async def access(self) -> str:
        return self.token

    async def renewed(self, old: str) -> str:
        self.renewals += 1
        if self.dead:
            raise TryLater(60)
        if old == self.token:
            self.token, _ = self._fake.pair()
        return self.token

    async def choices(self) -> Choices:
        return self.kept

    async def remember(self, *, send_api: str = "", buttons: str = "") -> None:
        self.kept = msgspec.structs.replace(
            self.kept, send_api=send_api or self.kept.send_api, buttons=buttons or self.kept.buttons
        )

    async def trouble(self, where: str, code: int) -> None:
        if code:
            self.troubles.append(f"{where} {code}")
