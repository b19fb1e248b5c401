"""A citizen and an officer talking: the citizen's words appear beneath a card, the officer's in the citizen's chat."""

from __future__ import annotations

from typing import Final

from bot import nudges, ratings
from bot.say import desk_line, show_card, to_citizen, to_group
from bot.scene import Scene
from bot.views import dossier_file
from conversations import cards, notices
from conversations.effects import CallOfficer, Relay
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Answer, Officer
from domain.ladder import FRAME, TALK
from storage.calls import Call, new_call_id
from storage.chats import Chat
from storage.dossiers import Record
from storage.work import Work

WAIT_HOURS: Final = 2  # working hours after which an unanswered citizen goes to the head


def call(scene: Scene, person: str, chat: Chat, effect: CallOfficer) -> None:
    """The citizen asks for a person: a card in the group."""
    work = scene.work
    if work.calls.open_of(person) is not None:
        return
    record = work.dossiers.get(effect.dossier) if effect.dossier else None
    if record is not None and record.person != person:
        record = None
    new = Call(
        id=new_call_id(),
        person=person,
        chat=chat.id,
        office=scene.world.office(record.office if record else chat.office).id,
        dossier=record.id if record else None,
        about=effect.about,
        open=True,
        owner=None,
        opened_at=scene.now,
        waiting_since=scene.now,
    )
    work.calls.start(new)
    show_card(scene, new.office, f"call:{new.id}", cards.call_line(new.about))
    if record is not None:
        work.cards.want(f"dossier:{record.id}")
    _wait(scene, new)


def relay(scene: Scene, person: str, effect: Relay) -> None:
    """Carry the citizen's words to beneath the card, while a talk is open."""
    talk = scene.work.calls.open_of(person)
    if talk is None:
        return
    files = (effect.file,) if effect.file else ()
    _to_group(scene, talk, Message(effect.text, files=files, speaker=text("desk.citizen")))
    if talk.waiting_since is None:
        scene.work.calls.change(talk.id, waiting_since=scene.now)
        _wait(scene, talk)


def end_by_citizen(scene: Scene, person: str) -> None:
    """The citizen ends the talk."""
    talk = scene.work.calls.open_of(person)
    if talk is not None:
        _close(scene.work, talk)
        _to_group(scene, talk, desk_line("call-ended"))


def leave_older(scene: Scene, one: Call, other: Call) -> None:
    """Two talks of what is one citizen: the newer goes on, the words of the older stay beneath its card."""
    older = min(one, other, key=lambda talk: (talk.opened_at, talk.id))
    _close(scene.work, older)
    _to_group(scene, older, Message(text("linking.call-joined")))


def begin(scene: Scene, officer: Officer, record: Record) -> Call:
    """The officer writes first; the citizen is told who it is."""
    talk = Call(
        id=new_call_id(),
        person=record.person,
        chat=record.chat,
        office=record.office,
        dossier=record.id,
        about="",
        open=True,
        owner=officer.id,
        opened_at=scene.now,
        waiting_since=None,
    )
    scene.work.calls.start(talk)
    to_citizen(scene, talk.chat, notices.talk_opened(officer.name), f"call:{talk.id}", kind=FRAME, here=True)
    return talk


def answer(scene: Scene, officer: Officer, talk: Call, effect: Answer) -> list[Message]:
    """An officer's words to the citizen; everybody in the group reads them too."""
    if talk.owner is None:  # the first answer
        to_citizen(scene, talk.chat, notices.talk_opened(officer.name), f"call:{talk.id}", kind=FRAME, here=True)
    scene.work.calls.change(talk.id, owner=talk.owner or officer.id, waiting_since=None)
    scene.work.jobs.drop(f"waiting:{talk.id}")
    ratings.answered(scene, officer, talk.dossier, "chat")
    words = notices.answered(officer.name, effect.text, effect.file)
    to_citizen(scene, talk.chat, words, f"call:{talk.id}", kind=TALK, here=True)
    files = (effect.file,) if effect.file else ()
    _to_group(scene, talk, Message(effect.text, files=files, speaker=officer.name), author=officer.id)
    _draw(scene.work, talk)
    return [] if scene.on_page or scene.group else [desk_line("sent")]  # elsewhere they see their words in the group


def end_by_officer(scene: Scene, talk: Call) -> list[Message]:
    """The officer closes the talk; the citizen is told."""
    _close(scene.work, talk)
    to_citizen(scene, talk.chat, notices.talk_closed(), f"call:{talk.id}", kind=FRAME, here=True)
    return [desk_line("closed")]


def remind_head(scene: Scene, call_id: str) -> None:
    """Nobody has answered in time: a line that names the head."""
    work = scene.work
    talk = work.calls.get(call_id)
    if talk is None or not talk.open or talk.waiting_since is None:
        return
    record = work.dossiers.get(talk.dossier) if talk.dossier else None
    if record is not None:
        line = cards.alert_line(dossier_file(scene, record), "unanswered")
    else:
        head = next((officer for officer in work.officers.of_office(talk.office) if officer.role == "head"), None)
        line = cards.call_alert(head)
    _to_group(scene, talk, line)
    nudges.call_waits(scene, talk)


def _to_group(scene: Scene, talk: Call, message: Message, author: str = "") -> None:
    to_group(scene, talk.office, message, *_subjects(talk), author=author)


def _subjects(talk: Call) -> tuple[str, ...]:
    """Whose cards show this talk, its own first."""
    own = f"call:{talk.id}"
    return (own, f"dossier:{talk.dossier}") if talk.dossier else (own,)


def _close(work: Work, talk: Call) -> None:
    work.calls.change(talk.id, open=False, waiting_since=None)
    work.jobs.drop(f"waiting:{talk.id}")
    _draw(work, talk)


def _draw(work: Work, talk: Call) -> None:
    for subject in _subjects(talk):
        work.cards.want(subject)


def _wait(scene: Scene, talk: Call) -> None:
    due = scene.world.calendar(talk.office).add_working_hours(scene.now, WAIT_HOURS)
    scene.work.jobs.add("call-waits", talk.id, key=f"waiting:{talk.id}", due_at=due)
