"""Finds what a citizen means: an emergency first, then procedures, neighbours of the list, offices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalogue.fold import fold, words
from catalogue.index import Index, Row
from catalogue.model import (
    Catalogue,
    Emergency,
    LifeEvent,
    Office,
    OutsideEntry,
    Procedure,
    RoutingQuestion,
    Sector,
)
from catalogue.phrases import Phrases
from catalogue.reading import Reader, Reading

_CODE = re.compile(r"\b\d\.\d{6}\b")
_SHOWN = 10
_SURE, _AHEAD, _UNDERSTOOD = 1.15, 0.08, 0.5
_RANKS = frozenset({"xa", "ubnd", "uy", "ban", "nhan", "dan", "huyen", "tinh", "thon", "o"})
_PLACE = 85  # of 100: one wrong letter in a short name passes, another commune does not
_ALMOST = 2.2  # one word alone, raw keystrokes perhaps, must be nearly an alias itself
_TOP = 2.6  # what a message scores that is an alias word for word


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a message may mean; `confident`: go on with the first hit without asking back."""

    ranked: tuple[Hit, ...] = ()
    confident: bool = False
    outside: OutsideEntry | None = None
    routing: RoutingQuestion | None = None
    life_event: LifeEvent | None = None
    emergency: Emergency | None = None


class Search:
    """Everything is prepared once; a question takes well under a millisecond."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        rows = [Row(p.id, text) for p in catalogue.procedures.values() for text in _names(p)]
        rows += [Row(f"outside:{e.id}", text) for e in catalogue.outside.values() for text in (e.name, *e.aliases)]
        rows += [Row("decoy", text) for text in catalogue.lexicon.decoys]
        self._index = Index(rows, catalogue.lexicon.concepts)
        self._reader = Reader(catalogue.lexicon, self._index.vocabulary)
        dangers = catalogue.emergencies.values()
        self._dangers = Phrases((said, e) for e in dangers for said in e.triggers)
        self._accented_dangers = Phrases((said, e) for e in dangers for said in e.accented_only)
        self._unless = {e.id: Phrases((said, None) for said in e.unless) for e in dangers}
        self._routing = Phrases((said, r) for r in catalogue.routing.values() for said in r.triggers)
        self._events = Phrases((said, e) for e in catalogue.life_events.values() for said in (e.label, *e.aliases))
        self._codes = {code: p.id for p in catalogue.procedures.values() for code in _codes(p)}
        self._offices = [
            (_place(name), office)
            for office in catalogue.offices.values()
            for name in (office.name, office.short_name, *office.aliases)
        ]
        self._place_names = frozenset(name for name, _ in self._offices if name)

    def find(self, text: str, *, office: str | None = None) -> Found:
        """The procedures a message is about; `office` leaves out what that office does not serve."""
        reading = self._reader.read(text)
        emergency = self._emergency(reading)
        if (code := _CODE.search(text)) is not None and code[0] in self._codes:
            return Found((Hit(self._codes[code[0]], 100),), confident=True, emergency=emergency)
        if _place(text) in self._place_names:
            return Found(emergency=emergency)  # only where they live, not what they need
        scored = self._index.score(reading)
        served = self._catalogue.offices[office].serves if office is not None else None
        ours = [
            (entry, score)
            for entry, score in scored.best
            if entry in self._catalogue.procedures and (served is None or served(entry))
        ]
        others = [(entry, score) for entry, score in scored.best if entry not in self._catalogue.procedures]
        first = ours[0][1] if ours else 0.0
        second = ours[1][1] if len(ours) > 1 else 0.0
        other = others[0][1] if others else 0.0
        confident = (
            emergency is None
            and first >= _SURE
            and first - second >= _AHEAD
            and first - other >= _AHEAD
            and scored.known >= _UNDERSTOOD
            and (first >= _ALMOST or len({word.folded for word in reading.content}) > 1)
        )
        outside = None
        if others and other > first and others[0][0].startswith("outside:") and other >= _SURE:
            outside = self._catalogue.outside[others[0][0].removeprefix("outside:")]
        routing, covered = self._asked_back(reading)
        confident = confident and not covered
        events = self._events.find(reading.words, strict=reading.strict)
        return Found(
            ranked=tuple(Hit(entry, min(100, round(100 * score / _TOP))) for entry, score in ours[:_SHOWN]),
            confident=confident,
            outside=outside,
            routing=None if confident else routing,
            life_event=events[0][2] if events else None,
            emergency=emergency,
        )

    def _emergency(self, reading: Reading) -> Emergency | None:
        """Danger now; talk of papers and money about a danger that is over does not count."""
        places = self._dangers.find(reading.words, strict=reading.strict)
        if reading.strict:
            places += self._accented_dangers.find(reading.words, strict=True)
        for _, _, emergency in places:
            if not self._unless[emergency.id].find(reading.words, strict=reading.strict):
                return emergency
        return None

    def _asked_back(self, reading: Reading) -> tuple[RoutingQuestion | None, bool]:
        """The question whose longest trigger stands in the message, and whether it says nothing more."""
        places = self._routing.find(reading.content, strict=reading.strict)
        if not places:
            return None, False
        begin, end, question = max(places, key=lambda place: place[1] - place[0])
        rest = reading.content[:begin] + reading.content[end:]
        return question, all(word.weight < 1 for word in rest)

    def offices(self, text: str) -> list[Office]:
        """Offices whose name, old or new, the text resembles, the best first."""
        asked = _place(text)
        best: dict[str, float] = {}
        for name, office in self._offices:
            score = fuzz.token_sort_ratio(asked, name)
            if f" {name} " in f" {asked} ":
                score = max(score, 95.0)
            best[office.id] = max(best.get(office.id, 0.0), score)
        ranked = sorted((item for item in best.items() if item[1] >= _PLACE), key=lambda item: -item[1])
        return [self._catalogue.offices[office] for office, _ in ranked]

    def procedure(self, procedure: str) -> Procedure:
        return self._catalogue.procedures[procedure]

    def sector(self, sector: str) -> Sector:
        return self._catalogue.sectors[sector]

    def sectors(self) -> Mapping[str, Sector]:
        return self._catalogue.sectors


def _place(text: str) -> str:
    """A place without its rank, so that "xã Sơn An" is told from "xã Sơn Kim" by what differs."""
    return " ".join(word for word in words(fold(text)) if word not in _RANKS)


def _names(it: Procedure) -> list[str]:
    return [*dict.fromkeys((it.name, it.display_name, *([it.official_name] if it.official_name else []), *it.aliases))]


def _codes(it: Procedure) -> list[str]:
    return [code for code in (it.code, *(c.code for c in it.code_candidates)) if code]
