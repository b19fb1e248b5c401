"""One-time codes: six digits sent to a phone number or an e-mail address, kept hashed, good for ten minutes."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Final, NamedTuple

from bot import limits, reach
from bot.scene import Scene
from conversations.messages import Message
from conversations.render import TEXTS, text
from domain.rights import EMAIL, PHONE
from storage.chats import Chat
from storage.codes import Code
from storage.sealed import keys

DIGITS: Final = 6
MINUTES: Final = 10
TRIES: Final = 5  # wrong codes, after which only a new one helps
ENTER: Final = "log-in"  # the purpose of an officer's, of which strangers use nothing up
TEMPLATE: Final = "code"  # under which channels that send approved words alone know it


class Checked(NamedTuple):
    """What became of a code that was typed.

    `state`: "ok" (it is used up), "wrong" (it may be tried again), "over" (too late, or too often wrong), "none" (no
    code is waited for here).
    """

    state: str
    target: str = ""
    subject: str = ""
    kind: str = ""


def ask(
    scene: Scene,
    chat: Chat,
    purpose: str,
    kind: str,
    target: str,
    subject: str = "",
    words: Callable[[str], Message] | None = None,
) -> str | None:
    """Send a new code to a phone number (E.164) or e-mail address; gives the channel that it goes by.

    None where there is no such channel here, or where this number, chat or network has had enough of them; `can_send`
    tells the two apart. A code asked for earlier for the same purpose in this chat is void. `words` makes the message
    of the code; else it is the text "one-time.<purpose>".
    """
    if not can_send(scene, kind):
        return None
    limit = limits.ENTER if purpose == ENTER else limits.CODE
    if not limits.allowed(scene, limit, f"chat:{chat.id}", f"net:{scene.network}", f"number:{target}"):
        limits.over(scene, chat, limit)
        return None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    message = words(code) if words else _words(scene, chat, purpose, code)
    sent = _send(scene, kind, target, message)
    if sent is not None:
        seconds = MINUTES * 60.0
        scene.work.codes.add(chat.id, purpose, _hashed(chat.id, purpose, code), (kind, target), seconds, subject)
    return sent


def check(scene: Scene, chat: Chat, code: str, purpose: str) -> Checked:
    """Whether this is the code; each wrong one counts, and the right one is used up."""
    known = scene.work.codes.get(chat.id, purpose)
    if known is None:
        return Checked("none")
    if known.wrong >= TRIES or known.expires <= scene.work.machine_now():
        return Checked("over", known.target, known.subject, known.kind)
    if not hmac.compare_digest(known.digest, _hashed(chat.id, purpose, code)):
        return _wrong(scene, chat, known)
    scene.work.codes.spend(known)
    return Checked("ok", known.target, known.subject, known.kind)


def waits(scene: Scene, chat: Chat, purpose: str) -> bool:
    """Whether a code that is still good is waited for."""
    known = scene.work.codes.get(chat.id, purpose)
    return known is not None and known.wrong < TRIES and known.expires > scene.work.machine_now()


def can_send(scene: Scene, kind: str) -> bool:
    """Whether there is a channel here to send a code to a number or address."""
    wanted = {PHONE: {reach.SMS, reach.ZNS}, EMAIL: {reach.EMAIL}}[kind]
    return bool(wanted & reach.channels(scene))


def _send(scene: Scene, kind: str, target: str, message: Message) -> str | None:
    if kind == EMAIL:
        return reach.EMAIL if reach.to_email(scene, target, message) else None
    by = reach.ZNS if reach.templated(scene, message) else reach.SMS
    return by if reach.to_phone(scene, target, message) else None


def _words(scene: Scene, chat: Chat, purpose: str, code: str) -> Message:
    key = f"one-time.{purpose}" if f"one-time.{purpose}" in TEXTS else "one-time.code"
    about = {"code": code, "office": scene.world.office(chat.office).short_name, "minutes": MINUTES}
    return Message(text(key, about), template=TEMPLATE, facts={"code": code})


def _wrong(scene: Scene, chat: Chat, known: Code) -> Checked:
    scene.work.codes.wrong(known)
    last = known.wrong + 1 >= TRIES
    if last:
        limits.over(scene, chat, "wrong-code")
    return Checked("over" if last else "wrong", known.target, known.subject, known.kind)


def _hashed(chat: str, purpose: str, code: str) -> str:
    return keys().look_up(f"code {purpose} {chat} {code}")
