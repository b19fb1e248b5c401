"""Whether a file that was sent is what it claims to be and can be opened; run in the picture worker's process."""

from __future__ import annotations

import io
import warnings
from typing import Final

MAX_PIXELS: Final = 100_000_000
MAX_PAGES: Final = 60
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
    if kind == "application/pdf":
        return _pdf(data)
    if kind == "image/heic":
        return "ok"  # opened by the clerk's own program; nothing here decodes it
    return _picture(data)


def _picture(data: bytes) -> str:
    from PIL import Image  # noqa: PLC0415 - heavy, and only this worker needs it

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
                picture.load()  # a picture cut off in the middle fails here
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return "too-large"
    except Exception:  # noqa: BLE001 - strangers' bytes fail in every way there is
        return "corrupt"
    return "ok"


def _pdf(data: bytes) -> str:
    import pypdfium2  # noqa: PLC0415 - heavy, and only this worker needs it

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return "encrypted" if "password" in str(error).lower() else "corrupt"
    try:
        pages = len(document)
    finally:
        document.close()
    if pages == 0:
        return "corrupt"
    return "too-many-pages" if pages > MAX_PAGES else "ok"
