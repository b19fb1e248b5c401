"""What a channel on which nothing is heard makes of a message: a mail with all around it, or a short message.

Made once, into the row of the outbox, so that a call that is made again says the same in the same mail.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from bot.scene import Scene
from bot.world import fresh
from catalogue.model import Office
from conversations import briefly, mail_words
from conversations.messages import File, Message
from conversations.render import text
from documents.slip import phones
from domain.codes import show
from domain.values import VIETNAM, date_words, moment_words
from handlers import email_page
from handlers.zalo_door import ZNS
from storage.chats import Chat
from storage.dossiers import Record
from storage.sealed import keys

EMAIL: Final = "email"
SMS: Final = "sms"
OFFICE: Final = "office"  # of Message.facts: whose words they are, where no dossier says so

_ROOM: Final = 15 * 1024 * 1024  # bytes; they grow by a third on the way, and servers take 25 MB at most
_NAMES: Final = {
    "subject": email_page.SUBJECT,
    "foot": email_page.FOOT,
    "stop": email_page.STOP,
    "stop-words": email_page.STOP_WORDS,
}


def shaped(scene: Scene, chat: Chat, messages: Sequence[Message], subject: str) -> Sequence[Message]:
    """The messages as the chat's channel takes them; of other channels they stay as they are."""
    shape = _SHAPES.get(chat.channel)
    return shape(scene, chat, messages, subject) if shape is not None and messages else messages


def stop_link(scene: Scene, address: str) -> str:
    """Where whoever got a mail can stop all others; empty where no page of ours can be reached from outside."""
    base = scene.world.settings.public_url.rstrip("/")
    return f"{base}/thu/{stop_token(keys().look_up(address))}" if base else ""


def stop_token(address_key: str) -> str:
    """It never ends: a mail may be opened after years. Only this installation can make one."""
    return address_key + keys().look_up(f"stop mail {address_key}")


def address_key(token: str) -> str:
    """Whose mails a link stops, or empty where it was not made here."""
    half = token[:32]
    return half if hmac.compare_digest(token.encode(), stop_token(half).encode()) else ""


def _mail(scene: Scene, chat: Chat, messages: Sequence[Message], subject: str) -> list[Message]:
    record, office = _about(scene, messages[0], subject)
    settings = scene.world.settings
    about = mail_words.About(
        office.desk,
        phones(office),
        _code(record),
        _page(scene, messages[0], record),
        stop_link(scene, chat.address),
        bool(settings.mail_reply_to),
        f"{settings.public_url.rstrip('/')}/chinhthuc" if settings.public_url else "",
    )
    made = mail_words.mail(_fitting(messages), about, _NAMES)
    return [replace(made, facts={**made.facts, email_page.ID: fresh() + fresh()})]


def _fitting(messages: Sequence[Message]) -> list[Message]:
    """Without files that no mail server would take; the words say where they are."""
    room, found = _ROOM, []
    for message in messages:
        kept: list[File] = []
        over: list[File] = []
        for file in message.files:
            fits = file.size <= room
            room -= file.size if fits else 0
            (kept if fits else over).append(file)
        if over:
            names = ", ".join(file.name for file in over)
            words = "\n\n".join(filter(None, [message.text, text("mail.too-large", {"names": names})]))
            message = replace(message, text=words, files=tuple(kept))  # noqa: PLW2901 - the same, but for these
        found.append(message)
    return found


def _page(scene: Scene, message: Message, record: Record | None) -> str:
    base = scene.world.settings.public_url.rstrip("/")
    if not base:
        return ""
    if message.template == mail_words.STAFF:
        return f"{base}/canbo"
    return f"{base}/?p={show(record.tracking_code)}" if record else f"{base}/"


def _short(scene: Scene, _: Chat, messages: Sequence[Message], subject: str) -> list[Message]:
    settings = scene.world.settings
    record, office = _about(scene, messages[0], subject)
    about = briefly.About(
        office.short_name,
        _code(record),
        date_words(record.due_at.astimezone(VIETNAM).date()) if record and record.due_at else "",
        moment_words(record.appointment_at) if record and record.appointment_at else "",
        settings.public_url.rstrip("/"),
        phones(office).partition(",")[0],
        office.practice,
    )
    said = dict.fromkeys(briefly.short(message, about, plain=settings.sms_plain) for message in messages)
    return [Message(words, template=messages[0].template, facts={"id": fresh()}) for words in said]


def _templated(scene: Scene, _: Chat, messages: Sequence[Message], subject: str) -> list[Message]:
    """Zalo's templates say who writes and of which dossier, never what the matter is: a third party reads them."""
    record, office = _about(scene, messages[0], subject)
    known = {
        "office": office.short_name,
        "dossier": _code(record),
        "phone": phones(office).partition(",")[0],
    }
    kinds = {message.template: message for message in messages}
    return [replace(one, facts={**one.facts, **known, "id": fresh()}, files=(), buttons=()) for one in kinds.values()]


def _about(scene: Scene, message: Message, subject: str) -> tuple[Record | None, Office]:
    kind, _, dossier = subject.partition(":")
    record = scene.work.dossiers.get(dossier) if kind == "dossier" else None
    return record, scene.world.office(record.office if record else message.facts.get(OFFICE, ""))


def _code(record: Record | None) -> str:
    """The one code to call a dossier by."""
    return (record.official_code or show(record.tracking_code)) if record else ""


_SHAPES: Final[Mapping[str, Callable[[Scene, Chat, Sequence[Message], str], Sequence[Message]]]] = {
    EMAIL: _mail,
    SMS: _short,
    ZNS: _templated,
}
