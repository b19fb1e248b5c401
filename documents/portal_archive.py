"""Everything that is needed to file one dossier on the National Portal, as one ZIP; made of plain data alone.

The portal takes dossiers from nobody's program (no interface for it is public), so a person copies and uploads.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from conversations.render import text
from documents.portal_fields import Field
from documents.portal_page import page
from domain.values import VIETNAM

SCHEMA: Final = "motcua.portal/1"
PAPERS: Final = "giay-to"
_STEM: Final = 40  # letters of a paper's key in a file's name
_BREAKS: Final = re.compile(r"\s*[\n\t]\s*")


class PaperFile(Struct, frozen=True):
    """One paper as one PDF; `key` is plain letters and says nothing of a person."""

    key: str
    name: str
    pdf: bytes


class NationalState(Struct, frozen=True):
    """A status of the national list (QĐ's ten), with its number and the moment in which it began."""

    number: int
    name: str
    at: datetime


class Package(Struct, frozen=True):
    """A dossier as it is to be filed. `state` is ours; `portal` is what was noted of the portal's: code and status.

    `national_code` is empty where nobody knows it. `history` holds only changes of the national status.
    """

    tracking_code: str
    official_code: str
    portal_code: str
    procedure: str
    procedure_name: str
    national_code: str
    office_name: str
    agency_id: str
    agency_provisional: bool
    state: NationalState
    made_at: datetime
    submitted_at: datetime
    fields: tuple[Field, ...]
    history: tuple[NationalState, ...]
    checks: tuple[str, ...]
    form: bytes
    papers: tuple[PaperFile, ...] = ()
    portal_state: NationalState | None = None
    official_name: str = ""  # the procedure's, where it is known
    practice: bool = False  # an invented dossier: marked wherever the package is read

    @property
    def code(self) -> str:
        """The one code to call it by."""
        return self.official_code or self.tracking_code

    @property
    def left(self) -> int:
        """How many fields somebody has to write because we have nothing to copy."""
        return sum(field.to_type for field in self.fields)


def packed(package: Package) -> bytes:
    """The ZIP; the same package gives the same bytes."""
    named = [(file_of(number, paper), paper) for number, paper in enumerate(package.papers, 1)]
    files: dict[str, bytes] = {
        "DOC-TRUOC.txt": _lines(_read_first(package, named)),
        "01-to-khai.html": page(package.procedure_name, _facts(package), package.fields),
        "02-to-khai.pdf": package.form,
        "truong.txt": _lines([f"{_flat(_named(field))}\t{_flat(field.value)}" for field in package.fields]),
        "kiem-tra.txt": _lines(_checks(package)),
        "ho-so.json": msgspec.json.format(msgspec.json.encode(_data(package, named)), indent=2),
        **{name: paper.pdf for name, paper in named},
    }
    kept = io.BytesIO()
    made = package.made_at.astimezone(VIETNAM)
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (made.year, made.month, made.day, made.hour, made.minute, made.second))
            entry.external_attr = 0o644 << 16
            # a PDF of photos is compressed already
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return kept.getvalue()


def file_of(number: int, paper: PaperFile) -> str:
    """giay-to/01-giay-chung-sinh.pdf."""
    return f"{PAPERS}/{number:02d}-{paper.key[:_STEM].rstrip('-')}.pdf"


def _facts(package: Package) -> list[str]:
    ready = sum(bool(field.value) for field in package.fields)
    return [
        *([text("portal-archive.practice")] if package.practice else []),
        text("portal-archive.code", {"code": package.code}),
        _national(package),
        text("portal-archive.count", {"ready": ready, "left": package.left}),
    ]


def _national(package: Package) -> str:
    if package.national_code:
        return text("portal-archive.national-code", {"code": package.national_code})
    return text("portal-archive.national-code-unknown")


def _read_first(package: Package, named: list[tuple[str, PaperFile]]) -> list[str]:
    about = {"code": package.national_code, "name": package.official_name or package.procedure_name}
    find = text("portal-archive.find-code" if package.national_code else "portal-archive.find-name", about)
    papers = [text("portal-archive.read-paper", {"file": file, "name": paper.name}) for file, paper in named]
    return [
        *([text("portal-archive.practice"), ""] if package.practice else []),
        text("portal-archive.read-title"),
        package.procedure_name,
        text("portal-archive.code", {"code": package.code}),
        "",
        text("portal-archive.read-no-api"),
        text("portal-archive.private-archive"),
        "",
        text("portal-archive.read-files"),
        "",
        text("portal-archive.read-steps", {"find": find, "code": package.code}),
        "",
        text("portal-archive.read-left", {"left": package.left}),
        "",
        text("portal-archive.read-papers"),
        *(papers or [text("portal-archive.read-no-papers")]),
    ]


def _checks(package: Package) -> list[str]:
    about = {"procedure": package.procedure_name, "code": package.code}
    found = [f"- {check}" for check in package.checks] or [text("portal-archive.check-none")]
    return [text("portal-archive.check-title", about), "", *found]


def _data(package: Package, named: list[tuple[str, PaperFile]]) -> dict[str, Any]:
    """Keys are English and stay; times are ISO 8601 with their zone. Answers as the program keeps them, by key."""
    return {
        "schema": SCHEMA,
        "practice": package.practice,
        "made_at": package.made_at.isoformat(),
        "submitted_at": package.submitted_at.isoformat(),
        "codes": {
            "tracking": package.tracking_code,
            "official": package.official_code or None,
            "portal": package.portal_code or None,
        },
        "procedure": {
            "id": package.procedure,
            "name": package.procedure_name,
            "official_name": package.official_name or None,
            "national_code": package.national_code or None,
        },
        "office": {
            "name": package.office_name,
            "agency_id": package.agency_id,
            "agency_id_provisional": package.agency_provisional,
        },
        "status": _state(package.state),
        "portal_status": None if package.portal_state is None else _state(package.portal_state),
        "fields_left_to_type": package.left,
        "answers": {
            field.key: {
                "label": field.label,
                "kind": field.kind,
                "group": field.group,
                "row": field.row or None,
                "on_form": field.on_form,
                "value": field.stored,
                "to_type": field.value,
                "by_officer": field.desk,
            }
            for field in package.fields
        },
        "papers": [
            {"key": paper.key, "name": paper.name, "file": file, "sha256": hashlib.sha256(paper.pdf).hexdigest()}
            for file, paper in named
        ],
        "form": {"file": "02-to-khai.pdf", "sha256": hashlib.sha256(package.form).hexdigest()},
        "checks": list(package.checks),
        "history": [_state(state) for state in package.history],
    }


def _state(state: NationalState) -> dict[str, Any]:
    return {"number": state.number, "name": state.name, "at": state.at.isoformat()}


def _named(field: Field) -> str:
    return f"{field.label} ({text('portal-archive.row', {'row': field.row})})" if field.row > 1 else field.label


def _flat(words: str) -> str:
    return _BREAKS.sub("; ", words)


def _lines(lines: list[str]) -> bytes:
    """As the notepad of an office's computer opens it: with a mark in front and its own line ends."""
    return "\r\n".join("\n".join(lines).split("\n")).encode("utf-8-sig") + b"\r\n"
