"""What is to be printed, and what has been gathered for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Open = Callable[[str, bytes], bytes]  # a file's bytes by its ref and wrapped key


class Order(msgspec.Struct, frozen=True):
    """What is to be printed, of which procedure, draft, dossier or period, and for whom."""

    kind: str  # blank, sample, filled, bundle, slip, control, control-xlsx, ledger or ledger-xlsx
    subject: str
    chat: str = ""
    officer: str = ""
    paper: str = ""  # of a bundle: this one alone; the slip by its id


@dataclass(frozen=True, slots=True)
class Ready:
    """Whatever needs no picture: the worker's kind of print, what it is made of, its name and the words beside it."""

    name: str
    words: str
    kind: str
    data: bytes
    media_type: str = PDF

    def payload(self, _opened: Open) -> tuple[str, bytes]:
        return self.kind, self.data
