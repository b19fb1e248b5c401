"""Facts about this installation itself: its office clock's offset, and the catalogue versions it has loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.work import Work


class Installation:
    """Settings that belong to the data, and stored catalogue versions."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def get(self, key: str) -> str | None:
        """The value kept under a key."""
        return self._c.scalar(select(t.installation.c.value).where(t.installation.c.key == key))

    def beginning_with(self, prefix: str) -> Mapping[str, str]:
        """All values whose keys begin so, by key."""
        k = t.installation.c
        rows = self._c.execute(select(k.key, k.value).where(k.key.startswith(prefix, autoescape=True)))
        return {str(key): str(value) for key, value in rows}

    def put(self, key: str, value: str) -> None:
        """Keep a value."""
        changed = self._c.execute(update(t.installation).where(t.installation.c.key == key).values(value=value))
        if not changed.rowcount:
            self._c.execute(insert(t.installation).values(key=key, value=value))

    def keep_versions(self, versions: Mapping[str, tuple[str, bytes]], at: datetime) -> None:
        """Store procedure versions, hash -> (procedure's id, canonical JSON), that are not stored yet."""
        known = set(self._c.scalars(select(t.catalogue_versions.c.hash)))
        new = [
            {"hash": key, "procedure": procedure, "body": body, "loaded_at": at}
            for key, (procedure, body) in versions.items()
            if key not in known
        ]
        if new:
            self._c.execute(insert(t.catalogue_versions), new)

    def version(self, key: str) -> bytes | None:
        """The canonical JSON of one procedure version."""
        return self._c.scalar(select(t.catalogue_versions.c.body).where(t.catalogue_versions.c.hash == key))
