"""Set-up: each channel is really tried, and what went wrong is said in one sentence. No secret is ever repeated."""

from __future__ import annotations

import secrets
import socket
import ssl
from typing import Final

import httpx
import msgspec
from msgspec import Struct

from bot.app import App
from bot.settings import BadSetting, Settings
from conversations.messages import Message, Refused, TryLater, Uncertain, Undeliverable
from domain.values import phone
from handlers.email_page import SUBJECT
from handlers.web_setup import MARK
from handlers.web_setup_door import Told

_PATIENCE: Final = httpx.Timeout(15.0)
_NO_LINE: Final = "Không gọi được {where} từ máy này: mất mạng, hoặc mạng ở đây chặn. {more}"


class _Bot(Struct):
    username: str = ""
    first_name: str = ""
    can_join_groups: bool = True


class _Answer(Struct):
    ok: bool = False
    result: _Bot = msgspec.field(default_factory=_Bot)


def good(words: str) -> Told:
    return Told(good=True, words=words)


def bad(words: str) -> Told:
    return Told(good=False, words=words)


async def telegram(settings: Settings, token: str, whose: str, *, group: bool) -> Told:
    """`getMe`; `group`: this bot has to work in one."""
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE, proxy=settings.telegram_proxy or None) as client:
            answer = await client.get(f"{settings.telegram_api}/bot{token}/getMe")
    except (httpx.HTTPError, ValueError, ImportError):
        more = "Nếu mạng chặn Telegram thì điền đường vòng (proxy)."
        return bad(f"{whose}: {_NO_LINE.format(where='Telegram', more=more)}")
    try:
        told = msgspec.json.decode(answer.content, type=_Answer)
    except msgspec.DecodeError:
        return bad(f"{whose}: nơi trả lời không phải Telegram. Xem lại đường vòng (proxy).")
    if not told.ok:
        return bad(f"{whose}: Telegram không nhận mã này. Chép lại cả dòng mà BotFather đã gửi.")
    if group and not told.result.can_join_groups:
        return bad(
            f"{whose}: bot @{told.result.username} chưa được vào nhóm. Gõ /setjoingroups cho BotFather, chọn Enable."
        )
    return good(f"{whose}: được. Đó là @{told.result.username} ({told.result.first_name}).")


async def mail(settings: Settings, app: App, to: str) -> Told:
    """A mail to whoever sits here."""
    from bot.gateways import mail_sender  # noqa: PLC0415 - brings the mail library along

    try:
        sender = mail_sender(settings, app.load)
    except BadSetting as error:
        return bad(f"E-mail: {error}")
    words = "Thư thử từ Một Cửa. Bạn đọc được thư này nghĩa là e-mail đã gửi được."
    try:
        await sender.send(to, Message(words, facts={SUBJECT: "Thư thử từ Một Cửa"}))
    except TryLater:
        return bad(
            "E-mail: máy chủ thư không nhận đăng nhập này. Xem lại tên, mật khẩu (Gmail cần «mật khẩu ứng dụng»)."
        )
    except Undeliverable:
        return bad(f"E-mail: máy chủ thư nói không có hộp thư {to}. Xem lại địa chỉ nhận thử.")
    except Refused:
        return bad("E-mail: máy chủ thư không cho gửi dưới tên người gửi này. Dùng đúng địa chỉ của tài khoản.")
    except Exception as error:  # noqa: BLE001 - whatever it is, one sentence says it
        return bad(
            f"E-mail: không nối được với máy chủ thư ({_line(error)}). Xem lại tên máy chủ, cổng và cách mã hóa."
        )
    finally:
        await sender.close()
    return good(f"E-mail: đã gửi một thư thử đến {to}. Mở hộp thư xem đã đến chưa (xem cả mục thư rác).")


async def sms(settings: Settings, to: str) -> Told:
    """A short message to whoever sits here."""
    from bot.gateways import sms_gateway  # noqa: PLC0415 - as above
    from handlers.sms import ID, SmsSender  # noqa: PLC0415

    number = phone(to)
    if number is None:
        return bad("SMS: số nhận thử chưa đúng. Ghi như 0912 345 678.")
    try:
        sender = SmsSender(sms_gateway(settings))
    except BadSetting as error:
        return bad(f"SMS: {error}")
    try:
        words = "Tin thu tu Mot Cua. Ban doc duoc tin nay nghia la SMS da gui duoc."
        await sender.send(number, Message(words, facts={ID: secrets.token_hex(8)}))
    except TryLater:
        return bad("SMS: nhà cung cấp không nhận. Xem lại khóa, tiền trong tài khoản và danh sách địa chỉ được gọi.")
    except (Undeliverable, Refused):
        return bad("SMS: nhà cung cấp không gửi tin này. Xem lại tên thương hiệu đã đăng ký và số nhận thử.")
    except Uncertain:
        return bad("SMS: nhà cung cấp không trả lời. Có thể tin vẫn đến; đợi vài phút trước khi thử lại.")
    except httpx.HTTPError:
        return bad(f"SMS: {_NO_LINE.format(where='nhà cung cấp', more='Xem lại địa chỉ gọi.')}")
    finally:
        await sender.close()
    return good(f"SMS: đã gửi một tin thử đến {to}. Xem máy ấy có nhận không.")


async def outside(url: str, mark: str) -> Told:
    """Whether people who open this address reach this very installation."""
    again = f"Mở {url}{MARK} bằng điện thoại tắt Wi-Fi để thử từ ngoài."
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=False) as client:
            answer = await client.get(url + MARK)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return bad(
            f"Chưa đến được {url}: {_line(error)}. Một số bộ phát Wi-Fi không cho máy gọi chính mình qua mạng. {again}"
        )
    if answer.status_code == httpx.codes.OK and answer.text.strip() == mark:
        return good(f"Được: {url} dẫn đến đúng máy này.")
    if answer.text.startswith("motcua "):
        return bad(f"{url} dẫn đến một bản cài đặt khác. Xem lại đường hầm hoặc chuyển tiếp cổng.")
    if answer.is_redirect:
        return bad(f"{url} chuyển sang nơi khác. Ghi đúng địa chỉ cuối cùng, bắt đầu bằng https://")
    return bad(
        f"{url} có trả lời ({answer.status_code}) nhưng không phải chương trình này. Xem lại đường hầm hoặc cổng."
    )


def _line(error: Exception) -> str:
    """What is wrong with a line, as somebody who is no programmer would say it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, socket.gaierror) or "Name or service" in str(seen) or "getaddrinfo" in str(seen):
            return "không tìm thấy tên miền này"
        if isinstance(seen, ssl.SSLError) or "certificate" in str(seen).lower():
            return "chứng chỉ https chưa đúng"
        if isinstance(seen, (TimeoutError, httpx.TimeoutException)):
            return "đợi mãi không trả lời"
        if isinstance(seen, ConnectionRefusedError):
            return "cổng ấy không mở"
        seen = seen.__cause__ or seen.__context__
    return "không nối được"
