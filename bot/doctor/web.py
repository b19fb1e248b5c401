"""The page: who has its port, whether people reach it from outside, and how long the certificate is good."""

from __future__ import annotations

import asyncio
import socket
import ssl
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import httpx

from bot.doctor.patient import Finding, Patient, bad, good, kind, warn
from bot.doctor.times import told_time
from bot.health import ALIVE, READY

_SOON: Final = 14  # days
_ANSWER: Final = "song"
_PROXY: Final = "Kiểm tra proxy hoặc đường hầm, tên miền và cổng (docs/operating.md, «Behind a reverse proxy»)"


async def check(patient: Patient) -> list[Finding]:
    found = [await _port(patient)]
    if patient.settings.public_url:
        found += await _outside(patient, running=found[0].mark == "good" and "đang chạy" in found[0].words)
    return found


async def _port(patient: Patient) -> Finding:
    settings = patient.settings
    here = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104 - compared
    try:
        answer = await patient.line.get(f"http://{here}:{settings.port}{ALIVE}")
    except httpx.HTTPError:
        if await asyncio.to_thread(_free, here, settings.port):
            return good(f"Cổng {settings.port} còn trống (chương trình chưa chạy trên máy này).")
        return bad(f"Cổng {settings.port} có chương trình khác giữ.", "Tắt chương trình đó, hoặc đặt MOTCUA_PORT khác")
    if answer.text.strip() != _ANSWER:
        return bad(f"Cổng {settings.port} có chương trình khác giữ.", "Tắt chương trình đó, hoặc đặt MOTCUA_PORT khác")
    ready = await patient.line.get(f"http://{here}:{settings.port}{READY}")
    if ready.status_code == 200:
        return good(f"Chương trình đang chạy ở cổng {settings.port} và sẵn sàng.")
    return warn(f"Chương trình đang chạy ở cổng {settings.port} nhưng chưa sẵn sàng.", "Chờ một phút rồi xem nhật ký")


def _free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


async def _outside(patient: Patient, *, running: bool) -> list[Finding]:
    """From here to the public address and back; behind some home routers only others can reach it."""
    url = patient.settings.public_url.rstrip("/")
    try:
        answer = await patient.line.get(url + ALIVE)
    except httpx.HTTPError as error:
        return [bad(f"Từ máy này không tới được {url} ({kind(error)}).", _PROXY)]
    told_time(patient, urlsplit(url).hostname or url, answer)
    if answer.text.strip() != _ANSWER:
        words = f"{url} trả lời {answer.status_code}, không phải chương trình này."
        return [bad(words, _PROXY) if running else warn(words, "Chạy chương trình rồi xem lại: motcua doctor")]
    found = [good(f"{url} dẫn tới chương trình này.")]
    if url.startswith("https://"):
        found.append(await asyncio.to_thread(_certificate, url))
    return found


def _certificate(url: str) -> Finding:
    """How many days are left; that it is valid the call before has shown."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), timeout=8) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as line,
        ):
            shown = line.getpeercert()
    except OSError as error:
        return bad(f"Không đọc được chứng chỉ của {host} ({kind(error)}).", _PROXY)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str((shown or {})["notAfter"])), UTC)
    left = (ends - datetime.now(UTC)).days
    words = f"Chứng chỉ của {host} còn {left} ngày."
    return warn(words, "Gia hạn chứng chỉ; xem vì sao không tự gia hạn") if left < _SOON else good(words)
