"""Settings for Telegram that can't be right are named before anything starts, and never repeated where secret."""

from __future__ import annotations

import pytest

from bot.settings import BadSetting, Settings
from bot.telegram_settings import check

TOKEN = "111:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"telegram_token": "mã chép nhầm"}, "MOTCUA_TELEGRAM_TOKEN"),
        ({"telegram_staff_token": "222:BBB/../x"}, "MOTCUA_TELEGRAM_STAFF_TOKEN"),
        ({"telegram_staff_token": TOKEN}, "MOTCUA_TELEGRAM_STAFF_TOKEN"),
        ({"telegram_staff_token": "111:the-same-bot-with-a-newer-token"}, "MOTCUA_TELEGRAM_STAFF_TOKEN"),
        ({"telegram_api": "api.telegram.org"}, "MOTCUA_TELEGRAM_API"),
        ({"telegram_api": "https://"}, "MOTCUA_TELEGRAM_API"),
        ({"telegram_api": "http://localhost:port"}, "MOTCUA_TELEGRAM_API"),
        ({"telegram_proxy": "nonsense"}, "MOTCUA_TELEGRAM_PROXY"),
        ({"telegram_proxy": "https://proxy:8080"}, "MOTCUA_TELEGRAM_PROXY"),
        ({"telegram_proxy": "socks5://user:secret@proxy"}, "MOTCUA_TELEGRAM_PROXY"),
        ({"telegram_proxy": "socks5://user:secret@proxy:99999"}, "MOTCUA_TELEGRAM_PROXY"),
        ({"telegram_webhook": True, "public_url": "http://motcua.example.vn"}, "MOTCUA_TELEGRAM_WEBHOOK"),
    ],
)
def test_a_wrong_one_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=f"^{named}: expected ") as caught:
        check(Settings(**{"telegram_token": TOKEN, **given}))  # type: ignore[arg-type]
    assert not any(secret in str(caught.value) for secret in (TOKEN, "secret", "BBB"))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"telegram_staff_token": "222:B"},
        {"telegram_api": "http://[::1]:8081/telegram/"},
        {"telegram_proxy": "http://user:p%40ss@proxy:8080"},
        {"telegram_proxy": "socks5h://127.0.0.1:1080"},
        {"telegram_webhook": True, "public_url": "https://motcua.example.vn"},
    ],
)
def test_right_ones(given: dict[str, str]) -> None:
    check(Settings(**{"telegram_token": TOKEN, **given}))  # type: ignore[arg-type]
