"""A small world around the engine: the real catalogue, everything else in memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from msgspec.structs import replace

from catalogue.load import load
from catalogue.model import Catalogue, Office, Procedure
from catalogue.search import Search
from conversations import engine
from conversations.effects import (
    AnswerCorrection,
    CallOfficer,
    CheckDocument,
    DiscardDraft,
    Effect,
    EndCall,
    SendSupplement,
    SubmitDossier,
    WithdrawDossier,
)
from conversations.messages import Button, DocumentChecked, Event, File, FileSent, Finding, Message, Pressed, TextSent
from conversations.state import DossierView, Draft, DraftLine, Known, Person, State, Step, Talk
from domain import codes

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TODAY = NOW.date()
GOOD = Finding()


@cache
def catalogue() -> Catalogue:
    return load()


@cache
def search() -> Search:
    return Search(catalogue())


class World:
    """One person's chat. It keeps the promises that storage and effects keep in the real program."""

    channel = "test"
    linkable = False

    def __init__(self, *, office: str = "son-tien", consents: tuple[str, ...] = (), screen: str = "menu") -> None:
        self.now = NOW
        self.catalogue = catalogue()
        self.search = search()
        self.state = State(Talk(screen), Person("person", office, consents))
        self.stored: dict[str, Draft] = {}
        self.dossiers: list[DossierView] = []
        self.others: list[DossierView] = []
        self.people: list[Known] = []
        self.call_open = False
        self.effects: list[Effect] = []
        self.last: tuple[Message, ...] = ()
        self.keys: tuple[str, ...] = ()
        self._ids: Iterator[int] = count(1)

    # ---- what the engine sees

    @property
    def fresh(self) -> str:
        return f"id{next(self._ids):014d}"[::-1]

    @property
    def drafts(self) -> list[DraftLine]:
        return [DraftLine(d.id, d.procedure, d.applicant, self.now, d.dossier) for d in self.stored.values()]

    def draft(self, draft_id: str) -> Draft | None:
        return self.stored.get(draft_id)

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

    # ---- what a test does

    def says(self, event: Event | str) -> tuple[str, ...]:
        """The keys of what is said, the questions included; a string is typed, "[Label]" is pressed."""
        self.state = replace(self.state, draft=self.stored.get(self.state.talk.draft, self.state.draft))
        if isinstance(event, str):
            event = self._pressed(event[1:-1]) if event.startswith("[") else TextSent(event)
        turn = engine.turn(self.state, event, self)
        self.effects = list(turn.effects)
        self._keep(turn.state)
        for effect in turn.effects:
            self._carry_out(effect)
        if turn.effects and turn.state.draft is not None:
            turn = replace(turn, state=replace(turn.state, draft=self.stored.get(turn.state.draft.id)))
        self.last, self.state = engine.words(turn, self)
        asked = engine.ask(turn.state, self) if turn.ask else ()
        self.keys = tuple(say.key for say in (*turn.says, *asked))
        return self.keys

    def photo(
        self,
        album: str = "",
        media_type: str = "image/jpeg",
        size: int = 1000,
        finding: Finding | None = GOOD,
        caption: str = "",
    ) -> tuple[str, ...]:
        """A photo, and what our own worker finds (None: nothing yet); gives the keys of all that is said."""
        keys = self.says(FileSent(File(f"file{next(self._ids)}", media_type, size), caption, album=album))
        asked = [effect for effect in self.effects if isinstance(effect, CheckDocument)]
        if finding is None or not asked:
            return keys
        said, effects = self.last, self.effects
        then = self.seen(asked[-1].document, finding)
        self.keys, self.last, self.effects = (*keys, *then), (*said, *self.last), [*effects, *self.effects]
        return self.keys

    def seen(self, document: str, finding: Finding = GOOD, verdict: str = "ok") -> tuple[str, ...]:
        """What our own worker found; no two good photos are alike here."""
        if not finding.sha256:
            finding = replace(finding, sha256=document)
        marked = File(f"marked-{document}", "image/jpeg", 100) if finding.problems else None
        return self.says(DocumentChecked(document, verdict, finding, marked=marked))

    @property
    def text(self) -> str:
        """Everything said last, in one piece."""
        return "\n".join(m.text for m in self.last)

    @property
    def buttons(self) -> list[Button]:
        return [b for m in self.last for b in m.buttons]

    @property
    def labels(self) -> list[str]:
        return [b.label for b in self.buttons]

    def value(self, label: str) -> str:
        return next(b.value for b in self.buttons if b.label == label)

    def _pressed(self, label: str) -> Pressed:
        found = [b for b in (*self.buttons, *self.state.talk.offered) if b.label == label]
        assert found, f"no button {label!r} among {self.labels}"
        return Pressed(found[0].value)

    def _keep(self, state: State) -> None:
        if state.draft is not None:
            self.stored[state.draft.id] = state.draft
        self.state = state

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case SubmitDossier(draft):
                self.dossiers.insert(0, self.view(self.stored.pop(draft)))
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
            case CallOfficer():
                self.call_open = True
            case EndCall():
                self.call_open = False
            case CheckDocument() | _:
                pass

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


def until(world: World, procedure: str, day: date) -> None:
    """The procedure is in force until this day."""
    known = world.catalogue.procedures
    ended = replace(known[procedure], valid_to=day)
    world.catalogue = dataclasses.replace(world.catalogue, procedures={**known, ended.id: ended})
