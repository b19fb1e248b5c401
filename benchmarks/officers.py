"""Officers at their live page, who take a dossier from its card to the paper in the hand."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.citizens import PATIENCE, Line
from benchmarks.citizens_web import Page

_OURS: Final = re.compile(r"(?:Mã theo dõi|mã theo dõi) ([0-9A-Z-]{15})")


@dataclass(slots=True)
class Officer:
    """One page; does one dossier after the other."""

    page: Page
    name: str
    told: dict[str, float] = field(default_factory=dict)  # tracking code -> when the acceptance was let go

    async def work(self, cards: asyncio.Queue[str]) -> None:
        """Whatever comes, until cancelled; `cards` are their ids."""
        while True:
            await self.handle(await cards.get())
            cards.task_done()

    async def handle(self, card: str) -> None:
        """Claim, accept, set an appointment, hand over; each told at once."""
        await self._card(card, lambda one: _labelled(one, "Nhận việc"))
        await self._press(card, "Nhận việc")
        await self._card(card, lambda one: f"Người giữ việc: {self.name}" in one["text"])
        await self._press(card, "Tiếp nhận")
        await self._at_once(card, "Có kết quả")
        since = len(self.page.lines)
        await self._press(card, "Có kết quả")
        asked = await self._line("từ lúc nào", since)
        slots = [
            button
            for button in asked.buttons
            if "hôm nay" in button[0] or ("giờ" in button[0] and "bây giờ" not in button[0])
        ]
        label, value = (slots or list(asked.buttons))[0]
        await self.page.press(asked, label, value)
        await self._at_once(card, "Trả kết quả")
        since = len(self.page.lines)
        await self._press(card, "Trả kết quả")
        asked = await self._line("[Đã đối chiếu", since)
        await self.page.press(asked, *next(b for b in asked.buttons if b[0].startswith("Đã đối chiếu")))
        await self._at_once(card, "")

    async def _at_once(self, card: str, then: str) -> None:
        """Tell it now, and wait until the card offers what comes next; nothing where it is over."""
        await self._card(card, lambda one: _labelled(one, "Báo ngay"))
        at = time.monotonic()
        await self._press(card, "Báo ngay")
        if then == "Có kết quả" and (found := _OURS.search(self.page.shown[card]["text"])):
            self.told[found[1]] = at
        await self._card(card, lambda one: _labelled(one, then) if then else not one["buttons"])

    async def _press(self, card: str, label: str) -> None:
        shown = self.page.shown[card]
        value = next(button["value"] for button in shown["buttons"] if button["label"].startswith(label))
        await self.page.press(Line(shown["text"], (), 0.0, card), label, value)

    async def _card(self, card: str, is_so: Callable[[dict[str, Any]], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while card not in self.page.shown or not is_so(self.page.shown[card]):
                    self.page.news.clear()
                    await self.page.news.wait()
        except TimeoutError:
            raise TimeoutError(f"{self.name}: the card stays {self.page.shown.get(card)}") from None

    async def _line(self, answer: str, since: int) -> Line:
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    self.page.news.clear()
                    for line in self.page.lines[since:]:
                        if line.has(answer):
                            return line
                    await self.page.news.wait()
        except TimeoutError:
            raise TimeoutError(f"{self.name} never read {answer!r}, but {self.page.lines[-3:]}") from None


def _labelled(shown: dict[str, Any], label: str) -> bool:
    return any(button["label"].startswith(label) for button in shown["buttons"])


async def deal(watching: Page, cards: asyncio.Queue[str]) -> None:
    """New cards, each once, as they appear on a page."""
    known: set[str] = set()
    while True:
        watching.news.clear()
        for number, shown in list(watching.shown.items()):
            if number not in known and shown["card"] and _labelled(shown, "Nhận việc"):
                known.add(number)
                cards.put_nowait(number)
        await watching.news.wait()
