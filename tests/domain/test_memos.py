"""A transfer's code comes through what banks and people do to its words; nothing else is ever taken for one."""

from __future__ import annotations

import random

import pytest

from domain.codes import ALPHABET
from domain.memos import PREFIX, find_memos, new_memo, purpose

TRIES = 10_000
GLUE = ("", " ", ".", "-", "/", "  ", ";", " CT tu ", "GD ", "_")
WORDS = (
    "chuyen tien",
    "nop le phi ho so",
    "Nộp lệ phí",
    "NGUYEN THI HOA chuyen khoan",
    "MBVCB.3278907687.",
    "TKThe :0123456789, tai VCB.",
    "CT DEN:432T2680XKTM9PQX",
    "Trace 123456",
    "MC",
    "FT26327123456789",
    "IBFT",
    "0984123456",
    "cam on mot cua",
    "HS2611230001",
    "GD 789604-040125 00:05:38",
)


def memos(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [new_memo(rng.randbytes(16)) for _ in range(count)]


def noisy(memo: str, rng: random.Random) -> str:
    """As a bank may pass it on: case, spaces, marks, other words and numbers around it."""
    spelt = memo if rng.random() < 0.5 else rng.choice((memo.lower(), memo.capitalize()))
    if rng.random() < 0.3:  # a bank breaks long words, a person groups them
        at = rng.randrange(1, len(spelt))
        spelt = spelt[:at] + rng.choice((" ", "-", ".", "\n")) + spelt[at:]
    before, after = (rng.choice(GLUE).join(rng.sample(WORDS, rng.randrange(3))) for _ in range(2))
    whole = rng.choice(GLUE).join((before, spelt, after))
    if rng.random() < 0.3:
        whole = "".join(c for c in whole if c.isalnum())
    return whole.upper() if rng.random() < 0.5 else whole


def test_of_ten_thousand_noisy_memos_nearly_all_are_found_and_none_is_taken_for_another() -> None:
    rng = random.Random(20261123)
    known = memos(TRIES, 7)
    assert len(set(known)) == TRIES
    everything = frozenset(known)
    right = wrong = 0
    for memo in known:
        named = everything.intersection(find_memos(noisy(memo, rng)))
        right += named == {memo}
        wrong += bool(named - {memo})
    assert wrong == 0
    assert right >= TRIES * 0.99


def test_one_wrong_character_or_two_exchanged_is_no_code() -> None:
    for memo in memos(200, 11):
        for place in range(len(PREFIX), len(memo)):
            for symbol in ALPHABET:
                other = memo[:place] + symbol + memo[place + 1 :]
                assert find_memos(other) == ((memo,) if other == memo else ())
        for place in range(len(PREFIX), len(memo) - 3):
            turned = memo[:place] + memo[place + 1] + memo[place] + memo[place + 2 :]
            assert find_memos(turned) == ((memo,) if turned == memo else ())


def test_words_without_a_code_hold_none() -> None:
    rng = random.Random(3)
    for _ in range(TRIES):
        assert find_memos(" ".join(rng.sample(WORDS, 5))) == ()


def test_two_codes_are_both_named() -> None:
    first, second = memos(2, 5)
    assert find_memos(f"{first} va {second}, {first}") == (first, second)
    assert find_memos(PREFIX + first) == (first,)


def test_the_purpose_leads_with_the_memo_and_fits_every_bank() -> None:
    memo = memos(1, 1)[0]
    assert purpose(memo, "H27.XX.YY-261123-0001") == f"{memo} HS2611230001"
    assert len(purpose(memo, "H27.XX.YY-261123-12345")) <= 25
    assert purpose(memo, "") == memo
    assert find_memos(purpose(memo, "H27.XX.YY-261123-0001")[: len(memo)]) == (memo,)


def test_too_little_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="8 random bytes"):
        new_memo(b"1234567")
