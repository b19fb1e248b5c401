"""A stranger with the public address, the group's name and a phone number gets nothing, whatever they call.

All routes of the real pages are walked, with whatever a stranger may show, and with the ids of other people's rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from aiohttp import ClientResponse, web
from sqlalchemy import func, select

from conversations.messages import Pressed, Started, TextSent
from storage import tables as t
from storage.work import Work
from tests.bot.linked import person, read
from tests.bot.phones import Phones
from tests.handlers.web_client import OURS
from tests.security.conftest import PHONE, Office

OPEN: Final = {  # what anybody may read: pages that hold nothing of anybody's, and calls that say no more than a word
    *("/", "/canbo", "/page/{name}", "/sw.js", "/mat-mang", "/chinhthuc", "/chinhthuc.svg", "/congkhai"),
    *("/congkhai.csv", "/congkhai.json", "/r/{token}", "/canbo/vao/{token}", "/zalo"),
    *("/song", "/san-sang", "/dau-hieu"),  # that the program lives, can work, and by which signs it is known
}
WATCHED: Final = (
    "dossiers",
    "drafts",
    "documents",
    "files",
    "history",
    "looks",
    "tokens",
    "officers",
    "slips",
    "transfers",
)
BODIES: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"json": {}},
    {"json": {"id": "x", "text": "/tim Hoa", "press": "", "message": "1"}},
    {"json": {"id": "x", "press": "d:papers:{id}", "message": "1"}},
    {"json": {"revision": 1, "payload": "nhom"}},
    {"data": {"ma": "123456", "tin": "Một cửa"}},
    {"data": b"\xff\xd8\xff" + b"x" * 100},
)


def paths(app: web.Application) -> Iterator[tuple[str, str]]:
    """Every method and path of the pages."""
    for route in app.router.routes():
        resource = route.resource
        assert resource is not None
        if route.method != "HEAD":
            yield ("GET" if route.method == "*" else route.method), resource.canonical


def addresses(office: Office, canonical: str) -> list[str]:
    """A route's address with other people's ids in it; one of each kind is enough where it takes a token."""
    if "{" not in canonical:
        return [f"{canonical}{query}" for query in ("", "?id=x&after=0", "?code=1&don-vi=son-tien")]
    fitting = sorted(office.ids)
    return [
        re.sub(r"\{[^}]*\}", one, canonical) for one in (*fitting[:: max(1, len(fitting) // 25)], office.dossier, "x")
    ]


async def said(response: ClientResponse) -> str:
    body = (await response.read()).decode(errors="replace")
    return body + " ".join(f"{name}: {value}" for name, value in response.headers.items())


async def counts(office: Office) -> Mapping[str, int]:
    def look(work: Work) -> dict[str, int]:
        tables = {name: t.metadata.tables[name] for name in WATCHED}
        return {
            name: int(work.connection.scalar(select(func.count()).select_from(table)) or 0)
            for name, table in tables.items()
        }

    return await office.whole.run(look)


async def shows(office: Office, who: str) -> dict[str, str]:
    """What a stranger shows at the door."""
    live = office.whole.app.live
    match who:
        case "nothing":
            return {}
        case "nonsense":
            return {
                "Cookie": "motcua=x; motcua_canbo=x; __Host-motcua_canbo=x; motcua_vao=x",
                "Authorization": "Basic eA==",
            }
        case "ids":
            known = min(office.ids)
            return {"Cookie": f"motcua={known}; motcua_canbo={office.thu.officer}; motcua_vao={known}"}
        case "a citizen's cookie":
            _, cookie = await live.open(None)
            return {"Cookie": f"motcua={cookie}; motcua_canbo={cookie}; motcua_vao={cookie}"}
        case _:
            _, cookie = await live.open(None)
            forwarded = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "X-HTTP-Method-Override": "GET"}
            return {"Cookie": f"motcua={cookie}", **forwarded, "Host": "localhost", "Origin": "https://evil.example"}


@pytest.mark.parametrize("who", ["nothing", "nonsense", "ids", "a citizen's cookie", "another site"])
async def test_every_route_gives_nothing_of_anybody(office: Office, who: str) -> None:
    headers = await shows(office, who)
    before = await counts(office)
    walked = 0
    for method, canonical in paths(office.client.app):
        if canonical == "/api/stream" and who in ("a citizen's cookie", "another site"):
            continue  # their own stream, which does not end: the list of messages shows the same
        for address in addresses(office, canonical):
            for body in BODIES if method == "POST" else ({},):
                response = await office.client.request(
                    method,
                    address,
                    headers={**headers, **(OURS if method == "POST" else {})},
                    allow_redirects=False,
                    **body,
                )
                walked += 1
                words = await said(response)
                found = {secret for secret in office.secrets if secret in words and secret not in address}
                assert not found, (method, address, response.status)
                assert response.status < 500 or response.status == 503, (method, address, response.status)
                if canonical.startswith("/canbo/api/") and canonical != "/canbo/api/leave":  # which opens nothing
                    assert response.status in (401, 403), (method, address, response.status)
                cookies = {name for name in response.cookies if response.cookies[name].value}
                assert not {name for name in cookies if "canbo" in name or "vao" in name}, (method, address)
    assert walked > 150
    assert office.taken.seen == []
    after = await counts(office)
    may_grow = {"tokens"}  # a stranger may begin a chat of their own
    assert {name: n for name, n in after.items() if name not in may_grow} == {
        name: n for name, n in before.items() if name not in may_grow
    }


async def test_which_routes_are_open_is_written_down(office: Office) -> None:
    """A new page that answers anybody has to be put on the list by hand."""
    opened = set()
    for method, canonical in paths(office.client.app):
        if method == "GET" and canonical not in ("/api/stream", "/canbo/api/stream"):
            address, far = re.sub(r"\{[^}]*\}", "chat.js", canonical), {"X-Forwarded-For": "113.160.1.2"}
            response = await office.client.get(address, headers=far, allow_redirects=False)
            if response.status == 200:
                opened.add(canonical)
    assert sorted(opened - OPEN) == []


async def test_other_peoples_files_and_messages_stay_theirs(office: Office) -> None:
    live = office.whole.app.live
    stranger, cookie = await live.open(None)
    refs = await office.whole.run(lambda work: list(work.connection.scalars(select(t.files.c.id))))
    assert refs
    for ref in refs:
        assert await live.fetch(stranger, ref) is None
        response = await office.client.get(f"/api/file/{ref}", headers={"Cookie": f"motcua={cookie}"})
        assert response.status == 404
    assert await live.since(stranger, 0) == []
    lan = await office.whole.officer("Bình", office="dong-kinh")  # an officer of another office is a stranger, too
    for ref in refs:
        assert await live.fetch(lan.reader, ref) is None
    for press in ("open", "papers", "claim", "bundle", "archive", "answers", "slips", "take"):
        news = await lan.press(f"d:{press}:{office.dossier}")
        told = " ".join(shown.message.text for shown in news)
        assert not {secret for secret in office.secrets if secret in told}
        assert not any(shown.message.files for shown in news)


async def test_presses_with_other_peoples_ids_lead_nowhere(office: Office) -> None:
    """Whatever button a stranger invents: of the ids that stand in buttons none is a key."""
    stranger = await person(office.whole, "stranger")
    await stranger.send(Started())
    before = await counts(office)
    heads = (
        "show",
        "track",
        "withdraw",
        "agree",
        "submit",
        "mydata",
        "look",
        "ans",
        "paper",
        "opens",
        "go",
        "drop",
        "again",
    )
    for one in sorted(office.ids)[::4]:
        for head in heads:
            await stranger.send(Pressed(f"{head}:{one}"))
    told = " ".join(message.text for message in await read(stranger))
    assert not {secret for secret in office.secrets if secret in told}
    after = await counts(office)
    assert (after["dossiers"], after["history"], after["documents"]) == (
        before["dossiers"],
        before["history"],
        before["documents"],
    )


async def test_a_phone_number_and_the_offices_name_open_nothing(office: Office) -> None:
    """On the page; what a number alone may tell is proven in tests/bot/test_look_up.py."""
    stranger = await person(office.whole, "stranger")
    await stranger.send(Started())
    for words in (
        PHONE,
        "hồ sơ của tôi",
        f"tra cứu {PHONE}",
        "UBND xã Sơn Tiến",
        "/nhom",
        "/tim Hoa",
        "/homnay",
        "/web",
        "/phien",
    ):
        await stranger.send(TextSent(words))
    told = " ".join(message.text for message in await read(stranger))
    assert not {secret for secret in office.secrets if secret in told}


async def test_on_the_staffs_bot_a_stranger_hears_one_sentence(office: Office) -> None:
    phones = Phones(office.whole)
    for words in ("/homnay", f"/tim {PHONE}", "/web", "/phien", "/moi Thu", "123456", "47"):
        await phones.says("999", words)
    for payload in ("", "son-tien", "Một cửa Sơn Tiến", *sorted(office.ids)[:10]):
        await phones.does("999", Started(payload))
    for one in sorted(office.ids)[:10]:
        await phones.presses("999", f"d:papers:{one}")
        await phones.presses("999", f"s:enter:me:{one}:47")
    told = " ".join(phones.texts("999"))
    assert not {secret for secret in office.secrets if secret in told}
    assert not any(message.files or message.buttons for message in phones.read("999"))


async def test_whoever_signs_nothing_is_not_heard_by_the_webhooks(office: Office) -> None:
    for path in ("/telegram/citizens", "/zalo", "/payments/sepay"):
        for headers in (
            {},
            {"X-Telegram-Bot-Api-Secret-Token": ""},
            {"X-Telegram-Bot-Api-Secret-Token": "x", "X-ZEvent-Signature": "mac=" + "0" * 64},
            {"X-SePay-Signature": "sha256=" + "0" * 64, "X-SePay-Timestamp": "1"},
        ):
            response = await office.client.post(path, data=b'{"update_id":1,"timestamp":"1"}', headers=headers)
            assert response.status in (200, 401)
            assert (await response.text()) in ("", '{"success": false}')
    assert office.taken.seen == []
    assert (await counts(office))["transfers"] == 0
