"""What handlers/web_setup.py asks for: the steps one after another, and who may see them.

The steps themselves, and all that they try channels with, are loaded when somebody opens the page: most days nobody
does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import setup
from bot.app import App
from bot.settings import BadSetting
from handlers.web_setup_door import BACK, NEXT, SKIP, Page, Paper, Told

if TYPE_CHECKING:
    from bot.setup_step import Desk, Step


class SetupPages:
    """`again`: as in bot/setup_step.py."""

    def __init__(self, app: App, again: Callable[[], None]) -> None:
        self._app = app
        self._again = again
        self._run = app.database.run

    async def enter(self, token: str) -> str:
        return await self._run(lambda work: setup.enter(work, token))

    async def known(self, cookie: str) -> bool:
        return await self._run(lambda work: setup.known(work, cookie))

    async def page(self, step: str) -> Page | None:
        names = list(_steps())
        if not step:
            passed = await self._run(setup.passed)
            step = next((name for name in names if name not in passed), names[-1])
        if step not in names:
            return None
        try:
            return _placed(await _steps()[step].page(self._desk(), {}))
        except BadSetting as error:  # somebody has edited the file meanwhile
            return _placed(_unreadable(step, error))

    async def pressed(self, step: str, action: str, given: Mapping[str, str]) -> Page | str:
        names = list(_steps())
        if step not in names:
            return names[0]
        at = names.index(step)
        if action == BACK.name:
            return names[max(at - 1, 0)]
        if action not in (SKIP.name, NEXT.name):
            try:
                went = await _steps()[step].pressed(self._desk(), action, given)
            except BadSetting as error:
                went = _unreadable(step, error)
            if went is not None:
                return _placed(went)
        await self._run(lambda work: setup.step_over(work, step))
        return names[min(at + 1, len(names) - 1)]

    async def paper(self, name: str) -> Paper | None:
        from bot import setup_end  # noqa: PLC0415 - as above

        return await setup_end.paper(self._desk(), name)

    async def mark(self) -> str:
        return setup.mark()

    def _desk(self) -> Desk:
        from bot.setup_step import Desk  # noqa: PLC0415 - as above

        return Desk(self._app, self._again)


@cache
def _steps() -> dict[str, Step]:
    """By name, in their order."""
    from bot.setup_list import STEPS  # noqa: PLC0415 - as above

    return {step.name: step for step in STEPS}


def _unreadable(step: str, error: BadSetting) -> Page:
    told = Told(good=False, words=f"Tệp .env chưa đúng, chương trình sẽ không chạy lại được: {error}")
    return Page(step, _steps()[step].title, "", (), (told,), (), (SKIP,))


def _placed(page: Page) -> Page:
    """Which step of how many this is, and the way back."""
    names = list(_steps())
    at = names.index(page.step)
    actions = (*page.actions, BACK) if page.actions and at else page.actions
    return replace(page, place=f"Bước {at + 1} / {len(names)}" if page.actions else "", actions=actions)
