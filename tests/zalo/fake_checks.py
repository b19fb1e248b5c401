"""What may be sent to Zalo, as its documentation has it: whatever is not there is a fault of the sender's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import is_normalized

from tests.zalo.fake_model import Bad, Json, State, Upload, against_the_rules

TEXT: Final = 2000
BUTTONS: Final = 5
PHONE: Final = re.compile(r"84[35789]\d{8}")
_MAGIC: Final[Mapping[str, tuple[bytes, ...]]] = {
    "image": (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"),
    "gif": (b"GIF8",),
    "file": (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b""),
}
_SIZE: Final = {"image": 1_048_576, "gif": 5_242_880, "file": 5_242_880}
_ENDINGS: Final = (".pdf", ".doc", ".docx", ".csv")


@dataclass(slots=True)
class Content:
    """What a message turned out to hold."""

    user: str
    text: str = ""
    quote: str = ""
    buttons: tuple[Json, ...] = ()
    upload: Upload | None = None
    card: Json | None = None


def message(state: State, body: Any) -> Content:
    """A consultation message, read strictly."""
    fields(body, "body", {"recipient": dict, "message": dict})
    fields(body["recipient"], "recipient", {"user_id": str})
    user = body["recipient"]["user_id"]
    if not user.isdecimal():
        raise against_the_rules(-201, "user_id is invalid")
    said = body["message"]
    fields(said, "message", {}, {"text": str, "quote_message_id": str, "attachment": dict})
    content = Content(user, quote=said.get("quote_message_id", ""))
    if "text" in said:
        content.text = words(said["text"], "text", TEXT)
    attachment = said.get("attachment")
    if attachment is None:
        if "text" not in said:
            raise against_the_rules(-201, "message is empty")
        return content
    fields(attachment, "attachment", {"type": str, "payload": dict})
    match attachment["type"]:
        case "template":
            _template(state, attachment["payload"], content)
        case "file":
            if "text" in said:
                raise against_the_rules(-201, "text does not go with a file")
            fields(attachment["payload"], "payload", {"token": str})
            content.upload = _uploaded(state, attachment["payload"]["token"], "file")
        case other:
            raise against_the_rules(-233, f"attachment type {other}")
    return content


def _template(state: State, payload: Json, content: Content) -> None:
    kind = payload.get("template_type")
    if kind is None:
        fields(payload, "payload", {"buttons": list})
        if not content.text:
            raise against_the_rules(-201, "buttons without text")
        if not state.buttons_taken:
            raise Bad(-233, "message type is not supported")
        content.buttons = tuple(payload["buttons"])
        _buttons(content.buttons)
    elif kind == "media":
        fields(payload, "payload", {"template_type": str, "elements": list})
        element = _one(payload["elements"])
        fields(element, "element", {"media_type": str, "attachment_id": str})
        if element["media_type"] != "image":
            raise against_the_rules(-201, "media_type")
        content.upload = _uploaded(state, element["attachment_id"], "image")
    elif kind == "request_user_info":
        fields(payload, "payload", {"template_type": str, "elements": list})
        element = _one(payload["elements"])
        fields(element, "element", {"title": str, "subtitle": str, "image_url": str})
        words(element["title"], "title", 100)
        words(element["subtitle"], "subtitle", 500)
        _web(element["image_url"], "image_url")
        if content.text:
            raise against_the_rules(-201, "text does not go with a card")
        if not state.card_taken:
            raise Bad(-233, "message type is not supported")
        content.card = element
    else:
        raise against_the_rules(-233, f"template_type {kind}")


def _buttons(buttons: Iterable[Any]) -> None:
    made = list(buttons)
    if not 1 <= len(made) <= BUTTONS:
        raise against_the_rules(-201, f"{len(made)} buttons")
    for button in made:
        payload_type = str if str(button.get("type", "")).startswith("oa.query.") else dict
        fields(button, "button", {"title": str, "type": str, "payload": payload_type})
        words(button["title"], "title", 100)
        payload = button["payload"]
        match button["type"]:
            case "oa.query.show" | "oa.query.hide":
                if not 1 <= len(payload) <= 1000:
                    raise against_the_rules(-210, "payload is too long")
            case "oa.open.url":
                fields(payload, "payload", {"url": str})
                _web(payload["url"], "url")
            case "oa.open.phone":
                fields(payload, "payload", {"phone_code": str})
            case "oa.open.sms":
                fields(payload, "payload", {"content": str, "phone_code": str})
                words(payload["content"], "content", 160)
            case other:
                raise against_the_rules(-201, f"button type {other}")


def upload(what: str, name: str, data: bytes) -> None:
    """A file as it may be uploaded."""
    if len(data) > _SIZE[what]:
        raise against_the_rules(-210, "file is too large")
    if not data.startswith(_MAGIC[what]):
        raise against_the_rules(-201, "file is invalid. We only support png and jpeg")
    if what == "file" and not name.lower().endswith(_ENDINGS):
        raise against_the_rules(-201, f"file is invalid: {name}")


def template(state: State, body: Any) -> None:
    """A template by phone, read strictly."""
    fields(
        body,
        "body",
        {"phone": str, "template_id": str, "template_data": dict, "tracking_id": str},
        {"mode": str, "sending_mode": str},
    )
    if not PHONE.fullmatch(body["phone"]):
        raise against_the_rules(-108, "phone is invalid")
    if not 1 <= len(body["tracking_id"]) <= 48:
        raise against_the_rules(-122, "tracking_id")
    params = state.templates.get(body["template_id"])
    if params is None:
        raise Bad(-109, "template is invalid")
    data = body["template_data"]
    for name, longest in params.items():
        if name not in data:
            raise against_the_rules(-1122, f"{name} is missing")
        if not isinstance(data[name], str):
            raise against_the_rules(-112, f"{name} is no string")
        if len(data[name]) > longest:
            raise against_the_rules(-1121, f"{name} is too long")
    if set(data) - set(params):
        raise against_the_rules(-132, f"unknown {sorted(set(data) - set(params))}")


def fields(value: Any, where: str, needed: Mapping[str, type], others: Mapping[str, type] | None = None) -> None:
    """An object with these fields and no others, each of its type."""
    if not isinstance(value, dict):
        raise against_the_rules(-201, f"{where} is no object")
    known = {**needed, **(others or {})}
    for name, found in value.items():
        if name not in known:
            raise against_the_rules(-201, f"{where} has an unknown field {name}")
        if type(found) is not known[name]:
            raise against_the_rules(-201, f"{where}.{name} is a {type(found).__name__}")
    for name in needed:
        if name not in value:
            raise against_the_rules(-201, f"{where} has no {name}")


def words(text: str, where: str, longest: int) -> str:
    """Composed, not empty and not too long."""
    if not text.strip():
        raise against_the_rules(-201, f"{where} is empty")
    if not is_normalized("NFC", text):
        raise against_the_rules(-201, f"{where} is not NFC")
    if len(text) > longest:
        raise against_the_rules(-210, f"{where} has {len(text)} characters")
    if "[@" in text:
        raise against_the_rules(-201, f"{where} mentions somebody")
    return text


def _web(address: str, where: str) -> None:
    if not address.startswith("https://"):
        raise against_the_rules(-201, f"{where} is no https address")


def _one(elements: list[Any]) -> Any:
    if len(elements) != 1:
        raise against_the_rules(-201, f"{len(elements)} elements")
    return elements[0]


def _uploaded(state: State, key: str, what: str) -> Upload:
    found = state.uploads.get(key)
    if found is None:
        raise Bad(-100, "attachment_id is expired")
    if found.what != what:
        raise against_the_rules(-201, f"{found.what} sent as {what}")
    return found
