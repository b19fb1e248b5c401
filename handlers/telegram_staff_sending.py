"""Words, cards and papers on their way to officers: each message is one call."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Sequence
from typing import Final

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram import Message as Shown
from telegram.error import BadRequest

from conversations.messages import File, Message, Sent
from handlers.telegram_door import Load
from handlers.telegram_pieces import fit, is_photo, rows, spoken, units
from handlers.telegram_staff_errors import photo_refused, told, unchanged_is_well

log = logging.getLogger(__name__)

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)  # a citizen's link is not fetched for everybody to look at
_VALUE: Final = 64  # bytes of a button
_UNFIT: Final = frozenset('"\\/:*?<>|')  # for the name of a file, somewhere


async def send(bot: Bot, load: Load, address: str, message: Message) -> Sent:
    """A text, or files with a caption."""
    chat = int(address)
    if message.files:
        files = [(await load(file.ref), _name(file)) for file in message.files]
        photos = all(map(is_photo, message.files))
        with told(group=chat < 0):
            try:
                album = await _send_files(bot, chat, message, files, as_photos=photos)
            except BadRequest as error:
                if not photos or not photo_refused(error):
                    raise
                album = await _send_files(bot, chat, message, files, as_photos=False)
            first, *more = (str(one.message_id) for one in album)
            return Sent(first, tuple(more))
    text = spoken(fit(message) if message.card else message)
    with told(group=chat < 0):
        shown = await bot.send_message(
            chat,
            text,
            entities=_bold(message, text),
            reply_markup=_keyboard(message),
            reply_parameters=_reply(message),
            link_preview_options=_NO_PREVIEW,
        )
        return Sent(str(shown.message_id))


async def edit(bot: Bot, address: str, message_id: str, message: Message) -> None:
    """New words and buttons for old ones."""
    chat, number = int(address), int(message_id)
    text = spoken(fit(message))
    with told(group=chat < 0), unchanged_is_well():
        await bot.edit_message_text(
            text,
            chat_id=chat,
            message_id=number,
            entities=_bold(message, text),
            reply_markup=_keyboard(message),
            link_preview_options=_NO_PREVIEW,
        )


async def _send_files(
    bot: Bot, chat: int, message: Message, files: Sequence[tuple[bytes, str]], *, as_photos: bool
) -> Sequence[Shown]:
    caption, reply = spoken(message) or None, _reply(message)
    bold = _bold(message, caption or "")
    if len(files) > 1:
        kind = InputMediaPhoto if as_photos else InputMediaDocument
        album = [kind(data, filename=name) for data, name in files]
        return await bot.send_media_group(chat, album, caption=caption, caption_entities=bold, reply_parameters=reply)
    [(data, name)] = files
    send_it = bot.send_photo if as_photos else bot.send_document
    shown = await send_it(
        chat,
        data,
        filename=name,
        caption=caption,
        caption_entities=bold,
        reply_markup=_keyboard(message),
        reply_parameters=reply,
    )
    return (shown,)


def _name(file: File) -> str:
    """With the ending that belongs to its media type, since that is what PTB tells Telegram."""
    name = "".join(letter for letter in file.name if letter.isprintable() and letter not in _UNFIT)
    if mimetypes.guess_type(name)[0] == file.media_type:
        return name
    return (name or "giay") + (mimetypes.guess_extension(file.media_type) or "")


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """Without a button that Telegram would refuse, and with it the whole message."""
    buttons = [b for b in message.buttons if b.label.strip() and 0 < len(b.value.encode()) <= _VALUE]
    if len(buttons) < len(message.buttons):
        log.error("a button was left out: %s", [b.value[:20] for b in message.buttons if b not in buttons])
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, callback_data=b.value) for b in row] for row in rows(buttons)]
    )


def _reply(message: Message) -> ReplyParameters | None:
    """What it answers may have been deleted meanwhile: it is sent all the same."""
    if not message.reply_to.isdecimal():
        return None
    return ReplyParameters(int(message.reply_to), allow_sending_without_reply=True)


def _bold(message: Message, text: str) -> tuple[MessageEntity, ...] | None:
    """A card's first line, so that one card is told from the next, or the name of who speaks."""
    first = text.partition("\n")[0].rstrip()
    if not first or not (message.card or message.speaker):
        return None
    return (MessageEntity(MessageEntity.BOLD, 0, units(first)),)
