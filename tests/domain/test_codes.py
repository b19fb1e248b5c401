"""Tracking codes survive being read out and typed; a slip of the finger never opens another dossier."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codes import (
    ALPHABET,
    find_official_code,
    find_tracking_code,
    is_part,
    looks_like_code,
    looks_like_part,
    new_tracking_code,
    normalise,
    official_code,
    show,
)

CODE = new_tracking_code(bytes(range(1, 17)))
CODES = st.binary(min_size=16, max_size=16).map(new_tracking_code)


def test_the_alphabet_is_prime_and_has_no_look_alikes() -> None:
    size = len(ALPHABET)
    assert (size, [n for n in range(2, size) if size % n == 0]) == (23, [])
    assert sorted(set(ALPHABET) & set("0O1IL2Z5S8BUV")) == []
    assert size**12 > 2**50


def test_a_code_is_made_from_its_bytes_alone() -> None:
    assert (CODE, show(CODE)) == ("4ADAFP6RYPA97", "4ADA-FP6R-YPA97")


def test_too_few_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        new_tracking_code(bytes(15))


@given(CODES)
def test_a_code_is_known_again_however_it_is_typed(code: str) -> None:
    ways = (code, show(code), show(code).lower(), " ".join(code), show(code).replace("-", "–"), f"\u200b{code}\n")
    assert [normalise(way) for way in ways] == [code] * len(ways)


@given(CODES, st.integers(0, 12), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(code: str, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    assert (normalise(typed) == code) is (typed == code)
    assert (normalise(typed) is None) is (typed != code)


@given(CODES, st.integers(0, 11))
def test_two_neighbours_exchanged_are_always_noticed(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (normalise(typed) is None) is (typed != code)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4ADA-FP6R-YPA97", CODE),
        ("mã của tôi là 4ada fp6r ypa97 nhé", CODE),
        ("tra giúp em 4ADAFP6RYPA97.", CODE),
        ("(4ADA-FP6R-YPA97)", CODE),
        ("MA 4ADA FP6R YPA97 CHAY", CODE),
        ("4ADA-FP6R-YPA96", None),
        ("xin giấy độc thân", None),
        ("042194001234", None),
        ("", None),
    ],
)
def test_a_code_is_found_within_a_sentence(text: str, found: str | None) -> None:
    assert find_tracking_code(text) == found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("4ADA-FP6R-YPA96", True),
        ("4ada fp6r ypa9", True),
        ("tra mã 4ADAFP6RYPA96", True),
        ("0ADA-FP6R-YPA97", True),
        ("042194001234", False),
        ("0984 123 456", False),
        ("H27.00.00-261123-0001", False),
        ("xin giấy độc thân", False),
        ("con tôi sinh 12/11/2026", False),
        ("", False),
    ],
)
def test_a_mistyped_code_is_told_from_other_words(text: str, meant: bool) -> None:  # noqa: FBT001 - a table
    assert looks_like_code(text) is meant


def test_official_codes_start_each_day_at_one() -> None:
    codes = [official_code("H27.xx.yy", date(2026, 11, day), n) for day, n in ((23, 1), (23, 2), (25, 1))]
    assert codes == ["H27.XX.YY-261123-0001", "H27.XX.YY-261123-0002", "H27.XX.YY-261125-0001"]
    assert [a < b for a, b in pairwise(codes)] == [True, True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hồ sơ h27.xx.yy-261123-0001 tới đâu rồi", "H27.XX.YY-261123-0001"),
        ("000.12.33.H27-210722-0001", "000.12.33.H27-210722-0001"),
        ("H27.12.33-261123-00012.", "H27.12.33-261123-00012"),
        ("4ADA-FP6R-YPA97", None),
    ],
)
def test_an_official_code_is_found_within_a_sentence(text: str, found: str | None) -> None:
    assert find_official_code(text) == found


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("4ada", True),
        ("YPA-97", True),
        ("4ADA-FP6R-YPA97", True),
        ("0001", True),
        ("h27.xx.yy-261123-0001", True),
        ("123 0001", True),
        ("FP6R", False),  # the middle says little
        ("0002", False),
        ("", False),
    ],
)
def test_a_code_is_known_by_its_ends(text: str, part: bool) -> None:  # noqa: FBT001 - a table
    assert is_part(text, "4ADAFP6RYPA97", "H27.XX.YY-261123-0001") is part
    assert not is_part(text, "7777777777777")


@pytest.mark.parametrize(
    ("text", "may"),
    [("rp3y", True), ("0001", True), ("YY-261123-0001", True), ("97A", False), ("xin chào", False), ("x" * 31, False)],
)
def test_what_may_be_a_part_of_a_code(text: str, may: bool) -> None:  # noqa: FBT001 - a table
    assert looks_like_part(text) is may
