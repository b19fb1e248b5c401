"""Set-up: the public address, and beginning anew with all that was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from bot import setup, setup_tries
from bot.settings import load
from bot.setup_step import Desk, keep
from handlers.web_setup import MARK
from handlers.web_setup_door import SAVE, SKIP, Action, Field, Page, Told


class AddressStep:
    name = "dia-chi"
    title = "Địa chỉ công khai"
    lead = (
        (
            "Người dân cần một địa chỉ https để mở bằng điện thoại. Máy đứng sau bộ phát Wi-Fi thì có hai cách; "
            "docs/office-pc.md chỉ từng bước:"
        ),
        (
            "1. Đường hầm: máy này tự gọi ra một nhà cung cấp (như Cloudflare Tunnel). Không phải sửa bộ phát "
            "Wi-Fi.\n2. Tên miền và chuyển tiếp cổng 80, 443 về máy này, với Caddy lo chứng chỉ."
        ),
        "Chưa làm được hôm nay thì bỏ qua: Telegram vẫn chạy, trang web chỉ mở được trên máy này.",
    )

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:  # noqa: ARG002 - as the protocol has it
        known = given.get("dia-chi", load().public_url)
        fields = (Field("dia-chi", "Địa chỉ", known, "Như https://motcua.example.vn"),)
        actions = (Action("thu", "Thử từ ngoài vào", main=True), Action(SAVE.name, SAVE.label), SKIP)
        return Page(self.name, self.title, "", self.lead, tuple(told), fields, actions)

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:
        url = given.get("dia-chi", "").strip().rstrip("/")
        if url and not _public(url):
            words = "Địa chỉ bắt đầu bằng https:// rồi đến tên miền, không có gì phía sau."
            return await self.page(desk, given, [setup_tries.bad(words)])
        told = keep({"public_url": url})
        if told or action != "thu":
            return await self.page(desk, given, told) if told else None
        if not url:
            return await self.page(desk, given, [setup_tries.bad("Ghi địa chỉ rồi thử.")])
        return await self.page(desk, given, [await setup_tries.outside(url, setup.mark())])


def _public(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and not (parts.path or parts.query or parts.username)
    except ValueError:
        return False


class AgainStep:
    """What was written takes effect: the program begins anew, in the same process."""

    name = "bat"
    title = "Bật những gì đã điền"
    lead = (
        (
            f"Chương trình đọc lại cài đặt và tự bật lại, mất chừng mười giây. Sau đó, địa chỉ công khai có đúng "
            f"máy này không thì mở địa chỉ ấy thêm {MARK} ở cuối mà xem."
        ),
    )

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:  # noqa: ARG002 - as the protocol has it
        return Page(self.name, self.title, "", self.lead, tuple(told), (), (Action("bat", "Bật ngay", main=True), SKIP))

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:  # noqa: ARG002 - one button
        await desk.app.database.run(lambda work: setup.step_over(work, self.name))
        desk.again()
        told = setup_tries.good("Đang bật lại. Trang này tự mở tiếp; nếu báo lỗi thì đợi một lát rồi tải lại.")
        return Page(self.name, self.title, "", (), (told,), (), (), reload=12)
