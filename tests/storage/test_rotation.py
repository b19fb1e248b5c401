"""Turning the ring: everything stays readable, all is sealed again, hashes stay, and the old key opens nothing new."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, func, insert, select, type_coerce

from storage import key_ring, rotation, sealed
from storage import tables as t
from storage.files import Kept, opened
from storage.key_ring import Ring
from storage.sealed import Keys, UnknownKey
from storage.unit_of_work import Database
from storage.work import Work
from tests.conftest import MASTER
from tests.storage.make import NOW, citizen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The key file of the keys that `database` uses."""
    file = tmp_path / "keys" / "master.key"
    file.parent.mkdir()
    file.write_text(MASTER.hex() + "\n")
    sealed.use(Keys(key_ring.read(file), path=file))
    return file


def turned(path: Path) -> Ring:
    ring = key_ring.read(path).with_new()
    key_ring.write(path, ring)
    return ring


def finish(work: Work) -> None:
    for _ in range(500):
        if not rotation.step(work):
            return
    pytest.fail("it does not end")


def settle(work: Work) -> None:
    """As if the new key had been in use for long."""
    at = rotation.progress(work)
    assert at is not None
    at.since -= 3600
    rotation._put(work, at)  # noqa: SLF001 - time can't be waited for


async def test_all_is_sealed_again_and_hashes_stay(database: Database, path: Path) -> None:
    kept = Kept(b"photo", "image/jpeg", "cccd.jpg")
    before = sealed.keys().look_up("0912345678"), sealed.keys().audit
    chat = await database.run(citizen)
    await database.run(lambda work: work.files.add(kept, chat.id, "e1", NOW))
    for n in range(450):  # more than two pages
        values = {"owner": "d", "key": f"q{n:04}", "value": f"Đào {n}".encode()}
        await database.run(lambda work, values=values: work.connection.execute(insert(t.answers).values(values)))  # type: ignore[misc]
    ring = turned(path)
    sealed.use(await database.run(lambda work: rotation.activate(work, ring, ring.newest, path)))
    assert (sealed.keys().look_up("0912345678"), sealed.keys().audit) == before
    values = {"owner": "d", "key": "new", "value": b"new"}
    await database.run(lambda work: work.connection.execute(insert(t.answers).values(values)))
    assert (await database.run(rotation.left))["answers"] == 450
    await database.run(settle)
    await database.run(finish)
    assert await database.run(rotation.left) == {}
    done = await database.run(rotation.progress)
    assert done is not None
    assert done.ended
    assert done.moved >= 452
    # with the new key alone, everything opens
    alone = await database.run(lambda work: rotation.known(work, ring.without(1), None))
    sealed.use(alone)
    assert alone.look_up("0912345678") == before[0]
    found = await database.run(lambda work: work.files.get(kept.file.ref))
    assert found is not None
    assert found[0] == kept.file
    assert opened(found[1], kept.sealed) == b"photo"
    rows = await database.run(lambda work: work.connection.execute(select(t.answers.c.value)).scalars().all())
    assert len(rows) == 451
    # and with the old one alone, nothing
    sealed.use(Keys(MASTER))
    with pytest.raises(UnknownKey):
        await database.run(lambda work: work.chats.get(chat.id))


async def test_a_pass_that_was_cut_short_goes_on_where_it_was(database: Database, path: Path) -> None:
    for n in range(250):
        values = {"owner": "d", "key": f"q{n:04}", "value": b"x"}
        await database.run(lambda work, values=values: work.connection.execute(insert(t.answers).values(values)))  # type: ignore[misc]
    ring = turned(path)
    sealed.use(await database.run(lambda work: rotation.activate(work, ring, ring.newest, path)))
    await database.run(settle)
    while not (at := await database.run(rotation.progress)) or not at.after:  # in the midst of the table
        assert await database.run(rotation.step)
    sealed.use(await database.run(lambda work: rotation.known(work, key_ring.read(path), path)))  # another process
    assert (await database.run(rotation.left)) == {"answers": 50}
    await database.run(finish)
    assert await database.run(rotation.left) == {}


async def test_a_process_that_meets_a_new_key_reads_its_file_again(database: Database, path: Path) -> None:
    mine = sealed.keys()
    ring = turned(path)
    theirs = await database.run(lambda work: rotation.activate(work, ring, ring.newest, path))
    sealed.use(theirs)
    chat = await database.run(citizen)
    sealed.use(mine)
    assert await database.run(lambda work: work.chats.get(chat.id)) == chat
    assert sealed.keys().active == 1  # it opens; it seals with the new one once it has followed
    followed = await database.run(rotation.follow)
    assert followed is not None
    assert followed.active == 2
    assert followed.look_up("x") == mine.look_up("x")
    sealed.use(followed)
    assert await database.run(rotation.follow) is None


async def test_what_a_late_process_sealed_keeps_it_from_being_over(database: Database, path: Path) -> None:
    late = sealed.keys()
    ring = turned(path)
    new = await database.run(lambda work: rotation.activate(work, ring, ring.newest, path))
    sealed.use(new)
    for _ in range(3 * len(rotation.TABLES)):  # nothing is there, and yet it is too early to say so
        assert await database.run(rotation.step)
    sealed.use(late)
    await database.run(citizen)
    sealed.use(new)
    assert sum((await database.run(rotation.left)).values()) == 1
    await database.run(settle)
    await database.run(finish)
    assert await database.run(rotation.left) == {}


async def test_a_ring_without_the_sealing_key_is_refused(database: Database, path: Path) -> None:
    ring = turned(path)
    sealed.use(await database.run(lambda work: rotation.activate(work, ring, ring.newest, path)))
    with pytest.raises(rotation.WrongKey):
        await database.run(lambda work: rotation.known(work, key_ring.ring_of(MASTER), None))
    with pytest.raises(rotation.WrongKey):
        await database.run(lambda work: rotation.known(work, Ring(((2, b"x" * 32),)), None))


async def test_every_sealed_column_is_among_those_that_are_sealed_again(database: Database, path: Path) -> None:
    """A table of each, its sealed columns filled, whatever is added to tables.py later."""
    ring = turned(path)
    seals = sealed.keys().columns
    new = await database.run(lambda work: rotation.activate(work, ring, ring.newest, path))
    for table, columns in rotation.TABLES:
        for name in columns:
            column = table.c[name]
            assert isinstance(column.type, (sealed.Sealed, LargeBinary))
            old = seals.close(b"x") if name != "key" else sealed.keys().files.close(b"x")
            sealed.use(new)
            again = rotation._again(rotation._seal(table, name), old)  # noqa: SLF001
            assert again is not None
            assert again[0] == 2
    raw = [c for table in t.metadata.sorted_tables for c in table.columns if type(c.type) is LargeBinary]
    public = {"catalogue_versions.body", "seals.rows"}  # the law's questions; digests
    assert {f"{c.table.name}.{c.name}" for c in raw} - public == {"files.key"}


async def test_rows_that_somebody_writes_at_this_moment_wait_for_the_next_pass(postgres_url: str, path: Path) -> None:
    from storage.unit_of_work import connect  # noqa: PLC0415

    database = connect(postgres_url, lambda _: None)
    try:
        values = {"owner": "d", "key": "q", "value": b"x"}
        await database.run(lambda work: work.connection.execute(insert(t.answers).values(values)))
        ring = turned(path)
        sealed.use(await database.run(lambda work: rotation.activate(work, ring, ring.newest, path)))
        at = next(n for n, (table, _) in enumerate(rotation.TABLES) if table is t.answers)
        from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

        engine = create_async_engine(postgres_url)
        async with engine.begin() as other:
            await other.execute(select(t.answers.c.key).with_for_update())
            for _ in range(at + 1):
                assert await database.run(rotation.step)
            assert await database.run(rotation.left) == {"answers": 1}
        await engine.dispose()
        await database.run(settle)
        await database.run(finish)
        assert await database.run(rotation.left) == {}
        raw = select(func.substr(type_coerce(t.answers.c.value, LargeBinary), 1, 1))
        assert await database.run(lambda work: work.connection.scalar(raw)) == b"\x02"
    finally:
        await database.close()
