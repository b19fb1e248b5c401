"""An officer logs in: a one-time link, then a confirmation at an address of the officer's own.

Whoever opens the link is shown two digits; the officer presses or types them in their own chat. Where an officer has
nothing but a phone number or an e-mail address, a code goes there and is typed in the browser. The link alone is enough
in a trial, and for whoever has no address yet: heads are told of that. A link to become an officer on Telegram is
confirmed in the same way (bot/staff_chats.py).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

import msgspec

from bot import one_time, own_ways, reach, sessions
from bot.invitations import JOIN, LOGIN, USERNAME
from bot.outgoing import send
from bot.say import to_heads, to_officer
from bot.scene import Scene
from conversations import staff_sessions
from conversations.messages import Event, Message, Pressed, TextSent
from conversations.render import text
from conversations.staff_state import Officer
from domain.rights import EMAIL, PHONE
from handlers import telegram_door
from handlers.web_live import Entering
from storage import outbox
from storage.chats import OFFICER, Chat
from storage.sealed import keys
from storage.sessions import ASKED, CONFIRMED, REFUSED, Browser, Challenge, Waiting

PATIENCE: Final = 10 * 60.0  # seconds for which a log-in waits for its confirmation
PURPOSE: Final = one_time.ENTER  # of a code that is typed in the browser
_WRONG: Final = "login-no"  # among the attempts
_FREE: Final = 3  # wrong confirmations of an officer within an hour before anything has to wait
_FIRST: Final = 60.0  # seconds of the first wait, doubled each time
_LONGEST: Final = 15 * 60.0  # seconds: nobody is kept out for longer, whoever tries in their name
_PRESSED: Final = frozenset({telegram_door.STAFF})  # where there are buttons
_TYPED: Final = frozenset({own_ways.ZALO, telegram_door.CITIZENS})  # where the digits are typed
_CODES: Final = {reach.SMS: PHONE, reach.EMAIL: EMAIL}  # where a code is sent
HEARD: Final = _TYPED


@dataclass(frozen=True, slots=True)
class _Asked:
    """A log-in that waits: its browser's token, and by which address it is confirmed."""

    token: str
    way: Chat
    digits: str


def enter(scene: Scene, token: str, browser: Browser) -> Entering:
    """Somebody has pressed the button behind a one-time link."""
    grant = scene.work.tokens.grant(token, LOGIN)
    own = scene.work.chats.get(grant.chat) if grant is not None else None
    officer = scene.work.officers.get(own.address) if own is not None and own.channel == OFFICER else None
    if grant is None or own is None or officer is None:
        return Entering("gone")
    seconds = held(scene, officer)
    if seconds:
        return Entering("later", minutes=max(1, round(seconds / 60)))
    if scene.work.tokens.spend(token, LOGIN) is None:
        return Entering("gone")
    ways = confirming(scene, officer)
    if not ways:
        return _alone(scene, officer, own, browser)
    asked = ask(scene, officer, browser, ways)
    if asked is None:  # no code could be sent: the link stays good, as the page says
        scene.work.tokens.make(LOGIN, own.id, grant.seconds, token=token)
        return Entering("later", minutes=round(_LONGEST / 60))
    return Entering("wait", pending=asked.token, digits=asked.digits, where=sessions.where(asked.way))


def confirming(scene: Scene, officer: Officer) -> list[Chat]:
    """The addresses at which a log-in of this officer may be confirmed, the best first; none in a trial."""
    if scene.world.settings.trial:
        return []
    own = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    mirrors = [
        chat for chat in scene.work.chats.mirrors_of(own.id) if chat.channel in _PRESSED and not chat.unreachable
    ]
    return [*mirrors, *own_ways.usable(scene, officer.id)]


def ask(scene: Scene, officer: Officer, browser: Browser, ways: list[Chat], address: str = "") -> _Asked | None:
    """Ask at the first of these that can be asked. `address`: of a Telegram chat that wants to be this officer's."""
    own = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    for way in ways:
        if way.channel in _CODES:
            challenge = Challenge(browser, way.id, address=address)
            token, waiting = scene.work.sessions.ask(own.id, challenge, PATIENCE)
            typed_in = own if not address else scene.work.chats.open_staff(telegram_door.STAFF, address, scene.now)
            kind = _CODES[way.channel]
            if one_time.ask(scene, typed_in, PURPOSE, kind, way.address, waiting, words=_code_words):
                return _Asked(token, way, "")
            scene.work.sessions.settle(waiting, REFUSED)
            continue
        choices = tuple(sorted(map(str, secrets.SystemRandom().sample(range(10, 100), 3))))
        digits = secrets.choice(choices)
        challenge = Challenge(browser, way.id, digits, choices, address)
        token, waiting = scene.work.sessions.ask(own.id, challenge, PATIENCE)
        send(scene, way, [_question(officer, way, challenge, waiting)], lane=outbox.ANSWER)
        return _Asked(token, way, digits)
    return None


def look(scene: Scene, token: str) -> Entering:
    """How far a browser's log-in is; confirmed, it is let in, once."""
    waiting = scene.work.sessions.waiting(token)
    if waiting is None or waiting.challenge.address:
        return Entering("gone")
    if waiting.state == CONFIRMED:
        return _let_in(scene, waiting, token)
    if waiting.state != ASKED:
        return Entering("no")
    way = scene.work.chats.get(waiting.challenge.way)
    where = sessions.where(way) if way is not None else ""
    return Entering("wait", digits=waiting.challenge.digits, where=where)


def typed(scene: Scene, token: str, code: str) -> Entering:
    """The code that was sent, typed in the browser."""
    waiting = scene.work.sessions.waiting(token)
    own = scene.work.chats.get(waiting.chat) if waiting is not None else None
    if waiting is None or own is None or waiting.challenge.digits or waiting.state != ASKED:
        return look(scene, token)
    checked = one_time.check(scene, own, code, PURPOSE)
    if checked.state == "ok" and checked.subject == waiting.id:
        scene.work.sessions.settle(waiting.id, CONFIRMED)
        return look(scene, token)
    officer = scene.work.officers.get(own.address)
    if checked.state == "wrong":
        return msgspec.structs.replace(look(scene, token), wrong=True)
    scene.work.sessions.settle(waiting.id, REFUSED)
    if officer is not None and checked.state == "over":
        _wrong(scene, officer)
    return Entering("no")


def answer(scene: Scene, officer: Officer, waiting_id: str, given: str) -> list[Message]:
    """What the officer has pressed or typed in a chat of their own; on the page it counts for nothing.

    Else whoever has taken a session would make others with it, or let a Telegram user of theirs in for good.
    """
    if scene.on_page:
        return [Message(text("sessions.not-here"))]
    own = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    waiting = scene.work.sessions.asked(waiting_id)
    if waiting is None or waiting.chat != own.id or not waiting.challenge.digits:
        return [Message(text("sessions.too-late"))]
    right = secrets.compare_digest(given.encode(), waiting.challenge.digits.encode())
    if not scene.work.sessions.settle(waiting.id, CONFIRMED if right else REFUSED):
        return [Message(text("sessions.too-late"))]
    if right:
        return _confirmed(scene, officer, waiting)
    _wrong(scene, officer)
    if given != staff_sessions.NO:
        return [Message(text("sessions.wrong"))]
    for purpose in (LOGIN, JOIN):
        scene.work.tokens.close(purpose, own.id)
    about = {"name": officer.name, "browser": sessions.browser_words(waiting.challenge.browser)}
    network = {"network": waiting.challenge.browser.network}
    scene.work.audit.add("login-refused", scene.now, subject=officer.id, data=network)
    to_heads(scene, officer.office, Message(text("sessions.refused-head", about)), but=officer.id)
    return [Message(text("sessions.refused"))]


def heard(scene: Scene, chat: Chat, words: str) -> list[Message]:
    """What somebody typed in a citizens' chat that is also an officer's address; nothing where it is no answer."""
    given = staff_sessions.answered(words)
    found = scene.work.chats.officer_of(chat.id) if given else None
    officer = scene.work.officers.get(found) if found else None
    if officer is None:
        return []
    own = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    waiting = scene.work.sessions.asked_of(own.id)
    if waiting is not None and waiting.challenge.way == chat.id:
        return answer(scene, officer, waiting.id, given)
    return sessions.end_all(scene, officer, officer) if given == staff_sessions.NO else []


def read(scene: Scene, own: Chat, event: Event) -> Event:
    """The digits of a log-in that waits, typed by an officer: as if they had been pressed."""
    given = staff_sessions.answered(event.text) if isinstance(event, TextSent) and not scene.on_page else ""
    waiting = scene.work.sessions.asked_of(own.id) if given else None
    return event if waiting is None else Pressed(f"s:enter:me:{waiting.id}:{given}")


def held(scene: Scene, officer: Officer) -> float:
    """Seconds for which nobody logs in under this name, after several wrong confirmations."""
    now = scene.work.machine_now()
    wrong = scene.work.attempts.moments(_WRONG, _key(officer), now - 3_600.0, 10)
    if len(wrong) < _FREE:
        return 0.0
    wait: float = min(_LONGEST, _FIRST * 2 ** (len(wrong) - _FREE))
    return max(0.0, wrong[0] + wait - now)


def _confirmed(scene: Scene, officer: Officer, waiting: Waiting) -> list[Message]:
    address = waiting.challenge.address
    if not address:
        return [Message(text("sessions.confirmed"))]
    sessions.join_telegram(scene, officer, address)
    return [Message(text("sessions.confirmed-telegram"))]


def by_code(scene: Scene, chat: Chat, words: str) -> list[Message]:
    """A code that a Telegram chat was asked for, which wants to become an officer's; nothing where it was not."""
    digits = "".join(words.split())
    if len(digits) != one_time.DIGITS or not digits.isdecimal() or not one_time.waits(scene, chat, PURPOSE):
        return []
    checked = one_time.check(scene, chat, digits, PURPOSE)
    if checked.state != "ok":
        return [Message(text("sessions.telegram-wrong" if checked.state == "wrong" else "sessions.telegram-over"))]
    waiting = scene.work.sessions.asked(checked.subject)
    own = scene.work.chats.get(waiting.chat) if waiting is not None else None
    officer = scene.work.officers.get(own.address) if own is not None else None
    if waiting is None or officer is None or waiting.challenge.address != chat.address:
        return [Message(text("sessions.telegram-over"))]
    scene.work.sessions.settle(waiting.id, CONFIRMED)
    sessions.join_telegram(scene, officer, chat.address)
    return [Message(text("sessions.confirmed-telegram"))]


def _let_in(scene: Scene, waiting: Waiting, token: str) -> Entering:
    own = scene.work.chats.get(waiting.chat)
    officer = scene.work.officers.get(own.address) if own is not None else None
    if own is None or officer is None or not scene.work.sessions.spend(token):
        return Entering("gone")
    return Entering("in", cookie=sessions.begin(scene, officer, own, waiting.challenge.browser))


def _alone(scene: Scene, officer: Officer, own: Chat, browser: Browser) -> Entering:
    """By the link alone: said to the officer, and to the heads where there would be another way."""
    cookie = sessions.begin(scene, officer, own, browser)
    possible = own_ways.channels(scene) or scene.work.installation.get(USERNAME)
    if possible and not scene.world.settings.trial:
        about = {"name": officer.name, "browser": sessions.browser_words(browser)}
        to_officer(scene, officer, [Message(text("sessions.alone"))])
        to_heads(scene, officer.office, Message(text("sessions.alone-head", about)), but=officer.id)
    return Entering("in", cookie=cookie)


def _question(officer: Officer, way: Chat, challenge: Challenge, waiting: str) -> Message:
    kind = "ask-telegram" if challenge.address else "ask"
    about = {"name": officer.name, "browser": sessions.browser_words(challenge.browser)}
    if way.channel in _PRESSED:
        return Message(text(f"sessions.{kind}", about), staff_sessions.buttons_of(waiting, challenge.choices))
    return Message(text(f"sessions.{kind}-typed", about))


def _code_words(code: str) -> Message:
    return Message(text("sessions.code", {"code": code}), template=one_time.TEMPLATE, facts={"code": code})


def _wrong(scene: Scene, officer: Officer) -> None:
    """One more wrong confirmation; said where it begins to cost time."""
    scene.work.attempts.add(_WRONG, [_key(officer)])
    wrong = scene.work.attempts.moments(_WRONG, _key(officer), scene.work.machine_now() - 3_600.0, _FREE + 1)
    if len(wrong) == _FREE:
        told = Message(text("sessions.held", {"name": officer.name}))
        to_officer(scene, officer, [told])
        to_heads(scene, officer.office, told, but=officer.id)
        scene.work.audit.add("login-held", scene.now, subject=officer.id)


def _key(officer: Officer) -> str:
    return keys().look_up(f"attempt officer:{officer.id}")
