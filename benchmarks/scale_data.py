"""Years of many offices' work, as rows: made inside the database, with random ids as in life, each value sealed once.

Closed dossiers of nobody in particular fill the tables; each office has as many open ones as a desk has on its table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from conversations.messages import Button, Message
from domain.dossier import Status
from storage.dossiers import Body
from storage.sealed import keys
from storage.work import Work

OPEN: Final = 30  # dossiers on an office's table
MESSAGES: Final = 4  # kept lines of a dossier's chat
ANSWERS: Final = ("full_name", "phone", "purpose", "residence")
_YEARS: Final = 3.0
_SLICE: Final = 50_000  # dossiers in one transaction

# h(n) is a random id, the same for the same n; i is the dossier's number and o that of its office.
_ROWS: Final = {
    "persons": "(id, office, created_at) SELECT h('p' || i), 'xa-' || o, at FROM d",
    "chats": (
        "(id, person, channel, address_key, address, state, revision, read_revision, created_at) "
        "SELECT h('c' || i), h('p' || i), 'web', h('a' || i) || h('b' || i), :address, :state, 8, 8, at FROM d"
    ),
    "dossiers": (
        "(id, person, chat, office, procedure, catalogue_version, tracking_code, official_code, status, version, body,"
        " applicant_key, submitted_at, answer_by, accepted_at, due_at, closed_at, phone_key, appointment_at) "
        "SELECT h('d' || i), h('p' || i), h('c' || i), 'xa-' || o, :procedure, :version, 'T' || i, 'H27.' || i,"
        " status, 6, :body, h('k' || i) || h('l' || i), at, at, at, CASE WHEN closed THEN at ELSE :due END,"
        " CASE WHEN closed THEN at END, h('n' || i) || h('m' || i),"
        " CASE WHEN status = :done THEN :due END FROM d"
    ),
    "history": (
        "(dossier, number, at, actor, what, from_status, to_status, data) "
        "SELECT h('d' || i), k, at, 'citizen', 'submit', '', 'submitted', :data FROM d, three"
    ),
    "answers": "(owner, key, value) SELECT h('d' || i), key, :answer FROM d, asked",
    "files": (
        "(id, key, media_type, size, name, source, created_at) "
        "SELECT h('f' || i) || h('g' || i), :answer, 'image/jpeg', 9, :answer, h('s' || i) || h('t' || i), at FROM d"
    ),
    "documents": (
        "(id, owner, paper, position, file, media_type, size, verdict, facts) "
        "SELECT h('o' || i), h('d' || i), 'card', 1, h('f' || i) || h('g' || i), 'image/jpeg', 9, 'good', :facts FROM d"
    ),
    "messages": ("(chat, number, revision, author, body, at) SELECT h('c' || i), k, k, '', :message, at FROM d, lines"),
    "notices": (
        '(id, person, chat, subject, kind, body, "check", status, made_at, ended_at) '
        "SELECT h('w' || i), h('p' || i), h('c' || i), 'dossier:' || h('d' || i), 'accepted', :message,"
        " substr(h('v' || i), 1, 12), 'seen', at, at FROM d"
    ),
    "looks": "(dossier, officer, what, at) SELECT h('d' || i), 'o' || o, 'opened', at FROM d",
    "cards": (
        "(subject, chat, message, wanted, drawn) SELECT 'dossier:' || h('d' || i), h('c' || i), '1', 3, 3 FROM d"
    ),
    "jobs": (
        "(kind, subject, due_at, status, attempts, claimed_until, key) "
        "SELECT 'clock', h('d' || i), :due, 'waiting', 0, 0, 'clock:' || h('d' || i) FROM d WHERE NOT closed"
    ),
}


def fill(work: Work, first: int, last: int, offices: int, version: str, procedure: str) -> None:
    """Dossiers number `first` to `last`, spread over the offices "xa-0", "xa-1" …; in this transaction."""
    now = datetime.now(UTC)
    begins = now - timedelta(days=365 * _YEARS)
    sealed = keys().columns.close
    values: Mapping[str, object] = {
        "address": sealed(b"a" * 16),
        "state": sealed(b'{"state":"' + b"s" * 120 + b'"}'),
        "body": sealed(msgspec.json.encode(Body("self"))),
        "data": sealed(b'{"type":"submit","reason":""}'),
        "answer": sealed("Nguyễn Thị Thu Hương".encode()),
        "facts": sealed(b"{}"),
        "message": sealed(msgspec.json.encode(Message("Hồ sơ của bạn đã được nhận. " * 4, (Button("Xem", "d:1"),)))),
        "procedure": procedure,
        "version": version,
        "due": now + timedelta(days=20),
        "done": Status.DONE,
    }
    if work.connection.dialect.name == "sqlite":
        values = {key: v.isoformat(" ")[:26] if isinstance(v, datetime) else v for key, v in values.items()}
        at = f"datetime('{begins:%Y-%m-%d %H:%M:%S}', '+' || (i % 26280) || ' hours') || '.000000'"
    else:
        at = f"timestamptz '{begins:%Y-%m-%d %H:%M:%S}+00' + interval '1 hour' * (i % 26280)"
    status = (
        f"CASE WHEN i >= {offices * OPEN} THEN '{Status.HANDED_OVER}' WHEN (i / {offices}) % 3 = 0"
        f" THEN '{Status.SUBMITTED}' WHEN (i / {offices}) % 3 = 1 THEN '{Status.PROCESSING}' ELSE '{Status.DONE}' END"
    )
    # ruff: disable[S608]
    numbers = f"n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    row = f"d AS (SELECT i, i % {offices} AS o, {at} AS at, i >= {offices * OPEN} AS closed, {status} AS status FROM n)"
    more = (
        "three(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM three WHERE k < 3)",
        f"lines(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM lines WHERE k < {MESSAGES})",
        f"asked(key) AS ({' UNION ALL '.join(f'SELECT {name!r}' for name in ANSWERS)})",
    )
    for table, rows in _ROWS.items():
        used = {name: value for name, value in values.items() if f":{name}" in rows}
        head, _, select = rows.partition("SELECT")
        recursive = f"WITH RECURSIVE {numbers}, {row}, {', '.join(more)}"
        work.connection.execute(text(f"INSERT INTO {table} {head} {recursive} SELECT {select}"), used)
    # ruff: enable[S608]


def prepare(work: Work) -> None:
    """The function of random ids, and no checks of references: they hold by the way rows are made."""
    connection = work.connection
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.create_function("h", 1, _hashed, deterministic=True)
        return
    connection.execute(text("SET session_replication_role = replica"))
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION h(v text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT left(md5(v), 16) $$"
        )
    )


def done(work: Work) -> None:
    """References are checked again."""
    if work.connection.dialect.name != "sqlite":
        work.connection.execute(text("SET session_replication_role = origin"))


def slices(count: int) -> list[tuple[int, int]]:
    """First and last numbers, a transaction each."""
    return [(begin, min(begin + _SLICE, count) - 1) for begin in range(0, count, _SLICE)]


def analysed(work: Work) -> None:
    """What the database itself does in time."""
    try:
        work.connection.execute(text("ANALYZE"))
    except DBAPIError:
        return


def _hashed(value: str) -> str:
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()[:16]
