"""Officers' sessions in browsers: begun, told of, listed and ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot import own_ways, reach
from bot.invitations import LINK_LIFE, login_link
from bot.outgoing import send
from bot.say import desk_line, to_heads, to_officer
from bot.scene import Scene
from conversations import staff_sessions
from conversations.messages import Message
from conversations.render import text
from conversations.session_state import EndSession, EndSessions, ListSessions, MakeLogIn, ResetLogIn
from conversations.staff_state import Officer
from domain import mail
from domain.dossier import NotAllowed, Role
from domain.values import masked_phone, moment_words
from handlers import telegram_door
from storage import outbox
from storage.chats import OFFICER, Chat
from storage.sessions import Browser, Session

LIFE: Final = 12 * 3_600.0  # seconds: a working day
IDLE: Final = 2 * 3_600.0  # seconds without use, after which a session is over: a lunch break is not
USED: Final = 60.0  # seconds: how exactly its last use is known
_TOLD: Final = frozenset({own_ways.ZALO, telegram_door.CITIZENS, reach.EMAIL})  # an SMS costs, and its code was one

Effect = ListSessions | EndSession | EndSessions | ResetLogIn | MakeLogIn


def begin(scene: Scene, officer: Officer, own: Chat, browser: Browser) -> str:
    """A new session; gives its cookie. The officer hears of it wherever they hear of anything."""
    cookie, session = scene.work.sessions.make(own.id, browser, LIFE)
    about = {"browser": browser_words(browser), "at": moment_words(scene.now)}
    said = Message(text("sessions.began", about), (staff_sessions.end_button(session),))
    if not scene.world.settings.trial:
        to_officer(scene, officer, [said])
        way = next((way for way in own_ways.usable(scene, officer.id) if way.channel in _TOLD), None)
        if way is not None and not scene.work.chats.mirrors_of(own.id):
            send(scene, way, [Message(text("sessions.began-elsewhere", about))], lane=outbox.NOTICE)
    data = {"browser": browser.name, "network": browser.network}
    scene.work.audit.add("login", scene.now, chat=own.id, subject=officer.id, data=data)
    return cookie


def carry_out(scene: Scene, officer: Officer, effect: Effect) -> list[Message]:
    """Do it; gives the words for the speaker."""
    if isinstance(effect, MakeLogIn):
        link = {"link": login_link(scene, officer), "minutes": round(LINK_LIFE / 60)}
        return [Message(text("sessions.link", link))]
    other = _meant(scene, officer, effect.officer)
    match effect:
        case ListSessions():
            return [_listed(scene, officer, other)]
        case EndSession(session):
            return _end(scene, officer, other, session)
        case EndSessions():
            return end_all(scene, officer, other)
        case ResetLogIn(_, sure):
            if officer.role != Role.HEAD:
                raise NotAllowed("head-only")
            if sure:
                return reset(scene, officer.name, other)
            return [Message(text("sessions.lost-sure", {"name": other.name}), (staff_sessions.sure_button(other.id),))]


def end_all(scene: Scene, by: Officer, other: Officer) -> list[Message]:
    """All of an officer's."""
    count = scene.work.sessions.end_all(_own(scene, other).id)
    _noted(scene, by, other, "all")
    return [Message(text("sessions.ended-all", {"count": count, "name": other.name}))]


def reset(scene: Scene, by: str, officer: Officer) -> list[Message]:
    """A telephone is lost: sessions, links and addresses end. Said at these addresses first, and to all heads."""
    own = _own(scene, officer)
    about = {"name": officer.name, "head": by}
    mirrors = [chat for chat in scene.work.chats.mirrors_of(own.id) if chat.channel == telegram_door.STAFF]
    ways = own_ways.of(scene, officer.id)
    for chat in (*mirrors, *own_ways.usable(scene, officer.id)):
        send(scene, chat, [Message(text("sessions.lost-told", about), template="staff")], lane=outbox.NOTICE)
    for mirror in mirrors:
        scene.work.chats.release(mirror.id)
    for way in ways:
        scene.work.chats.alerts(way.id, None)
    scene.work.tokens.revoke(own.id)
    scene.work.audit.add("login-reset", scene.now, subject=officer.id, data={"by": by})
    to_heads(scene, officer.office, Message(text("sessions.lost-heads", about)))
    return [Message(text("sessions.lost-done", {"name": officer.name}))]


def join_telegram(scene: Scene, officer: Officer, address: str) -> None:
    """This Telegram user is that officer from now on, whoever they were before."""
    scene.work.chats.open_mirror(telegram_door.STAFF, address, _own(scene, officer).id, scene.now)
    office = scene.world.office(officer.office).short_name
    to_officer(scene, officer, [desk_line("linked", name=officer.name, office=office)])
    scene.work.audit.add("login-telegram", scene.now, subject=officer.id)


def where(way: Chat) -> str:
    """An address of an officer, as they know it, with its middle left out."""
    label = ""
    if way.channel == reach.EMAIL:
        label = mail.masked(way.address)
    elif way.channel == reach.SMS:
        label = masked_phone(way.address)
    key = "sessions.where-telegram-staff" if way.channel == telegram_door.STAFF else f"contact.on-{way.channel}"
    return text(key, {"label": label})


def browser_words(browser: Browser) -> str:
    return browser.name or text("sessions.unknown-browser")


def _end(scene: Scene, by: Officer, other: Officer, session: str) -> list[Message]:
    if not scene.work.sessions.end(_own(scene, other).id, session):
        return [Message(text("sessions.too-late"))]
    _noted(scene, by, other, session)
    return [Message(text("sessions.ended"))]


def _noted(scene: Scene, by: Officer, other: Officer, which: str) -> None:
    scene.work.audit.add("session-ended", scene.now, subject=other.id, data={"by": by.id, "which": which})
    if by.id != other.id:
        to_officer(scene, other, [Message(text("sessions.ended-by", {"head": by.name}))])


def _listed(scene: Scene, officer: Officer, other: Officer) -> Message:
    found = scene.work.sessions.of(_own(scene, other).id, IDLE)
    of = None if other.id == officer.id else other
    if not found:
        return Message(text("sessions.none", {"name": other.name}), staff_sessions.list_buttons((), of))
    lines = "\n".join(text("sessions.line", _line(scene, n, one)) for n, one in enumerate(found, 1))
    about = {"name": other.name, "lines": lines, "idle": round(IDLE / 3600), "life": round(LIFE / 3600)}
    numbered = tuple((one.id, str(n)) for n, one in enumerate(found, 1))
    return Message(text("sessions.list", about), staff_sessions.list_buttons(numbered, of))


def _line(scene: Scene, number: int, one: Session) -> dict[str, object]:
    def words(at: float | None) -> str:
        if at is None:
            return text("sessions.older")
        return moment_words(datetime.fromtimestamp(at, UTC) + scene.world.offset, scene.now)

    seen = one.seen or one.made
    return {"number": number, "browser": browser_words(one.browser), "since": words(one.made), "seen": words(seen)}


def _meant(scene: Scene, officer: Officer, other: str) -> Officer:
    """The speaker, or of a head somebody of the same office."""
    if not other or other == officer.id:
        return officer
    if officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    found = scene.work.officers.get(other)
    if found is None or found.office != officer.office:
        raise NotAllowed("gone")
    return found


def _own(scene: Scene, officer: Officer) -> Chat:
    return scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
