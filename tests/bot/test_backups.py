"""Back-ups of a running program: a restored machine serves the same dossiers, and the proof of it comes back."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import backup_command, backups, recovery
from bot.app import opened
from bot.settings import Settings
from domain.values import VIETNAM
from storage import backup as saved
from storage import key_ring, paper_key, sealed
from storage import tables as t
from storage.files import open_store
from storage.key_ring import ring_of
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import Whole, running
from tests.conftest import MASTER, Postgres, asyncpg_url

PROCEDURE = "xac-nhan-tinh-trang-hon-nhan"
ROOT = Path(__file__).parents[2]
NIGHT = datetime(2026, 11, 24, 1, 5, tzinfo=VIETNAM)


def quiet(*_: object) -> None:
    """No progress is told."""


@pytest.fixture
def target(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """An empty database of the other kind."""
    if not database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'motcua.sqlite3'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"elsewhere_{abs(hash(tmp_path)):x}"
    postgres.psql(f"CREATE DATABASE {name}")
    yield asyncpg_url(postgres, name)
    postgres.psql(f"DROP DATABASE {name} WITH (FORCE)")


async def made(whole: Whole, path: Path) -> Path:
    app = whole.app
    await backups.make(app.database, app.store, app.settings, path, quiet)
    return path


async def test_a_restored_machine_serves_the_same_dossiers(
    database_url: str, target: str, tmp_path: Path, keys: Keys
) -> None:
    async with running(database_url, tmp_path / "here") as whole:
        citizen, thu = await greeted(whole), await whole.officer("Thu")
        record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
        await thu.press(f"d:claim:{record.id}")
        await thu.press_label("Tiếp nhận")
        (before,) = await records(whole)
        documents = await whole.run(lambda work: work.drafts.documents(record.id))
        photos = [await whole.app.load(one.ref) for one in documents]
        assert photos
        file = await made(whole, tmp_path / "usb" / "today.motcua")
        await citizen.news()
        words = [shown.message.text for shown in citizen.shown.values()]
    there = tmp_path / "elsewhere"
    sealed.use(Keys(b"y" * 32))  # the other machine knows nothing
    with file.open("rb") as opened_file:
        given = (opened_file, ring_of(MASTER), target, open_store(str(there / "files")), there / "keys" / "master.key")
        await asyncio.to_thread(saved.restore, *given, quiet)
    sealed.use(Keys(key_ring.read(there / "keys" / "master.key")))
    async with running(target, there) as again:
        assert await records(again) == [before]
        for one, photo in zip(documents, photos, strict=True):
            assert await again.app.load(one.ref) == photo
        citizen = await again.citizen()
        await citizen.news()
        assert [shown.message.text for shown in citizen.shown.values()] == words
        await citizen.says(before.tracking_code)
        assert "tiếp nhận" in citizen.last.message.text.lower()
        thu = await again.officer("Thu")
        await thu.news()
        await thu.press(f"d:papers:{record.id}")
        assert any(shown.message.files for shown in thu.shown.values())
        await thu.press_label("Có kết quả")
        await hand_in(await greeted(again, "nguoi moi"), again.world.catalogue.procedures[PROCEDURE])
        assert len(await records(again)) == 2


async def test_one_a_day_is_kept_for_some_days(database_url: str, tmp_path: Path, keys: Keys) -> None:
    folder = tmp_path / "usb"
    async with running(database_url, tmp_path / "here", backup=str(folder), backup_keep=3) as whole:
        app, settings = whole.app, whole.world.settings

        async def at(moment: datetime) -> bool:
            await whole.run(lambda work: _last_was(work, moment - timedelta(days=1)))
            return await backups.daily(app.database, app.store, settings, moment)

        assert not await backups.daily(app.database, app.store, settings, NIGHT.replace(hour=0))
        folder.mkdir()
        (folder / ".motcua-20260101-000000.motcua.part").write_bytes(b"of one that was killed")
        (folder / "holiday.jpg").write_bytes(b"somebody's own")
        assert await backups.daily(app.database, app.store, settings, NIGHT)
        for day in range(1, 5):
            assert await at(NIGHT + timedelta(days=day))
        names = sorted(path.name for path in folder.iterdir())
        days = ["motcua-20261126-010500.motcua", "motcua-20261127-010500.motcua", "motcua-20261128-010500.motcua"]
        assert names == ["holiday.jpg", *days]
        await whole.run(lambda work: _last_was(work, NIGHT))
        assert not await backups.daily(app.database, app.store, settings, NIGHT.replace(hour=9))  # once a day
        facts = await whole.run(lambda work: recovery.facts(work, settings))
        assert (facts.backup_at, facts.backup_trouble) == (NIGHT, "")


def _last_was(work: Work, moment: datetime) -> None:
    work.installation.put(recovery.BACKUP, moment.isoformat())


async def test_what_fails_is_told_and_leaves_nothing_half(
    sqlite_url: str, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="bot.backups")
    folder = tmp_path / "usb"
    async with running(sqlite_url, tmp_path / "here", backup=str(folder)) as whole:
        app, settings = whole.app, whole.world.settings

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        async def stop(_: float) -> None:
            raise asyncio.CancelledError

        with monkeypatch.context() as patched:
            patched.setattr(saved, "save", full)
            with pytest.raises(OSError, match="No space"):
                await made(whole, folder / "x.motcua")
            assert list(folder.iterdir()) == []
            patched.setattr("bot.backups.asyncio.sleep", stop)
            patched.setattr(backups, "_HOUR", 0)
            with pytest.raises(asyncio.CancelledError):
                await backups.keep_making(app.database, app.store, settings)
        facts = await whole.run(lambda work: recovery.facts(work, settings))
        assert (facts.backup_at, facts.backup_trouble) == (None, "hết chỗ trên ổ sao lưu")
        await made(whole, folder / "x.motcua")
        with pytest.raises(backups.InTheWay):
            await made(whole, folder / "x.motcua")
        await whole.run(lambda work: work.leases.take("backup", "elsewhere/pid:[1] 1 x.1", 60))
        with pytest.raises(backups.Busy):
            await made(whole, folder / "y.motcua")


async def test_bytes_that_are_lost_are_told_and_those_deleted_meanwhile_are_not(
    sqlite_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with running(sqlite_url, tmp_path / "here") as whole:
        app = whole.app
        await hand_in(await greeted(whole), whole.world.catalogue.procedures[PROCEDURE])
        refs = await whole.run(lambda work: list(work.connection.scalars(select(t.files.c.id))))
        app.store.delete(refs[0])
        contents = await backups.make(app.database, app.store, app.settings, tmp_path / "a.motcua", quiet)
        assert contents.gone == [refs[0]]
        facts = await whole.run(lambda work: recovery.facts(work, app.settings))
        assert facts.backup_trouble == "1 tệp mất hoặc hỏng trong kho tệp"
        assert facts.backup_at is not None
        await whole.run(lambda work: work.files.forget([refs[0]]))
        contents = await backups.make(app.database, app.store, app.settings, tmp_path / "b.motcua", quiet)
        assert contents.gone == contents.spoilt == []


# the commands


def settings_in(folder: Path) -> Settings:
    return Settings(data=folder / "data", key_file=folder / "keys" / "master.key")


def typed(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))


async def test_the_proof_comes_back_from_another_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the paper on, in the operator's own commands."""
    here, there = settings_in(tmp_path / "here"), settings_in(tmp_path / "there")
    assert await backup_command.backup(here, [str(tmp_path / "usb")]) == 0
    (file,) = (tmp_path / "usb").iterdir()
    paper = " ".join(paper_key.groups(1, sealed.keys().ring.master(1)))
    assert await backup_command.backup(here, [str(file)], check=True) == 0
    assert "Nguyên vẹn" in capsys.readouterr().out
    typed(monkeypatch, paper)
    assert await backup_command.restore(there, file, None) == 0
    said = capsys.readouterr().out
    code = said.strip().rpartition(" ")[2]
    assert await backup_command.restore(there, file, None) == 1  # not over what is there now
    assert "không ghi đè" in capsys.readouterr().out
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    assert await backup_command.backup(here, ["proven", wrong]) == 1
    assert await _proven(here) is None
    assert await backup_command.backup(here, ["proven", code.lower()]) == 0
    assert await _proven(here) is not None


async def _proven(settings: Settings) -> datetime | None:
    async with opened(settings) as app:
        return (await app.database.run(lambda work: recovery.facts(work, settings))).proven_at


async def test_a_rehearsal_counts_on_another_disk_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = settings_in(tmp_path / "here")
    assert await backup_command.backup(here, [str(tmp_path / "a.motcua")]) == 0
    paper = " ".join(paper_key.groups(1, sealed.keys().ring.master(1)))
    typed(monkeypatch, paper)
    assert await backup_command.restore(here, tmp_path / "a.motcua", tmp_path / "same") == 0
    assert "cùng ổ" in capsys.readouterr().out
    assert await _proven(here) is None
    monkeypatch.setattr(backup_command, "_same_disk", lambda *_: False)
    typed(monkeypatch, paper)
    assert await backup_command.restore(here, tmp_path / "a.motcua", tmp_path / "other") == 0
    assert await _proven(here) is not None
    assert list((tmp_path / "other").iterdir()) == []  # nothing stays there
    typed(monkeypatch, " ".join(paper_key.groups(1, b"x" * 32)))
    assert await backup_command.restore(here, tmp_path / "a.motcua", tmp_path / "other") == 1
    assert "Khóa không mở được" in capsys.readouterr().out


async def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = settings_in(tmp_path / "here")
    file = tmp_path / "a.motcua"
    assert await backup_command.backup(here, [str(file)]) == 0
    whole = file.read_bytes()
    at = len(whole) // 2
    flipped = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    cases = {"cụt": whole[:-1], "đã bị sửa": flipped, "không phải": b"PK", "mới hơn": whole[:14] + b"\x02" + whole[15:]}
    for words, data in cases.items():
        file.write_bytes(data)
        capsys.readouterr()
        assert await backup_command.backup(here, [str(file)], check=True) == 1
        assert words in capsys.readouterr().out
        assert await backup_command.restore(settings_in(tmp_path / "there"), file, None) == 1
    assert await backup_command.backup(here, [str(tmp_path / "none")], check=True) == 1
    assert not (tmp_path / "there").exists()


def test_a_back_up_that_is_killed_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "data" / "files").mkdir(parents=True)
    environment = {**os.environ, "MOTCUA_DATA": str(tmp_path / "data"), "MOTCUA_KEY_FILE": str(tmp_path / "key")}
    command = [sys.executable, "-m", "bot", "backup", str(tmp_path / "a.motcua")]

    def run() -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True)

    assert run().returncode == 0
    (tmp_path / "a.motcua").unlink()
    _fill(tmp_path)
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    partial = tmp_path / ".a.motcua.part"
    while process.poll() is None and not (partial.exists() and partial.stat().st_size > 1_000_000):
        time.sleep(0.002)
    process.kill()
    process.wait()
    assert not (tmp_path / "a.motcua").exists()
    assert run().returncode == 0  # the lease of the dead is nobody's
    with (tmp_path / "a.motcua").open("rb") as file:
        assert saved.check(file, key_ring.read(tmp_path / "key"), quiet)[1].files == 60


def _fill(folder: Path) -> None:
    """Sixty files of a megabyte, as the program would have kept them."""
    keys = Keys(key_ring.read(folder / "key"))
    sealed.use(keys)
    store = open_store(str(folder / "data" / "files"))
    with sqlite3.connect(folder / "data" / "motcua.sqlite3") as database:
        for n in range(60):
            ref, key = f"{n:032x}", os.urandom(32)
            store.put(ref, sealed.Seal(key).close(bytes(1_000_000)))
            row = (
                ref,
                keys.files.close(key),
                "image/jpeg",
                1_000_000,
                keys.columns.close(b"x"),
                ref,
                "2026-11-23 01:00",
            )
            names = "id, key, media_type, size, name, source, created_at"
            database.execute(f"INSERT INTO files ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
    database.close()
