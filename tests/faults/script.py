"""What every citizen of a fault run does: what they wait to read, and what they do then."""

from __future__ import annotations

from typing import Final, NamedTuple

from tests.bot.photos import blurred, page

JUDGMENT, CARD, CARD_BACK, AGAIN = page(901), page(902), page(903), page(904)
BLURRED: Final = blurred(900)
PHOTOS: Final = (JUDGMENT, CARD, CARD_BACK, AGAIN, BLURRED)


class Step(NamedTuple):
    """`reads`: words of a message, or a button in brackets. `does`: a press in brackets, words, or a photo."""

    reads: str
    does: str | bytes
    also: str = ""  # what stands there when they had to ask again, since an answer was lost on its way


PRESSES: Final = "*"  # the button that is waited for

STEPS: Final = (
    Step("", "xin giấy độc thân"),
    Step("[Vay vốn", PRESSES),
    Step("[Nộp hồ sơ", PRESSES),
    Step("[Cho tôi", PRESSES),
    Step("[Đồng ý", PRESSES),
    Step("nhắn tin nhắc hẹn", "[Đồng ý"),
    Step("[Vay vốn ngân hàng", PRESSES),
    Step("Họ tên đầy đủ", "nguyễn thị hoa"),
    Step("ngày, tháng, năm nào", "15/8/94"),
    Step("Số căn cước", "{card}"),
    Step("theo số điện thoại nào", "{phone}"),
    Step("[Bản thân", PRESSES),
    Step("cấp giấy này lần nào", "[Không"),
    Step("[Đã ly hôn", PRESSES),
    Step("Họ tên của vợ hoặc chồng", "tran van binh"),
    Step("[Trần Văn Bình", PRESSES),
    Step("Bản án hoặc quyết định ly hôn: số mấy", "12/2021, ngày 5/4/2021, tòa Hương Sơn"),
    Step("[Không cần ghi thêm", PRESSES),
    Step("Bạn chụp giúp: Bản án", BLURRED),
    Step("Ảnh bị mờ", JUDGMENT, "Bạn chụp giúp: Bản án"),
    Step("[Xong", PRESSES),
    Step("[Căn cước", PRESSES),
    Step("Bạn chụp giúp: Căn cước", CARD),
    Step("Đã nhận 1 ảnh", CARD_BACK, "Bạn chụp giúp: Căn cước"),
    Step("[Không có giấy nào nữa", PRESSES),
    Step("[Xem tờ khai", PRESSES),
    Step("[Tôi cam đoan", PRESSES),
    Step("[Bổ sung ngay", PRESSES),
    Step("Cán bộ cần bạn gửi lại", AGAIN),
    Step("[Xong", PRESSES),
    Step("[Gửi bổ sung", PRESSES),
    Step("Đã trả kết quả", ""),
)
SUBMITS: Final = next(number for number, step in enumerate(STEPS) if step.reads == "[Tôi cam đoan")
SUPPLEMENTS: Final = next(number for number, step in enumerate(STEPS) if step.reads == "[Gửi bổ sung")
LAST: Final = len(STEPS) - 1
HISTORY: Final = ("submit", "claim", "ask-more", "supplement", "accept", "done", "hand-over")
# Which answers the steps give, as the program names them, and which papers a dossier has in the end.
_KEYS: Final = {
    "[Vay vốn ngân hàng": "purpose",
    "Họ tên đầy đủ": "requester_name",
    "ngày, tháng, năm nào": "requester_dob",
    "Số căn cước": "requester_id",
    "theo số điện thoại nào": "requester_phone",
    "[Bản thân": "requester_relation",
    "cấp giấy này lần nào": "previous_cert",
    "[Đã ly hôn": "marital_status",
    "[Trần Văn Bình": "spouse_name",
    "Bản án hoặc quyết định ly hôn: số mấy": "divorce_decision",
}
ANSWERS: Final = {number: _KEYS[step.reads] for number, step in enumerate(STEPS) if step.reads in _KEYS}
PAPERS: Final = {"giay-to-ly-hon": 1, "giay-to-tuy-than": 2}
