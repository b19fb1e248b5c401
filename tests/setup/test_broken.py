"""A database that can't be opened is told in words, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from bot import broken
from bot.settings import Settings
from tests.setup.program import Installation


def test_a_damaged_file_leads_to_the_back_up(tmp_path: Path) -> None:
    installation = Installation(tmp_path, 8080)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "motcua.sqlite3").write_bytes(b"no database " * 1000)
    done = installation.command("run")
    assert done.returncode == 2
    assert "motcua restore" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count=2"))
        connection.execute(text("CREATE TABLE a (b)"))
        with pytest.raises(DBAPIError) as raised:
            connection.execute(text("INSERT INTO a VALUES (zeroblob(100000))"))
    engine.dispose()
    assert "đã đầy" in (broken.words(raised.value, Settings()) or "")


def test_what_is_about_something_else_is_not_explained_away() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(DBAPIError) as raised:
        connection.execute(text("SELECT * FROM nowhere"))
    engine.dispose()
    assert broken.words(raised.value, Settings()) is None
