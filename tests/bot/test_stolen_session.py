"""A session that was stolen ends with itself: it confirms nothing, and no address is added behind its owner's back."""

from __future__ import annotations

import re

import pytest

from bot.invitations import JOIN
from conversations.messages import Pressed, Started, TextSent
from conversations.render import text
from tests.bot.test_log_in import OTHER, USER, alive, choices, label, link, office, on_telegram, opens
from tests.bot.whole import Whole

__all__ = ["office"]


@pytest.mark.parametrize("how", ["typed", "pressed"])
async def test_a_stolen_session_makes_no_other(office: Whole, how: str) -> None:
    """Its thief asks for a link, opens it elsewhere, and answers on the page that was stolen."""
    thu = await office.officer("Thu")
    phones = await on_telegram(office, thu)
    said = await thu.says("/web")
    found = re.search(r"/canbo/vao/(\S+)", said[-1].message.text)
    assert found is not None
    asked = await opens(office, found[1])
    right = label(phones, USER, asked.digits)
    await thu.send(TextSent(asked.digits) if how == "typed" else Pressed(right))
    assert (await office.app.live.entering(asked.pending)).state == "wait"
    assert asked.digits in choices(phones, USER)
    await phones.presses(USER, right)  # its owner still decides
    assert await alive(office, (await office.app.live.entering(asked.pending)).cookie)


async def test_a_stolen_session_joins_no_telegram_user(office: Whole) -> None:
    thu = await office.officer("Thu")
    phones = await on_telegram(office, thu)
    await phones.does(OTHER, Started(await link(office, thu, JOIN)))
    digits = re.search(r"Số xác nhận: (\d\d)", phones.texts(OTHER)[-1])
    assert digits is not None
    await thu.says(digits[1])
    phones.clear(OTHER)
    await phones.says(OTHER, "/cuatoi")
    assert phones.texts(OTHER) == [text("desk.stranger")]
