"""A dossier from before its moments had columns of their own: history tells them, and what it can't tell is unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from alembic import command
from sqlalchemy import Connection, text

from storage import sealed
from storage.migrate import config, migrate
from storage.sealed import Keys
from storage.work import Work
from tests.conftest import Postgres, asyncpg_url
from tests.storage.test_migrations import on

AT: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
STEPS: Final = (  # hours after the submission, what, from, to
    (0, "submit", "submitted", "submitted"),
    (1, "claim", "submitted", "submitted"),
    (2, "accept", "submitted", "accepted"),
    (3, "done", "accepted", "done"),
    (4, "done", "done", "done"),  # another moment to collect
    (5, "hand-over", "done", "handed-over"),
)
ROUND: Final = (
    (0, "submit", "submitted", "submitted"),
    (9, "ask-more", "submitted", "incomplete"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database in which nothing has been made yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/motcua.sqlite3"
    server: Postgres = request.getfixturevalue("postgres")
    name = f"moments_{abs(hash(request.node.nodeid)):x}"
    server.psql(f"CREATE DATABASE {name}")
    return asyncpg_url(server, name)


def at_0003(connection: Connection) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "0003")


def two_dossiers(connection: Connection) -> None:
    """As the program of that time kept them: one handed over, one that more was asked of."""

    def add(table: str, **values: Any) -> None:
        names = ", ".join(values)
        holes = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({holes})"), values)  # noqa: S608 - ours

    def moment(hours: int) -> Any:
        at = AT + hours * HOUR
        return at if connection.dialect.name == "postgresql" else f"{at:%Y-%m-%d %H:%M:%S}.000000"

    close = sealed.keys().columns.close
    add("persons", id="p", created_at=moment(0))
    add("chats", id="c", person="p", channel="web", address_key="k", address=close(b"a"), created_at=moment(0))
    add("catalogue_versions", hash="v", procedure="x", body=b"{}", loaded_at=moment(0))
    for dossier, status, steps, rounds in (("a", "handed-over", STEPS, 0), ("b", "incomplete", ROUND, 1)):
        add(
            "dossiers",
            id=dossier,
            person="p",
            chat="c",
            office="o",
            procedure="x",
            catalogue_version="v",
            tracking_code=dossier,
            status=status,
            version=1,
            body=close(b"{}"),
            applicant_key="k",
            submitted_at=moment(0),
            answer_by=moment(8),
            rounds=rounds,
        )
        for number, (hours, what, before, after) in enumerate(steps, 1):
            add(
                "history",
                dossier=dossier,
                number=number,
                at=moment(hours),
                actor="o",
                what=what,
                from_status=before,
                to_status=after,
                data=close(b"{}"),
            )


def test_history_tells_when_it_was_answered_done_and_closed(url: str, keys: Keys) -> None:
    on(url, at_0003)
    on(url, two_dossiers)
    migrate(url)
    done = on(url, lambda connection: Work(connection).dossiers.get("a"))
    assert (done.answered_at, done.answered_late) == (AT + 2 * HOUR, False)
    assert (done.done_at, done.closed_at, done.paused_at) == (AT + 3 * HOUR, AT + 5 * HOUR, None)
    asked = on(url, lambda connection: Work(connection).dossiers.get("b"))
    assert (asked.answered_at, asked.answered_late) == (AT + 9 * HOUR, None), "only sealed history knows how late"
    assert (asked.done_at, asked.closed_at, asked.paused_at) == (None, None, AT + 9 * HOUR)
