"""One dossier and the officers around it, in memory: the desk's side of a rehearsal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from msgspec.structs import replace

from catalogue.model import Office, Procedure
from conversations import elsewhere
from conversations.closure import ClosureView
from conversations.contact_state import OwnWay
from conversations.entry import Brought
from conversations.money_state import TransferFile
from conversations.rehearsal.pretend import Pretend
from conversations.staff_state import CallFile, Claim, Decide, DossierFile, GiveBack, Officer, StaffEffect, TakeOver
from conversations.state import Draft, PostWish, Step, Want
from conversations.told_state import LastNews, ToPhone
from domain import codes
from domain.deadlines import Calendar, Period, Season
from domain.dossier import (
    Accept,
    AskMore,
    Decision,
    Done,
    Extend,
    Invite,
    Missed,
    Post,
    Rebook,
    Status,
    Supplement,
    decide,
)
from domain.figures import Month, MonthFigures
from domain.values import VIETNAM

CLERK: Final = Officer("rehearsalclerk00", "Nguyễn Thị Kim Phượng", "officer", "")
HEAD: Final = Officer("rehearsalhead000", "Trần Thị Hồng Nhung", "head", "")
_CALENDAR: Final = Calendar((Season((1, 1), frozenset(range(1, 6)), (Period(time(7), time(17)),)),))
_DAYS: Final = 10  # of slots that are offered
_CODE: Final = "H27.99.99-991231-9999"  # as long as an official code gets


class PretendDesk:
    """A StaffContext around one dossier."""

    open = True

    def __init__(self, file: DossierFile, procedure: Procedure, world: Pretend) -> None:
        self.file = file
        self.procedure = procedure
        self.catalogue = world.catalogue
        self.search = world.search
        self.office = office = world.office(world.state.person.office)
        self.now = world.now.astimezone(VIETNAM)
        self.colleagues: Sequence[Officer] = (replace(CLERK, office=office.id), replace(HEAD, office=office.id))

    @property
    def calendar(self) -> Calendar:
        return _CALENDAR

    def closures(self) -> Sequence[ClosureView]:
        return ()

    def figures(self, month: Month) -> MonthFigures | None:  # noqa: ARG002 - nothing is counted here
        return None

    def counted(self, month: Month, name: str, most: int) -> tuple[int, Sequence[DossierFile]]:  # noqa: ARG002
        return 0, ()

    def elsewhere(self) -> Sequence[str]:
        return elsewhere.places(self.catalogue, self.office.id)

    def dossier(self, wanted: str) -> DossierFile | None:
        return self.file if wanted in (self.file.id, self.file.tracking_code, self.file.official_code) else None

    def call(self, call_id: str) -> CallFile | None:  # noqa: ARG002 - there is none
        return None

    def card_at(self, message_id: str) -> str:  # noqa: ARG002 - there is but one
        return f"dossier:{self.file.id}"

    def procedure_of(self, dossier: DossierFile) -> Procedure:  # noqa: ARG002 - there is but one
        return self.procedure

    def to_prove(self, given: str) -> str:  # noqa: ARG002 - nobody has asked
        return ""

    def guesses(self) -> Sequence[datetime]:
        return ()

    def find(self, words: str) -> Sequence[DossierFile]:  # noqa: ARG002 - there is but one
        return [self.file]

    def today(self) -> Sequence[DossierFile]:
        return [self.file]

    def unhappy(self) -> Sequence[CallFile]:
        return ()

    def mine(self) -> Sequence[DossierFile]:
        return [self.file]

    def to_phone(self, most: int) -> tuple[int, Sequence[ToPhone]]:  # noqa: ARG002 - nobody
        return 0, ()

    def whom(self, dossier: str) -> tuple[str, str]:  # noqa: ARG002
        return "", ""

    def news(self, dossier: str) -> LastNews | None:  # noqa: ARG002 - nobody was told anything
        return None

    def overdue(self) -> Sequence[DossierFile]:
        return []

    def own_ways(self) -> tuple[OwnWay, ...]:
        return ()

    @property
    def own_channels(self) -> frozenset[str]:
        return frozenset()

    def transfers(self) -> Sequence[TransferFile]:
        return ()

    def visits(self) -> Sequence[DossierFile]:
        return [self.file] if self.file.appointment_at else []

    def fits(self, dossier: str, code: str) -> bool:  # noqa: ARG002 - any code but one is right
        return code != "000000"

    def slots(self) -> Sequence[datetime]:
        morning = self.now.replace(hour=7, minute=30)
        return [morning + timedelta(days=1 + n // 8, minutes=30 * (n % 8)) for n in range(_DAYS * 8)]

    def after(self, officer: Officer, effect: StaffEffect) -> tuple[DossierFile, Decision | None]:
        """The dossier as the effect leaves it, and the decision that its citizen is to hear of."""
        match effect:
            case Claim() | TakeOver():
                return replace(self.file, owner=officer), None
            case GiveBack():
                return replace(self.file, owner=None), None
            case Brought():
                brought = Supplement(tuple(want.key for want in self.file.wants))
                return decided(self.file, brought, self.now), brought
            case Decide(decision=decision):
                return decided(self.file, decision, self.now), decision
            case _:
                return self.file, None


def decided(file: DossierFile, decision: Decision, now: datetime) -> DossierFile:
    """The dossier after a decision, with the longest codes and moments there are."""
    status = decide(Status(file.status), decision)
    step = Step(now, str(decision.__struct_config__.tag), status)
    changes: dict[str, object] = {"status": status, "steps": (*file.steps, step), "version": file.version + 1}
    match decision:
        case Accept():
            changes |= {"official_code": _CODE, "due_at": now + timedelta(days=30)}
        case AskMore(faults):
            changes |= {"wants": tuple(Want(f.key, f.reason) for f in faults), "rounds": file.rounds + 1}
        case Done(at) | Invite(at) | Rebook(at):
            changes["appointment_at"] = at
        case Missed():
            changes["appointment_at"] = None
        case Extend(until):
            changes |= {"due_at": until, "extended_from": file.due_at}
        case Post(_, tracking):
            changes["post"] = replace(file.post or PostWish("", "", ""), tracking=tracking)
        case _:
            pass
    return replace(file, **changes)


def handed_in(draft: Draft, procedure: Procedure, office: Office, now: datetime) -> DossierFile:
    """The dossier that a draft becomes."""
    return DossierFile(
        id=draft.id,
        version=1,
        tracking_code=codes.new_tracking_code(draft.id.encode()[:16]),
        procedure=procedure.id,
        procedure_name=procedure.display_name,
        office=office.id,
        status=Status.SUBMITTED,
        applicant=draft.applicant,
        submitted_at=now,
        answer_by=now + timedelta(hours=8),
        answers=draft.answers,
        documents=draft.documents,
        skipped=draft.skipped,
        steps=(Step(now, "submit", Status.SUBMITTED),),
        marks=draft.marks,
    )
