"""What the pages ask and say about being told while they are closed, and the files with which they are installed."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from PIL import Image

from tests.handlers.fake_pushes import KEY, FakePushes
from tests.handlers.web_client import OURS, Client, error

WISH = {"endpoint": "https://fcm.googleapis.com/fcm/send/x", "p256dh": "B" * 87, "auth": "A" * 22}


async def test_a_guest_gets_the_key_and_is_kept_once(citizen: Client, pushes: FakePushes) -> None:
    assert await (await citizen.get("/api/push")).json() == {"key": KEY}
    for _ in range(2):
        assert (await citizen.post("/api/push", json=WISH, headers=OURS)).status == 200
    assert pushes.kept == {WISH["endpoint"]: "citizen-0"}
    assert (await citizen.post("/api/push-off", json={"endpoint": WISH["endpoint"]}, headers=OURS)).status == 200
    assert pushes.kept == {}


async def test_an_officer_has_a_page_of_their_own(officer: Client, pushes: FakePushes) -> None:
    assert (await officer.post("/canbo/api/push", json=WISH, headers=OURS)).status == 200
    assert pushes.kept == {WISH["endpoint"]: "officer"}


async def test_strangers_and_other_sites_are_nobody(client: Client, citizen: Client, pushes: FakePushes) -> None:
    assert (await citizen.post("/api/push", json=WISH)).status == 403
    client.session.cookie_jar.clear()
    assert (await client.get("/api/push")).status == 401
    assert (await client.post("/api/push", json=WISH, headers=OURS)).status == 401
    assert pushes.kept == {}


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://10.0.0.1/x"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 1000},
        {"p256dh": "short"},
        {"auth": "ệ" * 22},
    ],
)
async def test_what_is_no_subscription_is_not_kept(citizen: Client, pushes: FakePushes, change: dict[str, str]) -> None:
    assert (await citizen.post("/api/push", json=WISH | change, headers=OURS)).status == 400
    assert pushes.kept == {}


async def test_where_it_is_off_nothing_is_kept(citizen: Client, pushes: FakePushes) -> None:
    pushes.on = False
    assert await (await citizen.get("/api/push")).json() == {"key": ""}
    refused = await citizen.post("/api/push", json=WISH, headers=OURS)
    assert refused.status == 409
    assert "chưa báo được" in await error(refused)
    assert pushes.kept == {}


@pytest.mark.parametrize(
    ("name", "start"), [("manifest.webmanifest", "../"), ("manifest-canbo.webmanifest", "../canbo")]
)
async def test_a_manifest_names_icons_that_are_there(client: Client, name: str, start: str) -> None:
    response = await client.get(f"/page/{name}")
    assert response.content_type == "application/manifest+json"
    manifest = json.loads(await response.text())
    assert manifest["start_url"] == start
    assert "Một Cửa" in manifest["name"]
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        found = await client.get(f"/page/{icon['src']}")
        assert found.content_type == icon["type"]
        if icon["type"] == "image/png":
            with Image.open(BytesIO(await found.read())) as picture:
                assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


async def test_the_worker_stands_beside_the_pages_and_knows_what_it_keeps(client: Client) -> None:
    response = await client.get("/sw.js")
    assert response.content_type == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert re.search(r'VERSION = "[0-9a-f]{16}"', await response.text())
    assert (await client.get("/page/sw.js")).status == 404
    offline = await client.get("/mat-mang")
    assert "sẽ được gửi khi có mạng" in await offline.text()
