"""The body of a call by another program: whole, and no larger than such a call ever is."""

from __future__ import annotations

from aiohttp import web


async def whole(request: web.Request, limit: int) -> bytes | None:
    """None when it has more than `limit` bytes. The server's own limit is for our pages, and smaller."""
    if (request.content_length or 0) > limit:
        return None
    body = bytearray()
    async for part in request.content.iter_any():
        body += part
        if len(body) > limit:
            return None
    return bytes(body)
