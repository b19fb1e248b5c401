"""What Zalo's webhooks mean, in the words of conversations/messages.py."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from conversations.messages import (
    UNKNOWN_SIZE,
    UNKNOWN_TYPE,
    ChatEvent,
    ContactShared,
    Event,
    File,
    FileSent,
    Left,
    Pressed,
    TextSent,
    Unsupported,
)
from handlers.plain_text import clean
from handlers.zalo_door import value_of

LARGEST: Final = 25 * 1024 * 1024  # bytes of a file that we fetch
_NAME: Final = 120  # characters
_ID: Final = 64  # characters of a message's id; they are 20 or so
_LOCAL: Final = 9  # digits of a Vietnamese number without its 0
# What a button of ours carries: "menu", "d:…". Somebody may also begin a sentence with "#".
_VALUE: Final = re.compile(r"[a-z][a-z0-9-]*(?::[\x20-\x7e]*)?")
# What staff type into the menu of the account (docs/zalo.md), in words of their language.
_MENU: Final[Mapping[str, str]] = {"tra-cuu": "mine", "gap-can-bo": "call", "huong-dan": "guide", "tim": "find"}
_KINDS: Final[Mapping[str, str]] = {
    "audio": "voice",
    "gif": "video",
    "location": "location",
    "sticker": "sticker",
    "video": "video",
}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What a citizen did: one or several events, each with an id of its own."""

    address: str
    events: Sequence[tuple[str, Event | ChatEvent]]


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody follows the account, or opened the chat for the first time."""

    address: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Messages of ours are on the person's phone, or were `seen`."""

    address: str
    message_ids: tuple[str, ...]
    seen: bool


@dataclass(frozen=True, slots=True)
class TemplateArrived:
    """A template message (ZNS) is on the phone it was sent to."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Echo:
    """What the account itself wrote: our own words come back, or an officer wrote `by_hand` in Zalo's own page.

    `at`: seconds since 1970, as Zalo says.
    """

    address: str
    message_id: str
    words: str
    at: float
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Withdrew:
    """Somebody takes back what they allowed, and wants to be forgotten."""

    address: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing for us; `name` is what Zalo calls it."""

    name: str


Happening = Done | Came | Arrived | TemplateArrived | Echo | Withdrew | Unknown


def read(raw: Json, oa: str, *, template: bool = False) -> Happening:
    """One webhook. `template`: its headers say that it is about a template message. Raises nothing."""
    name = _word(raw.get("event_name"))
    message = _part(raw, "message")
    if template or (message.get("tracking_id") and name == "user_received_message"):
        return TemplateArrived(_word(message.get("msg_id"))) if name == "user_received_message" else Unknown(name)
    ours, theirs = _routed(raw, name)
    if not theirs or ours != oa:
        return Unknown(name)
    event_id = _word(message.get("msg_id"))[:_ID] or f"{name}:{_word(raw.get('timestamp'))}"[:_ID]
    match name:
        case "follow" | "user_click_chatnow":
            return Came(theirs, event_id)
        case "unfollow":
            return Done(theirs, [(event_id, Left("blocked"))])
        case "user_withdraw":
            return Withdrew(theirs, event_id)
        case "user_submit_info":
            return Done(theirs, [(event_id, _shared(_part(raw, "info").get("phone"), own=True))])
        case "user_seen_message" | "user_received_message":
            ids = message.get("msg_ids") or [message.get("msg_id")]
            found = tuple(filter(None, map(_word, ids if isinstance(ids, list) else [ids])))
            return Arrived(theirs, found, seen=name == "user_seen_message")
        case _ if name.startswith("oa_send_") and not name.startswith(("oa_send_anonymous", "oa_send_group")):
            return _echo(raw, theirs, message)
        case _ if name.startswith("user_send_") and not name.startswith("user_send_group"):
            events = _said(message, name)
            many = len(events) > 1
            return Done(theirs, [(f"{event_id}:{n}" if many else event_id, one) for n, one in enumerate(events)])
        case _:
            return Unknown(name)


def phone(number: object) -> str:
    """As people write it, with 0 in front; Zalo gives 84…, also as a number. Empty where it is none."""
    digits = "".join(filter(str.isdecimal, str(number or "")))
    if digits.startswith("84") and len(digits) == _LOCAL + 2:
        return f"0{digits[2:]}"
    if len(digits) == _LOCAL and not digits.startswith("0"):
        return f"0{digits}"
    return digits if digits.startswith("0") and len(digits) > _LOCAL else ""


def _routed(raw: Json, name: str) -> tuple[str, str]:
    """The account and the person."""
    sender, recipient = _word(_part(raw, "sender").get("id")), _word(_part(raw, "recipient").get("id"))
    if name.startswith("oa_"):
        return sender or _word(raw.get("oa_id")), recipient
    person = sender or _word(_part(raw, "follower").get("id")) or _word(raw.get("user_id"))
    return recipient or _word(raw.get("oa_id")), person


def _echo(raw: Json, theirs: str, message: Json) -> Echo:
    moment = _word(raw.get("timestamp"))
    at = int(moment) / 1000 if moment.isdecimal() else 0.0
    by_hand = bool(_word(_part(raw, "sender").get("admin_id")))
    return Echo(theirs, _word(message.get("msg_id")), _text(message), at, by_hand)


def _said(message: Json, name: str) -> list[Event]:
    """Everything that one message brings; what several files of it are said with belongs to the first."""
    text, reply_to = _text(message), _word(message.get("quote_msg_id"))
    found = message.get("attachments")
    attached = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    files = [file for one in attached if (file := _file(one)) is not None]
    album = _word(message.get("msg_id")) if len(files) > 1 else ""
    events: list[Event] = []
    for at, file in enumerate(files):
        if file.size > LARGEST:
            events.append(Unsupported("too-large"))
        elif file.size == 0:
            events.append(Unsupported("empty-file"))
        else:
            events.append(FileSent(file, "" if at else text, album, reply_to))
    if events:
        return events
    if name == "user_send_business_card":
        return [_card(attached)]
    if text:
        return [_typed(text, reply_to)]
    kinds = [_word(one.get("type")) or name.removeprefix("user_send_") for one in attached]
    return [_odd(kind, one) for kind, one in zip(kinds, attached, strict=True)] or [_wordless(name)]


def _typed(text: str, reply_to: str) -> Event:
    """Words, or a button: that comes back as if its payload had been typed."""
    value = value_of(text)
    if value is not None and _VALUE.fullmatch(value):
        return Pressed(_MENU.get(value, value))
    return TextSent(text, reply_to)


def _wordless(name: str) -> Event:
    kind = name.removeprefix("user_send_")
    return TextSent("") if kind == "text" else Unsupported(_KINDS.get(kind, "unknown"))


def _odd(kind: str, one: Json) -> Event:
    link = _word(_part(one, "payload").get("url")) if kind == "link" else ""
    return TextSent(link) if link else Unsupported(_KINDS.get(kind, "unknown"))


def _card(attached: Sequence[Json]) -> Event:
    """Somebody's card out of Zalo, most likely another's: its description is JSON with a number."""
    described = _word(_part(attached[0], "payload").get("description")) if attached else ""
    try:
        known = json.loads(described)
    except (ValueError, RecursionError):
        known = {}
    return _shared(known.get("phone") if isinstance(known, dict) else "", own=False)


def _shared(number: object, *, own: bool) -> Event:
    """What is shared on request is what the person has typed into Zalo: claimed, and nobody vouches for it."""
    found = phone(number)
    return ContactShared(found, own, claimed=own) if found else Unsupported("contact")


def _file(one: Json) -> File | None:
    payload, kind = _part(one, "payload"), one.get("type")
    url = _word(payload.get("url"))
    if not url or kind not in ("image", "file", "audio"):
        return None
    if kind == "audio":  # mostly no use to us; whether it is, a conversation knows
        return File(url, "audio/amr", UNKNOWN_SIZE)
    if kind == "image":
        return File(url, "image/jpeg", UNKNOWN_SIZE)  # as it nearly always is; the bytes will tell
    name = re.sub(r"[\x00-\x1f\x7f]", "", _word(payload.get("name")))[-_NAME:]
    ending = _word(payload.get("type"))
    known = mimetypes.guess_type(name)[0] or (mimetypes.guess_type(f"x.{ending}")[0] if ending.isalnum() else None)
    size = _word(payload.get("size"))
    return File(url, known or UNKNOWN_TYPE, int(size) if size.isdecimal() else UNKNOWN_SIZE, name)


def _text(message: Json) -> str:
    return _word(message.get("text"))


def _part(raw: Json, name: str) -> Json:
    found = raw.get(name)
    return found if isinstance(found, Mapping) else {}


def _word(found: object) -> str:
    """A string, or a number as one; anything else is nothing."""
    if isinstance(found, str):
        return clean(found)
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""
