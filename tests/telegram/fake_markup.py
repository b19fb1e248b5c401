"""Keyboards under messages: what of them Telegram refuses."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from tests.telegram.fake_model import Button, Json, bad, buttons_of

MOST_INLINE: Final = 100
IN_ROW: Final = 8
MOST_KEYS: Final = 300
PLAIN: Final = {"text", "icon_custom_emoji_id", "style"}
DEEP_LINK: Final = re.compile(r"https?://(?:t|telegram)\.me/\w+\?(?:start|startgroup)=(.*)")


def keyboard_of(markup: Json | None, *, private: bool) -> tuple[list[list[Button]], list[list[Button]]]:
    """Inline buttons and reply keys."""
    markup = markup or {}
    inline = buttons_of(markup.get("inline_keyboard"))
    keys = buttons_of(markup.get("keyboard"))
    every = [button for row in inline for button in row]
    if len(every) > MOST_INLINE or any(len(row) > IN_ROW for row in inline):
        raise bad("reply markup is too long", blame=True)
    if sum(map(len, keys)) > MOST_KEYS:
        raise bad("reply markup is too long", blame=True)
    for button in every:
        _check_inline(button)
    for key in [key for row in keys for key in row]:
        if not key.label:
            raise bad("reply keyboard button text must be non-empty", blame=True)
        if key.asks_contact and not private:
            raise bad("phone number can be requested in private chats only", blame=True)
    return inline, keys


def _check_inline(button: Button) -> None:
    if not button.label:
        raise bad("inline keyboard button text must be non-empty", blame=True)
    actions = button.raw.keys() - PLAIN
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", blame=True)
    if len(actions) > 1:
        raise bad("fake: a button may do one thing, not " + " and ".join(sorted(actions)), blame=True)
    if button.data is not None and not 1 <= len(button.data.encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID", blame=True)
    if button.url is not None:
        _check_url(button.url)


def _check_url(url: str) -> None:
    parts = urlsplit(url if "//" in url or ":" in url else f"http://{url}")
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https", "tg", "ton"} or (parts.scheme.startswith("http") and "." not in host):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL", blame=True)
    deep = DEEP_LINK.fullmatch(url)
    if deep and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", deep[1]):
        raise bad(f"fake: no deep link can carry {deep[1]!r}", blame=True)
