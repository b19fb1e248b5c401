"""The frozen world around one turn, as conversations declare it; what costs a query is read when looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

from bot.outgoing import LIVE
from bot.scene import Scene
from bot.views import call_file, dossier_file, dossier_view
from bot.world import fresh
from catalogue.model import Catalogue, Office, Procedure
from catalogue.search import Search
from conversations.staff_state import CallFile, DossierFile, Officer
from conversations.state import DossierView, Draft, DraftLine, Known
from domain.codes import find_official_code, find_tracking_code, solid
from domain.values import fold
from storage.chats import GROUP, Chat
from storage.dossiers import Record
from storage.messages import number_of

_SLOTS_AHEAD: Final = 60  # half-hours: more than three working days
_NOON: Final = 12


class CitizenContext:
    """One citizen's turn. The chat spares two queries, unless the world has `changed` since it was read."""

    def __init__(self, scene: Scene, chat: Chat, *, changed: bool = False) -> None:
        assert chat.person is not None
        self._scene = scene
        self._work = scene.work
        self._person = chat.person
        self._chat = None if changed else chat
        self.now = scene.now
        self.channel = chat.channel
        self.linkable = chat.channel in LIVE or bool(scene.world.settings.public_url)

    @property
    def catalogue(self) -> Catalogue:
        return self._scene.world.catalogue

    @property
    def search(self) -> Search:
        return self._scene.world.search

    @property
    def fresh(self) -> str:
        return fresh()

    @cached_property
    def drafts(self) -> Sequence[DraftLine]:
        if self._chat is not None and not self._chat.drafts:
            return ()
        return self._work.drafts.lines(self._person)

    @cached_property
    def dossiers(self) -> Sequence[DossierView]:
        records = self._work.dossiers.of_person(self._person)
        return [dossier_view(self._scene, record, self._person) for record in records]

    @cached_property
    def people(self) -> Sequence[Known]:
        return self._work.remembered.of(self._person)

    @cached_property
    def call_open(self) -> bool:
        if self._chat is not None:
            return self._chat.in_call
        return self._work.calls.open_of(self._person) is not None

    def dossier_by_code(self, code: str) -> DossierView | None:
        record = self._work.dossiers.by_code(code)
        if record is None or (record.person != self._person and record.official_code == code):
            return None
        return dossier_view(self._scene, record, self._person)

    def draft(self, draft_id: str) -> Draft | None:
        return self._work.drafts.get(draft_id, self._person)

    def procedure_of(self, dossier: DossierView) -> Procedure:
        return _procedure_of(self._scene, dossier.id)

    def office(self, office_id: str) -> Office:
        return self._scene.world.office(office_id)


class OfficerContext:
    """One officer's turn: nothing of another office is visible."""

    def __init__(self, scene: Scene, officer: Officer) -> None:
        self._scene = scene
        self._work = scene.work
        self._officer = officer
        self.now = scene.now

    @property
    def office(self) -> Office:
        return self._scene.world.office(self._officer.office)

    @cached_property
    def colleagues(self) -> Sequence[Officer]:
        return self._work.officers.of_office(self._officer.office)

    def dossier(self, wanted: str) -> DossierFile | None:
        record = self._work.dossiers.get(wanted)
        if record is None:
            code = find_tracking_code(wanted) or find_official_code(wanted) or wanted
            record = self._work.dossiers.by_code(code)
        if record is None or record.office != self._officer.office:
            return None
        return self._file(record)

    def call(self, call_id: str) -> CallFile | None:
        call = self._work.calls.get(call_id)
        return call_file(self._work, call) if call is not None and call.office == self._officer.office else None

    def card_at(self, message_id: str) -> str:
        group = self._work.chats.find(GROUP, self._officer.office)
        if group is None:
            return ""
        for _ in range(3):  # an answer to an answer leads to the card in two steps
            number = number_of(message_id)
            if not number:
                return ""
            subject = self._work.cards.subject_at(group.id, message_id)
            if subject:
                return subject
            message = self._work.messages.get(group.id, number, shared=True)
            if message is None or not message.reply_to:
                return ""
            message_id = message.reply_to
        return ""

    def procedure_of(self, dossier: DossierFile) -> Procedure:
        return _procedure_of(self._scene, dossier.id)

    def find(self, words: str) -> Sequence[DossierFile]:
        code = find_tracking_code(words) or find_official_code(words)
        if code is not None:
            found = self.dossier(code)
            return [found] if found else []
        asked = fold(words).split()
        latest = self._work.dossiers.latest(self._officer.office)
        fitting = [record for record in latest if all(word in self._words(record) for word in asked)]
        return [self._file(record) for record in fitting[:20]]

    def today(self) -> Sequence[DossierFile]:
        tomorrow = (self.now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        pressing = self._work.dossiers.pressing(self._officer.office, tomorrow)
        known = {record.id for record in pressing}
        new = [r for r in self._work.dossiers.unanswered(self._officer.office) if r.id not in known]
        return [self._file(record) for record in (*pressing, *new)]

    def overdue(self) -> Sequence[DossierFile]:
        return [self._file(record) for record in self._work.dossiers.overdue(self._officer.office, self.now)]

    def mine(self) -> Sequence[DossierFile]:
        return [self._file(record) for record in self._work.dossiers.of_owner(self._officer.id)]

    def slots(self) -> Sequence[datetime]:
        """Two on each of the next three working days that have any: the first, and the first after noon."""
        slots = self._scene.world.calendar(self._officer.office).pickup_slots(self.now, _SLOTS_AHEAD)
        chosen: dict[tuple[date, bool], datetime] = {}
        for slot in slots:
            chosen.setdefault((slot.date(), slot.hour >= _NOON), slot)
        return list(chosen.values())[:6]

    @property
    def open(self) -> bool:
        return self._scene.world.calendar(self._officer.office).next_open(self.now) == self.now

    def _file(self, record: Record) -> DossierFile:
        return dossier_file(self._scene, record)

    def _words(self, record: Record) -> str:
        procedure = self._scene.procedure(record.catalogue_version)
        official = record.official_code or ""
        codes = f"{record.tracking_code} {official} {solid(official)}"
        names = " ".join(v for k, v in self._work.drafts.answers(record.id).items() if k.endswith("_name"))
        return fold(f"{codes} {procedure.display_name} {record.body.applicant} {names}")


def _procedure_of(scene: Scene, dossier: str) -> Procedure:
    """As it was when the dossier was begun."""
    record = scene.work.dossiers.get(dossier)
    assert record is not None
    return scene.procedure(record.catalogue_version)
