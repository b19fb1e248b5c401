"""The upload page with the whole program behind it: real tokens, real pictures looked at, the owner's chat going on."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image
from sqlalchemy import select, update

from bot.world import fresh
from catalogue.load import load
from conversations.messages import Inbound, Pressed, Started
from conversations.state import Document
from domain.values import moment_words
from handlers.web import web_app
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.photos import blurred
from tests.bot.walk import greeted, to_review
from tests.bot.whole import Actor, Whole, another, pdf, running
from tests.handlers.web_client import OURS, Client

PROCEDURE: Final = load().procedures["thay-doi-cai-chinh-ho-tich"]
PAPER: Final = "giay-ho-tich-can-sua"
NAME: Final = "Bản chính giấy hộ tịch cần sửa"


@pytest.fixture
async def client(whole: Whole) -> AsyncIterator[Client]:
    app = web_app(whole.app.live, uploads=whole.app.uploads, max_upload_mb=1)
    async with TestClient(TestServer(app)) as client:
        yield client


def cut_off() -> bytes:
    """A photo of a part of a page."""
    with Image.open(io.BytesIO(another())) as photo:
        out = io.BytesIO()
        photo.crop((0, 300, 800, 1280)).save(out, "JPEG", quality=90)
        return out.getvalue()


async def at_paper(whole: Whole) -> Actor:
    """A citizen who is asked for the first paper."""
    citizen = await greeted(whole)
    await citizen.press(f"start:{PROCEDURE.id}")
    await to_review(citizen, PROCEDURE, until=f"ways:{PAPER}:")
    return citizen


async def link_of(citizen: Actor, head: str) -> str:
    """Press a way of sending; gives the link's token."""
    await citizen.press(next(value for value in citizen.buttons if value.startswith("ways:")))
    await citizen.press(next(value for value in citizen.buttons if value.startswith(f"{head}:")))
    found = re.search(r"http://127\.0\.0\.1:8080/gui/(\S+)", citizen.last.message.text)
    assert found is not None
    return found[1]


async def send(client: Client, token: str, data: bytes, by: str = "", paper: str = PAPER, event: str = "") -> Any:
    path = f"/gui/{token}/anh?id={event or fresh()}&paper={paper}"
    response = await client.post(path, data=io.BytesIO(data), headers=OURS | {"X-Motcua-By": by})
    assert response.status == 200, await response.text()
    return await response.json()


async def look(client: Client, token: str, kept: Any) -> Any:
    return await (await client.get(f"/gui/{token}/xem?id={kept['id']}")).json()


async def facts(client: Client, token: str) -> Any:
    return await (await client.get(f"/gui/{token}/giay")).json()


async def documents(whole: Whole) -> list[Document]:
    def all_(work: Work) -> list[Document]:
        owners = work.connection.scalars(select(t.drafts.c.id)).all()
        return [document for owner in owners for document in work.drafts.documents(owner)]

    return await whole.run(all_)


async def files(whole: Whole) -> set[str]:
    return await whole.run(lambda work: set(work.connection.scalars(select(t.files.c.id))))


async def test_own_link_takes_a_photo_and_the_chat_goes_on(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "link")
    shown = await facts(client, token)
    first = shown["papers"][0]
    assert (first["name"], first["complete"]) == (NAME, False)
    now = whole.world.now()
    until = moment_words(now + timedelta(minutes=30), now)
    assert (shown["helper"], shown["until"], shown["back"]) == (False, until, "")
    kept = await send(client, token, another())
    assert await look(client, token, kept) == {"state": "checking", "text": "", "picture": False}
    await whole.app.idle()
    assert (await look(client, token, kept))["text"] == f"Ảnh dùng được. Đã gửi: {NAME}."
    said = [one.message.text for one in await citizen.news() if not one.own]
    assert said[-1].startswith(f"Đã nhận 1 ảnh, ảnh rõ: {NAME}.")
    assert [(one.paper, one.verdict, one.by) for one in await documents(whole)] == [(PAPER, "ok", "")]


async def test_poor_photo_is_told_and_the_next_one_takes_its_place(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "link")
    kept = await send(client, token, blurred())
    await whole.app.idle()
    seen = await look(client, token, kept)
    assert (seen["state"], seen["picture"]) == ("poor", False)
    await citizen.news()
    assert citizen.last.message.text == seen["text"]
    better = await send(client, token, another())
    await whole.app.idle()
    assert (await look(client, token, better))["state"] == "good"
    assert (await look(client, token, kept))["state"] == "gone"
    assert [one.ref for one in await documents(whole)] == [better["id"]]
    assert kept["id"] not in await files(whole)


async def test_where_it_helps_the_trouble_is_shown_marked(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "link")
    kept = await send(client, token, cut_off())
    await whole.app.idle()
    seen = await look(client, token, kept)
    assert (seen["state"], seen["picture"]) == ("poor", True)
    marked = await client.get(f"/gui/{token}/anh/{kept['id']}")
    assert (marked.content_type, (await marked.read())[:3]) == ("image/jpeg", b"\xff\xd8\xff")


async def test_poor_photo_can_be_used_all_the_same(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "helper")
    kept = await send(client, token, blurred(), by="B%C3%A0%20T%C3%A1m")
    await whole.app.idle()
    for _ in range(2):
        body = {"id": "a2", "file": kept["id"]}
        used = await (await client.post(f"/gui/{token}/dung", json=body, headers=OURS)).json()
        assert used == {"state": "good", "text": f"Đã gửi: {NAME}. Cán bộ sẽ xem kỹ ảnh này.", "picture": False}
    said = [one.message.text for one in await citizen.news()]
    words = f"«Bà Tám» đã gửi: {NAME}. Ảnh chưa thật rõ, cán bộ sẽ xem kỹ."
    assert [text for text in said if text.startswith("«")] == [
        f"«Bà Tám» gửi ảnh chưa rõ: {NAME}. Tôi đã nhắc chụp lại.",
        words,
    ]


async def test_helper_sends_one_paper_and_the_owner_hears_who(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "helper")
    shown = await facts(client, token)
    assert ([one["name"] for one in shown["papers"]], shown["helper"], shown["chat"]) == ([NAME], True, False)
    kept = await send(client, token, another(), by="B%C3%A0%20T%C3%A1m%0A%C2%AB" + "x" * 90)
    await whole.app.idle()
    assert (await look(client, token, kept))["state"] == "good"
    said = [one.message.text for one in await citizen.news()]
    assert f"«Bà Tám {'x' * 33}» đã gửi: {NAME} (ảnh rõ)." in said
    refused = await send(client, token, another(), paper="can-cu-sua")
    assert refused == {"id": "", "refused": "Giấy này bây giờ không cần nữa. Bạn xem lại trong cuộc trò chuyện nhé."}
    other = await citizen.keep(another(), "image/jpeg", "")
    assert (await look(client, token, {"id": other.ref}))["state"] == "gone"
    assert (await client.get(f"/gui/{token}/anh/{other.ref}")).status == 404


async def test_answer_that_was_lost_is_asked_for_again_harmlessly(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "link")
    data = another()
    first = await send(client, token, data, event="a1")
    await whole.app.idle()
    assert await send(client, token, data, event="a1") == first
    assert len(await documents(whole)) == 1
    assert len(await files(whole) - set((await documents(whole))[0].refs)) == 0


async def test_file_that_is_no_photo_is_told_and_gone(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "link")
    refused = "Loại tệp này tôi không mở được. Bạn gửi ảnh chụp hoặc tệp PDF nhé."
    assert await send(client, token, b"MZ\x90\x00") == {"id": "", "refused": refused}
    assert (await send(client, token, b""))["refused"].startswith("Tệp này bị rỗng.")
    assert (await send(client, token, b"x" * 1_200_000))["refused"].startswith("Tệp này lớn quá.")
    kept = await send(client, token, b"%PDF-1.7 broken")
    await whole.app.idle()
    words = "Tệp này bị hỏng, không mở được. Bạn chụp hoặc chọn lại nhé."
    assert await look(client, token, kept) == {"state": "bad", "text": words, "picture": False}
    assert (await documents(whole), await files(whole)) == ([], set())
    good = await send(client, token, pdf())
    assert good["refused"] == ""


async def test_paper_that_is_complete_takes_no_more(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "helper")
    for _ in range(4):
        await send(client, token, another())
        await whole.app.idle()
    assert (await facts(client, token))["papers"][0]["complete"] is True
    assert await send(client, token, another()) == {"id": "", "refused": "Giấy này đã đủ, không cần gửi thêm."}
    assert len(await documents(whole)) == 4


async def test_link_ends_with_its_time(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "link")
    assert (await client.get(f"/gui/{token}")).status == 200
    old = update(t.tokens).where(t.tokens.c.purpose == "upload").values(expires=t.tokens.c.expires - 29 * 60)
    await whole.run(lambda work: work.connection.execute(old))
    assert (await client.get(f"/gui/{token}")).status == 200
    await whole.run(lambda work: work.connection.execute(old))
    assert (await client.get(f"/gui/{token}")).status == 410
    response = await client.post(f"/gui/{token}/anh?id=a1&paper={PAPER}", data=b"x", headers=OURS)
    assert response.status == 410


async def test_link_ends_with_the_draft(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "helper")
    await citizen.sends(another())
    await to_review(citizen, PROCEDURE)
    assert (await client.get(f"/gui/{token}")).status == 200
    await citizen.press(next(value for value in citizen.buttons if value.startswith("submit:")))
    assert (await client.get(f"/gui/{token}")).status == 410
    assert (await client.get(f"/gui/{token}/giay")).status == 410


async def test_only_the_hash_is_kept_and_opens_nothing_else(whole: Whole, client: Client) -> None:
    citizen = await at_paper(whole)
    token = await link_of(citizen, "link")
    rows = await whole.run(lambda work: work.connection.execute(select(t.tokens)).all())
    assert all(token not in str(row) for row in rows)
    assert await whole.app.live.who(token, staff=False) is None
    assert await whole.app.live.come_back(token) is None
    assert (await whole.app.live.log_in(token, "")).state == "gone"


async def test_on_a_messenger_there_are_links_where_the_page_is_public(
    sqlite_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with running(sqlite_url, tmp_path, public_url="https://motcua.example/") as whole:
        receive, now = whole.app.receiver.receive, whole.world.now()
        await receive(Inbound("telegram", "7", "1", Started(), now))
        await receive(Inbound("telegram", "7", "2", Pressed(f"start:{PROCEDURE.id}"), now))
        draft = await whole.run(lambda work: work.connection.scalar(select(t.drafts.c.id)))
        assert draft is not None
        end = draft[:6]
        for value in (f"for:self:{end}", "yes:handle", "no:notify", f"link:{end}"):
            await receive(Inbound("telegram", "7", value, Pressed(value), now))
        said = await whole.run(lambda work: list(work.connection.scalars(select(t.outbox.c.body))))
        found = re.search(rb"https://motcua\.example/gui/([\w-]+)", b"".join(said))
        assert found is not None
        token = found[1].decode()
        opened = await whole.app.uploads.open(token)
        assert opened is not None
        assert (opened.back, opened.helper) == ("Telegram", False)
        kept = await whole.app.uploads.send(token, "a1", "can-cu-sua", "", blurred())
        assert kept is not None
        await whole.app.idle()
        seen = await whole.app.uploads.look(token, kept.id)
        assert seen is not None
        more = await whole.run(lambda work: list(work.connection.scalars(select(t.outbox.c.body))))
        assert seen.text.encode() in more[len(said)]


async def test_many_sent_at_once_are_taken_as_far_as_there_is_room(whole: Whole, client: Client) -> None:
    """Who sent one too many hears so, and nothing of it is kept."""
    citizen = await at_paper(whole)
    token = await link_of(citizen, "link")
    before = await files(whole)
    answers = await asyncio.gather(*(send(client, token, another()) for _ in range(12)))
    taken = [one["id"] for one in answers if one["id"]]
    assert {one["refused"] for one in answers if not one["id"]} == {"Giấy này đã đủ, không cần gửi thêm."}
    await whole.app.idle()
    kept = [one for one in await documents(whole) if one.paper == PAPER]
    assert sorted(one.ref for one in kept) == sorted(taken)
    paper = next(one for one in PROCEDURE.papers if one.key == PAPER)
    assert len(kept) == paper.max_photos
    assert await files(whole) - before == {ref for one in kept for ref in one.refs}
