"""What the tests of this folder share: victims that are quick to start, and how the play goes when nobody dies."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import sealed
from storage.sealed import Keys
from tests.conftest import MASTER
from tests.crash.play import Server, Victims
from tests.crash.scenario import play

Lives = Callable[[Iterator[int]], Server]


@pytest.fixture(scope="session")
def victims() -> Iterator[Victims]:
    made = Victims()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def same_keys() -> None:
    """The tests look into databases that the program writes."""
    sealed.use(Keys(MASTER))


@pytest.fixture
def lives(victims: Victims, sqlite_template: Path, tmp_path: Path) -> Iterator[Lives]:
    """Servers on fresh databases, each with so many points for each of its lives."""
    made: list[Server] = []

    def server(budgets: Iterator[int]) -> Server:
        folder = tmp_path / str(len(made))
        (folder / "data").mkdir(parents=True)
        shutil.copy(sqlite_template, folder / "data" / "motcua.sqlite3")
        (folder / "master.key").write_text(MASTER.hex(), encoding="ascii")
        made.append(Server(victims, folder, budgets))
        return made[-1]

    yield server
    for one in made:
        one.stop()


def sqlite(server: Server) -> str:
    return f"sqlite:///{server.folder / 'data' / 'motcua.sqlite3'}"


class Calm:
    """A play in which nobody dies."""

    def __init__(self, server: Server, url: str) -> None:
        self.outcome: dict[str, Any] = play(server, url)
        assert server.deaths == 0
        server.stop()
        self.points = int(server.log.with_suffix(".passed").read_text(encoding="ascii"))
