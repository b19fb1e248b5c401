"""A small `Uploads` in memory: two links, and a gate that lets through what is no smaller than it says."""

from __future__ import annotations

from msgspec.structs import replace

from handlers.web_upload import Kept, Opened, Paper, Seen

BIRTH = Paper("giay-chung-sinh", "Giấy chứng sinh", "Bản do bệnh viện cấp. Chụp rõ cả dấu đỏ.", "page")
CARD = Paper("giay-to-tuy-than", "Căn cước của người đi đăng ký", "Chụp cả hai mặt.", "card", next="Còn cần: mặt trước")
BLURRED = "Ảnh bị mờ, tôi chưa đọc được chữ. Bạn lau ống kính, giữ chắc tay rồi chụp lại nhé."
GOOD = "Ảnh dùng được. Đã gửi."
OWN, HELPER = "lien-ket-rieng", "lien-ket-nho"
SENT = {"giay-chung-sinh": ("Đã có 1 ảnh", "", True), "giay-to-tuy-than": ("Đã có 1 ảnh", "Còn cần: mặt sau", False)}


class FakeUploads:
    def __init__(self) -> None:
        office = "Bộ phận một cửa xã Thạch Hà"
        self.links: dict[str, Opened] = {
            OWN: Opened("web", "citizen-0", office, False, (BIRTH, CARD), "15 giờ 20 hôm nay"),
            HELPER: Opened("web", "citizen-0", office, True, (BIRTH,), "15 giờ 20, Thứ Ba 24/11/2026"),
        }
        self.events: list[tuple[str, str, str, str]] = []  # link, event, paper, by
        self.files: dict[str, tuple[str, bytes]] = {}  # paper and bytes by the file's id
        self.verdicts: list[Seen] = []  # of the files to come; then all are good
        self.found: dict[str, Seen] = {}
        self.looks = 0
        self.marked = b""
        self.broken = False

    async def open(self, token: str) -> Opened | None:
        if self.broken:
            raise RuntimeError(token)
        return self.links.get(token)

    async def send(self, token: str, event_id: str, paper: str, by: str, data: bytes | None) -> Kept | None:
        opened = self.links.get(token)
        if opened is None:
            return None
        if not data:
            return Kept(refused="Tệp này lớn quá." if data is None else "Tệp này bị rỗng.")
        file = f"tep-{event_id}"
        if file not in self.files:
            self.events.append((token, event_id, paper, by))
            self.files[file] = (paper, data)
            self.found[file] = self.verdicts.pop(0) if self.verdicts else Seen("good", GOOD)
        return Kept(file)

    async def look(self, token: str, file: str) -> Seen | None:
        if token not in self.links:
            return None
        self.looks += 1
        found = self.found.get(file, Seen("gone", "Ảnh này không còn trong hồ sơ."))
        self._count(file, found)
        return found

    async def use(self, token: str, event_id: str, file: str) -> Seen | None:
        self.events.append((token, event_id, "dùng", file))
        self.found[file] = Seen("good", "Đã gửi. Cán bộ sẽ xem kỹ ảnh này.")
        return await self.look(token, file)

    async def picture(self, token: str, file: str) -> bytes | None:
        return self.marked if token in self.links and file in self.files and self.marked else None

    def _count(self, file: str, found: Seen) -> None:
        """What is good counts for its paper, whichever link it came by."""
        if found.state != "good":
            return
        sent, more, complete = SENT[self.files[file][0]]
        for token, opened in self.links.items():
            papers = tuple(
                replace(one, sent=sent, next=more, complete=complete) if one.key == self.files[file][0] else one
                for one in opened.papers
            )
            self.links[token] = replace(opened, papers=papers)
