"""A whole office with somebody's dossier in it, and its real pages, as strangers on the network reach them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.pages import pages
from bot.say import group_of
from bot.scene import present
from conversations.messages import Started
from domain.codes import show
from handlers import telegram_webhook, web_check, web_mail, web_official
from handlers.telegram_poll import Raw
from handlers.zalo_events import Happening
from handlers.zalo_webhook import Road
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.linked import person
from tests.bot.walk import hand_in
from tests.bot.whole import Actor, Whole, another, running
from tests.handlers.web_client import Client

SINGLE = "xac-nhan-tinh-trang-hon-nhan"
SECRET = "webhook-secret-of-the-office"
PHONE = "0984123456"


_PERSONAL = re.compile(r"\d{9}|^Nguyễn|^Thôn|\d\d/\d\d/\d{4}")  # among the answers of tests/bot/walk.py


@dataclass
class Taken:
    """What other programs' roads let in: nothing, as long as nobody signs."""

    seen: list[object] = field(default_factory=list)

    async def take(self, what: Raw | Happening) -> None:
        self.seen.append(what)


@dataclass
class Office:
    """`secrets`: what nobody but its owner and the office may read. `ids`: names of rows, which open nothing."""

    whole: Whole
    client: Client
    owner: Actor
    thu: Actor
    dossier: str
    taken: Taken
    secrets: set[str]
    ids: set[str]


@pytest.fixture
async def office(sqlite_url: str, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    for slow in (web_check, web_mail, web_official):  # so that no answer tells by its pace what is known
        monkeypatch.setattr(slow, "PACE", 0.0)
    more: dict[str, Any] = {"trial": False, "payment_gateway": "sepay", "payment_secret": SECRET, "pace": 0.0}
    async with running(sqlite_url, tmp_path, **more) as whole:
        taken = Taken()
        road = Road(taken, app_id="1", oa="2", secret=SECRET)
        web = pages(whole.app, [telegram_webhook.route("/telegram/citizens", taken, SECRET), *road.routes()])
        async with TestClient(TestServer(web)) as client:
            yield await filled(whole, client, taken)


async def filled(whole: Whole, client: Client, taken: Taken) -> Office:
    """One dossier handed in and accepted, with its papers, a draft begun, and an officer who is logged in."""
    owner, thu = await person(whole, "owner"), await whole.officer("Thu")
    await owner.send(Started())
    procedure = whole.world.catalogue.procedures[SINGLE]
    record = await hand_in(owner, procedure)
    await thu.news()
    await thu.press(f"d:claim:{record.id}")
    begun = await person(whole, "other-owner")
    await begun.send(Started())
    await begun.press(f"open:{SINGLE}")
    await begun.sends(another())

    def look(work: Work) -> tuple[set[str], set[str]]:
        scene = present(work, whole.world)
        answers = work.drafts.answers(record.id)
        known = work.dossiers.get(record.id)
        assert known is not None
        personal = {value for value in answers.values() if _PERSONAL.search(value)}
        secrets = personal | {known.tracking_code, show(known.tracking_code)}
        columns = (t.files.c.id, t.slips.c.id, t.drafts.c.id, t.dossiers.c.id, t.chats.c.id, t.officers.c.id)
        ids = {str(one) for column in columns for one in work.connection.scalars(select(column))}
        ids |= {str(one) for one in work.connection.scalars(select(t.tokens.c.hash))}
        ids |= {group_of(scene, known.office).id, known.tracking_code}
        assert len(personal) > 2
        return secrets, ids

    secrets, ids = await whole.run(look)
    return Office(whole, client, owner, thu, record.id, taken, secrets, ids)
