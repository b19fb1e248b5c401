"""The log: one line an entry, to be read by people or, as JSON, by programs.

Entries hold ids, kinds of errors and places in the code; no entry anywhere may hold a text, a name, a number or an
address of somebody. `turn` follows one event through whatever it causes in its task.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Protocol

import msgspec

FORMATS: Final = ("text", "json")
# A line a migration or an update tells nobody anything, and httpx writes whole addresses: Telegram's hold the token.
_TALKATIVE: Final = ("alembic", "aiogram", "httpx", "httpcore", "telegram")
# They count or draw their updates' names themselves. A browser names its events
# itself, and a stranger's script might name them after a telephone.
_MESSENGERS: Final = ("telegram", "telegram-staff", "telegram-group", "zalo")


class Happened(Protocol):
    """The part of an Inbound that is looked at."""

    @property
    def channel(self) -> str: ...
    @property
    def event_id(self) -> str: ...


TURN: Final[ContextVar[Happened | None]] = ContextVar("turn", default=None)


def shown(event: Happened) -> str:
    """An event's name for the log: its id where a messenger gave it, else a hash of it."""
    given = event.event_id
    if event.channel in _MESSENGERS:
        return f"{event.channel}:{given}"
    return f"{event.channel}:#{hashlib.sha256(given.encode()).hexdigest()[:12]}"


class Json(logging.Formatter):
    """time, level, logger, event (the constant words, to be grouped by), text (with ids), turn, error and its place."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": str(record.msg),
            "text": record.getMessage(),
        }
        happened = TURN.get()
        if happened is not None:
            entry["turn"] = shown(happened)
        if record.exc_info and record.exc_info[0] is not None:  # its own words may hold what somebody wrote
            entry["error"], entry["place"] = record.exc_info[0].__name__, _place(record.exc_info[2])
        return msgspec.json.encode(entry).decode()


class Text(logging.Formatter):
    """The same for people; of an error that a library logs only the kind and the place."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {record.getMessage()}"
        happened = TURN.get()
        if happened is not None:
            line += f" [{shown(happened)}]"
        if record.exc_info and record.exc_info[0] is not None:
            line += f" {record.exc_info[0].__name__} at {_place(record.exc_info[2])}"
        return line


def begin(level: str, style: str) -> None:
    """Log to standard error from now on; once a process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if style == "json" else Text())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for talkative in _TALKATIVE:
        logging.getLogger(talkative).setLevel(logging.WARNING)


def _place(trace: TracebackType | None) -> str:
    """File and line where it was raised."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
