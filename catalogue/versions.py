"""A procedure as canonical JSON, so that one content has one hash and can be kept for good."""

from __future__ import annotations

import hashlib

import msgspec

from catalogue.model import Procedure

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Procedure)


def encode(procedure: Procedure) -> bytes:
    """Sorted keys, UTF-8, no defaults: equal procedures give equal bytes."""
    return _encoder.encode(procedure)


def decode(stored: bytes) -> Procedure:
    """The procedure that `encode` was given; fields are only ever added to the types."""
    return _decoder.decode(stored)


def hash_of(procedure: Procedure) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(encode(procedure)).hexdigest()
