"""The public page out of a real database over real HTTP, and the command that opens the same numbers to officers."""

from __future__ import annotations

import json
import random
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import insert

from bot.published import Published
from conversations.messages import Button
from domain.values import VIETNAM
from handlers.web import web_app
from handlers.web_figures import figures_routes
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.whole import Whole, running

BIRTH, DEATH = "khai-sinh", "khai-tu"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)


@pytest_asyncio.fixture
async def whole(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """Births 30 in October, 12 in November and done; 2 late; 3 deaths; as many in the office for practice."""
    async with running(database_url, tmp_path) as made:
        await made.run(lambda work: _fill(work, made))
        yield made


def _fill(work: Work, whole: Whole) -> None:
    chat = work.chats.open_citizen("web", "ban", NOON)
    rng = random.Random(1)
    rows = []
    for office in ("son-tien", "thuc-hanh"):
        moments = [
            *((BIRTH, NOON - timedelta(days=30), True, number < 2) for number in range(30)),
            *((BIRTH, NOON - timedelta(days=number), True, False) for number in range(12)),
            *((DEATH, NOON, False, False) for _ in range(3)),
        ]
        for procedure, at, done, late in moments:
            number = f"{rng.getrandbits(64):016x}"
            rows.append(
                {
                    "id": number,
                    "person": chat.person,
                    "chat": chat.id,
                    "office": office,
                    "procedure": procedure,
                    "catalogue_version": whole.world.catalogue.hashes[procedure],
                    "tracking_code": number[:13],
                    "status": "done" if done else "submitted",
                    "version": 1,
                    "body": b"{}",
                    "applicant_key": "k",
                    "submitted_at": at,
                    "answer_by": at + 8 * HOUR,
                    "answered_at": at + HOUR if done else None,
                    "answered_late": False if done else None,
                    "accepted_at": at + HOUR if done else None,
                    "due_at": at + 5 * HOUR if done else None,
                    "done_at": at + (6 if late else 2) * HOUR if done else None,
                }
            )
    work.connection.execute(insert(t.dossiers), rows)


@pytest.fixture
async def client(whole: Whole) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    app = web_app(whole.app.live)
    app.add_routes(figures_routes(Published(whole.app.database, whole.world)))
    async with TestClient(TestServer(app)) as client:
        yield client


async def data(client: TestClient, query: str = "") -> dict[str, dict[str, str]]:  # type: ignore[type-arg]
    response = await client.get(f"/congkhai.json{query}")
    assert response.status == 200
    found: dict[str, dict[str, str]] = json.loads(await response.text())
    return found


async def test_what_everybody_reads(client: TestClient) -> None:  # type: ignore[type-arg]
    november = await data(client)
    assert november["figures"]["received"] == "15"
    assert november["figures"]["unanswered"] == "dưới 5"
    assert november["figures"]["answered-in-time"] == "không nêu", "15 less 12 would be the three"
    assert november["figures"]["solved"] == "12"
    assert november["figures"]["on-time"] == "12 (100%)"
    assert november["now"]["waiting"] == "dưới 5"
    october = await data(client, "?thang=2026-10")
    assert october["figures"]["received"] == "30"
    assert october["figures"]["late"] == "dưới 5"
    assert october["figures"]["on-time"] == "không nêu"
    assert october["now"] == {}


async def test_no_month_before_the_first_and_no_practice(client: TestClient) -> None:  # type: ignore[type-arg]
    for query in ("?thang=2026-09", "?thang=2026-12", "?don-vi=thuc-hanh"):
        assert (await client.get(f"/congkhai{query}")).status == 404, query
    html = await (await client.get("/congkhai")).text()
    assert "thuc-hanh" not in html
    assert "2026-09" not in html


async def test_only_so_much_is_remembered(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may ask for every month of thousands of offices."""
    monkeypatch.setattr("bot.published._MOST", 1)
    published = Published(whole.app.database, whole.world)
    first, again = [await published.figures("son-tien", "") for _ in range(2)]
    assert first == again
    assert len(published._known) == 1  # noqa: SLF001


async def test_it_is_read_from_the_database_once_a_minute(whole: Whole) -> None:
    now = [0.0]
    published = Published(whole.app.database, whole.world, clock=lambda: now[0])

    async def received() -> str:
        page = await published.figures("son-tien", "")
        assert page is not None
        return page.lines[0].value

    assert await received() == "15"
    await whole.run(_once_more)
    now[0] = 59.0
    assert await received() == "15"
    now[0] = 61.0
    assert await received() == "16"


def _once_more(work: Work) -> None:
    row = dict(work.connection.execute(t.dossiers.select().limit(1)).mappings().one())
    again = {"id": "f" * 16, "tracking_code": "X", "office": "son-tien", "submitted_at": NOON, "procedure": BIRTH}
    work.connection.execute(insert(t.dossiers), [{**row, **again}])


async def test_each_number_opens_its_dossiers(whole: Whole) -> None:
    officer = await whole.officer("Thu")
    await officer.says("/thongke 10/2026")
    shown = officer.last.message
    assert "Nhận: 30. " in shown.text
    assert "Trễ hẹn: 2." in shown.text
    late = next(button for button in shown.buttons if "trễ hẹn" in button.label)
    await officer.press(late.value)
    assert officer.last.message.text.startswith("Trễ hẹn, tháng 10/2026: 2 hồ sơ")
    assert len(_opening(officer.last.message.buttons)) == 2
    for name, count in {"received": 30, "solved": 30, "on-time": 28, "accepted": 30}.items():
        await officer.press(f"s:list:2026-10:{name}")
        assert f": {count} hồ sơ\n" in officer.last.message.text, name
    await officer.press("s:lists:2026-10")
    labels = [button.label for button in officer.last.message.buttons]
    assert "Hồ sơ nhận: 30" in labels
    assert all(len(button.value.encode()) <= 64 for button in officer.last.message.buttons)


def _opening(buttons: tuple[Button, ...]) -> list[Button]:
    return [button for button in buttons if re.match(r"d:open:", button.value)]


@pytest.mark.parametrize("value", ["s:list:2026-10:khac", "s:list:2026-99:late", "s:figures:x", "s:lists:me"])
async def test_buttons_that_lead_nowhere(whole: Whole, value: str) -> None:
    officer = await whole.officer("Thu")
    await officer.press(value)
    assert "không còn dùng được" in officer.last.message.text


async def test_an_office_for_practice_has_no_figures(whole: Whole) -> None:
    officer = await whole.officer("Lan", "head", "thuc-hanh")
    await officer.says("/thongke")
    assert officer.last.message.text.startswith("Đây là nơi tập dùng")
    await officer.press("s:list:2026-11:received")
    assert "Không có hồ sơ nào" in officer.last.message.text
