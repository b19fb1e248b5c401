"""Phrases in a message: with accents and without, over a gap, and in groups."""

from __future__ import annotations

from catalogue.phrases import Phrases, as_words, spelled_out

DEATH = Phrases([("bố … mất", "death"), ("mất giấy", "loss"), ("chết", "death")])


def found(text: str, *, strict: bool = True) -> list[str]:
    return [value for _, _, value in DEATH.find(as_words(text), strict=strict)]


def test_a_small_gap_is_bridged() -> None:
    assert found("bố mất") == ["death"]
    assert found("bố tôi vừa mới mất") == ["death"]
    assert found("bố tôi hôm qua vừa mới mất") == []


def test_what_another_phrase_holds_is_not_taken_over_a_gap() -> None:
    assert found("bố tôi mất giấy khai sinh") == ["loss"]


def test_accents_count_where_they_were_typed() -> None:
    assert found("bò mát") == []
    assert found("bo mat", strict=False) == ["death"]


def test_a_group_stands_for_each_of_its_words() -> None:
    assert spelled_out(["{kin} mất", "tang"], {"kin": ["bố", "mẹ"]}) == ["bố mất", "mẹ mất", "tang"]
