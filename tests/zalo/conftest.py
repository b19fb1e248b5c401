"""A fake Zalo for each test; what was sent against its documentation fails the test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from handlers.zalo_bodies import spoken
from handlers.zalo_bot import ZaloBot
from tests.zalo.fake import FakeZalo
from tests.zalo.passes import MemoryPass

PDF = b"%PDF-1.7\n" + b"x" * 100
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZalo]:
    """Started; stopped and checked at the end."""
    fake = FakeZalo()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def passes(zalo: FakeZalo) -> MemoryPass:
    """A token that the fake knows."""
    return MemoryPass(zalo)


@pytest.fixture
def files() -> dict[str, bytes]:
    """Our own files, by ref."""
    return {"pdf": PDF, "jpeg": JPEG, "large": b"\xff\xd8\xff" + b"x" * 1_500_000}


@pytest.fixture
async def bot(zalo: FakeZalo, passes: MemoryPass, files: dict[str, bytes]) -> AsyncIterator[ZaloBot]:
    """The real client, speaking to the fake."""

    async def load(ref: str) -> bytes:
        return files[ref]

    async def shrink(data: bytes, most: int) -> bytes:
        return data[:most]

    async def link(address: str, ref: str) -> str:
        return f"https://motcua.test/tep/{address}/{ref}"

    made = ZaloBot(
        passes,
        load,
        base=zalo.base,
        plain=lambda message: spoken(message) + "".join(f"\n{n}. {b.label}" for n, b in enumerate(message.buttons, 1)),
        shrink=shrink,
        link=link,
        card_title="UBND xã Bình Minh",
        card_image="https://motcua.test/zalo.png",
        any_host=True,
    )
    yield made
    await made.close()
