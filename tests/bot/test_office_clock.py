"""`motcua clock`: shown, moved where an installation is only tried out, and followed by a server that runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import office_clock
from bot.app import App, opened
from bot.scene import present
from bot.settings import Settings
from domain.values import VIETNAM, moment_words
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, keys: Keys) -> Settings:
    return Settings(data=tmp_path, database=sqlite_url, key_file=tmp_path / "keys" / "master.key")


def put(work: Work, offset: timedelta) -> None:
    work.installation.put("office-offset", str(offset.total_seconds()))


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=1)


async def offset(settings: Settings) -> timedelta:
    async with opened(settings) as app:
        return app.world.offset


async def test_it_is_shown(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert await office_clock.clock(settings, "") == 0
    assert capsys.readouterr().out.startswith("Giờ của nơi này: ")


@pytest.mark.parametrize(
    ("to", "passed", "words"),
    [
        ("+3d", timedelta(days=3), "lệch 3 ngày so với"),
        ("+2h", timedelta(hours=2), "lệch 2 giờ so với"),
        ("+90m", timedelta(minutes=90), "lệch 1 giờ 30 phút so với"),
    ],
)
async def test_it_goes_on_by_what_is_said(
    settings: Settings, to: str, passed: timedelta, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await office_clock.clock(settings, to) == 0
    told = capsys.readouterr().out
    assert words in told
    assert moment_words(datetime.now(VIETNAM) + passed).split(", ")[1] in told
    assert await offset(settings) == passed
    assert await office_clock.clock(settings, to) == 0
    assert await offset(settings) == 2 * passed


async def test_it_goes_on_to_a_moment_and_back_only_to_the_real_time(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    there = (datetime.now(VIETNAM) + timedelta(days=9)).replace(second=0, microsecond=0)
    assert await office_clock.clock(settings, f"{there:%Y-%m-%dT%H:%M}") == 0
    async with opened(settings) as app:
        assert near(app.world.now(), there)
    assert await office_clock.clock(settings, f"{there - timedelta(days=1):%Y-%m-%dT%H:%M}") == 1
    assert "Đồng hồ chỉ đi tới" in capsys.readouterr().out
    assert await office_clock.clock(settings, "reset") == 0
    assert "Đã về giờ thật" in capsys.readouterr().out
    assert await offset(settings) == timedelta()


async def test_after_going_back_the_next_list_is_tomorrows(settings: Settings) -> None:
    async with opened(settings) as app:
        far = app.world.now() + timedelta(days=90)
        await app.database.run(lambda work: work.jobs.add_new("digest", "son-tien", due_at=far))
    assert await office_clock.clock(settings, "reset") == 0

    def planned(work: Work) -> datetime:
        at: datetime = work.connection.scalars(select(t.jobs.c.due_at).where(t.jobs.c.key == "digest:son-tien")).one()
        return at

    async with opened(settings) as app:
        at = (await app.database.run(planned)).astimezone(VIETNAM)
        scene_now = await app.database.run(lambda work: present(work, app.world).now)
        assert scene_now < at < scene_now + timedelta(days=12)  # Tết is the longest rest


async def test_what_it_does_not_understand_it_says(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    for to in ("3d", "-3d", "+99999d"):
        assert await office_clock.clock(settings, to) == 1
        assert f"Chưa hiểu «{to}»" in capsys.readouterr().out
    assert await offset(settings) == timedelta()


@pytest.mark.parametrize("to", ["+3d", "reset"])
async def test_a_real_installation_refuses(settings: Settings, to: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await office_clock.clock(replace(settings, trial=False), to) == 1
    assert "MOTCUA_TRIAL=0" in capsys.readouterr().out
    assert not list(settings.data.glob("keys/*"))  # nothing was even opened


@pytest.mark.parametrize(("trial", "followed"), [(True, timedelta(days=3)), (False, timedelta())])
async def test_a_server_that_runs_follows_at_its_next_look_for_work(
    settings: Settings, *, trial: bool, followed: timedelta
) -> None:
    async with opened(replace(settings, trial=trial)) as app:
        await _work(app)
        await app.database.run(lambda work: put(work, timedelta(days=3)))
        await _work(app)
        assert app.world.offset == followed


async def test_what_was_moved_in_a_trial_does_not_hold_in_the_real_installation(settings: Settings) -> None:
    assert await office_clock.clock(settings, "+3d") == 0
    assert await offset(replace(settings, trial=False)) == timedelta()


async def _work(app: App) -> None:
    while await app.worker.once():
        pass
