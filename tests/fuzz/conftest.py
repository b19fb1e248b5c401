"""The whole program on a fresh SQLite database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sealed import Keys
from tests.bot.whole import Whole, running


@pytest.fixture
async def whole(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(sqlite_url, tmp_path) as made:
        yield made
