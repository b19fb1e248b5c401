"""How the citizens' bot presents itself: the menu of commands, and what is read before the first message."""

from __future__ import annotations

from typing import Final

# Words that conversations/commands.py understands with a slash; a-z, 0-9 and _ are all that Telegram allows.
COMMANDS: Final = (
    ("menu", "Về đầu, chọn việc khác"),
    ("tim", "Tìm thủ tục"),
    ("hoso", "Hồ sơ của tôi"),
    ("tracuu", "Tra cứu theo số điện thoại hoặc mã hồ sơ"),
    ("xacnhanso", "Xác nhận số điện thoại của bạn"),
    ("tieptuc", "Làm tiếp hồ sơ đang dở"),
    ("quaylai", "Quay lại bước trước"),
    ("gapcanbo", "Nói chuyện với cán bộ"),
    ("duongdaynong", "Số điện thoại, địa chỉ, giờ làm việc"),
    ("doixa", "Đổi nơi nộp hồ sơ"),
    ("noimay", "Làm tiếp trên máy khác"),
    ("huongdan", "Hướng dẫn sử dụng"),
    ("huy", "Hủy việc đang làm"),
)
DESCRIPTION: Final = (
    "Chào bạn, đây là trợ lý một cửa của xã, phường. Bạn tìm thủ tục, xem cần giấy gì, chụp ảnh giấy tờ gửi cho "
    "Bộ phận Một cửa và theo dõi hồ sơ tới khi có kết quả, ngay tại đây. Bạn bấm nút bên dưới để bắt đầu nhé."
)  # at most 512 characters
SHORT_DESCRIPTION: Final = (
    "Làm thủ tục ở xã, phường ngay trong Telegram: tìm thủ tục, nộp hồ sơ, theo dõi kết quả."  # 120
)
