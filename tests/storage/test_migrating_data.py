"""A database with a draft in it, begun before forms and photos were checked: nothing of it is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from alembic import command
from sqlalchemy import Connection, text

from conversations.state import Document, Draft, Want
from storage import sealed
from storage.migrate import config, migrate
from storage.sealed import Keys
from storage.work import Work
from tests.conftest import Postgres, asyncpg_url
from tests.storage.test_migrations import on

AT: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BODY: Final = b'{"applicant":"self","skipped":["p1"],"finished":["p2"],"wants":[{"key":"p2","reason":"blurred"}]}'


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database in which nothing has been made yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/motcua.sqlite3"
    server: Postgres = request.getfixturevalue("postgres")
    name = f"old_{abs(hash(request.node.nodeid)):x}"
    server.psql(f"CREATE DATABASE {name}")
    return asyncpg_url(server, name)


def at_0002(connection: Connection) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "0002")


def a_draft(connection: Connection) -> None:
    """As the program of that time kept it."""

    def add(table: str, **values: Any) -> None:
        names = ", ".join(values)
        holes = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({holes})"), values)  # noqa: S608 - ours

    close = sealed.keys().columns.close
    at: Any = AT if connection.dialect.name == "postgresql" else "2026-11-23 03:00:00.000000"
    add("persons", id="p", created_at=at)
    add("catalogue_versions", hash="v", procedure="x", body=b"{}", loaded_at=at)
    add("drafts", id="d", person="p", procedure="x", version="v", body=close(BODY), created_at=at, updated_at=at)
    add("answers", owner="d", key="full_name", value=close("Nguyễn Thị Hoa".encode()))
    add(
        "documents",
        id="n",
        owner="d",
        paper="p2",
        position=0,
        file="f",
        media_type="image/jpeg",
        size=3,
        verdict="ok",
    )


def test_an_old_draft_is_read_and_goes_on(url: str, keys: Keys) -> None:
    on(url, at_0002)
    on(url, a_draft)
    migrate(url)
    read = on(url, lambda connection: Work(connection).drafts.get("d", "p"))
    document = Document("n", "p2", "f", "image/jpeg", 3, "ok")
    answers = {"full_name": "Nguyễn Thị Hoa"}
    wants = (Want("p2", "blurred"),)
    assert read == Draft("d", "x", "v", answers, (document,), ("p1",), ("p2",), "self", wants=wants)
    seen = on(url, lambda connection: Work(connection).drafts.found("n", "poor", None, ("c1", "c2"), "m"))
    assert seen
    (now,) = on(url, lambda connection: Work(connection).drafts.documents("d"))
    assert (now.verdict, now.copies, now.marked) == ("poor", ("c1", "c2"), "m")
