"""The outside of a back-up: a header in the clear, then chunks that open only whole, in their order, with its own key.

The key of a back-up is drawn anew each time and stands in the header, sealed by the master keys that may open it. Each
chunk is AES-256-GCM, its nonce a counter and a mark on the last one (STREAM; Hoang, Reyhanitabar, Rogaway and Vizár
2015): a chunk that was changed, left out, moved, or is missing at the end is found out. The header goes into the key of
the chunks, so it can't be changed either.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from storage.key_ring import Ring
from storage.sealed import Seal, UnknownKey, derived

MAGIC: Final = b"motcua backup\n"
FORMAT: Final = 1
_CHUNK: Final = 256 * 1024
_TAG: Final = 16
_LENGTH: Final = 4
_LONGEST: Final = 64 * 1024  # bytes of a header
_ID: Final = 16
_END: Final = b"E"  # the kind of the last record


class BadBackup(Exception):
    """A back-up that can't be used; `reason` is one of not-one, newer, changed, cut, other-key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Header(Struct, frozen=True):
    """What anybody may know: which back-up this is, when it was made, of which migration, and its key, sealed."""

    id: bytes
    made: str  # ISO 8601
    migration: str
    keys: list[bytes]


def begin(file: BinaryIO, ring: Ring, numbers: list[int], made: str, migration: str) -> tuple[Header, Sink]:
    """Write the header; the master keys of these numbers will open what goes into the sink."""
    key = secrets.token_bytes(32)
    wrapped = [_wraps(ring, number).close(key) for number in numbers]
    header = Header(secrets.token_bytes(_ID), made, migration, wrapped)
    raw = msgspec.msgpack.encode(header)
    file.write(MAGIC + bytes([FORMAT]) + len(raw).to_bytes(_LENGTH) + raw)
    return header, Sink(file, _cipher(key, raw))


class Sink:
    """Takes records; `close` marks the end."""

    def __init__(self, file: BinaryIO, cipher: AESGCM) -> None:
        self._file = file
        self._cipher = cipher
        self._waiting = bytearray()
        self._number = 0

    def put(self, kind: bytes, payload: bytes) -> None:
        """One record: a letter for its kind, and less than four gigabytes."""
        self._waiting += kind + len(payload).to_bytes(_LENGTH)
        self._waiting += payload
        while len(self._waiting) > _CHUNK:  # one byte more than a chunk at least: the last chunk is never empty
            self._write(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]

    def close(self, payload: bytes) -> None:
        """The last record."""
        self.put(_END, payload)
        self._write(bytes(self._waiting), last=True)

    def _write(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), plain, None))
        self._number += 1


def header(file: BinaryIO) -> Header:
    """What stands in front; raises BadBackup."""
    return _header(file)[0]


def records(file: BinaryIO, ring: Ring) -> Iterator[tuple[bytes, bytes]]:
    """Every record with its kind, from the beginning of the file; raises BadBackup, also after some records."""
    file.seek(0)
    head, raw = _header(file)
    waiting = bytearray()
    last = b""
    for plain in _chunks(file, _cipher(_key(head, ring), raw)):
        waiting += plain
        at = 0
        while (record := _record(waiting, at)) is not None:
            kind, payload, at = record
            last = kind
            yield kind, payload
        del waiting[:at]
    if waiting or last != _END:
        raise BadBackup("cut")


def _record(waiting: bytearray, at: int) -> tuple[bytes, bytes, int] | None:
    start = at + 1 + _LENGTH
    if len(waiting) < start:
        return None
    end = start + int.from_bytes(waiting[at + 1 : start])
    return (bytes(waiting[at : at + 1]), bytes(waiting[start:end]), end) if len(waiting) >= end else None


def _chunks(file: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
    number = 0
    sealed = file.read(_CHUNK + _TAG)
    while sealed:
        following = file.read(_CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), sealed, None)
        except InvalidTag:
            raise BadBackup(_why(cipher, number, sealed, following)) from None
        sealed, number = following, number + 1
    if not number:
        raise BadBackup("cut")


def _why(cipher: AESGCM, number: int, sealed: bytes, following: bytes) -> str:
    """A file that ends between two chunks has one in the last place that was not made for it."""
    if following:
        return "changed"
    try:
        cipher.decrypt(_nonce(number, last=False), sealed, None)
    except InvalidTag:
        return "cut" if len(sealed) < _CHUNK + _TAG else "changed"
    return "cut"


def _header(file: BinaryIO) -> tuple[Header, bytes]:
    start = file.read(len(MAGIC) + 1 + _LENGTH)
    if not start.startswith(MAGIC):
        raise BadBackup("not-one")
    if len(start) < len(MAGIC) + 1 + _LENGTH:
        raise BadBackup("cut")
    if start[len(MAGIC)] > FORMAT:
        raise BadBackup("newer")
    length = int.from_bytes(start[len(MAGIC) + 1 :])
    raw = file.read(min(length, _LONGEST))
    if length > _LONGEST:
        raise BadBackup("changed")
    if len(raw) < length:
        raise BadBackup("cut")
    try:
        return msgspec.msgpack.decode(raw, type=Header), raw
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadBackup("changed") from None


def _key(head: Header, ring: Ring) -> bytes:
    for wrapped in head.keys:
        for number, _ in ring.masters:
            try:
                return _wraps(ring, number).open(wrapped)
            except (InvalidTag, UnknownKey):
                continue
    raise BadBackup("other-key")


def _wraps(ring: Ring, number: int) -> Seal:
    return Seal(derived(ring.master(number), b"backup"), number)


def _cipher(key: bytes, raw: bytes) -> AESGCM:
    return AESGCM(derived(key, b"backup " + hashlib.sha256(raw).digest()))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
