"""Whether Zalo itself calls us: the signature of a webhook, over the bytes as they came."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Final

_HEADER: Final = re.compile(r"\s*(?:mac\s*=\s*)?([0-9a-f]{64})\s*", re.IGNORECASE)

_MOMENT: Final = re.compile(r"[0-9]{1,20}")


def signed(raw: bytes, header: str | None, first: str, secret: str) -> bool:
    """Whether `header` is the hex SHA-256 of `first`, the body, its timestamp and the secret, in a row.

    That is no HMAC: Zalo's own formula. `first` is the id of our app. Without a secret nothing is right. Of the body
    no more than its timestamp is looked at.
    """
    found = _HEADER.fullmatch(header or "")
    moment = timestamp(raw) if found is not None else None  # a stranger's megabyte is not taken apart
    if found is None or not secret or moment is None:
        return False
    wanted = hashlib.sha256(b"".join((first.encode(), raw, moment.encode(), secret.encode()))).hexdigest()
    return hmac.compare_digest(wanted, found[1].lower())


def timestamp(raw: bytes) -> str | None:
    """The body's moment, in milliseconds, as Zalo wrote it: a string, or a number; None where there is none."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    moment = body.get("timestamp") if isinstance(body, dict) else None
    if isinstance(moment, int) and not isinstance(moment, bool):
        return str(moment)
    return moment if isinstance(moment, str) and _MOMENT.fullmatch(moment) else None
