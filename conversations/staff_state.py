"""What an officer's conversation knows and may cause: the desk's side of a dossier."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from conversations.closure import Closing, ClosureEffect, ClosureView
from conversations.contact_state import ContactEffect, OwnWay
from conversations.entry import Brought, EnterDossier, Entry, HoldFile
from conversations.helping_effects import StaffHelpingEffect
from conversations.messages import Button, File
from conversations.money_state import MoneyEffect, TransferFile
from conversations.practice_state import MakePractice
from conversations.session_state import SessionEffect
from conversations.staff_look_effects import StaffLookEffect
from conversations.state import Collector, CoSigner, Document, Helper, Part, Portal, PostWish, Say, Step, Want
from conversations.told_state import LastNews, Telephoned, ToPhone
from domain.dossier import Decision
from domain.fees import Charge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalogue.model import Catalogue, Office, Procedure
    from catalogue.search import Search
    from domain.deadlines import Calendar
    from domain.figures import Month, MonthFigures


WAITING_FOR_WORDS = frozenset(
    {
        "why",
        "more-why",
        "fix",
        "forward",
        "due",
        "instead",
        "extend-why",
        "extend-to",
        "phone-remark",
        "newly",
        "portal-code",
        "code",
        "part-why",
        "fee",
        "fee-why",
        "till",
        "refund",
        "postage",
        "sent",
        "transfer",
        "entry-what",
        "entry-channel",
        "entry-name",
        "entry-phone",
        "entry-photos",
        "entry-days",
        "entry-review",
        "closing-what",
        "closing-from",
        "closing-until",
        "closing-why",
        "closing-send",
        "contact-phone",
        "contact-email",
        "contact-code",
    }
)  # screens on which what is typed counts


class Officer(Struct, frozen=True):
    """A member of one office's staff. `role` is "officer" or "head"."""

    id: str
    name: str
    role: str
    office: str
    absent: bool = False


class StaffTalk(Struct, frozen=True):
    """Which screen one officer is on: empty, or a decision being put together about `dossier` (or `call`)."""

    screen: str = ""
    dossier: str = ""
    call: str = ""
    ticked: tuple[Want, ...] = ()  # faults ticked so far, the reason empty until chosen
    key: str = ""  # the fault whose reason is being asked, or the answer being corrected
    decision: Decision | None = None  # complete, waiting for the last press
    newly: str = ""  # why more may be asked a second time
    files: tuple[File, ...] = ()  # sent in reply to a card, and nobody has said yet what they are
    words: str = ""  # what was written beside them
    entry: Entry | None = None  # a dossier that is being entered for somebody at the desk
    closing: Closing | None = None  # a closure that is being announced
    offered: tuple[Button, ...] = ()


class StaffState(Struct, frozen=True):
    """All an officer's turn may change."""

    talk: StaffTalk
    officer: Officer


class DossierFile(Struct, frozen=True):
    """A dossier as the staff of its office may see it."""

    id: str
    version: int
    tracking_code: str
    procedure: str
    procedure_name: str
    office: str
    status: str
    applicant: str
    submitted_at: datetime
    answer_by: datetime
    official_code: str = ""
    due_at: datetime | None = None
    appointment_at: datetime | None = None
    owner: Officer | None = None
    held: Decision | None = None  # decided, not yet told; can be taken back until `held_until`
    held_until: datetime | None = None
    answers: Mapping[str, str] = {}
    documents: tuple[Document, ...] = ()
    skipped: tuple[str, ...] = ()
    wants: tuple[Want, ...] = ()
    steps: tuple[Step, ...] = ()
    rounds: int = 0  # how often more was asked
    twin: str = ""  # tracking code of an older dossier that may be the same
    call_open: bool = False
    correction: Want | None = None
    marks: Mapping[str, str] = {}  # as in Draft
    charge: Charge | None = None  # what it costs, once an officer has confirmed it
    closure: ClosureView | None = None  # the office, or this procedure, is closed now
    channel: str = "online"  # how it was handed in: online, direct (at the desk) or post
    paused_at: datetime | None = None  # since when it waits for the citizen and the clock does not run
    wait_until: datetime | None = None  # until when it waits; None: no limit known
    reminded_at: datetime | None = None  # when the citizen was reminded in this wait
    extended_from: datetime | None = None  # the due moment before the one extension
    shown_at: datetime | None = None  # since when the citizen has the draft that waits for their answer
    delivered: bool = False  # whether that draft surely reached them
    result: bool = False  # whether the signed result is kept with it
    collector: Collector | None = None
    parts: tuple[Part, ...] = ()
    post: PostWish | None = None
    portal: Portal | None = None
    cosigner: CoSigner | None = None
    helper: Helper | None = None


class CallFile(Struct, frozen=True):
    """A citizen who asked for a person."""

    id: str
    about: str
    opened_at: datetime
    office: str
    open: bool = True
    owner: str = ""  # the officer who answered first
    dossier: str = ""  # tracking code
    dossiers: tuple[str, ...] = ()  # the citizen's other open dossiers with this office, as they are called
    rating: bool = False  # a low rating that an officer is to answer; then `owner` is who
    answered: bool = False  # the rating


class StaffContext(Protocol):
    """The frozen world around an officer's turn; queries run only when looked at."""

    @property
    def now(self) -> datetime: ...
    @property
    def office(self) -> Office: ...
    @property
    def calendar(self) -> Calendar:
        """The office's working time."""
        ...

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def search(self) -> Search: ...
    def closures(self) -> Sequence[ClosureView]:
        """Of this office, those that have not ended, the earliest first."""
        ...

    def to_prove(self, given: str) -> str:
        """The number behind a code of six digits that a citizen reads out, or that a dossier of this office names."""
        ...

    def guesses(self) -> Sequence[datetime]:
        """When somebody was held back who looked up too often, the newest first."""
        ...

    def elsewhere(self) -> Sequence[str]:
        """Where else people are sent: the other offices and the bodies that the catalogue names."""
        ...

    @property
    def colleagues(self) -> Sequence[Officer]:
        """All officers of the office, the speaker among them."""
        ...

    def dossier(self, wanted: str) -> DossierFile | None:
        """By id, tracking code or official code; None when it is not of this office."""
        ...

    def call(self, call_id: str) -> CallFile | None: ...
    def card_at(self, message_id: str) -> str:
        """What the message that an officer replies to is about: "dossier:<id>", "call:<id>" or empty."""
        ...

    def procedure_of(self, dossier: DossierFile) -> Procedure: ...
    def find(self, words: str) -> Sequence[DossierFile]:
        """Dossiers of the office by code, applicant's or procedure's name; at most 20, newest first."""
        ...

    def today(self) -> Sequence[DossierFile]:
        """Open dossiers that want something today, as in the morning's list, then what nobody has looked at."""
        ...

    def unhappy(self) -> Sequence[CallFile]:
        """Low ratings of the office that nobody has answered, the oldest first."""
        ...

    def to_phone(self, most: int) -> tuple[int, Sequence[ToPhone]]:
        """How many citizens the speaker has to telephone, since nothing reached them, and the first of them.

        Of the speaker's own dossiers, or of all.
        """
        ...

    def whom(self, dossier: str) -> tuple[str, str]:
        """Name and number of whom one telephones about a dossier."""
        ...

    def news(self, dossier: str) -> LastNews | None:
        """How the newest news of a dossier went."""
        ...

    def overdue(self) -> Sequence[DossierFile]: ...
    def figures(self, month: Month) -> MonthFigures | None:
        """The office's figures of a month; None where it is a place for practice, which no figure counts."""
        ...

    def counted(self, month: Month, name: str, most: int) -> tuple[int, Sequence[DossierFile]]:
        """How many dossiers a figure counts, and the oldest of them."""
        ...

    def mine(self) -> Sequence[DossierFile]:
        """Open dossiers that the speaker has claimed, the oldest first."""
        ...

    def transfers(self) -> Sequence[TransferFile]:
        """Money that came and of which nobody knows whose it is, the oldest first."""
        ...

    def own_ways(self) -> tuple[OwnWay, ...]:
        """The speaker's own addresses, in the order in which they are tried."""
        ...

    @property
    def own_channels(self) -> frozenset[str]:
        """On which an officer may have one here: zalo, sms, email."""
        ...

    def slots(self) -> Sequence[datetime]:
        """The next pickup moments, within the office's hours."""
        ...

    def visits(self) -> Sequence[DossierFile]:
        """Whoever has an appointment today, in their order."""
        ...

    def fits(self, dossier: str, code: str) -> bool:
        """Whether this is the good code of who collects this dossier."""
        ...

    @property
    def open(self) -> bool:
        """Whether the desk is open now."""
        ...


class Claim(Struct, frozen=True, tag=True):
    """Take a dossier that nobody has; an officer's own again does nothing. Then its papers are shown."""

    dossier: str


class GiveBack(Struct, frozen=True, tag=True):
    dossier: str


class PassTo(Struct, frozen=True, tag=True):
    dossier: str
    officer: str


class TakeOver(Struct, frozen=True, tag=True):
    """The head takes a dossier from whoever has it."""

    dossier: str


class ShowPapers(Struct, frozen=True, tag=True):
    """Send the papers to this officer alone; the look is recorded. `originals`: one paper's files as they were sent."""

    dossier: str
    originals: str = ""


class SendBundle(Struct, frozen=True, tag=True):
    """Send the dossier, or one paper of it, as one PDF to this officer alone; the look is recorded."""

    dossier: str
    paper: str = ""


class SendArchive(Struct, frozen=True, tag=True):
    """Send all that filing it on the National Portal takes, as one ZIP, to this officer; the look is recorded."""

    dossier: str


class NotePortal(Struct, frozen=True, tag=True):
    """Note the dossier's code on the National Portal, or the number of the national status that it has there."""

    dossier: str
    code: str = ""
    status: int = 0


class NotePart(Struct, frozen=True, tag=True):
    """Note how far one part of a linked procedure is; the citizen is told when it has come to an end."""

    dossier: str
    key: str
    status: str
    note: str = ""


class Decide(Struct, frozen=True, tag=True):
    """Hold the decision for the time in which it can be taken back, then carry it out and tell the citizen."""

    dossier: str
    version: int  # of the dossier that the officer saw
    decision: Decision


class TakeBack(Struct, frozen=True, tag=True):
    """Undo the held decision."""

    dossier: str


class TellNow(Struct, frozen=True, tag=True):
    """Carry the held decision out at once."""

    dossier: str


class Answer(Struct, frozen=True, tag=True):
    """Words or a file to the citizen; about a dossier, or in a call. Opens the talk if it is not open."""

    dossier: str = ""
    call: str = ""
    text: str = ""
    file: File | None = None


class KeepPaper(Struct, frozen=True, tag=True):
    """Keep a file with the dossier once its bytes are here: a "draft", shown to the citizen, or the signed "result"."""

    dossier: str
    kind: str
    file: File


class SignedAtDesk(Struct, frozen=True, tag=True):
    """The second person signed on paper before this officer."""

    dossier: str


class SendSlip(Struct, frozen=True, tag=True):
    """Print a slip again for this officer alone: "control", "control-xlsx", or which of those issued, from 1."""

    dossier: str
    which: str


class SendLedger(Struct, frozen=True, tag=True):
    """Print the ledger of these days, the last one included, for the head alone."""

    first: date
    last: date


class CalledBack(Struct, frozen=True, tag=True):
    """The officer has telephoned somebody who gave a low rating; `call` is its card's."""

    call: str


class CloseCall(Struct, frozen=True, tag=True):
    dossier: str = ""
    call: str = ""


class ProposeCorrection(Struct, frozen=True, tag=True):
    """Counts once the citizen has seen old and new and agreed."""

    dossier: str
    key: str
    value: str


class CheckCollector(Struct, frozen=True, tag=True):
    """What came of comparing the code of who collects."""

    dossier: str
    right: bool


class MarkAbsent(Struct, frozen=True, tag=True):
    """Away or back; an absent officer's claims lapse."""

    officer: str
    absent: bool


class InviteOfficer(Struct, frozen=True, tag=True):
    """Make a one-time link with which an officer logs in, and gets their private chat on a messenger."""

    officer: str


class MakeGroupCode(Struct, frozen=True, tag=True):
    """Make a one-time code with which a messenger's group joins the office."""


class LeaveGroup(Struct, frozen=True, tag=True):
    """A messenger's group is no longer the office's: the one in which it is said, or the only one."""


StaffEffect = (
    Claim
    | GiveBack
    | PassTo
    | TakeOver
    | ShowPapers
    | SendBundle
    | Decide
    | TakeBack
    | TellNow
    | Answer
    | KeepPaper
    | SendArchive
    | NotePortal
    | NotePart
    | SignedAtDesk
    | SendSlip
    | SendLedger
    | CalledBack
    | CloseCall
    | ProposeCorrection
    | CheckCollector
    | MarkAbsent
    | InviteOfficer
    | MakeGroupCode
    | LeaveGroup
    | MoneyEffect
    | EnterDossier
    | HoldFile
    | Brought
    | ClosureEffect
    | MakePractice
    | ContactEffect
    | StaffLookEffect
    | StaffHelpingEffect
    | Telephoned
    | SessionEffect
)


class StaffTurn(Struct, frozen=True):
    """What one of an officer's events led to; the says go to that officer alone."""

    state: StaffState
    says: tuple[Say, ...] = ()
    effects: tuple[StaffEffect, ...] = ()
