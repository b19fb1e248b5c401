"""HTTP of the fake Bot API: parameters and files out of a request, answers as Telegram words them."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import aiohttp
import msgspec
from aiohttp import web

from tests.telegram.fake_model import Json, Refused, bad

JSON = "application/json"
PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center>nginx</body>\r\n</html>\r\n"


class Upload(NamedTuple):
    """One file of a request."""

    name: str
    media_type: str
    data: bytes


async def read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters, as text unless they came as JSON, and files."""
    params: Json = dict(request.query) if request.query_string else {}
    parts: dict[str, Upload] = {}
    match request.content_type if request.can_read_body else "":
        case "application/json":
            try:
                given = msgspec.json.decode(await request.read())
            except msgspec.DecodeError:
                raise bad("can't parse the body as JSON", blame=True) from None
            if not isinstance(given, dict):
                raise bad("the body is no object", blame=True)
            params |= given
        case "application/x-www-form-urlencoded":
            body = await request.read()
            params |= dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
        case "multipart/form-data":
            given, parts = await parts_of(await request.multipart())
            params |= given
        case _:
            pass
    return params, parts


async def parts_of(
    reader: aiohttp.MultipartReader | aiohttp.multipart.MultipartResponseWrapper,
) -> tuple[Json, dict[str, Upload]]:
    """What a multipart body holds."""
    params: Json = {}
    parts: dict[str, Upload] = {}
    async for part in reader:
        if not isinstance(part, aiohttp.BodyPartReader):
            raise bad("multipart inside multipart", blame=True)
        data = bytes(await part.read())
        name = part.name or ""
        if part.filename is None:
            params[name] = data.decode()
        else:
            parts[name] = Upload(part.filename, part.headers.get("Content-Type", "application/octet-stream"), data)
    return params, parts


def ok(result: Any) -> web.Response:
    return web.Response(body=b'{"ok":true,"result":%b}' % msgspec.json.encode(result), content_type=JSON)


def ok_raw(items: list[bytes]) -> web.Response:
    """A list of what is JSON already."""
    return web.Response(body=b'{"ok":true,"result":[%b]}' % b",".join(items), content_type=JSON)


def error(refused: Refused) -> web.Response:
    body: Json = {"ok": False, "error_code": refused.status, "description": refused.description}
    headers = {}
    if refused.parameters:
        body["parameters"] = refused.parameters
        if "retry_after" in refused.parameters:
            headers["Retry-After"] = str(refused.parameters["retry_after"])
    return web.Response(body=msgspec.json.encode(body), status=refused.status, content_type=JSON, headers=headers)


def page(status: int, words: str) -> web.Response:
    """What a proxy in between answers."""
    return web.Response(text=PAGE.format(f"{status} {words}"), status=status, content_type="text/html")


def cut(request: web.Request) -> web.Response:
    """The connection is gone; what is returned reaches nobody."""
    if request.transport:
        request.transport.abort()
    return web.Response()
