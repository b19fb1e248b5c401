"""A key typed from paper: forgiving of how, exact in what, and it says where the mistake is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import paper_key
from storage.paper_key import GROUPS, Mistyped, groups, typed

KEYS = st.binary(min_size=32, max_size=32)
NUMBERS = st.integers(1, 255)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@given(NUMBERS, KEYS)
def test_what_is_on_paper_comes_back_however_it_is_typed(number: int, key: bytes) -> None:
    shown = groups(number, key)
    assert len(shown) == GROUPS
    assert {len(group) for group in shown} == {5}
    for text in (" ".join(shown), "-".join(shown).lower(), "".join(shown), "\n".join(shown) + "\n"):
        assert typed(text) == (number, key)
    forgiving = " ".join(shown).replace("0", "o").replace("1", "l")
    assert typed(forgiving) == (number, key)


@given(NUMBERS, KEYS, st.integers(0, GROUPS - 1), st.integers(0, 4), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_found_with_its_group(number: int, key: bytes, at: int, place: int, letter: str) -> None:
    shown = list(groups(number, key))
    wrong = shown[at][:place] + letter + shown[at][place + 1 :]
    if wrong != shown[at]:
        shown[at] = wrong
        with pytest.raises(Mistyped) as mistake:
            typed(" ".join(shown))
        assert mistake.value.group == at + 1


@given(KEYS, st.integers(0, GROUPS - 1), st.integers(0, 3))
def test_two_letters_that_changed_places_are_found(key: bytes, at: int, place: int) -> None:
    shown = list(groups(1, key))
    one = list(shown[at])
    one[place], one[place + 1] = one[place + 1], one[place]
    if "".join(one) != shown[at]:
        shown[at] = "".join(one)
        with pytest.raises(Mistyped) as mistake:
            typed("".join(shown))
        assert mistake.value.group == at + 1


@given(KEYS, st.integers(0, GROUPS - 2))
def test_groups_that_changed_places_are_found(key: bytes, at: int) -> None:
    shown = list(groups(1, key))
    shown[at], shown[at + 1] = shown[at + 1], shown[at]
    with pytest.raises(Mistyped) as mistake:
        typed(" ".join(shown))
    assert mistake.value.group == at + 1


@pytest.mark.parametrize(
    ("change", "group"),
    [
        (lambda shown: shown[:-1], 14),  # the last one is missing
        (lambda shown: [*shown, "00000"], 14),
        (lambda shown: [shown[0], shown[1][:-1], *shown[2:]], 2),  # a letter is missing
        (lambda shown: ["U" + shown[0][1:], *shown[1:]], 1),  # a letter that is never used
        (lambda shown: shown[:0], 1),
    ],
)
def test_what_is_too_short_or_long_is_said(change: Callable[[list[str]], list[str]], group: int) -> None:
    with pytest.raises(Mistyped) as mistake:
        typed(" ".join(change(list(groups(1, b"k" * 32)))))
    assert mistake.value.group == group


def test_right_groups_of_two_sheets_are_no_key() -> None:
    one, other = groups(1, b"a" * 32), groups(1, b"b" * 32)
    with pytest.raises(Mistyped) as mistake:
        typed(" ".join((*one[:7], *other[7:])))
    assert mistake.value.group == 0


def test_one_group_is_read_as_it_stands_on_paper() -> None:
    shown = groups(1, bytes(32))
    assert paper_key.group(f" {shown[3].lower().replace('0', 'O')} ") == shown[3]
