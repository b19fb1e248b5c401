"""The papers of the one-stop rules by kind: number, title and circular, as they are on a given day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

import msgspec

from catalogue.faults import BadCatalogue

Kind = Literal["receipt", "supplement", "refusal", "extension", "stop", "control", "ledger"]
PaperSize = Literal["a5", "a4", "a4-landscape"]
SlipSigner = Literal["applicant", "receiver", "head"]

_FILE = "slips.toml"


class SlipForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One form of a circular. `symbol` stands behind the paper's own number; `signers` from left to right."""

    id: str
    kind: Kind
    number: str
    title: str
    circular: str
    valid_from: date
    valid_to: date | None = None  # the last day
    symbol: str = ""
    paper: PaperSize
    signers: tuple[SlipSigner, ...] = ()

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Slips:
    """All forms; a kind has one at most on a day."""

    def __init__(self, forms: Mapping[str, SlipForm]) -> None:
        self._forms = tuple(forms.values())

    def on(self, kind: Kind, day: date) -> SlipForm | None:
        """The form of this kind on a day; None where the law of that day had none, such as a stop before 2025."""
        return next((form for form in self._forms if form.kind == kind and form.in_force(day)), None)


def checked(forms: Mapping[str, SlipForm]) -> Slips:
    """Raises BadCatalogue where a kind is missing, two forms of one kind are in force on a day, or days are turned."""
    for place, form in enumerate(forms.values()):
        at = f"slips[{place}]"
        if form.valid_to is not None and form.valid_to < form.valid_from:
            raise BadCatalogue(
                _FILE, f"{at}.valid_to", f"expected a day from {form.valid_from} on, got {form.valid_to}"
            )
        for other in forms.values():
            if other is not form and other.kind == form.kind and other.in_force(form.valid_from):
                raise BadCatalogue(
                    _FILE,
                    f"{at}.valid_from",
                    f'expected no day on which "{other.id}" is in force, too, got {form.valid_from}',
                )
    for kind in get_args(Kind):
        if not any(form.kind == kind and form.valid_to is None for form in forms.values()):
            raise BadCatalogue(_FILE, "slips", f'expected one of kind "{kind}" without valid_to')
    return Slips(forms)
