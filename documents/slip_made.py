"""A slip made from one row of a dossier's history and its form: the same today and in ten years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from catalogue.slips import SlipForm
from documents import slip_parts
from documents.slip import Facts, Head, Issuer, Sign, Slip
from domain.values import VIETNAM

_SIGNERS: Final = {
    "applicant": ("Người nộp hồ sơ", "(Ký, ghi rõ họ tên)"),
    "receiver": ("Người tiếp nhận hồ sơ", "(Ký, ghi rõ họ tên)"),
    "head": ("Thủ trưởng cơ quan, đơn vị", "(Ký, ghi rõ họ tên, đóng dấu)"),
}


def head(form: SlipForm, office: Issuer, day: date) -> Head:
    return Head(
        f"Mẫu số {form.number}",
        form.circular,
        form.title,
        form.paper,
        office.name,
        office.desk,
        office.place,
        day,
        office.practice,
    )


def made(facts: Facts, data: Mapping[str, Any], at: datetime, form: SlipForm, address: str) -> Slip:
    """The slip that the row of `data`, written at that moment, was issued with.

    `address`: where the check page is, without a slash at the end.
    """
    here = at.astimezone(VIETNAM)
    symbol = f"/{form.symbol}" if form.symbol else ""
    return Slip(
        head(form, facts.issuer, here.date()),
        f"{facts.number:02d}{symbol}" if facts.number else f"……{symbol}",
        str(data.get("official_code") or facts.tracking_code),
        slip_parts.parts(facts, data, here),
        tuple(_sign(signer, facts) for signer in form.signers),
        slip_parts.notes(facts, here),
        f"{address}/xem/{facts.id}",
    )


def _sign(signer: str, facts: Facts) -> Sign:
    title, hint = _SIGNERS[signer]
    names = {"applicant": facts.who, "receiver": facts.by, "head": facts.by if facts.head else ""}
    return Sign(title, hint, names[signer])
