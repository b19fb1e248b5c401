"""One-time links and codes: an officer logs in, on the staff page or on a messenger; a group joins an office."""

from __future__ import annotations

from typing import Final

from bot.say import desk_line, group_of
from bot.scene import Scene
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from storage.chats import OFFICER

LOGIN: Final = "login"  # what a token is for: a session in a browser
JOIN: Final = "join"  # to be an officer on Telegram: another one, for whoever has a link has not the other
GROUP_CODE: Final = "group"
LINK_LIFE: Final = 15 * 60.0  # seconds
INVITATION_LIFE: Final = 60 * 60.0  # seconds; whoever is invited may have to install the messenger first
USERNAME: Final = "telegram-staff-username"  # in `installation`, once the staff's bot has run


def login_link(scene: Scene, officer: Officer, seconds: float = LINK_LIFE) -> str:
    """A one-time address that logs an officer in."""
    return f"{scene.world.settings.address}/canbo/vao/{_token(scene, officer, LOGIN, seconds)}"


def telegram_link(scene: Scene, officer: Officer, seconds: float = INVITATION_LIFE) -> str:
    """A one-time address that makes a Telegram user this officer; empty until the bot's name is known."""
    username = scene.work.installation.get(USERNAME)
    return f"https://t.me/{username}?start={_token(scene, officer, JOIN, seconds)}" if username else ""


def invite(scene: Scene, officer: Officer) -> list[Message]:
    """For the head: both links, to be passed on to this officer."""
    links = [
        text(key, {"link": link})
        for key, link in (
            ("desk.invitation-telegram", telegram_link(scene, officer)),
            ("desk.invitation-page", login_link(scene, officer, INVITATION_LIFE)),
        )
        if link
    ]
    minutes = round(INVITATION_LIFE / 60)
    return [desk_line("invitation", name=officer.name, minutes=minutes, links="\n".join(links))]


def group_code(scene: Scene, officer: Officer) -> list[Message]:
    """For the head: a code with which one group joins the office."""
    code = scene.work.tokens.make(GROUP_CODE, group_of(scene, officer.office).id, INVITATION_LIFE)
    office = scene.world.office(officer.office).short_name
    said = [desk_line("group-code", office=office, minutes=round(INVITATION_LIFE / 60), code=code)]
    username = scene.work.installation.get(USERNAME)
    if username:
        said.append(desk_line("group-code-link", link=f"https://t.me/{username}?startgroup={code}"))
    return said


def _token(scene: Scene, officer: Officer, purpose: str, seconds: float) -> str:
    chat = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    return scene.work.tokens.make(purpose, chat.id, seconds)
