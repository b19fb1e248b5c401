"""E-mail addresses as people type them: what is wrong with one, and which was probably meant."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from domain.values import Wrong, clean, phone

LONGEST: Final = 254  # letters; RFC 5321, 4.5.3.1.3, less its angle brackets
_LOCAL: Final = 64
_ADDRESS: Final = re.compile(
    r"(?P<local>[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})"
)
# Where most people's mail is, and real neighbours of those, about which nothing is to be asked.
_KNOWN: Final = ("gmail.com", "yahoo.com", "yahoo.com.vn", "outlook.com", "outlook.com.vn", "hotmail.com", "icloud.com")
_REAL: Final = frozenset(
    {*_KNOWN, "mail.com", "ymail.com", "email.com", "gmx.com", "gmx.net", "live.com", "me.com", "fpt.vn", "vnn.vn"}
    | {"gmail.vn", "yahoo.fr", "hotmail.fr", "outlook.fr", "hotmail.com.vn", "mail.ru"}
)
_FAMILIES: Final = {"gmail": "gmail.com", "googlemail": "gmail.com", "hotmail": "hotmail.com", "icloud": "icloud.com"}
_OFF: Final = 2  # slips of the finger that still look like the same domain


class Address(Struct, frozen=True):
    """An address in small letters; `instead` is the one that was probably meant, where this one looks mistyped."""

    value: str
    instead: str = ""


def read(text: str) -> Address | Wrong:
    """An address out of what was typed; `Wrong.key` stands under "mail.wrong-" in the texts."""
    typed = clean(text).casefold().removeprefix("mailto:").strip(" <>.,;:\"'()")
    if len(typed) > LONGEST:
        return Wrong("long")
    if phone(typed) is not None:
        return Wrong("phone")
    if "@" not in typed:
        return Wrong("at")
    joined = re.sub(r"\s*@\s*", "@", typed)
    if joined.count("@") > 1:
        return Wrong("several")
    if re.search(r"\s", joined):
        return Wrong("spaces")
    if not joined.isascii():
        return Wrong("accents")
    found = _ADDRESS.fullmatch(joined)
    if found is None or len(found["local"]) > _LOCAL:
        return Wrong("address")
    instead = _meant(found["domain"])
    return Address(joined, f"{found['local']}@{instead}" if instead else "")


def masked(address: str) -> str:
    """h…n@gmail.com: enough for its owner to know it, too little for anybody else."""
    local, _, domain = address.partition("@")
    shown = local[:1] + "…" + (local[-1:] if len(local) > 3 else "")
    return f"{shown}@{domain}"


def _meant(domain: str) -> str:
    if domain in _REAL:
        return ""
    family = _FAMILIES.get(domain.partition(".")[0])
    if family is not None:
        return family
    near = min(_KNOWN, key=lambda known: _apart(domain, known))
    return near if _apart(domain, near) <= _OFF and domain[0] == near[0] else ""


def _apart(one: str, other: str) -> int:
    """Letters put in, left out, exchanged or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        last, row, older = row, [i], before
        for j, theirs in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (mine != theirs))
            if i > 1 and j > 1 and mine == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
