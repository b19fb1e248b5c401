"""The frozen world around one turn, as conversations declare it; what costs a query is read when looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from bot import (
    appointments,
    collectors,
    cosigners,
    drafts,
    figures,
    genuine,
    limits,
    linking,
    look_up,
    mandate_ends,
    mandate_views,
    mandates,
    own_contacts,
    own_data,
    own_ways,
    proving,
    proving_desk,
    telephoned,
    transfers,
    where,
)
from bot.outgoing import LIVE
from bot.scene import Scene
from bot.views import call_file, dossier_file, dossier_files, dossier_view, dossier_views
from bot.world import fresh
from catalogue.model import Catalogue, Office, Procedure
from catalogue.search import Search
from conversations import closure, digest, elsewhere
from conversations.closure import ClosureView
from conversations.contact_state import OwnWay
from conversations.impostors import Genuine, Official
from conversations.money_state import TransferFile
from conversations.own_data import OwnData
from conversations.staff_state import CallFile, DossierFile, Officer
from conversations.state import Address, CoSignView, DossierView, Draft, DraftLine, HelpedView, Known, MandateView
from conversations.told_state import LastNews, ToPhone
from domain.codes import find_official_code, find_tracking_code, solid
from domain.deadlines import Calendar
from domain.figures import LOW, Month, MonthFigures
from domain.rights import Proof
from domain.values import VIETNAM, fold, phone
from storage.chats import GROUP, Chat
from storage.dossiers import Record
from storage.messages import number_of

_PROPOSED: Final = 6
_FOUND: Final = 20  # dossiers that a search shows
_AT_ONCE: Final = 200  # whose names are read in one go,
_PAGES: Final = 5  # and how often
_GUESSES: Final = timedelta(days=30)


class CitizenContext:
    """One citizen's turn. The chat spares two queries, unless the world has `changed` since it was read."""

    def __init__(self, scene: Scene, chat: Chat, *, changed: bool = False) -> None:
        assert chat.person is not None
        self._scene = scene
        self._work = scene.work
        self._person = chat.person
        self._chat = None if changed else chat
        self._here = chat
        self.now = scene.now
        self.channel = chat.channel
        self.linkable = chat.channel in LIVE or bool(scene.world.settings.public_url)

    @cached_property
    def link_to(self) -> Sequence[str]:
        return linking.places(self._scene, self._here)

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

    @property
    def several(self) -> bool:
        return (len(self.drafts) if self._chat is None else self._chat.drafts) > 1

    @cached_property
    def dossiers(self) -> Sequence[DossierView]:
        records = self._work.dossiers.of_person(self._person)
        return dossier_views(self._scene, records, self._person)

    @cached_property
    def people(self) -> Sequence[Known]:
        return self._work.remembered.of(self._person)

    @cached_property
    def proofs(self) -> Sequence[Proof]:
        return proving.proven(self._scene, self._person)

    def may_look(self, phone: str = "", *, pair: bool = False) -> str:
        return look_up.may_look(self._scene, self._here, phone, pair=pair)

    def dossiers_of(self, phone: str) -> Sequence[DossierView]:
        return look_up.of_phone(self._scene, self._person, phone, self.proofs)

    def pair(self, code: str, phone: str) -> DossierView | None:
        return look_up.pair(self._scene, self._person, code, phone)

    @cached_property
    def call_open(self) -> bool:
        if self._chat is not None:
            return self._chat.in_call
        return self._work.calls.open_of(self._person) is not None

    def dossier_by_code(self, code: str) -> DossierView | None:
        record = self._work.dossiers.by_code(code)
        if record is None or (record.person != self._person and record.official_code == code):
            return None
        if mandate_ends.shut(self._scene, self._person, record):
            return None
        return dossier_view(self._scene, record, self._person)

    def draft(self, draft_id: str) -> Draft | None:
        return self._work.drafts.get(draft_id, self._person)

    def handed_in(self, dossier_id: str) -> Draft | None:
        record = self._work.dossiers.get(dossier_id)
        return drafts.handed_in(self._scene, record) if record and record.person == self._person else None

    @cached_property
    def addresses(self) -> Sequence[Address]:
        return where.addresses(self._scene, self._here)

    @cached_property
    def ways(self) -> frozenset[str]:
        return where.ways(self._scene, self._here)

    def own_data(self) -> OwnData:
        return own_data.data(self._scene, self._person)

    def genuine(self, words: str) -> Genuine:
        by = (f"chat:{self._here.id}", f"net:{self._scene.network}")
        return genuine.genuine(self._scene, words, *by, person=self._person)

    def official(self) -> Official:
        return Official(genuine.official(self._scene))

    def to_cosign(self, token: str) -> CoSignView | None:
        return cosigners.view(self._scene, token, self._person)

    def mandate(self, owner: str) -> MandateView | None:
        return mandate_views.view(self._scene, self._person, owner)

    @cached_property
    def mandates(self) -> Sequence[MandateView]:
        return mandate_views.views(self._scene, self._person)

    @cached_property
    def helped(self) -> Sequence[HelpedView]:
        return mandate_views.helped(self._scene, self._person) if self.proofs else ()

    @property
    def codes_by_phone(self) -> bool:
        return mandates.by_sms(self._scene)

    def procedure_of(self, dossier: DossierView) -> Procedure:
        return _procedure_of(self._scene, dossier.id)

    def office(self, office_id: str) -> Office:
        return self._scene.world.office(office_id)

    def closed(self, office_id: str, procedure: str) -> ClosureView | None:
        return closure.current(self._work.closures.of(office_id, self.now), procedure, self.now)

    def free_slots(self, office_id: str, procedure: str) -> Sequence[datetime]:
        return appointments.free_slots(self._scene, office_id, procedure)


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

    @property
    def calendar(self) -> Calendar:
        return self._scene.world.calendar(self._officer.office)

    def elsewhere(self) -> Sequence[str]:
        return elsewhere.places(self._scene.world.catalogue, self._officer.office)

    @property
    def catalogue(self) -> Catalogue:
        return self._scene.world.catalogue

    @property
    def search(self) -> Search:
        return self._scene.world.search

    def closures(self) -> Sequence[ClosureView]:
        return self._work.closures.of(self._officer.office, self.now)

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

    def to_prove(self, given: str) -> str:
        return proving_desk.to_prove(self._scene, self._officer, given)

    def guesses(self) -> Sequence[datetime]:
        noted = self._work.audit.of(limits.GUESSING, self.now - _GUESSES)
        return [one.at.astimezone(VIETNAM) for one in noted if one.subject == self._officer.office]

    def find(self, words: str) -> Sequence[DossierFile]:
        code = find_tracking_code(words) or find_official_code(words)
        if code is not None:
            found = self.dossier(code)
            return [found] if found else []
        number = phone(words)
        if number is not None:
            return self._files(self._work.dossiers.of_phone(number, self._officer.office, _FOUND))
        return self._files(self._named(fold(words).split()))

    def _named(self, asked: Sequence[str]) -> Sequence[Record]:
        """Names are sealed: they are read, the newest dossiers first, until enough fit or too many were read."""
        fitting: list[Record] = []
        for records in self._work.dossiers.newest(self._officer.office, _AT_ONCE, _PAGES):
            names = self._work.drafts.answers_of([record.id for record in records], "_name")
            fitting += [one for one in records if all(word in self._words(one, names[one.id]) for word in asked)]
            if len(fitting) >= _FOUND:
                break
        return fitting[:_FOUND]

    def today(self) -> Sequence[DossierFile]:
        begin = self.now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        end = begin + timedelta(days=1)
        agenda = self._work.dossiers.agenda(self._officer.office, begin, end)
        files = digest.sorted_out(self._files(agenda), self.now, end.date()).files
        known = {file.id for file in files}
        new = self._work.dossiers.unanswered(self._officer.office)
        return [*files, *self._files([record for record in new if record.id not in known])]

    def unhappy(self) -> Sequence[CallFile]:
        low = self._work.ratings.unanswered(self._officer.office, LOW)
        calls = filter(None, (self._work.calls.get(rating.dossier) for rating in low))
        return [call_file(self._work, call) for call in calls]

    def visits(self) -> Sequence[DossierFile]:
        since = self.now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        records = self._work.dossiers.appointed(self._officer.office, since, since + timedelta(days=1))
        return self._files(records)

    def fits(self, dossier: str, code: str) -> bool:
        record = self._work.dossiers.get(dossier)
        return record is not None and collectors.fits(record, code)

    def to_phone(self, most: int) -> tuple[int, Sequence[ToPhone]]:
        return telephoned.to_phone(self._scene, self._officer, most)

    def whom(self, dossier: str) -> tuple[str, str]:
        return telephoned.whom(self._scene, dossier)

    def news(self, dossier: str) -> LastNews | None:
        return telephoned.last_news(self._scene, dossier)

    def overdue(self) -> Sequence[DossierFile]:
        return self._files(self._work.dossiers.overdue(self._officer.office, self.now))

    def figures(self, month: Month) -> MonthFigures | None:
        office = self._officer.office
        return figures.reckon(self._scene, office, month) if figures.counts(self._scene, office) else None

    def counted(self, month: Month, name: str, most: int) -> tuple[int, Sequence[DossierFile]]:
        ids = figures.listed(self._scene, self._officer.office, month, name)
        records = [record for record in map(self._work.dossiers.get, ids[:most]) if record is not None]
        return len(ids), self._files(records)

    def mine(self) -> Sequence[DossierFile]:
        return self._files(self._work.dossiers.of_owner(self._officer.id))

    def slots(self) -> Sequence[datetime]:
        """Two on each of the next three working days that have room: the first, and the first after noon."""
        return appointments.proposed(appointments.free_slots(self._scene, self._officer.office), _PROPOSED)

    def own_ways(self) -> tuple[OwnWay, ...]:
        return own_contacts.views(self._scene, self._officer)

    @property
    def own_channels(self) -> frozenset[str]:
        return own_ways.channels(self._scene)

    def transfers(self) -> Sequence[TransferFile]:
        return transfers.open_of(self._work, self._officer.office)

    @property
    def open(self) -> bool:
        office = self._officer.office
        shut = closure.shut(self._work.closures.of(office, self.now), closure.OFFICE, self.now)
        return not shut and self._scene.world.calendar(office).next_open(self.now) == self.now

    def _file(self, record: Record) -> DossierFile:
        return dossier_file(self._scene, record)

    def _files(self, records: Sequence[Record]) -> Sequence[DossierFile]:
        return dossier_files(self._scene, records)

    def _words(self, record: Record, answers: Mapping[str, str]) -> str:
        procedure = self._scene.procedure(record.catalogue_version)
        official = record.official_code or ""
        codes = f"{record.tracking_code} {official} {solid(official)}"
        names = " ".join(answers.values())
        return fold(f"{codes} {procedure.display_name} {record.body.applicant} {names}")


def _procedure_of(scene: Scene, dossier: str) -> Procedure:
    """As it was when the dossier was begun."""
    record = scene.work.dossiers.get(dossier)
    assert record is not None
    return scene.procedure(record.catalogue_version)
