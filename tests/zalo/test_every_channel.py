"""One citizen on every channel: begun on the page, linked with Zalo, told by e-mail when Zalo is closed, looked up.

The whole program, with a database of each kind; at the network's end stand a Zalo, a mail server and an SMS gateway of
our own, which refuse what the real ones refuse.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.deliver import Deliverer, Limits
from bot.gateways import made
from bot.outgoing import WEB
from domain.values import VIETNAM, moment_words
from storage import tables as t
from storage.sealed import Keys
from tests.bot.linked import CODE, NUMBER, person
from tests.bot.walk import hand_in, records
from tests.bot.whole import START, Actor
from tests.handlers.mail_server import MailServer, mail_server
from tests.handlers.sms_server import BRAND, TOKEN, SmsServer, sms_server
from tests.zalo.fake import FakeZalo
from tests.zalo.on_zalo import OnZalo, Town, WholeOnZalo, running_on_zalo, settle

PROCEDURE = "xac-nhan-tinh-trang-hon-nhan"
LAN, PHONE = "lan@example.vn", "0984123456"
SIX = re.compile(r"\b\d{3} ?\d{3}\b")


@dataclass
class Village:
    """The program and all that it reaches."""

    whole: WholeOnZalo
    town: Town
    post: MailServer
    phones: SmsServer

    async def lan(self, actor: Actor, words: str) -> str:
        """Somebody says something; what they read last."""
        await actor.says(words)
        return await self.read(actor)

    async def presses(self, actor: Actor, value: str) -> str:
        await actor.press(value)
        return await self.read(actor)

    async def read(self, actor: Actor) -> str:
        await settle(self.whole, self.town)
        await actor.news()
        return actor.last.message.text


@asynccontextmanager
async def everything(zalo: FakeZalo, url: str, folder: Path) -> AsyncIterator[Village]:
    town = Town(zalo)
    async with mail_server() as post, sms_server("json") as phones:
        more = {
            "smtp_url": f"smtp://127.0.0.1:{post.port}",
            "mail_from": "Một cửa xã Sơn Tiến <motcua@xa.example.vn>",
            "sms_gateway": "json",
            "sms_url": phones.url,
            "sms_token": TOKEN,
            "sms_sender": BRAND,
        }
        async with running_on_zalo(town, url, folder, undo=0, at=START, **more) as whole:
            senders = made(whole.app)
            for sender in senders:
                whole.app.senders.update(dict.fromkeys(sender.channels, sender))
            lifted = Limits(overall=0, private=0, group=0)
            whole.app.deliverer = Deliverer(whole.app.database, whole.world, whole.app.senders, lifted)
            yield Village(whole, town, post, phones)
            for sender in senders:
                await sender.close()


@pytest.fixture
async def village(zalo: FakeZalo, database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Village]:
    async with everything(zalo, database_url, tmp_path) as made_:
        yield made_


async def newcomer(village: Village) -> Actor:
    """Somebody who has opened the page."""
    lan = await person(village.whole, "lan", WEB)
    await lan.says("chào")
    return lan


async def with_email(village: Village, lan: Actor) -> None:
    """Her address, proven by the code in the mail."""
    await lan.press("mail")
    await lan.says(LAN)
    await settle(village.whole, village.town)
    body = village.post.last().get_body(("plain",))
    assert body is not None
    found = SIX.search(body.get_content())
    assert found is not None, body.get_content()
    assert "Đã xác nhận" in await village.lan(lan, found[0])


async def with_zalo(village: Village, lan: Actor) -> OnZalo:
    """Her Zalo, by a code carried there and a number carried back."""
    await lan.press("join:zalo")
    shown = (CODE.search(one.message.text) for one in reversed(lan.shown.values()))
    code = next(found[0] for found in shown if found)
    there = await village.whole.citizen("Lan")
    assert isinstance(there, OnZalo)
    await there.says(code)
    number = next(found[1] for one in there.shown.values() if (found := NUMBER.search(one.message.text)))
    await village.lan(lan, number)
    return there


async def appointed(village: Village) -> None:
    """Thu takes it, accepts it, and says when to come for the result."""
    thu = await village.whole.officer("Thu")
    await thu.news()
    for label in ("Nhận việc", "Tiếp nhận"):
        await thu.press_label(label)
    await thu.press_label("Có kết quả")
    await thu.press(thu.buttons[0])
    await settle(village.whole, village.town)


async def test_one_dossier_on_every_channel(village: Village) -> None:
    lan = await newcomer(village)
    await with_email(village, lan)
    await hand_in(lan, village.whole.world.catalogue.procedures[PROCEDURE])
    there = await with_zalo(village, lan)

    # the same dossier from the other place
    await there.says("hồ sơ của tôi")
    assert "chờ tiếp nhận" in await village.read(there)
    await there.press(f"told:{await zalo_chat(village)}")

    # blocked: what comes is told elsewhere, once
    there.person.blocked = True
    mails = len(village.post.taken)
    await appointed(village)
    await village.whole.pass_time(timedelta(minutes=2))  # nobody looks at the page
    (again,) = await records(village.whole)
    assert again.appointment_at is not None
    news = [taken for taken in village.post.taken[mails:] if taken.to == [LAN]]
    texts = [part.get_content() for taken in news if (part := taken.mail.get_body(("plain",))) is not None]
    at = moment_words(again.appointment_at.astimezone(VIETNAM))
    told = [text for text in texts if at in " ".join(text.split())]
    assert len(told) == 1, texts
    assert len(set(texts)) == len(texts)

    # the mail's code tells anybody that it is ours, and no more
    check = re.search(r"mã kiểm tra (\w{4}-\w{4})", told[0])
    assert check is not None
    assert "Đúng, đây là tin của xã" in await village.lan(await checking(village), check[1])

    # by phone: her own, proven by a code, and a stranger's
    await village.lan(lan, PHONE)
    await lan.press(f"code:+84{PHONE[1:]}")
    await settle(village.whole, village.town)
    code = SIX.search(village.phones.told[-1][1])
    assert code is not None
    assert again.official_code is not None
    assert again.official_code in await village.lan(lan, code[0])
    stranger = await person(village.whole, "la", WEB)
    await stranger.says("chào")
    known = await village.lan(stranger, PHONE)
    unknown = await village.lan(stranger, "0977000111")
    assert known == unknown.replace("0977 000 111", "0984 123 456")
    assert again.official_code not in known


async def test_whoever_reads_in_zalo_is_not_written_to_elsewhere(village: Village) -> None:
    lan = await newcomer(village)
    await with_email(village, lan)
    await hand_in(lan, village.whole.world.catalogue.procedures[PROCEDURE])
    there = await with_zalo(village, lan)
    await there.press(f"told:{await zalo_chat(village)}")
    mails = len(village.post.taken)
    await appointed(village)
    assert "nhận kết quả" in await village.read(there) or any(
        "nhận kết quả" in one.message.text for one in there.shown.values()
    )
    await village.whole.pass_time(timedelta(minutes=10))
    assert len(village.post.taken) == mails


async def checking(village: Village) -> Actor:
    """A stranger who has got a mail and doubts it."""
    doubter = await person(village.whole, "ngờ", WEB)
    await doubter.says("chào")
    await doubter.press("trust")
    return doubter


async def zalo_chat(village: Village) -> str:
    chat = select(t.chats.c.id).where(t.chats.c.channel == "zalo")
    return await village.whole.run(lambda work: str(work.connection.scalar(chat)))
