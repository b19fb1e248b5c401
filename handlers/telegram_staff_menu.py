"""What Telegram shows of the staff's bot before anybody writes: its commands and what it is for."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

log = logging.getLogger(__name__)

PRIVATE: Final = {
    "homnay": "Việc đến hạn hôm nay",
    "lichhen": "Ai hẹn đến hôm nay",
    "tien": "Khoản tiền chưa rõ của hồ sơ nào",
    "cuatoi": "Hồ sơ bạn đang giữ",
    "quahan": "Hồ sơ quá hạn",
    "thongke": "Số liệu tháng này: /thongke 10/2026 cho tháng khác",
    "tiepnhan": "Nhận hồ sơ tại bàn hoặc qua bưu chính",
    "tim": "Tìm hồ sơ: /tim Hoa, /tim 0912…",
    "hoso": "Mở hồ sơ theo mã: /hoso K7P4…",
    "vang": "Báo vắng mặt",
    "comat": "Báo có mặt trở lại",
    "lienhe": "Zalo, số điện thoại, e-mail để được báo việc chờ",
    "web": "Mở trang làm việc trên máy tính",
    "phien": "Máy nào đang mở trang của bạn, đóng từng máy",
    "thoi": "Thôi việc đang làm dở",
    "so": "Sổ theo dõi hồ sơ: /so 11/2026 (lãnh đạo)",
    "dongcua": "Báo tạm đóng cửa (lãnh đạo)",
    "mocua": "Mở cửa lại sớm (lãnh đạo)",
    "moi": "Mời cán bộ dùng bot (lãnh đạo)",
    "nhom": "Lấy mã nối nhóm với đơn vị (lãnh đạo)",
    "roinhom": "Thôi nối nhóm với đơn vị (lãnh đạo)",
    "trogiup": "Hướng dẫn",
}
GROUP: Final = {
    "homnay": "Việc đến hạn hôm nay",
    "lichhen": "Ai hẹn đến hôm nay",
    "cuatoi": "Hồ sơ bạn đang giữ",
    "quahan": "Hồ sơ quá hạn",
    "thongke": "Số liệu tháng này, trả lời ở chat riêng",
    "tiepnhan": "Nhận hồ sơ tại bàn, hỏi ở chat riêng",
    "tien": "Khoản tiền chưa rõ, trả lời ở chat riêng",
    "tim": "Tìm hồ sơ, trả lời ở chat riêng",
    "dongcua": "Báo tạm đóng cửa (lãnh đạo)",
    "mocua": "Mở cửa lại sớm (lãnh đạo)",
    "nhom": "Nối nhóm này với đơn vị: /nhom MÃ",
    "roinhom": "Thôi nối nhóm này (lãnh đạo)",
    "trogiup": "Hướng dẫn",
}
KNOWN: Final = frozenset({*PRIVATE, *GROUP, "start", "help", "menu", "huy"})  # also without naming the bot, in a group
_SHORT: Final = "Bot nội bộ của cán bộ bộ phận một cửa. Người dân không dùng bot này."
_ABOUT: Final = (
    "Bot nội bộ của cán bộ bộ phận một cửa: nhận hồ sơ, xem giấy tờ, trả lời người dân.\n\n"
    "Muốn dùng, bạn cần đường dẫn riêng do lãnh đạo đơn vị gửi."
)


async def show(bot: Bot) -> None:
    """Set all of it; the bot works as well without, so that nothing here stops it."""
    calls = (
        bot.set_my_commands(list(map(BotCommand, *_columns(PRIVATE))), scope=BotCommandScopeAllPrivateChats()),
        bot.set_my_commands(list(map(BotCommand, *_columns(GROUP))), scope=BotCommandScopeAllGroupChats()),
        bot.set_my_short_description(_SHORT),
        bot.set_my_description(_ABOUT),
    )
    for outcome in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(outcome, TelegramError):
            log.warning("the bot's menu is not all set: %s", type(outcome).__name__)
        elif isinstance(outcome, BaseException):
            raise outcome


def _columns(commands: dict[str, str]) -> tuple[list[str], list[str]]:
    return list(commands), list(commands.values())
