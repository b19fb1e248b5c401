"""What each kind of slip says, line by line, in the order of the circular's form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from documents.slip import Facts, Field, Items, Part, Row, Words, moment
from domain.values import show_phone

_SETS: Final = "01 (bộ)"


def parts(facts: Facts, data: Mapping[str, Any], at: datetime) -> tuple[Part, ...]:
    match facts.kind:
        case "receipt":
            return _receipt(facts, data, at)
        case "supplement":
            return _supplement(facts, data)
        case "refusal":
            return _refusal(facts, data)
        case "extension":
            return _extension(facts, data)
        case "stop":
            return _stop(facts, data, at)
        case _:
            raise ValueError(facts.kind)


def notes(facts: Facts, at: datetime) -> tuple[str, ...]:
    """Beside the QR."""
    told = [f"Bản điện tử, lập {moment(at)}. Quét mã để kiểm tra giấy này và xem hồ sơ đang ở đâu."]
    if facts.kind == "receipt":
        originals = f" và bản chính để đối chiếu: {'; '.join(facts.originals)}" if facts.originals else ""
        told.append(f"Mã theo dõi: {facts.tracking_code}. Gõ mã này trong cuộc trò chuyện để xem hồ sơ.")
        told.append(f"Khi nhận kết quả, mang theo giấy này (giấy in hoặc trên điện thoại){originals}.")
    if facts.kind in ("extension", "stop") and not facts.head:
        told.append(f"Người lập: {facts.by}.")
    called = facts.issuer.phones
    if called:
        told.append(f"Cần hỏi: {called}.")
    return tuple(told)


def _person(facts: Facts, label: str) -> tuple[Part, ...]:
    return (
        Field(label, facts.who),
        Field("Địa chỉ", facts.address),
        Row((Field("Số điện thoại", show_phone(facts.phone) if facts.phone else ""), Field("Email", facts.email))),
    )


def _receipt(facts: Facts, data: Mapping[str, Any], at: datetime) -> tuple[Part, ...]:
    due = _at(data, "due_at")
    return (
        Field("Bộ phận tiếp nhận", facts.issuer.desk),
        *_person(facts, "Tiếp nhận hồ sơ của"),
        Field("Nội dung yêu cầu giải quyết", facts.content),
        Items("1. Thành phần hồ sơ nộp gồm:", facts.papers),
        Field("2. Số lượng hồ sơ", _SETS),
        Field("3. Thời gian giải quyết hồ sơ theo quy định", facts.time),
        Field("4. Thời gian nhận hồ sơ", moment(at)),
        Field("5. Thời gian trả kết quả", moment(due) if due else "cán bộ sẽ báo"),
        Field("6. Đăng ký nhận kết quả", facts.collect),
        Row((Field("Vào Sổ theo dõi hồ sơ, quyển số", str(at.year)), Field("Số thứ tự", str(facts.number or "")))),
    )


def _supplement(facts: Facts, data: Mapping[str, Any]) -> tuple[Part, ...]:
    until = _at(data, "wait_until")
    called = facts.issuer.phones
    return (
        *_person(facts, "Hồ sơ của"),
        Field("Nội dung yêu cầu giải quyết", facts.content),
        Items(
            "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
            tuple(f"{what}. Lý do: {why}" for what, why in facts.wants),
        ),
        *((Field("Đề nghị Ông/Bà bổ sung trước", moment(until)),) if until else ()),
        Words(
            "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, đề nghị Ông/Bà liên hệ với "
            f"{facts.issuer.desk}{', số điện thoại ' + called if called else ''} để được hướng dẫn./."
        ),
    )


def _refusal(facts: Facts, data: Mapping[str, Any]) -> tuple[Part, ...]:
    instead = str(data.get("instead") or "")
    return (
        Field("Bộ phận tiếp nhận", facts.issuer.desk),
        *_person(facts, "Tiếp nhận hồ sơ của"),
        Field("Nội dung yêu cầu giải quyết", facts.content),
        Words(
            f"Qua xem xét, {facts.issuer.desk} thông báo không tiếp nhận, giải quyết hồ sơ này "
            "với lý do cụ thể như sau:"
        ),
        Field("Lý do", str(data.get("reason", ""))),
        *((Field("Ông/Bà có thể nộp hồ sơ tại", instead),) if instead else ()),
        Words("Xin thông báo để Ông/Bà được biết và thực hiện./."),
    )


def _extension(facts: Facts, data: Mapping[str, Any]) -> tuple[Part, ...]:
    until = _at(data, "until")
    begun = f"Lúc {moment(facts.accepted_at)}, {facts.issuer.name}" if facts.accepted_at else facts.issuer.name
    return (
        Words(f"Kính gửi: Ông/Bà {facts.who}", middle=True),
        Words(f"{begun} tiếp nhận giải quyết hồ sơ của Ông/Bà: {facts.content}."),
        Field("Thời gian hẹn trả kết quả", moment(facts.due_before) if facts.due_before else ""),
        Words(
            f"Tuy nhiên, {facts.issuer.name} chưa thể trả kết quả giải quyết hồ sơ của Ông/Bà đúng thời gian đã hẹn."
        ),
        Field("Lý do", str(data.get("reason", ""))),
        Words(
            f"Sự chậm trễ này gây phiền hà, tốn kém công sức của Ông/Bà. {facts.issuer.name} xin lỗi Ông/Bà "
            "và đề nghị gia hạn thời gian giải quyết."
        ),
        Field("Thời gian trả kết quả mới", moment(until) if until else ""),
        Words("Mong nhận được sự thông cảm của Ông/Bà./."),
    )


def _stop(facts: Facts, data: Mapping[str, Any], at: datetime) -> tuple[Part, ...]:
    called = facts.issuer.phones
    return (
        Words(f"Kính gửi: Ông/Bà {facts.who}", middle=True),
        Field("Nội dung yêu cầu giải quyết", facts.content),
        *((Field("Thời gian nhận hồ sơ", moment(facts.accepted_at)),) if facts.accepted_at else ()),
        Words(f"{facts.issuer.name} thông báo dừng giải quyết hồ sơ nêu trên từ {moment(at)}."),
        Field("Lý do", str(data.get("reason", ""))),
        Words(
            "Khi có đủ điều kiện, Ông/Bà có thể nộp hồ sơ mới. Nếu có vướng mắc, đề nghị Ông/Bà liên hệ với "
            f"{facts.issuer.desk}{', số điện thoại ' + called if called else ''} để được hướng dẫn./."
        ),
    )


def _at(data: Mapping[str, Any], key: str) -> datetime | None:
    """A moment as history keeps it."""
    value = data.get(key)
    return datetime.fromisoformat(value) if isinstance(value, str) else value
