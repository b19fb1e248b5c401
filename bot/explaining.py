"""A search laid open for an official: how the message was read, what it came near to, and why it is sure or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from catalogue.explain import Considered, Explanation
from catalogue.found import Certainty
from catalogue.model import Catalogue
from conversations import find

READ: Final[Mapping[str, str]] = {
    "filler": "lời rào đón, bỏ qua",
    "abbreviation": "viết tắt",
    "keystrokes": "gõ khi chưa bật bộ gõ",
    "spaces": "dính chữ hoặc thừa dấu cách",
    "dialect": "tiếng địa phương",
    "guess": "đoán, vì chưa có trong từ điển",
}
PARTS: Final[Mapping[str, str]] = {
    "words": "từ hiếm và cặp từ trùng",
    "of_message": "phần câu hỏi được nhắc tới",
    "of_row": "phần tên gọi được nhắc tới",
    "of_entry": "phần câu có trong mọi tên gọi của thủ tục",
    "fuzzy": "mặt chữ giống nhau",
    "signs": "dấu hiệu riêng của thủ tục",
    "contrary": "dấu hiệu ngược lại",
    "bonus": "việc của chính xã mình",
}
CHECKS: Final[Mapping[str, str]] = {
    "score": "điểm của việc đứng đầu",
    "ahead": "hơn việc thứ hai",
    "ahead of others": "hơn những việc ngoài danh mục",
    "understood": "phần câu hỏi hiểu được",
    "of the name": "phần tên gọi được nhắc tới",
    "substance": "số từ mang nghĩa trùng khớp (không phải chỉ tiếng đệm)",
}
_OVERRULED: Final[Mapping[str, str]] = {
    "code": "trong câu có mã thủ tục, nên mở thẳng thủ tục ấy",
    "place": "câu chỉ là tên một nơi",
    "emergency": "câu báo việc khẩn cấp, nên báo số điện thoại khẩn cấp trước",
    "routing": "câu chỉ nêu tên giấy, nên hỏi thêm một câu",
}
_CERTAINTY: Final[Mapping[Certainty, str]] = {
    "sure": "CHẮC: mở thẳng trang của thủ tục, có nút «Không phải việc này?»",
    "unsure": "CHƯA CHẮC: đưa ra các nút để người dân chọn",
    "routing": "HỎI THÊM một câu",
    "outside": "NGOÀI DANH MỤC: chỉ nơi làm",
    "unknown": "CHƯA HIỂU: xin kể thêm, chỉ số điện thoại và cán bộ",
}
_TOP: Final = 5  # entries told of


def lines(it: Explanation, catalogue: Catalogue) -> Iterator[str]:
    """What to print, a line each."""
    yield f"Câu hỏi: «{it.typed}»"
    yield f"Tìm theo: {' '.join(it.words) or '(không còn từ nào)'}" + (" (có so dấu)" if it.accents_count else "")
    for step in it.steps:
        yield f"  «{step.typed}»" + (f" → «{step.read}»" if step.read else "") + f": {READ.get(step.by, step.by)}"
    if it.ideas:
        yield f"Ý nhận ra (mục concepts trong lexicon.toml): {', '.join(it.ideas)}"
    yield from _considered(it, catalogue)
    yield from _checks(it)
    yield from _end(it, catalogue)


def _considered(it: Explanation, catalogue: Catalogue) -> Iterator[str]:
    if not it.considered:
        return
    yield "Gần nhất:"
    for number, one in enumerate(it.considered[:_TOP], 1):
        yield f"  {number}. {_name(one.entry, catalogue)}: {one.score:.2f} điểm, nhờ tên gọi «{one.row}»"
        yield f"     {_sum(one)}"


def _sum(one: Considered) -> str:
    parts = [(PARTS.get(key, key), value) for key, value in one.parts._asdict().items() if value]
    return " + ".join(f"{value:.2f} ({words})" for words, value in parts)


def _checks(it: Explanation) -> Iterator[str]:
    if it.checks:
        yield "Có đủ chắc để mở thẳng không?"
    for check in it.checks:
        mark = "đạt " if check.passed else "thiếu"
        yield f"  {mark:6}{CHECKS.get(check.name, check.name)}: {check.value:.2f}, cần từ {check.least:.2f}"


def _end(it: Explanation, catalogue: Catalogue) -> Iterator[str]:
    if it.overruled:
        yield f"Nhưng: {_OVERRULED.get(it.overruled, it.overruled)}"
    if asked := find.about(it.typed, catalogue.asked):
        yield f"Câu ngắn hoặc chưa chắc thì trò chuyện trả lời theo nhóm {asked} trong asked.toml"
    found = it.found
    yield f"Kết luận: {_CERTAINTY[found.certainty]}"
    match found.certainty:
        case "sure":
            yield f"  {_name(found.ranked[0].id, catalogue)}"
        case "unsure":
            yield from (f"  {_name(hit.id, catalogue)}" for hit in found.choices)
        case "routing" if found.routing is not None:
            yield f"  {found.routing.question} (mục {found.routing.id} trong routing.toml)"
        case "outside" if found.outside is not None:
            yield f"  {found.outside.name}: {found.outside.where} (mục {found.outside.id} trong outside.toml)"
        case _:
            yield "  Thêm tên gọi thường ngày vào mục aliases trong tệp của thủ tục thì lần sau sẽ tìm thấy."


def _name(entry: str, catalogue: Catalogue) -> str:
    """As citizens read it, and where an official finds it."""
    procedure = catalogue.procedures.get(entry)
    if procedure is not None:
        return f"{procedure.display_name} [procedures/{procedure.sector}/{procedure.id}.toml]"
    outside = catalogue.outside.get(entry.removeprefix("outside:"))
    if outside is not None:
        return f"{outside.name} [outside.toml]"
    return "(không phải việc của một cửa) [decoys trong lexicon.toml]"
