"""Spoilt photos, PDFs and codes: each ends in a finding, whatever its bytes do to whatever opens it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

from PIL import Image

from bot.workshop import Broken, Workshop
from documents import cards, worker
from documents.examined import Examined
from tests.bot.photos import page
from tests.documents.hostile import drawn, saved, with_exif
from tests.fuzz.mutate import SEED, broken

SPECIMENS = [
    said.encode()
    for said in (
        "042194001234|180123456|Nguyễn Thị Hoa|15081994|Nữ|Thôn 1, Sơn Tiến|01062021",
        "042194001234||Hoa|29022000|Nam|x||",
        "042194001234|180123456|Lê A|01011990|Nam|a, b, c|01012022|||",
    )
]


@cache
def seeds() -> Sequence[bytes]:
    """Small ones, so that what is spoilt is often what says how large a thing is."""
    scan = io.BytesIO()
    with Image.open(io.BytesIO(page(500))) as picture:
        picture.resize((300, 420)).save(scan, "PDF")
    small = drawn(160, 120)
    kinds = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF", "AVIF")
    return [*(saved(small, kind) for kind in kinds), with_exif(small, 6), scan.getvalue(), b"%PDF-1.7\n", b"\x00" * 64]


async def test_photos_and_pdfs() -> None:
    """In the process that opens them in life: what kills it is told, and the next file finds another."""
    shop = Workshop()
    deaths = 0
    try:
        for number, data in enumerate(broken(seeds(), 150)):
            try:
                seen = await shop.run(worker.examined, data, "chung-sinh", False)
            except Broken:
                deaths += 1
            else:
                assert isinstance(seen, Examined), (SEED, number)
                assert seen.finding.verdict, (SEED, number)
    finally:
        shop.close()
    assert not deaths, f"seed {SEED}: {deaths} files killed the worker"


def test_the_code_of_a_card() -> None:
    for number, said in enumerate(broken(SPECIMENS, 3_000)):
        card = cards.parse(said)
        if card is not None:
            assert card.number.isascii(), (SEED, number)
            assert card.number.isdigit(), (SEED, number)
            assert card.name.isprintable(), (SEED, number)
            card.name.encode()
