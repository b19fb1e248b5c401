"""Where a request comes from: what limits need, of which nothing is kept as it is, and whether from this machine."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from aiohttp import HttpVersion11, web

_FORWARDED: Final = "X-Forwarded-For"
_PROXIES: Final = (_FORWARDED, "Forwarded", "X-Real-IP", "CF-Connecting-IP", "Via")
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
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
    written = request.headers.getall(_FORWARDED, ())  # some proxies add a line of their own below the caller's
    seen = _address(written[-1].rpartition(",")[2].strip() if written else "")
    return "" if seen is None else _kept(seen)


def here(request: web.Request) -> bool:
    """Only from this machine itself, and by its own name: a page elsewhere may have its name lead here.

    A proxy on this machine that tells nothing of itself is known by its old HTTP, as nginx speaks it unless it is told
    otherwise; no browser does.
    """
    peer = _address(request.remote or "")
    try:
        named = urlsplit(f"//{request.host}").hostname in _HERE
    except ValueError:  # such as a bracket that is not closed
        named = False
    old = request.version < HttpVersion11
    return (
        peer is not None
        and peer.is_loopback
        and named
        and not old
        and not any(name in request.headers for name in _PROXIES)
    )


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
