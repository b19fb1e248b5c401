"""Whether a file that was sent is what it claims to be and can be opened; run in the picture worker's process."""

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


def verdict(data: bytes) -> str:
    """One word: ok, or what is wrong (empty, unsupported, corrupt, too-large, encrypted, too-many-pages)."""
    if not data:
        return "empty"
    kind = media_type(data)
    if not kind:
        return "unsupported"
    from documents import pages, picture  # noqa: PLC0415 - heavy, and the program itself only asks for the type

    try:
        if kind == "application/pdf":
            pages.Pages(data).close()
        else:
            picture.Picture(data)
    except picture.Unusable as error:
        return error.word
    return "ok"
