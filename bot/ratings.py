"""Ratings: kept, and where one is low, taken up by a person whose answer is waited for."""

from __future__ import annotations

from typing import Any, Final

from bot import decisions
from bot.say import show_card, to_group, to_heads, to_officer
from bot.scene import Scene
from bot.views import code_of
from conversations.effects import Rate, RateWord
from conversations.messages import Message
from conversations.rating import CHANGEABLE, RATED
from conversations.render import text
from conversations.satisfaction import stars_words
from conversations.staff_buttons import button
from conversations.staff_state import Officer
from domain.dossier import Role
from domain.figures import LOW
from storage.calls import Call
from storage.dossiers import Record
from storage.ratings import Rating

PATIENCE: Final = 8  # working hours, which are a working day, after which an unanswered low rating is named again
_REMINDERS: Final = 5


def rate(scene: Scene, person: str, effect: Rate) -> None:
    """Keep the stars; a low one gets a card of its own in the group, without anything personal on it."""
    record = _own(scene, person, effect.dossier)
    if record is None or record.status not in RATED:
        return
    ratings = scene.work.ratings
    before = ratings.of(record.id)
    if before is not None and scene.now - before.at > CHANGEABLE:
        return
    low, was_low = effect.stars <= LOW, before is not None and before.stars <= LOW
    ratings.rate(record.id, record.office, effect.stars, scene.now)
    _note(scene, record, decisions.CITIZEN, "rate", {"stars": effect.stars})
    if low and not was_low:  # to another low one the answer still counts
        owner = _answerer(scene, record)
        ratings.change(record.id, owner=owner.id if owner else None, answered_at=None)
        _take_up(scene, record, effect.stars, owner)
    elif was_low and not low:
        scene.work.jobs.drop(_job(record.id))
    if low or was_low:
        scene.work.cards.want(f"call:{record.id}")


def word(scene: Scene, person: str, effect: RateWord) -> None:
    """The words go to who is to answer, or to who had the dossier: nobody writes into the void."""
    record = _own(scene, person, effect.dossier)
    rating = scene.work.ratings.of(effect.dossier)
    if record is None or rating is None:
        return
    scene.work.ratings.change(record.id, word=effect.word)
    _note(scene, record, decisions.CITIZEN, "rate-word", {"word": effect.word})
    if rating.stars <= LOW:
        said = Message(effect.word, speaker=text("desk.citizen"))
        to_group(scene, record.office, said, f"call:{record.id}", f"dossier:{record.id}")
        return
    had = scene.work.officers.get(record.owner) if record.owner else None
    if had is not None:
        told = text("rating.told", {"stars": stars_words(rating.stars), "code": code_of(record), "word": effect.word})
        to_officer(scene, had, [Message(told)], subject=f"dossier:{record.id}")


def waits(rating: Rating | None) -> bool:
    """Whether it is low and nobody has answered yet."""
    return rating is not None and rating.stars <= LOW and rating.answered_at is None


def rated(scene: Scene, officer: Officer, call: str) -> Record | None:
    """The dossier of a low rating's card, for an officer of its office; None where the call is another."""
    record = scene.work.dossiers.get(call)
    mine = record is not None and record.office == officer.office
    return record if mine and scene.work.ratings.of(call) is not None else None


def answered(scene: Scene, officer: Officer, dossier: str | None, how: str) -> None:
    """An officer has answered the citizen, in the chat or by telephone."""
    rating = scene.work.ratings.of(dossier) if dossier else None
    record = scene.work.dossiers.get(dossier) if dossier else None
    if rating is None or record is None or not waits(rating):
        return
    scene.work.ratings.change(record.id, owner=officer.id, answered_at=scene.now)
    _note(scene, record, officer.id, "rate-answered", {"how": how})
    scene.work.jobs.drop(_job(record.id))
    scene.work.calls.change(record.id, owner=officer.id)
    scene.work.cards.want(f"call:{record.id}")


def called(scene: Scene, officer: Officer, call: str) -> list[Message]:
    """The officer has telephoned; gives the words for them."""
    record = rated(scene, officer, call)
    if record is None or not waits(scene.work.ratings.of(record.id)):
        return [Message(text("rating.answered-already"))]
    answered(scene, officer, record.id, "phone")
    return [Message(text("rating.called", {"officer": officer.name}))]


def remind(scene: Scene, dossier: str, times: int) -> None:
    """A working day has passed without an answer: the owner is named, and again a working day later."""
    rating, record = scene.work.ratings.of(dossier), scene.work.dossiers.get(dossier)
    if record is None or rating is None or not waits(rating):
        return
    owner = scene.work.officers.get(rating.owner) if rating.owner else None
    name = owner.name if owner is not None else text("cards.alert-nobody")
    line = Message(text("rating.waits", {"owner": name, "code": code_of(record)}))
    to_group(scene, record.office, line, f"call:{record.id}", f"dossier:{record.id}", alert=True)
    if times < _REMINDERS:
        _wait(scene, record, times + 1)


def _take_up(scene: Scene, record: Record, stars: int, owner: Officer | None) -> None:
    """The card of a call that holds none of the citizen's words back: they may go on with something else."""
    work = scene.work
    about = text("rating.call-about", {"stars": stars_words(stars)})
    if work.calls.get(record.id) is None:
        work.calls.start(
            Call(
                id=record.id,
                person=record.person,
                chat=record.chat,
                office=record.office,
                dossier=record.id,
                about=about,
                open=False,
                owner=None,
                opened_at=scene.now,
                waiting_since=None,
            )
        )
    else:
        work.calls.change(record.id, about=about.encode(), owner=None)
    words = text("rating.head", {"stars": stars_words(stars), "code": code_of(record)})
    told = Message(words, tuple(button(action, record.id, kind="c") for action in ("answer", "called")))
    show_card(scene, record.office, f"call:{record.id}", told)
    to_heads(scene, record.office, told)
    if owner is not None and owner.role != Role.HEAD:
        to_officer(scene, owner, [told], subject=f"call:{record.id}")
    _wait(scene, record, 1)


def _answerer(scene: Scene, record: Record) -> Officer | None:
    """A head who is there, for nobody should have to answer for themselves; else whoever had the dossier."""
    present = [officer for officer in scene.work.officers.of_office(record.office) if not officer.absent]
    heads = [officer for officer in present if officer.role == Role.HEAD]
    return next(iter(heads), None) or next((officer for officer in present if officer.id == record.owner), None)


def _wait(scene: Scene, record: Record, times: int) -> None:
    due = scene.world.calendar(record.office).add_working_hours(scene.now, PATIENCE)
    scene.work.jobs.add("rating-waits", record.id, key=_job(record.id), payload=str(times).encode(), due_at=due)


def _note(scene: Scene, record: Record, actor: str, what: str, data: dict[str, Any]) -> None:
    """A row of history; the dossier's card shows nothing of it."""
    scene.work.history.add(record.id, scene.now, actor, what, (record.status, record.status), data)


def _job(dossier: str) -> str:
    return f"rating:{dossier}"


def _own(scene: Scene, person: str, dossier: str) -> Record | None:
    record = scene.work.dossiers.get(dossier, lock=True)
    return record if record is not None and record.person == person else None
