"""One citizen's chat in memory: it keeps the promises that storage and effects keep in the real program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from msgspec.structs import replace

from catalogue.model import Catalogue, Office, Procedure
from catalogue.search import Search
from conversations import closure, engine
from conversations.closure import ClosureView
from conversations.effects import (
    AnswerCorrection,
    AnswerCoSign,
    AnswerShown,
    BookSlot,
    CallOfficer,
    DiscardDraft,
    DropCollector,
    Effect,
    EndCall,
    NameCollector,
    SendSupplement,
    SubmitDossier,
    WithdrawDossier,
)
from conversations.helping_effects import (
    AskConsent,
    KeepConsent,
    MoveDocuments,
    ReadOutCode,
    RevokeConsent,
    SettleConsent,
)
from conversations.impostors import Genuine, Official
from conversations.messages import DocumentChecked, Event, Finding, Message
from conversations.own_data import OwnData
from conversations.state import (
    Address,
    Collector,
    CoSignView,
    DossierView,
    Draft,
    DraftLine,
    HelpedView,
    Known,
    MandateView,
    Person,
    State,
    Step,
    Talk,
    Turn,
)
from domain import codes, helping, rights
from domain.helping import Standing, Way


class Pretend:
    """A Context, and whoever carries out what turns ask for."""

    channel = "console"
    linkable = False

    def __init__(
        self,
        catalogue: Catalogue,
        search: Search,
        now: datetime,
        *,
        office: str,
        consents: tuple[str, ...] = (),
        screen: str = "menu",
    ) -> None:
        self.now = now
        self.catalogue = catalogue
        self.search = search
        self.state = State(Talk(screen), Person("person", office, consents))
        self.stored: dict[str, Draft] = {}
        self.dossiers: list[DossierView] = []
        self.others: list[DossierView] = []
        self.people: list[Known] = []
        self.handed: dict[str, Draft] = {}  # by dossier
        self.links: dict[str, CoSignView] = {}  # by token
        self.proofs: list[rights.Proof] = []
        self.numbers: dict[str, str] = {}  # by dossier, the phone that it was handed in with
        self.looking = "yes"
        self.consents: dict[str, MandateView] = {}  # by draft or dossier
        self.code = "123456"  # the one that the person helped is sent
        self.codes_by_phone = True
        self.helped: list[HelpedView] = []
        self.call_open = False
        self.addresses: list[Address] = [Address("here", "console", here=True)]
        self.ways: frozenset[str] = frozenset()
        self.link_to: tuple[str, ...] = ()
        self.closures: tuple[ClosureView, ...] = ()
        self.slots: list[datetime] = []
        self.effects: list[Effect] = []
        self.last: tuple[Message, ...] = ()
        self._ids: Iterator[int] = count(1)

    @property
    def fresh(self) -> str:
        return f"id{next(self._ids):014d}"[::-1]

    @property
    def drafts(self) -> list[DraftLine]:
        return [DraftLine(d.id, d.procedure, d.applicant, self.now, d.dossier) for d in self.stored.values()]

    @property
    def several(self) -> bool:
        return len(self.stored) > 1

    def draft(self, draft_id: str) -> Draft | None:
        return self.stored.get(draft_id)

    def handed_in(self, dossier_id: str) -> Draft | None:
        return self.handed.get(dossier_id)

    def mandate(self, owner: str) -> MandateView | None:
        return self.consents.get(owner) or next((one for one in self.consents.values() if one.id == owner), None)

    @property
    def mandates(self) -> list[MandateView]:
        return list(self.consents.values())

    def own_data(self) -> OwnData:
        return OwnData(drafts=tuple(line.procedure for line in self.drafts if not line.dossier))

    def genuine(self, words: str) -> Genuine:  # noqa: ARG002 - nothing was ever sent
        return Genuine()

    def official(self) -> Official:
        return Official({"web": "https://example.vn"})

    def to_cosign(self, token: str) -> CoSignView | None:
        return self.links.get(token)

    def dossier_by_code(self, code: str) -> DossierView | None:
        return next(
            (
                d
                for d in (*self.dossiers, *self.others)
                if d.tracking_code == code or (d.own and d.official_code == code)
            ),
            None,
        )

    def may_look(self, phone: str = "", *, pair: bool = False) -> str:  # noqa: ARG002 - the same for all
        return self.looking

    def dossiers_of(self, phone: str) -> list[DossierView]:
        if not rights.may(self.proofs, rights.PHONE, phone, rights.Right.DETAILS, self.now):
            return []
        return [d for d in (*self.dossiers, *self.others) if self.numbers.get(d.id) == phone]

    def pair(self, code: str, phone: str) -> DossierView | None:
        listed = (*self.dossiers, *self.others)
        codes_of = ((d, (d.tracking_code, d.official_code)) for d in listed if self.numbers.get(d.id) == phone)
        return next((d for d, known in codes_of if code in known), None)

    def procedure_of(self, dossier: DossierView) -> Procedure:
        return self.catalogue.procedures[dossier.procedure]

    def office(self, office_id: str) -> Office:
        return self.catalogue.offices[office_id]

    def free_slots(self, office_id: str, procedure: str) -> list[datetime]:  # noqa: ARG002 - the same for all
        return self.slots

    def closed(self, office_id: str, procedure: str) -> ClosureView | None:
        return closure.current(self.closures, procedure, self.now) if office_id else None

    def take(self, event: Event) -> Turn:
        """One event with all that follows; what is said stands in `last`."""
        self.state = replace(self.state, draft=self.stored.get(self.state.talk.draft, self.state.draft))
        turn = engine.turn(self.state, event, self)
        self.effects = list(turn.effects)
        if turn.state.draft is not None:
            self.stored[turn.state.draft.id] = turn.state.draft
        self.state = turn.state
        for effect in turn.effects:
            self._carry_out(effect)
        if turn.effects and turn.state.draft is not None:
            turn = replace(turn, state=replace(turn.state, draft=self.stored.get(turn.state.draft.id)))
        self.last, self.state = engine.words(turn, self)
        return turn

    def checked(self, document: str, finding: Finding, verdict: str = "ok") -> DocumentChecked:
        """What our own worker found; no two good photos are alike here."""
        return DocumentChecked(document, verdict, finding if finding.sha256 else replace(finding, sha256=document))

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case SubmitDossier(draft):
                self.handed[draft] = self.stored.pop(draft)
                self.dossiers.insert(0, self.view(self.handed[draft]))
            case SendSupplement(draft):
                sent = self.stored.pop(draft)
                self.dossiers = [
                    replace(d, status="submitted", wants=()) if d.id == sent.dossier else d for d in self.dossiers
                ]
            case DiscardDraft(draft):
                del self.stored[draft]
            case WithdrawDossier(dossier):
                self.dossiers = [replace(d, status="withdrawn") if d.id == dossier else d for d in self.dossiers]
            case AnswerCorrection(dossier):
                self.dossiers = [replace(d, correction=None) if d.id == dossier else d for d in self.dossiers]
            case BookSlot(dossier, at):
                self._change(dossier, appointment_at=at)
            case NameCollector(dossier, name, phone, last4):
                self._change(dossier, collector=Collector(name, phone, last4))
            case DropCollector(dossier):
                self._change(dossier, collector=None)
            case AnswerShown(dossier):
                self._change(dossier, status="processing")
            case AnswerCoSign(token):
                del self.links[token]
            case CallOfficer():
                self.call_open = True
            case EndCall():
                self.call_open = False
            case AskConsent() | ReadOutCode() | KeepConsent() | SettleConsent() | RevokeConsent():
                self._consent(effect)
            case MoveDocuments():
                self._move(effect)
            case _:
                pass  # the rest changes nothing that a conversation looks at

    def _consent(self, effect: AskConsent | ReadOutCode | KeepConsent | SettleConsent | RevokeConsent) -> None:
        """As bot/mandates.py does; the right code is always `code`."""
        until = self.now + helping.LIFE
        match effect:
            case AskConsent(owner, how, helper, relation, phone):
                status = Standing.AT_DESK if how == Way.DESK else Standing.ASKED
                self._asked(owner, how, (helper, relation), status, phone)
            case KeepConsent(id_, owner, how, helper, relation):
                status = Standing.GIVEN if how == Way.VOICE else Standing.CHECKING
                self._asked(owner, how, (helper, relation), status, id_=id_)
            case ReadOutCode(owner, code) if code == self.code:
                self.consents[owner] = replace(self.consents[owner], status=Standing.GIVEN, until=until)
            case SettleConsent(id_, good):
                known = next(one for one in self.consents.values() if one.id == id_)
                if good:
                    self.consents[known.owner] = replace(known, status=Standing.GIVEN, until=until)
                else:
                    del self.consents[known.owner]
            case RevokeConsent(id_):
                self.helped = [replace(one, holds=False) if one.id == id_ else one for one in self.helped]
            case _:
                pass

    def _asked(
        self, owner: str, how: str, who: tuple[str, str], status: Standing, phone: str = "", *, id_: str = ""
    ) -> None:
        draft = self.stored.get(owner)
        before = self.consents.get(owner)
        name = draft.applicant if draft is not None else before.applicant if before is not None else ""
        about = self.catalogue.procedures[draft.procedure].display_name if draft is not None else ""
        known = phone or (before.phone if before is not None else "")
        until = self.now + helping.LIFE if status == Standing.GIVEN else None
        self.consents[owner] = MandateView(
            id_ or self.fresh, owner, name, *who, about, how, status, known, until, handed_in=draft is None
        )

    def _move(self, effect: MoveDocuments) -> None:
        moved = [d for draft in self.stored.values() for d in draft.documents if d.id in effect.documents]
        for key, draft in self.stored.items():
            kept = tuple(d for d in draft.documents if d.id not in effect.documents)
            new = tuple(replace(d, paper=effect.paper) for d in moved) if key == effect.draft else ()
            self.stored[key] = replace(draft, documents=(*kept, *new))

    def _change(self, dossier: str, **changes: object) -> None:
        self.dossiers = [replace(d, **changes) if d.id == dossier else d for d in self.dossiers]

    def view(self, draft: Draft, *, own: bool = True, status: str = "submitted") -> DossierView:
        """The dossier that a draft has become."""
        number = next(self._ids)
        return DossierView(
            id=draft.id,
            tracking_code=codes.new_tracking_code(number.to_bytes(16)),
            procedure=draft.procedure,
            procedure_name=self.catalogue.procedures[draft.procedure].display_name,
            office=self.state.person.office,
            status=status,
            applicant=draft.applicant,
            submitted_at=self.now,
            answer_by=self.now + timedelta(hours=8),
            own=own,
            steps=(Step(self.now, "submit", "submitted"),),
        )
