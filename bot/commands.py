"""What each `motcua` command does."""

from __future__ import annotations

import sys
from typing import Final

from bot import absences, command_audit, practice, retention, sessions
from bot.app import App, opened
from bot.invitations import login_link, telegram_link
from bot.scene import present
from bot.settings import Settings
from bot.world import World
from conversations.render import text
from conversations.staff_state import Officer
from domain.codes import find_official_code, find_tracking_code
from domain.dossier import Role
from domain.values import moment_words
from storage.chats import OFFICER
from storage.work import Work

_ROLES: Final = {"officer": "cán bộ", "head": "lãnh đạo"}
_TRIAL_STAFF: Final = (("Thu", "officer"), ("Hà", "head"))


def say(line: str) -> None:
    """One line for whoever started the command."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def trial_links(work: Work, app: App) -> list[str]:
    """A log-in link for each officer, a line each."""
    offices = [o.id for o in app.world.catalogue.offices.values() if not o.practice]
    officers = [officer for officer in work.officers.all() if officer.office in offices]
    scene = present(work, app.world)
    return [f"  {officer.name} ({officer.role}): {login_link(scene, officer)}" for officer in officers]


def trial_staff(work: Work, world: World) -> None:
    """Two invented officers, where an office that is being tried out has none."""
    for office in world.catalogue.offices:
        if not work.officers.names(office):
            for name, role in _TRIAL_STAFF:
                work.officers.add(office, name, role)


def _named(work: Work, world: World, name: str, office: str) -> Officer | None:
    """The officer of this name: of the given office; where none is given of the first one, or else of any."""
    first = next(iter(world.catalogue.offices))
    return work.officers.named(name, office or first) or work.officers.named(name, office)


async def chat(settings: Settings, user: str, officer: str | None, office: str) -> int:
    """A conversation in the terminal, against the same database as a running server."""
    from bot.terminal import Terminal  # noqa: PLC0415 - only for this command
    from handlers.console import converse  # noqa: PLC0415

    async with opened(settings) as app:
        if settings.trial:
            await app.database.run(lambda work: trial_staff(work, app.world))
        app.start()
        found = None
        if officer is not None:
            found = await app.database.run(lambda work: _named(work, app.world, officer, office))
            if found is None:
                say(f"Không có cán bộ tên {officer}. Xem: motcua staff list")
                return 1
        await converse(await Terminal.open(app, user, found), sys.stdin, say)
    return 0


async def staff(settings: Settings, what: str, name: str, office: str, role: str, to: str = "") -> int:
    """List, add, let in or see off officers."""
    async with opened(settings) as app:
        offices = app.world.catalogue.offices
        place = office or next(iter(offices))
        if place not in offices:
            say(f"Không có đơn vị {place}. Có: {', '.join(offices)}")
            return 1

        def act(work: Work) -> list[str]:
            scene = present(work, app.world)
            if what == "list":
                return [_listed(work, officer) for officer in work.officers.all()]
            if what == "add":
                if not name or name in work.officers.names(place):
                    return ["Ghi một tên chưa ai ở đơn vị này mang, kể cả người đã nghỉ (thêm chức vụ cho khác)."]
                new = work.officers.add(place, name, role)
                command_audit.note(scene, "staff add", new.id)
                return [f"Đã thêm {name}. Liên kết đăng nhập: {login_link(scene, new)}"]
            found = _named(work, app.world, name, office)
            if found is None:
                return [f"Không có cán bộ tên {name!r}."]
            command_audit.note(scene, f"staff {what}", found.id)
            if what == "reset":
                return [line.text for line in sessions.reset(scene, text("sessions.technician"), found)]
            if what in ("role", "rename"):
                return [_changed(work, found, name=to if what == "rename" else "", role=role if what == "role" else "")]
            if what == "link":
                return list(filter(None, (login_link(scene, found), telegram_link(scene, found))))
            absences.leave(scene, found)
            return [f"{name} không còn là cán bộ ở đây."]

        for line in await app.database.run(act):
            say(line)
    return 0


def _changed(work: Work, officer: Officer, *, name: str, role: str) -> str:
    """Another role or name; an office never loses its last head, for somebody has to let the others in."""
    heads = [one.id for one in work.officers.of_office(officer.office) if one.role == Role.HEAD]
    if role and role != Role.HEAD and heads == [officer.id]:
        return f"{officer.name} là lãnh đạo duy nhất. Thêm một lãnh đạo khác trước."
    if not (name or role) or name in work.officers.names(officer.office):
        return "Ghi một tên chưa ai ở đơn vị này mang: motcua staff rename TÊN --to TÊN_MỚI"
    work.officers.change(officer.id, name=name, role=role)
    return f"{officer.name}: nay là {name}." if name else f"{officer.name}: nay là {_ROLES[role]}."


def _listed(work: Work, officer: Officer) -> str:
    """Office, role, name; whether away, and whether on Telegram."""
    own = work.chats.find(OFFICER, officer.id)
    mirrors = work.chats.mirrors_of(own.id) if own is not None else []
    remarks = ["vắng"] if officer.absent else []
    if mirrors:
        reached = any(not mirror.unreachable for mirror in mirrors)
        remarks.append("Telegram" if reached else "Telegram: không gửi được")
    return f"{officer.office}  {officer.role:8} {officer.name}" + (f"  ({', '.join(remarks)})" if remarks else "")


async def practise(settings: Settings, office: str) -> int:
    """Invented dossiers in the office for practice; a running server looks at their papers."""
    async with opened(settings) as app:
        offices = [o.id for o in app.world.catalogue.offices.values() if o.practice and office in ("", o.id)]
        if not offices:
            say(text("practice.none"))
            return 1
        made = await practice.make(app.database, app.world, app.store, offices[0])
        faults = sum(bool(one.fault) for one in made)
        say(text("practice.made", {"count": len(made), "faults": faults}))
    return 0


async def kept_no_longer(settings: Settings) -> int:
    """What was forgotten on which day."""
    async with opened(settings) as app:
        for line in await app.database.run(retention.newest) or [text("desk.kept-all")]:
            say(line)
    return 0


async def history(settings: Settings, code: str) -> int:
    """A dossier's history, a row a line; personal data stay sealed."""
    async with opened(settings) as app:

        def look(work: Work) -> list[str]:
            record = work.dossiers.by_code(find_tracking_code(code) or find_official_code(code) or code)
            if record is None:
                return []
            command_audit.note(present(work, app.world), "history", record.id)
            return [
                f"{e.number:3} {moment_words(e.at)}  {e.actor:16} {e.what:12} {e.from_status} → {e.to_status}"
                for e in work.history.of(record.id)
            ]

        lines = await app.database.run(look)
        for line in lines or ["Không có hồ sơ mang mã này."]:
            say(line)
        return 0 if lines else 1
