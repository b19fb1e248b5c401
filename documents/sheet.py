"""A form as it is to be printed: filled with somebody's answers, blank, or filled with the questions' examples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from catalogue.conditions import holds
from catalogue.model import Office, Procedure, Question
from documents import sheet_lines
from documents.sheet_lines import Line, Row, Table
from documents.sheet_signers import Signer, signers
from domain.values import clean

Use = Literal["filled", "blank", "sample"]

DESK: Final = "desk"  # the mark of an answer that an officer is to write properly
PLEDGE: Final = "pledge"
PLEDGED: Final = (  # one sentence
    "Tôi cam đoan những nội dung khai trên đây là đúng sự thật "
    "và chịu trách nhiệm trước pháp luật về cam đoan của mình."
)
_ENOUGH: Final = 0.6  # of a procedure's words, where the title says what it is about


class Section(Struct, frozen=True):
    """One group of questions; `hint` says when it is to be filled in, on a blank form.

    Without a title it is one line, whose label says the same.
    """

    title: str
    parts: tuple[Row | Table, ...]
    hint: str = ""


class Sheet(Struct, frozen=True):
    """`about` stands under a title that does not say by itself what is wanted; `code` is the dossier's."""

    use: Use
    title: str
    about: str
    forms: tuple[str, ...]
    addressee: str
    sections: tuple[Section, ...]
    pledge: str
    place: str
    signers: tuple[Signer, ...]
    day: str = ""  # dd/mm/yyyy; empty where it is to be written
    code: str = ""
    practice: bool = False  # of an office for practice: marked across the page


def filled(
    procedure: Procedure,
    answers: Mapping[str, str],
    marks: Mapping[str, str],
    office: Office,
    today: date,
    *,
    code: str = "",
) -> Sheet:
    """Ready to sign; what nobody answered is left to be written by hand."""
    desk = frozenset(key for key, mark in marks.items() if mark == DESK)
    asked = [q for q in _on_form(procedure) if q.ask_when is None or holds(q.ask_when, answers, today)]
    sheet = _sheet("filled", procedure, office, asked, answers, desk)
    return replace(sheet, day=f"{today:%d/%m/%Y}", code=code)


def blank(procedure: Procedure, office: Office) -> Sheet:
    """To be filled in by hand: every question of the form, for nobody knows yet which will matter."""
    return _sheet("blank", procedure, office, _on_form(procedure), {})


def sample(procedure: Procedure, office: Office, today: date) -> Sheet:
    """Filled with the questions' examples."""
    answers: dict[str, str] = {}
    for question in procedure.questions:
        if question.ask_when is None or holds(question.ask_when, answers, today):
            answers[question.key] = _example(procedure, question)
    asked = [q for q in _on_form(procedure) if q.key in answers]
    return replace(_sheet("sample", procedure, office, asked, answers), day=f"{today:%d/%m/%Y}")


def beside(procedure: Procedure, answers: Mapping[str, str], today: date) -> tuple[tuple[str, str], ...]:
    """Label and value of the answers that have no place on the form, such as a phone number."""
    return tuple(
        (q.label.rstrip("?"), sheet_lines.printed(q, value))
        for q in procedure.questions
        if not q.on_form and q.key != PLEDGE and (q.ask_when is None or holds(q.ask_when, answers, today))
        if (value := clean(answers.get(q.key, "")))
    )


def _example(procedure: Procedure, question: Question) -> str:
    if question.example or question.default:
        return question.example or question.default or ""
    if question.kind == "person_name":
        return "Trần Thị B" if question.key.startswith("wife") else "Nguyễn Văn A"
    places = (q.example for q in procedure.questions if q.kind == "address" and q.example)
    return next(places, "") if question.kind == "address" else ""


def _on_form(procedure: Procedure) -> list[Question]:
    return [q for q in procedure.questions if q.on_form and q.key != PLEDGE]


def _sheet(
    use: Use,
    procedure: Procedure,
    office: Office,
    asked: list[Question],
    answers: Mapping[str, str],
    desk: frozenset[str] = frozenset(),
) -> Sheet:
    title = title_of(procedure)
    known = {key: value for key, value in answers.items() if key not in desk}
    return Sheet(
        use,
        title,
        "" if _says(title, procedure.display_name) else procedure.display_name,
        procedure.form.codes,
        _addressee(office),
        tuple(_sections(use, asked, answers, desk)),
        "" if procedure.intake == "collective-intake" else PLEDGED,
        office.short_name,
        signers(procedure, asked, title, known, blank=use == "blank"),
        practice=office.practice,
    )


def _sections(use: Use, asked: list[Question], answers: Mapping[str, str], desk: frozenset[str]) -> list[Section]:
    """A group that comes up twice is one section, where it first stood."""
    sections = []
    for group in dict.fromkeys(q.group for q in asked):
        mine = [q for q in asked if q.group == group]
        hints = {sheet_lines.when(q) for q in mine}
        shared = hints.pop() if use == "blank" and len(hints) == 1 else ""
        parts: list[Row | Table] = []
        for repeated, run in groupby(mine, key=lambda q: q.repeatable):
            questions = list(run)
            if repeated:
                parts.append(sheet_lines.table(questions, answers, desk))
                continue
            lines: list[Line] = []
            for question in questions:
                if use == "blank":
                    lines += sheet_lines.empty(question, group, alone=not shared)
                else:
                    lines += sheet_lines.answered(question, group, answers, desk)
            parts += sheet_lines.rows(lines)
        same = len(parts) == 1 and isinstance(parts[0], Row) and len(parts[0].lines) == 1 and _begins(parts[0], group)
        sections.append(Section("" if same and not shared else group, tuple(parts), shared))
    return sections


def _begins(row: Row, group: str) -> bool:
    return row.lines[0].label.startswith(group)


def title_of(procedure: Procedure) -> str:
    """The form's name without its number, which stands in the corner."""
    name = procedure.form.name.partition(" (")[0]
    return "Phiếu yêu cầu" if name.startswith("Không có") else name.replace(" + ", " và ")


def _says(title: str, name: str) -> bool:
    words = set(name.casefold().replace(",", "").split())
    return len(words & set(title.casefold().replace(",", "").split())) >= _ENOUGH * len(words)


def _addressee(office: Office) -> str:
    name = office.name.replace("UBND", "Ủy ban nhân dân", 1)
    return name if office.province in name else f"{name}, tỉnh {office.province}"
