"""Files of citizens are fetched from Zalo, and from nowhere inside our own house."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from conversations.messages import Refused, TryLater, Uncertain, Undeliverable
from handlers import zalo_media
from handlers.zalo_bot import ZaloBot
from handlers.zalo_media import Media, addresses
from handlers.zalo_wire import Unsent
from tests.zalo.fake import FakeZalo

PUBLIC = "203.113.131.1"


def resolves(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    async def found(_: str) -> list[str]:
        return list(addresses)

    monkeypatch.setattr(zalo_media, "addresses", found)


def answers(media: Media, *responses: httpx.Response | Exception) -> list[httpx.Request]:
    """What the outside answers, one call after the other; gives what was asked."""
    asked: list[httpx.Request] = []
    waiting = list(responses)

    async def send(request: httpx.Request, **_: Any) -> httpx.Response:
        asked.append(request)
        answer = waiting.pop(0)
        if isinstance(answer, Exception):
            raise answer
        answer.request = request
        return answer

    media._client.send = send  # type: ignore[method-assign]  # noqa: SLF001
    return asked


async def test_a_file_comes_from_the_fake(zalo: FakeZalo, bot: ZaloBot) -> None:
    assert await bot.fetch(zalo.serve(b"x" * 1000, "image/jpeg")) == b"x" * 1000
    with pytest.raises(Undeliverable, match="gone"):
        await bot.fetch(f"{zalo.base}/media/none")


async def test_no_more_is_read_than_is_wanted(zalo: FakeZalo) -> None:
    media = Media(999, any_host=True)
    with pytest.raises(Refused, match="too-large"):
        await media.fetch(zalo.serve(b"x" * 1000, "image/jpeg"))
    await media.close()


@pytest.mark.parametrize(
    "address",
    [
        "http://photo.zalo.test/a.jpg",
        "ftp://photo.zalo.test/a.jpg",
        "file:///etc/passwd",
        "https://photo.zalo.test:8443/a.jpg",
        "https://a:b@photo.zalo.test/a.jpg",
        "https:///a.jpg",
        "https://[::1/a.jpg",
        "",
        "a.jpg",
    ],
)
async def test_only_the_web_as_everybody_sees_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolves(monkeypatch, PUBLIC)
    media = Media()
    asked = answers(media)
    with pytest.raises(Undeliverable, match="gone"):
        await media.fetch(address)
    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - read, not bound to
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
    ],
)
async def test_no_address_of_a_private_network(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    media = Media()
    asked = answers(media)
    for others in ((address,), (PUBLIC, address)):
        resolves(monkeypatch, *others)
        with pytest.raises(Undeliverable, match="gone"):
            await media.fetch("https://photo.zalo.test/a.jpg")
    assert asked == []


async def test_the_address_that_was_looked_at_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves(monkeypatch, PUBLIC)
    media = Media()
    asked = answers(media, httpx.Response(200, stream=httpx.ByteStream(b"x")))
    assert await media.fetch("https://photo.zalo.test/a.jpg?b=c") == b"x"
    (request,) = asked
    assert str(request.url) == f"https://{PUBLIC}/a.jpg?b=c"
    assert request.headers["host"] == "photo.zalo.test"
    assert request.extensions["sni_hostname"] == "photo.zalo.test"
    assert "access_token" not in request.headers


async def test_a_name_is_looked_up_and_a_number_stands_for_itself() -> None:
    assert await addresses("127.0.0.1") == ["127.0.0.1"]
    with pytest.raises(Unsent):
        await Media().fetch("https://does-not-exist.invalid/a.jpg")


async def test_a_redirect_is_looked_at_like_the_first_address(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves(monkeypatch, PUBLIC)
    for target in ("http://photo.zalo.test/b.jpg", "file:///etc/passwd", "https://x:1/"):
        media = Media()
        asked = answers(media, httpx.Response(302, headers={"location": target}))
        with pytest.raises(Undeliverable, match="gone"):
            await media.fetch("https://photo.zalo.test/a.jpg")
        assert len(asked) == 1
    media = Media()
    asked = answers(
        media,
        httpx.Response(302, headers={"location": "/b.jpg"}),
        httpx.Response(200, stream=httpx.ByteStream(b"x")),
    )
    assert await media.fetch("https://photo.zalo.test/a.jpg") == b"x"
    assert [request.url.path for request in asked] == ["/a.jpg", "/b.jpg"]
    asked = answers(media, *(httpx.Response(302, headers={"location": "/a.jpg"}) for _ in range(9)))
    with pytest.raises(Undeliverable, match="gone"):
        await media.fetch("https://photo.zalo.test/a.jpg")
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("response", "raised"),
    [
        (httpx.Response(404), Undeliverable),
        (httpx.Response(403), Undeliverable),
        (httpx.Response(429), TryLater),
        (httpx.Response(500), Uncertain),
        (httpx.Response(200, headers={"content-length": "99999999999"}), Refused),
        (httpx.Response(200, headers={"content-encoding": "gzip"}), Uncertain),
        (httpx.ConnectError("no"), Unsent),
        (httpx.ReadTimeout("slow"), Unsent),
    ],
)
async def test_what_does_not_come_is_said_as_it_is(
    response: httpx.Response | Exception, raised: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves(monkeypatch, PUBLIC)
    media = Media()
    answers(media, response)
    with pytest.raises(raised):
        await media.fetch("https://photo.zalo.test/a.jpg")
