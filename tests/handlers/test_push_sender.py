"""What goes to a push service, and what its answers mean."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from email.utils import formatdate
from time import time
from typing import Any

import pytest
from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from conversations.messages import Message, Refused, Sent, TryLater, Uncertain, Undeliverable
from handlers import push_sealed
from handlers.push_guard import NotPublic, PublicOnly, checked
from handlers.push_sender import PushSender
from handlers.push_types import Subscription
from tests.handlers.fake_push import FakePush

SECRET = push_sealed.new_secret()
NEWS = Message("Có tin mới về hồ sơ 4F7K-2M9P.", speaker="Một Cửa", facts={"tag": "dossier:1"})


class Door:
    """What the program keeps."""

    def __init__(self, fake: FakePush) -> None:
        self.kept: dict[str, Subscription] = {"one": fake.subscription()}

    async def secret(self) -> bytes:
        return SECRET

    async def subscription(self, address: str) -> Subscription | None:
        return self.kept.get(address)

    async def gone(self, address: str) -> None:
        del self.kept[address]


@pytest.fixture
async def fake() -> AsyncIterator[FakePush]:
    fake = FakePush()
    await fake.server.start_server()
    yield fake
    await fake.server.close()


@pytest.fixture
def door(fake: FakePush) -> Door:
    return Door(fake)


@pytest.fixture
async def sender(fake: FakePush, door: Door) -> AsyncIterator[PushSender]:
    sender = PushSender(door, "mailto:motcua@example.vn", connector=TCPConnector, origin=lambda _: fake.origin)
    yield sender
    await sender.close()


async def test_the_browser_alone_reads_it_and_the_service_knows_who_sends(sender: PushSender, fake: FakePush) -> None:
    fake.known_by = push_sealed.public_key(SECRET)
    assert await sender.send("one", NEWS) == Sent("")
    assert fake.told == [{"title": "Một Cửa", "body": "Có tin mới về hồ sơ 4F7K-2M9P.", "tag": "dossier:1"}]


async def test_news_of_one_matter_take_the_place_of_what_still_waits(sender: PushSender, fake: FakePush) -> None:
    for tag in ("dossier:1", "dossier:1", "dossier:2"):
        await sender.send("one", Message("…", facts={"tag": tag}))
    assert fake.topics[0] == fake.topics[1] != fake.topics[2]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(sender: PushSender, fake: FakePush, door: Door, status: int) -> None:
    fake.status = status
    with pytest.raises(Undeliverable, match="gone"):
        await sender.send("one", NEWS)
    assert door.kept == {}
    with pytest.raises(Undeliverable, match="gone"):
        await sender.send("one", NEWS)
    assert fake.calls == 1


@pytest.mark.parametrize(
    ("status", "said", "least", "most"), [(429, "7", 7, 7), (503, "", 60, 60), (500, "9" * 9, 3600, 3600)]
)
async def test_a_service_that_wants_a_pause_gets_it(
    sender: PushSender, fake: FakePush, status: int, said: str, least: float, most: float
) -> None:
    fake.status, fake.retry_after = status, said
    with pytest.raises(TryLater) as error:
        await sender.send("one", NEWS)
    assert least <= error.value.seconds <= most


async def test_a_pause_may_be_given_as_a_moment(sender: PushSender, fake: FakePush) -> None:
    fake.status, fake.retry_after = 429, formatdate(time() + 100, usegmt=True)
    with pytest.raises(TryLater) as error:
        await sender.send("one", NEWS)
    assert 90 < error.value.seconds <= 100


async def test_what_a_service_will_never_take_is_refused_without_losing_the_browser(
    sender: PushSender, fake: FakePush, door: Door
) -> None:
    for fake.status in (400, 403, 413, 307):
        with pytest.raises(Refused):
            await sender.send("one", NEWS)
    assert "one" in door.kept


async def test_keys_that_are_none_are_forgotten(sender: PushSender, fake: FakePush, door: Door) -> None:
    door.kept["one"] = Subscription(fake.subscription().endpoint, "A" * 87, "A" * 22)
    with pytest.raises(Undeliverable):
        await sender.send("one", NEWS)
    assert door.kept == {}
    assert fake.calls == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/a",
        "https://push.example.com:8443/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://2130706433/a",
        "https://0x7f000001/a",
        "https://127.1/a",
        "https://localhost/a",
        "https://db.internal/a",
        "https://printer.local/a",
        "https://user:pass@push.example.com/a",
        "https://push.example.com/a b",
        "https://push.example.com:99999/a",
        "https:///a",
        "https://push.example.com/" + "a" * 1000,
        "file:///etc/passwd",
    ],
)
def test_only_public_https_servers_are_called(endpoint: str) -> None:
    with pytest.raises(NotPublic):
        checked(endpoint)


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", "https://fcm.googleapis.com"),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", "https://updates.push.services.mozilla.com"),
        ("https://web.push.apple.com/QGuQyavXutnMH?a=b", "https://web.push.apple.com"),
        ("https://wns2-sg2p.notify.windows.com/w/?token=x", "https://wns2-sg2p.notify.windows.com"),
    ],
)
def test_the_browsers_own_services_are_called(endpoint: str, origin: str) -> None:
    assert checked(endpoint) == origin


class Names(AbstractResolver):
    """A name server with one answer."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found: list[Any] = [
            {"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}
            for address in self._addresses
        ]
        return found

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "addresses", [["10.0.0.7"], ["142.250.1.1", "127.0.0.1"], ["169.254.169.254"], ["fe80::1%2"], []]
)
async def test_a_name_that_leads_inside_is_not_followed(addresses: list[str]) -> None:
    with pytest.raises(NotPublic):
        await PublicOnly(Names(*addresses)).resolve("push.example.com", 443)


async def test_a_name_that_leads_outside_is() -> None:
    found = await PublicOnly(Names("142.250.1.1")).resolve("push.example.com", 443)
    assert [one["host"] for one in found] == ["142.250.1.1"]


async def test_what_led_outside_and_now_leads_inside_is_not_called(fake: FakePush, door: Door) -> None:
    sender = PushSender(
        door,
        "mailto:motcua@example.vn",
        connector=lambda: TCPConnector(resolver=PublicOnly(Names("127.0.0.1"))),
        origin=lambda _: fake.origin,
    )
    port = fake.server.port
    door.kept["one"] = Subscription(f"http://push.example.com:{port}/wpush/x", *_keys(fake))
    with pytest.raises(Refused):
        await sender.send("one", NEWS)
    assert fake.calls == 0
    await sender.close()


def _keys(fake: FakePush) -> tuple[str, str]:
    found = fake.subscription()
    return found.p256dh, found.auth


async def test_no_answer_is_no_answer(fake: FakePush, door: Door, sender: PushSender) -> None:
    fake.status = 0
    with pytest.raises(Uncertain):
        await sender.send("one", NEWS)
    assert "one" in door.kept
