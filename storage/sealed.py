"""Sealing: AES-256-GCM for columns and file keys, HMAC for look-up, all from one master key outside the database.

The master key never encrypts data itself: HKDF makes one key a purpose from it. A sealed value is a byte that names the
master key in the ring, a random 96-bit nonce and the ciphertext with its tag (NIST SP 800-38D). New values are sealed
with one key of the ring; what the others sealed stays readable while they are in it.

Look-up hashes do not follow when the master key is changed: they come from the first one for as long as the
installation lives, by a key that the database keeps sealed (storage/rotation.py).
"""

from __future__ import annotations

import hmac
import os
import secrets
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

from storage import key_ring
from storage.key_ring import KEY, BadKey, Ring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sqlalchemy import Dialect

__all__ = ["BadKey", "Keys", "Seal", "Sealed", "UnknownKey", "keys", "master_key", "new_file_key", "use"]

_NONCE: Final = 12
_DRAWN: Final = 256


class UnknownKey(ValueError):
    """A value was sealed with a master key that this installation's key file does not hold."""


# Nonces are drawn in advance: one call of the system's generator can cost more than the sealing. Of two threads that
# take one at once each gets another; a forked child must never take its parent's.
_nonces: list[bytes] = []
if sys.platform != "win32":  # which forks nothing
    os.register_at_fork(after_in_child=_nonces.clear)


def _new_nonce() -> bytes:
    try:
        return _nonces.pop()
    except IndexError:
        drawn = os.urandom(_NONCE * _DRAWN)
        _nonces.extend(drawn[at : at + _NONCE] for at in range(_NONCE, len(drawn), _NONCE))
        return drawn[:_NONCE]


class Seal:
    """Seals bytes with one key, and opens what this key or another of the ring has sealed."""

    def __init__(
        self,
        key: bytes | Mapping[int, bytes],
        number: int = key_ring.FIRST,
        reread: Callable[[bytes], AESGCM | None] | None = None,
    ) -> None:
        given = key if not isinstance(key, bytes) else {number: key}
        self._ciphers = {bytes([each]): AESGCM(one) for each, one in given.items()}
        self._mark = bytes([number])
        self._cipher = self._ciphers[self._mark]
        self._reread = reread

    def close(self, plain: bytes) -> bytes:
        """The sealed form; another at each call."""
        nonce = _new_nonce()
        return self._mark + nonce + self._cipher.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """The plain bytes; raises cryptography's InvalidTag when they were sealed otherwise or changed."""
        cipher = self._ciphers.get(sealed[:1]) or self._newer(sealed[:1])
        return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], None)

    def cipher(self, mark: bytes) -> AESGCM | None:
        """What opens values that begin with this byte."""
        return self._ciphers.get(mark)

    def _newer(self, mark: bytes) -> AESGCM:
        found = self._reread(mark) if self._reread is not None and mark else None
        if found is None:
            raise UnknownKey(f"sealed with master key {mark[0] if mark else None}, which the key file does not hold")
        return found


class Keys:
    """The keys of one installation, one a purpose.

    `active` is the number of the master key that seals; where it is not given, the ring's first. `lasting` is what
    look-up hashes are made with, where they are not of this ring's oldest key. With `path` the file is read again when
    a value turns up whose key is not known: somebody has just turned the ring.
    """

    def __init__(
        self, master: bytes | Ring, *, active: int | None = None, lasting: bytes = b"", path: Path | None = None
    ) -> None:
        self.ring = ring = key_ring.ring_of(master) if isinstance(master, bytes) else master
        self.active = ring.oldest if active is None else active
        self.lasting = lasting or derived(ring.master(ring.oldest), b"look-up")
        self.path = path
        self.columns = self._seal(b"columns")
        self.files = self._seal(b"files")
        self.audit = derived(self.lasting, b"audit")  # of the seals of what was noted; see storage/seals.py
        look_up = self.lasting

        @lru_cache(maxsize=4096)  # every turn asks twice for its own address, and a digest costs 14 µs
        def keyed(value: str) -> str:
            return hmac.digest(look_up, value.encode(), "sha256").hex()[:32]

        self._keyed = keyed

    def look_up(self, value: str) -> str:
        """A keyed hash under which a value is found again without being readable."""
        return self._keyed(value)

    def shown(self, name: str) -> str:
        """A secret that we let somebody else show us at each call, such as a webhook's; it changes with the master key.

        Only at a start: whoever was told of the former one has to be told anew.
        """
        made = derived(self.ring.master(self.active), b"shown")
        return hmac.digest(made, name.encode(), "sha256").hex()[:32]

    def again(self) -> Keys:
        """The same with the key file as it is now."""
        ring = self.ring if self.path is None else key_ring.read(self.path)
        active = self.active if self.active in ring.numbers else ring.newest
        return Keys(ring, active=active, lasting=self.lasting, path=self.path)

    def _seal(self, purpose: bytes) -> Seal:
        each = {number: derived(master, purpose) for number, master in self.ring.masters}
        return Seal(each, self.active, lambda mark: self._reread(purpose, mark))

    def _reread(self, purpose: bytes, mark: bytes) -> AESGCM | None:
        if self.path is None:
            return None
        newer = self.again()
        if keys() is self:
            use(newer)
        return (newer.columns if purpose == b"columns" else newer.files).cipher(mark)


def derived(master: bytes, purpose: bytes) -> bytes:
    """A key for one purpose (RFC 5869)."""
    return HKDF(SHA256(), KEY, salt=None, info=b"motcua " + purpose).derive(master)


def new_file_key() -> bytes:
    """A key for one file."""
    return secrets.token_bytes(KEY)


def master_key(path: Path) -> tuple[bytes, bool]:
    """The newest key kept in `path`, made at first use; True when it was made now."""
    ring, new = key_ring.made(path)
    return ring.master(ring.newest), new


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
