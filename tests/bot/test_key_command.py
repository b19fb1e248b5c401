"""The sealing key is changed in the operator's own commands, under a running program, and through a kill."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot import key_command, recovery, rotation
from bot.app import App, opened
from bot.settings import Settings
from storage import key_ring, paper_key, sealed
from storage import rotation as again
from storage import tables as t
from storage.rotation import WrongKey
from storage.sealed import Keys
from storage.work import Work

ROOT = Path(__file__).parents[2]
RESEAL = """
import asyncio, sys
from pathlib import Path
from bot import rotation
from bot.app import opened
from bot.settings import Settings

async def main(folder):
    settings = Settings(data=folder / "data", key_file=folder / "keys" / "master.key")
    async with opened(settings) as app:
        print("begun", flush=True)
        await rotation.keep_sealing(app.database)

asyncio.run(main(Path(sys.argv[1])))
"""


def settings_in(folder: Path, *, trial: bool = True) -> Settings:
    return Settings(data=folder / "data", key_file=folder / "keys" / "master.key", trial=trial)


def fill(work: Work) -> None:
    values = [{"owner": "d", "key": f"q{n:05}", "value": f"Đào {n}".encode()} for n in range(5000)]
    work.connection.execute(insert(t.answers), values)


def long_ago(work: Work) -> None:
    """As if the key had been changed an hour ago."""
    at = again.progress(work)
    assert at is not None
    at.since -= 3600
    again._put(work, at)  # noqa: SLF001 - time can't be waited for


async def finished(app: App) -> None:
    """Until all is sealed again; by this process, or by another that holds the lease."""
    for _ in range(3000):
        await app.database.run(rotation._some)  # noqa: SLF001 - without its pauses
        at = await app.database.run(again.progress)
        if at is not None and at.ended:
            return
        await asyncio.sleep(0.01)
    pytest.fail("it does not end")


async def test_the_key_is_changed_and_the_former_one_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_in(tmp_path, trial=False)

    async def key(what: str, typed: str = "", **more: bool) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = await key_command.key(settings, what, tmp_path / "sheet.pdf", **more)
        return status, capsys.readouterr().out

    async with opened(settings) as app:
        await app.database.run(fill)
        hashed = sealed.keys().look_up("0912345678")
    assert (await key("status"))[0] == 0
    assert "Không có khóa cũ" in (await key("retire"))[1]
    assert (await key("rotate", prepare=True))[0] == 0
    assert "Khóa số 2: chưa dùng" in (await key("status"))[1]
    assert "Không có khóa cũ" in (await key("retire"))[1]  # and what was prepared stays
    assert (await key("rotate"))[0] == 0
    assert key_ring.read(settings.key_file).numbers == (2, 1)
    assert "answers 5000" in (await key("status"))[1]
    assert (await key("retire"))[0] == 1
    async with opened(settings) as app:
        await app.database.run(long_ago)
        await finished(app)
        groups = paper_key.groups(2, sealed.keys().ring.master(2))
        first, second = recovery.asked()
    status, said = await key("retire")
    assert status == 1
    assert "trên giấy" in said
    assert (await key("print"))[0] == 0
    assert (tmp_path / "sheet.pdf").read_bytes()[:4] == b"%PDF"
    assert (await key("print"))[0] == 1  # nothing is overwritten
    assert (await key("confirm", f"{groups[first - 1]}\n00000\n"))[0] == 1
    assert (await key("confirm", f"{groups[first - 1]}\n{groups[second - 1]}\n"))[0] == 0
    assert "Đã niêm phong lại tất cả" in (await key("status"))[1]
    old = key_ring.read(settings.key_file).master(1)
    assert (await key("retire"))[0] == 0
    assert key_ring.read(settings.key_file).numbers == (2,)
    async with opened(settings) as app:
        assert sealed.keys().look_up("0912345678") == hashed
        assert len(await app.database.run(lambda work: work.connection.execute(t.answers.select()).all())) == 5000
    raw = (tmp_path / "data" / "motcua.sqlite3").read_bytes()
    assert b"\x01" in raw
    key_ring.write(settings.key_file, key_ring.ring_of(old))
    with pytest.raises(WrongKey, match="khóa số 2"):
        async with opened(settings):
            pass


async def test_what_turns_up_sealed_by_the_former_key_is_sealed_again_before_it_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_in(tmp_path)
    async with opened(settings) as app:
        late = sealed.keys()
    await key_command.key(settings, "rotate", None)
    async with opened(settings) as app:
        await app.database.run(long_ago)
        await finished(app)
        sealed.use(late)  # a process that slept all the while
        await app.database.run(fill)
    assert await key_command.key(settings, "retire", None) == 1
    assert "answers 5000" in capsys.readouterr().out
    async with opened(settings) as app:
        await app.database.run(long_ago)
        await finished(app)
    assert await key_command.key(settings, "retire", None) == 0


async def test_a_running_program_follows(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="bot.rotation")
    settings = settings_in(tmp_path)
    async with opened(settings) as app:
        mine = sealed.keys()
        ring = key_ring.read(settings.key_file).with_new()
        key_ring.write(settings.key_file, ring)
        await app.database.run(lambda work: again.activate(work, ring, 2, settings.key_file))
        assert sealed.keys() is mine
        await app.database.run(app.heed_others)
        assert sealed.keys().active == 2
        key_ring.write(settings.key_file, ring.with_new())
        third = key_ring.read(settings.key_file)
        await app.database.run(lambda work: again.activate(work, third, 3, settings.key_file))
        key_ring.write(settings.key_file, ring)  # this machine was forgotten
        await app.database.run(app.heed_others)
        assert sealed.keys().active == 2  # it goes on, and says so


async def test_a_process_that_is_killed_while_it_seals_loses_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with opened(settings) as app:
        await app.database.run(fill)
    assert await key_command.key(settings, "rotate", None) == 0
    command = [sys.executable, "-c", RESEAL, str(tmp_path)]
    killed = 0
    for _ in range(2):
        process = await asyncio.to_thread(
            lambda: subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=os.environ.copy())
        )
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == b"begun\n"
        await asyncio.to_thread(time.sleep, 0.05)
        process.kill()
        await asyncio.to_thread(process.communicate)
        killed += 1
    assert killed == 2
    async with opened(settings) as app:
        await app.database.run(long_ago)
        await finished(app)
        assert await app.database.run(again.left) == {}
        sealed.use(Keys(key_ring.read(settings.key_file).without(1), lasting=sealed.keys().lasting))
        rows = await app.database.run(lambda work: work.connection.execute(t.answers.select()).all())
        assert {row.value.decode() for row in rows} == {f"Đào {n}" for n in range(5000)}
