"""E-mail and SMS: whether the mail server takes us, and whether the gateway is there. Nothing is sent."""

from __future__ import annotations

import httpx

from bot import gateways
from bot.doctor.patient import Finding, Patient, bad, good, kind
from bot.doctor.times import told_time
from bot.settings import BadSetting
from conversations.messages import TryLater


async def check(patient: Patient) -> list[Finding]:
    return [await _mail(patient), await _sms(patient)]


async def _mail(patient: Patient) -> Finding:
    settings = patient.settings
    if not settings.smtp_url:
        return good("E-mail: không dùng.")
    try:
        sender = gateways.mail_sender(settings, _nothing)
    except BadSetting:
        return bad("E-mail: cấu hình chưa đúng.", "Xem mục cấu hình ở trên")
    try:
        await sender.hello()
    except TryLater:
        return bad(f"E-mail: {sender.place} không nhận đăng nhập.", "Kiểm tra tên và mật khẩu trong MOTCUA_SMTP_URL")
    except Exception as error:  # noqa: BLE001 - whatever the line or the library fails with
        return bad(f"E-mail: không tới được {sender.place} ({kind(error)}).", "Kiểm tra MOTCUA_SMTP_URL và tường lửa")
    return good(f"E-mail: {sender.place} nhận chương trình này.")


async def _sms(patient: Patient) -> Finding:
    """An empty look at its address: any answer will do, for whether it takes our key only a message would show."""
    settings = patient.settings
    if not settings.sms_gateway:
        return good("SMS: không dùng.")
    try:
        address = gateways.sms_gateway(settings).call("+84900000000", "", "doctor").url
    except BadSetting:
        return bad("SMS: cấu hình chưa đúng.", "Xem mục cấu hình ở trên")
    try:
        answer = await patient.line.head(address)
    except httpx.HTTPError as error:
        return bad(
            f"SMS: không tới được cổng {settings.sms_gateway} ({kind(error)}).", "Kiểm tra mạng và MOTCUA_SMS_URL"
        )
    told_time(patient, f"cổng {settings.sms_gateway}", answer)
    return good(f"SMS: tới được cổng {settings.sms_gateway}.")


async def _nothing(_ref: str) -> bytes:
    raise AssertionError
