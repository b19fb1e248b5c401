"""Citizens who could not be told: whom an officer has to telephone, about what, and how the call went."""

from __future__ import annotations

from collections.abc import Sequence

from bot import contacts
from bot.claims import must_have
from bot.decisions import note
from bot.say import desk_line
from bot.scene import Scene
from bot.views import code_of
from conversations.messages import Message
from conversations.staff_state import Officer
from conversations.told_state import LastNews, ToPhone
from domain.dossier import Role
from domain.ladder import PAGES
from storage.dossiers import Record
from storage.notices import Notice, State

DOSSIER = "dossier:"


def telephoned(scene: Scene, officer: Officer, record: Record, *, reached: bool) -> list[Message]:
    """How it went: history keeps it, and the list forgets it."""
    must_have(officer, record)
    status = State.READ if reached else State.LOST
    if not scene.work.notices.settle(DOSSIER + record.id, scene.now, status):
        return [desk_line("nobody-to-phone", code=code_of(record))]
    note(scene, record, officer.id, "telephoned", {"reached": reached})
    return [desk_line("phone-reached" if reached else "phone-missed", code=code_of(record))]


def to_phone(scene: Scene, officer: Officer, most: int) -> tuple[int, Sequence[ToPhone]]:
    """Of the dossiers that this officer has; the head's list is the office's. Those who wait longest stand first."""
    owner = None if officer.role == Role.HEAD else officer.id
    waiting = scene.work.notices.to_telephone(officer.office, owner)
    found = (scene.work.dossiers.get(dossier) for dossier in waiting[:most])
    return len(waiting), [_entry(scene, record) for record in found if record is not None]


def last_news(scene: Scene, dossier: str) -> LastNews | None:
    """How the newest news of it went; what somebody has to telephone about comes first."""
    about = scene.work.notices.of(DOSSIER + dossier)
    waiting = [notice for notice in about if notice.status == State.PHONE]
    newest = next(iter([*waiting[::-1], *about[::-1]]), None)
    return None if newest is None else _shown(scene, newest)


def whom(scene: Scene, dossier: str) -> tuple[str, str]:
    """Name and number of whom one telephones about a dossier."""
    record = scene.work.dossiers.get(dossier)
    assert record is not None
    return contacts.whom(scene, record)


def _entry(scene: Scene, record: Record) -> ToPhone:
    name, phone = contacts.whom(scene, record)
    news = last_news(scene, record.id)
    assert news is not None, "it is on the list for its news"
    procedure = scene.procedure(record.catalogue_version).display_name
    return ToPhone(record.id, code_of(record), procedure, name, phone, news)


def _shown(scene: Scene, notice: Notice) -> LastNews:
    chats = scene.work.chats
    channel = chats.channel_of(notice.told) if notice.told else ""
    read = notice.page is not None and notice.number is not None and chats.read_up_to(notice.page) >= notice.number
    status = State.READ if read and notice.status == State.ARRIVED else notice.status
    attempts = scene.work.notices.attempts(notice.id)
    taken = notice.page is not None or any(attempt.status == "sent" for attempt in attempts)
    places = {*(attempt.chat for attempt in attempts), *([notice.page] if notice.page else [])}
    plain = channel in (*PAGES, "telegram", "") and len(places) < 2
    gone_wrong = status in (State.PHONE, State.LOST, State.DROPPED)
    stopped = not places and notice.person is not None and scene.work.persons.told(notice.person).stopped
    return LastNews(
        str(status),
        channel,
        notice.made_at,
        notice.message.text,
        far=gone_wrong or not plain,
        silent=taken and notice.status == State.PHONE,
        stopped=stopped,
    )
