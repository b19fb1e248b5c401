"""A number proven before an officer's eyes: by a code that the citizen's chat shows, or on a dossier."""

from __future__ import annotations

import secrets
from typing import Final

from bot import contacts, decisions, limits, proving
from bot.one_time import DIGITS
from bot.say import by_phone, desk_line, to_citizen
from bot.scene import Scene
from conversations.messages import Message
from conversations.render import button, text
from conversations.staff_state import Officer
from domain.codes import find_official_code, find_tracking_code
from domain.dossier import NotAllowed
from domain.rights import PHONE
from domain.values import show_phone
from storage.chats import Chat
from storage.codes import Code
from storage.dossiers import Record
from storage.sealed import keys

PURPOSE: Final = "desk"
HOW: Final = "clerk"
MINUTES: Final = 30


def make(scene: Scene, chat: Chat, phone: str) -> Message:
    """A code for the citizen to read out; it says nothing to anybody but an officer of the same office."""
    if not limits.allowed(scene, limits.DESK, f"chat:{chat.id}"):
        limits.over(scene, chat, limits.DESK)
        return Message(text("prove.not-sent"), (button("menu"),))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    office = scene.world.office(chat.office).id
    scene.work.codes.add(chat.id, PURPOSE, _hashed(code), (PHONE, phone), MINUTES * 60.0, office)
    shown = {"code": f"{code[:3]} {code[3:]}", "minutes": MINUTES}
    return Message(text("prove.desk-code", shown), (button("menu"),))


def to_prove(scene: Scene, officer: Officer, given: str) -> str:
    """The number behind a code of six digits, or the one that a dossier was handed in with; empty: none."""
    code = _waiting(scene, officer, given)
    if code is not None:
        return code.target
    record = _record(scene, officer, given)
    return contacts.phone_of(scene, record) if record is not None else ""


def prove(scene: Scene, officer: Officer, given: str) -> list[Message]:
    """The officer has seen the card and called the number: whose chat or dossier it is has proven it."""
    code = _waiting(scene, officer, given)
    if code is not None:
        return _by_code(scene, officer, code)
    record = _record(scene, officer, given)
    phone = contacts.phone_of(scene, record) if record is not None else ""
    if record is None or not phone:
        raise NotAllowed("gone")
    proving.prove(scene, record.person, PHONE, phone, HOW, chat=record.chat)
    decisions.note(scene, record, officer.id, "phone-proved", {"phone": phone})
    if not by_phone(scene, record.chat):
        to_citizen(scene, record.chat, _done(officer, phone), f"dossier:{record.id}")
    return [desk_line("phone-proved", phone=show_phone(phone))]


def _by_code(scene: Scene, officer: Officer, code: Code) -> list[Message]:
    chat = scene.work.chats.get(code.chat)
    if chat is None or chat.person is None or not scene.work.codes.spend(code):
        raise NotAllowed("gone")
    proving.prove(scene, chat.person, PHONE, code.target, HOW, chat=chat.id)
    to_citizen(scene, chat.id, _done(officer, code.target))
    return [desk_line("phone-proved", phone=show_phone(code.target))]


def _done(officer: Officer, phone: str) -> Message:
    said = text("prove.done-desk", {"officer": officer.name, "phone": show_phone(phone)})
    return Message(said, (button("look-back", f"look:{phone}"), button("menu")))


def _waiting(scene: Scene, officer: Officer, given: str) -> Code | None:
    digits = "".join(filter(str.isdecimal, given))
    if len(digits) != DIGITS or any(map(str.isalpha, given)):
        return None
    code = scene.work.codes.by_digest(_hashed(digits), PURPOSE)
    return code if code is not None and code.subject == officer.office else None


def _record(scene: Scene, officer: Officer, given: str) -> Record | None:
    code = find_tracking_code(given) or find_official_code(given)
    record = scene.work.dossiers.by_code(code) if code else None
    if record is None or record.office != officer.office:
        return None
    # While somebody helps, the dossier is the helper's, and whoever stands at the desk is not.
    return record if record.body.helper is None or by_phone(scene, record.chat) else None


def _hashed(code: str) -> str:
    return keys().look_up(f"code {PURPOSE} {code}")
