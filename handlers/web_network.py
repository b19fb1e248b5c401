"""Where a request comes from: only what limits need, and nothing of it is kept as it is."""

from __future__ import annotations

import ipaddress
from typing import Final

from aiohttp import web

_FORWARDED: Final = "X-Forwarded-For"
_HOME: Final = 64  # bits of an IPv6 address that one home or telephone has to itself; it changes the rest as it likes


def network(request: web.Request) -> str:
    """The address that a request comes from, of IPv6 the part that stays; empty where that cannot be told.

    A reverse proxy stands on this machine or in its own network, and the last address in its header is the one that it
    saw: those before it are what the caller wrote there. From elsewhere the header means nothing.
    """
    peer = _address(request.remote or "")
    if peer is None:
        return ""
    if not (peer.is_loopback or peer.is_private):
        return _kept(peer)
    seen = _address(request.headers.get(_FORWARDED, "").rpartition(",")[2].strip())
    return "" if seen is None else _kept(seen)


def _address(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _kept(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), _HOME), strict=False).network_address)
