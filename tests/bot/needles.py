"""Finding words in bytes, however they were written: other alphabets of bytes, other accents, other bases, hashes."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

_PART = 8_000_000
_SHORTEST = 5


def forms(words: str) -> dict[bytes, str]:
    """Every way in which these words may stand somewhere, and how that way is called."""
    bare = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    spelled = {
        f"{name} {case}{tight}": spelling.replace(" ", "") if tight else spelling
        for name, one in (
            ("NFC", unicodedata.normalize("NFC", words)),
            ("NFD", unicodedata.normalize("NFD", words)),
            ("bare", bare),
        )
        for case, spelling in (("as it is", one), ("upper", one.upper()), ("lower", one.lower()))
        for tight in ("", " together")
    }
    found: dict[bytes, str] = {}
    for name, spelling in spelled.items():
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            for way, coded in _based(spelling.encode(encoding)).items():
                found.setdefault(coded, f"{words}: {name}, {encoding}, {way}")
        found.setdefault(json.dumps(spelling)[1:-1].encode(), f"{words}: {name}, JSON")
        found.setdefault(quote(spelling).encode(), f"{words}: {name}, in an address")
        for digest in ("md5", "sha1", "sha256", "sha512"):
            raw = hashlib.new(digest, spelling.encode()).digest()
            for way, coded in _based(raw).items():
                found.setdefault(coded[:24], f"{words}: {name}, {digest}, {way}")
    return {coded: name for coded, name in found.items() if len(coded) >= _SHORTEST}


def of_bytes(data: bytes, name: str) -> dict[bytes, str]:
    """The same of a piece of a picture."""
    return {coded: f"{name}: {way}" for way, coded in _based(data).items()}


def _based(data: bytes) -> dict[str, bytes]:
    """As it is, in hexadecimal and in base64 wherever it begins in its triple."""
    made = {"plain": data, "hex": data.hex().encode(), "HEX": data.hex().upper().encode()}
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + data)
        inner = whole[-(-4 * shift // 3) : 4 * (shift + len(data)) // 3]  # letters that belong to these bytes alone
        made[f"base64 {shift}"] = inner
        made[f"base64url {shift}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return {way: coded for way, coded in made.items() if len(coded) >= _SHORTEST}


class Needles:
    """Many of them, looked for at once."""

    def __init__(self, needles: Mapping[bytes, str]) -> None:
        self._names = dict(needles)
        self._by_start: dict[int, list[bytes]] = {}
        self._first = np.zeros(1 << 16, dtype=bool)
        for needle in needles:
            self._by_start.setdefault(int.from_bytes(needle[:4], "little"), []).append(needle)
            self._first[int.from_bytes(needle[:2], "little")] = True
        self._starts = np.array(sorted(self._by_start), dtype=np.uint32)
        self._longest = max(map(len, needles))

    def found(self, data: bytes) -> Iterator[str]:
        """How each that is there is called."""
        for at in range(0, max(len(data) - 3, 0), _PART):
            yield from self._within(data, at, data[at : at + _PART + self._longest])

    def _within(self, data: bytes, at: int, part: bytes) -> Iterator[str]:
        letters: NDArray[np.uint32] = np.frombuffer(part, dtype=np.uint8).astype(np.uint32)
        pairs = letters[:-3] | letters[1:-2] << 8
        likely = np.flatnonzero(self._first[pairs])
        starts = pairs[likely] | letters[likely + 2] << 16 | letters[likely + 3] << 24
        for place in likely[np.isin(starts, self._starts)]:
            begins = int.from_bytes(part[place : place + 4], "little")
            for needle in self._by_start[begins]:
                if part.startswith(needle, place):
                    yield f"{self._names[needle]} at {at + place}: {data[max(0, at + place - 40) : at + place + 60]!r}"

    def in_files(self, files: Iterable[Path]) -> list[str]:
        """The same, with the file."""
        return [f"{file.name}: {name}" for file in files for name in self.found(file.read_bytes())]
