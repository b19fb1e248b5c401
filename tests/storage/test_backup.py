"""A back-up holds all, opens for its key alone, is refused when it is not whole, and goes into either database."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from alembic import command
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from storage import backup, backup_tables, key_ring, rotation, sealed
from storage import tables as t
from storage.backup import Contents, NotEmpty
from storage.backup_stream import MAGIC, BadBackup, begin
from storage.backup_tables import dumped, reading
from storage.files import Folder, Kept, opened
from storage.key_ring import Ring, ring_of
from storage.migrate import HEAD, config, version
from storage.sealed import Keys
from storage.unit_of_work import Database, connect
from storage.work import Work
from tests.conftest import MASTER, Postgres, asyncpg_url
from tests.storage.make import NOW, citizen

T = TypeVar("T")
PHOTO = b"\xff\xd8 photo " * 40_000  # more than one chunk
RING = ring_of(MASTER)


def quiet(_: str, __: int) -> None:
    """No progress is told."""


async def filled(database: Database, store: Folder) -> list[Kept]:
    """Rows of every sort: references among themselves, moments, numbers, sealed values, files."""
    kept = [Kept(PHOTO, "image/jpeg", f"Căn cước {n}.jpg") for n in range(3)]
    for one in kept:
        store.put(one.file.ref, one.sealed)

    def fill(work: Work) -> None:
        chat, other = citizen(work), citizen(work, "0999")
        assert chat.person is not None
        work.connection.execute(t.persons.update().where(t.persons.c.id == chat.person).values(merged=other.person))
        for n, one in enumerate(kept):
            work.files.add(one, chat.id, f"e{n}", NOW)
        values = [{"owner": "d", "key": f"q{n:04}", "value": f"Đào {n}".encode()} for n in range(1200)]
        work.connection.execute(insert(t.answers), values)
        work.jobs.add("check", "x", payload=b"words")
        work.jobs.add_new("clock", "x", due_at=NOW)
        work.audit.add("guessing", NOW, chat=chat.id, data={"n": 1})
        work.leases.take("bot", "elsewhere 1 1", 30)

    await database.run(fill)
    return kept


def saved(url: str, store: Folder, *numbers: int) -> bytes:
    out = io.BytesIO()
    backup.save(url, store, out, list(numbers or (1,)), datetime.now(UTC), quiet)
    return out.getvalue()


def all_rows(url: str) -> dict[str, list[list[object]]]:
    def read(connection: Connection) -> dict[str, list[list[object]]]:
        tables = {name: [row for rows in batches for row in rows] for name, _, batches in dumped(connection)}
        return {name: sorted(rows, key=repr) for name, rows in tables.items()}

    return reading(url, read)


@pytest.fixture
def other(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """An empty database of the kind that `database` is not."""
    if database_url.startswith("sqlite"):
        return str(request.getfixturevalue("empty_postgres"))
    return f"sqlite:///{tmp_path / 'elsewhere' / 'motcua.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'elsewhere' / 'motcua.sqlite3'}"
    return str(request.getfixturevalue("empty_postgres"))


@pytest.fixture
def empty_postgres(postgres: Postgres, tmp_path: Path) -> Iterator[str]:
    name = f"empty_{abs(hash(tmp_path)):x}"
    postgres.psql(f"CREATE DATABASE {name}")
    yield asyncpg_url(postgres, name)
    postgres.psql(f"DROP DATABASE {name} WITH (FORCE)")


async def in_thread(function: Callable[[], T]) -> T:
    return await asyncio.to_thread(function)


async def test_a_back_up_of_either_goes_into_either(
    database: Database, database_url: str, target: str, tmp_path: Path
) -> None:
    store, there = Folder(tmp_path / "files"), Folder(tmp_path / "elsewhere" / "files")
    kept = await filled(database, store)
    raw = await in_thread(lambda: saved(database_url, store))
    before = await in_thread(lambda: all_rows(database_url))
    key_file = tmp_path / "elsewhere" / "keys" / "master.key"
    told: list[tuple[str, int]] = []
    head, contents = await in_thread(
        lambda: backup.restore(io.BytesIO(raw), RING, target, there, key_file, lambda *said: told.append(said))
    )
    assert (contents.files, contents.gone, contents.spoilt) == (3, [], [])
    assert contents.rows["answers"] == 1200
    assert head.migration == HEAD
    assert ("rows", contents.all_rows) in told
    after = await in_thread(lambda: all_rows(target))
    assert after == before
    assert len(after["answers"]) == 1200
    assert key_ring.read(key_file) == RING
    elsewhere = connect(target, lambda _: None)
    try:

        def use(work: Work) -> int:
            for one in kept:
                found = work.files.get(one.file.ref)
                assert found is not None
                assert found[0] == one.file
                assert opened(found[1], there.get(one.file.ref)) == PHOTO
            work.jobs.add("check", "y")  # counters go on after what is there
            work.audit.add("guessing", NOW)
            assert work.connection.scalar(select(t.jobs.c.due_at).where(t.jobs.c.kind == "clock")) == NOW
            assert work.leases.take("bot", "here 1 1", 30) == "here 1 1"  # what the old machine held is nobody's
            return len(work.connection.execute(select(t.audit.c.id).distinct()).all())

        assert await elsewhere.run(use) == 2
        with pytest.raises(DBAPIError):  # references are looked at again
            await elsewhere.run(lambda work: work.files.grant("nobody", [kept[0].file.ref]))
    finally:
        await elsewhere.close()


async def test_what_is_written_meanwhile_is_in_none_or_all_of_it(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The snapshot is of one moment: what is committed while it is read is not in it."""
    store = Folder(tmp_path / "files")
    await filled(database, store)
    loop = asyncio.get_running_loop()
    begun = False

    def slowly(*given: Any) -> Any:
        nonlocal begun
        if not begun:
            begun = True
            asyncio.run_coroutine_threadsafe(database.run(lambda work: citizen(work, "later")), loop).result(60)
        return begin(*given)

    def first(connection: Connection) -> str:
        connection.scalar(select(t.persons.c.id).limit(1))  # the snapshot begins with the first look
        return "0006"

    monkeypatch.setattr(backup, "migration", first)
    monkeypatch.setattr(backup, "begin", slowly)
    raw = await in_thread(lambda: saved(database_url, store))
    assert begun
    _, contents, _ = backup.check(io.BytesIO(raw), RING, quiet)
    assert (contents.rows["chats"], contents.rows["persons"]) == (2, 2)


async def test_a_file_that_is_deleted_meanwhile_is_left_out_with_its_row(
    database: Database, database_url: str, other: str, tmp_path: Path
) -> None:
    store, there = Folder(tmp_path / "files"), Folder(tmp_path / "elsewhere" / "files")
    kept = await filled(database, store)
    store.delete(kept[1].file.ref)
    store.put(kept[2].file.ref, b"\x01 rotten, as a bad disk leaves it")
    raw = await in_thread(lambda: saved(database_url, store))
    _, contents, _ = backup.check(io.BytesIO(raw), RING, quiet)
    assert (contents.files, contents.gone, contents.spoilt) == (2, [kept[1].file.ref], [kept[2].file.ref])
    key_file = tmp_path / "elsewhere" / "master.key"
    await in_thread(lambda: backup.restore(io.BytesIO(raw), RING, other, there, key_file, quiet))
    rows = await in_thread(lambda: all_rows(other))
    assert len(rows["files"]) == len(rows["grants"]) == 2


async def test_a_restore_that_was_cut_short_begins_anew(
    database: Database, database_url: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, there = Folder(tmp_path / "files"), Folder(tmp_path / "elsewhere" / "files")
    await filled(database, store)
    raw = await in_thread(lambda: saved(database_url, store))
    key_file = tmp_path / "elsewhere" / "master.key"

    def go() -> Contents:
        return backup.restore(io.BytesIO(raw), RING, other, there, key_file, quiet)[1]

    with monkeypatch.context() as patched:
        patched.setattr(backup_tables.Loader, "forget_files", _pulled)
        with pytest.raises(KeyboardInterrupt):
            await in_thread(go)
    assert (await in_thread(go)).files == 3
    assert await in_thread(lambda: all_rows(other)) == await in_thread(lambda: all_rows(database_url))


def _pulled(*_: object) -> None:
    raise KeyboardInterrupt


# what is refused


@pytest.fixture
async def small(sqlite_url: str, keys: Keys, tmp_path: Path) -> bytes:
    """A back-up of several chunks."""
    database = connect(sqlite_url, lambda _: None)
    try:
        await filled(database, Folder(tmp_path / "files"))
    finally:
        await database.close()
    return await in_thread(lambda: saved(sqlite_url, Folder(tmp_path / "files")))


def refused(raw: bytes, ring: Ring = RING) -> str:
    with pytest.raises(BadBackup) as bad:
        backup.check(io.BytesIO(raw), ring, quiet)
    return bad.value.reason


async def test_a_back_up_that_ends_early_is_refused(small: bytes) -> None:
    assert backup.check(io.BytesIO(small), RING, quiet)[1].files == 3
    start = small.index(b"0006") + 200
    chunks = range(start, len(small), 256 * 1024 + 16)
    assert len(chunks) > 3
    for end in (*range(0, start, 7), *range(start, len(small), 77_777), *chunks, len(small) - 1):
        assert refused(small[:end]) in {"cut", "not-one", "changed"}, end
    length = len(MAGIC) + 5 + int.from_bytes(small[len(MAGIC) + 1 : len(MAGIC) + 5])
    assert refused(small[:length]) == "cut"
    assert refused(small[: length + 256 * 1024 + 16]) == "cut"  # between two chunks
    assert refused(small + b"x") in {"changed", "cut"}


async def test_a_back_up_that_was_changed_is_refused(small: bytes) -> None:
    for at in (*range(len(MAGIC) + 1, len(MAGIC) + 200, 3), *range(300, len(small), 50_021), len(small) - 1):
        wrong = bytearray(small)
        wrong[at] ^= 1
        assert refused(bytes(wrong)) in {"changed", "cut", "other-key"}, at
    length = len(MAGIC) + 5 + int.from_bytes(small[len(MAGIC) + 1 : len(MAGIC) + 5])
    size = 256 * 1024 + 16
    first, second = small[length : length + size], small[length + size : length + 2 * size]
    assert refused(small[:length] + second + first + small[length + 2 * size :]) == "changed"
    assert refused(small[:length] + second + small[length + 2 * size :]) == "changed"


async def test_what_is_no_back_up_or_a_newer_one_is_refused(small: bytes) -> None:
    assert refused(b"PK\x03\x04 something else") == "not-one"
    assert refused(b"") == "not-one"
    assert refused(MAGIC + b"\x02" + small[len(MAGIC) + 1 :]) == "newer"


async def test_another_key_opens_nothing_and_each_of_the_named_ones_does(
    sqlite_url: str, keys: Keys, small: bytes, tmp_path: Path
) -> None:
    assert refused(small, ring_of(b"x" * 32)) == "other-key"
    both = RING.with_new()
    sealed.use(Keys(both, active=2))
    raw = await in_thread(lambda: saved(sqlite_url, Folder(tmp_path / "files"), 1, 2))
    for number in both.numbers:
        alone = Ring(((number, both.master(number)),))
        assert backup.check(io.BytesIO(raw), alone, quiet)[2] == both  # one sheet of paper brings all keys of its time
    raw = await in_thread(lambda: saved(sqlite_url, Folder(tmp_path / "files"), 2))
    assert refused(raw, RING) == "other-key"


async def test_nothing_is_written_where_something_is(
    small: bytes, target: str, tmp_path: Path, postgres_url: str
) -> None:
    there, key_file = Folder(tmp_path / "elsewhere" / "files"), tmp_path / "elsewhere" / "master.key"
    sqlite = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    (tmp_path / "other.sqlite3").write_bytes(b"")
    for url in (sqlite, postgres_url):
        with pytest.raises(NotEmpty, match="database"):
            await in_thread(lambda url=url: backup.restore(io.BytesIO(small), RING, url, there, key_file, quiet))  # type: ignore[misc]
    there.put("aabb", b"somebody's")
    with pytest.raises(NotEmpty, match="files"):
        await in_thread(lambda: backup.restore(io.BytesIO(small), RING, target, there, key_file, quiet))
    there.delete("aabb")
    key_ring.write(key_file, ring_of(b"x" * 32))
    with pytest.raises(NotEmpty, match="key"):
        await in_thread(lambda: backup.restore(io.BytesIO(small), RING, target, there, key_file, quiet))
    assert await in_thread(lambda: backup_tables.empty(target))
    assert not list((tmp_path / "elsewhere" / "files").rglob("*.*"))


async def test_a_back_up_of_an_unknown_migration_is_refused_before_anything_is_written(
    small: bytes, sqlite_url: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "migration", lambda _: "0999")
    raw = await in_thread(lambda: saved(sqlite_url, Folder(tmp_path / "files")))
    monkeypatch.undo()
    there, key_file = Folder(tmp_path / "elsewhere" / "files"), tmp_path / "elsewhere" / "master.key"
    with pytest.raises(BadBackup, match="newer"):
        await in_thread(lambda: backup.restore(io.BytesIO(raw), RING, target, there, key_file, quiet))
    assert await in_thread(lambda: backup_tables.empty(target))
    assert not key_file.exists()


async def test_a_back_up_of_an_older_version_is_brought_to_today(target: str, keys: Keys, tmp_path: Path) -> None:
    old = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    store = Folder(tmp_path / "files")

    def past(connection: Connection) -> None:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0005")
        connection.execute(text("INSERT INTO persons (id, created_at) VALUES ('p', '2026-11-23 01:00:00.000000')"))
        here = "('l', 'web', 'k', x'00', '2026-11-23 01:00:00.000000')"
        connection.execute(text(f"INSERT INTO chats (id, channel, address_key, address, created_at) VALUES {here}"))  # noqa: S608
        token = "('h', 'cookie', 'l', 5.0)"
        connection.execute(text(f"INSERT INTO tokens (hash, purpose, chat, expires) VALUES {token}"))  # noqa: S608

    await in_thread(lambda: backup_tables.writing(old, past))
    raw = await in_thread(lambda: saved(old, store))
    there, key_file = Folder(tmp_path / "elsewhere" / "files"), tmp_path / "elsewhere" / "master.key"
    head, _ = await in_thread(lambda: backup.restore(io.BytesIO(raw), RING, target, there, key_file, quiet))
    assert head.migration == "0005"
    database = connect(target, lambda _: None)
    try:
        known = await database.run(lambda work: work.connection.execute(select(t.tokens)).one())
        assert (known.hash, known.expires, known.made) == ("h", 5.0, None)
        assert await database.run(lambda work: version(work.connection)) == HEAD
    finally:
        await database.close()


async def test_after_a_rotation_one_sheet_of_paper_brings_everything_back(
    database: Database, database_url: str, other: str, tmp_path: Path
) -> None:
    store, there = Folder(tmp_path / "files"), Folder(tmp_path / "elsewhere" / "files")
    kept = await filled(database, store)
    hashed = sealed.keys().look_up("0912345678")
    both = RING.with_new()
    sealed.use(await database.run(lambda work: rotation.activate(work, both, 2, None)))
    raw = await in_thread(lambda: saved(database_url, store, 2))
    paper = Ring(((2, both.master(2)),))
    key_file = tmp_path / "elsewhere" / "master.key"
    await in_thread(lambda: backup.restore(io.BytesIO(raw), paper, other, there, key_file, quiet))
    elsewhere = connect(other, lambda _: None)
    try:
        sealed.use(await elsewhere.run(lambda work: rotation.known(work, key_ring.read(key_file), key_file)))
        assert sealed.keys().look_up("0912345678") == hashed
        found = await elsewhere.run(lambda work: work.files.get(kept[0].file.ref))
        assert found is not None
        assert opened(found[1], there.get(kept[0].file.ref)) == PHOTO
    finally:
        await elsewhere.close()


@pytest.mark.parametrize("name", ["../../planted", "/elsewhere/planted", ".."])
def test_a_name_that_leads_elsewhere_is_never_written(name: str, tmp_path: Path) -> None:
    """Whoever has a former master key can make a whole back-up of their own."""
    file = io.BytesIO()
    _, sink = begin(file, RING, [1], NOW.isoformat(), HEAD)
    sink.put(b"K", msgspec.msgpack.encode(RING.masters))
    sink.put(b"F", msgspec.msgpack.encode([name, b"planted"]))
    sink.close(msgspec.msgpack.encode(Contents({}, 1)))
    there = tmp_path / "there"
    store, url = Folder(there / "data" / "files"), f"sqlite:///{there / 'data' / 'motcua.sqlite3'}"
    with pytest.raises(BadBackup):
        backup.restore(file, RING, url, store, there / "key", quiet)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
