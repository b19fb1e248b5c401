"""A slip of the one-stop rules as it is to be printed: plain data, made from one row of a dossier's history."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from catalogue.model import Office
from catalogue.slips import Kind
from domain.values import VIETNAM, show_phone


class Issuer(Struct, frozen=True, omit_defaults=True):
    """The office as it was when it issued a paper: communes are joined, and get other names and telephones."""

    name: str
    desk: str
    place: str
    phones: str = ""
    practice: bool = False


class Facts(Struct, frozen=True, omit_defaults=True):
    """What a slip says that its row of history would not know otherwise; kept there under "slip".

    `number`: the office's own of this kind and year; 0 where the form has none. `papers`: what was handed in; `wants`:
    what is wanted, each with why; `time`: what the procedure promises; `by`: the officer, `head`: who leads the
    office; `collect`: how the result is to be got; `due_before`: the moment promised before an extension.
    """

    id: str
    kind: Kind
    number: int
    who: str
    content: str
    tracking_code: str
    issuer: Issuer
    by: str
    head: bool = False
    address: str = ""
    phone: str = ""
    email: str = ""
    papers: tuple[str, ...] = ()
    wants: tuple[tuple[str, str], ...] = ()
    originals: tuple[str, ...] = ()
    time: str = ""
    collect: str = ""
    accepted_at: datetime | None = None
    due_before: datetime | None = None


class Field(Struct, frozen=True, tag="field"):
    """A label and what stands on its dots; empty where it is to be written by hand."""

    label: str
    value: str = ""


class Row(Struct, frozen=True, tag="row"):
    """Fields side by side."""

    fields: tuple[Field, ...]


class Items(Struct, frozen=True, tag="items"):
    """A numbered list under a line."""

    label: str
    items: tuple[str, ...]


class Words(Struct, frozen=True, tag="words"):
    """A paragraph; `middle`: centred, as whom a letter is for."""

    text: str
    middle: bool = False


Part = Field | Row | Items | Words


class Sign(Struct, frozen=True):
    """Who signs, how, and the name beneath, if it is known."""

    title: str
    hint: str
    name: str = ""


class Head(Struct, frozen=True):
    """What stands at the top of every such paper; `paper` is its size."""

    form: str
    circular: str
    title: str
    paper: str
    authority: str
    desk: str
    place: str
    day: date
    practice: bool = False


class Slip(Struct, frozen=True):
    """`number` as it stands in the corner; `code` is the dossier's; `link` is what the QR holds."""

    head: Head
    number: str
    code: str
    parts: tuple[Part, ...]
    signers: tuple[Sign, ...]
    notes: tuple[str, ...]
    link: str


def issuer(office: Office) -> Issuer:
    return Issuer(office.name, office.desk, place_name(office), phones(office), office.practice)


def place_name(office: Office) -> str:
    """Sơn Tiến: where a paper is dated, the name stands without its rank."""
    rank, _, name = office.short_name.partition(" ")
    return name if name and rank.casefold() in ("xã", "phường") else office.short_name


def phones(office: Office) -> str:
    """0984 721 482, 0326 854 319; empty where the office has told none."""
    if not office.known("phones"):
        return ""
    return ", ".join(show_phone(f"+84{phone.number.removeprefix('0')}") for phone in office.phones)


def moment(at: datetime) -> str:
    """10 giờ 09 phút, ngày 23 tháng 11 năm 2026, as papers of the state say it."""
    here = at.astimezone(VIETNAM)
    return f"{here:%H} giờ {here:%M} phút, {day_words(here.date())}"


def day_words(day: date) -> str:
    """Ngày 05 tháng 02 năm 2026: days below ten and the first two months are written with a nought."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
