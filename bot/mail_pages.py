"""What handlers/web_mail.py asks for: the pages that a mail leads to, with what stands on them."""

from __future__ import annotations

from bot import mail_proof
from bot.mail_proof import STOPPED
from bot.scene import present
from bot.world import World
from conversations.render import text
from handlers.web_mail import Page
from storage.unit_of_work import Database
from storage.work import Work


class MailPages:
    """Each of them is one transaction."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world

    async def asked(self, token: str) -> Page:
        return await self._database.run(lambda work: self._asked(work, token))

    async def confirmed(self, token: str) -> Page:
        return await self._database.run(lambda work: self._confirmed(work, token))

    async def stopping(self, token: str) -> Page:
        return await self._database.run(lambda work: self._stopping(work, token))

    async def stopped(self, token: str, *, again: bool) -> Page:
        return await self._database.run(lambda work: self._stopped(work, token, again=again))

    def _asked(self, work: Work, token: str) -> Page:
        about = mail_proof.shown(present(work, self._world), token)
        return _gone() if about is None else _page("prove", about, "prove")

    def _confirmed(self, work: Work, token: str) -> Page:
        address = mail_proof.pressed(present(work, self._world), token)
        return _gone() if address is None else _page("proven", {"value": address})

    def _stopping(self, work: Work, token: str) -> Page:
        found = mail_proof.stops(present(work, self._world), token)
        if found is None:
            return _gone()
        there, desk = found
        about = {"value": there.address, "desk": desk}
        stopped = there.unreachable == STOPPED
        return _page("stopped", about, "again") if stopped else _page("stop", about, "stop")

    def _stopped(self, work: Work, token: str, *, again: bool) -> Page:
        done = mail_proof.stop(present(work, self._world), token, again=again)
        if done is None:
            return _gone()
        about = {"value": done[0], "desk": done[1]}
        return _page("again", about) if again else _page("stopped", about, "again")


def _page(key: str, about: dict[str, str], button: str = "") -> Page:
    return Page(
        text(f"mail.page-{key}-title"),
        text(f"mail.page-{key}-text", about),
        text(f"mail.page-{button}-button") if button else "",
        again=button == "again",
    )


def _gone() -> Page:
    return Page(text("mail.page-gone-title"), text("mail.page-gone-text"), known=False)
