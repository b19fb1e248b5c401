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
from conversations.messages import DocumentChecked, Event, Finding, Message
from conversations.state import (
    Collector,
    CoSignView,
    DossierView,
    Draft,
    DraftLine,
    Known,
    Person,
    State,
    Step,
    Talk,
    Turn,
)
from domain import codes


class Pretend:
    """A Context, and whoever carries out what turns ask for."""

    channel = "test"
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
        self.call_open = False
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

    def draft(self, draft_id: str) -> Draft | None:
        return self.stored.get(draft_id)

    def handed_in(self, dossier_id: str) -> Draft | None:
        return self.handed.get(dossier_id)

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
            case _:
                pass  # the rest changes nothing that a conversation looks at

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
