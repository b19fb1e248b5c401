"""Statements of the hot path: written in Core, compiled once, and run by the driver itself.

SQLAlchemy takes about 20 µs from a compiled statement to its rows on SQLite each time, of which SQLite needs 2 to 5,
and 75 µs on PostgreSQL, of which asyncpg needs 20. Only what runs in every turn is worth this; its values pass the same
column types on their way in and out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.types import TypeDecorator
from sqlalchemy.util import await_only

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect
    from sqlalchemy.sql import Executable

    Process = Callable[[Any], Any] | None


class Prepared:
    """One statement whose blanks are all `bindparam`s."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._plans: dict[str, _Plan] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Run it once; gives what it returns."""
        plan = self.plan(connection)
        given = plan.given(values)
        driver = connection.connection.driver_connection
        if plan.sqlite:
            found = driver.execute(plan.sql, given).fetchall()  # type: ignore[union-attr]
        else:
            found = await_only(driver.fetch(plan.sql, *given))  # type: ignore[union-attr]
        return [plan.taken(row) for row in found] if plan.opens else found

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The first row it returns, or None."""
        rows = self.rows(connection, values)
        return rows[0] if rows else None

    def many(self, connection: Connection, values: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of these."""
        plan = self.plan(connection)
        given = [plan.given(each) for each in values]
        driver = connection.connection.driver_connection
        if plan.sqlite:
            driver.executemany(plan.sql, given)  # type: ignore[union-attr]
        else:
            await_only(driver.executemany(plan.sql, given))  # type: ignore[union-attr]

    def plan(self, connection: Connection) -> _Plan:
        """Its text for a database, and what turns values into the driver's and back."""
        dialect = connection.dialect
        plan = self._plans.get(dialect.name)
        if plan is None:
            plan = self._plans[dialect.name] = _Plan(self._statement, dialect)
        return plan


class _Plan:
    """SQL text, and what turns values into the driver's and back."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sqlite = dialect.name == "sqlite"
        self.sql = str(compiled)
        self._in: list[tuple[str, Process, Any]] = [
            (name, _bind(compiled.binds[name].type, dialect), compiled.binds[name].value)
            for name in compiled.positiontup or ()
        ]
        columns = getattr(statement, "exported_columns", ())
        out = [_result(column.type, dialect) for column in columns]
        self.opens = [(at, process) for at, process in enumerate(out) if process is not None]

    def given(self, values: Mapping[str, Any]) -> list[Any]:
        """The driver's values in their order; a blank that is not given has its value from the statement."""
        return [
            process(values.get(name, known)) if process else values.get(name, known)
            for name, process, known in self._in
        ]

    def taken(self, row: Sequence[Any]) -> list[Any]:
        """Our values."""
        ours = list(row)
        for at, process in self.opens:
            ours[at] = process(ours[at])
        return ours


def _bind(kind: Any, dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).bind_processor(dialect)  # type: ignore[no-any-return]


def _result(kind: Any, dialect: Dialect) -> Process:
    if dialect.name != "sqlite" and not isinstance(kind, TypeDecorator):
        return None  # asyncpg's values are what they should be
    return kind.dialect_impl(dialect).result_processor(dialect, None)  # type: ignore[no-any-return]
