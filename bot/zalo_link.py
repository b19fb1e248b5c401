"""`motcua zalo`: how an administrator lets this program into the Official Account, and what there is to see of it."""

from __future__ import annotations

import asyncio
import secrets
import sys
from datetime import UTC, datetime
from getpass import getpass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bot import zalo_alarm
from bot.app import App, opened
from bot.commands import say
from bot.settings import Settings
from bot.zalo import check
from bot.zalo_refresh import REFUSED
from bot.zalo_tokens import Tokens
from conversations.messages import Refused, TryLater, Uncertain
from domain.values import VIETNAM, moment_words
from handlers.zalo_client import Client as Account
from handlers.zalo_errors import Fault
from handlers.zalo_oauth import Client, exchanged, permission_url, verifier
from handlers.zalo_webhook import PATH
from handlers.zalo_wire import Unsent
from storage.work import Work
from storage.zalo import Held

_PAGE: Final = "docs/zalo.md"


async def zalo(settings: Settings, what: str) -> int:
    """One of the things below; the exit status."""
    if not settings.zalo_oa_id:
        say(f"Chưa đặt MOTCUA_ZALO_OA_ID. Xem {_PAGE}.")
        return 1
    check(settings)
    async with opened(settings) as app:
        tokens = Tokens(app.database, settings)
        try:
            match what:
                case "link":
                    return await _link(app, tokens)
                case "token":
                    return await _token(app, tokens)
                case "again":
                    return await _again(app, tokens)
                case _:
                    return await _status(app, tokens)
        finally:
            await tokens.close()


async def _link(app: App, tokens: Tokens) -> int:
    """By Zalo's own page of consent. Its code is in the address that the browser is sent to afterwards."""
    settings = app.settings
    client = Client(settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oauth_base)
    secret, state = verifier(), secrets.token_urlsafe(12)
    back = settings.address + PATH
    say("1. Mở liên kết sau trong trình duyệt, bằng tài khoản quản trị của Official Account, rồi bấm Cho phép:")
    say(permission_url(client, back, secret, state))
    say(f"   (Ở trang ứng dụng của Zalo, Callback Url phải là {back})")
    given = await _asked("2. Sau đó trình duyệt mở một trang khác. Chép cả địa chỉ của trang ấy vào đây: ")
    found = parse_qs(urlsplit(given).query)
    code, oa = found.get("code", [""])[0], found.get("oa_id", [""])[0]
    if not code or found.get("state", [state])[0] != state:
        say("Địa chỉ này không phải của lần cho phép vừa rồi. Chạy lại lệnh và chép cả địa chỉ, từ https đến hết.")
        return 1
    if oa and oa != tokens.oa:
        say(f"Đó là Official Account {oa}, còn MOTCUA_ZALO_OA_ID là {tokens.oa}. Chưa đổi gì.")
        return 1
    try:
        pair = await exchanged(client, code, secret)
    except (Refused, Uncertain, Unsent) as error:
        say(f"Zalo không đổi mã lấy khóa ({error}). Mã chỉ dùng một lần, trong 10 phút: chạy lại lệnh.")
        return 1
    await app.database.run(lambda work: work.zalo.seed(tokens.oa, pair.refresh, pair.access, pair.seconds))
    return await _status(app, tokens)


async def _token(app: App, tokens: Tokens) -> int:
    """By a refresh token out of the console's API Explorer. It is typed, for what stands in a command line is seen."""
    given = await _asked("Dán refresh token (không hiện ra màn hình): ", hidden=True)
    if not given:
        say("Chưa có gì được dán. Chưa đổi gì.")
        return 1

    def bring(work: Work) -> Held | None:
        known = work.zalo.get(tokens.oa)
        work.zalo.seed(tokens.oa, given)
        return known

    before = await app.database.run(bring)
    status = await _tried(app, tokens)
    if status and before is not None and await app.database.run(lambda work: _taken_back(work, before)):
        say("Khóa vừa dán không dùng được: chương trình dùng tiếp khóa trước.")
    return status


def _taken_back(work: Work, before: Held) -> bool:
    """What Zalo took for no token gives way to the pair that it stood in for, if that one was not shown yet."""
    held = work.zalo.get(before.oa)
    if before.shown or before.trouble or held is None or not held.trouble.startswith(REFUSED):
        return False
    work.zalo.seed(before.oa, before.refresh, before.access, before.expires - work.machine_now())
    return True


async def _again(app: App, tokens: Tokens) -> int:
    """The refresh token that is here, once more: a person says so, for whom Zalo was only away or the app was off."""
    if await app.database.run(lambda work: work.zalo.again(tokens.oa)) is None:
        say("Chưa có khóa nào. Chạy: motcua zalo link")
        return 1
    return await _tried(app, tokens)


async def _tried(app: App, tokens: Tokens) -> int:
    """It is used at once: whoever brought it wants to know whether it works."""
    try:
        await tokens.access()
    except TryLater:
        say("Chưa được:")
        await _status(app, tokens)
        return 1
    return await _status(app, tokens)


async def _status(app: App, tokens: Tokens) -> int:
    """What is known here, and what Zalo tells of the account."""
    held = await app.database.run(lambda work: work.zalo.get(tokens.oa))
    if held is None:
        say("Chương trình chưa được cấp quyền. Chạy: motcua zalo link")
        return 1
    say(f"Khóa truy cập dùng được đến {_moment(held.expires)}; đã đổi {held.turn} lần.")
    choices = await tokens.choices()
    say(f"Gửi tin qua {choices.send_api}; nút bấm: {'có' if choices.buttons == 'on' else 'không, dùng số'}.")
    if held.trouble:
        say(zalo_alarm.words(held.trouble))
    account = Account(tokens, app.settings.zalo_openapi_base, app.settings.zalo_app_secret)
    try:
        told = await account.account()
    except (Fault, TryLater, Uncertain, Unsent) as error:
        why = "" if isinstance(error, TryLater) else f" ({error})"  # how soon it is tried again helps nobody here
        say(f"Zalo không cho biết gì về Official Account{why}.")
        return 1
    finally:
        await account.close()
    kinds = {"2": "doanh nghiệp", "4": "cơ quan nhà nước"}
    kind = str(told.get("oa_type", ""))
    verified = "đã xác thực" if told.get("is_verified") else "chưa xác thực"
    say(f"Official Account: {told.get('name', '')}, loại {kinds.get(kind, kind) or 'không rõ'}, {verified}.")
    return 1 if held.trouble else 0


async def _asked(question: str, *, hidden: bool = False) -> str:
    """A line of whoever sits there, or of a pipe."""

    def ask() -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline()
        return getpass(question) if hidden else input(question)

    return (await asyncio.to_thread(ask)).strip()


def _moment(at: float) -> str:
    return moment_words(datetime.fromtimestamp(at, UTC).astimezone(VIETNAM))
