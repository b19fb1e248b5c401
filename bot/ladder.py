"""News on its way to a person: told at the first address, and at the next one where that does not reach them.

Each step is written in the transaction of what led to it: the next rung's row of the outbox stands beside the failure
of the last one. The rules are in domain/ladder.py; what an officer hears of it is in bot/unreached.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from bot import confirming, descent, outbound, push, rungs
from bot.descent import Descent
from bot.outgoing import LIVE, send
from bot.rungs import Rung
from bot.scene import Scene
from bot.world import fresh
from conversations import mail_words
from conversations.drafts import DECLINED
from conversations.messages import Message
from conversations.render import button
from domain import ladder
from domain.clock import DAY
from domain.ladder import Call, How, Look, Rest, Tell
from handlers import zalo_door
from storage import outbox
from storage.chats import Chat
from storage.messages import Line
from storage.notices import KEPT, Notice, State, new_check
from storage.persons import told_of

JOB: Final = outbox.NOTICES
DOSSIER: Final = "dossier:"
_AGAIN: Final = timedelta(seconds=60)  # until a call that is under way has ended
_OVER: Final = (State.READ, State.ANSWERED, State.DROPPED)


class News(NamedTuple):
    """What is said, and how; as in say.to_citizen."""

    message: Message
    subject: str = ""
    kind: str = ""
    key: str = ""
    expects: bool = False
    urgent: bool = False
    here: bool = False


def tell(scene: Scene, chat: Chat, news: News) -> State:
    """Make a notice of it and tell it at the first address; gives what is known of it now."""
    notice = _new(scene, chat, news)
    stopped = told_of(chat.settings).stopped
    if stopped or (news.kind.endswith(ladder.REMINDER) and DECLINED in chat.consents.split(",")):
        calls = stopped and notice.expects and notice.subject.startswith(DOSSIER)
        over = replace(notice, status=State.DROPPED, ended_at=scene.now)
        notice = replace(notice, status=State.PHONE) if calls else over
        scene.work.notices.add(notice)
        return notice.status
    if news.kind.endswith(ladder.REMINDER):
        scene.work.notices.reminded(news.subject, scene.now)
    begun = descent.begun(scene, notice, chat, first=news.here)
    step = begun.step()
    if isinstance(step, Tell) and step.at > scene.now:
        scene.work.notices.add(replace(notice, next_at=step.at))
        _plan(scene, notice, step.at, scene.now)
        return notice.status
    # Where nothing can be told anywhere, the row fails like any other, and is there for when they come back.
    rung = begun.rung(step.address) if isinstance(step, Tell) else begun.rungs[0]
    notice = _told(begun, rung, news.key)
    scene.work.notices.add(notice)
    return notice.status


def failed(scene: Scene, notice_id: str) -> Notice | None:
    """A call to give it has failed, or nobody knows; gives it where somebody has to telephone now."""
    notice = scene.work.notices.get(notice_id)
    if notice is None or notice.status in _OVER:
        return None
    return _go_on(descent.going_on(scene, notice, scene.now, 0.0))


def look(scene: Scene, notice_id: str, payload: bytes) -> Notice | None:
    """Its moment has come; gives it where somebody has to telephone who was not to be reached at all."""
    notice = scene.work.notices.get(notice_id)
    if notice is None or notice.ended_at is not None or notice.status in (*_OVER, State.PHONE, State.LOST):
        return None
    since, _, machine = payload.decode().partition(" ")  # nothing where a call was lost with its process
    at = datetime.fromisoformat(since) if since else scene.now
    return _go_on(descent.going_on(scene, notice, at, float(machine or 0)))


def back(scene: Scene, chat: Chat) -> None:
    """A chat can be written to again: what its person was told nowhere else, or only in short, goes there now."""
    failed = scene.work.notices.failed_in(chat.id)
    again = [notice.id for notice in failed if notice.person == chat.person]  # it may be another's chat by now
    for notice in again:
        scene.work.notices.change(notice, status=State.GOING, told=chat.id, ended_at=None)
    scene.work.outbox.revive(chat.id, scene.work.machine_now() - KEPT.total_seconds(), again)


def answered(scene: Scene, subject: str, *kinds: str) -> None:
    """They have done what was waited for: nothing that asks for it goes further."""
    scene.work.outbox.withdraw(scene.work.notices.ended(subject, scene.now, answered=True, kinds=kinds))


def overtaken(scene: Scene, subject: str) -> None:
    """The office has gone on: an answer to what it asked before is not due any more."""
    scene.work.notices.ended(subject, scene.now, answered=False)


def seen(scene: Scene, person: str, notice_id: str) -> None:
    """Its reader says so."""
    notice = scene.work.notices.get(notice_id)
    if notice is None or notice.person != person or notice.status in _OVER:
        return
    over = not notice.expects or notice.kind in ladder.BY_READING
    ended = scene.now if over else notice.ended_at
    scene.work.notices.change(notice.id, status=State.READ, ended_at=ended)


def again(scene: Scene, notice: Notice, chat: Chat) -> None:
    """What was not told while they wanted no news is told in this chat."""
    begun = descent.begun(scene, replace(notice, chat=chat.id), chat, first=True)
    after = _told(begun, begun.rungs[0], "")
    kept = {name: getattr(after, name) for name in _CHANGING}
    scene.work.notices.change(notice.id, chat=chat.id, rung=1, **kept)


_CHANGING: Final = ("status", "told", "page", "number", "next_at", "ended_at")


def _go_on(now: Descent) -> Notice | None:
    """The next step."""
    scene, notice = now.scene, now.notice
    step = now.step()
    match step:
        case Tell(address, at) if at <= scene.now:
            _further(now, now.rung(address))
        case Tell(at=at) | Look(at=at):
            scene.work.notices.change(notice.id, next_at=at)
            _plan(scene, notice, at, now.since, now.machine)
        case Call():
            return _call(now)
        case Rest():
            _rest(now)
    return None


def _further(now: Descent, rung: Rung) -> None:
    """At the next address; what still waits at the last one is given up."""
    scene, notice = now.scene, now.notice
    if not scene.work.outbox.too_slow(notice.id):  # a call is under way: it may be taken yet
        _plan(scene, notice, scene.now + _AGAIN, now.since, now.machine)
        return
    given_up = tuple(msgspec.structs.replace(t, how=How.FAILED) if t.how == How.GOING else t for t in now.tried)
    after = _told(replace(now, tried=given_up, since=scene.now), rung, "")
    kept = {name: getattr(after, name) for name in _CHANGING}
    scene.work.notices.change(notice.id, rung=len(given_up) + 1, **kept)


def _call(now: Descent) -> Notice | None:
    """Behind the last address. Who has been told and is silent is on the list only: nobody is alarmed."""
    work, notice = now.scene.work, now.notice
    if not notice.subject.startswith(DOSSIER) or notice.kind == ladder.SLIP:
        work.notices.change(notice.id, status=State.LOST, next_at=None, ended_at=now.scene.now)
        return None
    copied = None if now.silent else rungs.copied_to(now.scene, now.chat, told_of(now.chat.settings))
    if copied is not None:
        ended = None if notice.expects else now.scene.now
        work.notices.change(notice.id, status=State.ARRIVED, told=copied.id, next_at=None, ended_at=ended)
        return None
    known = work.notices.waiting_to_be_telephoned(notice.subject)
    work.notices.change(notice.id, status=State.PHONE, next_at=None, ended_at=None)
    return None if known or now.silent else notice


def _rest(now: Descent) -> None:
    scene, notice = now.scene, now.notice
    if now.known:
        scene.work.notices.change(notice.id, status=State.READ, ended_at=scene.now, next_at=None)
    elif notice.expects and now.going:  # it goes there as long as it takes, since there is nowhere else
        _plan(scene, notice, scene.now + DAY, now.since, now.machine)


def _told(now: Descent, rung: Rung, key: str) -> Notice:
    """Say it there; gives the notice as it is then, with its next moment planned."""
    scene, notice = now.scene, now.notice
    chat = rung.opened(scene)
    confirming.nothing(scene, chat)
    number = None
    if chat.channel in LIVE:
        number = scene.work.messages.add(chat.id, [Line(notice.message)], scene.now)
        if push.beside(scene, chat, notice.subject):
            now = replace(now, unread=ladder.ALERTED)
    else:
        send(scene, chat, [_for(chat, notice)], lane=outbox.NOTICE, subject=notice.subject, key=key, notice=notice.id)
    at = now.next_look(rung)
    if at is not None:
        _plan(scene, notice, at, scene.now, scene.work.machine_now())
    if number is None:
        return replace(notice, told=chat.id, status=State.GOING, next_at=at)
    over = None if notice.expects or at is not None else scene.now
    shown = replace(notice, told=chat.id, page=chat.id, number=number)
    return replace(shown, status=State.ARRIVED, next_at=at, ended_at=over)


def _for(chat: Chat, notice: Notice) -> Message:
    """In Zalo with a button, whose tap opens the window of seven days anew; in a mail, which anybody forges, a code."""
    message = notice.message
    if chat.channel == outbound.EMAIL:
        return msgspec.structs.replace(message, facts={**message.facts, mail_words.CHECK: notice.check})
    bare = not (message.buttons or message.files or notice.kind in (ladder.TALK, ladder.FRAME))
    if chat.channel != zalo_door.ZALO or not bare:
        return message
    return msgspec.structs.replace(message, buttons=(button("seen", f"seen:{notice.id}"),))


def _plan(scene: Scene, notice: Notice, at: datetime, since: datetime, machine: float = 0.0) -> None:
    payload = f"{since.isoformat()} {machine}".encode()
    scene.work.jobs.add(JOB, notice.id, payload=payload, due_at=at)


def _new(scene: Scene, chat: Chat, news: News) -> Notice:
    message = news.message
    if not message.template:
        message = msgspec.structs.replace(message, template=news.kind)
    return Notice(
        id=fresh(),
        person=chat.person,
        chat=chat.id,
        subject=news.subject,
        kind=news.kind,
        message=message,
        check=new_check(),
        expects=news.expects or news.kind in ladder.BY_DOING or news.kind in ladder.BY_READING,
        urgent=news.urgent or news.kind in ladder.AT_ONCE,
        status=State.GOING,
        told=None,
        page=None,
        number=None,
        made_at=scene.now,
    )
