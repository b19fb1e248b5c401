"""The officers' texts and the notices: every key that the code uses exists, none is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversations.render import TEXTS

CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("bot", "conversations", "domain")
    for path in sorted((Path(__file__).parents[2] / folder).glob("*.py"))
)
OURS = ("staff", "staff-button", "cards", "notices", "not-allowed", "wrong", "money", "post")
TOLD_APART = {"today-none", "overdue-none", "mine-none"}  # f"{key}-none" in conversations/staff_commands.py


def pattern(written: str) -> re.Pattern[str]:
    """What is filled into a key may be any words."""
    return re.compile(re.sub(r"\\\{[^}]*\\\}", "[a-z0-9-]+", re.escape(written)))


def moments(conversation: str) -> list[str]:
    return [key.partition(".")[2] for key in TEXTS if key.startswith(f"{conversation}.")]


@pytest.mark.parametrize("conversation", OURS)
def test_every_key_written_out_exists(conversation: str) -> None:
    written = {key for key in re.findall(rf'"{conversation}\.([^"\n]+)"', CODE) if key[-1] != "-"}
    known = moments(conversation)
    assert [key for key in sorted(written) if not any(pattern(key).fullmatch(m) for m in known)] == []


@pytest.mark.parametrize("conversation", OURS)
def test_no_text_is_left_over(conversation: str) -> None:
    """A key stands in the code behind its conversation's name, or as a moment alone; nowhere as a mere blank."""
    written = re.findall(rf'"{conversation}\.([^"\n]+)"', CODE) + re.findall(r'"([a-z0-9][a-z0-9{}_.-]*)"', CODE)
    patterns = [pattern(key) for key in written if not key.startswith("{")]
    left = [m for m in moments(conversation) if not any(p.fullmatch(m) for p in patterns)]
    assert sorted(set(left) - TOLD_APART) == []
