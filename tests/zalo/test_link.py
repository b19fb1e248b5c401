"""`motcua zalo`: an administrator lets the program in, and sees what there is; and heads hear of trouble."""

from __future__ import annotations

import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from sqlalchemy import select

from bot import zalo_alarm, zalo_link
from bot.app import App, opened
from bot.settings import Settings
from bot.zalo_refresh import LOST, REFUSED
from bot.zalo_tokens import AWAY
from domain.dossier import Role
from storage import tables as t
from storage.work import Work
from tests.conftest import MASTER
from tests.zalo.fake import FakeZalo

OA = FakeZalo.OA_ID


@pytest.fixture
def settings(zalo: FakeZalo, sqlite_url: str, tmp_path: Path) -> Settings:
    key = tmp_path / "master.key"
    key.write_text(MASTER.hex(), encoding="ascii")
    return Settings(
        data=tmp_path / "data",
        key_file=key,
        public_url="https://motcua.test",
        zalo_app_id=zalo.APP_ID,
        zalo_app_secret=zalo.APP_SECRET,
        zalo_oa_id=OA,
        zalo_oa_secret_key=zalo.OA_KEY,
        zalo_oauth_base=zalo.base,
        zalo_openapi_base=zalo.base,
    )


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(zalo_link, "say", lines.append)
    return lines


class Pasted(io.StringIO):
    """What comes through a pipe; `read` is called when it is wanted."""

    def __init__(self, words: str) -> None:
        super().__init__(words + "\n")


def paste(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr(sys, "stdin", Pasted(words))


async def test_nothing_is_done_without_an_account(settings: Settings, said: list[str]) -> None:
    assert await zalo_link.zalo(replace(settings, zalo_oa_id=""), "status") == 1
    assert said == ["Chưa đặt MOTCUA_ZALO_OA_ID. Xem docs/zalo.md."]


async def test_nobody_has_let_it_in(settings: Settings, said: list[str]) -> None:
    for what in ("status", "again"):
        assert await zalo_link.zalo(settings, what) == 1
    assert said == [
        "Chương trình chưa được cấp quyền. Chạy: motcua zalo link",
        "Chưa có khóa nào. Chạy: motcua zalo link",
    ]


async def test_a_refresh_token_is_used_at_once(
    zalo: FakeZalo, settings: Settings, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, refresh = zalo.pair()
    paste(monkeypatch, refresh)
    assert await zalo_link.zalo(settings, "token") == 0
    assert said[0].endswith("; đã đổi 1 lần.")
    assert said[1:] == [
        "Gửi tin qua v3; nút bấm: có.",
        "Official Account: UBND xã Bình Minh, loại doanh nghiệp, đã xác thực.",
    ]
    assert all("token" not in line for line in said)
    assert [use.taken for use in zalo.state.refreshes] == [True]


async def test_a_refresh_token_that_is_none_is_said_to_be_none(
    zalo: FakeZalo, settings: Settings, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(monkeypatch, "made up")
    assert await zalo_link.zalo(settings, "token") == 1
    assert "Zalo không nhận khóa truy cập" in "\n".join(said)
    paste(monkeypatch, "")
    assert await zalo_link.zalo(settings, "token") == 1
    assert said[-1] == "Chưa có gì được dán. Chưa đổi gì."


async def test_a_mistyped_one_does_not_cost_the_pair_that_works(
    zalo: FakeZalo, settings: Settings, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, refresh = zalo.pair()
    paste(monkeypatch, refresh)
    assert await zalo_link.zalo(settings, "token") == 0
    paste(monkeypatch, "mistyped")
    assert await zalo_link.zalo(settings, "token") == 1
    assert said[-1] == "Khóa vừa dán không dùng được: chương trình dùng tiếp khóa trước."
    assert await zalo_link.zalo(settings, "status") == 0
    assert [use.taken for use in zalo.state.refreshes] == [True, False]


async def test_a_refresh_that_was_in_vain_is_tried_again_when_a_person_says_so(
    zalo: FakeZalo, settings: Settings, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, refresh = zalo.pair()
    zalo.faults.next("html", "access_token")
    paste(monkeypatch, refresh)
    assert await zalo_link.zalo(settings, "token") == 1
    assert zalo.state.refreshes == []
    assert await zalo_link.zalo(settings, "again") == 0
    assert len(zalo.state.refreshes) == 1


@asynccontextmanager
async def consent(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Opens the link that was said, as an administrator, and pastes where the browser ended up."""
    lines: list[str] = []
    monkeypatch.setattr(zalo_link, "say", lines.append)

    async def asked(_: str, *, hidden: bool = False) -> str:
        address = next(line for line in lines if "/v4/oa/permission" in line)
        query = parse_qs(urlsplit(address).query)
        assert query["redirect_uri"] == ["https://motcua.test/zalo"]
        async with aiohttp.ClientSession() as browser, browser.get(address, allow_redirects=False) as answer:
            return answer.headers["location"]

    monkeypatch.setattr(zalo_link, "_asked", asked)
    yield lines


async def test_an_administrator_allows_it_on_zalos_page(
    zalo: FakeZalo, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with consent(settings, monkeypatch) as lines:
        assert await zalo_link.zalo(settings, "link") == 0
    assert lines[-1] == "Official Account: UBND xã Bình Minh, loại doanh nghiệp, đã xác thực."
    assert zalo.state.refreshes == []


async def test_another_account_is_not_taken(
    zalo: FakeZalo, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with consent(replace(settings, zalo_oa_id="1"), monkeypatch) as lines:
        assert await zalo_link.zalo(replace(settings, zalo_oa_id="1"), "link") == 1
    assert lines[-1] == f"Đó là Official Account {OA}, còn MOTCUA_ZALO_OA_ID là 1. Chưa đổi gì."


@pytest.mark.parametrize("pasted", ["", "https://motcua.test/zalo", "https://motcua.test/zalo?code=x&state=other"])
async def test_an_address_of_something_else_is_not_taken(
    settings: Settings, said: list[str], monkeypatch: pytest.MonkeyPatch, pasted: str
) -> None:
    paste(monkeypatch, pasted)
    assert await zalo_link.zalo(settings, "link") == 1
    assert said[-1].startswith("Địa chỉ này không phải của lần cho phép vừa rồi.")


async def test_a_code_that_zalo_does_not_know(
    settings: Settings, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(monkeypatch, "https://motcua.test/zalo?code=x")
    assert await zalo_link.zalo(settings, "link") == 1
    assert said[-1].startswith("Zalo không đổi mã lấy khóa")


async def test_heads_are_told_once_a_day_for_each_trouble(zalo: FakeZalo, settings: Settings) -> None:
    async with opened(settings) as app:
        office = next(iter(app.world.catalogue.offices))
        await app.database.run(lambda work: work.officers.add(office, "Hà", Role.HEAD))
        await app.database.run(lambda work: work.officers.add(office, "Thu", Role.OFFICER))
        assert await told(app) == []
        _, refresh = zalo.pair()
        await app.database.run(lambda work: work.zalo.seed(OA, refresh))
        assert await told(app) == []
        await app.database.run(lambda work: work.zalo.trouble(OA, "api -223"))
        assert await told(app) == await told(app)
        (words,) = await told(app)
        assert "motcua zalo link" in words
        assert "-223" in words
        await app.database.run(lambda work: work.zalo.trouble(OA, "zns -137"))
        await app.database.run(lambda work: work.zalo.trouble(OA, "api -223"))
        assert len(await told(app)) == 1
        await app.database.run(lambda work: work.zalo.trouble(OA, "zns -137"))
        assert len(await told(app)) == 2


def test_every_trouble_has_words() -> None:
    for trouble in (LOST, REFUSED, AWAY, "api -216", "api -223", "api -211", "zns -115"):
        assert zalo_alarm.words(trouble).startswith("⚠️")


async def told(app: App) -> list[str]:
    """What the heads have been told so far, once more being looked at."""

    def look(work: Work) -> list[str]:
        zalo_alarm.tell(work, app.world, OA)
        office = next(iter(app.world.catalogue.offices))
        (head,) = [officer for officer in work.officers.of_office(office) if officer.role == Role.HEAD]
        return private(work, head.id)

    return await app.database.run(look)


def private(work: Work, officer: str) -> list[str]:
    """The words for one officer alone, in the group of their office."""
    rows = work.connection.execute(select(t.messages.c.body).where(t.messages.c.only == officer)).scalars()
    return [row.decode() for row in rows if b"Zalo" in row]
