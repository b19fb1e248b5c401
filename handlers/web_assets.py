"""The page's own files, read once, packed once, and served from memory."""

from __future__ import annotations

import gzip
from hashlib import sha256
from pathlib import Path
from typing import Final

from aiohttp import web
from msgspec import Struct

FOLDER: Final = Path(__file__).parent / "web_page"
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".png": "image/png",
}
KEPT: Final = (
    "offline.html",
    "chat.css",
    "favicon.svg",
    "offline.js",
)  # by the service worker, for a page without line


class Asset(Struct, frozen=True):
    data: bytes
    packed: bytes
    etag: str
    media_type: str

    def response(self, request: web.Request) -> web.Response:
        headers = {"ETag": self.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if self.etag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = self.media_type
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return web.Response(body=self.packed, headers=headers)
        return web.Response(body=self.data, headers=headers)


class Assets:
    def __init__(self, folder: Path = FOLDER) -> None:
        self._assets = {path.name: load(path) for path in sorted(folder.iterdir()) if path.suffix in TYPES}
        version = sha256(b"".join(self._assets[name].data for name in KEPT)).hexdigest()[:16]
        script = self._assets.pop("sw.js").data.replace(b"$version", version.encode())
        self._worker = asset(script, TYPES[".js"])

    def text(self, name: str) -> str:
        return self._assets[name].data.decode()

    async def citizens(self, request: web.Request) -> web.StreamResponse:
        return self._assets["index.html"].response(request)

    async def officers(self, request: web.Request) -> web.StreamResponse:
        return self._assets["staff.html"].response(request)

    async def worker(self, request: web.Request) -> web.StreamResponse:
        """The service worker: beside the pages, for it serves no more than what lies beneath its own address."""
        return self._worker.response(request)

    async def offline(self, request: web.Request) -> web.StreamResponse:
        return self._assets["offline.html"].response(request)

    async def part(self, request: web.Request) -> web.StreamResponse:
        asset = self._assets.get(request.match_info["name"])
        if asset is None or asset.media_type.startswith("text/html"):
            raise web.HTTPNotFound
        return asset.response(request)


def load(path: Path) -> Asset:
    return asset(path.read_bytes(), TYPES[path.suffix])


def asset(data: bytes, media_type: str) -> Asset:
    etag = f'"{sha256(data).hexdigest()[:16]}"'
    return Asset(data, gzip.compress(data, mtime=0), etag, media_type)
