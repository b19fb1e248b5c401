"""A session that was stolen ends with itself: it confirms nothing, and no address is added behind its owner's back."""

from __future__ import annotations

import re

import pytest

from bot import one_time
from bot.invitations import JOIN
from bot.scene import present
from conversations.messages import Pressed, Started, TextSent
from conversations.render import text
from domain import rights
from storage.work import Work
from tests.bot.linked import person
from tests.bot.test_log_in import OTHER, USER, alive, choices, label, link, office, on_telegram, opens
from tests.bot.test_nudges import MAIL, PHONE, Outside, address
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


async def test_a_stranger_who_asks_for_codes_keeps_no_officer_out(office: Whole) -> None:
    """Codes to a number are few an hour; a log-in has its own, for it takes a link."""
    Outside(office)
    thu = await office.officer("Thu")
    await address(office, thu, "sms", PHONE)
    stranger = await person(office, "stranger")

    def asks(work: Work) -> None:
        scene = present(work, office.world)
        chat = work.chats.get(stranger.reader.chat)
        assert chat is not None
        for _ in range(12):
            one_time.ask(scene, chat, "prove", rights.PHONE, PHONE)

    await office.run(asks)
    assert (await opens(office, await link(office, thu))).state == "wait"


async def test_a_link_whose_code_could_not_be_sent_stays_good(office: Whole) -> None:
    Outside(office)
    thu = await office.officer("Thu")
    await address(office, thu, "sms", PHONE)
    for _ in range(6):
        assert (await opens(office, await link(office, thu))).state == "wait"
    token = await link(office, thu)
    assert [(await opens(office, token)).state for _ in range(2)] == ["later", "later"]


async def test_an_owner_hears_of_an_address_that_was_added(office: Whole) -> None:
    """Where they were told of things before: whoever is on the page may be somebody else."""
    outside, thu = Outside(office), await office.officer("Thu")
    await address(office, thu, "sms", PHONE)
    await thu.says("/lienhe")
    await thu.press_label(text("contact.button-email"))
    await thu.says(MAIL)
    found = re.search(r"\b\d{6}\b", outside.mail.calls[-1].text)
    assert found is not None
    await thu.says(found[0])
    assert [(one.address, "Vua them e-mail" in one.text) for one in outside.sms.calls] == [(PHONE, True)]
    assert MAIL not in outside.sms.calls[0].text


async def test_an_owner_hears_of_an_address_that_was_taken_away(office: Whole) -> None:
    outside, thu = Outside(office), await office.officer("Thu")
    await address(office, thu, "sms", PHONE)
    await thu.says("/lienhe")
    await thu.press(next(b.value for b in thu.last.message.buttons if b.label.startswith("Bỏ SMS")))
    assert [(one.address, "Vua bo SMS" in one.text) for one in outside.sms.calls] == [(PHONE, True)]
