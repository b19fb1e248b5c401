"""The `motcua` command: its arguments, and which command they call."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import Final

from bot import checking, commands, photo, searching
from bot.app import WrongKey
from bot.settings import BadSetting, Settings, load
from catalogue.faults import BadCatalogue
from storage.migrate import NewerDatabase
from storage.sealed import BadKey

# A line a migration or an update tells nobody anything, and httpx writes whole addresses: Telegram's hold the token.
_TALKATIVE: Final = ("alembic", "aiogram", "httpx", "httpcore", "telegram")


def main(arguments: list[str] | None = None) -> int:
    """Parse, run, and give the exit status."""
    parser = argparse.ArgumentParser(prog="motcua", description="Một cửa bot")
    actions = parser.add_subparsers(dest="action", required=True)

    actions.add_parser("run", help="start the web page for citizens and staff")

    chat = actions.add_parser("chat", help="chat in the terminal; a text file can be piped in")
    who = chat.add_mutually_exclusive_group()
    who.add_argument("--user", default="ban", help="a lasting identity of a citizen")
    who.add_argument("--staff", help="the name of an officer: the other side")
    chat.add_argument("--office", default="", help="the officer's office, where names repeat")

    staff = actions.add_parser("staff", help="who works at the desk")
    staff.add_argument("what", choices=["list", "add", "link", "leave"])
    staff.add_argument("name", nargs="?", default="")
    staff.add_argument("--office", default="")
    staff.add_argument("--role", choices=["officer", "head"], default="officer")

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
    data.add_argument("what", choices=["check"])
    data.add_argument("folder", nargs="?", type=Path, help="another folder than the program's own")

    photos = actions.add_parser("photo", help="what the check makes of photos and PDFs, a JSON line each")
    photos.add_argument("files", nargs="+", metavar="FILE")

    given = parser.parse_args(arguments)
    if given.action == "catalogue":
        return checking.check(given.folder)
    if given.action == "photo":
        return photo.photo(given.files)
    if given.action == "search" and (given.text is None) is not (given.jsonl or given.missed):
        search.error("expected one query, or --jsonl, or --missed")
    try:
        settings = load()
        logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
        for talkative in _TALKATIVE:
            logging.getLogger(talkative).setLevel(logging.WARNING)
        return asyncio.run(_act(given, settings))
    except (BadSetting, BadCatalogue, BadKey, NewerDatabase, WrongKey) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


async def _act(given: argparse.Namespace, settings: Settings) -> int:
    match given.action:
        case "run":
            return await commands.run(settings)
        case "chat":
            return await commands.chat(settings, given.user, given.staff, given.office)
        case "staff":
            return await commands.staff(settings, given.what, given.name, given.office, given.role)
        case "history":
            return await commands.history(settings, given.code)
        case _:
            return await _search(given, settings)


async def _search(given: argparse.Namespace, settings: Settings) -> int:
    if given.missed:
        return await searching.missed(settings, given.office)
    if given.explain:
        return searching.explain(given.text, given.office)
    return searching.search(searching.lines() if given.jsonl else [given.text], given.office)
