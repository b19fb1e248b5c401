"""Why a search answered as it did, for officials who look after aliases and words."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.found import Found
from catalogue.index import Parts
from catalogue.reading import Step
from catalogue.verdict import Check


@dataclass(frozen=True, slots=True)
class Considered:
    """An entry that was weighed, by the best of its rows; `parts` add up to `score`."""

    entry: str
    row: str
    score: float
    parts: Parts


@dataclass(frozen=True, slots=True)
class Explanation:
    """`words` is what was searched for, without accents; `ideas` are names of concepts in lexicon.toml.

    `blocked` says what overrides the checks: a code, a place alone, an emergency, a question to ask back.
    """

    typed: str
    steps: tuple[Step, ...]
    words: tuple[str, ...]
    accents_count: bool
    ideas: tuple[str, ...]
    considered: tuple[Considered, ...]
    checks: tuple[Check, ...]
    overruled: str
    found: Found
