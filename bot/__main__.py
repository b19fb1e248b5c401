"""The `motcua` command."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from bot import commands
from bot.app import WrongKey
from bot.settings import BadSetting, Settings, load
from catalogue.faults import BadCatalogue
from storage.migrate import NewerDatabase
from storage.sealed import BadKey


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
    search.add_argument("text")

    given = parser.parse_args(arguments)
    try:
        settings = load()
        logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
        logging.getLogger("alembic").setLevel(logging.WARNING)
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
            return commands.search(given.text)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
