"""VietQR: what a bank's app reads from the code under which money is sent to an office's account.

EMVCo's tag-length-value text as NAPAS uses it: two digits each for tag and length. The layout is in the specification
"QR Code Payments" (EMVCo QRCPS-MPM) and in NAPAS' profile of it; both bank and account are printed in the clear.
"""

from __future__ import annotations

import re
from typing import Final

_GUID: Final = "A000000727"  # NAPAS
_TO_ACCOUNT: Final = "QRIBFTTA"
_DONG: Final = "704"
_BIN: Final = re.compile(r"[0-9]{6}")
_ACCOUNT: Final = re.compile(r"[0-9A-Z]{6,19}")  # digits, at some banks with letters; at most 19 by the profile
_PURPOSE: Final = re.compile(r"[0-9A-Za-z .\-]{1,25}")  # banks drop anything else
MOST_VND: Final = 499_999_999  # at half a billion banks ask for more than a code


class Unfit(ValueError):
    """No code can be made of this; the words say which part is wrong, never its value."""


def payload(bank_bin: str, account: str, *, amount_vnd: int | None = None, purpose: str = "") -> str:
    """The text of the code: static without an amount, so that the payer types it; else for one payment.

    `purpose`: at most 25 plain letters, digits, spaces, dots and hyphens. Raises Unfit.
    """
    check_account(bank_bin, account)
    if amount_vnd is not None and not 0 < amount_vnd <= MOST_VND:
        raise Unfit("the amount")
    if purpose and not _PURPOSE.fullmatch(purpose):
        raise Unfit("the purpose")
    bank = _field("00", bank_bin) + _field("01", account)
    parts = [
        _field("00", "01"),
        _field("01", "11" if amount_vnd is None else "12"),
        _field("38", _field("00", _GUID) + _field("01", bank) + _field("02", _TO_ACCOUNT)),
        _field("53", _DONG),
        "" if amount_vnd is None else _field("54", str(amount_vnd)),
        _field("58", "VN"),
        _field("62", _field("08", purpose)) if purpose else "",
        "6304",
    ]
    text = "".join(parts)
    return f"{text}{crc(text):04X}"


def check_account(bank_bin: str, account: str) -> None:
    """Unfit unless both have the shape that banks give them."""
    if not _BIN.fullmatch(bank_bin):
        raise Unfit("the bank's number (BIN): six digits")
    if not _ACCOUNT.fullmatch(account):
        raise Unfit("the account: 6 to 19 digits or capitals")


def crc(text: str) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, from FFFF, not reflected."""
    rest = 0xFFFF
    for byte in text.encode("ascii"):
        rest ^= byte << 8
        for _ in range(8):
            rest = (rest << 1) ^ 0x1021 if rest & 0x8000 else rest << 1
        rest &= 0xFFFF
    return rest


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"
