"""Hears an emergency in a message: danger now, not papers about a danger that is over."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.model import Emergency
from catalogue.phrases import Phrases, Place
from catalogue.reading import Reading


class Dangers:
    def __init__(self, emergencies: Iterable[Emergency]) -> None:
        listed = tuple(emergencies)
        self._said = Phrases((said, e) for e in listed for said in e.triggers)
        self._said_with_accents = Phrases((said, e) for e in listed for said in e.accented_only)
        self._said_at_start = Phrases((said, e) for e in listed for said in e.at_start)
        self._unless = {e.id: Phrases((said, None) for said in e.unless) for e in listed}

    def heard(self, reading: Reading) -> Emergency | None:
        places = self._said.find(reading.words, strict=reading.strict)
        if reading.strict:
            places += self._said_with_accents.find(reading.words, strict=True)
        places += [p for p in self._said_at_start.find(reading.words, strict=reading.strict) if _counts(p, reading)]
        for _, _, emergency in places:
            if not self._unless[emergency.id].find(reading.words, strict=reading.strict):
                return emergency
        return None


def _counts(place: Place[Emergency], reading: Reading) -> bool:
    """With accents anywhere, without them only at the start: "ong cuu toi" may be "ông cựu tới"."""
    return reading.strict or place.begin == 0
