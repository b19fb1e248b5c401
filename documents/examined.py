"""What comes back from the picture worker about one file."""

from __future__ import annotations

from msgspec import Struct

from conversations.messages import Finding


class Examined(Struct, frozen=True):
    """`copies`: JPEGs for the officer, one a page. `marked`: a small JPEG with the trouble marked, or nothing."""

    finding: Finding
    copies: tuple[bytes, ...] = ()
    marked: bytes = b""
