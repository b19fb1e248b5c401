"""One call as the methods of the fake see it, and what most of them need: chats, words, files, replies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.telegram.fake_files import MAX_PHOTO, MAX_UPLOAD
from tests.telegram.fake_format import parse
from tests.telegram.fake_groups import Group
from tests.telegram.fake_markup import keyboard_of
from tests.telegram.fake_model import FakeFile, FakeMessage, Json, Refused, bad, utf16
from tests.telegram.fake_wire import Upload
from tests.telegram.fake_world import FakeBot, Room, World

TEXT: Final = 4096
CAPTION: Final = 1024
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)


@dataclass(slots=True, frozen=True)
class Ask:
    world: World
    bot: FakeBot
    params: Json
    parts: Mapping[str, Upload]

    def room(self) -> Room:
        """The chat, to be looked at or changed."""
        room = self.world.room(self.bot, self.params.get("chat_id"))
        if isinstance(room, Group):
            room.check_is_in(self.bot)
        return room

    def room_to_send(self) -> Room:
        room = self.world.room(self.bot, self.params.get("chat_id"))
        room.check_may_send(self.bot)
        return room

    def text(self) -> tuple[str, list[Json]]:
        words, entities = parse(self.params["text"], self.params.get("parse_mode", ""), self.params.get("entities"))
        if not words:
            raise bad("message text is empty", blame=True)
        if utf16(words) > TEXT:
            raise bad("message is too long", blame=True)
        return words, entities

    def caption(self, given: Json) -> tuple[str, list[Json]]:
        """Of the call, or of one item of an album."""
        words = given.get("caption", "")
        words, entities = parse(words, given.get("parse_mode", ""), given.get("caption_entities"))
        if utf16(words) > CAPTION:
            raise bad("message caption is too long", blame=True)
        return words, entities

    def file(self, kind: str, given: str | None, own: str = "") -> FakeFile:
        """An upload, by its own name or attach://, or what one of this bot's file_ids stands for."""
        upload = self.parts.get(own if given is None else given.removeprefix("attach://"))
        if upload and (given is None or given.startswith("attach://")):
            size = len(upload.data)
            if size > MAX_UPLOAD:
                raise Refused(413, "Request Entity Too Large", blame=True)
            if kind == "photo" and size > MAX_PHOTO:
                words = f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
                raise bad(words, blame=True)
            if not size:
                raise bad("file must be non-empty", blame=True)
            return self.world.files.new(kind, upload.data, upload.name, upload.media_type)
        if not given:
            raise bad(f"there is no {kind} in the request", blame=True)
        found = self.world.files.find(self.bot.id, given)
        if found.kind != kind:
            raise bad(f"can't use file of type {found.kind.capitalize()} as {kind.capitalize()}", blame=True)
        return found

    def reply_to(self, room: Room) -> FakeMessage | None:
        asked = self.params.get("reply_parameters")
        if not asked or "message_id" not in asked:
            return None
        found = room.by_id.get(asked["message_id"])
        if found and not found.deleted:
            return found
        if asked.get("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")

    def send(self, room: Room, **content: Any) -> FakeMessage:
        """A new message of the bot's."""
        inline, keys = keyboard_of(self.params.get("reply_markup"), private=room.id > 0)
        markup = self.params.get("reply_markup") or {}
        message = self.world.add(
            room,
            self.bot,
            buttons=inline,
            keyboard=keys,
            keyboard_removed=bool(markup.get("remove_keyboard")),
            reply_to=self.reply_to(room),
            params=self.params,
            **content,
        )
        if isinstance(room, Group):
            room.spoke_last = self.bot.id
        return message

    def sent(self, room: Room, **content: Any) -> Json:
        return self.world.render(self.bot, self.send(room, **content))

    def own_message(self) -> FakeMessage:
        """The message to be edited."""
        room = self.room_to_send()
        message = self.world.message(room, self.params.get("message_id", 0), "message to edit")
        if message.sender is not self.bot or not message.editable:
            raise bad("message can't be edited", blame=True)
        return message


def place_of(params: Json) -> tuple[str, str]:
    """(scope, language) that commands and settings are for."""
    scope = params.get("scope") or {"type": "default"}
    rest = {key: value for key, value in scope.items() if key != "type"}
    return scope["type"] + (json.dumps(rest, sort_keys=True) if rest else ""), params.get("language_code") or ""
