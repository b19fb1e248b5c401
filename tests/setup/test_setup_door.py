"""Who gets to the set-up page: only whoever sits at this machine, with a link, from a form of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from handlers.web_door import protect
from handlers.web_setup import COOKIE, MARK, here, setup_routes
from handlers.web_setup_door import PATH, Action, Field, Page, Paper, Told

Client = TestClient[web.Request, web.Application]


class FakeSetup:
    """Lets "ma" in once, as "bánh"."""

    def __init__(self) -> None:
        self.used = False
        self.given: Mapping[str, str] = {}

    async def enter(self, token: str) -> str:
        good = token == "ma" and not self.used
        self.used = self.used or good
        return "banh" if good else ""

    async def known(self, cookie: str) -> bool:
        return cookie == "banh"

    async def page(self, step: str) -> Page | None:
        fields = (Field("a", "<b>", "<i>"), Field("b", "Khóa", "bí mật", kind="secret"))
        told = (Told(good=False, words="<script>"),)
        return (
            Page("mot", "Bước <một>", "1/2", told=told, fields=fields, actions=(Action("luu", "Lưu"),))
            if not step
            else None
        )

    async def pressed(self, step: str, action: str, given: Mapping[str, str]) -> Page | str:
        self.given = {"step": step, "action": action, **given}
        return "hai"

    async def paper(self, name: str) -> Paper | None:
        return Paper(name, b"%PDF") if name == "to.pdf" else None

    async def mark(self) -> str:
        return "motcua abc"


@pytest.fixture
def setup() -> FakeSetup:
    return FakeSetup()


@pytest.fixture
async def client(setup: FakeSetup) -> AsyncIterator[Client]:
    app = web.Application()
    app.on_response_prepare.append(protect)
    app.add_routes(setup_routes(setup))
    async with TestClient(TestServer(app)) as client:
        yield client


def origin(client: Client) -> str:
    return f"http://{client.host}:{client.port}"


@pytest.fixture
async def inside(client: Client) -> Client:
    await client.get(f"{PATH}?ma=ma", allow_redirects=False)
    return client


async def test_a_link_is_good_once_and_leaves_the_address_bar(client: Client) -> None:
    first = await client.get(f"{PATH}?ma=ma", allow_redirects=False)
    assert (first.status, first.headers["Location"]) == (303, PATH)
    cookie = first.cookies[COOKIE]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Strict", PATH)
    second = await client.get(f"{PATH}?ma=ma", allow_redirects=False)
    assert second.status == 403
    assert not second.cookies


async def test_without_a_session_nothing_is_shown_or_done(client: Client, setup: FakeSetup) -> None:
    for path in (PATH, f"{PATH}/mot", f"{PATH}/giay/to.pdf"):
        assert (await client.get(path)).status == 403
    assert (await client.post(f"{PATH}/mot", data={"lam": "luu"}, headers={"Origin": origin(client)})).status == 403
    assert setup.given == {}


async def test_what_came_through_a_proxy_or_by_another_name_finds_no_page(inside: Client) -> None:
    for strange in (
        {"X-Forwarded-For": "127.0.0.1"},
        {"CF-Connecting-IP": "203.0.113.9"},
        {"Forwarded": "for=127.0.0.1"},
        {"Host": "motcua.example.vn"},
        {"Host": "evil.example:8080"},
    ):
        assert (await inside.get(PATH, headers=strange)).status == 404
        posted = await inside.post(f"{PATH}/mot", headers={"Origin": origin(inside)} | strange)
        assert posted.status == 404
        assert (await inside.get(f"{PATH}?ma=x", headers=strange)).status == 404
    assert (await inside.get(PATH)).status == 200


@pytest.mark.parametrize("peer", ["192.168.1.20", "203.0.113.9", "::ffff:192.168.1.20", ""])
def test_who_calls_from_another_machine_finds_no_page(peer: str) -> None:
    request = make_mocked_request("GET", PATH, headers={"Host": "127.0.0.1:8080"})
    here(request.clone(remote="127.0.0.1"))
    with pytest.raises(web.HTTPNotFound):
        here(request.clone(remote=peer))


async def test_a_form_of_another_site_is_refused(inside: Client, setup: FakeSetup) -> None:
    for headers in ({}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1:1"}):
        assert (await inside.post(f"{PATH}/mot", data={"lam": "luu"}, headers=headers)).status == 403
    assert setup.given == {}
    went = await inside.post(
        f"{PATH}/mot", data={"lam": "luu", "a": " x "}, headers={"Origin": origin(inside)}, allow_redirects=False
    )
    assert (went.status, went.headers["Location"]) == (303, f"{PATH}/hai")
    assert setup.given == {"step": "mot", "action": "luu", "a": "x"}


async def test_nothing_is_markup_and_no_secret_is_shown(inside: Client) -> None:
    answer = await inside.get(PATH)
    words = await answer.text()
    assert "Bước &lt;một&gt;" in words
    assert "&lt;script&gt;" in words
    assert "<script" not in words
    assert "bí mật" not in words
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_papers_and_the_mark(inside: Client) -> None:
    assert (await inside.get(f"{PATH}/giay/to.pdf")).content_type == "application/pdf"
    assert (await inside.get(f"{PATH}/giay/khac.pdf")).status == 404
    assert (await inside.get(f"{PATH}/khong-co")).status == 404
    public: dict[str, Any] = {"X-Forwarded-For": "203.0.113.9", "Host": "motcua.example.vn"}
    assert await (await inside.get(MARK, headers=public)).text() == "motcua abc"
