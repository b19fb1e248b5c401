"""A crash between any two statements loses nothing and doubles nothing, as long as people ask again until answered.

CRASH_POINTS=all tries every point; the default tries some, spread evenly and at random (a failure shows the seed).
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from storage import sealed
from storage.sealed import Keys, master_key
from tests.conftest import MASTER, Postgres, asyncpg_url
from tests.crash.conftest import Calm, Lives, sqlite
from tests.crash.play import Page, Server, Victims
from tests.crash.scenario import play, settle, shown

ALL = os.environ.get("CRASH_POINTS") == "all"
SEED = int(os.environ.get("CRASH_POINTS_SEED") or random.randrange(10**6))
START = 80  # points at least that a life needs to start and to get a step further
LONG = pytest.mark.timeout(0 if ALL else 300)


def points(last: int, evenly: int, at_random: int) -> list[int]:
    """Points to die at."""
    if ALL:
        return list(range(1, last + 1))
    dice = random.Random(SEED)
    print(f"CRASH_POINTS_SEED={SEED} dies at the same points again")  # noqa: T201 - shown when the test fails
    even = [1 + (last - 1) * number // (evenly - 1) for number in range(evenly)]
    return sorted({*even, *(dice.randint(1, last) for _ in range(at_random))})


@LONG
def test_one_crash_at_any_point(lives: Lives) -> None:
    quiet = lives(iter(()))
    calm = Calm(quiet, sqlite(quiet))
    for point in points(calm.points, 25, 10):
        server = lives(iter((point,)))
        outcome = play(server, sqlite(server))
        assert outcome == calm.outcome, f"died at point {point} of {calm.points}"
        server.stop()


def test_crash_after_crash(lives: Lives) -> None:
    quiet = lives(iter(()))
    calm = Calm(quiet, sqlite(quiet))
    dice = random.Random(SEED)
    server = lives(dice.randint(START, 3 * START) for _ in count())
    outcome = play(server, sqlite(server))
    assert outcome == calm.outcome, f"CRASH_POINTS_SEED={SEED} dies at the same points again"
    assert server.deaths > 5


@LONG
def test_crash_in_the_very_first_start(victims: Victims, tmp_path: Path) -> None:
    """Neither half a database nor half a key is left behind."""

    def first_words(server: Server) -> list[object]:
        page = Page(server, "/api/")
        page.hello()
        page.say("menu")
        settle(server, sqlite(server))
        sealed.use(Keys(master_key(server.folder / "master.key")[0]))
        words = shown(page)
        server.stop()
        return words

    def new(name: str, budgets: Iterator[int]) -> Server:
        (tmp_path / name).mkdir()
        return Server(victims, tmp_path / name, budgets)

    quiet = new("calm", iter(()))
    calm = first_words(quiet)
    for point in points(int(quiet.log.with_suffix(".passed").read_text(encoding="ascii")), 8, 2):
        assert first_words(new(str(point), iter((point,)))) == calm, f"died at point {point}"


@LONG
def test_one_crash_at_any_point_on_postgresql(victims: Victims, postgres: Postgres, tmp_path: Path) -> None:
    def server(name: str, budgets: Iterator[int]) -> tuple[Server, str]:
        postgres.psql(f"CREATE DATABASE crash_{name} TEMPLATE template")
        url = asyncpg_url(postgres, f"crash_{name}")
        folder = tmp_path / name
        folder.mkdir()
        (folder / "master.key").write_text(MASTER.hex(), encoding="ascii")
        return Server(victims, folder, budgets, {"MOTCUA_DATABASE": url}), url

    def drop(name: str) -> None:
        postgres.psql(f"DROP DATABASE crash_{name} WITH (FORCE)")
        shutil.rmtree(tmp_path / name)

    quiet, url = server("calm", iter(()))
    calm = Calm(quiet, url)
    for point in points(calm.points, 6, 3):
        hurt, url = server(str(point), iter((point,)))
        assert play(hurt, url) == calm.outcome, f"died at point {point} of {calm.points}"
        hurt.stop()
        drop(str(point))
    drop("calm")
