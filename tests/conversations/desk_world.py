"""A desk to try the officers' side on: one small procedure, three officers, and effects carried out in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final, assert_never

import msgspec
from msgspec.structs import replace

from catalogue.load import load
from catalogue.model import Catalogue, Office, Procedure
from catalogue.search import Search
from conversations import staff
from conversations.closure import ClosureView, DeclareClosure, EndClosure
from conversations.contact_state import AddZalo, AskContact, DropContact, OwnWay, ProveContact, TryContacts
from conversations.entry import Brought, EnterDossier, HoldFile
from conversations.helping_effects import ConsentEnded, ConsentHeard
from conversations.messages import Event, File, Message, Pressed, TextSent
from conversations.money_state import (
    DropTransfer,
    LinkTransfer,
    MoneyEffect,
    RefusePost,
    ReturnMoney,
    SetFee,
    SetPostage,
    TakeMoney,
    TransferFile,
)
from conversations.practice_state import MakePractice
from conversations.session_state import AnswerLogIn, EndSession, EndSessions, ListSessions, MakeLogIn, ResetLogIn
from conversations.staff_look_effects import NoteLooks, ProveAtDesk
from conversations.staff_state import (
    Answer,
    CalledBack,
    CallFile,
    CheckCollector,
    Claim,
    CloseCall,
    Decide,
    DossierFile,
    GiveBack,
    InviteOfficer,
    KeepPaper,
    LeaveGroup,
    MakeGroupCode,
    MarkAbsent,
    NotePart,
    NotePortal,
    Officer,
    PassTo,
    ProposeCorrection,
    SendArchive,
    SendBundle,
    SendLedger,
    SendSlip,
    ShowPapers,
    SignedAtDesk,
    StaffEffect,
    StaffState,
    StaffTalk,
    StaffTurn,
    TakeBack,
    TakeOver,
    TellNow,
)
from conversations.state import Document, Part, Portal, Want
from conversations.told_state import LastNews, Telephoned, ToPhone
from domain.codes import solid
from domain.deadlines import Calendar, Period, Season
from domain.dossier import AskMore, Done, Invite, Status, decide
from domain.fees import Charge, confirmed, credited, returned
from domain.figures import Month, MonthFigures
from domain.values import VIETNAM, fold

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)
CALENDAR: Final = Calendar(
    (Season((1, 1), frozenset(range(1, 6)), (Period(time(7, 30), time(11, 30)), Period(time(13, 30), time(17, 30)))),),
    frozenset({date(2026, 11, 24)}),
)
HOA: Final = Officer("officer-hoa", "Lê Thị Hoa", "officer", "son-tien")
BINH: Final = Officer("officer-binh", "Trần Văn Bình", "officer", "son-tien")
HEAD: Final = Officer("head-lan", "Phạm Thị Lan", "head", "son-tien")
ID: Final = "dossier0dossier0"
CODE: Final = "4ADAFP6RYPA97"
SHOWN: Final = "4ADA-FP6R-YPA97"

OFFICE: Final = msgspec.convert(
    {
        "id": "son-tien",
        "name": "UBND xã Sơn Tiến",
        "desk": "Trung tâm Phục vụ hành chính công xã Sơn Tiến",
        "short_name": "xã Sơn Tiến",
        "address": "xã Sơn Tiến, tỉnh Hà Tĩnh",
        "province": "Hà Tĩnh",
        "aliases": [],
        "agency_id": {"value": "H27.xx.yy", "provisional": True, "confidence": "low"},
        "hours": [],
        "procedures": "all",
    },
    Office,
)


def paper(key: str, name: str, **changes: object) -> dict[str, object]:
    return {
        "key": key,
        "name": name,
        "kind": "copy",
        "required": True,
        "hint": "Chụp rõ.",
        "min_photos": 1,
        "max_photos": 4,
        "sides": [],
        **changes,
    }


def question(key: str, label: str, kind: str, group: str, **changes: object) -> dict[str, object]:
    return {"key": key, "label": label, "kind": kind, "required": True, "group": group, **changes}


def procedure(**changes: object) -> Procedure:
    """A small one; `changes` are fields as a data file would give them."""
    sure = dict.fromkeys(("status", "code", "papers", "processing", "fee", "questions"), "high")
    fields: dict[str, object] = {
        "id": "xac-nhan-doc-than",
        "sector": "hanh-chinh-tu-phap",
        "seq": 1,
        "number": 1,
        "name": "Xác nhận độc thân",
        "display_name": "Xác nhận tình trạng hôn nhân",
        "status": "active",
        "valid_from": "2025-07-01",
        "unknown": [],
        "authority": "Ủy ban nhân dân xã",
        "commune_role": "decides",
        "intake": "full",
        "applicants": [],
        "summary": "",
        "papers": [
            paper("can-cuoc", "Căn cước của người yêu cầu", kind="photo-id", replaceable_by_data=True),
            paper("ly-hon", "Bản án ly hôn"),
            paper("uy-quyen", "Giấy ủy quyền", required=False),
            paper("tu", "Trích lục khai tử của vợ", required_when={"field": "purpose", "in": ["Tái hôn"]}),
        ],
        "processing": {"text": "3 ngày làm việc", "same_day": False, "working_days": 3},
        "fee": {"amount_vnd": 10000, "note": ""},
        "result": "Giấy xác nhận",
        "originals": ["Căn cước", "Bản án ly hôn"],
        "legal_basis": [],
        "form": {"name": "Tờ khai"},
        "questions": [
            question("name", "Họ và tên", "person_name", "Người yêu cầu"),
            question("phone", "Số điện thoại", "phone", "Người yêu cầu"),
            question("sex", "Giới tính", "choice", "Người yêu cầu", choices=["Nam", "Nữ"]),
            question("spouse-sex", "Giới tính", "choice", "Người dự định kết hôn", choices=["Nam", "Nữ"]),
            question("purpose", "Mục đích", "text", "Mục đích"),
            question("pledge", "Cam đoan", "choice", "Cam đoan", choices=["Tôi cam đoan"]),
        ],
        "aliases": [],
        "life_events": [],
        "deadline_hint": "",
        "sources": [],
        "confidence": sure,
    }
    return msgspec.convert({**fields, **changes}, Procedure)


def document(number: int, of: str, verdict: str = "ok") -> Document:
    return Document(f"document-{number}", of, f"ref-{number}", "image/jpeg", 1000, verdict)


def dossier(**changes: object) -> DossierFile:
    file = DossierFile(
        id=ID,
        version=1,
        tracking_code=CODE,
        procedure="xac-nhan-doc-than",
        procedure_name="Xác nhận tình trạng hôn nhân",
        office="son-tien",
        status="submitted",
        applicant="Nguyễn Văn An",
        submitted_at=NOW - timedelta(hours=1),
        answer_by=NOW + timedelta(days=2, hours=-1),
        answers={
            "name": "Nguyễn Văn An",
            "phone": "+84984123456",
            "sex": "Nam",
            "purpose": "Để kết hôn",
            "pledge": "Tôi cam đoan",
        },
        documents=(document(1, "can-cuoc"), document(2, "can-cuoc", "blurred"), document(3, "ly-hon")),
        skipped=("uy-quyen",),
    )
    return replace(file, **changes)


@cache
def loaded() -> Catalogue:
    return load()


@cache
def searched() -> Search:
    return Search(loaded())


class Desk:
    """Stands in for storage: it is a StaffContext, and carries out what turns ask for."""

    def __init__(self, *files: DossierFile, calls: Sequence[CallFile] = (), **changes: object) -> None:
        self.now = NOW
        self.open = True
        self.office = OFFICE
        self.calendar = CALENDAR
        self.closed: tuple[ClosureView, ...] = ()
        self.colleagues: list[Officer] = [HOA, BINH, HEAD]
        self.provable: dict[str, str] = {}  # numbers, by what an officer types after /xacso
        self.guessed: list[datetime] = []
        self.files = {file.id: file for file in files or (dossier(),)}
        self.calls = {call.id: call for call in calls}
        self.procedure = procedure(**changes)
        self.talks: dict[str, StaffTalk] = {}
        self.speaker = HOA
        self.effects: list[StaffEffect] = []
        self.cards = {"message-1": f"dossier:{ID}", "message-2": "call:call0call0call0c"}
        self.money: list[TransferFile] = []
        self.phones: list[ToPhone] = []
        self.told: dict[str, LastNews] = {}
        self.ways: tuple[OwnWay, ...] = ()
        self.channels: frozenset[str] = frozenset()

    def dossier(self, wanted: str) -> DossierFile | None:
        fitting = (f for f in self.files.values() if wanted in (f.id, f.tracking_code, f.official_code))
        return next(fitting, None)

    def call(self, call_id: str) -> CallFile | None:
        return self.calls.get(call_id)

    @property
    def catalogue(self) -> Catalogue:
        return loaded()

    @property
    def search(self) -> Search:
        return searched()

    def figures(self, month: Month) -> MonthFigures | None:  # noqa: ARG002 - nothing is counted here
        return None

    def counted(self, month: Month, name: str, most: int) -> tuple[int, Sequence[DossierFile]]:  # noqa: ARG002
        return 0, ()

    def closures(self) -> Sequence[ClosureView]:
        return self.closed

    def elsewhere(self) -> Sequence[str]:
        return ("Công an xã", "Văn phòng đăng ký đất đai")

    def card_at(self, message_id: str) -> str:
        return self.cards.get(message_id, "")

    def procedure_of(self, dossier: DossierFile) -> Procedure:  # noqa: ARG002 - as StaffContext has it
        return self.procedure

    def to_prove(self, given: str) -> str:
        return self.provable.get(given, "")

    def guesses(self) -> Sequence[datetime]:
        return self.guessed

    def find(self, words: str) -> Sequence[DossierFile]:
        codes = {f.id: f"{f.tracking_code} {f.official_code} {solid(f.official_code)}" for f in self.files.values()}
        files = self.files.values()
        return [f for f in files if fold(words) in fold(f"{codes[f.id]} {f.applicant} {f.procedure_name}")]

    def today(self) -> Sequence[DossierFile]:
        return [f for f in self.files.values() if f.status == Status.SUBMITTED]

    def unhappy(self) -> Sequence[CallFile]:
        return [call for call in self.calls.values() if call.rating and not call.answered]

    def mine(self) -> Sequence[DossierFile]:
        return [file for file in self.files.values() if file.owner == self.speaker]

    def to_phone(self, most: int) -> tuple[int, Sequence[ToPhone]]:
        return len(self.phones), self.phones[:most]

    def whom(self, dossier: str) -> tuple[str, str]:
        return next((one.name, one.phone) for one in self.phones if one.dossier == dossier)

    def news(self, dossier: str) -> LastNews | None:
        return self.told.get(dossier)

    def overdue(self) -> Sequence[DossierFile]:
        return [f for f in self.files.values() if f.due_at is not None and f.due_at < self.now]

    def slots(self) -> Sequence[datetime]:
        mornings = (NOW.replace(hour=7, minute=30) + timedelta(days=n) for n in (2, 3, 4))
        return [morning + n * timedelta(minutes=30) for morning in mornings for n in range(8)]

    def own_ways(self) -> tuple[OwnWay, ...]:
        return self.ways

    @property
    def own_channels(self) -> frozenset[str]:
        return self.channels

    def transfers(self) -> Sequence[TransferFile]:
        return self.money

    def visits(self) -> Sequence[DossierFile]:
        return sorted((f for f in self.files.values() if f.appointment_at), key=lambda f: f.appointment_at or NOW)

    def fits(self, dossier: str, code: str) -> bool:
        collector = self.files[dossier].collector
        return collector is not None and collector.code == code

    def turn(self, officer: Officer, event: Event) -> StaffTurn:
        """One event, its state kept and its effects carried out."""
        self.speaker = officer
        said = staff.turn(StaffState(self.talks.get(officer.id, StaffTalk()), officer), event, self)
        self.talks[officer.id] = said.state.talk
        for effect in said.effects:
            self.effects.append(effect)
            self._carry_out(officer, effect)
        return said

    def says(self, officer: Officer, event: Event) -> tuple[Message, ...]:
        return staff.words(self.turn(officer, event), self)

    def press(self, officer: Officer, action: str, argument: str = "") -> tuple[Message, ...]:
        """A button of the one dossier."""
        return self.says(officer, Pressed(f"d:{action}:{ID}" + (f":{argument}" if argument else "")))

    def type(self, officer: Officer, words: str, reply_to: str = "") -> tuple[Message, ...]:
        return self.says(officer, TextSent(words, reply_to))

    @property
    def file(self) -> DossierFile:
        return self.files[ID]

    def _carry_out(self, officer: Officer, effect: StaffEffect) -> None:
        match effect:
            case Claim(which) | TakeOver(which):
                self._change(which, owner=officer)
            case GiveBack(which):
                self._change(which, owner=None)
            case PassTo(which, to):
                self._change(which, owner=next(o for o in self.colleagues if o.id == to))
            case Decide(which, version, decision):
                assert version == self.files[which].version
                self._tell(which)
                self._change(which, held=decision)
            case TakeBack(which):
                self._change(which, held=None)
            case TellNow(which):
                self._tell(which)
            case CheckCollector(which, right):
                known = self.files[which].collector
                assert known is not None
                self._change(which, collector=replace(known, checked=right, wrong=known.wrong + (not right)))
            case NotePortal(which, code, number):
                there = self.files[which].portal
                self._change(which, portal=Portal(code) if code or there is None else Portal(there.code, number, NOW))
            case NotePart(which, key, status, note):
                noted = tuple(Part(key, status, note) if p.key == key else p for p in self.files[which].parts)
                self._change(which, parts=noted)
            case SetFee() | TakeMoney() | ReturnMoney() | SetPostage() | LinkTransfer() | DropTransfer() | RefusePost():
                self._pay(effect)
            case ProposeCorrection(which, key, value):
                self._change(which, correction=Want(key, value))
            case MarkAbsent(who, absent):
                self.colleagues = [replace(o, absent=absent) if o.id == who else o for o in self.colleagues]
            case (
                ShowPapers()
                | SendBundle()
                | NoteLooks()
                | ProveAtDesk()
                | AddZalo()
                | AskContact()
                | ProveContact()
                | DropContact()
                | TryContacts()
                | SendArchive()
                | Answer()
                | CloseCall()
                | InviteOfficer()
                | MakeGroupCode()
                | LeaveGroup()
                | KeepPaper()
                | SignedAtDesk()
                | SendSlip()
                | SendLedger()
                | CalledBack()
                | EnterDossier()
                | Brought()
                | HoldFile()
                | DeclareClosure()
                | EndClosure()
                | MakePractice()
                | Telephoned()
                | ConsentHeard()
                | ConsentEnded()
                | MakeLogIn()
                | AnswerLogIn()
                | ListSessions()
                | EndSession()
                | EndSessions()
                | ResetLogIn()
            ):
                pass
            case _:
                assert_never(effect)

    def _pay(self, effect: MoneyEffect) -> None:
        """As bot/money.py does, but nobody is told."""
        if isinstance(effect, LinkTransfer | DropTransfer):
            self.money = [one for one in self.money if one.id != effect.transfer]
            return
        charge = self.files[effect.dossier].charge or Charge(0, "MC7K39XTM4")
        match effect:
            case SetFee(which, amount, reason):
                self._change(which, charge=confirmed(charge, amount, reason))
            case TakeMoney(which, amount):
                self._change(which, charge=credited(charge, amount, "desk")[0])
            case ReturnMoney(which, amount):
                self._change(which, charge=returned(charge, amount))
            case RefusePost(which):
                self._change(which, post=None)
            case SetPostage(which, fee):
                wish = self.files[which].post
                assert wish is not None
                self._change(which, post=replace(wish, fee_vnd=fee))

    def _tell(self, which: str) -> None:
        """The held decision takes effect."""
        file = self.files[which]
        if file.held is None:
            return
        after = decide(Status(file.status), file.held)
        visit = file.held.pickup_at if isinstance(file.held, Done) else None
        visit = file.held.at if isinstance(file.held, Invite) else visit
        asked = isinstance(file.held, AskMore)
        self._change(which, status=after, held=None, appointment_at=visit, rounds=file.rounds + asked)

    def _change(self, which: str, **changes: object) -> None:
        file = self.files[which]
        self.files[which] = replace(file, version=file.version + 1, **changes)


def labels(messages: Sequence[Message]) -> list[str]:
    return [button.label for message in messages for button in message.buttons]


def values(messages: Sequence[Message]) -> list[str]:
    return [button.value for message in messages for button in message.buttons]


PHOTO: Final = File("ref-photo", "image/jpeg", 1000)
