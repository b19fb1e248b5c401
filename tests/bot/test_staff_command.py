"""`motcua staff role|rename`: another role or name, and never an office without a head."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import commands
from bot.settings import Settings
from storage.sealed import Keys


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, keys: Keys) -> Settings:
    return Settings(data=tmp_path, database=sqlite_url, key_file=tmp_path / "keys" / "master.key", trial=False)


async def test_an_officer_is_given_another_role_and_name(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async def staff(what: str, name: str = "", role: str = "officer", to: str = "") -> str:
        await commands.staff(settings, what, name, "son-tien", role, to)
        return capsys.readouterr().out

    await staff("add", "Hà", "head")
    await staff("add", "Thu")
    assert "lãnh đạo duy nhất" in await staff("role", "Hà", "officer")
    assert "nay là lãnh đạo" in await staff("role", "Thu", "head")
    assert "nay là cán bộ" in await staff("role", "Hà", "officer")
    assert "chưa ai ở đơn vị này mang" in await staff("rename", "Thu", to="Hà")
    assert "chưa ai ở đơn vị này mang" in await staff("rename", "Thu")
    assert "nay là Trần Thị Thu" in await staff("rename", "Thu", to="Trần Thị Thu")
    listed = await staff("list")
    assert "head     Trần Thị Thu" in listed
    assert "officer  Hà" in listed
