"""What the fake Bot API keeps and shows: messages, buttons, files, calls, answers to presses."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

Json = dict[str, Any]


class Refused(Exception):
    """The call is answered with this error; `blame` says that only a faulty bot makes such a call."""

    def __init__(self, status: int, description: str, *, blame: bool = False, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.blame = blame
        self.parameters = parameters


class Unparsed(ValueError):
    """Formatted text that Telegram can't read."""


def bad(description: str, *, blame: bool = False) -> Refused:
    return Refused(400, f"Bad Request: {description}", blame=blame)


@dataclass(slots=True, frozen=True)
class Button:
    label: str
    data: str | None = None
    url: str | None = None
    asks_contact: bool = False
    raw: Json = field(default_factory=dict, hash=False, compare=False)


@dataclass(slots=True, eq=False)
class FakeFile:
    """One file as it is seen; `size` may pretend."""

    kind: str
    name: str
    data: bytes
    media_type: str
    unique: str
    size: int
    width: int = 0
    height: int = 0
    sizes: list[FakeFile] = field(default_factory=list)  # of a photo, smallest first; the last is this one


class Action(str):
    """A chat action, like "typing", and when it was seen."""

    __slots__ = ("at",)
    at: float

    def __new__(cls, action: str, at: float) -> Self:
        made = super().__new__(cls, action)
        made.at = at
        return made


class Edit(NamedTuple):
    """What a message was before it was changed at `at`."""

    at: float
    text: str
    buttons: list[list[Button]]


@dataclass(slots=True, eq=False)
class FakeMessage:
    """A message as people see it."""

    id: int
    chat_id: int
    room: Any
    sender: Any
    sent_at: float
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    caption: str = ""
    caption_entities: list[Json] = field(default_factory=list)
    buttons: list[list[Button]] = field(default_factory=list)
    keyboard: list[list[Button]] = field(default_factory=list)
    keyboard_removed: bool = False
    files: list[FakeFile] = field(default_factory=list)
    reply_to: FakeMessage | None = None
    edits: list[Edit] = field(default_factory=list)
    edited_at: float = 0
    deleted: bool = False
    media_group_id: str = ""
    extra: Json = field(default_factory=dict)  # other parts of the API's Message: contact, location, service messages
    params: Json = field(default_factory=dict)  # of the call that sent it
    reactions: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return self.text or self.caption

    @property
    def editable(self) -> bool:
        """Telegram refuses what was forwarded, and what came with anything but inline buttons."""
        markup = self.params.get("reply_markup") or {}
        return "forward_origin" not in self.extra and not ({"keyboard", "remove_keyboard", "force_reply"} & set(markup))

    @property
    def labels(self) -> list[str]:
        """The labels of the inline buttons under it."""
        return [button.label for row in self.buttons for button in row]

    @property
    def file(self) -> FakeFile:
        return self.files[0]

    def button(self, label: str) -> Button:
        """The inline button of this label, or else the only one whose label contains it."""
        every = [button for row in self.buttons for button in row]
        exact = [button for button in every if button.label == label]
        found = exact or [button for button in every if label in button.label]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} buttons [{label}] under {self.words!r}: {self.labels}")
        return found[0]

    def __repr__(self) -> str:
        files = f" +{'+'.join(f.kind for f in self.files)}" if self.files else ""
        labels = f" {self.labels}" if self.buttons else ""
        return f"<{self.id} {getattr(self.sender, 'name', '')}: {self.words!r}{files}{labels}>"


@dataclass(slots=True)
class Call:
    """One call that a bot made; status 0 while it runs, -1 when its connection was cut."""

    bot: Any
    method: str
    params: Json
    at: float
    status: int = 0
    description: str = ""
    result: Any = None
    ended: float = 0
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status == 200


@dataclass(slots=True)
class Answer:
    """What answerCallbackQuery said: true once it is given; `await answer` waits for it."""

    text: str = ""
    show_alert: bool = False
    url: str = ""
    given: bool = False
    at: float = 0
    event: asyncio.Event = field(default_factory=asyncio.Event)

    def give(self, text: str, *, show_alert: bool, url: str, at: float) -> None:
        self.text, self.show_alert, self.url, self.at, self.given = text, show_alert, url, at, True
        self.event.set()

    def __bool__(self) -> bool:
        return self.given

    async def _wait(self) -> Answer:
        async with asyncio.timeout(10):
            await self.event.wait()
        return self

    def __await__(self) -> Generator[Any, None, Answer]:
        return self._wait().__await__()


@dataclass(slots=True, eq=False)
class Press:
    """One press of an inline button."""

    id: str
    person: Any
    bot: Any
    message: FakeMessage
    data: str
    at: float
    answer: Answer = field(default_factory=Answer)

    def __await__(self) -> Generator[Any, None, Answer]:
        return self.answer.__await__()


def utf16(text: str) -> int:
    """The length in UTF-16 code units, in which Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def buttons_of(rows: list[Any] | None) -> list[list[Button]]:
    """Rows of a keyboard, inline or reply."""
    return [[button_of(raw) for raw in row] for row in rows or []]


def button_of(raw: Any) -> Button:
    if isinstance(raw, str):
        return Button(raw, raw={"text": raw})
    return Button(raw["text"], raw.get("callback_data"), raw.get("url"), bool(raw.get("request_contact")), raw)
