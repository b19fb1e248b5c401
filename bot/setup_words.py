"""Set-up: which field a setting that can't be used stands in, for whoever fills the page in."""

from __future__ import annotations

import re
from typing import Final

from bot.settings import BadSetting

_ZALO: Final = "Zalo cần đủ cả bốn ô đầu. Còn thiếu"
_WORDS: Final = {
    "MOTCUA_TELEGRAM_TOKEN": "«Mã bot của người dân» phải chép nguyên như BotFather gửi: dãy số, dấu hai chấm, 35 chữ",
    "MOTCUA_TELEGRAM_STAFF_TOKEN": (
        "«Mã bot của cán bộ» phải chép nguyên như BotFather gửi (dãy số, dấu hai chấm, 35 chữ), và là của một bot khác "
        "với bot của người dân"
    ),
    "MOTCUA_TELEGRAM_PROXY": "«Đường vòng» phải như http://máy:cổng hoặc socks5://máy:cổng",
    "MOTCUA_TELEGRAM_WEBHOOK": "Telegram gọi vào thì cần địa chỉ công khai bắt đầu bằng https://",
    "MOTCUA_ZALO_APP_ID": f"{_ZALO} «Mã số ứng dụng»",
    "MOTCUA_ZALO_APP_SECRET": f"{_ZALO} «Khóa bí mật của ứng dụng»",
    "MOTCUA_ZALO_OA_SECRET_KEY": f"{_ZALO} «Khóa bí mật OA»",
    "MOTCUA_SMTP_URL": "«Máy chủ gửi thư» phải là tên máy, có thể thêm cổng: smtp.example.vn:587",
    "MOTCUA_MAIL_FROM": "«Người gửi» phải có địa chỉ thư, như: Một cửa xã Sơn Tiến <motcua@example.vn>",
    "MOTCUA_SMS_GATEWAY": "Chọn một nhà cung cấp SMS trong danh sách",
    "MOTCUA_SMS_TOKEN": "«Khóa» phải như nhà cung cấp SMS đưa; của eSMS là ApiKey:SecretKey",
    "MOTCUA_SMS_SENDER": "eSMS cần «Tên thương hiệu»",
    "MOTCUA_SMS_URL": "«Địa chỉ gọi» phải bắt đầu bằng https://",
    "MOTCUA_PUBLIC_URL": "Địa chỉ công khai bắt đầu bằng https:// rồi đến tên miền",
    "MOTCUA_BACKUP": "Tên thư mục sao lưu có ký tự không dùng được",
}
_NAME: Final = re.compile(r"MOTCUA_[A-Z0-9_]+")


def wrong(error: BadSetting) -> str:
    """What to look at, with the setting's name for whoever edits the file; other settings in the file's own words."""
    found = _NAME.search(str(error))
    words = _WORDS.get(found[0]) if found else None
    return f"{words} ({found[0]})." if found and words else str(error)
