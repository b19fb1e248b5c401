"""The morning's list of an office: one message in its group, at the hour that the office chose, on working days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot import limits
from bot.say import to_group, to_heads
from bot.scene import Scene
from bot.views import dossier_files
from conversations import changes, digest
from domain.clock import DAY, here
from domain.deadlines import Calendar
from domain.figures import LOW
from domain.values import VIETNAM
from storage.jobs import Job


def plan(scene: Scene, office: str, *, anew: bool = False) -> None:
    """The next one, unless one is planned already; `anew` where the clock was put back."""
    if anew:
        scene.work.jobs.drop(f"digest:{office}")
    at = next_at(scene.world.calendar(office), scene.world.office(office).digest_at, scene.now)
    scene.work.jobs.add_new("digest", office, due_at=at)


def next_at(calendar: Calendar, chosen: time | None, now: datetime) -> datetime:
    """The next working day's hour: the chosen one, or when the desk opens."""
    for day in calendar.working_days_from(here(now)):
        at = datetime.combine(day, chosen, VIETNAM) if chosen is not None else calendar.opening(day)
        if at > now:
            return at
    raise AssertionError


def send(scene: Scene, job: Job) -> None:
    """Today's, once, however late in the day; a day on which there is nothing to say is left out."""
    work, office = scene.work, job.subject
    if office not in scene.world.catalogue.offices:
        work.jobs.done(job.id)
        return
    today = here(scene.now)
    calendar = scene.world.calendar(office)
    if calendar.is_working_day(today):
        following = next(calendar.working_days_from(today + DAY))
        begin = datetime.combine(today, time(), VIETNAM)
        end = datetime.combine(following + DAY, time(), VIETNAM) - timedelta(microseconds=1)
        files = dossier_files(scene, work.dossiers.agenda(office, begin, end))
        list_of = digest.sorted_out(files, scene.now, following)
        unhappy = len(work.ratings.unanswered(office, LOW))
        if list_of.files:
            to_group(scene, office, digest.for_group(list_of, today))
        guesses = work.audit.count(limits.GUESSING, _last_time(calendar, today), office)
        if list_of.files or unhappy or guesses:
            to_heads(scene, office, digest.for_head(list_of, today, unhappy, guesses, work.seals.newest()))
        ahead = changes.for_head(scene.world.catalogue, today, calendar.is_working_day)
        if ahead is not None:
            to_heads(scene, office, ahead)
    plan(scene, office, anew=True)
    work.jobs.done(job.id)


def _last_time(calendar: Calendar, today: date) -> datetime:
    """The beginning of the working day before this one."""
    day = today - DAY
    while not calendar.is_working_day(day):
        day -= DAY
    return datetime.combine(day, time(), VIETNAM)
