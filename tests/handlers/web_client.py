"""What the tests of the web door share: a client, and what they send with it."""

from __future__ import annotations

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

Client = TestClient[web.Request, web.Application]
OURS = {"X-Motcua": "1"}


async def error(response: ClientResponse) -> str:
    sentence = (await response.json())["error"]
    assert isinstance(sentence, str)
    return sentence


async def send(client: Client, body: object, **headers: str) -> ClientResponse:
    return await client.post("/api/send", json=body, headers=OURS | headers)
