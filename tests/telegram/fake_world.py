"""The fake Telegram without its network: accounts, chats, messages, and how each bot is shown them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.telegram.fake_files import Files
from tests.telegram.fake_model import Action, Button, FakeFile, FakeMessage, Json, Press, Refused, bad

SUPERGROUP: Final = -1_003_000_000_000
GROUP: Final = -4_000_000_000
PERSON: Final = 5_000_000_000  # ids need more than 32 bits
DAY: Final = 86_400.0
CALLBACK_LIVES: Final = 150.0


@dataclass(slots=True, eq=False)
class FakeBot:
    """A bot's account."""

    id: int
    token: str
    username: str
    name: str
    privacy: bool = True
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    settings: Json = field(default_factory=dict)  # names, descriptions, menu buttons

    def api(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def __repr__(self) -> str:
        return f"@{self.username}"


@dataclass(eq=False)
class Room:
    """A chat and its messages in order."""

    world: World
    id: int
    messages: list[FakeMessage] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    by_id: dict[int, FakeMessage] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    pinned: list[FakeMessage] = field(default_factory=list)

    @property
    def last(self) -> FakeMessage:
        """The newest message that was not deleted."""
        return next(message for message in reversed(self.messages) if not message.deleted)

    def find(self, words: str) -> FakeMessage:
        """The newest message with these words that was not deleted."""
        for message in reversed(self.messages):
            if words in message.words and not message.deleted:
                return message
        raise AssertionError(f"no message with {words!r}; the newest are {self.messages[-6:]}")

    @property
    def visible(self) -> list[FakeMessage]:
        return [message for message in self.messages if not message.deleted]

    @property
    def keyboard(self) -> list[list[Button]]:
        """The reply keyboard that is on the screen."""
        for message in reversed(self.messages):
            if message.keyboard or message.keyboard_removed:
                return message.keyboard
        return []

    def api(self) -> Json:
        raise NotImplementedError

    def check_may_send(self, bot: FakeBot) -> None:
        raise NotImplementedError


@dataclass(eq=False)
class Chat(Room):
    """The private chat of one person with one bot."""

    person: Any = None
    bot: FakeBot | None = None
    opened: bool = False
    blocked: bool = False

    def api(self) -> Json:
        user = self.person.api()
        return {"id": self.id, "type": "private"} | {
            key: user[key] for key in ("first_name", "last_name", "username") if key in user
        }

    def check_may_send(self, bot: FakeBot) -> None:  # noqa: ARG002 - there is only one
        if self.person.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        if self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if not self.opened:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")


class World:
    """All accounts and chats. `deliver` is set by the server."""

    def __init__(self) -> None:
        self.files = Files()
        self.bots: dict[int, FakeBot] = {}
        self.people: dict[int, Any] = {}
        self.chats: dict[tuple[int, int], Chat] = {}
        self.groups: dict[int, Any] = {}
        self.moved: dict[int, int] = {}
        self.presses: dict[str, Press] = {}
        self.ahead = 0.0
        self.ids = itertools.count(1)
        self.albums = itertools.count(13_000_000_000_000_001, 7)
        self.queries = itertools.count(4_382_000_000_000_000_001, 13)
        self.deliver: Callable[[FakeBot, str, Json, int, float], None] = lambda *_: None

    def now(self) -> float:
        return time.time() + self.ahead

    def chat(self, person: Any, bot: FakeBot) -> Chat:
        """Their private chat, also before it was opened."""
        found = self.chats.get((person.id, bot.id))
        if found is None:
            found = self.chats[person.id, bot.id] = Chat(self, person.id, person=person, bot=bot)
        return found

    def room(self, bot: FakeBot, chat_id: Any) -> Room:
        """The chat that a bot means, or why it can't be."""
        try:
            number = int(chat_id)
        except (TypeError, ValueError):
            raise bad("chat not found" if chat_id else "chat_id is empty", blame=True) from None
        if number in self.moved:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, description, migrate_to_chat_id=self.moved[number])
        if number in self.groups:
            group: Room = self.groups[number]
            return group
        if number in self.people:
            return self.chat(self.people[number], bot)
        raise bad("chat not found")

    def add(self, room: Room, sender: Any, **parts: Any) -> FakeMessage:
        """A new message in the chat; nobody is told yet."""
        message = FakeMessage(next(room.numbers), room.id, room, sender, self.now(), **parts)
        room.messages.append(message)
        room.by_id[message.id] = message
        return message

    def message(self, room: Room, message_id: int, what: str) -> FakeMessage:
        """A message that is still there; `what` is what the error says is not found."""
        found = room.by_id.get(message_id)
        if found is None or found.deleted:
            raise bad(f"{what} not found")
        return found

    def render(self, bot: FakeBot, message: FakeMessage, *, nested: bool = False) -> Json:
        """The Message that this bot is shown."""
        chat = message.room.api()
        if message.chat_id != chat["id"]:  # of before the upgrade
            chat |= {"id": message.chat_id, "type": "group"}
        if message.deleted:
            return {"chat": chat, "message_id": message.id, "date": 0}
        shown: Json = {"message_id": message.id, "from": message.sender.api(), "chat": chat}
        shown["date"] = int(message.sent_at)
        shown |= message.extra
        if message.edited_at:
            shown["edit_date"] = int(message.edited_at)
        if message.media_group_id:
            shown["media_group_id"] = message.media_group_id
        if message.text:
            shown["text"] = message.text
        if message.entities:
            shown["entities"] = message.entities
        if message.caption:
            shown["caption"] = message.caption
        if message.caption_entities:
            shown["caption_entities"] = message.caption_entities
        for file in message.files:
            shown |= self._file(bot, file)
        if message.buttons:
            shown["reply_markup"] = {"inline_keyboard": [[button.raw for button in row] for row in message.buttons]}
        if message.reply_to and not nested:
            shown["reply_to_message"] = self.render(bot, message.reply_to, nested=True)
        return shown

    def _file(self, bot: FakeBot, file: FakeFile) -> Json:
        plain = self.files.api(bot.id, file)
        match file.kind:
            case "photo":
                return {
                    "photo": [
                        self.files.api(bot.id, size) | {"width": size.width, "height": size.height}
                        for size in file.sizes
                    ]
                }
            case "document" | "audio" | "voice" | "video" | "animation" | "video_note":
                return {file.kind: plain | _media(file)}
            case _:
                kind = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
                return {"sticker": plain | kind | {"emoji": "🙂"}}


def _media(file: FakeFile) -> Json:
    """What each kind of file tells of itself."""
    match file.kind:
        case "document":
            return {"file_name": file.name, "mime_type": file.media_type}
        case "voice":
            return {"duration": 3, "mime_type": file.media_type}
        case "audio":
            return {"duration": 3, "mime_type": file.media_type, "file_name": file.name}
        case "video_note":
            return {"duration": 3, "length": 240}
        case _:
            named = {"width": 640, "height": 480, "duration": 3, "mime_type": file.media_type}
            return named | ({"file_name": file.name} if file.name else {})
