"""What kind of file was sent, by what it holds and not by what it claims."""

from __future__ import annotations

from typing import Final

_MAGIC: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_HEIF: Final = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


def media_type(data: bytes) -> str:
    """What the first bytes say it is; empty when it is nothing we take."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return "image/heic"
    return ""
