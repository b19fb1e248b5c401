"""A whole dossier, or one of its papers, as one PDF for the officer: what is to stand in it, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from catalogue.conditions import holds
from catalogue.model import Procedure
from documents.sheet import DESK, Sheet
from documents.sheet_lines import printed
from domain.values import clean

ODD: Final = "odd"  # the mark of an answer that was kept in spite of a warning
_PROBLEMS: Final[Mapping[str, str]] = {
    "screenshot": "ảnh chụp màn hình",
    "dark": "tối",
    "overexposed": "quá sáng",
    "no-document": "không rõ tờ giấy",
    "too-small": "nhỏ",
    "blurred": "mờ",
    "glare": "lóa",
    "cut-off": "thiếu mép giấy",
    "sideways": "nằm ngang",
    "wrong-paper": "có thể là loại giấy khác",
    "same-side": "trùng mặt thẻ",
    "same-photo": "trùng ảnh đã gửi",
}


class Photo(Struct, frozen=True):
    """One page as a cleaned JPEG; `problems` as in Finding: what it was kept in spite of."""

    jpeg: bytes
    problems: tuple[str, ...] = ()


class BundlePaper(Struct, frozen=True):
    """`hints` are whole sentences for the officer; `note` says why there are no photos."""

    name: str
    photos: tuple[Photo, ...] = ()
    hints: tuple[str, ...] = ()
    note: str = ""


class Bundle(Struct, frozen=True):
    """`submitted_at` in words; `beside`: labels and values that have no place on the form."""

    procedure: str
    office: str
    code: str
    applicant: str
    submitted_at: str
    official_code: str = ""
    sheet: Sheet | None = None
    papers: tuple[BundlePaper, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    hints: tuple[str, ...] = ()
    practice: bool = False  # as of a Sheet


class OnePaper(Struct, frozen=True):
    """One paper by itself; `title` is the procedure's name."""

    title: str
    code: str
    paper: BundlePaper


def problem_words(problems: Iterable[str]) -> str:
    """What is poor about a photo, in a few words; empty where nothing is."""
    return ", ".join(dict.fromkeys(_PROBLEMS.get(problem, "chưa đạt") for problem in problems))


def remarks(procedure: Procedure, answers: Mapping[str, str], marks: Mapping[str, str], today: date) -> tuple[str, ...]:
    """What the officer should look at among the answers, in the order of the form."""
    said: list[str] = []
    for question in procedure.questions:
        if question.ask_when is not None and not holds(question.ask_when, answers, today):
            continue
        for key, mark in marks.items():
            bare, _, row = key.partition(".")
            if bare != question.key:
                continue
            label = question.label.rstrip("?") + (f" (dòng {row})" if row else "")
            typed = clean(answers.get(key, ""))
            if mark == DESK:
                said.append(f"{label}: cán bộ ghi giúp" + (f"; người dân gõ “{typed}”." if typed else "."))
            elif mark == ODD:
                said.append(f"{label}: “{printed(question, typed)}” – người dân giữ nguyên dù được nhắc xem lại.")
    return tuple(said)
