"""One dossier from the first word to the paper in the hand, and all that can be known of it afterwards."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any, Final, TypeVar

from sqlalchemy import func, make_url, select, text

from storage import tables as t
from storage.files import Store, open_store, opened
from storage.unit_of_work import connect
from storage.work import Work
from tests.bot.photos import blurred, page
from tests.crash.play import Page, Served, wait

T = TypeVar("T")

_RANDOM: Final = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{16}|(?<=:)[0-9a-f]{6}(?=\")"  # ids, and the drafts that buttons name
    r"|\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}\b|\b[0-9A-Z]{13}\b"  # tracking codes
)
_PDF: Final = "application/pdf"  # its size depends on what is random in it
_TIME: Final = re.compile(r"\d{1,2} giờ(?: \d\d)?")

_WAITING: Final = (
    "SELECT (SELECT count(*) FROM cards WHERE drawn < wanted) + (SELECT count(*) FROM jobs WHERE due <= :now)"
)

# Who does what: [a button], (a photo, or one out of focus), or words.
STEPS: Final = """
citizen xin giấy độc thân
citizen [Vay vốn]
citizen [Nộp hồ sơ]
citizen [Cho tôi]
citizen [Đồng ý]
citizen [Đồng ý]
citizen [Vay vốn ngân hàng]
citizen nguyễn thị hoa
citizen 15/8/94
citizen 042194001234
citizen 0984 123 456
citizen [Bản thân]
citizen [Không]
citizen [Đã ly hôn]
citizen tran van binh
citizen [Trần Văn Bình]
citizen 12/2021, ngày 5/4/2021, tòa Hương Sơn
citizen [Không cần ghi thêm]
citizen (blurred photo)
citizen (photo)
citizen [Xong]
citizen [Căn cước]
citizen (photo)
citizen (photo)
citizen [Không có giấy nào nữa]
citizen [Xem tờ khai]
citizen [Tôi cam đoan]
officer [Nhận việc]
officer [Yêu cầu bổ sung]
officer [☐ Bản án]
officer [Ảnh mờ]
officer [Xong]
officer [Gửi yêu cầu]
officer [Báo ngay]
citizen [Bổ sung ngay]
citizen (photo)
citizen [Xong]
citizen [Gửi bổ sung]
officer [Tiếp nhận]
officer [Báo ngay]
officer [Có kết quả]
officer 1
officer [Báo ngay]
officer [Trả kết quả]
officer [Đã đối chiếu]
officer [Báo ngay]
citizen hồ sơ của tôi
""".strip().splitlines()


_PHOTOS: Final = {"(photo)": page, "(blurred photo)": blurred}
PICTURES: Final = {
    number: _PHOTOS[what](number) for number, what in enumerate(s.partition(" ")[2] for s in STEPS) if what in _PHOTOS
}


def play(server: Served, url: str, between: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
    """Everything from hello to the end; gives what was seen and what was kept."""
    citizen, officer = Page(server, "/api/"), Page(server, "/canbo/api/")
    citizen.hello()
    officer.log_in()
    officer.hello()
    for number, step in enumerate(STEPS):
        between(number)
        who, _, what = step.partition(" ")
        reader = citizen if who == "citizen" else officer
        if number in PICTURES:
            reader.upload(PICTURES[number], f"{number}.jpg")
        elif what.startswith("["):
            reader.press(what[1:-1])
        else:
            reader.say(what)
        settle(server, url)
    seen = {"citizen": shown(citizen), "officer": shown(officer)}
    return seen | ask(url, lambda work: kept(work, open_store(server.files)))


def settle(server: Served, url: str) -> None:
    """Wait until nothing is left to be drawn or worked on, whoever dies meanwhile."""

    def quiet() -> bool:
        server.revive()
        return _waiting(url) == 0

    wait(quiet, "rest")


def ask(url: str, question: Callable[[Work], T]) -> T:
    """One look at the database from outside."""

    async def look() -> T:
        database = connect(url, lambda _: None)
        try:
            return await database.run(question)
        finally:
            await database.close()

    return asyncio.run(look())


def _waiting(url: str) -> int:
    """Cards to draw and jobs to do now; asked often, so SQLite is asked without ceremony."""
    file = make_url(url).database
    if not url.startswith("sqlite") or file is None:
        return ask(url, lambda work: int(work.connection.scalar(text(_WAITING), {"now": work.machine_now()}) or 0))
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute(_WAITING, {"now": time.time()}).fetchone()[0])


def shown(page: Page) -> list[Any]:
    """What one person reads from top to bottom, without what is random in it."""
    messages = sorted(page.messages(), key=lambda message: int(message["id"]))
    place = {message["id"]: number for number, message in enumerate(messages)}
    lines = []
    for message in messages:
        files = [
            (file["type"], file["type"] == _PDF or file["size"], page.file(file["url"]) != b"")
            for file in message["files"]
        ]
        line = {key: message[key] for key in ("own", "private", "text", "speaker", "buttons", "card")}
        lines.append({**line, "files": files, "reply_to": place.get(message["reply_to"], -1)})
    return list(_plain(lines))


def kept(work: Work, files: Store) -> dict[str, Any]:
    """The rows, and every file opened."""
    ids = list(work.connection.scalars(select(t.dossiers.c.id)))
    of_dossiers = {
        f"dossier {number}": {
            "status": record.status,
            "code": record.official_code,
            "body": repr(record.body),
            "held": record.held,
            "answers": sorted(work.drafts.answers(record.id).items()),
            "documents": sorted((d.paper, d.media_type, d.size, d.verdict) for d in work.drafts.documents(record.id)),
            "files": [
                [_readable(work, files, ref) for ref in (document.ref, *document.copies)]
                for document in work.drafts.documents(record.id)
            ],
            "history": [
                (e.number, e.actor, e.what, e.from_status, e.to_status, e.data) for e in work.history.of(record.id)
            ],
        }
        for number, record in enumerate(filter(None, map(work.dossiers.get, ids)))
    }
    left = {
        "drafts": _count(work, t.drafts),
        "documents": _count(work, t.documents),
        "answers": _count(work, t.answers),
        "jobs": _count(work, t.jobs),
        "outbox": _count(work, t.outbox),
        "consents": _count(work, t.consents),
        "not done": int(work.connection.scalar(select(func.count()).where(t.inbox.c.status != "done")) or 0),
        "numbers": [tuple(row) for row in work.connection.execute(select(t.counters.c.office, t.counters.c.last))],
    }
    return {"dossiers": _plain(of_dossiers), "left": left}


def _readable(work: Work, files: Store, ref: str) -> bool:
    found = work.files.get(ref)
    assert found is not None
    return len(opened(found[1], files.get(ref))) == found[0].size


def _count(work: Work, table: Any) -> int:
    return int(work.connection.scalar(select(func.count()).select_from(table)) or 0)


def _plain(value: Any) -> Any:
    words = json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    return json.loads(_TIME.sub("#", _RANDOM.sub("#", words)))
