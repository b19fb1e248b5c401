"""The whole program on a fresh database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.sealed import Keys
from tests.bot.whole import Whole, running


@pytest.fixture(autouse=True)
def _nothing_goes_wrong(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An event that fails is logged and apologised for, which a test could overlook."""
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.levelname == "ERROR"] == []


@pytest.fixture
async def whole(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """Decisions take effect at once."""
    async with running(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
async def whole_on_both(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """The same, once on each kind of database."""
    async with running(database_url, tmp_path) as made:
        yield made
