"""Set-up: a second way to the first head, who has to hear of what waits while no page is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import own_contacts, own_ways
from bot.scene import Scene, present
from bot.setup_step import Desk
from conversations.contact_state import AskContact, ContactEffect, ProveContact
from conversations.staff_state import Officer
from domain import mail
from domain.values import phone
from handlers.web_setup_door import NEXT, SKIP, Action, Field, Page, Told
from storage.work import Work


class SecondWayStep:
    """By number or by address: a code goes there and is typed here, so that it is surely theirs."""

    name = "cach-hai"
    title = "Cách thứ hai để gặp trưởng bộ phận"
    lead = (
        (
            "Khi không mở trang, trưởng bộ phận vẫn cần được báo. Ghi số điện thoại (nếu đã có SMS) hoặc e-mail; "
            "một mã được gửi đến đó, gõ lại ở đây. Sau này trong trang cán bộ gõ /lienhe để đổi, hoặc thêm Zalo."
        ),
    )

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:
        known, channels = await desk.app.database.run(lambda work: _known(present(work, desk.app.world), desk.office))
        shown = [*told]
        if known:
            shown.insert(0, Told(good=True, words=f"Đã có {known} nơi."))
        if not channels:
            shown.append(
                Told(good=False, words="Chưa có SMS hay e-mail: bỏ qua, và thêm Zalo hoặc Telegram sau bằng /lienhe.")
            )
            return Page(self.name, self.title, "", self.lead, tuple(shown), (), (NEXT,))
        fields = (
            Field("noi", "Số điện thoại hoặc e-mail", given.get("noi", "")),
            Field("ma", "Mã đã nhận", "", "Để trống khi mới xin mã."),
        )
        actions = (Action("gui", "Gửi mã"), Action("xong", "Xác nhận mã"), NEXT if known else SKIP)
        return Page(self.name, self.title, "", self.lead, tuple(shown), fields, actions)

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:
        if action not in ("gui", "xong"):
            return None
        effect = _asked(given.get("noi", "")) if action == "gui" else ProveContact(given.get("ma", "").strip())
        if effect is None:
            return await self.page(desk, given, [Told(good=False, words="Ghi số như 0912 345 678, hoặc một e-mail.")])

        def act(work: Work) -> tuple[bool, str]:
            scene = present(work, desk.app.world)
            head = _head(work, desk.office)
            if head is None:
                return False, "Thêm trưởng bộ phận trước (quay lại bước 2)."
            before = len(own_ways.of(scene, head.id))
            messages = own_contacts.carry_out(scene, head, effect)
            said = messages[0].text if messages else ""
            return action == "gui" or len(own_ways.of(scene, head.id)) > before, said

        well, said = await desk.app.database.run(act)
        return await self.page(desk, given, [Told(good=well, words=said)])


def _asked(typed: str) -> ContactEffect | None:
    number = phone(typed)
    if number is not None:
        return AskContact("phone", number)
    address = mail.read(typed)
    return AskContact("email", address.value) if isinstance(address, mail.Address) else None


def _head(work: Work, office: str) -> Officer | None:
    return next((one for one in work.officers.of_office(office) if one.role == "head"), None)


def _known(scene: Scene, office: str) -> tuple[int, bool]:
    """How many places the head has, and whether one can be added here."""
    head = _head(scene.work, office)
    ways = own_ways.of(scene, head.id) if head is not None else []
    return len(ways), bool(own_ways.channels(scene) - {own_ways.ZALO})
