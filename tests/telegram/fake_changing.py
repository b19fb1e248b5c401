"""Methods that change what was sent: edit, delete, answer a press, pin, react."""

from __future__ import annotations

from tests.telegram.fake_ask import NOT_MODIFIED, Ask
from tests.telegram.fake_groups import Group
from tests.telegram.fake_markup import keyboard_of
from tests.telegram.fake_model import Button, Edit, FakeMessage, Json, bad, utf16
from tests.telegram.fake_world import FakeBot, Room

DELETABLE = 48 * 3600.0
ANSWERABLE = 150.0  # seconds; Telegram's own time is not told


def edit_text(ask: Ask) -> Json:
    message = ask.own_message()
    if message.files or not message.text:
        raise bad("there is no text in the message to edit", blame=True)
    words, entities = ask.text()
    return _edited(ask, message, text=words, entities=entities)


def edit_caption(ask: Ask) -> Json:
    message = ask.own_message()
    if not message.files:
        raise bad("there is no caption in the message to edit", blame=True)
    words, entities = ask.caption(ask.params)
    return _edited(ask, message, caption=words, caption_entities=entities)


def edit_markup(ask: Ask) -> Json:
    return _edited(ask, ask.own_message())


def edit_media(ask: Ask) -> Json:
    message = ask.own_message()
    if message.media_group_id and ask.params["media"]["type"] not in {f.kind for f in message.files}:
        raise bad("message can't be edited: an album keeps its kind", blame=True)
    media = ask.params["media"]
    words, entities = ask.caption(media)
    file = ask.file(media["type"], media["media"])
    return _edited(ask, message, text="", entities=[], files=[file], caption=words, caption_entities=entities)


def _edited(ask: Ask, message: FakeMessage, **content: object) -> Json:
    """New content, and the buttons of the call: those that it leaves out go away."""
    buttons, _ = keyboard_of(ask.params.get("reply_markup"), private=message.chat_id > 0)
    now = {name: getattr(message, name) for name in content}
    if now == content and _raw(buttons) == _raw(message.buttons):
        raise bad(NOT_MODIFIED)
    message.edits.append(Edit(ask.world.now(), message.words, message.buttons))
    message.edited_at = ask.world.now()
    for name, value in content.items():
        setattr(message, name, value)
    message.buttons = buttons
    return ask.world.render(ask.bot, message)


def _raw(rows: list[list[Button]]) -> list[list[Json]]:
    return [[button.raw for button in row] for row in rows]


def delete_message(ask: Ask) -> bool:
    room = ask.room()
    message = ask.world.message(room, ask.params["message_id"], "message to delete")
    if ask.world.now() - message.sent_at > DELETABLE:
        raise bad("message can't be deleted for everyone")
    if not _may_delete(ask.bot, room, message):
        raise bad("message can't be deleted", blame=True)
    message.deleted = True
    return True


def delete_messages(ask: Ask) -> bool:
    """Unknown ones are passed over."""
    room = ask.room()
    numbers = ask.params["message_ids"]
    if not numbers:
        raise bad("message identifiers are not specified", blame=True)
    if len(numbers) > 100:
        raise bad("too many message identifiers specified", blame=True)
    for number in numbers:
        message = room.by_id.get(number)
        if message and _may_delete(ask.bot, room, message) and ask.world.now() - message.sent_at <= DELETABLE:
            message.deleted = True
    return True


def _may_delete(bot: FakeBot, room: Room, message: FakeMessage) -> bool:
    return message.sender is bot or not isinstance(room, Group) or room.bots.get(bot.id) == "administrator"


def answer_callback_query(ask: Ask) -> bool:
    """A press can be answered once, and not late."""
    press = ask.world.presses.get(ask.params["callback_query_id"])
    now = ask.world.now()
    if press is None or press.bot is not ask.bot or press.answer or now - press.at > ANSWERABLE:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text = ask.params.get("text", "")
    if utf16(text) > 200:
        raise bad("MESSAGE_TOO_LONG", blame=True)
    press.answer.give(text, show_alert=ask.params.get("show_alert", False), url=ask.params.get("url", ""), at=now)
    return True


def pin_chat_message(ask: Ask) -> bool:
    room = ask.room()
    if isinstance(room, Group) and room.bots.get(ask.bot.id) != "administrator":
        raise bad("not enough rights to manage pinned messages in the chat")
    if "message_id" in ask.params:
        message = ask.world.message(room, ask.params["message_id"], "message to pin")
        if ask.params.get("pinned", True):
            room.pinned = [*room.pinned, message]
    return True


def unpin_chat_message(ask: Ask) -> bool:
    room = ask.room()
    room.pinned = [message for message in room.pinned if message.id != ask.params.get("message_id", message.id)]
    return True


def set_message_reaction(ask: Ask) -> bool:
    message = ask.world.message(ask.room(), ask.params["message_id"], "message to react")
    message.reactions = [kind.get("emoji", "") for kind in ask.params.get("reaction") or []]
    return True
