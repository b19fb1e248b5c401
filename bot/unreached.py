"""Citizens who can't be told: the office hears of it once, and whoever has the dossier telephones."""

from __future__ import annotations

from collections.abc import Iterable

from bot import ladder
from bot.say import alert
from bot.scene import Scene
from storage.jobs import Job
from storage.notices import Notice


def failed(scene: Scene, notices: Iterable[str]) -> None:
    """Calls to give these have failed: they go on to the next address, or to the office."""
    for notice in dict.fromkeys(notices):
        _tell_office(scene, ladder.failed(scene, notice))


def wake(scene: Scene, job: Job) -> None:
    """A notice's moment has come."""
    scene.work.jobs.done(job.id)  # first: what goes on asks for the same job anew
    _tell_office(scene, ladder.look(scene, job.subject, job.payload))


def _tell_office(scene: Scene, notice: Notice | None) -> None:
    record = None if notice is None else scene.work.dossiers.get(notice.subject.removeprefix(ladder.DOSSIER))
    if record is not None:
        alert(scene, record, "undelivered")
