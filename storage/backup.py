"""A back-up, written, looked through, and put back: rows first, then the files that they name.

The rows are of one moment; files are copied after it. A file that came later has no row in the back-up and is left out;
one that was deleted meanwhile is missing, and its row goes when the back-up is put back.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

import msgspec
from cryptography.exceptions import InvalidTag
from msgspec import Struct
from sqlalchemy import Connection, make_url

from storage import key_ring
from storage.backup_stream import BadBackup, Header, Sink, begin, header, records
from storage.backup_tables import dumped, empty, migration, must_be_known, prepared, reading, writing
from storage.durable import keep_names
from storage.files import Store
from storage.key_ring import Ring
from storage.sealed import Seal, UnknownKey, keys

_KEYS: Final = b"K"  # the kinds of records: all master keys
_TABLE: Final = b"T"  # a table's name and columns
_ROWS: Final = b"R"  # some of its rows
_FILE: Final = b"F"  # a file's name and bytes, sealed as in the store
_END: Final = b"E"
_NAME: Final = re.compile(r"[A-Za-z0-9]{2,64}")
_TOLD: Final = 2000  # things between two lines of progress
_encode = msgspec.msgpack.encode
_decode = msgspec.msgpack.decode

Tell = Callable[[str, int], None]  # "rows" or "files", and how many so far


class NotEmpty(Exception):
    """What stands in the way of a restore: "database", "files" or "key"."""


class Contents(Struct):
    """What is in a back-up. `gone`: files deleted while it was made; `spoilt`: those their own key does not open."""

    rows: dict[str, int] = {}
    files: int = 0
    gone: list[str] = []
    spoilt: list[str] = []

    @property
    def all_rows(self) -> int:
        return sum(self.rows.values())


def save(
    url: str, store: Store, file: BinaryIO, numbers: list[int], made: datetime, tell: Tell
) -> tuple[Header, Contents]:
    """Write a back-up that the master keys of these numbers open; in a thread without a running event loop."""
    contents = Contents()
    with tempfile.TemporaryFile("w+", encoding="ascii") as wanted:
        head, sink = reading(
            url, lambda connection: _save_rows(connection, file, numbers, made, contents, wanted, tell)
        )
        wanted.seek(0)
        for line in wanted:
            ref, wrapped = line.split()
            _save_file(store, sink, ref, bytes.fromhex(wrapped), contents)
            if contents.files % _TOLD == 0:
                tell("files", contents.files)
    sink.close(_encode(contents))
    return head, contents


def _save_rows(
    connection: Connection,
    file: BinaryIO,
    numbers: list[int],
    made: datetime,
    contents: Contents,
    wanted: IO[str],
    tell: Tell,
) -> tuple[Header, Sink]:
    ring = keys().ring
    head, sink = begin(file, ring, numbers, made.isoformat(), migration(connection))
    sink.put(_KEYS, _encode(ring.masters))
    for name, columns, batches in dumped(connection):
        sink.put(_TABLE, _encode([name, columns]))
        contents.rows[name] = 0
        for rows in batches:
            sink.put(_ROWS, _encode(rows))
            contents.rows[name] += len(rows)
            tell("rows", contents.all_rows)
            if name == "files":
                _note_files(columns, rows, wanted)
    return head, sink


def _note_files(columns: list[str], rows: list[list[Any]], wanted: IO[str]) -> None:
    """Those whose bytes are here, on disk rather than in memory: there may be millions."""
    own, key, remote = (columns.index(name) for name in ("id", "key", "remote"))
    wanted.writelines(f"{row[own]} {row[key].hex()}\n" for row in rows if row[remote] is None)


def _save_file(store: Store, sink: Sink, ref: str, wrapped: bytes, contents: Contents) -> None:
    try:
        data = store.get(ref)
    except FileNotFoundError:
        contents.gone.append(ref)
        return
    try:
        Seal(keys().files.open(wrapped)).open(data)
    except (InvalidTag, UnknownKey):
        contents.spoilt.append(ref)
    sink.put(_FILE, _encode([ref, data]))
    contents.files += 1


def check(file: BinaryIO, ring: Ring, tell: Tell) -> tuple[Header, Contents, Ring]:
    """Read all of a back-up; gives what is in it, and all the master keys of its time. Raises BadBackup."""
    file.seek(0)
    head = header(file)
    found, told, whole = Contents(), Contents(), ring
    table = ""
    for kind, payload in records(file, ring):
        if kind == _KEYS:
            must_be_known(head.migration)  # only now: before this the header may be anybody's
            whole = Ring(_decode(payload, type=tuple[tuple[int, bytes], ...]))
        elif kind == _TABLE:
            table = _decode(payload, type=tuple[str, list[str]])[0]
            found.rows[table] = 0
        elif kind == _ROWS:
            found.rows[table] += len(_decode(payload, type=list[list[Any]]))
            tell("rows", found.all_rows)
        elif kind == _FILE:
            found.files += 1
            if found.files % _TOLD == 0:
                tell("files", found.files)
        elif kind == _END:
            told = _decode(payload, type=Contents)
    if (found.rows, found.files) != (told.rows, told.files):
        raise BadBackup("changed")
    return head, told, whole


def restore(file: BinaryIO, ring: Ring, url: str, store: Store, key_file: Path, tell: Tell) -> tuple[Header, Contents]:
    """Put a back-up where nothing is; raises BadBackup or NotEmpty before anything is written.

    Files come first and the database last, whole or not at all: a restore that was cut short is begun anew.
    """
    head, contents, whole = check(file, ring, tell)
    if not empty(url):
        raise NotEmpty("database")
    names = {name for some in store.older(float("inf")) for name in some}
    if not names.issubset(_names(file, ring) if names else names):
        raise NotEmpty("files")
    if key_file.exists() and dict(key_ring.read(key_file).masters).items() - dict(whole.masters).items():
        raise NotEmpty("key")
    for count, (ref, data) in enumerate(_files(file, ring), 1):
        store.put(ref, data)
        if count % _TOLD == 0:
            tell("files", count)
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_ring.write(key_file, whole)
    if url.startswith("sqlite"):
        _into_sqlite(url, lambda made: _load(file, ring, made, head, contents, tell))
    else:
        _load(file, ring, url, head, contents, tell)
    return head, contents


def _into_sqlite(url: str, load: Callable[[str], None]) -> None:
    """Under another name until it is whole."""
    path = Path(str(make_url(url).database))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.restoring")
    for ending in ("", "-wal", "-shm"):
        partial.with_name(partial.name + ending).unlink(missing_ok=True)
        path.with_name(path.name + ending).unlink(missing_ok=True)  # without the first, the others are of nothing
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    load(f"sqlite:///{partial}")
    partial.rename(path)
    keep_names(path.parent)


def _load(file: BinaryIO, ring: Ring, url: str, head: Header, contents: Contents, tell: Tell) -> None:
    def fill(connection: Connection) -> None:
        loader = prepared(connection, head.migration)
        table, columns, count = "", [""], 0
        for kind, payload in records(file, ring):
            if kind == _TABLE:
                table, columns = _decode(payload, type=tuple[str, list[str]])
            elif kind == _ROWS:
                rows = _decode(payload, type=list[list[Any]])
                loader.put(table, columns, rows)
                count += len(rows)
                tell("rows", count)
            elif kind == _FILE:
                break
        loader.forget_files(contents.gone)
        loader.finish()

    writing(url, fill)


def _files(file: BinaryIO, ring: Ring) -> Iterator[tuple[str, bytes]]:
    for kind, payload in records(file, ring):
        if kind == _FILE:
            ref, data = _decode(payload, type=tuple[str, bytes])
            if _NAME.fullmatch(ref) is None:  # it becomes a path
                raise BadBackup("changed")
            yield ref, data


def _names(file: BinaryIO, ring: Ring) -> set[str]:
    """What an earlier try may have put already; a prefix of a bucket stands before its names."""
    return {ref for ref, _ in _files(file, ring)}
