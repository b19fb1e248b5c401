"""A citizen and an officer talking: the citizen's words appear beneath a card, the officer's in the citizen's chat."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.say import beneath, group_of, to_citizen, to_group
from bot.views import dossier_file
from bot.world import World
from conversations import cards, notices
from conversations.messages import File, Message
from conversations.render import text
from conversations.staff_state import Officer
from storage.calls import Call, new_call_id
from storage.dossiers import Record
from storage.work import Work

WAIT_HOURS: Final = 2  # working hours after which an unanswered citizen goes to the head


def call(
    work: Work, world: World, person: str, chat: str, office: str, about: str, dossier: str, now: datetime
) -> None:
    """The citizen asks for a person: a card in the group."""
    if work.calls.open_of(person) is not None:
        return
    record = work.dossiers.get(dossier) if dossier else None
    if record is not None and record.person == person:
        office = record.office
    else:
        record = None
    new = _start(work, person, chat, world.office(office).id, about, record, None, now)
    work.cards.want(f"call:{new.id}", group_of(work, new.office, now).id)
    if record is not None:
        work.cards.want(f"dossier:{record.id}")
    _wait(work, world, new, now)


def relay(work: Work, world: World, person: str, words: str, file: File | None, now: datetime) -> bool:
    """Carry the citizen's words to beneath the card; False when no talk is open."""
    open_call = work.calls.open_of(person)
    if open_call is None:
        return False
    message = Message(words, files=(file,) if file else (), speaker=text("desk.citizen", {}))
    to_group(work, open_call.office, beneath(message, _card(work, open_call, now)), now)
    if open_call.waiting_since is None:
        work.calls.change(open_call.id, waiting_since=now)
        _wait(work, world, open_call, now)
    return True


def end_by_citizen(work: Work, person: str, now: datetime) -> None:
    """The citizen ends the talk."""
    open_call = work.calls.open_of(person)
    if open_call is not None:
        _close(work, open_call)
        line = Message(text("desk.call-ended", {}))
        to_group(work, open_call.office, beneath(line, _card(work, open_call, now)), now)


def answer(
    work: Work, officer: Officer, call_id: str, record: Record | None, words: str, file: File | None, now: datetime
) -> bool:
    """An officer's words to the citizen, about a dossier or in a call; opens the talk where none is open."""
    open_call = _open_call(work, call_id, record)
    if open_call is None:
        if record is None:
            return False
        open_call = _start(work, record.person, record.chat, record.office, "", record, officer.id, now)
    if open_call.owner is None or open_call.opened_at == now:  # the first answer, or the officer writes first
        to_citizen(work, open_call.chat, [notices.talk_opened(officer.name)], now)
    work.calls.change(open_call.id, owner=open_call.owner or officer.id, waiting_since=None)
    work.jobs.drop(f"waiting:{open_call.id}")
    to_citizen(work, open_call.chat, [notices.answered(officer.name, words, file)], now)
    message = Message(words, files=(file,) if file else (), speaker=officer.name)
    to_group(work, open_call.office, beneath(message, _card(work, open_call, now)), now, author=officer.id)
    _draw(work, open_call)
    return True


def end_by_officer(work: Work, call_id: str, record: Record | None, now: datetime) -> bool:
    """The officer closes the talk; the citizen is told."""
    open_call = _open_call(work, call_id, record)
    if open_call is None:
        return False
    _close(work, open_call)
    to_citizen(work, open_call.chat, [notices.talk_closed()], now)
    return True


def remind_head(work: Work, world: World, call_id: str, now: datetime) -> None:
    """Nobody has answered in time: a line that names the head."""
    waiting = work.calls.get(call_id)
    if waiting is None or not waiting.open or waiting.waiting_since is None:
        return
    record = work.dossiers.get(waiting.dossier) if waiting.dossier else None
    if record is not None:
        line = cards.alert_line(dossier_file(work, world, record), "unanswered")
    else:
        head = next((o for o in work.officers.of_office(waiting.office) if o.role == "head"), None)
        line = cards.call_alert(head)
    to_group(work, waiting.office, beneath(line, _card(work, waiting, now)), now)


def _start(
    work: Work,
    person: str,
    chat: str,
    office: str,
    about: str,
    record: Record | None,
    owner: str | None,
    now: datetime,
) -> Call:
    waiting = now if owner is None else None
    new = Call(new_call_id(), person, chat, office, record.id if record else None, about, True, owner, now, waiting)
    work.calls.start(new)
    return new


def _open_call(work: Work, call_id: str, record: Record | None) -> Call | None:
    found = work.calls.get(call_id) if call_id else work.calls.open_of(record.person) if record else None
    return found if found is not None and found.open else None


def _close(work: Work, open_call: Call) -> None:
    work.calls.change(open_call.id, open=False, waiting_since=None)
    work.jobs.drop(f"waiting:{open_call.id}")
    _draw(work, open_call)


def _draw(work: Work, drawn: Call) -> None:
    work.cards.want(f"call:{drawn.id}")
    if drawn.dossier:
        work.cards.want(f"dossier:{drawn.dossier}")


def _wait(work: Work, world: World, waiting: Call, now: datetime) -> None:
    due = world.calendar(waiting.office).add_working_hours(now, WAIT_HOURS)
    work.jobs.add("call-waits", waiting.id, key=f"waiting:{waiting.id}", due_at=due)


def _card(work: Work, shown: Call, now: datetime) -> str:
    group = group_of(work, shown.office, now).id
    subject = f"call:{shown.id}"
    return work.cards.message_of(subject, group) or (
        work.cards.message_of(f"dossier:{shown.dossier}", group) if shown.dossier else ""
    )
