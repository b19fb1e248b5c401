"""Who signs a form, and what stands above the signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from catalogue.model import Procedure, Question
from documents.sheet_lines import printed, shown
from domain.values import clean

_NOTE: Final = "(Ký, ghi rõ họ, chữ đệm, tên)"
_STAMPED: Final = "(Ký, ghi rõ họ tên, đóng dấu nếu có)"
COUPLES: Final = (("husband_name", "wife_name"), ("adopter1_name", "adopter2_name"))
SIGN: Final = (  # of those who are on a form the first one signs it
    "declarant_name",
    "rep_name",
    "requester_name",
    "applicant_name",
    "proposer_name",
    "user_name",
    "pwd_name",
    "subject_name",
)
_BY_TITLE: Final = (
    ("Bản khai", "Người khai"),
    ("Giấy đề nghị", "Người đề nghị"),
    ("Đề xuất", "Người đề xuất"),
    ("Đơn", "Người làm đơn"),
    ("Tờ trình", "Người đề nghị"),
)
_LONGEST_WORD: Final = 18  # letters of one word in half a line


class Signer(Struct, frozen=True):
    title: str
    note: str
    name: str


def signers(
    procedure: Procedure, asked: Sequence[Question], title: str, answers: Mapping[str, str], *, blank: bool
) -> tuple[Signer, ...]:
    """One, or a couple that declares together."""
    keys = {q.key: q for q in asked}
    for couple in COUPLES:
        if all(key in keys for key in couple):
            return tuple(Signer(keys[key].group, _NOTE, _name(keys[key], answers)) for key in couple)
    who = next((keys[key] for key in SIGN if key in keys and (blank or answers.get(key))), None)
    who = who or next((q for q in asked if q.kind == "person_name"), None)
    name = _name(who, answers) if who else ""
    if procedure.intake == "collective-intake":
        return (Signer("Đại diện đơn vị đề nghị", _STAMPED, name),)
    return (Signer(_title(asked, title), _NOTE, name),)


def _title(asked: Sequence[Question], title: str) -> str:
    for begins, signer in _BY_TITLE:
        if title.startswith(begins):
            return signer
    groups = {q.group for q in asked}
    return "Người yêu cầu" if "Người yêu cầu" in groups else "Người khai"


def _name(question: Question, answers: Mapping[str, str]) -> str:
    return shown(printed(question, clean(answers.get(question.key, ""))), _LONGEST_WORD)
