"""A push service and the browser behind it, on this computer: it refuses what the real ones refuse.

It checks the signature (RFC 8292), the headers (RFC 8030) and the sealing (RFC 8291), and opens what it is given with
the browser's own keys.
"""

from __future__ import annotations

import base64
import json
import os
import re
import time
from typing import Any

import http_ece
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from handlers.push_types import Subscription

_VAPID = re.compile(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)")
_DAY = 24 * 3600
_MOST = 4096  # bytes that a service has to take


def plain(words: bytes) -> str:
    return base64.urlsafe_b64encode(words).rstrip(b"=").decode()


def opened(words: str) -> bytes:
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


class FakePush:
    """One browser's subscription; `status` is what the service says next, `told` what the browser has read."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        self.known_by = ""  # the key that subscribed: no other may tell
        self.status = 201
        self.retry_after = ""
        self.told: list[dict[str, Any]] = []
        self.topics: list[str] = []
        self.calls = 0
        app = web.Application()
        app.router.add_post("/wpush/{which}", self._take)
        self.server = TestServer(app)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def subscription(self, which: str = "abc") -> Subscription:
        point = self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return Subscription(f"{self.origin}/wpush/{which}", plain(point), plain(self._auth))

    async def _take(self, request: web.Request) -> web.Response:
        self.calls += 1
        if not self.status and request.transport is not None:  # the line breaks
            request.transport.abort()
        if self.status not in (200, 201, 202):
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return web.Response(status=self.status, headers=headers)
        body = await request.read()
        if not self._signed(request.headers.get("Authorization", "")):
            return web.Response(status=403)
        if not request.headers.get("TTL", "").isdecimal() or request.headers.get("Content-Encoding") != "aes128gcm":
            return web.Response(status=400)
        topic = request.headers.get("Topic", "")
        if not re.fullmatch(r"[\w-]{0,32}", topic) or request.headers.get("Urgency", "normal") not in (
            "normal",
            "high",
        ):
            return web.Response(status=400)
        if len(body) > _MOST:
            return web.Response(status=413)
        said = http_ece.decrypt(body, private_key=self._private, auth_secret=self._auth, version="aes128gcm")
        self.topics.append(topic)
        self.told.append(json.loads(said))
        return web.Response(status=self.status)

    def _signed(self, header: str) -> bool:
        found = _VAPID.fullmatch(header)
        if found is None:
            return False
        head, claims, signature, key = found.groups()
        said, kind = json.loads(opened(claims)), json.loads(opened(head))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), opened(key))
        r, s = opened(signature)[:32], opened(signature)[32:]
        try:
            public.verify(
                encode_dss_signature(int.from_bytes(r), int.from_bytes(s)),
                f"{head}.{claims}".encode(),
                ec.ECDSA(hashes.SHA256()),
            )
        except InvalidSignature:
            return False
        fits = said["aud"] == self.origin and time.time() < said["exp"] <= time.time() + _DAY
        reachable = said["sub"].startswith(("mailto:", "https://"))
        return kind["alg"] == "ES256" and fits and reachable and self.known_by in ("", key)
