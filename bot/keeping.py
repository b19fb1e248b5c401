"""Files on their way into the store and out of it: sealed and opened beside the event loop, for they may be large."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Final

from conversations.messages import File
from storage.files import Kept, Store, opened, sealed_with
from storage.unit_of_work import Database
from storage.work import Work

# Sealing keeps the interpreter for itself, 25 ms for 20 MB: of several at once the event loop would wait for all.
_one: Final = threading.Lock()


async def keep(
    database: Database, store: Store, data: bytes, media_type: str, name: str, add: Callable[[Work, Kept], File]
) -> File:
    """Durable when it returns. Where `add` finds the file of an earlier try, what was put now is not needed."""
    kept = await put(store, data, media_type, name)
    file = await database.run(lambda work: add(work, kept))
    if file.ref != kept.file.ref:
        await asyncio.to_thread(store.delete, kept.file.ref)
    return file


async def put(store: Store, data: bytes, media_type: str, name: str) -> Kept:
    """In the store, but without a row yet."""

    def sealed() -> Kept:
        with _one:
            kept = Kept(data, media_type, name)
        store.put(kept.file.ref, kept.sealed)
        return kept

    return await asyncio.to_thread(sealed)


async def fill(store: Store, ref: str, wrapped: bytes, data: bytes) -> None:
    """The bytes of a file that has a row already."""

    def sealed() -> None:
        with _one:
            whole = sealed_with(wrapped, data)
        store.put(ref, whole)

    await asyncio.to_thread(sealed)


async def get(store: Store, ref: str, wrapped: bytes) -> bytes:
    """The plain bytes."""

    def plain() -> bytes:
        sealed = store.get(ref)
        with _one:
            return opened(wrapped, sealed)

    return await asyncio.to_thread(plain)
