"""Two pages become one person's while the program dies at any point: it happens once and whole, or the number is asked.

CRASH_POINTS=all tries every point, as in test_crash.py.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from storage import tables as t
from storage.work import Work
from tests.bot.linked import CODE, NUMBER
from tests.crash.conftest import Lives, sqlite
from tests.crash.play import Page, Server
from tests.crash.scenario import ask, settle
from tests.crash.test_crash import ALL, points

TELEGRAM: Final = {  # a channel that is on, and that nobody can reach
    "MOTCUA_TELEGRAM_TOKEN": "1234567890:AAE-abcdefghijklmnopqrstuvwxyz01234",
    "MOTCUA_TELEGRAM_API": "http://127.0.0.1:9",
}
_HELLO: Final = 5  # messages
TABLES: Final = (t.drafts, t.answers, t.consents, t.calls, t.files)


def play(server: Server, url: str) -> dict[str, Any]:
    """Both begin something; one carries a code to the other, the number comes back, and the other goes on."""
    server.environment = TELEGRAM
    ask(url, lambda work: work.installation.put("telegram-username", "motcua_bot"))
    one, other = Page(server, "/api/"), Page(server, "/api/")
    for page in (one, other):
        page.hello()
        for words in ("xin giấy độc thân", "[Vay vốn", "[Nộp hồ sơ", "[Cho tôi"):
            _do(page, words)
    _do(one, "[Đồng ý")
    _do(one, "nối telegram")
    settle(server, url)
    _do(other, _read(one, CODE))
    _do(one, "[Gõ 4 số")
    _do(one, _read(other, NUMBER))
    _do(other, "hồ sơ của tôi")
    settle(server, url)
    seen = [[_plain(message) for message in page.messages()] for page in (one, other)]
    return {"read": seen, "kept": ask(url, _kept)}


def _do(page: Page, words: str) -> None:
    if words.startswith("["):
        page.press(words.strip("[]"))
    else:
        page.say(words)


def _read(page: Page, pattern: re.Pattern[str]) -> str:
    found = [pattern.search(message["text"]) for message in page.messages()]
    match = next(match for match in reversed(found) if match)
    return match[match.lastindex or 0]


def _plain(message: dict[str, Any]) -> tuple[Any, ...]:
    words = re.sub(r"noi-\w{8}|\b\d{4}\b", "…", CODE.sub("…", message["text"]))
    labels = [button["label"] for button in message["buttons"]]
    return message["own"], words, labels, [(file["type"], file["name"]) for file in message["files"]]


def _kept(work: Work) -> dict[str, Any]:
    def count(table: Any) -> int:
        return int(work.connection.scalar(select(func.count()).select_from(table)) or 0)

    # A page that lost its cookie before it had it has begun anew: that chat has said no more than hello.
    spoken = (t.chats.c.channel == "web") & (t.chats.c.revision > _HELLO)
    chats = work.connection.execute(select(t.chats.c.person).where(spoken)).all()
    gone = select(func.count()).where(t.persons.c.merged.is_not(None))
    whose = {row.person for row in work.connection.execute(select(t.drafts.c.person).distinct())}
    return {
        "persons": len(set(chats)),
        "merged": work.connection.scalar(gone),
        "noted": work.connection.scalar(select(func.count()).where(t.audit.c.what == "merged")),
        "drafts are theirs": whose == {row.person for row in chats},
        "not done": work.connection.scalar(select(func.count()).where(t.inbox.c.status != "done")),
        **{table.name: count(table) for table in TABLES},
    }


@pytest.mark.timeout(0 if ALL else 300)
def test_one_crash_at_any_point_of_linking(lives: Lives) -> None:
    quiet = lives(iter(()))
    calm = play(quiet, sqlite(quiet))
    assert calm["kept"]["persons"] == 1
    assert calm["kept"]["merged"] == calm["kept"]["noted"] == 1
    quiet.stop()
    last = int(quiet.log.with_suffix(".passed").read_text(encoding="ascii"))
    for point in points(last, 6, 2):
        if point < last // 3 and not ALL:
            continue  # what comes before the code is known from test_crash.py
        server = lives(iter((point,)))
        assert play(server, sqlite(server)) == calm, f"died at point {point} of {last}"
        server.stop()
