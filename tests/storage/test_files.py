"""Files: sealed in a folder or a bucket, forgotten by dropping their keys."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from conversations.messages import File
from storage import backup, sealed
from storage.files import Folder, Kept, Store, open_store, opened, sealed_with
from storage.sealed import Keys
from storage.unit_of_work import Database, connect
from storage.work import Work
from tests.storage.make import NOW, citizen

PHOTO = b"\xff\xd8 photo of 0912345678 " * 100


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "folder":
        return open_store(str(tmp_path / "files"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3"))
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    return open_store("s3://papers/office-1")


def test_bytes_come_back_until_they_are_deleted(store: Store) -> None:
    store.put("abcd", b"first")
    store.put("abcd", b"second")
    store.put("abef", b"")
    assert (store.get("abcd"), store.get("abef")) == (b"second", b"")
    store.delete("abcd")
    store.delete("abcd")  # deleting what is gone does no harm
    with pytest.raises(FileNotFoundError):
        store.get("abcd")
    assert store.get("abef") == b""


async def test_names_come_some_at_a_time_whichever_thread_asks_for_the_next(store: Store) -> None:
    names = {f"{number:04x}" for number in range(60)}
    for name in names:
        store.put(name, b"x")
    told = set[str]()
    some = iter(store.older(time.time() + 3600))
    while (part := await asyncio.to_thread(next, some, None)) is not None:
        told |= set(part)
    assert names <= told


def test_a_store_tells_what_was_put_before_a_moment(store: Store) -> None:
    before = {name for some in store.older(time.time() + 3600) for name in some}  # a bucket is shared by all tests
    store.put("cdef", b"x")
    now = {name for some in store.older(time.time() + 3600) for name in some}
    assert now - before == {"cdef"}
    assert not [name for some in store.older(time.time() - 3600) for name in some]


def test_what_the_store_holds_says_nothing(store: Store, keys: Keys) -> None:
    kept = Kept(PHOTO, "image/jpeg", "cccd.jpg")
    store.put(kept.file.ref, kept.sealed)
    held = store.get(kept.file.ref)
    assert b"0912345678" not in held
    assert opened(kept.wrapped, held) == PHOTO
    assert kept.file == File(kept.file.ref, "image/jpeg", len(PHOTO), "cccd.jpg")
    sealed.use(Keys(b"x" * 32))
    with pytest.raises(InvalidTag):
        opened(kept.wrapped, held)


def test_a_folder_leaves_nothing_half_written(tmp_path: Path) -> None:
    Folder(tmp_path / "files").put("abcd", b"x")
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()] == ["files/ab/abcd"]


async def test_a_file_is_known_with_its_key_to_those_who_may_see_it(database: Database) -> None:
    kept = Kept(PHOTO, "image/jpeg", "Căn cước của Đào.jpg")

    def add(work: Work) -> tuple[str, str]:
        chat = citizen(work).id
        work.files.add(kept, chat, "k1", NOW)
        work.files.grant(chat, [])
        return chat, citizen(work, "0999").id

    sender, stranger = await database.run(add)
    both = (kept.file, kept.wrapped)
    assert await database.run(lambda work: work.files.get(kept.file.ref)) == both
    assert await database.run(lambda work: work.files.get(kept.file.ref, [sender])) == both
    assert await database.run(lambda work: work.files.get(kept.file.ref, [stranger])) is None
    assert await database.run(lambda work: work.files.get(kept.file.ref, [])) is None
    assert await database.run(lambda work: work.files.get("0" * 32)) is None


async def test_forgetting_a_file_drops_its_key_and_who_saw_it(database: Database) -> None:
    kept, other = Kept(PHOTO, "image/jpeg", "a"), Kept(PHOTO, "image/jpeg", "b")

    def play(work: Work) -> list[bool]:
        chat = citizen(work).id
        work.files.add(kept, chat, "k1", NOW)
        work.files.add(other, chat, "k2", NOW)
        work.files.forget([])
        work.files.forget([kept.file.ref])
        return [work.files.get(file.file.ref, [chat]) is not None for file in (kept, other)]

    assert await database.run(play) == [False, True]


def test_a_full_disk_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    store = Folder(tmp_path)
    store.put("abcd", b"first")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put("abef", b"x" * 1000)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["abcd"]


async def test_an_event_that_is_sent_again_brings_the_file_it_brought_before(database: Database) -> None:
    first, second = Kept(PHOTO, "image/jpeg", "a"), Kept(PHOTO, "image/jpeg", "a")

    def play(work: Work) -> tuple[list[str], bool]:
        chat, other = citizen(work).id, citizen(work, "0999").id
        brought = [work.files.add(first, chat, "e1", NOW).ref, work.files.add(second, chat, "e1", NOW).ref]
        brought.append(work.files.add(second, other, "e1", NOW).ref)
        return brought, work.files.get(second.file.ref, [chat]) is None

    refs = [first.file.ref, first.file.ref, second.file.ref]
    assert await database.run(play) == (refs, True)


# files that are still at a messenger


async def test_a_file_is_expected_until_its_bytes_arrive(database: Database, changes: list[frozenset[str]]) -> None:
    told = File("AgACAgUAAx", "", -1, "Giấy của Đào")

    def expect(work: Work) -> tuple[str, File]:
        chat = citizen(work).id
        return chat, work.files.expect("telegram AgACAgUAAx", told, chat, "u7", NOW)

    chat, ours = await database.run(expect)
    assert ours.ref != told.ref
    assert (ours.media_type, ours.size, ours.name) == ("", -1, "Giấy của Đào")
    assert await database.run(lambda work: work.files.remote(ours.ref)) == "telegram AgACAgUAAx"
    found = await database.run(lambda work: work.files.get(ours.ref, [chat]))
    assert found is not None
    assert found[0] == ours
    sealed_bytes = sealed_with(found[1], PHOTO)
    changes.clear()
    assert await database.run(lambda work: work.files.arrived(ours.ref, "image/jpeg", len(PHOTO)))
    assert {f"file:{ours.ref}"} in changes
    assert await database.run(lambda work: work.files.remote(ours.ref)) == ""
    found = await database.run(lambda work: work.files.get(ours.ref, [chat]))
    assert found is not None
    assert found[0] == File(ours.ref, "image/jpeg", len(PHOTO), "Giấy của Đào")
    assert opened(found[1], sealed_bytes) == PHOTO


async def test_where_a_file_is_kept_is_sealed(database: Database) -> None:
    def look(work: Work) -> bytes:
        work.files.expect("telegram secret-id", File("secret-id", "", -1), citizen(work).id, "u7", NOW)
        return bytes(work.connection.exec_driver_sql("SELECT remote FROM files").scalar() or b"")

    assert b"secret-id" not in await database.run(look)


async def test_an_event_of_a_page_and_one_of_a_messenger_are_two(database: Database) -> None:
    def play(work: Work) -> int:
        chat = citizen(work).id
        work.files.add(Kept(PHOTO, "image/jpeg", "a"), chat, "u7", NOW)
        work.files.expect("telegram x", File("x", "", -1), chat, "u7", NOW)
        return len(work.connection.exec_driver_sql("SELECT id FROM files").all())

    assert await database.run(play) == 2


async def test_bytes_for_a_file_that_was_forgotten_have_no_place(database: Database) -> None:
    def play(work: Work) -> bool:
        ours = work.files.expect("telegram x", File("x", "", -1), citizen(work).id, "u7", NOW)
        work.files.forget([ours.ref])
        return work.files.arrived(ours.ref, "image/jpeg", 5)

    assert await database.run(play) is False


async def test_a_back_up_goes_out_of_a_store_and_into_an_empty_one(
    store: Store, request: pytest.FixtureRequest, sqlite_url: str, keys: Keys, tmp_path: Path
) -> None:
    bucket = "bucket" in request.node.name
    there = open_store(f"s3://papers/{tmp_path.name}" if bucket else str(tmp_path / "there"))
    full = open_store(f"s3://papers/{tmp_path.name}-full" if bucket else str(tmp_path / "full"))
    kept = Kept(PHOTO, "image/jpeg", "a")
    store.put(kept.file.ref, kept.sealed)
    full.put("somebody", b"else")
    database = connect(sqlite_url, lambda _: None)
    try:
        await database.run(lambda work: work.files.add(kept, citizen(work).id, "k1", NOW))
    finally:
        await database.close()

    def play() -> None:
        url, key_file = f"sqlite:///{tmp_path / 'there.sqlite3'}", tmp_path / "there.key"
        with (tmp_path / "all.motcua").open("w+b") as file:
            backup.save(sqlite_url, store, file, [1], NOW, lambda *_: None)
            with pytest.raises(backup.NotEmpty, match="files"):
                backup.restore(file, keys.ring, url, full, key_file, lambda *_: None)
            there.put(kept.file.ref, b"as a restore that was cut short left it")
            backup.restore(file, keys.ring, url, there, key_file, lambda *_: None)

    await asyncio.to_thread(play)
    assert opened(kept.wrapped, there.get(kept.file.ref)) == PHOTO
