"""What is proven once everything rests: from the database, the file store, the fakes and what people did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from conversations.messages import Message
from storage import tables as t
from storage.files import Store, opened
from storage.outbox import _decode
from storage.work import Work
from tests.faults.ledger import PROVEN, Ledger
from tests.faults.people import Citizen, Telegram, Web, Zalo, twice
from tests.faults.script import ANSWERS, HISTORY, PAPERS, STEPS, SUBMITS, SUPPLEMENTS

_CODE: Final = re.compile(r"-(\d+)$")


@dataclass
class Proofs:
    """Each method raises AssertionError where something was lost or done twice; what it proved is in the ledger."""

    ledger: Ledger
    citizens: list[Citizen]
    officer: Web
    store: Store

    def all(self, work: Work) -> None:
        self.events(work)
        self.dossiers(work)
        self.codes(work)
        self.outbox(work)
        self.cards(work)
        self.files(work)
        self.rest(work)

    def events(self, work: Work) -> None:
        """Whatever was acknowledged is in the inbox, once and done; nothing else is there."""
        i = t.inbox.c
        rows = work.connection.execute(select(i.channel, i.event_id, i.status)).all()
        bad = [(row.channel, row.event_id, row.status) for row in rows if row.status != "done"]
        assert not bad, f"events that are not done: {bad}"
        counted = Counter(row.event_id for row in rows)
        accepted = [event for one in self.citizens for event in sent_of(one)] + self.officer.sent
        assert len(accepted) == len(set(accepted))
        wrong = [event for event in accepted if counted[event] != 1]
        assert not wrong, f"acknowledged, but not in the inbox once: {wrong}"
        ours = ("start", "came", "checked:", "lost:", "result:")
        invented = [event for event in counted if event not in set(accepted) and not event.startswith(ours)]
        assert not invented, f"nobody did: {invented}"
        self.ledger.note(PROVEN, "acknowledged events that took effect exactly once", len(accepted))
        for page in (one.seat for one in self.citizens):
            if isinstance(page, Web):
                own = [shown for shown in page.messages.values() if shown["own"]]
                assert len(own) == len(page.sent), (len(own), page.sent)
                self.ledger.note(PROVEN, "own lines on pages, each once", len(own))

    def dossiers(self, work: Work) -> None:
        """Every citizen has one dossier or draft, as far as they went, with all they said and sent."""
        owners: dict[str, list[str]] = {}
        for owner, value in work.connection.execute(select(t.answers.c.owner, t.answers.c.value)):
            owners.setdefault(value.decode(), []).append(owner)
        known = set(work.connection.scalars(select(t.dossiers.c.id)))
        handed_in = [one for one in self.citizens if one.step > SUBMITS]
        assert len(known) == len(handed_in), f"{len(known)} dossiers, {len(handed_in)} were handed in"
        for one in self.citizens:
            mine = sorted(set(owners.get(one.card, [])))
            said = {key for step, key in ANSWERS.items() if step < one.step}
            if "{card}" not in [STEPS[step].does for step in range(one.step)]:
                assert not mine
                self.ledger.note(PROVEN, "citizens who had only begun")
                continue
            dossiers = [owner for owner in mine if owner in known]
            if one.step > SUBMITS:
                assert len(dossiers) == 1, f"{one.name}: {dossiers}"
                self._dossier(work, one, dossiers[0])
            else:
                assert not dossiers
                assert len(mine) == 1, f"{one.name}: {mine}"
                answers = set(work.drafts.answers(mine[0]))
                assert said <= answers, f"{one.name} at {one.step}: {said - answers} are lost"
                self.ledger.note(PROVEN, "drafts open to their owner, with all that was said")

    def _dossier(self, work: Work, one: Citizen, dossier: str) -> None:
        record = work.dossiers.get(dossier)
        assert record is not None
        history = tuple(entry.what for entry in work.history.of(dossier))
        assert history == HISTORY[: len(history)], f"{one.name}: {history}"
        assert ("supplement" in history) == (one.step > SUPPLEMENTS), f"{one.name} at {one.step}: {history}"
        if one.done:
            assert history == HISTORY, f"{one.name}: {history}"
        answers = work.drafts.answers(dossier)
        assert set(answers) >= set(ANSWERS.values()), f"{one.name}: {set(ANSWERS.values()) - set(answers)}"
        papers = _papers(work, dossier)
        assert papers == PAPERS, f"{one.name}: {papers}"
        self.ledger.note(PROVEN, f"dossiers whole: {'complete' if history == HISTORY else 'open, waiting'}")
        self.ledger.note(PROVEN, "decisions and hand-ins, each once", len(history))

    def codes(self, work: Work) -> None:
        """Official codes are 1, 2, 3 … of their day, and no slot is two dossiers'."""
        counters = work.connection.execute(select(t.counters)).all()
        last = {(c.office, c.day): c.last for c in counters if c.day[0].isdigit()}  # the others number slips
        codes = [code for code in work.connection.scalars(select(t.dossiers.c.official_code)) if code]
        numbers = Counter(code.rpartition("-")[0] for code in codes)
        assert sum(last.values()) == len(codes), (last, codes)
        for day, count in numbers.items():
            found = sorted(int(_CODE.findall(code)[0]) for code in codes if code.startswith(day + "-"))
            assert found == list(range(1, count + 1)), found
        self.ledger.note(PROVEN, "official codes without a gap", len(codes))
        p = t.places.c
        places = work.connection.execute(select(p.office, p.at, p.place)).all()
        assert len(places) == len(set(places))
        self.ledger.note(PROVEN, "slots that are one dossier's", len(places))

    def outbox(self, work: Work) -> None:
        """Every message ended in a known state."""
        o = t.outbox.c
        ended = work.connection.execute(select(o.channel, o.status, o.repeatable, func.count()).group_by(*_three(o)))
        for channel, status, repeatable, count in ended:
            assert status in ("sent", "unknown"), f"{count} messages on {channel} are {status}"
            assert status == "sent" or not repeatable, f"{count} messages on {channel} might have been said again"
            self.ledger.note(PROVEN, f"messages on {channel}: {status}", count)
        states = work.connection.execute(select(t.notices.c.status, func.count()).group_by(t.notices.c.status))
        for status, count in states:
            self.ledger.note(PROVEN, f"notices: {status}", count)

    def unknown(self, work: Work) -> list[Message]:
        """What nobody knows whether it was said."""
        o = t.outbox.c
        return [_decode(body) for body in work.connection.scalars(select(o.body).where(o.status == "unknown"))]

    def cards(self, work: Work) -> None:
        """Each dossier has one card, and it shows how things stand."""
        c = t.cards.c
        behind = work.connection.scalar(select(func.count()).select_from(t.cards).where(c.drawn < c.wanted))
        assert not behind
        shown = Counter(m["card"] for m in self.officer.messages.values() if m["card"].startswith("dossier:"))
        known = set(work.connection.scalars(select(t.dossiers.c.id)))
        assert shown == Counter(f"dossier:{one}" for one in known), shown
        self.ledger.note(PROVEN, "cards, one a dossier, drawn to the end", len(known))

    def files(self, work: Work) -> None:
        """Rows and bytes are the same files; each opens with its key and is as long as its row says."""
        f = t.files.c
        rows = work.connection.execute(select(f.id, f.key, f.size, f.remote)).all()
        assert not [row.id for row in rows if row.remote is not None], "bytes that were never fetched"
        for row in rows:
            assert len(opened(row.key, self.store.get(row.id))) == row.size
        stored = sorted(name for some in self.store.older(float("inf")) for name in some)
        assert stored == sorted(row.id for row in rows), "orphans, or files that are missing"
        used = {ref for d in work.connection.execute(select(t.documents)) for ref in (d.file, *d.copies.split())}
        missing = used - {row.id for row in rows}
        assert not missing, f"documents without a file: {missing}"
        self.ledger.note(PROVEN, "files that open with their keys", len(rows))
        self.ledger.note(PROVEN, "files of documents, all there", len(used))

    def rest(self, work: Work) -> None:
        aside = work.connection.execute(select(t.jobs.c.kind, t.jobs.c.attempts).where(t.jobs.c.status != "waiting"))
        assert not (found := aside.all()), f"jobs set aside: {found}"
        self.ledger.note(PROVEN, "jobs set aside: none")

    def said_twice(self, chances: Callable[[], int]) -> None:
        """News that somebody read twice: no more than calls were cut off from their notes."""
        every: Counter[str] = Counter()
        for one in self.citizens:
            seat = one.seat
            found = twice(one.seen)
            if isinstance(seat, Web):
                assert not found, f"twice on a page: {found}"
            every[seat.channel] += found.total()
        for channel, count in every.items():
            self.ledger.note(PROVEN, f"news said twice on {channel}, call and note cut apart", count)
        assert every.total() <= chances(), f"{every} were said twice, {chances()} calls were cut off"


def _three(o: Any) -> tuple[Any, ...]:
    return o.channel, o.status, o.repeatable


def sent_of(one: Citizen) -> list[str]:
    """The ids of their events that were acknowledged."""
    seat = one.seat
    assert isinstance(seat, Web | Telegram | Zalo)
    return seat.sent


def _papers(work: Work, dossier: str) -> dict[str, int]:
    """Photos by paper, without those that were taken again."""
    d = t.documents.c
    return dict(Counter(work.connection.scalars(select(d.paper).where(d.owner == dossier, ~d.replaced))))
