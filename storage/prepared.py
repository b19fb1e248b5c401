"""Statements of the hot path: written in Core, compiled once, and on SQLite run by the driver itself.

SQLAlchemy takes about 20 µs from a compiled statement to its rows each time, of which SQLite needs 2 to 5. Only what
runs in every turn is worth this; its values pass the same column types on their way in and out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect
    from sqlalchemy.sql import Executable

    Process = Callable[[Any], Any] | None


class Prepared:
    """One statement whose blanks are all `bindparam`s."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._plan: _Plan | None = None

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Run it once; gives what it returns."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).all()
        plan = self._plan or self._prepare(connection.dialect)
        cursor = _driver(connection).execute(plan.sql, plan.given(values))
        found = cursor.fetchall()
        return [plan.taken(row) for row in found] if plan.opens else found

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The first row it returns, or None."""
        rows = self.rows(connection, values)
        return rows[0] if rows else None

    def many(self, connection: Connection, values: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of these."""
        if connection.dialect.name != "sqlite":
            connection.execute(self._statement, values)
            return
        plan = self._plan or self._prepare(connection.dialect)
        _driver(connection).executemany(plan.sql, [plan.given(each) for each in values])

    def _prepare(self, dialect: Dialect) -> _Plan:
        self._plan = _Plan(self._statement, dialect)
        return self._plan


class _Plan:
    """SQL text, and what turns values into the driver's and back."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._in: list[tuple[str, Process, Any]] = [
            (name, _bind(compiled.binds[name].type, dialect), compiled.binds[name].value)
            for name in compiled.positiontup or ()
        ]
        columns = getattr(statement, "exported_columns", ())
        self._out: list[Process] = [_result(column.type, dialect) for column in columns]
        self.opens = any(self._out)

    def given(self, values: Mapping[str, Any]) -> list[Any]:
        """The driver's values in their order; a blank that is not given has its value from the statement."""
        return [
            process(values.get(name, known)) if process else values.get(name, known)
            for name, process, known in self._in
        ]

    def taken(self, row: Sequence[Any]) -> list[Any]:
        """Our values."""
        return [process(value) if process else value for process, value in zip(self._out, row, strict=True)]


def _driver(connection: Connection) -> Any:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    return raw


def _bind(kind: Any, dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).bind_processor(dialect)  # type: ignore[no-any-return]


def _result(kind: Any, dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).result_processor(dialect, None)  # type: ignore[no-any-return]
