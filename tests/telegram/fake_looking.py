"""Methods that ask: the bot itself, files, chats and who is in them."""

from __future__ import annotations

from tests.telegram.fake_ask import Ask
from tests.telegram.fake_groups import IN, Group
from tests.telegram.fake_model import Json, bad
from tests.telegram.fake_people import member

NEVER = ["supports_inline_queries", "can_connect_to_business", "has_main_web_app", "has_topics_enabled"]
GIFTS = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]


def get_me(ask: Ask) -> Json:
    rights = {"can_join_groups": True, "can_read_all_group_messages": not ask.bot.privacy}
    return ask.bot.api() | rights | dict.fromkeys(NEVER, False) | {"allows_users_to_create_topics": False}


def get_file(ask: Ask) -> Json:
    return ask.world.files.get_file(ask.bot.id, ask.params["file_id"], ask.world.now())


def get_chat(ask: Ask) -> Json:
    room = ask.room()
    return room.api() | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }


def get_chat_member(ask: Ask) -> Json:
    room = ask.room()
    number = ask.params["user_id"]
    if isinstance(room, Group):
        if number in ask.world.bots:
            return member(ask.world.bots[number], room.bots.get(number, "left"))
        for at, person in enumerate(room.members):
            if person.id == number:
                return member(person, "member" if at else "creator")
    if number not in ask.world.people:
        raise bad("invalid user_id specified")
    return member(ask.world.people[number], "left" if isinstance(room, Group) else "member")


def get_chat_administrators(ask: Ask) -> list[Json]:
    room = ask.room()
    if not isinstance(room, Group):
        raise bad("there are no administrators in the private chat", blame=True)
    bots = [ask.world.bots[number] for number, status in room.bots.items() if status == "administrator"]
    return [member(room.members[0], "creator"), *(member(bot, "administrator") for bot in bots)]


def get_chat_member_count(ask: Ask) -> int:
    room = ask.room()
    if not isinstance(room, Group):
        return 2
    return len(room.members) + sum(status in IN for status in room.bots.values())


def leave_chat(ask: Ask) -> bool:
    room = ask.room()
    if not isinstance(room, Group):
        raise bad("chat not found", blame=True)
    room.bots[ask.bot.id] = "left"
    return True
