"""Small things that storage tests put into the database."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from conversations.messages import Card, Finding, Inbound, Message, TextSent
from conversations.state import Document, Draft, Known, Pending, ReadCard, Want
from domain.dossier import Refuse, Status
from storage.calls import Call
from storage.chats import Chat
from storage.dossiers import Body, Record
from storage.files import Kept
from storage.messages import CITIZEN, Line
from storage.work import Work

NOW = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
VERSION = "f" * 64
OFFICE = "thach-ha"


def citizen(work: Work, address: str = "0912345678") -> Chat:
    return work.chats.open_citizen("web", address, NOW)


def person_of(chat: Chat) -> str:
    assert chat.person is not None
    return chat.person


def inbound(text: str = "xin chào", event_id: str = "1", address: str = "0912345678") -> Inbound:
    return Inbound("web", address, event_id, TextSent(text), NOW)


def says(text: str) -> Message:
    return Message(text)


def version(work: Work) -> str:
    """A stored catalogue version, for what must refer to one."""
    work.installation.keep_versions({VERSION: ("khai-sinh", b"{}")}, NOW)
    return VERSION


def record(chat: Chat, **values: Any) -> Record:
    """A dossier that was just handed in."""
    made = Record(
        id=secrets.token_hex(8),
        person=person_of(chat),
        chat=chat.id,
        office=OFFICE,
        procedure="khai-sinh",
        catalogue_version=VERSION,
        tracking_code=secrets.token_hex(8),
        official_code=None,
        status=Status.SUBMITTED,
        version=1,
        body=Body("self"),
        submitted_at=NOW,
        answer_by=NOW + 8 * HOUR,
        accepted_at=None,
        due_at=None,
        appointment_at=None,
        rounds=0,
        twin="",
        owner=None,
        held=None,
        held_by=None,
        held_until=None,
    )
    return replace(made, **values)


def dossier(work: Work, chat: Chat, **values: Any) -> Record:
    """A stored dossier."""
    version(work)
    made = record(chat, **values)
    work.dossiers.add(made)
    return made


def tell_everything(work: Work, name: str, phone: str) -> None:
    """Put a name and a phone number everywhere where people may write them."""
    words = f"Tôi là {name}, số {phone}"
    chat = citizen(work, phone)
    inbox_row = inbound(words, address=phone)
    work.inbox.failed(inbox_row)
    work.messages.add(chat.id, [Line(says(words), CITIZEN)], NOW, state=words.encode())
    work.outbox.add(chat.id, "web", says(words))
    kept = Kept(words.encode(), "image/jpeg", f"{name}.jpg")
    work.files.add(kept, chat.id, kept.file.ref, NOW)
    draft = Draft("d" * 16, "khai-sinh", version(work), {"ho-ten": name, "dien-thoai": phone}, applicant=name)
    work.drafts.save(None, draft, person_of(chat), NOW)
    held = Refuse(words)
    made = dossier(work, chat, body=Body(name, wants=(Want("ho-ten", words),)))
    work.dossiers.change(made, held=held)
    work.history.add(made.id, NOW, "citizen", "submit", ("", "submitted"), {"words": words})
    work.history.missed(OFFICE, words, "2026-11-27")
    work.remembered.keep(person_of(chat), Known("r" * 16, {"name": name, "phone": phone}), NOW)
    pictured = Draft(
        "p" * 16,
        "khai-sinh",
        version(work),
        documents=(Document("s" * 16, "to-khai", "f", "image/jpeg", 1, by=name, finding=Finding(software=words)),),
        marks={"ho-ten": "desk"},
        card=ReadCard(Card(phone, "", name, "15/08/1994", "Nữ", words, "12/05/2021"), words),
        pending=Pending("ho-ten", words, (name,), (phone,), "spelling"),
    )
    work.drafts.save(None, pictured, person_of(chat), NOW)
    work.calls.start(Call("c" * 16, person_of(chat), chat.id, OFFICE, None, words, True, None, NOW, None))
    work.jobs.add("check", "x", payload=words.encode())


def clock(work: Work, seconds: float) -> None:
    """Move this transaction's machine clock."""
    moment = work.machine_now() + seconds
    work.machine_now = lambda: moment  # type: ignore[method-assign]
    work.began = moment


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that another thread or connection brings about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)
