"""Two persons that turn out to be one: everything of one becomes the other's, and can be taken back for a week.

The person who is gone stays as a row that says into whom they were merged; what moved is noted in the audit, so that
exactly that goes back. Office time counts the week.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec

from bot import talks
from bot.scene import Scene
from conversations.drafts import DECLINED, NOTIFY
from conversations.state import Talk
from storage.audit import Noted
from storage.chats import UNHEARD, Chat
from storage.conflict import Conflict
from storage.jobs import Job
from storage.merging import Moved, Row

MERGED: Final = "merged"  # in the audit: the subject is "<gone> <keep>"
PARTED: Final = "parted"
REST: Final = "merge-rest"  # the job that looks once more
UNDO: Final = timedelta(days=7)
_SOON: Final = 60.0  # seconds, by which whatever was under way during the merge is over
_PLACES: Final = frozenset({"start", "office"})  # where the office was still being asked for


def merge(scene: Scene, keep: str, gone: str, why: str, *, chat: str = "") -> bool:
    """Make them one; False where they are already. `keep`: whoever's turn is under way, `chat` where it is."""
    if keep == gone:
        return False
    rows = scene.work.merging.lock(keep, gone)
    if len(rows) < 2 or any(row.merged for row in rows.values()):
        raise Conflict  # somebody else was quicker: what was read is old
    calls = [scene.work.calls.open_of(person) for person in (keep, gone)]
    if calls[0] is not None and calls[1] is not None:
        talks.leave_older(scene, calls[0], calls[1])
    kept = scene.work.merging.has(keep)
    moved = scene.work.merging.move(gone, keep)
    scene.work.merging.set(keep, **_both(scene, keep, rows[keep], rows[gone]))
    scene.work.merging.set(gone, merged=keep)
    data = {"moved": moved, "kept": kept, "consents": rows[keep].consents, "settings": rows[keep].settings}
    scene.work.audit.add(MERGED, scene.now, chat=chat, subject=f"{gone} {keep}", data={**data, "why": why})
    scene.work.jobs.add(REST, gone, due=scene.work.machine_now() + _SOON)
    for (moved_chat,) in moved.get("chats", ()):
        settle(scene, moved_chat, keep)
    return True


def rest(scene: Scene, job: Job) -> None:
    """Whatever an officer wrote for somebody in the moment in which they became another."""
    into = scene.work.merging.current(job.subject)
    if into != job.subject:
        scene.work.merging.lock(into, job.subject)
        scene.work.merging.move(job.subject, into)
    scene.work.jobs.done(job.id)


def between(scene: Scene, person: str, one: str, other: str) -> Noted | None:
    """The merge of the last days that brought these two chats of a person together."""
    subjects = scene.work.merging.into(person)
    undone = {noted.subject: noted.at for noted in reversed(scene.work.audit.about(PARTED, subjects, scene.now - UNDO))}
    for noted in scene.work.audit.about(MERGED, subjects, scene.now - UNDO):
        moved = {row[0] for row in noted.data["moved"].get("chats", ())}
        parted = undone.get(noted.subject)
        if (parted is None or parted < noted.at) and (one in moved) != (other in moved):
            return noted
    return None


def undo(scene: Scene, noted: Noted) -> Sequence[str]:
    """Each has again what they brought; gives the chats that went.

    What came since goes with the chat it came to. Numbers proven since are to be proven again: nobody can say any more
    whose they are.
    """
    work = scene.work
    gone, kept = noted.subject.split()
    keep = _holder(scene, noted)
    if work.merging.lock(keep, gone)[gone].merged is None:
        raise Conflict
    moved: Moved = dict(noted.data["moved"])
    chats = [row[0] for row in moved.get("chats", ())]
    stay = [chat.id for chat in work.chats.of_person(keep) if chat.id not in chats]
    later = _since(scene, keep, noted, chats, stay)
    both = {table: [*moved.get(table, ()), *later.get(table, ())] for table in {*moved, *later}}
    work.proofs.end_since(keep, noted.at, scene.now)
    work.merging.set(gone, merged=None)
    work.merging.move(keep, gone, both)
    if keep == kept:
        work.merging.set(keep, consents=",".join(noted.data["consents"]), settings=noted.data["settings"])
    work.merging.follow(keep, gone)
    for person, theirs, other in ((gone, chats, keep), (keep, stay, gone)):
        for chat in theirs:
            settle(scene, chat, person)
            work.merging.untold(chat)
        work.merging.close_files(theirs, other)
        heard = [chat for chat in theirs if work.chats.channel_of(chat) not in UNHEARD]
        if theirs:
            work.merging.call_home(person, next(iter(heard), theirs[0]))
    work.audit.add(PARTED, scene.now, subject=noted.subject)
    return chats


def _since(scene: Scene, keep: str, noted: Noted, chats: Sequence[str], stay: Sequence[str]) -> Moved:
    """What has come to these chats since they were linked. What was begun before stays whose it was.

    A dossier has the id of its draft: whoever handed it in meanwhile, it goes with that.
    """
    moved, kept = noted.data["moved"], noted.data.get("kept", {})
    theirs, mine = (
        {row[0] for rows in (of.get("drafts", ()), of.get("dossiers", ())) for row in rows} for of in (moved, kept)
    )
    lines = [line for line in scene.work.drafts.lines(keep) if not line.dossier]
    begun = {line.id for line in lines} & _open_in(scene, chats)
    later = scene.work.merging.later(keep, chats, moved)
    handed_in = {row[0] for row in scene.work.merging.has(keep)["dossiers"]} & theirs
    new = {row[0] for row in later.get("dossiers", ())} - mine
    later["dossiers"] = [[dossier] for dossier in sorted(new | handed_in)]
    later["drafts"] = [[draft] for draft in sorted(begun - theirs - mine - _open_in(scene, stay))]
    return later


def settle(scene: Scene, chat_id: str, person: str) -> None:
    """A chat whose open draft is not its person's any more is back in the menu; so is one that was just beginning."""
    chat = scene.work.chats.get(chat_id)
    talk = talk_of(chat) if chat is not None else None
    if chat is None or talk is None:
        return
    lost = bool(talk.draft) and scene.work.drafts.get(talk.draft, person) is None
    if lost or (talk.screen in _PLACES and chat.office):
        scene.work.chats.save(chat.id, msgspec.json.encode(Talk("menu")), 0)


def talk_of(chat: Chat) -> Talk | None:
    """Where a citizen's chat is; None where it has said nothing yet."""
    try:
        return msgspec.json.decode(chat.state or b"null", type=Talk | None)
    except msgspec.DecodeError:
        return None


def _both(scene: Scene, keep: str, mine: Row, theirs: Row) -> dict[str, Any]:
    """What is known of one human from both: agreed to in one place is agreed to; of yes and no the last word counts."""
    consents = list(dict.fromkeys((*mine.consents, *theirs.consents)))
    if NOTIFY in consents and DECLINED in consents:
        last = scene.work.merging.last_agreed(keep, NOTIFY, DECLINED)
        consents.remove(NOTIFY if last in ("", DECLINED) else DECLINED)
    return {
        "office": mine.office or theirs.office,
        "consents": ",".join(consents),
        "settings": _settings(mine.settings, theirs.settings),
    }


def _settings(mine: str, theirs: str) -> str:
    """Where and when to be told: as set in the place where it was said; who has said stop somewhere has said stop."""
    if not mine or not theirs:
        return mine or theirs
    one, other = (msgspec.json.decode(words.encode(), type=dict[str, Any]) for words in (mine, theirs))
    joined = {**other, **{key: value for key, value in one.items() if value not in ("", None)}}
    if one.get("stopped") or other.get("stopped"):
        joined["stopped"] = True
    return msgspec.json.encode(joined).decode()


def _open_in(scene: Scene, chats: Collection[str]) -> set[str]:
    """The drafts that these chats have before them."""
    found = (scene.work.chats.get(chat) for chat in chats)
    talks_ = (talk_of(chat) for chat in found if chat is not None)
    return {talk.draft for talk in talks_ if talk is not None and talk.draft}


def _holder(scene: Scene, noted: Noted) -> str:
    """Who has by now what was merged then."""
    return scene.work.merging.current(noted.subject.split()[1])
