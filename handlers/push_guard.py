"""Where we let a browser's word lead us: an address that a stranger gives is called by this server.

So it may only be a public server's, by https, on the usual port; what its name leads to is looked at when the line is
opened, since a name may lead elsewhere by then.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

LONGEST: Final = 1000  # characters


class NotPublic(OSError):
    """It leads to nothing that we may call."""


def checked(endpoint: str) -> str:
    """Its origin, such as https://fcm.googleapis.com; raises NotPublic. Every push service there is fits in here."""
    try:
        parts = urlsplit(endpoint)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise NotPublic from None
    plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint and len(endpoint) <= LONGEST
    named = "." in host.strip(".") and not _is_number(host) and not host.endswith((".local", ".internal", ".localhost"))
    bare = parts.username is None and parts.password is None and not parts.fragment
    if not (plain and parts.scheme == "https" and port in (None, 443) and named and bare):
        raise NotPublic
    return f"https://{host}"


def _is_number(host: str) -> bool:
    """In any of the ways in which addresses are written: the last part of a name is never a number."""
    return ":" in host or host.rstrip(".").rpartition(".")[2].isdecimal() or host.rpartition(".")[2].startswith("0x")


class PublicOnly(AbstractResolver):
    """Names lead to public addresses, or to none."""

    def __init__(self, resolver: AbstractResolver | None = None) -> None:
        self._resolver = resolver or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """All of them have to be public: a name that mixes is up to something."""
        found = await self._resolver.resolve(host, port, family)
        if not found or not all(ipaddress.ip_address(one["host"].partition("%")[0]).is_global for one in found):
            raise NotPublic
        return found

    async def close(self) -> None:
        """Nothing is kept open by us."""
        await self._resolver.close()
