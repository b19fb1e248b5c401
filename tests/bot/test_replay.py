"""State, figures and slips made again from history alone are those that the tables hold: for lives as chance has them.

By default a few hundred on each database; with REPLAY=10000 in the environment as many on SQLite.
"""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, delete, func, select, update

from bot import figures, recount
from bot.published import Published
from bot.recount import Recounted
from bot.scene import present
from conversations.public_figures import key_of
from domain.dossier import Decision
from domain.figures import month_of
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.lives import Lives
from tests.bot.whole import START, Whole, running
from tests.conftest import MASTER

OFFICES = ("son-tien", "thuc-hanh")
MANY = int(os.environ.get("REPLAY", "0"))


async def lived(whole: Whole, count: int, seed: int = 1, pace: timedelta = timedelta(minutes=11)) -> Lives:
    """So many lives, to their ends."""
    for office in OFFICES:
        await whole.officer("Thu", "officer", office)
        await whole.officer("Hà", "head", office)
    lives = Lives(whole.world, random.Random(seed), pace, count)
    going = True
    while going:
        mark = lives.mark()
        going = await whole.run(lambda work: lives.play(work, 100, mark))  # noqa: B023 - it is played before the next
    return lives


async def recounted(whole: Whole, office: str) -> Recounted:
    made = Recounted([], {})

    def count(work: Work) -> None:
        made.facts, made.differences, made.dossiers = [], {}, 0
        for dossier in work.figures.ids(office, "", 1_000_000):
            recount.recount(work, dossier, made)
        recount.compare_figures(present(work, whole.world), office, made)

    await whole.run(count)
    return made


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated one of the kind that the test is parametrised with."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.mark.timeout(3600 if MANY else 120)
@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
async def test_history_alone_gives_the_same(url: str, tmp_path: Path, keys: Keys) -> None:
    count = (MANY or 200) if url.startswith("sqlite") else 100
    async with running(url, tmp_path) as whole:
        lives = await lived(whole, count)
        told = [await recounted(whole, office) for office in OFFICES]
        assert [one.differences for one in told] == [{}, {}]
        assert sum(one.dossiers for one in told) == count
        assert all(one.dossiers for one in told)
        # Chance has been everywhere that the rules lead, or nothing would have been shown.
        assert {kind.__name__ for kind in Decision.__args__} - set(lives.taken) == {"Submit"}
        papers = await whole.run(lambda work: work.connection.scalar(select(func.count()).select_from(t.slips)) or 0)
        assert papers > count / 2
        rated = await whole.run(lambda work: work.connection.scalar(select(func.count()).select_from(t.ratings)) or 0)
        assert rated > count / 10


TAMPERED: dict[str, dict[str, Any]] = {
    "status": {"status": "stopped"},
    "due_at": {"due_at": START - timedelta(days=1)},
    "done_at": {"done_at": START - timedelta(days=1)},
    "rounds": {"rounds": 7},
    "official_code": {"official_code": "H27.XX.YY-261123-9999"},
    "answered_late": {"answered_late": True, "answered_at": START},
    "owner": {"owner": None},
}


async def test_whatever_a_table_says_otherwise_is_found(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path) as whole:
        await lived(whole, 30)
        ids = [
            one.dossier for one in (await recounted(whole, "son-tien")).facts if one.done_at and not one.answered_late
        ]
        for dossier, (what, changes) in zip(ids, TAMPERED.items(), strict=False):
            if what == "owner":
                changes = {"owner": await whole.run(lambda work: _another(work, dossier))}  # noqa: B023, PLW2901
            await whole.run(lambda work: _change(work, dossier, changes))  # noqa: B023
            found = await recounted(whole, "son-tien")
            code = await whole.run(lambda work: work.dossiers.get(dossier).tracking_code)  # type: ignore[union-attr]  # noqa: B023
            assert what in {one.what for one in found.differences[code]}
        assert len(ids) >= len(TAMPERED)
        last = await recounted(whole, "son-tien")
        assert any("/" in about for about in last.differences), "figures differ too"


def _change(work: Work, dossier: str, changes: dict[str, Any]) -> None:
    _execute(work, update(t.dossiers).where(t.dossiers.c.id == dossier).values(**changes))


def _execute(work: Work, statement: Executable) -> None:
    work.connection.execute(statement)


def _another(work: Work, dossier: str) -> str | None:
    had = work.connection.scalar(select(t.dossiers.c.owner).where(t.dossiers.c.id == dossier))
    return next(officer.id for officer in work.officers.of_office("son-tien") if officer.id != had)


async def test_a_history_with_a_gap_is_no_history(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path) as whole:
        await lived(whole, 3)
        gone = t.history.c.number == 2
        await whole.run(lambda work: _execute(work, delete(t.history).where(gone)))
        found = await recounted(whole, "son-tien")
    assert {one.what for each in found.differences.values() for one in each} >= {"history"}


async def test_the_command_tells_by_its_exit_status(
    sqlite_url: str, tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(sqlite_url, tmp_path) as whole:
        await lived(whole, 20)
        settings = whole.app.settings
        settings.key_file.parent.mkdir(exist_ok=True)
        settings.key_file.write_bytes(MASTER.hex().encode())
        await whole.run(lambda work: work.installation.put("office-offset", str(_ahead(whole))))
    assert await recount.check(settings) == 0
    assert "0 chỗ khác nhau" in capsys.readouterr().out
    assert await recount.show(settings, "", "") == 0
    assert "Hồ sơ nhận" in capsys.readouterr().out
    assert await recount.show(settings, "11/2026", "thuc-hanh") == 1
    assert await recount.show(settings, "tháng này", "") == 1
    async with running(sqlite_url, tmp_path) as whole:
        await whole.run(lambda work: _execute(work, update(t.dossiers).values(rounds=9)))
    capsys.readouterr()
    assert await recount.check(settings) == 1
    assert "rounds: bảng ghi 9" in capsys.readouterr().out


def _ahead(whole: Whole) -> float:
    """How far the office's time is ahead of the machine's."""
    return (whole.world.clock - datetime.now(whole.world.clock.tzinfo)).total_seconds()


async def test_nothing_below_five_is_on_any_public_page(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path) as whole:
        await lived(whole, 150)
        now = month_of(whole.world.now())
        published = Published(whole.app.database, whole.world)
        pages = [await published.figures("son-tien", key_of(now.plus(-back))) for back in range(4)]
        made = [page for page in pages if page is not None]
        assert made
        assert any(page.lines[0].value.isdecimal() for page in made)
        for page in made:
            for line in (*page.lines, *page.now):
                if line.key not in ("median", "ninetieth", "mean"):
                    assert _fine(line.value), line
            for table in page.tables:
                counts = len(table.head) - 3 if table.key == "sectors" else len(table.head) - 1
                assert all(_fine(value) for row in table.rows for value in row[1 : counts + 1])
        assert await published.figures("thuc-hanh", "") is None
        assert await published.figures("son-tien", key_of(now.plus(1))) is None
        assert await whole.run(lambda work: figures.facts(present(work, whole.world), "thuc-hanh", now)) == []


def _fine(value: str) -> bool:
    """No count of one to four; what is shown as a share begins with its count."""
    count = value.split(" (", maxsplit=1)[0].replace(".", "")
    return not count.isdecimal() or int(count) == 0 or int(count) >= 5
