"""What the set-up page says of a setting that can't be used: in Vietnamese, by the field's name."""

from __future__ import annotations

import pytest

from bot.settings import NAMES, BadSetting
from bot.setup_step import with_settings
from bot.setup_words import _WORDS, wrong


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"telegram_staff_token": "rubbish"}, "«Mã bot của cán bộ»"),
        ({"zalo_oa_id": "4318"}, "«Mã số ứng dụng»"),
        ({"smtp_url": "smtp://127.0.0.1", "mail_from": "Một cửa"}, "«Người gửi»"),
        ({"sms_gateway": "esms", "sms_token": "one"}, "ApiKey:SecretKey"),
        ({"sms_gateway": "json"}, "«Địa chỉ gọi»"),
    ],
)
def test_a_field_is_named_and_no_word_is_english(given: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting) as caught:
        with_settings(given)
    assert named in wrong(caught.value)
    assert "expected" not in wrong(caught.value)


def test_every_name_is_a_settings() -> None:
    assert set(_WORDS) <= set(NAMES)
    assert wrong(BadSetting("MOTCUA_DATA: expected a folder")) == "MOTCUA_DATA: expected a folder"
