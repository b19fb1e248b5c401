"""What is wrong with the settings for Telegram, in words for whoever wrote them. What is secret is never repeated."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from bot.settings import BadSetting, Settings

_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SERVERS: Final = ("http", "https")
_PROXIES: Final = ("http", "socks5", "socks5h", "socks4", "socks4a")


def check(settings: Settings) -> None:
    """BadSetting where something is no such thing, or where the settings can't work together."""
    for name, token in (
        ("MOTCUA_TELEGRAM_TOKEN", settings.telegram_token),
        ("MOTCUA_TELEGRAM_STAFF_TOKEN", settings.telegram_staff_token),
    ):
        if token and not _TOKEN.fullmatch(token):
            raise BadSetting(f"{name}: expected what BotFather gave: digits, a colon and 35 characters")
    first = settings.telegram_token.partition(":")[0]
    if first and first == settings.telegram_staff_token.partition(":")[0]:
        raise BadSetting("MOTCUA_TELEGRAM_STAFF_TOKEN: expected another bot's token than MOTCUA_TELEGRAM_TOKEN")
    api = _address(settings.telegram_api)
    if api is None or api.scheme not in _SERVERS or api.query or api.fragment:
        raise BadSetting("MOTCUA_TELEGRAM_API: expected an address such as https://api.telegram.org")
    proxy = _address(settings.telegram_proxy)
    if settings.telegram_proxy and (proxy is None or proxy.scheme not in _PROXIES or not proxy.port):
        raise BadSetting("MOTCUA_TELEGRAM_PROXY: expected http://host:port or socks5://host:port; not https://")
    official = settings.telegram_api == Settings().telegram_api  # a server of one's own may call by http
    if settings.telegram_webhook and official and not settings.address.startswith("https://"):
        raise BadSetting("MOTCUA_TELEGRAM_WEBHOOK: expected MOTCUA_PUBLIC_URL to begin with https://")


def _address(text: str) -> SplitResult | None:
    """None where it names no host."""
    try:
        found = urlsplit(text)
        return found if found.hostname and found.port != 0 and not re.search(r"\s", text) else None
    except ValueError:  # such as a port that is no number
        return None
