"""Ideas said in many ways, what several of them tell together, and which ones rule each other out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from catalogue.model import Lexicon
from catalogue.phrases import Phrases, Word, spelled_out
from catalogue.vocabulary import Vocabulary

_SIGN = (0.15, 0.3, 0.4)  # what one idea adds to a procedure, two, three or more


class Ideas:
    """The lexicon's concepts, signs and contraries; an idea is its name behind an "@"."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._phrases = Phrases(
            (phrase, f"@{name}")
            for name, said in lexicon.concepts.items()
            for phrase in spelled_out(said, lexicon.groups)
        )
        self._signs = [(s.to, {f"@{i}" for i in s.all}, {f"@{i}" for i in s.without}) for s in lexicon.signs]
        ruled_out = [(one, other) for pair in lexicon.contraries for one, other in (pair, pair[::-1])]
        self._contraries = [(f"@{one}", f"@{other}") for one, other in ruled_out]

    def of_row(self, row: Sequence[Word]) -> list[str]:
        """Ideas in a name or alias, which has all its accents."""
        return list(dict.fromkeys(place.value for place in self._phrases.find(row, strict=True)))

    def of_message(self, message: Sequence[Word], vocabulary: Vocabulary, *, strict: bool) -> list[str]:
        """Ideas in a message; a single syllable must be what was typed and mean one thing."""
        ideas: dict[str, None] = {}
        for begin, end, idea in self._phrases.find(message, strict=strict):
            word = message[begin]
            if end - begin > 1 or (word.key and (strict or not vocabulary.ambiguous(word.folded))):
                ideas[idea] = None
        return list(ideas)

    def told_by(self, ideas: Collection[str]) -> dict[str, float]:
        """What the ideas say together about procedures: the more of them, the surer."""
        held = set(ideas)
        told: dict[str, float] = {}
        for procedure, needed, without in self._signs:
            if needed <= held and without.isdisjoint(held):
                told[procedure] = max(told.get(procedure, 0.0), _SIGN[min(len(needed), len(_SIGN)) - 1])
        return told

    def ruled_out_by(self, ideas: Collection[str]) -> frozenset[str]:
        """Ideas contrary to those of a message, unless it holds both."""
        return frozenset(other for one, other in self._contraries if one in ideas and other not in ideas)
