"""The people of the fake Telegram: what they can do with their phones."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.telegram.fake_model import Button, FakeFile, FakeMessage, Json, Press, utf16
from tests.telegram.fake_world import CALLBACK_LIVES, DAY, Chat, FakeBot, Room, World

if TYPE_CHECKING:
    from tests.telegram.fake_groups import Group

COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?!\w)")


def command_entities(text: str) -> list[Json]:
    """Telegram marks commands wherever they stand."""
    return [
        {"type": "bot_command", "offset": utf16(text[: m.start()]), "length": utf16(m.group())}
        for m in COMMAND.finditer(text)
    ]


@dataclass(eq=False)
class Person:
    """One user with a phone."""

    world: World
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = "vi"
    phone: str = ""
    deactivated: bool = False
    instances: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def api(self) -> Json:
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language}
        return {"id": self.id, "is_bot": False, "first_name": self.first_name} | {
            k: v for k, v in optional.items() if v
        }

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"

    async def start(self, bot: FakeBot, payload: str = "") -> FakeMessage:
        """Opens the private chat; a deep link brings its payload."""
        if payload and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload):
            raise AssertionError(f"no deep link can carry {payload!r}")
        return await self.text(bot, f"/start {payload}".strip())

    async def text(self, where: FakeBot | Room, text: str, reply_to: FakeMessage | None = None) -> FakeMessage:
        return self._send(where, reply_to, text=text, entities=command_entities(text))

    async def photo(
        self, where: FakeBot | Room, data: bytes, caption: str = "", reply_to: FakeMessage | None = None
    ) -> FakeMessage:
        return self._send(where, reply_to, files=[self.world.files.new("photo", data)], caption=caption)

    async def document(
        self,
        where: FakeBot | Room,
        data: bytes,
        name: str = "",
        media_type: str = "",
        caption: str = "",
        size: int | None = None,
        reply_to: FakeMessage | None = None,
    ) -> FakeMessage:
        """`size` pretends: 25 MB need not be held."""
        file = self.world.files.new("document", data, name, media_type, size)
        return self._send(where, reply_to, files=[file], caption=caption)

    async def album(
        self, where: FakeBot | Room, items: Sequence[bytes | tuple[bytes, str, str]], caption: str = ""
    ) -> list[FakeMessage]:
        """Photos, or documents given as (data, name, media type): an update for each."""
        group = str(next(self.world.albums))
        sent = []
        for at, item in enumerate(items):
            file = self._new_file(item)
            words = "" if at else caption
            sent.append(self._send(where, None, files=[file], caption=words, media_group_id=group))
        return sent

    async def contact(
        self,
        where: FakeBot | Room,
        phone: str,
        *,
        own: bool = True,
        forwarded: bool = False,
        user_id: int | None = None,
        name: str = "",
    ) -> FakeMessage:
        """Own: by the button; otherwise somebody of the address book, whose `user_id` Telegram may know."""
        contact: Json = {"phone_number": phone, "first_name": name or (self.first_name if own else "Ai đó")}
        known = self.id if own and user_id is None else user_id
        if known is not None:
            contact["user_id"] = known
        extra: Json = {"contact": contact}
        if forwarded:
            origin = {"type": "hidden_user", "sender_user_name": contact["first_name"]}
            extra["forward_origin"] = origin | {"date": int(self.world.now()) - 60}
        return self._send(where, None, extra=extra)

    async def sticker(self, where: FakeBot | Room) -> FakeMessage:
        return self._send(where, None, files=[self.world.files.new("sticker", b"RIFF", "s.webp", "image/webp")])

    async def voice(self, where: FakeBot | Room) -> FakeMessage:
        return self._send(where, None, files=[self.world.files.new("voice", b"OggS", "", "audio/ogg")])

    async def video(self, where: FakeBot | Room, caption: str = "") -> FakeMessage:
        file = self.world.files.new("video", b"ftyp", "v.mp4", "video/mp4")
        return self._send(where, None, files=[file], caption=caption)

    async def location(self, where: FakeBot | Room) -> FakeMessage:
        return self._send(where, None, extra={"location": {"latitude": 20.84, "longitude": 106.68}})

    async def edit(self, message: FakeMessage, text: str) -> None:
        """The person changes their own message: its text, or its caption."""
        message.edited_at = self.world.now()
        if message.files:
            message.caption = text
        else:
            message.text, message.entities = text, command_entities(text)
        for bot in readers(self.world, message):
            shown = self.world.render(bot, message)
            self.world.deliver(bot, "edited_message", shown, message.chat_id, DAY)

    async def delete(self, message: FakeMessage) -> None:
        """Bots are told nothing."""
        message.deleted = True

    async def press(self, message: FakeMessage, label: str) -> Press:
        """The inline button of this label."""
        button = message.button(label)
        if button.data is None:
            raise AssertionError(f"[{label}] has no callback data: {button}")
        return await self.press_data(message, button.data)

    async def press_data(self, message: FakeMessage, data: str, *, old: bool = False) -> Press:
        """Raw callback data, forged or not; an `old` message is inaccessible to the bot."""
        bot = message.sender
        if not isinstance(bot, FakeBot):
            raise TypeError(f"{message!r} is no bot's")
        press = Press(str(next(self.world.queries)), self, bot, message, data, self.world.now())
        self.world.presses[press.id] = press
        shown = self.world.render(bot, message)
        if old:
            shown = {"chat": shown["chat"], "message_id": message.id, "date": 0}
        query = {
            "id": press.id,
            "from": self.api(),
            "message": shown,
            "chat_instance": str(7_000_000_000_000_000_000 + abs(message.chat_id)),
            "data": data,
        }
        self.world.deliver(bot, "callback_query", query, self.id + (1 << 60), CALLBACK_LIVES)
        return press

    async def tap(self, where: FakeBot | Room, label: str) -> FakeMessage:
        """The button of the reply keyboard: its words are sent, or the contact that it asks for."""
        room = self._room(where)
        found = [b for row in room.keyboard for b in row if b.label == label] or [
            b for row in room.keyboard for b in row if label in b.label
        ]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} keys [{label}] in {[[b.label for b in row] for row in room.keyboard]}")
        button: Button = found[0]
        if button.asks_contact:
            return await self.contact(where, self.phone or f"84{self.id % 10**9:09d}")
        return await self.text(where, button.label)

    async def block(self, bot: FakeBot) -> None:
        self._block(bot, blocked=True)

    async def unblock(self, bot: FakeBot) -> None:
        self._block(bot, blocked=False)

    def _block(self, bot: FakeBot, *, blocked: bool) -> None:
        chat = self.world.chat(self, bot)
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        chat.blocked = blocked
        update = {
            "chat": chat.api(),
            "from": self.api(),
            "date": int(self.world.now()),
            "old_chat_member": member(bot, old),
            "new_chat_member": member(bot, new),
        }
        self.world.deliver(bot, "my_chat_member", update, self.id + (5 << 33), DAY)

    def _room(self, where: FakeBot | Room) -> Room:
        return self.world.chat(self, where) if isinstance(where, FakeBot) else where

    def _new_file(self, item: bytes | tuple[bytes, str, str]) -> FakeFile:
        if isinstance(item, bytes):
            return self.world.files.new("photo", item)
        return self.world.files.new("document", *item)

    def _send(self, where: FakeBot | Room, reply_to: FakeMessage | None, **parts: Any) -> FakeMessage:
        room = self._room(where)
        if isinstance(room, Chat):
            if room.blocked:
                raise AssertionError(f"{self!r} blocked @{room.bot}: unblock first")
            room.opened = True
        message = self.world.add(room, self, reply_to=reply_to, **parts)
        show(self.world, message)
        return message


def member(account: Any, status: str) -> Json:
    """A ChatMember; rights only where the status has them."""
    shown: Json = {"user": account.api(), "status": status}
    match status:
        case "kicked":
            shown["until_date"] = 0
        case "administrator":
            shown |= dict.fromkeys(ADMIN_RIGHTS, True) | {"can_be_edited": False, "is_anonymous": False}
        case "restricted":
            shown |= dict.fromkeys(MEMBER_RIGHTS, False) | {"is_member": True, "until_date": 0}
        case "creator":
            shown["is_anonymous"] = False
        case _:
            pass
    return shown


ADMIN_RIGHTS: Final = tuple(
    f"can_{right}"
    for right in (
        *("manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members"),
        *("change_info", "invite_users", "post_stories", "edit_stories", "delete_stories", "pin_messages"),
        "send_welcome_messages",
    )
)
MEMBER_RIGHTS: Final = tuple(
    f"can_{right}"
    for right in (
        *("send_messages", "send_audios", "send_documents", "send_photos", "send_videos", "send_video_notes"),
        *("send_voice_notes", "send_polls", "send_other_messages", "add_web_page_previews", "react_to_messages"),
        *("edit_tag", "change_info", "invite_users", "pin_messages", "manage_topics"),
    )
)


def readers(world: World, message: FakeMessage) -> list[FakeBot]:
    """The bots that are shown this message."""
    room = message.room
    if isinstance(room, Chat):
        assert room.bot
        return [room.bot]
    group: Group = room
    return [bot for bot in world.bots.values() if group.shows(bot, message)]


def show(world: World, message: FakeMessage) -> None:
    """Tells the bots of a new message."""
    for bot in readers(world, message):
        world.deliver(bot, "message", world.render(bot, message), message.chat_id, DAY)
