"""Citizens who hand in a whole dossier, whichever channel they sit at: what they say, and what must come back."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

PATIENCE: Final = 120.0  # seconds for one answer; whoever waits longer has found a fault
CODE: Final = re.compile(r"Mã theo dõi: ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5})")
HANDED_OVER: Final = "Cảm ơn bạn! Cần làm thủ tục khác"
ACCEPTED: Final = "GIẤY TIẾP NHẬN HỒ SƠ"

BORN: Final = "15/08/1994"

_FAMILIES: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Hồ")
_GIVEN: Final = (
    *("Lan", "Hoa", "Mai", "Hương", "Thảo", "Ngọc", "Hà", "Linh", "Trang", "Thu"),
    *("Hạnh", "Hằng", "Yến", "Oanh", "Nga", "Dung", "Phương", "Loan", "Huyền", "Vân"),
)


@dataclass(frozen=True, slots=True)
class Someone:
    """Who a citizen is: everything of it is personal, and no two are alike."""

    number: int
    name: str
    identity: str
    phone: str
    home: str

    def marks(self) -> list[str]:
        """What is theirs alone."""
        return [self.name, self.identity, self.phone, self.home]


def someone(number: int) -> Someone:
    """The n-th of 40,000."""
    family, rest = _FAMILIES[number % 10], number // 10
    given = f"{_GIVEN[rest % 20]} {_GIVEN[rest // 20 % 20]}"
    home = f"số {17 + number} ngõ Tre Xanh, thôn Bãi Sậy"
    return Someone(number, f"{family} Thị {given}", f"042194{700_000 + number}", f"0984{600_000 + number}", home)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a citizen does, and words or a label by which its answer is known.

    `what` is words, or in brackets the beginning of a button's label, or "(photo)".
    """

    what: str
    answer: str


def steps(who: Someone) -> list[Step]:
    """From the first word to the code."""
    return [
        Step("xin giấy độc thân", "để làm gì"),
        Step("[Vay vốn", "[Nộp hồ sơ"),
        Step("[Nộp hồ sơ", "làm cho ai"),
        Step("[Cho tôi", "[Đồng ý"),
        Step("[Đồng ý", "nhắc hẹn"),
        Step("[Đồng ý", "cần giấy này để làm gì"),
        Step("[Vay vốn ngân hàng", "Họ tên đầy đủ"),
        Step(who.name.lower(), "sinh ngày"),
        Step(BORN, "Số căn cước"),
        Step(who.identity, "số điện thoại nào"),
        Step(f"{who.phone[:4]} {who.phone[4:7]} {who.phone[7:]}", "Bạn là gì của"),
        Step("[Bản thân", "đã được cấp giấy này"),
        Step("[Không", "Tình trạng hôn nhân hiện nay"),
        Step("[Chưa", "Phần chính đã xong"),
        Step("[Nơi cư trú", "cư trú ở đâu"),
        Step(who.home, "[Không cần ghi thêm"),
        Step("[Không cần ghi thêm", "không bắt buộc với mọi người"),
        Step("[Căn cước", "Bạn chụp giúp"),
        Step("(photo)", "Còn cần"),
        Step("(photo)", "Còn các giấy này"),
        Step("[Không có giấy nào nữa", "Bấm nút nộp"),
        Step("[Tôi cam đoan", "Mã theo dõi"),
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One message as a citizen sees it; `at` is when it arrived, a button's value is the channel's own."""

    text: str
    buttons: tuple[tuple[str, str], ...]
    at: float
    id: str = ""
    files: int = 0

    def has(self, answer: str) -> bool:
        """Whether these words, or in brackets such a label, are in it."""
        if answer.startswith("["):
            return any(label.startswith(answer[1:]) for label, _ in self.buttons)
        return answer in self.text


class Chat(Protocol):
    """One citizen's chat on one channel; `lines` is what they were told so far."""

    channel: str
    address: str  # where they are reached, or come from
    lines: list[Line]
    news: asyncio.Event

    async def begin(self) -> None: ...
    async def say(self, text: str) -> None: ...
    async def press(self, line: Line, label: str, value: str) -> None: ...
    async def photo(self, data: bytes) -> None: ...
    async def file(self, data: bytes, name: str) -> None: ...
    async def end(self) -> None: ...


@dataclass(slots=True)
class Times:
    """Seconds: from a step to its answer."""

    turns: list[float] = field(default_factory=list)
    photos: list[float] = field(default_factory=list)
    codes: list[float] = field(default_factory=list)
    notices: list[float] = field(default_factory=list)  # from the officer's press


def people_think() -> float:
    """Seconds before the next thing is said; quicker than people are."""
    return random.uniform(1, 2)


@dataclass(slots=True)
class Citizen:
    """One person, their chat, and what came of it."""

    who: Someone
    chat: Chat
    photos: Iterator[bytes]
    times: Times
    think: Callable[[], float]
    code: str = ""
    steps: int = 0

    def marks(self) -> list[str]:
        """What must be found nowhere but in the chat."""
        return [*self.who.marks(), self.chat.address]

    async def hand_in(self) -> None:
        """A whole dossier; the code is kept."""
        await self.chat.begin()
        for step in steps(self.who):
            await asyncio.sleep(self.think())
            began = len(self.chat.lines)
            at = time.monotonic()
            await self._do(step.what)
            line = await self.until(step.answer, began)
            took = line.at - at
            self.steps += 1
            if step.what == "(photo)":
                self.times.photos.append(took)
            elif found := CODE.search(line.text):
                self.code = found[1]
                self.times.codes.append(took)
            else:
                self.times.turns.append(took)

    async def until(self, answer: str, since: int = 0) -> Line:
        """The first line from there on that has this; others may come before it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    self.chat.news.clear()
                    lines = self.chat.lines
                    for line in lines[since:]:
                        if line.has(answer):
                            return line
                    since = len(lines)
                    await self.chat.news.wait()
        except TimeoutError:
            raise TimeoutError(f"never heard on {self.chat.channel}: {answer!r}, but {self.chat.lines[-3:]}") from None

    async def _do(self, what: str) -> None:
        if what == "(photo)":
            await self.chat.photo(next(self.photos))
        elif what.startswith("["):
            line, label, value = self._button(what[1:])
            await self.chat.press(line, label, value)
        else:
            await self.chat.say(what)

    def _button(self, beginning: str) -> tuple[Line, str, str]:
        for line in reversed(self.chat.lines):
            for label, value in line.buttons:
                if label.startswith(beginning):
                    return line, label, value
        raise AssertionError(f"no button {beginning!r} on {self.chat.channel}: {self.chat.lines[-2:]}")
