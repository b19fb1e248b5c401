"""Finds what a citizen means: an emergency first, then procedures, neighbours of the list, offices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.dangers import Dangers
from catalogue.explain import Considered, Explanation
from catalogue.found import Certainty, Found, Hit
from catalogue.ideas import Ideas
from catalogue.index import Index, Match, Row, Scored
from catalogue.model import Catalogue, Office, OutsideEntry, Procedure, RoutingQuestion, Sector
from catalogue.national import NationalRow, without_twins
from catalogue.phrases import Phrases, as_words, spelled_out
from catalogue.places import Places
from catalogue.reading import Reader, Reading, Step
from catalogue.verdict import TOP, Check, checks, says_nothing

__all__ = ["Certainty", "Found", "Hit", "Search"]

_CODE = re.compile(r"\b\d\.\d{6}\b")
_SHOWN = 10
_FEWEST_CHOICES, _MOST_CHOICES = 3, 5
_WORTH_CHOOSING = 0.75  # of the first score: a fourth and fifth choice must be nearly as good
_LEAST_CHOICE = 0.6  # score of a first choice worth offering at all
_OUTSIDE = 1.2  # score from which a message is about a neighbour of the list
_PREFERRED = 0.3  # what our own procedures get ahead of a second catalogue
_EXPLAINED = 8
_OUT, _DECOY = "outside:", "decoy"


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A message read, scored and judged."""

    reading: Reading
    scored: Scored
    checks: tuple[Check, ...]
    overruled: str
    found: Found


class Search:
    """Everything is prepared once; a question takes well under a millisecond.

    `national` is a second catalogue beside our own, for measuring: its entries are named by their id.
    """

    def __init__(self, catalogue: Catalogue, national: Iterable[NationalRow] = ()) -> None:
        self._catalogue = catalogue
        lexicon = catalogue.lexicon
        rows = [Row(p.id, text) for p in catalogue.procedures.values() for text in _names(p)]
        second = [Row(n.id, n.name) for n in without_twins(national, [row.text for row in rows])]
        rows += [Row(f"{_OUT}{e.id}", text) for e in catalogue.outside.values() for text in (e.name, *e.aliases)]
        rows += [Row(_DECOY, text) for text in lexicon.decoys]
        spoken = [*lexicon.fillers, *lexicon.particles, *lexicon.decoys, *lexicon.dialect.values()]
        spoken += [phrase for said in lexicon.concepts.values() for phrase in spelled_out(said, lexicon.groups)]
        self._index = Index(rows, Ideas(lexicon), spoken, second, _PREFERRED if second else 0.0)
        self._reader = Reader(lexicon, self._index.vocabulary.named)
        self._dangers = Dangers(catalogue.emergencies.values())
        self._routing = Phrases((said, r) for r in catalogue.routing.values() for said in r.triggers)
        # For whom and how old: it leaves a question as open as it was.
        self._who = {w.folded for said in (*lexicon.groups["nguoithan"], "tuổi") for w in as_words(said)}
        self._events = Phrases((said, e) for e in catalogue.life_events.values() for said in (e.label, *e.aliases))
        self._codes = {code: p.id for p in catalogue.procedures.values() for code in _codes(p)}
        self._places = Places(catalogue.offices.values())

    def move(self, catalogue: Catalogue) -> None:
        """The same catalogue but for facts of its offices: places are read by their new names."""
        self._catalogue, self._places = catalogue, Places(catalogue.offices.values())

    def find(self, text: str, *, office: str | None = None) -> Found:
        """The procedures a message is about; `office` leaves out what that office does not serve."""
        return self._weighed(text, office).found

    def explain(self, text: str, *, office: str | None = None) -> Explanation:
        """The same search, with how the message was read and what each of the best entries scored."""
        weighed = self._weighed(text, office)
        reading, scored = weighed.reading, weighed.scored
        guessed = tuple(Step(typed, read, "guess") for typed, read in scored.guesses)
        return Explanation(
            typed=text,
            steps=reading.steps + guessed,
            words=tuple(word.folded for word in reading.content),
            accents_count=reading.strict,
            ideas=tuple(idea.removeprefix("@") for idea in scored.ideas),
            considered=tuple(Considered(m.entry, m.text, m.score, m.parts) for m in scored.best[:_EXPLAINED]),
            checks=weighed.checks,
            overruled=weighed.overruled,
            found=weighed.found,
        )

    def _weighed(self, text: str, office: str | None) -> _Weighed:
        reading = self._reader.read(text)
        emergency = self._dangers.heard(reading)
        if (code := _CODE.search(text)) is not None and code[0] in self._codes:
            found = Found((Hit(self._codes[code[0]], 100),), confident=True, emergency=emergency)
            return _Weighed(reading, Scored(), (), "code", found)
        if self._places.only_a_place(text):
            return _Weighed(reading, Scored(), (), "place", Found(emergency=emergency))
        scored = self._index.score(reading)
        allowed = [m for m in scored.best if self._allowed(m.entry, office)]
        ours = [m for m in allowed if not _elsewhere(m)]
        others = [m for m in allowed if _elsewhere(m)]
        judged = checks(reading, ours, others, scored.known)
        routing, bare = self._asked_back(reading)
        confident = emergency is None and not bare and all(check.passed for check in judged)
        ranked = tuple(Hit(m.entry, min(100, round(100 * m.plain / TOP))) for m in ours[:_SHOWN])
        events = self._events.find(reading.words, strict=reading.strict)
        nothing = says_nothing(judged)
        found = Found(
            ranked=ranked,
            confident=confident,
            outside=None if confident or nothing else self._outside(ours, others),
            routing=None if confident else routing,
            life_event=events[0][2] if events else None,
            emergency=emergency,
            choices=() if confident or nothing or _chat(ours, others) else _choices(ours, ranked),
        )
        overruled = "emergency" if emergency is not None else "routing" if bare else ""
        return _Weighed(reading, scored, judged, overruled, found)

    def _allowed(self, entry: str, office: str | None) -> bool:
        """Whether the office serves it, as far as it is a procedure of ours."""
        if office is None or entry not in self._catalogue.procedures:
            return True
        return self._catalogue.offices[office].serves(entry)

    def _outside(self, ours: Sequence[Match], others: Sequence[Match]) -> OutsideEntry | None:
        """The neighbour of the list that a message is about, if it is nearer than all of ours."""
        if not others or not others[0].entry.startswith(_OUT) or others[0].score < _OUTSIDE:
            return None
        if ours and ours[0].score >= others[0].score:
            return None
        return self._catalogue.outside[others[0].entry.removeprefix(_OUT)]

    def _asked_back(self, reading: Reading) -> tuple[RoutingQuestion | None, bool]:
        """The question whose longest trigger stands in the message, and whether it says nothing more."""
        places = self._routing.find(reading.content, strict=reading.strict)
        if not places:
            return None, False
        begin, end, question = max(places, key=lambda place: place.end - place.begin)
        rest = reading.content[:begin] + reading.content[end:]
        return question, all(w.weight < 1 or w.folded in self._who or w.folded.isdigit() for w in rest)

    def offices(self, text: str) -> list[Office]:
        """Offices whose name, old or new, the text resembles, the best first."""
        return self._places.offices(text)

    def procedure(self, procedure: str) -> Procedure:
        return self._catalogue.procedures[procedure]

    def sector(self, sector: str) -> Sector:
        return self._catalogue.sectors[sector]

    def sectors(self) -> Mapping[str, Sector]:
        return self._catalogue.sectors


def _elsewhere(match: Match) -> bool:
    """What people ask for that is no procedure of ours, or no procedure at all."""
    return match.entry == _DECOY or match.entry.startswith(_OUT)


def _chat(ours: Sequence[Match], others: Sequence[Match]) -> bool:
    """Whether the message is rather like what people say without wanting anything of the list."""
    return bool(others) and others[0].entry == _DECOY and (not ours or others[0].plain > ours[0].plain)


def _choices(ours: Sequence[Match], ranked: Sequence[Hit]) -> tuple[Hit, ...]:
    """Three, or up to five if they are nearly as good as the first; none if even the first is a wild guess."""
    if not ours or ours[0].plain < _LEAST_CHOICE:
        return ()
    near = sum(m.score >= _WORTH_CHOOSING * ours[0].score for m in ours[:_MOST_CHOICES])
    return tuple(ranked[: max(_FEWEST_CHOICES, near)])


def _names(it: Procedure) -> list[str]:
    return [*dict.fromkeys((it.name, it.display_name, *([it.official_name] if it.official_name else []), *it.aliases))]


def _codes(it: Procedure) -> list[str]:
    return [code for code in (it.code, *(c.code for c in it.code_candidates)) if code]
