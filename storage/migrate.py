"""Brings the database to the newest migration at start; a database that is there already costs one query.

`python -m storage.migrate "what changes"` drafts the next migration (see storage/migrations/env.py).
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.unit_of_work import sqlite_engine

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine

HEAD: Final = "0006"  # the newest file in migrations/versions; a test compares the two
SCRIPTS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6D6F74637561  # any number that nobody else on this server locks: "motcua"
# A change of a table waits for every transaction that has read it, and all that come after wait behind it. So it waits
# for a moment only, lets them go, and tries again.
_MOMENT: Final = "2s"
_TRIES: Final = 60
_PAUSE: Final = 1.0  # seconds between tries
_AGAIN: Final = {"55P03", "40P01"}  # no lock within the moment; a deadlock: PostgreSQL, appendix A


class NewerDatabase(Exception):
    """The database was migrated by a newer version of this program, which this one would damage."""


class BusyDatabase(Exception):
    """Somebody held a table for minutes, so that it could not be changed; nothing was."""


def migrate(url: str) -> str | None:
    """Bring the database at `url` to HEAD; call in a thread without a running event loop, before connect().

    Gives the migration that it was at. Processes of the release before may go on meanwhile. Raises NewerDatabase or
    BusyDatabase.
    """
    return _migrate_sqlite(url) if url.startswith("sqlite") else asyncio.run(_migrate_postgres(url))


def version(connection: Connection) -> str | None:
    """The migration that a database is at; None when it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def config() -> Config:
    """Alembic's configuration; there is no alembic.ini."""
    from alembic.config import Config  # noqa: PLC0415 - most starts have nothing to migrate and need no Alembic

    made = Config()
    # Alembic takes % for the beginning of a placeholder, also in the name of a folder
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def _migrate_sqlite(url: str) -> str | None:
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sqlite_engine(url)
    try:
        with engine.connect() as connection:
            # Before the transaction, where it counts: a table made anew must not take the rows that refer to it along.
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.cursor().execute("PRAGMA foreign_keys=OFF")
            with connection.begin():  # BEGIN IMMEDIATE: of two processes that start together the other waits here
                before = _to_head(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                assert broken is None, f"a migration left a reference to nothing: {broken}"
            return before
    finally:
        engine.dispose()


async def _migrate_postgres(url: str) -> str | None:
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - brings the whole ORM along

    engine = create_async_engine(url, poolclass=NullPool)
    try:
        for _ in range(_TRIES):
            try:
                async with engine.begin() as connection:
                    if await connection.run_sync(version) == HEAD:
                        return HEAD
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                    await connection.execute(text(f"SET LOCAL lock_timeout = '{_MOMENT}'"))
                    return await connection.run_sync(_to_head)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _AGAIN:
                    raise
            await asyncio.sleep(_PAUSE)
        raise BusyDatabase("một giao dịch khác giữ bảng quá lâu; chưa đổi gì. Xem: motcua doctor")
    finally:
        await engine.dispose()


def _to_head(connection: Connection) -> str | None:
    """Gives where it was."""
    now = version(connection)
    if now == HEAD:
        return now
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    settings = config()
    known = [script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()]
    if now is not None and now not in known:
        raise NewerDatabase(f"the database is at migration {now}, this version of the program knows {HEAD} at most")
    settings.attributes["connection"] = connection
    command.upgrade(settings, HEAD)
    return now


def draft(words: str, engine: Engine) -> None:
    """Write the migration from what is now at HEAD to what tables.py says; it needs to be read and corrected."""
    from alembic import command  # noqa: PLC0415

    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        number = len(list((SCRIPTS / "versions").glob("[0-9]*.py"))) + 1
        command.revision(settings, words, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    draft(" ".join(sys.argv[1:]), sqlite_engine("sqlite://"))
