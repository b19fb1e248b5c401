"""Files that strangers may send, made here: each is small, and each has undone a program somewhere."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np
import pillow_heif
import pypdfium2
from PIL import Image

pillow_heif.register_heif_opener(thumbnails=False)

EXIF_TURN = 0x0112
EXIF_SOFTWARE = 0x0131
EXIF_GPS = 0x8825


@cache
def drawn(width: int = 640, height: int = 480, seed: int = 1) -> Image.Image:
    """Something with lights and edges: its top left is red, its top right green, its bottom left blue."""
    random = np.random.default_rng(seed)
    noise = random.integers(90, 160, (height // 8, width // 8, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)
    third = (width // 3, height // 3)
    for colour, place in (("red", (0, 0)), ("lime", (width - third[0], 0)), ("blue", (0, height - third[1]))):
        picture.paste(Image.new("RGB", third, colour), place)
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, kind, **how)
    return kept.getvalue()


def with_exif(picture: Image.Image, turn: int, kind: str = "JPEG", software: str = "") -> bytes:
    """Also with a place in it."""
    exif = Image.Exif()
    exif[EXIF_TURN] = turn
    exif.get_ifd(EXIF_GPS)[1] = "N"
    if software:
        exif[EXIF_SOFTWARE] = software
    if kind == "HEIF":  # as iPhones write it: the turn stands in the EXIF and in the file itself
        picture = picture.copy()
        picture.info["exif"] = exif.tobytes()
        return saved(picture, kind)
    return saved(picture, kind, exif=exif)


def animated(kind: str) -> bytes:
    frames = [drawn(), Image.new("RGB", drawn().size, "black")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, lossless=True)


@cache
def bomb(side: int = 12_000) -> bytes:
    """A PNG of side x side pixels in a few kilobytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        checked = name + body
        return len(body).to_bytes(4) + checked + zlib.crc32(checked).to_bytes(4)

    head = side.to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])  # one bit a pixel
    rows = zlib.compress((b"\0" + bytes((side + 7) // 8)) * side, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def with_zip_behind(picture: bytes) -> bytes:
    """A JPEG to some programs, an archive with a page that runs to others."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("index.html", "<script>alert(1)</script>")
    return picture + kept.getvalue()


def pdf(sizes: Sequence[tuple[float, float]] = ((595, 842),), picture: bytes = b"") -> bytes:
    """Pages of these sizes in points; on the first one a JPEG, else nothing."""
    document = pypdfium2.PdfDocument.new()
    for number, (width, height) in enumerate(sizes):
        page = document.new_page(width, height)
        if picture and number == 0:
            image = pypdfium2.PdfImage.new(document)
            image.load_jpeg(io.BytesIO(picture), inline=True)
            image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
            page.insert_obj(image)
            page.gen_content()
        page.close()
    kept = io.BytesIO()
    document.save(kept)
    document.close()
    return kept.getvalue()


def locked_pdf() -> bytes:
    """Its trailer names an encryption; nobody knows the password."""
    plain = pdf()
    locks = b"<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>"
    at = plain.rindex(b"trailer")
    return plain[:at] + plain[at:].replace(b"<<", b"<</ID[<00><00>]/Encrypt " + locks, 1)


def damaged(data: bytes, seed: int) -> bytes:
    """Some bytes changed, some left out."""
    random = np.random.default_rng(seed)
    kept = bytearray(data)
    for at in random.integers(0, len(kept), int(random.integers(1, 40))):
        kept[at] = int(random.integers(256))
    return bytes(kept[: int(random.integers(len(kept) // 2, len(kept)))] if random.random() < 0.3 else kept)
