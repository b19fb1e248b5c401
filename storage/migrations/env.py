"""Run by Alembic for each command; the connection comes from storage/migrate.py, there is no alembic.ini.

Migrations go forward only, on SQLite and PostgreSQL alike. To make one: change storage/tables.py, then

    .venv/bin/python -m storage.migrate "words about it"
    .venv/bin/ruff format storage/migrations

read and correct what it wrote (it can't see renamed columns, nor changed predicates of indexes), and set HEAD in
storage/migrate.py. What has been released is never edited. Until the first release, 0001 is made anew instead: delete
it, give the words "first", and delete the databases made so far.

SQLite changes a table by making it anew ("batch"), so its foreign keys are off meanwhile and checked before the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from alembic import context

from storage.migrate import version
from storage.sealed import Sealed
from storage.tables import Moment, metadata

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def plain(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Our own types by what is in the database: a migration must not change when they do."""
    if kind == "type" and isinstance(item, Sealed):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=version(connection) is not None,  # the first one has nothing to change
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
