"""What is said of chats that are linked, and where they are: harmless words, for they may be read by somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from bot.merging import talk_of
from bot.outgoing import to_chat
from bot.scene import Scene
from bot.worded import WORDED
from conversations.messages import Button, Message
from conversations.render import TEXTS, button, text
from domain.dossier import FINAL
from domain.values import VIETNAM
from storage.chats import Chat

TELEGRAM: Final = "telegram-username"  # in `installation`, once the citizens' bot has run
_MOST: Final = 12  # labels of news that a chat remembers


def address(scene: Scene, channel: str) -> str:
    """Where a citizen finds us on a channel; empty while it is off."""
    work, settings = scene.work, scene.world.settings
    match channel:
        case "telegram":
            name = work.installation.get(TELEGRAM) if settings.telegram_token else ""
            return f"https://t.me/{name}" if name else ""
        case "zalo":
            on = settings.zalo_oa_id and work.zalo.get(settings.zalo_oa_id) is not None  # has it let us in?
            return f"https://zalo.me/{settings.zalo_oa_id}" if on else ""
        case _:
            return settings.address if settings.public_url else ""


def link(scene: Scene, channel: str, payload: str) -> str:
    """An address that carries the code along where the messenger can do that."""
    where = address(scene, channel)
    match channel:
        case "telegram":
            return f"{where}?start={payload}"
        case "web":
            return f"{where}/?p={payload}"
        case _:
            return where


def place(kind: str, channel: str, here: str = "") -> str:
    """A channel in words: `kind` "on" («trên Zalo») or "at" («Zalo»); read on the channel `here`."""
    key = f"linking.{kind}-{channel}-other" if channel == here else f"linking.{kind}-{channel}"
    if key not in TEXTS:
        key = f"linking.{kind}-{channel}"
    return text(key if key in TEXTS else f"linking.{kind}-console")


def clock(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M")


def has(scene: Scene, person: str) -> str:
    """How much there is, and nothing of what it is."""
    what = things(scene, person)
    return text("linking.has", {"what": what}) if what else ""


def things(scene: Scene, person: str) -> str:
    drafts = sum(not line.dossier for line in scene.work.drafts.lines(person))
    dossiers = sum(record.status not in FINAL for record in scene.work.dossiers.of_person(person))
    counts = (("linking.has-drafts", drafts), ("linking.has-dossiers", dossiers))
    return text("linking.has-and").join(text(key, {"count": count}) for key, count in counts if count)


def onward(scene: Scene, chat: Chat, *, again: str = "") -> tuple[Button, ...]:
    """Into the draft that is open, to the list, home; `again`: to another code first, for that place."""
    talk = talk_of(chat)
    lines = scene.work.drafts.lines(chat.person or "")
    here = next((line for line in lines if talk is not None and line.id == talk.draft), next(iter(lines), None))
    first = (button("join-again", f"join:{again}" if again != "-" else "join"),) if again else ()
    resume = (button("resume", f"resume:{here.id}"),) if here is not None else ()
    return (*first, *resume, *(() if again else (button("mine"),)), button("menu"))


def way_on(scene: Scene, chat: Chat) -> tuple[Button, ...]:
    """Home, or to the beginning where no office is known yet."""
    return (button("menu"),) if chat.office in scene.world.catalogue.offices else (button("begin", "start"),)


def linked_too(scene: Scene, new: Chat) -> Message:
    """For a chat that was there before."""
    about = {"at": clock(scene.now), "where": place("on", new.channel)}
    return Message(text("linking.told", about), (button("not-me", f"notme:{new.id}"),))


def tell(scene: Scene, chat_id: str, message: Message) -> None:
    """To exactly this chat. Its labels can be typed beside those of the question that is open there."""
    chat = scene.work.chats.get(chat_id)
    if chat is None:
        return
    to_chat(scene, chat, [message])
    talk = talk_of(chat)
    if talk is not None and message.buttons and chat.channel not in WORDED:  # those know them already
        noticed = (*message.buttons, *(one for one in talk.noticed if one not in message.buttons))[:_MOST]
        after = msgspec.structs.replace(talk, noticed=noticed)
        scene.work.chats.save(chat.id, msgspec.json.encode(after), 0)
