"""Settings: what contradicts itself, and what a real office does not run with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot import gateways, telegram_settings, zalo
from bot.doctor.patient import Finding, Patient, bad, good, warn
from bot.settings import BadSetting, Settings
from handlers.web_payment import GATEWAYS


async def check(patient: Patient) -> list[Finding]:
    return list(_all(patient.settings))


def _all(settings: Settings) -> Iterator[Finding]:
    wrong = list(_wrong(settings))
    yield from wrong
    if settings.trial:
        yield warn(
            "Đang chạy thử: có cán bộ giả và in liên kết đăng nhập.", "Chạy thật thì đặt MOTCUA_TRIAL=0 trong .env"
        )
    if not settings.public_url:
        yield warn(
            "Chưa có địa chỉ ngoài: mã QR, thư và liên kết chỉ mở được trên máy này.",
            "motcua setup, bước «Địa chỉ công khai»; hoặc đặt MOTCUA_PUBLIC_URL=https://… trong .env",
        )
    elif not settings.public_url.startswith("https://"):
        yield bad("Địa chỉ ngoài không phải https.", "Xem mục «Behind a reverse proxy» trong docs/operating.md")
    if not wrong:
        yield good("Cấu hình đọc được, không mâu thuẫn.")


def _wrong(settings: Settings) -> Iterator[Finding]:
    checks: list[Callable[[Settings], object]] = [
        gateways.check,
        _payment,
        lambda given: given.zns_kinds,
    ]
    if settings.telegram_token or settings.telegram_staff_token:
        checks.append(telegram_settings.check)
    if settings.zalo_oa_id:
        checks.append(zalo.check)
    for one in checks:
        try:
            one(settings)
        except BadSetting as error:
            yield bad(f"Cấu hình chưa đúng: {error}", "Sửa trong .env rồi chạy lại chương trình")


def _payment(settings: Settings) -> None:
    if settings.payment_gateway and settings.payment_gateway not in GATEWAYS:
        raise BadSetting(f"MOTCUA_PAYMENT_GATEWAY: expected one of {', '.join(GATEWAYS)}")
    if bool(settings.payment_gateway) is not bool(settings.payment_secret):
        raise BadSetting("MOTCUA_PAYMENT_GATEWAY and MOTCUA_PAYMENT_SECRET: expected both, or neither")
