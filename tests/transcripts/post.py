"""What comes by e-mail and SMS in a transcript: a real mail server and a real gateway, each beside the program."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from bot.deliver import Deliverer, Limits
from bot.gateways import made
from bot.mail_pages import MailPages
from domain.values import show_phone
from tests.bot.whole import Whole, running
from tests.handlers.mail_server import MailServer, mail_server
from tests.handlers.sms_server import BRAND, TOKEN, SmsServer, sms_server

BASE: Final = "https://motcua.example.vn"
_OWN_LINK: Final = re.compile(rf"(.+):\n({BASE}/thu/xacnhan/\S+)")


class Post:
    """What has come, in order, as lines of a transcript; and what can be pressed in a mail."""

    def __init__(self, whole: Whole, mails: MailServer | None, texts: SmsServer | None) -> None:
        self._pages = MailPages(whole.app.database, whole.world)
        self._mails = mails
        self._texts = texts
        self._read = [0, 0]

    def lines(self) -> Iterator[str]:
        """What is new."""
        mails = self._mails.taken if self._mails else []
        texts = self._texts.told if self._texts else []
        for mail in mails[self._read[0] :]:
            yield f"thư tới {mail.to[0]}: {mail.mail['Subject']}"
            yield from (f"     {line}".rstrip() for line in _told(mail.mail))
        for phone, words in texts[self._read[1] :]:
            yield f"SMS tới {show_phone(phone)}: {words}"
        self._read = [len(mails), len(texts)]

    async def press(self, label: str) -> list[str]:
        """The link of this label in the newest mail that has it, and the button of the page that it opens."""
        assert self._mails is not None
        for mail in reversed(self._mails.taken):
            for found in _OWN_LINK.finditer(_words(mail.mail)):
                if found[1] == label:
                    token = found[2].rpartition("/")[2]
                    asked = await self._pages.asked(token)
                    done = await self._pages.confirmed(token) if asked.button else asked
                    button = [f"     [{asked.button}]"] if asked.button else []
                    return [f"trang: {asked.title}", f"     {asked.text}", *button, f"     → {done.text}"]
        raise AssertionError(f"no mail has {label}")


@asynccontextmanager
async def with_post(kinds: Iterable[str], url: str, folder: Path, **more: Any) -> AsyncIterator[Whole]:
    """The program with "mail", "sms" or both."""
    async with mail_server() as mails, sms_server("json") as texts:
        settings: dict[str, Any] = {"public_url": BASE, **more}
        if "mail" in kinds:
            at = f"smtp://127.0.0.1:{mails.port}"
            settings |= {"smtp_url": at, "mail_from": "Một cửa xã Sơn Tiến <motcua@xa.example.vn>"}
        if "sms" in kinds:
            settings |= {"sms_gateway": "json", "sms_url": texts.url, "sms_token": TOKEN, "sms_sender": BRAND}
        async with running(url, folder, **settings) as whole:
            senders = made(whole.app)
            whole.app.senders.update({channel: sender for sender in senders for channel in sender.channels})
            lifted = Limits(overall=0, private=0, group=0)
            whole.app.deliverer = Deliverer(whole.app.database, whole.world, whole.app.senders, lifted)
            post = Post(whole, mails, texts)
            whole.post, whole.press = post.lines, post.press
            try:
                yield whole
            finally:
                texts.over.set()
                for sender in senders:
                    await sender.close()


def _told(mail: EmailMessage) -> Iterator[str]:
    """The words above the foot, which is the same in all."""
    yield from _words(mail).partition("\n-- \n")[0].strip().splitlines()
    for attached in mail.iter_attachments():
        yield f"({attached.get_content_type()}) {attached.get_filename()}"


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
