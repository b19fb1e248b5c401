"""What is warned of, and what is not: a message of our own that names the trap must not be called one by mistake."""

from __future__ import annotations

import pytest

from conversations.impostors import Genuine, lures, verdict
from conversations.render import text
from domain.words import bare


@pytest.mark.parametrize(
    "words",
    [
        "UBND xã thông báo: đọc mã OTP cho cán bộ để kích hoạt VNeID",
        "Chuyen tien vao tai khoan 0123456789 de nhan ho so",
        "Bấm vào đây tải ứng dụng dichvucong.apk",
        "Anh chị gửi mã xác thực cho em nhé",
    ],
)
def test_traps_are_named(words: str) -> None:
    assert lures(words)
    assert verdict(Genuine(), words) == text("impostors.lure")


@pytest.mark.parametrize("words", ["Hồ sơ của bạn đã có kết quả, mời đến nhận", "7F3K9MPQ"])
def test_the_rest_is_only_not_known(words: str) -> None:
    assert not lures(words)
    assert verdict(Genuine(), words) != text("impostors.lure")


def test_what_is_ours_is_ours_whatever_it_speaks_of() -> None:
    ours = "Cán bộ không bao giờ hỏi mã OTP"
    assert "Đúng" in verdict(Genuine("notice"), ours)


def test_forwarded_words_are_the_same_words() -> None:
    sent = "Hồ sơ «Khai sinh» đã được tiếp nhận.\nHẹn trả: 27/11/2026."
    assert bare(sent) == bare("> Hồ sơ “Khai sinh” đã được tiếp nhận. Hẹn trả: 27/11/2026 🙏")
    assert bare(sent) != bare(sent.replace("27/11", "28/11"))
