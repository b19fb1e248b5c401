"""What is wrong, or may be, with the answers that are to be filed: numbers, phones, days, names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from catalogue.model import Procedure
from conversations.plans import base
from conversations.render import text
from documents.portal_fields import Field
from domain import names, numbers
from domain.codes import find_official_code, normalise
from domain.values import Wrong, parse_date, parse_name, phone

_TWELVE: Final = re.compile(r"\d{12}")
_NINE: Final = re.compile(r"\d{9}")


def format_checks(
    procedure: Procedure, fields: Sequence[Field], answers: Mapping[str, str], today: date
) -> tuple[str, ...]:
    """One sentence for each thing that should be looked at again, in the order of the fields."""
    return tuple(line for field in fields for line in _of(field, procedure, answers, today))


def code_checks(tracking_code: str, official_code: str, agency_id: str, *, provisional: bool) -> tuple[str, ...]:
    """Whether our own codes have the shape they should have."""
    said = [
        text("portal-archive.check-code", {"code": code})
        for code, right in (
            (tracking_code, normalise(tracking_code) is not None),
            (official_code, not official_code or find_official_code(official_code) is not None),
        )
        if not right
    ]
    if provisional:
        said.append(text("portal-archive.check-agency", {"agency": agency_id}))
    return tuple(said)


def _of(field: Field, procedure: Procedure, answers: Mapping[str, str], today: date) -> Iterator[str]:
    about = {"label": _label(field), "value": field.stored}
    if field.desk:  # which documents/bundle.py says, with what was typed
        return
    if not field.stored:
        if field.to_type:
            yield text("portal-archive.check-typed", about)
        return
    for wrong in _wrong(field, procedure, answers, today):
        yield text(f"portal-archive.check-{wrong}", about)


def _wrong(field: Field, procedure: Procedure, answers: Mapping[str, str], today: date) -> Iterator[str]:
    match field.kind:
        case "phone" if phone(field.stored) is None:
            yield "phone"
        case "id_number" if _NINE.fullmatch(field.stored):
            yield "id-old"
        case "id_number" if not _TWELVE.fullmatch(field.stored):
            yield "id"
        case "id_number":
            born, sex = (_detail(field, procedure, answers, detail) for detail in ("born", "sex"))
            yield from numbers.id_doubts(field.stored, born, sex)
        case "date" if isinstance(parse_date(field.stored, today, partial=True), Wrong):
            yield "date"
        case "person_name" if isinstance(parse_name(field.stored), Wrong) or " " not in field.stored:
            yield "name"
        case "person_name" if names.unmarked(field.stored):
            yield "name-unmarked"


def _detail(field: Field, procedure: Procedure, answers: Mapping[str, str], detail: str) -> str | None:
    """What was told of the same human, in the same row."""
    asked = procedure.question(base(field.key))
    row = field.key.removeprefix(asked.key)
    if asked.person is None:
        return None
    keys = (q.key for q in procedure.questions if q.person == asked.person and q.detail == detail)
    return next((answers[key + row] for key in keys if answers.get(key + row)), None)


def _label(field: Field) -> str:
    row = text("portal-archive.row", {"row": field.row}) if field.row > 1 else ""
    return f"{field.label} ({row})" if row else field.label
