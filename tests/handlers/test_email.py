"""Mails out: what is in them, and what follows when a server refuses or a line breaks; against a real SMTP server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest

from conversations.messages import (
    Button,
    File,
    Message,
    MessageGone,
    Refused,
    Sent,
    TryLater,
    Uncertain,
    Undeliverable,
)
from handlers.email import BadServer, Server, SmtpSender, server
from handlers.email_errors import FULL, MENDED, SOON, about_message, about_recipient
from handlers.email_mail import BadAddress, Mailbox, mailbox
from handlers.email_page import FOOT, ID, STOP, STOP_WORDS, SUBJECT
from tests.handlers.mail_server import PASSWORD, USER, MailServer, certified, mail_server

TO = "lan@example.vn"
PDF = b"%PDF-1.7 \x00\xff\r\n.\r\n" * 40
FROM = mailbox("Một cửa xã Sơn Tiến <motcua@xa.example.vn>", "hoidap@xa.example.vn")
LINK = "https://motcua.example.vn/thu/abc"
TOLD = Message(
    "Hồ sơ MC-1 đã được tiếp nhận.\nHẹn trả: <Thứ Sáu>\n\n.Dòng bắt đầu bằng dấu chấm.",
    (Button("Mở hồ sơ", "https://motcua.example.vn/?p=MC-1&x=1"), Button("Gặp cán bộ", "call:1")),
    facts={
        ID: "one",
        SUBJECT: "Hồ sơ MC-1: đã tiếp nhận",
        FOOT: "Thư tự động.\n\nCán bộ không hỏi mã OTP.",
        STOP: LINK,
        STOP_WORDS: "Ngừng nhận thư",
    },
)


async def load(_ref: str) -> bytes:
    return PDF


def sender(at: MailServer, **changes: object) -> SmtpSender:
    options = {"host": "127.0.0.1", "port": at.port, "tls": False} | changes
    return SmtpSender(Server(**options), FROM, load, context=certified()[1])  # type: ignore[arg-type]


@pytest.fixture
async def post() -> AsyncIterator[MailServer]:
    async with mail_server() as made:
        yield made


class Shown(HTMLParser):
    """The words of a page, its links, and whatever it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given["href"] or ""] if tag == "a" else []
        self.fetched += [tag] if tag in ("img", "link", "script", "iframe") or "src" in given else []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


# what is in a mail ----------------------------------------------------------------------------------------------------


async def test_both_forms_say_the_same(post: MailServer) -> None:
    await sender(post).send(TO, TOLD)
    mail = post.last()
    assert mail.get_content_type() == "multipart/alternative"
    plain, page = mail.iter_parts()
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    words, shown = plain.get_content(), Shown(page.get_content())
    assert ".Dòng bắt đầu bằng dấu chấm." in words
    assert "https://motcua.example.vn/?p=MC-1&x=1" in words
    assert "Gặp cán bộ" not in words  # what cannot be pressed in a mail is not offered as if it could
    for line in ("Hồ sơ MC-1 đã được tiếp nhận.", "Hẹn trả: <Thứ Sáu>", "Cán bộ không hỏi mã OTP."):
        assert line in words
        assert line in shown.words
    assert shown.links == ["https://motcua.example.vn/?p=MC-1&x=1", LINK]
    assert not shown.fetched
    assert "url(" not in page.get_content()


async def test_headers(post: MailServer) -> None:
    sent = await sender(post).send(TO, TOLD)
    taken = post.taken[0]
    mail = taken.mail
    assert (taken.sender, taken.to) == ("motcua@xa.example.vn", [TO])
    assert mail["From"] == "Một cửa xã Sơn Tiến <motcua@xa.example.vn>"
    assert mail["To"] == TO
    assert mail["Reply-To"] == "hoidap@xa.example.vn"
    assert mail["Subject"] == "Hồ sơ MC-1: đã tiếp nhận"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == f"<{LINK}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == f"<{sent.message_id}@xa.example.vn>"
    assert mail["Date"].datetime is not None


async def test_the_slip_is_attached_as_it_is(post: MailServer) -> None:
    slip = File("ref", "application/pdf", len(PDF), "giấy tiếp nhận.pdf")
    await sender(post).send(TO, Message("Kèm giấy.", files=(slip,), facts=TOLD.facts))
    mail = post.last()
    assert mail.get_content_type() == "multipart/mixed"
    words, attached = mail.iter_parts()
    assert words.get_content_type() == "multipart/alternative"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == "giấy tiếp nhận.pdf"
    assert attached.get_content() == PDF


async def test_without_a_page_of_ours_nothing_is_linked(post: MailServer) -> None:
    await sender(post).send(TO, Message("Chào bạn.", facts={SUBJECT: "Tin", ID: "x"}))
    assert post.last()["List-Unsubscribe"] is None
    assert not Shown(post.last().get_body(("html",)).get_content()).links  # type: ignore[union-attr]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85"])
async def test_no_header_can_be_put_in(post: MailServer, end: str) -> None:
    evil = f"Tin{end}Bcc: kẻ xấu <xau@example.vn>{end}{end}Nội dung"
    slip = File("ref", "application/pdf", 1, f"a{end}X-Xau: 1.pdf")
    facts = {SUBJECT: evil, STOP: f"https://x.vn/{end}Bcc: xau@example.vn", ID: "x"}
    await sender(post).send(TO, Message("Chào", files=(slip,), facts=facts))
    mail = post.last()
    assert mail["Bcc"] is None
    assert mail["X-Xau"] is None
    assert mail["Subject"].startswith("Tin Bcc: kẻ xấu")
    assert post.taken[0].to == [TO]


@pytest.mark.parametrize(
    "address",
    ["", "lan", "lan@", "lan@vn", "a@b.vn,c@d.vn", "a@b.vn\r\nRCPT TO:<c@d.vn>", "lân@example.vn", "<a@b.vn>"],
)
async def test_what_is_no_address_is_given_up_at_once(post: MailServer, address: str) -> None:
    with pytest.raises(Undeliverable):
        await sender(post).send(address, TOLD)
    assert not post.taken


async def test_sent_again_it_is_the_same_mail_and_another_one_is_not(post: MailServer) -> None:
    out = sender(post)
    for message in (TOLD, TOLD, Message(TOLD.text, facts={**TOLD.facts, ID: "two"})):
        await out.send(TO, message)
    first, again, other = (taken.mail["Message-ID"] for taken in post.taken)
    assert first == again != other


async def test_a_mail_can_not_be_edited(post: MailServer) -> None:
    with pytest.raises(MessageGone):
        await sender(post).edit(TO, "x", TOLD)


# refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.1.1 no such user", Undeliverable),
        ("550 no such user", Undeliverable),
        ("553 5.1.3 bad address", Undeliverable),
        ("550 5.2.1 mailbox disabled", Undeliverable),
        ("550 5.7.1 relaying denied", Refused),
        ("554 5.7.1 listed", Refused),
        ("451 4.7.1 greylisted", TryLater),
        ("452 4.2.2 mailbox full", TryLater),
        ("552 5.2.2 mailbox full", TryLater),
        ("421 4.3.2 shutting down", TryLater),
    ],
)
async def test_a_refused_recipient(post: MailServer, answer: str, kind: type[Exception]) -> None:
    post.refuses("RCPT", answer)
    with pytest.raises(kind):
        await sender(post).send(TO, TOLD)
    assert not post.taken
    await sender(post).send(TO, TOLD)
    assert len(post.taken) == 1


def test_how_long_is_waited() -> None:
    def wait(error: Exception) -> float:
        assert isinstance(error, TryLater)
        return error.seconds

    assert wait(about_recipient(451, "4.7.1 greylisted")) == SOON
    assert wait(about_recipient(552, "mailbox full")) == FULL
    assert wait(about_message(452, "4.3.1 no room")) == SOON
    assert isinstance(about_recipient(550, "2.1.5 nonsense"), Undeliverable)


@pytest.mark.parametrize(("answer", "kind"), [("554 5.6.0 spam", Refused), ("451 4.3.0 later", TryLater)])
async def test_a_refused_mail(post: MailServer, answer: str, kind: type[Exception]) -> None:
    post.refuses("DATA", answer)
    with pytest.raises(kind):
        await sender(post).send(TO, TOLD)


async def test_who_may_not_send_waits_until_somebody_has_mended_it(
    post: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    post.refuses("MAIL", "550 5.7.1 not your address")
    with pytest.raises(TryLater) as put_off:
        await sender(post).send(TO, TOLD)
    assert put_off.value.seconds == MENDED
    assert TO not in caplog.text
    assert "takes no mail from us: 550" in caplog.text


async def test_cut_after_the_mail_was_taken_nobody_knows(post: MailServer) -> None:
    post.cut = True
    with pytest.raises(Uncertain):
        await sender(post).send(TO, TOLD)
    post.cut = False
    await sender(post).send(TO, TOLD)
    first, again = (taken.mail["Message-ID"] for taken in post.taken)
    assert first == again


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with mail_server() as gone:
        out = sender(gone)
    with pytest.raises(ConnectionError):
        await out.send(TO, TOLD)


async def test_a_server_that_greets_with_a_refusal_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 5.7.1 not you\r\n")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with listening:
        at = MailServer(port=listening.sockets[0].getsockname()[1])
        with pytest.raises(TryLater):
            await sender(at).send(TO, TOLD)
    assert "refuses us with 554" in caplog.text


# encryption and login -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["starttls", "at-once"])
async def test_with_encryption_and_login(tls: str) -> None:
    async with mail_server(tls=tls, login=True) as post:
        out = sender(post, host="localhost", tls=tls == "at-once", user=USER, password=PASSWORD)
        assert isinstance(await out.send(TO, TOLD), Sent)
        assert (post.taken[0].encrypted, post.taken[0].user) == (True, USER)


async def test_a_wrong_password_loses_no_mail(caplog: pytest.LogCaptureFixture) -> None:
    async with mail_server(tls="starttls", login=True) as post:
        with pytest.raises(TryLater):
            await sender(post, host="localhost", user=USER, password="sai").send(TO, TOLD)
        assert not post.taken
        assert "refuses us with 535" in caplog.text
        assert "sai" not in caplog.text


async def test_no_password_goes_over_an_open_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.email._HERE", frozenset())  # as if it were another machine
    async with mail_server(login=True) as post:
        with pytest.raises(TryLater):
            await sender(post, user=USER, password=PASSWORD).send(TO, TOLD)
        assert post.logins == 0


async def test_a_certificate_of_somebody_else_is_not_trusted() -> None:
    async with mail_server(tls="at-once") as post:
        out = SmtpSender(Server("localhost", post.port, tls=True), FROM, load)
        with pytest.raises(ConnectionError):
            await out.send(TO, TOLD)
        assert not post.taken


# settings -------------------------------------------------------------------------------------------------------------


def test_the_server_as_it_is_written() -> None:
    assert server("smtp://thu.example.vn") == Server("thu.example.vn", 587, tls=False)
    assert server("smtps://a%40b:c%3Ad@thu.example.vn") == Server("thu.example.vn", 465, True, "a@b", "c:d")
    assert server("smtp://localhost:25").secret is False
    for wrong in ("", "thu.example.vn", "http://thu.example.vn", "smtp://", "smtp://x:y@z:port"):
        with pytest.raises(BadServer) as told:
            server(wrong)
        assert "y" not in str(told.value)


def test_the_mailbox_as_it_is_written() -> None:
    assert mailbox("motcua@xa.vn") == Mailbox("", "motcua@xa.vn")
    assert mailbox("Một cửa <motcua@xa.vn>", "a@xa.vn") == Mailbox("Một cửa", "motcua@xa.vn", "a@xa.vn")
    for wrong in (("motcua", ""), ("motcua@xa.vn", "ai đó")):
        with pytest.raises(BadAddress):
            mailbox(*wrong)
