"""A proxy on the way to Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def proxying() -> AsyncIterator[tuple[int, list[str]]]:
    """Its port, and where people wanted to go."""
    seen: list[str] = []
    server = await asyncio.start_server(lambda reader, writer: _proxy(reader, writer, seen), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], seen
    server.close()


async def _proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: list[str]) -> None:
    """CONNECT, or SOCKS 5 without a password."""
    first = await reader.readexactly(1)
    if first == b"\x05":
        await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x05\x00")
        *_, kind = await reader.readexactly(4)
        if kind == 1:
            host = ".".join(map(str, await reader.readexactly(4)))
        else:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        port = int.from_bytes(await reader.readexactly(2))
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
    else:
        head = first + await reader.readuntil(b"\r\n\r\n")
        host, _, tail = head.split()[1].decode().partition(":")
        port = int(tail)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    seen.append(f"{host}:{port}")
    onward_reader, onward_writer = await asyncio.open_connection(host, port)
    await asyncio.gather(_pour(reader, onward_writer), _pour(onward_reader, writer))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()
