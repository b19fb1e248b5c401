"""Telegram: both tokens, and where Telegram sends its updates."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from bot.doctor.patient import Finding, Patient, bad, good, kind, warn
from bot.doctor.times import told_time
from bot.settings import Settings
from bot.telegram import CITIZENS_NAME, PATHS, STAFF_NAME

_NAMES: Final = {CITIZENS_NAME: "Bot người dân", STAFF_NAME: "Bot cán bộ"}
_FRESH: Final = 3600.0  # seconds for which Telegram's last error is worth telling
_MANY: Final = 20  # updates that wait


async def check(patient: Patient) -> list[Finding]:
    settings = patient.settings
    tokens = {CITIZENS_NAME: settings.telegram_token, STAFF_NAME: settings.telegram_staff_token}
    if not any(tokens.values()):
        return [good("Telegram: không dùng.")]
    found: list[Finding] = []
    async with httpx.AsyncClient(proxy=settings.telegram_proxy or None, timeout=10.0) as line:
        for name, token in tokens.items():
            if token:
                found += await _bot(patient, line, name, f"{settings.telegram_api.rstrip('/')}/bot{token}/")
    return found


async def _bot(patient: Patient, line: httpx.AsyncClient, name: str, base: str) -> list[Finding]:
    who = _NAMES[name]
    try:
        answer = await line.get(f"{base}getMe")
        told_time(patient, "Telegram", answer)
        about = _result(answer)
        hook = _result(await line.get(f"{base}getWebhookInfo")) if about else None
    except (httpx.HTTPError, ValueError) as error:
        doing = "Kiểm tra mạng; nơi chặn Telegram thì đặt MOTCUA_TELEGRAM_PROXY hoặc MOTCUA_TELEGRAM_API"
        return [bad(f"{who}: không tới được Telegram ({kind(error)}).", doing)]
    if about is None:
        if answer.status_code in (401, 404):
            return [bad(f"{who}: mã bot bị từ chối.", "Chép lại mã từ BotFather vào .env rồi chạy lại chương trình")]
        return [warn(f"{who}: Telegram trả lời {answer.status_code}.", "Thử lại sau ít phút: motcua doctor")]
    return [good(f"{who}: @{about.get('username', '?')}"), *_hook(patient.settings, name, hook or {})]


def _hook(settings: Settings, name: str, hook: Mapping[str, Any]) -> Iterator[Finding]:
    who, url = _NAMES[name], str(hook.get("url") or "")
    wanted = settings.address + PATHS[name] if settings.telegram_webhook else ""
    if url != wanted:
        if wanted:
            yield bad(
                f"{who}: Telegram chưa gọi về địa chỉ của chương trình này.",
                "Chạy chương trình (motcua run); xem nhật ký",
            )
        else:
            yield warn(
                f"{who}: Telegram đang gọi về một địa chỉ khác; chương trình sẽ bỏ địa chỉ đó khi chạy.",
                "Nếu một máy khác đang dùng bot này thì tắt máy đó, hoặc đặt MOTCUA_TELEGRAM_WEBHOOK=1",
            )
    waits = int(hook.get("pending_update_count") or 0)
    if waits > _MANY:
        yield warn(f"{who}: {waits} tin đang chờ ở Telegram.", "Xem chương trình có đang chạy không, và nhật ký")
    if wanted and time.time() - float(hook.get("last_error_date") or 0.0) < _FRESH:
        why = str(hook.get("last_error_message") or "")[:100]
        yield warn(
            f"{who}: trong giờ qua Telegram gọi về không được ({why}).", "Kiểm tra proxy, chứng chỉ và tường lửa"
        )


def _result(answer: httpx.Response) -> Mapping[str, Any] | None:
    """What the Bot API gives; None where it says no. Raises ValueError where that is no Bot API."""
    body = answer.json()
    if not isinstance(body, dict) or "ok" not in body:
        raise ValueError
    found = body.get("result")
    return found if body["ok"] and isinstance(found, dict) else None
