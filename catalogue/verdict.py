"""Decides whether the first hit is sure enough to go on with it, by a short list of checks that can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from catalogue.index import Match
from catalogue.reading import Reading

CheckName = Literal["score", "ahead", "ahead of others", "understood", "substance", "of the name"]

# Chosen on a grid, where neighbouring values give nearly the same; tests/catalogue/test_figures.py holds the outcome.
_SURE = 1.35  # score of the first
_AHEAD = 0.15  # before the second
_AHEAD_OF_OTHERS = 0.2  # before what is not in our list
_UNDERSTOOD = 0.5  # share of the message, by weight, made of known words
_ALMOST = 2.3  # one word alone, raw keystrokes perhaps, must be nearly an alias itself
_PARTICLE = 0.5  # words that weigh less say nothing by themselves
_OF_NAME = 0.45  # share of the alias that was said: "bầu trưởng thôn" is less than half of "bầu tổ trưởng hòa giải"
_LOST = 0.3  # share of known words below which even a guess would be wild
TOP = 2.9  # what a message scores that is an alias word for word


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold before a hit is taken for sure."""

    name: CheckName
    value: float
    least: float

    @property
    def passed(self) -> bool:
        return self.value >= self.least


def checks(reading: Reading, ours: Sequence[Match], others: Sequence[Match], known: float) -> tuple[Check, ...]:
    """What is not in our list counts as much as our own second best."""
    first = ours[0].plain if ours else 0.0
    second = ours[1].plain if len(ours) > 1 else 0.0
    other = others[0].plain if others else 0.0
    substance = sum(word.weight >= _PARTICLE for word in reading.content)
    alone = len({word.folded for word in reading.content}) < 2 and first < _ALMOST  # "BHYT" may be one, "tách" not
    return (
        Check("score", first, _SURE),
        Check("ahead", first - second, _AHEAD),
        Check("ahead of others", first - other, _AHEAD_OF_OTHERS),
        Check("understood", known, _UNDERSTOOD),
        Check("substance", substance / 2 if alone else float(substance), 1.0),
        Check("of the name", ours[0].of_name if ours else 0.0, _OF_NAME),
    )


def says_nothing(judged: Sequence[Check]) -> bool:
    """Whether nothing can be made of a message at all: only particles, or hardly a known word."""
    value = {check.name: check.value for check in judged}
    whole_name = value["of the name"] >= 1  # "giay bao tu": particles all, without their accents
    return value["understood"] < _LOST or (value["substance"] == 0.0 and not whole_name)
