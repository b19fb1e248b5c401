"""Set-up: the recovery key on paper, a folder for back-ups, the poster, and the end."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot import disk_words, poster, recovery, setup
from bot.scene import present
from bot.settings import load
from bot.setup_doctor import examined
from bot.setup_step import Desk, keep
from bot.setup_tries import bad, good
from documents.poster import Poster
from handlers.web_setup_door import NEXT, PATH, SAVE, SKIP, Action, Field, Page, Paper, Told

KEY, POSTER = "khoa.pdf", "ap-phich.pdf"


class KeyStep:
    """Nothing is accepted before the key is on paper."""

    name = "khoa"
    title = "Khóa khôi phục trên giấy"
    lead = (
        (
            "Mọi giấy tờ trong máy được khóa bằng một chìa. Máy cháy hay mất mà không còn chìa này thì bản sao lưu "
            "cũng không ai mở được. In tờ khóa, cất vào két cùng con dấu; đừng chụp ảnh, đừng gửi cho ai."
        ),
        "Chưa xác nhận đã in thì bộ phận một cửa chưa tiếp nhận được hồ sơ thật.",
    )

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:  # noqa: ARG002 - as the protocol has it
        facts = await desk.app.database.run(lambda work: recovery.facts(work, desk.app.settings))
        links = ((f"{PATH}/giay/{KEY}", "Mở tờ khóa để in"),)
        if facts.paper:
            done = good("Đã xác nhận tờ khóa đang ở trên giấy.")
            return Page(self.name, self.title, "", self.lead, (done, *told), (), (NEXT,), links)
        first, second = recovery.asked()
        fields = tuple(Field(f"nhom{n}", f"Nhóm số {group} trên tờ vừa in") for n, group in enumerate((first, second)))
        actions = (Action("xac-nhan", "Xác nhận đã in", main=True), SKIP)
        return Page(self.name, self.title, "", self.lead, tuple(told), fields, actions, links)

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:
        if action != "xac-nhan":
            return None
        typed = (given.get("nhom0", ""), given.get("nhom1", ""))
        wrong = await desk.app.database.run(lambda work: recovery.confirm(work, typed, desk.app.world.now()))
        if wrong:
            return await self.page(
                desk, given, [bad(f"Nhóm số {wrong} chưa khớp với tờ khóa. Đọc lại từ tờ giấy đã in.")]
            )
        return None


class BackupStep:
    name = "sao-luu"
    title = "Sao lưu sang ổ khác"
    lead = (
        (
            "Ổ đĩa nào rồi cũng hỏng. Cắm một ổ rời hoặc chọn một thư mục mạng; bản sao được khóa, người nhặt được "
            "không đọc được gì. Sau đó thử khôi phục một lần trên máy khác: chương trình còn nhắc cho đến khi đã thử."
        ),
    )

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:  # noqa: ARG002 - as the protocol has it
        fields = (
            Field(
                "thu-muc", "Thư mục", given.get("thu-muc", load().backup), "Như E:\\motcua hoặc /media/saoluu/motcua"
            ),
        )
        return Page(self.name, self.title, "", self.lead, tuple(told), fields, (SAVE, SKIP))

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:  # noqa: ARG002 - one button
        folder = Path(given.get("thu-muc", ""))
        tried_out = await asyncio.to_thread(tried, folder, desk.app.settings.data)
        told = keep({"backup": str(folder)}) if tried_out.good else [tried_out]
        return await self.page(desk, given, told) if told else None


def tried(folder: Path, data: Path) -> Told:
    """Whether back-ups can lie there, and outlive the disk of the data."""
    if not folder.is_absolute():
        return bad("Ghi cả đường dẫn, từ tên ổ đĩa.")
    probe = folder / f".thu-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"motcua")
        probe.unlink()
        same = os.stat(folder).st_dev == os.stat(data).st_dev  # noqa: PTH116 - a pair reads best so
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return bad(
            f"Không ghi được vào {folder} ({disk_words.why(error)}). Xem ổ đã cắm chưa, và quyền của chương trình."
        )
    if same:
        return bad("Thư mục này nằm cùng ổ với dữ liệu: ổ hỏng thì mất cả hai. Chọn ổ khác.")
    return good(f"Ghi được. Còn trống {free // 2**30} GB.")


class PosterStep:
    name = "ap-phich"
    title = "Áp phích dán ở bộ phận một cửa"
    lead = ("Một tờ A4 có mã QR để người dân mở bằng điện thoại, giờ làm việc và lời nhắc «không hỏi mã OTP».",)

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:  # noqa: ARG002 - as the protocol has it
        doors = (await gathered(desk)).doors
        if not doors:
            none = bad(
                "Chưa có địa chỉ công khai, Telegram hay Zalo nào để in. Sau này: motcua poster --out ap-phich.pdf"
            )
            return Page(self.name, self.title, "", self.lead, (none, *told), (), (NEXT,))
        links = ((f"{PATH}/giay/{POSTER}", "Mở áp phích để in"),)
        return Page(self.name, self.title, "", self.lead, tuple(told), (), (NEXT,), links)

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:  # noqa: ARG002 - one button
        return None


class EndStep:
    name = "xong"
    title = "Kiểm tra lần cuối"
    lead = (
        "Chương trình tự xem lại mọi thứ, mất chừng nửa phút. Dòng nào chưa được thì quay lại bước ấy, hoặc làm sau.",
        "Sau này, kiểm tra lại bằng lệnh «motcua doctor», mở lại trang này bằng «motcua setup».",
    )

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page:  # noqa: ARG002 - as the protocol has it
        look = Action("xem", "Kiểm tra lại" if told else "Kiểm tra", main=not told)
        close = Action("dong", "Xong, đóng trang cài đặt", main=bool(told))
        actions = (close, look) if told else (look, close)
        return Page(self.name, self.title, "", self.lead, tuple(told), (), actions)

    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None:
        if action != "dong":
            return await self.page(desk, given, await examined())
        await desk.app.database.run(lambda work: setup.finish(work, desk.app.world))
        home = desk.app.settings.address
        links = ((f"{home}/canbo", "Trang cán bộ"), (f"{home}/", "Trang người dân"))
        done = good("Đã cài đặt xong. Trang này đã đóng.")
        return Page(self.name, "Xong", "", (), (done,), (), (), links)


async def gathered(desk: Desk) -> Poster:
    app = desk.app
    return await app.database.run(lambda work: poster.poster(present(work, app.world), app.world.office(desk.office)))


async def paper(desk: Desk, name: str) -> Paper | None:
    """One of the two sheets, made now."""
    if name == KEY:
        made, office = datetime.now().astimezone(), desk.app.world.office(desk.office).name
        return Paper(name, await asyncio.to_thread(recovery.sheet, desk.app.settings, office, made))
    if name == POSTER:
        return Paper(name, await asyncio.to_thread(poster.printed, await gathered(desk)))
    return None
