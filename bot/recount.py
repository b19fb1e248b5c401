"""`motcua figures` and `motcua replay`: an office's figures, and whether history alone gives the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from bot import command_audit, figures
from bot.app import opened
from bot.commands import say
from bot.scene import Scene, present
from bot.settings import Settings
from conversations.public_figures import decimal_words
from conversations.render import text
from domain.dossier import NotAllowed
from domain.figures import Facts, Figures, Month, WorkingDays, by_month, month_in, month_of
from domain.replay import Broken, Replayed, replay
from storage.dossiers import Record
from storage.ratings import Rating
from storage.slips import Issued
from storage.work import Work

_TOGETHER: Final = 200  # dossiers in one transaction: whoever writes meanwhile waits no longer than that takes
# What both know. A sealed answer, a paper or a name is nobody's figure.
_SAME: Final = (
    "status",
    "owner",
    "channel",
    "official_code",
    "catalogue_version",
    "submitted_at",
    "answer_by",
    "answered_at",
    "accepted_at",
    "due_at",
    "extended_from",
    "appointment_at",
    "paused_at",
    "wait_until",
    "done_at",
    "closed_at",
    "rounds",
)


class Difference(Struct, frozen=True):
    """What the table says and what history does."""

    what: str
    table: object
    history: object


class Recounted(Struct):
    """One office, made again from history."""

    facts: list[Facts]
    differences: dict[str, list[Difference]]  # by tracking code, or by month for figures
    dossiers: int = 0


async def show(settings: Settings, month: str, office: str) -> int:
    """The figures of a month, as officers see them, and by month for a year."""
    async with opened(settings) as app:
        offices = app.world.catalogue.offices
        place = office or next(iter(offices))
        asked = month_in(month) if month else month_of(app.world.now())
        if place not in offices or asked is None:
            say(f"Cần --month như 11/2026 và một đơn vị trong: {', '.join(offices)}")
            return 1
        if offices[place].practice:
            say(text("figures.staff-practice"))
            return 1
        for line in await app.database.run(lambda work: _shown(present(work, app.world), place, asked)):
            say(line)
    return 0


def _shown(scene: Scene, office: str, month: Month) -> list[str]:
    found = figures.reckon(scene, office, month)
    lines = [f"{scene.world.office(office).name}, tháng {month.words}"]
    lines += [f"  {text(f'figures.{name}'):34} {count:6}" for name, count in found.whole.counts.items()]
    lines += [f"  {name:34} {value:>6}" for name, value in _measures(found.whole)]
    for sector, made in sorted(found.sectors.items()):
        names = ("received", "solved", "on-time", "late", "waiting")
        counts = ", ".join(f"{text(f'figures.{name}').lower()} {made[name]}" for name in names)
        lines.append(f"  {sector}: {counts}")
    return lines


def _measures(made: Figures) -> Iterator[tuple[str, str]]:
    measures = {"median": made.median_days, "ninetieth": made.ninetieth_days, "mean": made.mean_stars}
    for name, value in measures.items():
        yield text(f"figures.{name}"), "–" if value is None else decimal_words(value)


async def check(settings: Settings) -> int:
    """State and figures of the whole database made again from history; 1 where anything differs."""
    differing = 0
    async with opened(settings) as app:
        await app.database.run(lambda work: command_audit.note(present(work, app.world), "replay"))
        for office in app.world.catalogue.offices:
            made = Recounted([], {})
            after = ""
            while True:
                at = after
                ids = await app.database.run(lambda work: _some(present(work, app.world), office, at, made))  # noqa: B023
                if not ids:
                    break
                after = ids[-1]
            await app.database.run(lambda work: compare_figures(present(work, app.world), office, made))  # noqa: B023
            say(f"{office}: {made.dossiers} hồ sơ, {len(made.differences)} chỗ khác nhau")
            for about, differences in made.differences.items():
                for one in differences:
                    say(f"  {about}: {one.what}: bảng ghi {one.table}, nhật ký ra {one.history}")
            differing += len(made.differences)
    return 1 if differing else 0


def _some(scene: Scene, office: str, after: str, made: Recounted) -> Sequence[str]:
    ids = scene.work.figures.ids(office, after, _TOGETHER)
    for dossier in ids:
        recount(scene.work, dossier, made)
    return ids


def recount(work: Work, dossier: str, made: Recounted) -> None:
    """Make one dossier again and note what differs."""
    record = work.dossiers.get(dossier)
    assert record is not None
    made.dossiers += 1
    try:
        again = replay(work.history.of(dossier))
    except (Broken, NotAllowed, ValueError) as error:
        made.differences[record.tracking_code] = [Difference("history", record.status, str(error))]
        return
    made.facts.append(again.facts(dossier, record.procedure))
    found = [*differences(record, work.ratings.of(dossier), again), *papers(work.slips.of(dossier), again)]
    if found:
        made.differences[record.tracking_code] = found


def differences(record: Record, rating: Rating | None, again: Replayed) -> Iterator[Difference]:
    """What the dossier's row and its rating say otherwise than history."""
    for name in _SAME:
        told, made = getattr(record, name), getattr(again, name)
        if told != made:
            yield Difference(name, told, made)
    # An older program did not note it, and what was supplemented since can't tell it any more.
    if record.answered_late is not None and record.answered_late != again.answered_late:
        yield Difference("answered_late", record.answered_late, again.answered_late)
    stars, answered_at = (rating.stars, rating.answered_at) if rating else (0, None)
    if stars != again.stars:
        yield Difference("stars", stars, again.stars)
    if answered_at != again.rating_answered_at:
        yield Difference("rating_answered_at", answered_at, again.rating_answered_at)


def papers(issued: Sequence[Issued], again: Replayed) -> Iterator[Difference]:
    """Which papers were given out, by which row; what they say is in that row and nowhere else."""
    told = [(one.kind, one.number, one.issued_at) for one in issued]
    made = [(one.kind, one.number, one.at) for one in again.slips]
    if told != made:
        yield Difference("slips", told, made)


def compare_figures(scene: Scene, office: str, made: Recounted) -> None:
    """Every month's figures by the two ways: out of the tables, and of what history gave."""
    begun = scene.work.figures.begun(office)
    if begun is None:
        return
    first, last = month_of(begun), month_of(scene.now)
    count = (last.year - first.year) * 12 + last.number - first.number + 1
    asked = [first.plus(number) for number in range(count)]
    days = WorkingDays(scene.world.calendar(office))
    told: Mapping[Month, Figures] = figures.months(scene, office, last, count)
    again = by_month(made.facts, asked, scene.now, days)
    for month in asked:
        for name, number in _numbers(told[month]).items():
            other = _numbers(again[month])[name]
            if number != other:
                made.differences.setdefault(month.words, []).append(Difference(name, number, other))


def _numbers(made: Figures) -> dict[str, object]:
    return {
        **made.counts,
        "rounds": made.rounds,
        "measured": made.measured,
        "median": made.median_days,
        "ninetieth": made.ninetieth_days,
        "stars": made.mean_stars,
    }
