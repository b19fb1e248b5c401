"""Chat in a terminal: lines from standard input in, replies as they would be read out, buttons numbered."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol, TextIO

from conversations.messages import Event, File, FileSent, Pressed, Shown, Started, TextSent, Unsupported

HELP: Final = (
    "Gõ tin nhắn, tên nút hoặc số của nút. /photo TỆP hoặc /file TỆP gửi ảnh, tệp. "
    "/reply LỜI trả lời tin mới nhất trong nhóm. /wait [GIÂY] đợi tin mới. Ctrl+D để thoát."
)
_PATIENCE: Final = 90.0  # seconds that /wait waits unless told
_LOOK_EVERY: Final = 0.2


class Terminal(Protocol):
    """What the console needs from the rest of the program."""

    staff: bool

    async def send(self, event: Event) -> None: ...
    async def keep(self, name: str, data: bytes, media_type: str) -> File: ...
    async def news(self) -> list[Shown]: ...
    async def settle(self) -> None: ...


class Screen:
    """What has been printed, so that a number or a label finds its button."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._shown: dict[str, Shown] = {}
        self._fresh: set[str] = set()  # shown since the last line was typed
        self.last_in_group = ""

    def show(self, news: list[Shown], *, mine: bool = False) -> None:
        """Print messages; one's own words were typed here and are not repeated, unless `mine`."""
        for shown in news:
            edited = shown.id in self._shown
            self._shown[shown.id] = shown  # a redrawn card keeps its place: a number means the newest new message
            self._fresh.add(shown.id)
            if not shown.private:
                self.last_in_group = shown.id
            if shown.own and not mine:
                continue
            for line in lines(shown, edited=edited):
                self._say(line)

    def press(self, typed: str, *, staff: bool) -> Pressed | None:
        """The newest button with this label or, on the newest message that has any, this number.

        A citizen's numbers, and labels of older messages, are left to the conversation.
        """
        wanted = typed.strip().strip("[]").casefold()
        newest = [shown for shown in reversed(self._shown.values()) if shown.message.buttons]
        if not staff:
            newest = [shown for shown in newest if shown.id in self._fresh]
        self._fresh.clear()
        if staff and wanted.isdigit() and newest:
            buttons = newest[0].message.buttons
            if 1 <= int(wanted) <= len(buttons):
                return Pressed(buttons[int(wanted) - 1].value, newest[0].id)
        for shown in newest:
            for button in shown.message.buttons:
                if button.label.casefold() == wanted:
                    return Pressed(button.value, shown.id)
        return None


def lines(shown: Shown, *, edited: bool = False) -> Iterator[str]:
    """A message as it is read on a terminal."""
    message = shown.message
    marks = [word for word, holds in (("riêng", shown.private), ("cập nhật", edited)) if holds]
    head = f"({', '.join(marks)}) " if marks else ""
    speaker = f"{message.speaker}: " if message.speaker else ""
    first, *rest = message.text.split("\n")
    yield f"bot> {head}{speaker}{first}"
    for line in rest:
        yield f"     {line}"
    for file in message.files:
        yield f"     [tệp: {file.name or file.ref}, {file.media_type}, {file.size} byte]"
    for number, button in enumerate(message.buttons, 1):
        yield f"     {number}. [{button.label}]"


async def converse(terminal: Terminal, source: TextIO, say: Callable[[str], None]) -> None:
    """Until the input ends."""
    screen = Screen(say)
    typing = source.isatty()
    if typing:
        say(HELP)
    if not terminal.staff:
        await terminal.send(Started())
    screen.show(await terminal.news())
    watching = asyncio.create_task(_watch(terminal, screen)) if typing else None
    try:
        while line := await asyncio.to_thread(source.readline):
            if not typing:
                say(f"> {line.rstrip()}")
            if line.strip():
                await _line(terminal, screen, line.rstrip("\n"), say)
                if not typing:  # the next line of a file may press what is being drawn just now
                    await terminal.settle()
                screen.show(await terminal.news())
        await terminal.settle()
        screen.show(await terminal.news())
    finally:
        if watching is not None:
            watching.cancel()


async def _watch(terminal: Terminal, screen: Screen) -> None:
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        screen.show(await terminal.news())


async def _line(terminal: Terminal, screen: Screen, line: str, say: Callable[[str], None]) -> None:
    command, _, rest = line.strip().partition(" ")
    match command:
        case "/photo" | "/file":
            await _file(terminal, rest.strip(), say)
        case "/wait":
            await _wait(terminal, screen, float(rest) if rest.strip().isdigit() else _PATIENCE, say)
        case "/reply":
            await terminal.send(TextSent(rest, reply_to=screen.last_in_group))
        case _:
            pressed = screen.press(line, staff=terminal.staff)
            await terminal.send(pressed or TextSent(line))


async def _file(terminal: Terminal, path: str, say: Callable[[str], None]) -> None:
    file = Path(path)
    try:
        data = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        say(f"Không đọc được tệp {path}: {error.strerror}")
        return
    if not data:
        await terminal.send(Unsupported("empty-file"))
        return
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    await terminal.send(FileSent(await terminal.keep(file.name, data, media_type)))


async def _wait(terminal: Terminal, screen: Screen, seconds: float, say: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        news = await terminal.news()
        if news:
            screen.show(news)
            return
        await asyncio.sleep(_LOOK_EVERY)
    say("(không có tin mới)")
