"""E-mail through the whole program: an address is proven by code or by link, gets what it asked for, can stop it."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from sqlalchemy import update

from bot import copies, outbound, reach
from bot.deliver import Deliverer, Limits
from bot.mail_pages import MailPages
from bot.scene import present
from conversations.messages import File, Message
from conversations.render import text
from handlers.email import Server, SmtpSender
from handlers.email_mail import mailbox
from handlers.web import web_app
from handlers.web_mail import mail_routes
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import hand_in
from tests.bot.whole import Actor, Whole, running
from tests.handlers.mail_server import MailServer, mail_server

LAN = "lan@example.vn"
BASE = "https://motcua.example.vn"


@asynccontextmanager
async def posting(url: str, folder: Path, public_url: str = BASE) -> AsyncIterator[tuple[Whole, MailServer]]:
    """The program with a mail server."""
    more: dict[str, Any] = {"smtp_url": "smtp://x", "mail_from": "motcua@xa.example.vn", "public_url": public_url}
    async with mail_server() as post, running(url, folder, **more) as whole:
        at = Server("127.0.0.1", post.port, tls=False)
        sender = SmtpSender(at, mailbox("Một cửa <motcua@xa.example.vn>"), whole.app.load)
        whole.app.senders["email"] = sender
        lifted = Limits(overall=0, private=0, group=0)  # nobody is to wait for a second
        whole.app.deliverer = Deliverer(whole.app.database, whole.world, whole.app.senders, lifted)
        yield whole, post


@pytest.fixture
async def both(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[tuple[Whole, MailServer]]:
    async with posting(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[tuple[Whole, MailServer]]:
    async with posting(sqlite_url, tmp_path) as made:
        yield made


@asynccontextmanager
async def pages(whole: Whole) -> AsyncIterator[Callable[..., Awaitable[tuple[int, str]]]]:
    """Opens or posts a page of a mail; gives status and words."""
    app = web_app(whole.app.live)
    app.add_routes(mail_routes(MailPages(whole.app.database, whole.world)))
    async with TestServer(app) as server, ClientSession() as session:

        async def ask(method: str, link: str, data: object = None) -> tuple[int, str]:
            async with session.request(method, server.make_url(link.removeprefix(BASE)), data=data) as answer:
                words = re.sub(r"<[^>]+>", " ", await answer.text())
                await whole.app.idle()
                return answer.status, " ".join(words.split())

        yield ask


async def arrived(whole: Whole) -> Actor:
    """A citizen who has chosen the office."""
    citizen = await whole.citizen()
    await citizen.says("chào")
    return citizen


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return cast("str", body.get_content())


def page(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return cast("str", body.get_content())


def code(mail: EmailMessage) -> str:
    found = re.search(r"Mã xác nhận: (\d{3}) (\d{3})", words(mail))
    assert found is not None
    return found[1] + found[2]


def link(mail: EmailMessage) -> str:
    found = re.search(rf"{BASE}/thu/xacnhan/\S+", words(mail))
    assert found is not None
    return found[0]


async def with_address(whole: Whole, post: MailServer) -> Actor:
    citizen = await arrived(whole)
    await citizen.says("e-mail")
    await citizen.says(LAN)
    await citizen.says(code(post.last()))
    return citizen


async def test_by_the_code(both: tuple[Whole, MailServer]) -> None:
    whole, post = both
    citizen = await arrived(whole)
    await citizen.says("e-mail")
    await citizen.says(LAN)
    assert f"gửi thư tới {LAN}" in citizen.last.message.text
    assert post.taken[0].to == [LAN]
    right = code(post.last())
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    await citizen.says(wrong)
    assert "không đúng" in citizen.last.message.text
    await citizen.says(f"{right[:3]} {right[3:]}")
    assert f"Đã xác nhận e-mail {LAN}" in citizen.last.message.text
    await citizen.says("e-mail")
    assert f"E-mail của bạn: {LAN}" in citizen.last.message.text
    await citizen.press_label("Bỏ địa chỉ này")
    await citizen.says("e-mail")
    assert "Bạn gõ địa chỉ e-mail" in citizen.last.message.text


async def test_a_code_is_good_once_and_five_wrong_ones_end_it(here: tuple[Whole, MailServer]) -> None:
    whole, post = here
    citizen = await arrived(whole)
    await citizen.says("e-mail")
    await citizen.says(LAN)
    right = code(post.last())
    for _ in range(5):
        await citizen.says(f"{(int(right) + 1) % 1_000_000:06}")
    assert "hết hạn hoặc bị gõ sai nhiều lần" in citizen.last.message.text
    await citizen.says(right)
    assert "hết hạn hoặc bị gõ sai nhiều lần" in citizen.last.message.text
    await citizen.press_label("Gửi lại thư")
    newer = code(post.last())
    await citizen.says(newer)
    assert "Đã xác nhận" in citizen.last.message.text


async def test_a_link_that_is_only_opened_confirms_nothing(both: tuple[Whole, MailServer]) -> None:
    """Virus scanners open every link of a mail, some of them many times."""
    whole, post = both
    citizen = await arrived(whole)
    await citizen.says("e-mail")
    await citizen.says(LAN)
    async with pages(whole) as ask:
        shown = ""
        for method in ("HEAD", "GET", "GET"):
            status, shown = await ask(method, link(post.last()))
            assert status == 200
        assert LAN in shown
        assert "Đúng là tôi, xác nhận" in shown
        assert "Đã xác nhận" not in citizen.last.message.text
        status, shown = await ask("POST", link(post.last()))
        assert (status, "Đã xác nhận" in shown) == (200, True)
        assert "Đã xác nhận" in (await citizen.news())[-1].message.text
        assert (await ask("POST", link(post.last())))[0] == 410
        assert (await ask("GET", "/thu/xacnhan/khong-co"))[0] == 410
    await citizen.says("111111")  # no code is waited for any more
    assert "không đúng" not in citizen.last.message.text


async def test_without_a_page_of_ours_the_code_does_it(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with posting(sqlite_url, tmp_path, public_url="") as (whole, post):
        await with_address(whole, post)
        mail = post.last()
        assert "://" not in words(mail)
        assert mail["List-Unsubscribe"] is None
        citizen = await whole.citizen()
        await citizen.says("e-mail")
        assert f"E-mail của bạn: {LAN}" in citizen.last.message.text


async def test_an_older_link_is_void(here: tuple[Whole, MailServer]) -> None:
    whole, post = here
    citizen = await arrived(whole)
    await citizen.says("e-mail")
    await citizen.says(LAN)
    await citizen.press_label("Gửi lại thư")
    first, second = (link(taken.mail) for taken in post.taken)
    async with pages(whole) as ask:
        assert (await ask("POST", first))[0] == 410
        assert (await ask("POST", second))[0] == 200


async def test_a_slip_of_the_finger_is_asked_about(here: tuple[Whole, MailServer]) -> None:
    whole, post = here
    citizen = await arrived(whole)
    await citizen.says("e-mail")
    await citizen.says("lan@gmial.com")
    assert "Có phải lan@gmail.com không?" in citizen.last.message.text
    assert not post.taken
    await citizen.press_label("lan@gmail.com")
    assert post.taken[0].to == ["lan@gmail.com"]
    await citizen.says("e-mail")
    await citizen.says("lan@gmial.com")
    await citizen.press_label("Giữ lan@gmial.com")
    assert post.taken[1].to == ["lan@gmial.com"]


@pytest.mark.parametrize("typed", ["lan", "0912345678", "nguyễn@gmail.com", "lan ơi@gmail.com", "a@b.vn, c@d.vn"])
async def test_what_is_no_address_is_said_kindly(here: tuple[Whole, MailServer], typed: str) -> None:
    whole, post = here
    citizen = await arrived(whole)
    await citizen.says("e-mail")
    await citizen.says(typed)
    assert "e-mail" in citizen.last.message.text or "một địa chỉ" in citizen.last.message.text
    await citizen.says(LAN)
    assert post.taken[0].to == [LAN]


async def test_a_mailbox_that_is_none_is_told(here: tuple[Whole, MailServer]) -> None:
    whole, post = here
    post.refuses("RCPT", "550 5.1.1 no such user")
    citizen = await arrived(whole)
    await citizen.says("e-mail")
    await citizen.says(LAN)
    await whole.app.idle()
    await citizen.news()
    assert f"không có hộp thư {LAN}" in citizen.last.message.text
    await citizen.says(LAN)  # it may be there now
    assert post.taken[0].to == [LAN]


async def test_mails_are_stopped_with_one_click_and_taken_up_again(both: tuple[Whole, MailServer]) -> None:
    whole, post = both
    citizen = await with_address(whole, post)
    header = str(post.last()["List-Unsubscribe"])[1:-1]
    assert header.startswith(f"{BASE}/thu/")
    async with pages(whole) as ask:
        assert "Bấm nút" in (await ask("GET", header))[1]
        assert (await ask("POST", header, {"List-Unsubscribe": "One-Click"}))[0] == 200
        await citizen.says("e-mail")
        await citizen.press_label("Địa chỉ khác")
        sent = len(post.taken)
        await citizen.says(LAN)
        assert "đã chọn ngừng nhận thư" in citizen.last.message.text
        assert len(post.taken) == sent
        assert "Nhận lại thư" in (await ask("GET", header))[1]
        assert "lại nhận được thư" in (await ask("POST", header, {"again": "1"}))[1]
        await citizen.says(LAN)
        assert len(post.taken) == sent + 1
        for forged in (header[:-1] + ("0" if header[-1] != "0" else "1"), f"{BASE}/thu/{'0' * 64}", f"{BASE}/thu/é"):
            assert (await ask("POST", forged))[0] == 410


async def test_what_is_not_read_on_the_page_comes_by_mail(both: tuple[Whole, MailServer]) -> None:
    whole, post = both
    citizen = await with_address(whole, post)
    await hand_in(citizen, whole.world.catalogue.procedures["xac-nhan-tinh-trang-hon-nhan"])
    before = len(post.taken)
    await accept(await whole.officer("Thu"))
    await whole.app.idle()
    assert len(post.taken) == before  # the page may be open
    await whole.pass_time(timedelta(seconds=61))
    notice, slip = (taken.mail for taken in post.taken[before:])
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in words(notice)
    assert [part.get_content_type() for part in slip.iter_attachments()] == ["application/pdf"]
    await whole.pass_time(timedelta(days=1))
    assert len(post.taken) == before + 2


async def test_who_stopped_mails_is_told_in_another_way(here: tuple[Whole, MailServer]) -> None:
    whole, post = here
    citizen = await with_address(whole, post)
    header = str(post.last()["List-Unsubscribe"])[1:-1]
    async with pages(whole) as ask:
        await ask("POST", header, {"List-Unsubscribe": "One-Click"})
    await hand_in(citizen, whole.world.catalogue.procedures["xac-nhan-tinh-trang-hon-nhan"])
    before = len(post.taken)
    await accept(await whole.officer("Thu"))
    await whole.pass_time(timedelta(minutes=5))
    assert len(post.taken) == before
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in " ".join(shown.message.text for shown in await citizen.news())


async def test_a_copy_with_its_slip_is_one_mail(here: tuple[Whole, MailServer]) -> None:
    whole, post = here
    citizen = await with_address(whole, post)
    await citizen.says("e-mail")
    await citizen.press_label("Gửi bản sao mọi tin qua e-mail")
    sent = len(post.taken)
    await hand_in(citizen, whole.world.catalogue.procedures["xac-nhan-tinh-trang-hon-nhan"])
    await ripen(whole)
    assert re.fullmatch(r"Hồ sơ \S+: đã tới nơi", post.taken[sent].mail["Subject"])
    before = len(post.taken)
    officer = await whole.officer("Thu")
    await accept(officer)
    await whole.app.idle()
    await ripen(whole)
    (taken,) = post.taken[before:]
    mail = taken.mail
    assert re.fullmatch(r"Hồ sơ \S+: đã tiếp nhận", mail["Subject"])
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in words(mail)
    (slip,) = mail.iter_attachments()
    assert slip.get_content_type() == "application/pdf"
    with pypdfium2.PdfDocument(io.BytesIO(cast("bytes", slip.get_content()))) as pdf:
        printed = pdf[0].get_textpage().get_text_bounded()
    assert "GIẤY TIẾP NHẬN" in printed.upper()


async def ripen(whole: Whole) -> None:
    """What waits a moment goes out now."""
    await whole.run(lambda work: work.connection.execute(update(t.outbox).values(not_before=0.0)))
    await whole.app.idle()
    assert copies.WAITS > 0


async def accept(officer: Actor) -> None:
    """The dossier on the newest card is accepted."""
    await officer.news()
    for label in ("claim", "accept"):
        await officer.press_label(text(f"staff-button.{label}"))


async def test_a_stranger_learns_nothing_of_an_address_that_stopped_mails(here: tuple[Whole, MailServer]) -> None:
    whole, post = here
    await with_address(whole, post)
    header = str(post.last()["List-Unsubscribe"])[1:-1]
    async with pages(whole) as ask:
        await ask("POST", header, {"List-Unsubscribe": "One-Click"})
    before, told = len(post.taken), []
    for address in (LAN, "ai@example.vn"):
        stranger = await whole.citizen(address)
        await stranger.says("chào")
        await stranger.says("e-mail")
        await stranger.says(address)
        told.append(stranger.last.message.text.replace(address, ""))
    assert told[0] == told[1]
    assert [taken.to for taken in post.taken[before:]] == [["ai@example.vn"]]


async def test_what_is_too_large_for_a_mail_stays_in_the_conversation(here: tuple[Whole, MailServer]) -> None:
    whole, _ = here

    def shape(work: Work) -> Message:
        scene = present(work, whole.world)
        there = reach.chat(scene, reach.EMAIL, LAN)
        small, large = File("a", "application/pdf", 9, "nho.pdf"), File("b", "application/pdf", 16 << 20, "lon.pdf")
        (made,) = outbound.shaped(scene, there, [Message("Kết quả.", files=(large, small))], "")
        return made

    made = await whole.run(shape)
    assert [file.name for file in made.files] == ["nho.pdf"]
    assert "Tệp lon.pdf lớn quá" in made.text


async def test_where_copies_go_is_told_among_the_places_and_not_asked_for_again(here: tuple[Whole, MailServer]) -> None:
    whole, post = here
    citizen = await with_address(whole, post)
    await citizen.press_label(text("button.mail-copies"))
    await citizen.says("nhận tin ở đâu")
    assert "(bản sao mọi tin)" in citizen.last.message.text
    assert text("button.told-email") not in [button.label for button in citizen.last.message.buttons]
