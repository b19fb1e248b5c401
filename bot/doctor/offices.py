"""What the offices themselves have to say: their facts, next year's holidays, and who works there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from bot import office_command, office_facts, own_ways
from bot.doctor.patient import Finding, Patient, bad, good, warn
from bot.scene import Scene, present
from bot.world import World
from catalogue.faults import BadCatalogue
from catalogue.model import Holidays, Office
from domain.dossier import Role
from domain.values import VIETNAM
from storage.work import Work

_AHEAD: Final = timedelta(days=60)  # the Government announces a year's days in the autumn before
_SHOWN: Final = 20  # offices of a province that are told one by one


async def check(patient: Patient) -> list[Finding]:
    world = patient.world
    if world is None:
        return []
    today = world.now().astimezone(VIETNAM).date()
    found = list(holidays(world.catalogue.holidays, today))
    if patient.database is None:
        return found
    return found + await patient.database.run(lambda work: list(_offices(present(work, world))))


def holidays(table: Holidays, today: date) -> Iterator[Finding]:
    """Whether the table holds the year in which due dates fall."""
    for year in dict.fromkeys((today.year, (today + _AHEAD).year)):
        if not any(day.on.year == year for day in table.days_off):
            yield bad(
                f"Chưa có ngày nghỉ lễ năm {year}: ngày hẹn trả sẽ sai.",
                f"motcua holidays {year}, rồi sửa catalogue/holidays.toml",
            )
        elif any(day.on.year == year and day.confidence == "low" for day in table.days_off):
            yield warn(
                f"Ngày nghỉ lễ năm {year} có ngày chưa đối chiếu.",
                "Đối chiếu thông báo của Chính phủ: catalogue/holidays.toml",
            )
        else:
            yield good(f"Ngày nghỉ lễ năm {year}: có.")


def _offices(scene: Scene) -> Iterator[Finding]:
    offices = [office for office in scene.world.catalogue.offices.values() if not office.practice]
    yield from _written(scene.work, scene.world)
    for office in offices[:_SHOWN]:
        yield from _facts(office, trial=scene.world.settings.trial)
        yield from _people(scene, office)
    if len(offices) > _SHOWN:
        yield warn(f"Còn {len(offices) - _SHOWN} đơn vị khác chưa kể ở đây.", "motcua office check")


def _written(work: Work, world: World) -> Iterator[Finding]:
    """What was written once and no longer fits the files is not used."""
    for office in world.filed:
        try:
            office_facts.checked(world, office, office_facts.kept(work, office))
        except (BadCatalogue, msgspec.MsgspecError):
            yield bad(
                f"Điều đã ghi về {office} không còn dùng được với bản này.",
                f"motcua office show --office {office}, ghi lại",
            )


def _facts(office: Office, *, trial: bool) -> Iterator[Finding]:
    missing = office_facts.missing(office)
    for gap in missing:
        words = f"{office.short_name}: {office_command.gap_words(gap)}."
        grave = gap.why == "provisional" and not trial
        doing = office_command.doing(office.id, gap.fact)
        yield bad(words, doing) if grave else warn(words, doing)
    if not missing:
        yield good(f"{office.short_name}: đủ thông tin.")


def _people(scene: Scene, office: Office) -> Iterator[Finding]:
    people = scene.work.officers.of_office(office.id)
    heads = [officer for officer in people if officer.role == Role.HEAD]
    if not heads:
        yield bad(
            f"{office.short_name}: chưa có lãnh đạo nào.", f'motcua staff add "HỌ TÊN" --role head --office {office.id}'
        )
    elif all(officer.absent for officer in heads):
        yield warn(
            f"{office.short_name}: mọi lãnh đạo đang vắng.", "Một người nhắn /comat trong nhóm, hoặc thêm lãnh đạo"
        )
    if people and not any(own_ways.usable(scene, officer.id) for officer in people):
        yield warn(
            f"{office.short_name}: chưa cán bộ nào để lại cách liên lạc riêng; hồ sơ chưa ai mở thì không ai được gọi.",
            "Từng cán bộ nhắn /lienhe",
        )
    if people:
        yield good(f"{office.short_name}: {len(people)} cán bộ, {len(heads)} lãnh đạo.")
