"""Set-up: the office's own facts, and the first head with a way in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot import office_facts
from bot.invitations import INVITATION_LIFE, login_link, telegram_link
from bot.scene import present
from bot.setup_step import Desk
from catalogue.faults import BadCatalogue
from catalogue.model import Office, Season
from handlers.web_setup_door import LONG, NEXT, SAVE, SKIP, Action, Field, Page, Told
from storage.work import Work

_LABELS: Final = {
    "name": "Tên cơ quan",
    "short_name": "Tên gọi ngắn",
    "desk": "Tên bộ phận một cửa",
    "address": "Địa chỉ",
    "desk_address": "Địa chỉ nơi dân đến nộp",
    "province": "Tỉnh, thành phố",
    "agency_id": "Mã định danh của cơ quan",
    "phones": "Điện thoại",
    "hours": "Giờ làm việc",
}
_HINTS: Final = {
    "short_name": "Như «xã Sơn Tiến», dùng trong câu.",
    "agency_id": "Như H27.12.345. Mã hồ sơ bắt đầu bằng mã này. Chưa biết thì để nguyên.",
    "phones": "Mỗi số cách nhau một dấu phẩy.",
    "hours": "Mỗi mùa một dòng, bắt đầu bằng ngày/tháng: 16/04: T2-T6, 07:00-11:30, 13:30-17:00",
}
_SEASON: Final = re.compile(r"(\d{1,2})/(\d{1,2})\s*:\s*(.+)")
_SESSION: Final = re.compile(r"(\d{1,2})[:hg](\d{2})\s*-\s*(\d{1,2})[:hg](\d{2})")
_DAYS: Final = re.compile(r"(T[2-7]|CN)(?:\s*-\s*(T[2-7]|CN))?", re.IGNORECASE)
_WEEK: Final = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
MOST: Final = 40  # letters of an officer's name


class OfficeStep:
    name = "van-phong"
    title = "Cơ quan của bạn"

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:
        values = shown(desk.app.world.office(desk.office)) | dict(given)
        fields = tuple(
            Field(name, label, values[name], _HINTS.get(name, ""), LONG if name == "hours" else "text")
            for name, label in _LABELS.items()
        )
        lead = ("Người dân đọc những điều này, và ngày hẹn tính theo giờ làm việc ở đây. Sửa cho đúng rồi lưu.",)
        return Page(self.name, self.title, "", lead, tuple(told), fields, (SAVE,))

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:  # noqa: ARG002 - one button
        world, office = desk.app.world, desk.office
        before = shown(world.office(office))
        try:
            # phones and hours count as confirmed once somebody has looked at them here
            facts = {
                name: _fact(name, given.get(name, "").strip())
                for name in _LABELS
                if given.get(name, "").strip() and (name in ("phones", "hours") or given[name].strip() != before[name])
            }
            await desk.app.database.run(lambda work: office_facts.write(work, world, office, facts))
        except BadCatalogue as error:
            key = next((name for name in _LABELS if f".{name}" in f".{error.key}"), "")
            words = f"Chưa lưu được: xem lại ô «{_LABELS.get(key, error.key)}». {_HINTS.get(key, '')}"
            return await self.page(desk, given, [Told(good=False, words=words)])
        return None


def shown(office: Office) -> dict[str, str]:
    """The facts as they stand in the fields."""
    return {
        **{name: getattr(office, name) or "" for name in ("name", "short_name", "desk", "address", "province")},
        "desk_address": office.desk_address or "",
        "agency_id": office.agency_id.value,
        "phones": ", ".join(phone.number for phone in office.phones),
        "hours": "\n".join(map(_season_words, office.hours)),
    }


def _season_words(season: Season) -> str:
    days = sorted(season.weekdays)
    names = [_WEEK[day - 1] for day in days]
    together = days == list(range(days[0], days[-1] + 1)) and len(days) > 2
    listed = f"{names[0]}-{names[-1]}" if together else " ".join(names)
    sessions = [f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in season.sessions]
    return f"{season.starts[3:]}/{season.starts[:2]}: {', '.join((listed, *sessions))}"


def _fact(name: str, typed: str) -> Any:
    match name:
        case "phones":
            return [one.strip() for one in re.split(r"[,;\n]", typed) if one.strip()]
        case "hours":
            return [_season(line) for line in typed.splitlines() if line.strip()]
        case _:
            return typed


def _season(line: str) -> dict[str, Any]:
    """As offices.toml has it; raises BadCatalogue where the line says no season."""
    found = _SEASON.fullmatch(line.strip())
    sessions = _SESSION.findall(found[3]) if found else []
    weekdays: set[int] = set()
    for first, last in _DAYS.findall(_SESSION.sub("", found[3]) if found else ""):
        begin = _WEEK.index(first.upper())
        weekdays |= {day + 1 for day in range(begin, _WEEK.index((last or first).upper()) + 1)}
    if not found or not sessions or not weekdays:
        raise BadCatalogue("offices", "hours", "expected a season")
    return {
        "starts": f"{int(found[2]):02}-{int(found[1]):02}",
        "weekdays": sorted(weekdays),
        "sessions": [
            {"opens": f"{int(opens):02}:{past}", "closes": f"{int(closes):02}:{beyond}"}
            for opens, past, closes, beyond in sessions
        ],
    }


class HeadStep:
    """The one who lets everybody else in."""

    name = "truong"
    title = "Trưởng bộ phận một cửa"

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:
        heads = await desk.app.database.run(lambda work: _heads(work, desk.office))
        lead = (
            "Người này mời các cán bộ khác vào, và làm được mọi việc của bộ phận.",
            "Liên kết đăng nhập dùng một lần, trong một giờ: mở ngay trên máy này, hoặc chỉ gửi cho chính người ấy.",
        )
        if heads:
            who = Told(good=True, words=f"Đã có: {', '.join(heads)}.")
            actions = (NEXT, Action("lien-ket", f"Liên kết đăng nhập mới cho {heads[0]}"))
            return Page(self.name, self.title, "", lead, (who, *told), (), actions)
        fields = (Field("ten", "Họ và tên", given.get("ten", ""), "Người dân thấy tên này khi được trả lời."),)
        return Page(self.name, self.title, "", lead, tuple(told), fields, (Action("them", "Thêm", main=True), SKIP))

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:
        name = " ".join(given.get("ten", "").split())
        if action == "tiep":
            return None
        if action == "them" and not 0 < len(name) <= MOST:
            return await self.page(desk, given, [Told(good=False, words=f"Ghi họ tên, nhiều nhất {MOST} chữ.")])

        def act(work: Work) -> list[str]:
            scene = present(work, desk.app.world)
            heads = [one for one in work.officers.of_office(desk.office) if one.role == "head"]
            if action == "them" and not heads and name not in work.officers.names(desk.office):
                heads = [work.officers.add(desk.office, name, "head")]
            if not heads:
                return []
            return list(filter(None, (login_link(scene, heads[0], INVITATION_LIFE), telegram_link(scene, heads[0]))))

        links = await desk.app.database.run(act)
        page = await self.page(desk, given, [])
        if not links:
            return await self.page(desk, given, [Told(good=False, words="Tên này đã có người mang. Thêm chức vụ.")])
        labels = ("Mở trang cán bộ (đăng nhập ngay)", "Vào bằng Telegram")
        told = (*page.told, Told(good=True, words="\n".join(links)))
        return Page(
            page.step,
            page.title,
            "",
            page.lead,
            told,
            page.fields,
            page.actions,
            tuple(zip(links, labels, strict=False)),
        )


def _heads(work: Work, office: str) -> list[str]:
    return [one.name for one in work.officers.of_office(office) if one.role == "head"]
