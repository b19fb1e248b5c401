"""One message as one call's body: plain JSON, as Zalo's consultation messages have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from unicodedata import normalize

from conversations.messages import Button, Message
from handlers.zalo_door import payload

TEXT: Final = 2000  # characters, in NFC
BUTTONS: Final = 5
TITLE: Final = 100  # characters of a button or a card's title
SUBTITLE: Final = 500
HIDDEN: Final = "oa.query.hide"  # the payload comes back as a text that the chat does not show

Json = dict[str, Any]


def composed(text: str) -> str:
    """As Zalo counts it; and without `[@`, which in words of ours would call somebody."""
    return normalize("NFC", text).replace("[@", "[\u200b@")


def spoken(message: Message) -> str:
    """The text as it is sent: under the name of who speaks, where it is not the bot."""
    return f"{message.speaker}:\n{message.text}".rstrip() if message.speaker else message.text


def text(user: str, words: str, quote: str = "", buttons: Sequence[Button] = ()) -> Json:
    """Words, in reply to a message of theirs where `quote` is its id, and at most five buttons."""
    said: Json = {"text": cut(composed(words), TEXT)}
    if quote:
        said["quote_message_id"] = quote
    if buttons:
        made = [
            {"title": cut(composed(button.label), TITLE), "type": HIDDEN, "payload": payload(button.value)}
            for button in buttons[:BUTTONS]
        ]
        said["attachment"] = {"type": "template", "payload": {"buttons": made}}
    return _to(user, said)


def image(user: str, attachment: str, words: str = "") -> Json:
    """A picture that was uploaded, and words with it."""
    element = {"media_type": "image", "attachment_id": attachment}
    said: Json = {"text": cut(composed(words), TEXT)} if words else {}
    said["attachment"] = {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
    return _to(user, said)


def paper(user: str, token: str) -> Json:
    """A file that was uploaded; words can't go with it."""
    return _to(user, {"attachment": {"type": "file", "payload": {"token": token}}})


def contact_card(user: str, title: str, words: str, picture: str) -> Json:
    """A card with which the person may hand over name and number; Zalo asks for a picture on it."""
    element = {
        "title": cut(composed(title), TITLE),
        "subtitle": cut(composed(words), SUBTITLE),
        "image_url": picture,
    }
    payload = {"template_type": "request_user_info", "elements": [element]}
    return _to(user, {"attachment": {"type": "template", "payload": payload}})


def cut(words: str, longest: int) -> str:
    """No more than so many characters."""
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def _to(user: str, said: Json) -> Json:
    return {"recipient": {"user_id": user}, "message": said}
