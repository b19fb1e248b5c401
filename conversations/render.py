"""Texts by key, and what a conversation says made into a message."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import tomli

from conversations.messages import Button, Message
from conversations.state import Say

LONGEST_LABEL: Final = 60  # characters; a messenger cuts longer ones off

_FOLDER: Final = Path(__file__).parent / "texts" / "vi"


def _load(folder: Path) -> dict[str, str]:
    """Every text, keyed "conversation.moment"; the file's name is the conversation."""
    return {
        f"{path.stem}.{moment}": words
        for path in sorted(folder.glob("*.toml"))
        for moment, words in tomli.loads(path.read_text(encoding="utf-8")).items()
    }


TEXTS: Final[Mapping[str, str]] = _load(_FOLDER)


def text(key: str, blanks: Mapping[str, object] | None = None) -> str:
    """The text under this key; what stands in a blank is put in as it is, braces and all."""
    return TEXTS[key].format_map(blanks or {}).strip()


def button(key: str, value: str = "", blanks: Mapping[str, object] | None = None) -> Button:
    """The button with the label under "button."; without a value it presses its own key."""
    return Button(short(text(f"button.{key}", blanks)), value or key)


def short(label: str, longest: int = LONGEST_LABEL) -> str:
    """The label on one line, cut at a word where it is too long."""
    label = " ".join(label.split())
    if len(label) <= longest:
        return label
    return label[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:–-(") + "…"


def message(say: Say) -> Message:
    buttons = tuple(b if isinstance(b, Button) else button(b) for b in say.buttons)
    words = text(say.key, say.blanks)
    return Message(f"{say.head}\n{words}" if say.head else words, buttons, say.files, asks=say.asks)
