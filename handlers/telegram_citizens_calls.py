"""One message as one call of the Bot API: plain JSON, of which aiogram's models are made where files go along."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from aiogram.methods import EditMessageCaption, EditMessageText, SendDocument, SendMediaGroup, SendMessage, SendPhoto
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto

from conversations.messages import Button, File, Message
from handlers.telegram_pieces import is_photo, name, rows, spoken, units

log = logging.getLogger(__name__)

Json = dict[str, Any]

REMOVED: Final[Json] = {"remove_keyboard": True}
_QUIET: Final[Json] = {"is_disabled": True}
_OWN_NUMBER: Final = "📱 Gửi số điện thoại của tôi"
_PLACEHOLDER: Final = "Hoặc gõ số điện thoại"
_VALUE: Final = 64  # bytes of a button
_ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}
_NOT_IN_A_NAME: Final = str.maketrans('"\\/\r\n\0', "'_____")


class Text(SendMessage):
    """Of what Telegram answers only the id is read."""

    __returning__: ClassVar[Any] = Json


class Photo(SendPhoto):
    __returning__: ClassVar[Any] = Json


class Paper(SendDocument):
    __returning__: ClassVar[Any] = Json


class Album(SendMediaGroup):
    __returning__: ClassVar[Any] = list[Json]


class TextEdit(EditMessageText):
    __returning__: ClassVar[Any] = Json | bool


class CaptionEdit(EditMessageCaption):
    __returning__: ClassVar[Any] = Json | bool


def words(chat: int, message: Message, markup: Json | None) -> Json:
    """A message without files, as `Text` has it."""
    said: Json = {"text": spoken(message), "entities": _bold(message), "link_preview_options": _QUIET}
    return {**_common(chat, message), **_given(said, markup)}


def other_words(chat: int, message_id: int, message: Message) -> Json:
    """Another message in place of one without files, as `TextEdit` has it."""
    said: Json = {"text": spoken(message), "entities": _bold(message), "link_preview_options": _QUIET}
    return {"chat_id": chat, "message_id": message_id, **_given(said, inline(message.buttons))}


def sending(
    chat: int, message: Message, markup: Json | None, data: Sequence[bytes], *, as_papers: bool = False
) -> TelegramMethod[Any]:
    """`data` are the bytes of the message's files; `as_papers` where Telegram can't make photos of them."""
    if not message.files:
        return Text(**words(chat, message, markup))
    common = _common(chat, message)
    photos = all(map(is_photo, message.files)) and not as_papers
    uploads = [BufferedInputFile(one, file_name(file)) for one, file in zip(data, message.files, strict=True)]
    said: Json = {"caption": spoken(message) or None, "caption_entities": _bold(message)}
    if len(uploads) > 1:
        kind: type[InputMediaPhoto | InputMediaDocument] = InputMediaPhoto if photos else InputMediaDocument
        first, *rest = uploads
        return Album(**common, media=[kind(media=first, **said), *(kind(media=upload) for upload in rest)])
    if photos:
        return Photo(**common, photo=uploads[0], **_given(said, markup))
    return Paper(**common, document=uploads[0], **_given(said, markup))


def editing(chat: int, message_id: int, message: Message) -> TelegramMethod[Any]:
    """The words and the buttons; files stay as they are."""
    if not message.files:
        return TextEdit(**other_words(chat, message_id, message))
    said: Json = {"caption": spoken(message), "caption_entities": _bold(message)}
    return CaptionEdit(chat_id=chat, message_id=message_id, **_given(said, inline(message.buttons)))


def inline(buttons: Sequence[Button]) -> Json | None:
    """Buttons under the message."""
    laid = [
        [{"text": _label(button), "callback_data": button.value} for button in row]
        for row in rows([button for button in buttons if _can_be_pressed(button)])
    ]
    return {"inline_keyboard": laid} if laid else None


def own_number(buttons: Sequence[Button]) -> Json:
    """A keyboard whose first key sends the person's own number; the others send their labels, as if pressed."""
    keys: list[list[Json]] = [[{"text": _OWN_NUMBER, "request_contact": True}]]
    keys += [[{"text": _label(button)} for button in row] for row in rows(buttons)]
    shape = {"resize_keyboard": True, "one_time_keyboard": True, "input_field_placeholder": _PLACEHOLDER}
    return {"keyboard": keys, **shape}


def file_name(file: File) -> str:
    """The name under which a file is shown; it stands in a header, so what would end the header is left out."""
    return file.name.translate(_NOT_IN_A_NAME) or f"giay-to{_ENDINGS.get(file.media_type, '')}"


def _common(chat: int, message: Message) -> Json:
    if not message.reply_to.isdecimal():
        return {"chat_id": chat}
    reply = {"message_id": int(message.reply_to), "allow_sending_without_reply": True}
    return {"chat_id": chat, "reply_parameters": reply}


def _given(said: Json, markup: Json | None) -> Json:
    """Only what there is: what is not set is not sent."""
    given = {key: value for key, value in said.items() if value is not None}
    return given if markup is None else {**given, "reply_markup": markup}


def _bold(message: Message) -> list[Json] | None:
    """The name of who speaks stands out. There is no markup in the text, so nothing in it needs escaping."""
    who = name(message)
    return [{"type": "bold", "offset": 0, "length": units(who) + 1}] if who else None


def _label(button: Button) -> str:
    return " ".join(button.label.split()) or "…"


def _can_be_pressed(button: Button) -> bool:
    """One button that Telegram does not take would cost the whole message."""
    if 0 < len(button.value.encode()) <= _VALUE:
        return True
    log.error("a button's value is empty or too long: %d characters", len(button.value))
    return False
