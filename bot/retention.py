"""What is no longer kept, once a day: by little transactions, so that nobody waits, and with a line in the log."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot import drafts
from bot.scene import Scene, present
from bot.world import World
from domain import keeping
from domain.values import VIETNAM
from storage.dossiers import Body
from storage.retention import After
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

_DAY: Final = 86_400.0
_BEGINS: Final = "forgets-from"  # in the installation

Step = Callable[[Scene, After], tuple[int, After]]  # forgets some; gives how many, and where to go on


def adopt(scene: Scene) -> None:
    """Once: where an older release has left what is long due, its operator gets some days to file what must stay."""
    work = scene.work
    if work.installation.get(_BEGINS) is None:
        due = work.retention.any_closed(scene.now - timedelta(days=scene.world.settings.keep_papers_days))
        begins = scene.now + timedelta(days=keeping.WARNED) if due else scene.now
        work.installation.put(_BEGINS, begins.isoformat())


async def carry_out(database: Database, world: World) -> Counter[str]:
    """Forget all that is due; gives what, by kind. Done twice, or by two at once, it forgets nothing more."""
    gone: Counter[str] = Counter()
    if (begins := await database.run(lambda work: _begins(present(work, world)))) is not None:
        log.warning("papers of old dossiers go from %s on: file what must stay (docs/operating.md, Keeping)", begins)
        return gone
    for what, step in _STEPS.items():
        gone[what] = await _all(database, world, step)
    gone = +gone
    if gone:
        await database.run(lambda work: _note(present(work, world), gone))
    told = ", ".join(f"{what} {count}" for what, count in sorted(gone.items()))
    log.info("kept no longer: %s", told or "nothing was due")
    return gone


async def _all(database: Database, world: World, step: Step) -> int:
    """A step, part by part."""
    after: After = ()
    forgotten = 0
    while True:
        count, after = await database.run(lambda work: step(present(work, world), after))  # noqa: B023 - played now
        forgotten += count
        if not after:
            return forgotten


def _begins(scene: Scene) -> str | None:
    """The day on which the first things are forgotten; None where it has come."""
    begins = scene.work.installation.get(_BEGINS)
    at = datetime.fromisoformat(begins) if begins else scene.now
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}" if at > scene.now else None


def _note(scene: Scene, gone: Counter[str]) -> None:
    for what, count in sorted(gone.items()):
        scene.work.retention.note(what, count, scene.now)


def _dossiers(scene: Scene, after: After) -> tuple[int, After]:
    """Answers and photos of dossiers that ended long ago, and who they were for."""
    days = scene.world.settings.keep_papers_days
    found, after = scene.work.retention.closed(scene.now - timedelta(days=days), after)
    for dossier in found:
        record = scene.work.dossiers.get(dossier, lock=True)
        if record is not None:
            drafts.forget_files(scene.work, scene.work.retention.empty(dossier))
            scene.work.dossiers.change(record, body=Body(parts=record.body.parts, portal=record.body.portal))
    return len(found), after


def _lines(scene: Scene, after: After) -> tuple[int, After]:
    count, refs, after = scene.work.retention.lines(scene.now - timedelta(days=keeping.WORDS), after)
    drafts.forget_files(scene.work, sorted(scene.work.retention.unneeded(set(refs))))
    return count, after


def _talks(scene: Scene, after: After) -> tuple[int, After]:
    return scene.work.retention.talks(scene.now - timedelta(days=keeping.WORDS), after)


def _addresses(scene: Scene, after: After) -> tuple[int, After]:
    return scene.work.retention.addresses(scene.now - timedelta(days=keeping.SENT), after)


def _sent(scene: Scene, after: After) -> tuple[int, After]:
    """What a messenger was sent, such as a filled form, it keeps itself."""
    count, refs, after = scene.work.retention.sent(scene.work.machine_now() - keeping.SENT * _DAY, after)
    drafts.forget_files(scene.work, sorted(scene.work.retention.unneeded(set(refs))))
    return count, after


def _told(scene: Scene, after: After) -> tuple[int, After]:
    return scene.work.retention.told(scene.now - timedelta(days=keeping.SENT), after)


def _known(scene: Scene, after: After) -> tuple[int, After]:
    return scene.work.retention.known(scene.now - timedelta(days=keeping.KNOWN), after)


def _rest(scene: Scene, _after: After) -> tuple[int, After]:
    day = (scene.now - timedelta(days=keeping.MISSED)).astimezone(VIETNAM).date().isoformat()
    before = scene.now - timedelta(days=keeping.AUDIT)
    scene.work.retention.rest(day, before, scene.work.machine_now() - keeping.CODE * _DAY)
    return 0, ()  # all of them at once, and nothing that a person would miss


def newest(work: Work) -> list[str]:
    """The last days' notes, for whoever looks after the program."""
    return [f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}  {what}: {count}" for at, what, count in work.retention.noted(60)]


_STEPS: Final[dict[str, Step]] = {
    "dossiers": _dossiers,
    "talks": _talks,  # before the lines, among which their cards are then
    "lines": _lines,
    "sent": _sent,
    "addresses": _addresses,  # after the calls there
    "notices": _told,
    "known": _known,
    "rest": _rest,
}
