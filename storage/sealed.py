"""Sealing: AES-256-GCM for columns and file keys, HMAC for look-up, all from one master key outside the database.

The master key never encrypts data itself: HKDF makes one key a purpose from it. A sealed value is a version byte, a
random 96-bit nonce and the ciphertext with its tag (NIST SP 800-38D).
"""

from __future__ import annotations

import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_VERSION: Final = b"\x01"
_NONCE: Final = 12
_DRAWN: Final = 256
_KEY: Final = 32


class BadKey(Exception):
    """The master key's file holds something else."""


# Nonces are drawn in advance: one call of the system's generator can cost more than the sealing. Of two threads that
# take one at once each gets another; a forked child must never take its parent's.
_nonces: list[bytes] = []
os.register_at_fork(after_in_child=_nonces.clear)


def _new_nonce() -> bytes:
    try:
        return _nonces.pop()
    except IndexError:
        drawn = os.urandom(_NONCE * _DRAWN)
        _nonces.extend(drawn[at : at + _NONCE] for at in range(_NONCE, len(drawn), _NONCE))
        return drawn[:_NONCE]


class Seal:
    """Seals and opens bytes with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, plain: bytes) -> bytes:
        """The sealed form; another at each call."""
        nonce = _new_nonce()
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """The plain bytes; raises cryptography's InvalidTag when they were sealed otherwise or changed."""
        if sealed[:1] != _VERSION:
            msg = "sealed by a newer version of this program"
            raise ValueError(msg)
        return self._cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], None)


class Keys:
    """The keys of one installation, one a purpose."""

    def __init__(self, master: bytes) -> None:
        self.columns = Seal(_derive(master, b"columns"))
        self.files = Seal(_derive(master, b"files"))
        look_up = _derive(master, b"look-up")

        @lru_cache(maxsize=4096)  # every turn asks twice for its own address, and a digest costs 14 µs
        def keyed(value: str) -> str:
            return hmac.digest(look_up, value.encode(), "sha256").hex()[:32]

        self._keyed = keyed

    def look_up(self, value: str) -> str:
        """A keyed hash under which a value is found again without being readable."""
        return self._keyed(value)


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, salt=None, info=b"motcua " + purpose).derive(master)


def new_file_key() -> bytes:
    """A key for one file."""
    return secrets.token_bytes(_KEY)


def master_key(path: Path) -> tuple[bytes, bool]:
    """The key kept in `path` (hex, readable by its owner alone), made at first use; True when it was made now."""
    if path.exists():
        return _read(path), False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(_KEY)
    # Written whole under another name, then linked: of two processes that start together one makes the key, the other
    # reads it, and nobody reads half of one.
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, path)
    except FileExistsError:
        return _read(path), False
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # what is sealed with it must not outlive its name
    finally:
        os.close(folder)
    return key, True


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != _KEY:
        raise BadKey(f"{path}: expected {_KEY} bytes in hexadecimal")
    return key


_keys: list[Keys] = []


def use(keys: Keys) -> None:
    """Name the keys of this process; one installation a process."""
    _keys[:] = [keys]


def keys() -> Keys:
    """The keys of this process."""
    return _keys[0]


class Sealed(TypeDecorator[bytes]):
    """A column of bytes that is readable only with the master key."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Seal on the way in."""
        return None if value is None else keys().columns.close(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Open on the way out."""
        return None if value is None else keys().columns.open(value)
