"""The second opinion: teremok, made by others, looks at every call that the citizens' bot would make."""

from __future__ import annotations

from aiogram import Bot
from hypothesis import given, settings
from teremok.validation import validate_method

from conversations.messages import Button, Message
from handlers.telegram_citizens_calls import editing, inline, own_number, sending
from handlers.telegram_pieces import fit, pieces
from tests.handlers.telegram_said import MESSAGES, YES

BOT = Bot("1:second-opinion")


@settings(max_examples=40, deadline=None)  # models of 25 files take their time
@given(MESSAGES)
def test_every_piece_is_a_call_that_telegram_takes(messages: list[Message]) -> None:
    for piece in pieces(messages):
        markup = own_number(piece.buttons) if piece.asks else inline(piece.buttons)
        data = [b"x"] * len(piece.files)
        for as_papers in (False, True):
            validate_method(BOT, sending(1, piece, markup, data, as_papers=as_papers))


@settings(max_examples=40, deadline=None)
@given(MESSAGES)
def test_every_edit_is_a_call_that_telegram_takes(messages: list[Message]) -> None:
    for message in (message for message in messages if message.text.strip()):
        validate_method(BOT, editing(1, 2, fit(message)))


def test_buttons_that_telegram_refuses_are_left_out() -> None:
    buttons = (Button("Dài", "ộ" * 22), Button("Rỗng", ""), YES)
    validate_method(BOT, sending(1, Message("Chọn", buttons), inline(buttons), []))
