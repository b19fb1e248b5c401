"""Files that people sent to the Official Account: fetched from where Zalo says, and from nowhere inside our own house.

An address in an event is signed by Zalo, but what stands there is only as good as that: https alone, no address of a
private network, also not behind a redirect or a name that is looked up twice, and never more bytes than are wanted.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from typing import Final

import httpx

from conversations.messages import Refused, TryLater, Uncertain, Undeliverable
from handlers.zalo_wire import Unsent

log = logging.getLogger(__name__)

LARGEST: Final = 25 * 1024 * 1024  # bytes
_SECONDS: Final = 120.0  # for one file
_REDIRECTS: Final = 3
_TIMES: Final = httpx.Timeout(30.0, connect=10.0)
_GONE: Final = (401, 403, 404, 410)
_MOVED: Final = (301, 302, 303, 307, 308)


class Media:
    """No token goes along, no cookie, nothing of the environment's proxies."""

    def __init__(self, largest: int = LARGEST, *, any_host: bool = False) -> None:
        self._largest = largest
        self._any_host = any_host
        self._client = httpx.AsyncClient(timeout=_TIMES, follow_redirects=False, trust_env=False)

    async def fetch(self, address: str) -> bytes:
        """Raises Undeliverable("gone") where there is nothing that may be fetched, Refused("too-large")."""
        url = address
        try:
            async with asyncio.timeout(_SECONDS):
                for _ in range(_REDIRECTS + 1):
                    found = await self._get(url)
                    if isinstance(found, bytes):
                        return found
                    url = found
        except TimeoutError:
            raise Uncertain("slow") from None
        raise Undeliverable("gone")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _get(self, address: str) -> bytes | str:
        """The bytes, or where they are said to be instead."""
        try:
            asked = await self._request(httpx.URL(address))
            response = await self._client.send(asked, stream=True)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
            raise Undeliverable("gone") from None
        except (httpx.HTTPError, OSError) as error:
            raise Unsent(type(error).__name__) from None
        try:
            if response.status_code in _MOVED:
                return str(httpx.URL(address).join(response.headers.get("location", "")))
            self._fits(response)
            data = bytearray()
            async for part in response.aiter_raw():
                data += part
                if len(data) > self._largest:
                    raise Refused("too-large")
            return bytes(data)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Uncertain(type(error).__name__) from None
        finally:
            await response.aclose()

    def _fits(self, response: httpx.Response) -> None:
        if response.status_code in _GONE:
            raise Undeliverable("gone")
        if response.status_code == 429:
            raise TryLater(30.0)
        if response.status_code != 200:
            raise Uncertain(f"{response.status_code}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Uncertain("packed, though not asked for")
        said = response.headers.get("content-length", "0")
        if said.isdecimal() and int(said) > self._largest:
            raise Refused("too-large")

    async def _request(self, url: httpx.URL) -> httpx.Request:
        """Asks the very address that was looked at, so that a name can't mean another one a moment later."""
        headers = {"Accept-Encoding": "identity"}
        if self._any_host:
            return self._client.build_request("GET", url, headers=headers)
        if url.scheme != "https" or not url.host or url.port not in (None, 443) or url.userinfo:
            raise Undeliverable("gone")
        here = await _public(url.host)
        headers["Host"] = url.netloc.decode("ascii")
        return self._client.build_request(
            "GET", url.copy_with(host=here), headers=headers, extensions={"sni_hostname": url.raw_host.decode("ascii")}
        )


async def addresses(host: str) -> list[str]:
    """What a name stands for now."""
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


async def _public(host: str) -> str:
    """An address of the host in the internet; Undeliverable where one of its addresses is elsewhere."""
    every = await addresses(host)
    if not every or not all(_is_public(one) for one in every):
        log.warning("a file's address leads into a private network; it is not fetched")
        raise Undeliverable("gone")
    return every[0]


def _is_public(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    inner = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return (inner or known).is_global and not (inner or known).is_multicast
