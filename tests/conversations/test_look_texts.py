"""The words of looking up and proving: each is used, none is missing, and all are short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversations import challenge
from conversations.render import TEXTS

OURS = ("look-up", "prove", "challenge", "one-time", "staff-prove")
ROOT = Path(__file__).parents[2]
CODE = "\n".join(
    path.read_text(encoding="utf-8") for folder in ("conversations", "bot") for path in (ROOT / folder).glob("*.py")
)
USED = set(re.findall(rf'"((?:{"|".join(OURS)})\.[a-z0-9-]+)"', CODE))
ASKED = {f"challenge.{kind}{end}" for kind in challenge._KINDS for end in ("", "-yes", "-no")}  # noqa: SLF001
MADE = ASKED | {"one-time.prove"}  # put together at run time


def test_every_key_exists_and_none_is_left_over() -> None:
    written = {key for key in TEXTS if key.split(".")[0] in OURS}
    assert {key for key in USED if key not in TEXTS} == set()
    assert written - USED - MADE == set()


@pytest.mark.parametrize("key", [key for key in TEXTS if key.split(".")[0] in OURS])
def test_texts_are_plain_and_short(key: str) -> None:
    words = re.sub(r"\{[a-z_]+\}", "", TEXTS[key])
    assert not re.search(r"[*_`<>#]|https?:", words)
    assert len(words) <= 330
