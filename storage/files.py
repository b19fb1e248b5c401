"""Files: sealed bytes under random ids, in a folder or an S3 bucket; each with a key of its own."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import delete, insert, select, update

from conversations.messages import File
from storage import tables as t
from storage import upsert
from storage.away import Away
from storage.durable import keep_names
from storage.sealed import Seal, keys, new_file_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from obstore.store import RetryConfig

    from storage.work import Work


_PATIENCE: Final = {"AWS_CONNECT_TIMEOUT": "5s", "AWS_TIMEOUT": "60s"}  # unless the environment says otherwise
_AGAIN: Final[RetryConfig] = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}


class Store(Protocol):
    """Bytes by name; durable when `put` returns."""

    def put(self, name: str, data: bytes) -> None: ...
    def get(self, name: str) -> bytes: ...
    def delete(self, name: str) -> None: ...

    def older(self, than: float) -> Iterator[Sequence[str]]:
        """Names of what was put before an epoch moment, some at a time; also of what a crash left half written."""
        ...


class Folder:
    """A folder of this machine; two letters of the name make a sub-folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, data: bytes) -> None:
        path = self._path(name)
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_names(self._root)
        partial = path.with_suffix(".part")
        try:
            with partial.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError:  # on a full disk each try would leave a bit more of nothing
            partial.unlink(missing_ok=True)
            raise
        keep_names(path.parent)

    def get(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def older(self, than: float) -> Iterator[Sequence[str]]:
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if folder.is_dir():
                yield [path.name for path in folder.iterdir() if _put_before(path, than)]

    def _path(self, name: str) -> Path:
        return self._root / name[:2] / name


def _put_before(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:  # deleted, or renamed, since the folder was read
        return False


class Bucket:
    """An S3 bucket, by URL such as s3://name/prefix; obstore reads the usual AWS_… variables.

    Raises Away where it can't be asked or does not answer, after obstore's own tries, within some minutes at most.
    """

    def __init__(self, url: str) -> None:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - only where S3 is used
        from obstore.store import from_url  # noqa: PLC0415

        self._away = BaseError
        for name, value in _PATIENCE.items():  # given as options they would take the place of all others there
            os.environ.setdefault(name, value)
        self._store = from_url(url, retry_config=_AGAIN)

    def put(self, name: str, data: bytes) -> None:
        with self._asked():
            self._store.put(name, data)

    def get(self, name: str) -> bytes:
        with self._asked():
            return bytes(self._store.get(name).bytes())

    def delete(self, name: str) -> None:
        with self._asked():
            self._store.delete(name)

    def older(self, than: float) -> Iterator[Sequence[str]]:
        with self._asked():
            for found in self._store.list():
                yield [one["path"] for one in found if one["last_modified"].timestamp() < than]

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except self._away as error:  # its words hold the whole address
            raise Away(type(error).__name__) from None


def open_store(where: str) -> Store:
    """A folder's path, or an s3:// URL."""
    return Bucket(where) if "://" in where else Folder(Path(where))


class Kept:
    """A file that has been sealed but has no row yet."""

    def __init__(self, data: bytes, media_type: str, name: str) -> None:
        key = new_file_key()
        self.file = File(secrets.token_hex(16), media_type, len(data), name)
        self.sealed = Seal(key).close(data)
        self.wrapped = keys().files.close(key)


def sealed_with(wrapped: bytes, data: bytes) -> bytes:
    """Bytes as the store holds them, sealed with the key that a file's row has already."""
    return Seal(keys().files.open(wrapped)).close(data)


def opened(wrapped: bytes, sealed: bytes) -> bytes:
    """The plain bytes of a file."""
    return Seal(keys().files.open(wrapped)).open(sealed)


class FileRows:
    """What is known of each file, and which chats may see it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def add(self, kept: Kept, chat: str, event: str, at: datetime, original: str | None = None) -> File:
        """A file that was put into the store, and which the chat that sent it may see; `original` if it is a copy.

        Gives the file that the same event brought before, if it did: then what was put now is not needed.
        """
        file = kept.file
        source = keys().look_up(f"{chat}:{event}")
        new = self._c.scalar(
            upsert.insert(self._c, t.files)
            .values(
                id=file.ref,
                key=kept.wrapped,
                media_type=file.media_type,
                size=file.size,
                name=file.name.encode(),
                source=source,
                created_at=at,
                original=original,
            )
            .on_conflict_do_nothing(index_elements=["source"])
            .returning(t.files.c.id)
        )
        if new is None:
            known = self._c.execute(select(t.files).where(t.files.c.source == source)).one()
            return File(known.id, known.media_type, known.size, known.name.decode())
        self.grant(chat, [file.ref])
        return file

    def brought(self, chat: str, events: Iterable[str]) -> Sequence[str]:
        """The files that these events brought, as `add` was told of them."""
        sources = [keys().look_up(f"{chat}:{event}") for event in events]
        return self._c.scalars(select(t.files.c.id).where(t.files.c.source.in_(sources))).all()

    def expect(self, remote: str, file: File, chat: str, event: str, at: datetime) -> File:
        """A file whose bytes are still at the messenger; gives it under an id of ours.

        `remote` is "<channel> <the messenger's id of it>"; type and size are what the messenger says.
        """
        ours = File(secrets.token_hex(16), file.media_type, file.size, file.name)
        source = keys().look_up(f"{chat}:{remote.partition(' ')[0]}:{event}")  # a page's own event id is never it
        self._c.execute(
            insert(t.files).values(
                id=ours.ref,
                key=keys().files.close(new_file_key()),
                media_type=ours.media_type,
                size=ours.size,
                name=ours.name.encode(),
                source=source,
                remote=remote.encode(),
                created_at=at,
            )
        )
        self.grant(chat, [ours.ref])
        return ours

    def remote(self, ref: str) -> str:
        """Where the bytes still are, as `expect` was told; empty when they are here, or the file is not known."""
        found = self._c.scalar(select(t.files.c.remote).where(t.files.c.id == ref))
        return found.decode() if found else ""

    def arrived(self, ref: str, media_type: str, size: int) -> bool:
        """Its bytes are in the store now, sealed with the key that `get` gives; False when it was forgotten.

        Type and size are those of the bytes: what a messenger says of them may be wrong.
        """
        known = update(t.files).where(t.files.c.id == ref).values(remote=None, media_type=media_type, size=size)
        self._work.touch(f"file:{ref}")
        return bool(self._c.execute(known).rowcount)

    def grant(self, chat: str, refs: Sequence[str]) -> None:
        """Let a chat see these files."""
        rows = [{"file": ref, "chat": chat} for ref in refs]
        if rows:
            self._c.execute(upsert.insert(self._c, t.grants).on_conflict_do_nothing(), rows)

    def get(self, ref: str, chats: Iterable[str] | None = None) -> tuple[File, bytes] | None:
        """A file and its wrapped key; with `chats`, only when one of them may see it."""
        query = select(t.files).where(t.files.c.id == ref)
        if chats is not None:
            seen = t.grants.c.chat.in_(list(chats)) & (t.grants.c.file == t.files.c.id)
            query = query.where(select(t.grants.c.file).where(seen).exists())
        row = self._c.execute(query).first()
        return None if row is None else (File(row.id, row.media_type, row.size, row.name.decode()), row.key)

    def known(self, refs: Collection[str]) -> set[str]:
        """Those of these that have a row."""
        return set(self._c.scalars(select(t.files.c.id).where(t.files.c.id.in_(refs))))

    def forget(self, refs: Sequence[str]) -> None:
        """Drop the rows, and with them the keys: what the store still holds can't be read any more."""
        if refs:
            self._c.execute(delete(t.files).where(t.files.c.id.in_(refs)))
        for ref in refs:
            self._work.touch(f"file:{ref}")  # whoever waits for its bytes waits in vain
