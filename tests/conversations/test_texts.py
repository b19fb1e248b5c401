"""Every text that the citizens' conversations use exists, none is left over, and all are easy to read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversations.render import LONGEST_LABEL, TEXTS

OURS = (
    "apply",
    "call",
    "common",
    "doubt",
    "find",
    "form",
    "guide",
    "menu",
    "misfit",
    "page",
    "papers",
    "review",
    "start",
    "track",
)
ROOT = Path(__file__).parents[2]
CODE = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted([*ROOT.glob("conversations/*.py"), *ROOT.glob("bot/*.py")])
)
USED = set(re.findall(rf'"((?:{"|".join(OURS)})\.[a-z0-9-]+)"', CODE))
BEGINNINGS = tuple(re.findall(rf'f"((?:{"|".join(OURS)})\.[a-z0-9-]*)\{{', CODE))


def test_every_key_used_exists() -> None:
    assert {key for key in USED if key not in TEXTS} == set()
    assert BEGINNINGS
    assert all(any(key.startswith(b) for key in TEXTS) for b in BEGINNINGS)


def test_no_text_is_left_over() -> None:
    ours = {key for key in TEXTS if key.split(".")[0] in OURS}
    # A key whose beginning is all that stands in the code must be the whole of what is computed.
    computed = {key for key in ours if key.startswith(tuple(b for b in BEGINNINGS if not b.endswith(".")))}
    doubts = {key for key in ours if key.startswith("doubt.")}  # named in domain/
    assert ours - USED - computed - doubts - {"page.replaced", "page.merged"} == set()


def test_no_button_is_left_over() -> None:
    labels = {key.removeprefix("button.") for key in TEXTS if key.startswith("button.")}
    assert {label for label in labels if f'"{label}"' not in CODE and f'"button.{label}"' not in CODE} == set()


@pytest.mark.parametrize("key", [key for key in TEXTS if key.startswith("button.")])
def test_labels_fit(key: str) -> None:
    assert 0 < len(TEXTS[key]) <= LONGEST_LABEL


@pytest.mark.parametrize("key", [key for key in TEXTS if key.split(".")[0] in OURS])
def test_texts_are_plain_and_short(key: str) -> None:
    words = re.sub(r"\{[a-z_]+\}", "", TEXTS[key])
    assert not re.search(r"[*_`<>#]|https?:", words)
    # Three short sentences, a list aside; blanks may hold more.
    assert len(words) <= 330
