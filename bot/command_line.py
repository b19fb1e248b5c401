"""The `motcua` command: its arguments, and which command they call."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from bot import (
    asides_command,
    audit_command,
    backup_command,
    broken,
    catalogue_diff,
    checking,
    commands,
    helper_command,
    holiday_table,
    key_command,
    ledger_file,
    log,
    office_clock,
    office_command,
    photo,
    portal_sync,
    poster,
    reckoning,
    recount,
    rehearse,
    searching,
    setup_command,
    shapes,
    upgrade,
)
from bot.settings import BadSetting, Settings, load
from catalogue.faults import BadCatalogue
from storage.migrate import BusyDatabase, NewerDatabase
from storage.rotation import WrongKey
from storage.sealed import BadKey


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="motcua", description="Một cửa bot")
    actions = parser.add_subparsers(dest="action", required=True)

    _shapes(actions)

    chat = actions.add_parser("chat", help="chat in the terminal; a text file can be piped in")
    who = chat.add_mutually_exclusive_group()
    who.add_argument("--user", default="ban", help="a lasting identity of a citizen")
    who.add_argument("--staff", help="the name of an officer: the other side")
    chat.add_argument("--office", default="", help="the officer's office, where names repeat")

    _people(actions)
    _keeping(actions)
    actions.add_parser("retention", help="what was forgotten on which day, newest first")
    history = actions.add_parser("history", help="print the history of a dossier, a row a line")
    history.add_argument("code", help="tracking code or official code")

    search = actions.add_parser("search", help="which procedure a message is about")
    search.add_argument("text", nargs="?")
    how = search.add_mutually_exclusive_group()
    how.add_argument("--jsonl", action="store_true", help="one query a line on standard input")
    how.add_argument("--explain", action="store_true", help="tell why, in words")
    how.add_argument("--missed", action="store_true", help="what citizens asked and the bot did not find")
    search.add_argument("--office", default="", help="only what this office serves, or what it was asked")

    data = actions.add_parser("catalogue", help="the data files: procedures, offices, holidays")
    data.add_argument("what", choices=["check", "diff"])
    data.add_argument("folder", nargs="?", type=Path, help="another folder than the program's own")
    data.add_argument("--to", type=Path, help="diff: compare FOLDER with this one, and not with the database")

    practise = actions.add_parser("practice", help="make invented dossiers in the office for practice")
    practise.add_argument("--office", default="")

    walks = actions.add_parser("rehearse", help="robots walk every path of the procedures")
    walks.add_argument("procedures", nargs="*", metavar="PROCEDURE", help="all where none is named")
    walks.add_argument("--folder", type=Path, help="another folder of data files than the program's own")
    walks.add_argument("--office", default="", help="in which office")

    due = actions.add_parser("due", help="when a result is due, and how that is reckoned")
    due.add_argument("procedure", help="its id, or what people call it")
    due.add_argument("--received", required=True, metavar="MOMENT", help="such as 2026-11-23T10:00")
    due.add_argument("--office", default="", help="whose opening hours; the first one's where none is named")
    due.add_argument("--paused", default="", metavar="FROM..TO", help="when the citizen was waited for")

    clock = actions.add_parser("clock", help="the office's time; in a trial installation it can be moved")
    clock.add_argument("to", nargs="?", default="", help="+3d, +2h, +30m, 2026-12-01T08:00 or reset")

    year = actions.add_parser("holidays", help="propose a year's public holidays, to be edited by a person")
    year.add_argument("year", type=int)

    photos = actions.add_parser("photo", help="what the check makes of photos and PDFs, a JSON line each")
    photos.add_argument("files", nargs="+", metavar="FILE")
    sync = actions.add_parser("portal", help="codes and statuses, to and from the National Portal")
    ways = sync.add_subparsers(dest="way", required=True)
    out = ways.add_parser("export", help="a JSON line for each dossier whose status has changed")
    out.add_argument("--since", required=True, metavar="MOMENT", help="such as 2026-11-23 or 2026-11-23T10:00")
    into = ways.add_parser("import", help="note what a file says: code,status as CSV or JSON lines")
    into.add_argument("file", type=Path)

    _ledger(actions)
    _operating(actions)
    _technician(actions)
    return parser


def _operating(actions: Any) -> None:
    """For whoever runs the installation."""
    look = actions.add_parser("doctor", help="whether everything needed is there, and what to do where it is not")
    look.add_argument("--json", action="store_true", help="for machines")
    actions.add_parser("migrate", help="bring the database to this version, before the processes are restarted")

    place = actions.add_parser("office", help="an office's own facts, and which of them are not sure yet")
    place.add_argument("what", choices=["list", "show", "check", "set", "unset"])
    place.add_argument("fact", nargs="?", default="")
    place.add_argument("value", nargs="?", default="")
    place.add_argument("--office", default="", help="the first one where none is given")

    left = actions.add_parser("aside", help="events and jobs that were set aside after three tries")
    left.add_argument("what", choices=["list", "retry", "drop"])
    left.add_argument("which", nargs="*", help="names as `list` tells them, or all")


def _shapes(actions: Any) -> None:
    """What goes on until it is stopped."""
    for one in (
        actions.add_parser("run", help="everything in one process: pages, messengers, work"),
        actions.add_parser("serve", help="pages and webhooks only; any number of these"),
        actions.add_parser("work", help="jobs and messengers only; any number of these beside them"),
    ):
        one.add_argument("--port", type=int, help="in place of MOTCUA_PORT; `work` opens none without it")


def _ledger(actions: Any) -> None:
    ledger = actions.add_parser("ledger", help="the ledger of a period (Mẫu 07), as a file")
    ledger.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    ledger.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    ledger.add_argument("--out", type=Path, required=True, metavar="FILE", help="ending in .xlsx or .pdf")
    ledger.add_argument("--office", default="", help="the first one where none is given")

    counted = actions.add_parser("figures", help="what an office publishes of its work, in one month")
    counted.add_argument("--month", default="", metavar="MM/YYYY", help="the running one where none is given")
    counted.add_argument("--office", default="", help="the first one where none is given")
    account = actions.add_parser("zalo", help="let this program into the Zalo Official Account")
    account.add_argument("what", choices=["status", "link", "token", "again"])
    actions.add_parser("replay", help="make states and figures again from history alone, and print what differs")


def _technician(actions: Any) -> None:
    """For whoever sets an office's machine up."""
    actions.add_parser("setup", help="a link to the set-up page, for a browser on this machine")
    sheet = actions.add_parser("poster", help="the poster for the desk's wall, an A4 PDF")
    sheet.add_argument("--out", type=Path, required=True, metavar="FILE")
    sheet.add_argument("--office", default="", help="the first one where none is given")


def _keeping(actions: Any) -> None:
    """What survives this machine."""
    ring = actions.add_parser("key", help="the sealing key: on paper, changed, typed in again")
    ring.add_argument("what", choices=key_command.WHAT)
    ring.add_argument("--out", type=Path, metavar="FILE", help="of `print`: where the sheet goes, a PDF")
    ring.add_argument(
        "--prepare", action="store_true", help="of `rotate`: only make the key, to be copied to all machines"
    )

    saved = actions.add_parser("backup", help="database and files, in one sealed file")
    saved.add_argument("target", nargs="*", metavar="FILE", help="a file or a folder; or: proven CODE")
    saved.add_argument("--check", action="store_true", help="only look whether a back-up is whole")
    again = actions.add_parser("restore", help="a back-up, on a machine that has nothing yet")
    again.add_argument("file", type=Path)
    again.add_argument("--rehearse", type=Path, metavar="FOLDER", help="only try: into a folder of another disk")


def _people(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Officers, and village heads."""
    staff = actions.add_parser("staff", help="who works at the desk")
    staff.add_argument("what", choices=["list", "add", "link", "role", "rename", "leave", "reset"])
    staff.add_argument("name", nargs="?", default="")
    staff.add_argument("--office", default="")
    staff.add_argument("--role", choices=["officer", "head"], default="officer")
    staff.add_argument("--to", default="", help="rename: the new name")

    seen = actions.add_parser("audit", help="who looked at what; check: whether any of that was changed since")
    seen.add_argument("what", nargs="?", choices=["list", "check"], default="list")
    seen.add_argument("code", nargs="?", default="", help="a dossier's; of check: one from a head's morning list")
    seen.add_argument("--officer", default="", help="only what this officer looked at")
    seen.add_argument("--office", default="", help="only officers of this office")
    seen.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="else the last 30 days")

    helper = actions.add_parser("helper", help="village heads whom an office knows, by their phone number")
    helper.add_argument("what", choices=["add", "leave"])
    helper.add_argument("phone")
    helper.add_argument("--office", required=True)


def main(arguments: list[str] | None = None) -> int:
    """Parse, run, and give the exit status."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.action == "catalogue" and given.what == "check":
        return checking.check(given.folder)
    if given.action == "rehearse":
        return rehearse.rehearsal(given.procedures, given.folder, given.office)
    if given.action == "holidays":
        return holiday_table.table(given.year)
    if given.action == "photo":
        return photo.photo(given.files)
    if given.action == "search" and (given.text is None) is not (given.jsonl or given.missed):
        parser.error("expected one query, or --jsonl, or --missed")
    settings = Settings()
    try:
        status = shapes.AGAIN
        while status == shapes.AGAIN:
            settings = load()
            log.begin(settings.log_level, settings.log_format)
            status = asyncio.run(_act(given, settings))
        return status
    except DBAPIError as error:
        said = broken.words(error, settings)
        if said is None:
            raise
        print(said, file=sys.stderr)
        return 2
    except (BadSetting, BadCatalogue, BadKey, BusyDatabase, NewerDatabase, WrongKey) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


async def _act(  # noqa: C901, PLR0911, PLR0912 - one for each command
    given: argparse.Namespace, settings: Settings
) -> int:
    match given.action:
        case "run" | "serve" | "work":
            return await shapes.live(settings, shapes.Shape(given.action), given.port)
        case "chat":
            return await commands.chat(settings, given.user, given.staff, given.office)
        case "staff":
            return await commands.staff(settings, given.what, given.name, given.office, given.role, given.to)
        case "setup":
            return await setup_command.command(settings)
        case "poster":
            return await poster.command(settings, given.out, given.office)
        case "helper":
            return await helper_command.helper(settings, given.what, given.phone, given.office)
        case "ledger":
            return await ledger_file.write(settings, given.first, given.last, given.out, given.office)
        case "practice":
            return await commands.practise(settings, given.office)
        case "retention":
            return await commands.kept_no_longer(settings)
        case "history":
            return await commands.history(settings, given.code)
        case "audit" if given.what == "check":
            return await audit_command.check(settings, given.code)
        case "audit":
            return await audit_command.show(settings, given.code, given.officer, given.day, given.office)
        case "due":
            return reckoning.due(settings, given.procedure, given.received, given.office, given.paused)
        case "portal" if given.way == "export":
            return await portal_sync.export(settings, given.since)
        case "portal":
            return await portal_sync.import_(settings, given.file)
        case "figures":
            return await recount.show(settings, given.month, given.office)
        case "replay":
            return await recount.check(settings)
        case "zalo":
            return await _zalo(settings, given.what)
        case "key":
            return await key_command.key(settings, given.what, given.out, prepare=given.prepare)
        case "backup":
            return await backup_command.backup(settings, given.target, check=given.check)
        case "restore":
            return await backup_command.restore(settings, given.file, given.rehearse)
        case "clock":
            return await office_clock.clock(settings, given.to)
        case "doctor" | "migrate" | "office" | "aside" | "catalogue":
            return await _operate(given, settings)
        case _:
            return await _search(given, settings)


async def _operate(given: argparse.Namespace, settings: Settings) -> int:
    match given.action:
        case "doctor":
            from bot.doctor.examination import doctor  # noqa: PLC0415 - it looks at everything, so it imports everything

            return await doctor(settings, as_json=given.json)
        case "migrate":
            return await upgrade.migrate(settings)
        case "office":
            return await office_command.office(settings, given.what, given.fact, given.value, given.office)
        case "aside":
            return await asides_command.aside(settings, given.what, given.which)
        case _:
            return await catalogue_diff.diff(settings, given.folder, given.to)


async def _zalo(settings: Settings, what: str) -> int:
    from bot import zalo_link  # noqa: PLC0415 - httpx takes a moment, and no other command needs it

    return await zalo_link.zalo(settings, what)


async def _search(given: argparse.Namespace, settings: Settings) -> int:
    if given.missed:
        return await searching.missed(settings, given.office)
    if given.explain:
        return searching.explain(given.text, given.office)
    return searching.search(searching.lines() if given.jsonl else [given.text], given.office)
