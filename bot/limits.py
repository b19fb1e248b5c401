"""How often somebody may try what could be guessed or would cost money, and who behaves like a machine.

Limits of machine time. A key says what it counts by: "chat:<id>", "number:<phone or address>" or "net:<hash>". Whether
what is tried exists is never looked at here, so that known and unknown meet the same limits after the same work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bot.scene import Scene
from storage.chats import Chat
from storage.sealed import keys

Windows = tuple[tuple[int, float], ...]  # so many within so many seconds

_MINUTE: Final = 60.0
_HOUR: Final = 3_600.0
DAY: Final = 86_400.0
CODE: Final = "code"
ENTER: Final = "enter"  # codes by which an officer logs in: counted apart, for anybody may ask for others to a number
LOOK: Final = "look"
PAIR: Final = "pair"  # of a number and a code: official codes are numbered on, so few tries are enough to guess one
LINK: Final = "link"  # a code that links another chat, typed
DESK: Final = "desk"  # codes to be read out at the desk
TRUST: Final = "trust"  # whether words are ours: our words can be guessed, with a name and a number put in
FILE: Final = "file"  # photos and PDFs, by a page
OPENED: Final = "opened"
GUESSING: Final = "guessing"  # in the audit: somebody was held back; the subject is the office that they had chosen
_PASSED: Final = "passed"
_NOTED: Final = "noted"

# Behind one address of a mobile network stand thousands of people, and behind that of the commune's house all who wait
# there: a network may do what some dozens of people do.
LIMITS: Final[dict[str, Mapping[str, Windows]]] = {
    CODE: {
        "number": ((3, _HOUR), (10, DAY)),
        "chat": ((3, _HOUR), (10, DAY)),
        "net": ((30, _HOUR), (100, DAY)),
    },
    ENTER: {
        "number": ((6, _HOUR), (30, DAY)),
        "chat": ((6, _HOUR), (30, DAY)),
        "net": ((30, _HOUR), (100, DAY)),
    },
    LOOK: {
        "number": ((15, 10 * _MINUTE), (60, DAY)),
        "chat": ((15, 10 * _MINUTE), (60, DAY)),
        "net": ((120, 10 * _MINUTE), (600, DAY)),
    },
    LINK: {"chat": ((10, _HOUR), (30, DAY)), "net": ((100, _HOUR), (500, DAY))},
    PAIR: {"number": ((5, _HOUR), (10, DAY))},
    DESK: {"chat": ((10, _HOUR),)},
    FILE: {"chat": ((300, DAY),)},  # the largest dossier has a tenth of that
    TRUST: {"chat": ((10, _HOUR), (20, DAY)), "net": ((30, _HOUR), (100, DAY))},
}
EASY = 5  # look-ups of a chat within ten minutes, after which it is asked whether a human is there
_CALM: Final = 30 * _MINUTE  # for which whoever has answered is not asked again
_QUICK: Final = 10.0  # seconds in which nobody types more than World.typed_at_most messages
_CROWD: Final = (40, _HOUR)  # new chats of one network
_AGAIN: Final = _HOUR  # after which one who goes on guessing is noted anew


def allowed(scene: Scene, what: str, *by: str) -> bool:
    """Count one attempt under each of these keys; False, and nothing is counted, where one has had enough."""
    if not room(scene, what, *by):
        return False
    count(scene, what, *by)
    return True


def room(scene: Scene, what: str, *by: str) -> bool:
    """Whether each of these keys has an attempt left; all are asked for, so that it takes as long whichever has not."""
    named = _named(by)
    fits = [_fits(scene, what, key) for key in named]
    return all(fits)


def count(scene: Scene, what: str, *by: str) -> None:
    """One attempt under each of these keys."""
    named = _named(by)
    if named:
        scene.work.attempts.add(what, map(_hashed, named))


def over(scene: Scene, chat: Chat, what: str) -> None:
    """Somebody was held back: a line of the audit, once an hour a chat however long they go on."""
    work, key = scene.work, _hashed(f"{what} chat:{chat.id}")
    now = work.machine_now()
    if work.attempts.moments(_NOTED, key, now - _AGAIN, 1):
        return
    work.attempts.add(_NOTED, [key])
    work.audit.add(GUESSING, scene.now, chat=chat.id, subject=chat.office, data={"what": what, "channel": chat.channel})


def like_a_machine(scene: Scene, chat: Chat) -> bool:
    """Whether a human is to show that they are one before they look further; not for a while after they have."""
    work, key = scene.work, _hashed(f"chat:{chat.id}")
    now = work.machine_now()
    many = len(work.attempts.moments(LOOK, key, now - 10 * _MINUTE, EASY)) >= EASY
    quick = work.inbox.count(chat.channel, chat.address, now - _QUICK) > scene.world.typed_at_most
    network = _hashed(f"net:{scene.network}")
    crowd = bool(scene.network) and len(work.attempts.moments(OPENED, network, now - _CROWD[1], _CROWD[0])) >= _CROWD[0]
    passed = bool(work.attempts.moments(_PASSED, key, now - _CALM, 1))
    return (many or quick or crowd) and not passed


def passed(scene: Scene, chat: Chat) -> None:
    """A human has answered: this chat is not asked again for a while. What nobody may exceed stands all the same."""
    scene.work.attempts.add(_PASSED, [_hashed(f"chat:{chat.id}")])


def opened(scene: Scene, network: str) -> None:
    """A new chat came from this network."""
    if network:
        scene.work.attempts.add(OPENED, [_hashed(f"net:{network}")])


def forget(scene: Scene) -> None:
    """No limit looks further back than a day."""
    older = scene.work.machine_now() - DAY
    scene.work.attempts.forget(older)
    scene.work.codes.forget(older)


def _named(by: Iterable[str]) -> list[str]:
    """Without those that are not known, such as the network of a messenger's chat."""
    return [key for key in by if key.partition(":")[2]]


def _fits(scene: Scene, what: str, key: str) -> bool:
    now, windows = scene.work.machine_now(), _windows(what, key)
    longest, most = max(seconds for _, seconds in windows), max(most for most, _ in windows)
    known = scene.work.attempts.moments(what, _hashed(key), now - longest, most)
    return all(sum(at > now - seconds for at in known) < most for most, seconds in windows)


def _windows(what: str, key: str) -> Windows:
    return LIMITS[what][key.partition(":")[0]]


def _hashed(key: str) -> str:
    return keys().look_up(f"attempt {key}")
