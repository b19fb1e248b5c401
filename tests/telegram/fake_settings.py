"""Methods for the bot's own settings: commands, names, descriptions, menu buttons."""

from __future__ import annotations

import re

from tests.telegram.fake_ask import Ask, place_of
from tests.telegram.fake_model import Json, bad


def set_my_commands(ask: Ask) -> bool:
    commands = ask.params["commands"]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH", blame=True)
    for command in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID", blame=True)
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID", blame=True)
    ask.bot.commands[place_of(ask.params)] = commands
    return True


def get_my_commands(ask: Ask) -> list[Json]:
    return ask.bot.commands.get(place_of(ask.params), [])


def delete_my_commands(ask: Ask) -> bool:
    ask.bot.commands.pop(place_of(ask.params), None)
    return True


def set_words(ask: Ask) -> bool:
    """setMyName, setMyDescription, setMyShortDescription."""
    longest = {"name": 64, "description": 512, "short_description": 120}
    for name, words in ask.params.items():
        if len(str(words)) > longest.get(name, 99):
            raise bad(f"fake: {name} has more than {longest.get(name)} letters", blame=True)
    ask.bot.settings |= ask.params
    return True


def get_words(name: str) -> Json:
    def get(ask: Ask) -> Json:
        return {name: ask.bot.settings.get(name, "")}

    return {f"getmy{name.replace('_', '')}": get}


def set_setting(ask: Ask) -> bool:
    ask.bot.settings |= ask.params
    return True


def yes(ask: Ask) -> bool:
    return True
