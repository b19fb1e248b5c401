"""Whether an error says that the database or the file store could not do its work just now.

Such an error is nobody's fault who asked for something: it is not counted against an event or a job, which are done
once there is a database, a line to it, or room on the disk again.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import exc

# Busy, locked, out of memory, I/O error, full, can't be opened, the journal's locks: sqlite.org/rescode.html
_SQLITE: Final = frozenset((5, 6, 7, 10, 13, 14, 15))
# Connection, resources (a full disk, too many clients), no lock in time, cancelled or shut down, the system's own
# errors, a transaction that stood still for too long: PostgreSQL, appendix A.
_POSTGRES: Final = ("08", "53", "55P03", "57", "58", "25P03", "25P04")
_NO_LINE: Final = "InterfaceError"  # asyncpg: the connection has been closed meanwhile


class Away(Exception):
    """What is wanted can't be done just now."""


def away(error: BaseException) -> bool:
    """See above. That a file is not there is an answer."""
    if isinstance(error, FileNotFoundError):
        return False
    if isinstance(error, OSError | Away | exc.TimeoutError | exc.DisconnectionError):
        return True  # time-outs are OSErrors, too
    if isinstance(error, exc.DBAPIError):
        return error.connection_invalidated or (isinstance(error.orig, BaseException) and away(error.orig))
    if isinstance(error, sqlite3.OperationalError):
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _SQLITE
    if (state := getattr(error, "sqlstate", None)) is not None:
        return str(state).startswith(_POSTGRES)
    return type(error).__name__ == _NO_LINE and type(error).__module__.startswith("asyncpg")
