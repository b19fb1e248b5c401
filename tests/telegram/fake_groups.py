"""Groups of the fake Telegram: members, bots, privacy mode, the upgrade to a supergroup."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from tests.telegram.fake_model import FakeMessage, Json, Refused, bad
from tests.telegram.fake_people import Person, member, show
from tests.telegram.fake_world import DAY, GROUP, SUPERGROUP, FakeBot, Room

SERVICE = {
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "group_chat_created",
}
IN = ("member", "administrator", "restricted")


@dataclass(eq=False)
class Group(Room):
    """A group, basic until it is upgraded; `messages` goes on through the upgrade, as on a phone."""

    title: str = ""
    kind: str = "group"
    members: list[Person] = field(default_factory=list)
    bots: dict[int, str] = field(default_factory=dict)  # each bot's status
    spoke_last: int = 0

    def api(self) -> Json:
        return {"id": self.id, "title": self.title, "type": self.kind}

    def check_is_in(self, bot: FakeBot) -> None:
        name = "supergroup chat" if self.kind == "supergroup" else "group chat"
        match self.bots.get(bot.id, "never"):
            case "never":
                raise bad("chat not found")
            case "kicked":
                raise Refused(403, f"Forbidden: bot was kicked from the {name}")
            case "left":
                raise Refused(403, f"Forbidden: bot is not a member of the {name}")
            case _:
                pass

    def check_may_send(self, bot: FakeBot) -> None:
        self.check_is_in(bot)
        if self.bots[bot.id] == "restricted":
            raise bad("not enough rights to send text messages to the chat")

    def shows(self, bot: FakeBot, message: FakeMessage) -> bool:
        """Privacy mode: commands, replies to the bot and service messages only."""
        status = self.bots.get(bot.id, "never")
        if status not in IN:
            return False
        if SERVICE & message.extra.keys():
            return True
        if isinstance(message.sender, FakeBot):
            return False
        if not bot.privacy or status == "administrator":
            return True
        if message.reply_to and message.reply_to.sender is bot:
            return True
        return any(self._command_for(bot, message.text, entity) for entity in message.entities)

    def _command_for(self, bot: FakeBot, text: str, entity: Json) -> bool:
        if entity["type"] != "bot_command":
            return False
        units = text.encode("utf-16-le")
        start = entity["offset"] * 2
        command = units[start : start + entity["length"] * 2].decode("utf-16-le")
        name, at, username = command.partition("@")
        if at:
            return username.lower() == bot.username.lower()
        everyone = [b for b, status in self.bots.items() if status in IN]
        return len(everyone) == 1 or self.spoke_last in {0, bot.id} or name.lower() == "/start"

    async def add(self, bot: FakeBot, by: Person, payload: str = "", *, admin: bool = False) -> None:
        """The bot joins; a startgroup link's payload arrives as a command."""
        self._status(bot, "administrator" if admin else "member", by)
        show(self.world, self.world.add(self, by, extra={"new_chat_members": [bot.api()]}))
        if payload:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload):
                raise AssertionError(f"no deep link can carry {payload!r}")
            await by.text(self, f"/start@{bot.username} {payload}")

    async def remove(self, bot: FakeBot, by: Person) -> None:
        show(self.world, self.world.add(self, by, extra={"left_chat_member": bot.api()}))
        self._status(bot, "kicked", by)

    async def demote(self, bot: FakeBot, by: Person | None = None) -> None:
        """It may read but not send."""
        self._status(bot, "restricted", by or self.members[0])

    async def promote(self, bot: FakeBot, by: Person | None = None) -> None:
        self._status(bot, "administrator", by or self.members[0])

    async def join(self, person: Person, by: Person | None = None) -> None:
        self._tell_admins(person, "left", "member", by or person)
        self.members.append(person)
        show(self.world, self.world.add(self, by or person, extra={"new_chat_members": [person.api()]}))

    async def leave(self, person: Person, by: Person | None = None) -> None:
        self.members.remove(person)
        self._tell_admins(person, "member", "left" if by in {None, person} else "kicked", by or person)
        show(self.world, self.world.add(self, by or person, extra={"left_chat_member": person.api()}))

    async def rename(self, title: str, by: Person | None = None) -> None:
        self.title = title
        show(self.world, self.world.add(self, by or self.members[0], extra={"new_chat_title": title}))

    async def upgrade(self) -> None:
        """A supergroup from now on: a new id, and messages counted anew."""
        old = self.id
        by = self.members[0]
        last = self.world.add(self, by, extra={"migrate_to_chat_id": SUPERGROUP - self._number()})
        show(self.world, last)
        del self.world.groups[old]
        self.become_supergroup()
        self.world.moved[old] = self.id
        self.world.groups[self.id] = self
        show(self.world, self.world.add(self, by, extra={"migrate_from_chat_id": old}))

    def become_supergroup(self) -> None:
        self.id, self.kind = SUPERGROUP - self._number(), "supergroup"
        self.by_id, self.numbers = {}, itertools.count(1)

    def _number(self) -> int:
        return GROUP - self.id

    def _status(self, bot: FakeBot, status: str, by: Person) -> None:
        update = self._change(bot, self.bots.get(bot.id, "left"), status, by)
        self.bots[bot.id] = status
        self.world.deliver(bot, "my_chat_member", update, self.id + (5 << 33), DAY)

    def _tell_admins(self, person: Person, old: str, new: str, by: Person) -> None:
        """Bots that are administrators and asked for chat_member."""
        for number, status in self.bots.items():
            if status == "administrator":
                update = self._change(person, old, new, by)
                self.world.deliver(self.world.bots[number], "chat_member", update, person.id + (6 << 33), DAY)

    def _change(self, account: FakeBot | Person, old: str, new: str, by: Person) -> Json:
        return {
            "chat": self.api(),
            "from": by.api(),
            "date": int(self.world.now()),
            "old_chat_member": member(account, old),
            "new_chat_member": member(account, new),
        }
