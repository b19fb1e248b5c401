"""What every turn may look at and no turn changes: catalogue, search, calendars, the office's clock, settings."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.settings import Settings
from catalogue import versions
from catalogue.load import load
from catalogue.model import Catalogue, Office, Procedure
from catalogue.search import Search
from domain.deadlines import Calendar, Period, Season
from domain.values import VIETNAM
from storage.outbox import Row
from storage.work import Work


class Direct(Protocol):
    """Who sends answers to messengers in this process, and may be handed them by the turn itself."""

    name: str
    channels: Collection[str]

    def take(self, row: Row) -> None:
        """A row that was born claimed by it; to be called when that is durable."""
        ...


@dataclass(slots=True)
class World:
    """Built once a process. `offset` moves office time in a trial installation; it is read from the database."""

    settings: Settings
    catalogue: Catalogue
    search: Search
    calendars: dict[str, Calendar]
    offset: timedelta = timedelta()
    direct: Direct | None = None  # while this process delivers to messengers
    typed_at_most: int = 20  # messages of one chat in ten seconds; who sends more is no human
    filed: Mapping[str, Office] = field(default_factory=dict)  # the offices as the files have them
    written: Mapping[str, str] = field(default_factory=dict)  # what bot/office_facts.py last took over
    _versions: dict[str, Procedure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.filed = self.filed or self.catalogue.offices

    def now(self) -> datetime:
        """Office time."""
        return datetime.now(UTC).astimezone(VIETNAM) + self.offset

    def office(self, office: str) -> Office:
        """By id; the first one where a person has not chosen yet."""
        return self.catalogue.offices.get(office) or next(iter(self.catalogue.offices.values()))

    def calendar(self, office: str) -> Calendar:
        """The working time of an office."""
        return self.calendars[self.office(office).id]

    def procedure(self, work: Work, version: str) -> Procedure:
        """A procedure as it was in one version; needs no files, only the database."""
        known = self._versions.get(version)
        if known is None:
            body = work.installation.version(version)
            assert body is not None, "a dossier's catalogue version is a foreign key"
            known = self._versions[version] = versions.decode(body)
        return known

    def start(self, work: Work) -> None:
        """Store the loaded versions and read the office clock's offset."""
        loaded = {self.catalogue.hashes[p.id]: (p.id, versions.encode(p)) for p in self.catalogue.procedures.values()}
        work.installation.keep_versions(loaded, self.now())
        self._versions |= {self.catalogue.hashes[p.id]: p for p in self.catalogue.procedures.values()}
        self.read_offset(work)

    def read_offset(self, work: Work) -> None:
        """Office time may have been moved by another process; in a real installation it never is, trial data or not."""
        moved = work.installation.get("office-offset") if self.settings.trial else None
        self.offset = timedelta(seconds=float(moved or 0))


def build(settings: Settings) -> World:
    """Load everything; BadCatalogue says what is wrong with a file."""
    catalogue = load()
    calendars = {office.id: calendar_of(office, catalogue) for office in catalogue.offices.values()}
    return World(settings, catalogue, Search(catalogue), calendars)


def calendar_of(office: Office, catalogue: Catalogue) -> Calendar:
    """When it works."""
    seasons = tuple(
        Season(
            (int(season.starts[:2]), int(season.starts[3:])),
            frozenset(season.weekdays),
            tuple(Period(session.opens, session.closes) for session in season.sessions),
        )
        for season in office.hours
    )
    return Calendar(seasons, catalogue.holidays.off, catalogue.holidays.worked)


def fresh() -> str:
    """A random id of 16 letters and digits."""
    return secrets.token_hex(8)
