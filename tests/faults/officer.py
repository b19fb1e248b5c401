"""The officer of a fault run: looks at the cards, and does with each dossier what its card offers next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from tests.faults.ledger import DONE, FELT, Ledger
from tests.faults.people import Web

_ANSWER: Final = (
    20.0  # seconds for which a question in the private lines is waited for; then the card is looked at anew
)
_LOOK: Final = 0.1
_ASKED: Final = "Đã yêu cầu bổ sung"


class Officer:
    """Thu, at the officers' page."""

    def __init__(self, page: Web, ledger: Ledger) -> None:
        self.page = page
        self._ledger = ledger
        self._after = 0
        self._asked = 0

    async def work(self, enough: Callable[[], bool]) -> None:
        while not enough():
            await self.page.news()
            if not await self._next():
                await asyncio.sleep(_LOOK)

    async def _next(self) -> bool:
        """One dossier a step further."""
        cards = [m for m in self.page.messages.values() if m["card"].startswith("dossier:")]
        for card in sorted(cards, key=lambda m: m["revision"]):
            dossier = card["card"].partition(":")[2]
            offers = {button["value"] for button in card["buttons"]}
            for begins, steps in self._ways(card):
                if f"d:{begins}:{dossier}" in offers:
                    await self._press(f"d:{begins}:{dossier}", card["id"])
                    for step in steps:
                        if not await self._answer(step.format(dossier)):
                            self._ledger.note(FELT, "questions that the officer began anew")
                            break
                    await self._drawn(card)
                    return True
        return False

    @staticmethod
    def _ways(card: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
        more = ("d:tick:{}:p4", "d:why:{}:paper-1", "d:review:{}", "d:send:{}")
        first = [("now", ()), ("claim", ()), ("hand", ("d:send:{}",)), ("done", ("d:done:{}:",))]
        return [*first, ("accept", ())] if _ASKED in card["text"] else [*first, ("more", more)]

    async def _press(self, value: str, message: str) -> None:
        self._after = max((m["revision"] for m in self.page.messages.values()), default=0)
        await self.page.press_value(value, message)
        self._ledger.note(DONE, "events acknowledged at the officers' page")

    async def _answer(self, value: str) -> bool:
        """Press this where it has been asked since the last press; of moments, which end otherwise, one or another."""
        ends = time.monotonic() + _ANSWER
        while time.monotonic() < ends:
            await self.page.news()
            for shown in self.page.messages.values():
                offers = [button["value"] for button in shown["buttons"]]
                found = [one for one in offers if one == value or (value.endswith(":") and one.startswith(value))]
                if shown["revision"] > self._after and found:
                    self._asked += 1
                    await self._press(found[self._asked % 2 % len(found)], shown["id"])
                    return True
            await asyncio.sleep(_LOOK)
        return False

    async def _drawn(self, card: dict[str, Any]) -> None:
        """The card shows what was done; where nothing changes any more, it is looked at as it is."""
        ends = time.monotonic() + _ANSWER
        while time.monotonic() < ends:
            await self.page.news()
            if self.page.messages[card["id"]]["revision"] > card["revision"]:
                return
            await asyncio.sleep(_LOOK)
