"""Methods that send: text, files, albums, places, contacts, copies; and chat actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.telegram.fake_ask import Ask
from tests.telegram.fake_groups import Group
from tests.telegram.fake_model import Action, FakeMessage, Json, bad

KINDS: Final = ("photo", "document", "video", "audio", "voice", "animation", "video_note", "sticker")


def send_message(ask: Ask) -> Json:
    room = ask.room_to_send()
    text, entities = ask.text()
    return ask.sent(room, text=text, entities=entities)


def send_file(kind: str) -> Callable[[Ask], Json]:
    """sendPhoto, sendDocument and the others of their kind."""

    def send(ask: Ask) -> Json:
        room = ask.room_to_send()
        caption, entities = ask.caption(ask.params)
        file = ask.file(kind, ask.params.get(kind), kind)
        return ask.sent(room, files=[file], caption=caption, caption_entities=entities)

    return send


def send_media_group(ask: Ask) -> list[Json]:
    room = ask.room_to_send()
    media = ask.params["media"]
    if not 2 <= len(media) <= 10:
        raise bad("there must be from 2 to 10 media in the album", blame=True)
    kinds = {item["type"] for item in media}
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise bad(f"{', '.join(sorted(kinds))} can't be mixed with other media types", blame=True)
    ready = [(ask.caption(item), ask.file(item["type"], item["media"])) for item in media]
    group = str(next(ask.world.albums))
    sent = []
    for (caption, entities), file in ready:
        message = ask.send(room, files=[file], caption=caption, caption_entities=entities, media_group_id=group)
        sent.append(ask.world.render(ask.bot, message))
    return sent


def send_location(ask: Ask) -> Json:
    room = ask.room_to_send()
    return ask.sent(room, extra={"location": {name: ask.params[name] for name in ("latitude", "longitude")}})


def send_contact(ask: Ask) -> Json:
    room = ask.room_to_send()
    names = ("phone_number", "first_name", "last_name", "vcard")
    return ask.sent(room, extra={"contact": {name: ask.params[name] for name in names if name in ask.params}})


def send_chat_action(ask: Ask) -> bool:
    ask.room_to_send().actions.append(Action(ask.params["action"], ask.world.now()))
    return True


def copy_message(ask: Ask) -> Json:
    room = ask.room_to_send()
    source = _source(ask, "message to copy")
    content: dict[str, Any] = {"text": source.text, "entities": source.entities, "files": list(source.files)}
    caption, entities = source.caption, source.caption_entities
    if "caption" in ask.params:
        caption, entities = ask.caption(ask.params)
    if not (source.text or source.files):
        raise bad("message can't be copied", blame=True)
    copied = ask.send(room, caption=caption, caption_entities=entities, **content)
    return {"message_id": copied.id}


def forward_message(ask: Ask) -> Json:
    room = ask.room_to_send()
    source = _source(ask, "message to forward")
    origin = {"type": "user", "sender_user": source.sender.api(), "date": int(source.sent_at)}
    return ask.sent(
        room,
        text=source.text,
        entities=source.entities,
        caption=source.caption,
        caption_entities=source.caption_entities,
        files=list(source.files),
        extra=source.extra | {"forward_origin": origin},
    )


def _source(ask: Ask, what: str) -> FakeMessage:
    room = ask.world.room(ask.bot, ask.params["from_chat_id"])
    if isinstance(room, Group):
        room.check_is_in(ask.bot)
    return ask.world.message(room, ask.params["message_id"], what)
