"""Whoever was a helper once and would have the dossier back, behind the back of the person it is for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import mandates, proving
from bot.scene import present
from domain.helping import LIFE, Standing
from domain.rights import FRESH, PHONE
from storage.sealed import Keys
from storage.work import Work
from tests.bot.test_mandates import OGG, PHONE_OF_MAN, consented, context_of, mandate_of, only
from tests.bot.walk import greeted
from tests.bot.whole import Actor, Whole, running


@pytest.fixture
async def whole(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path, sms_gateway="json", sms_url="http://127.0.0.1:9/sms") as made:
        yield made


async def prove(whole: Whole, actor: Actor, number: str) -> str:
    """That this is their number; gives who they are."""

    def play(work: Work) -> str:
        chat = work.chats.find(actor.reader.channel, actor.reader.address)
        assert chat is not None
        assert chat.person is not None
        proving.prove(present(work, whole.world), chat.person, PHONE, number, "sms")
        return chat.person

    return await whole.run(play)


async def test_what_the_person_helped_has_taken_over_no_helper_takes_back(whole: Whole) -> None:
    """The consent ran out, and its owner has had it in their own chat since."""
    helper = await consented(whole)
    await whole.pass_time(LIFE + timedelta(hours=1))
    await helper.news()
    record = await only(whole)
    man = await greeted(whole, "man")
    person = await prove(whole, man, PHONE_OF_MAN)
    await man.says("0912345678")
    await man.press(f"lookd:{record.id}")
    await man.press(f"follow:{record.id}")
    assert (await only(whole)).person == person
    await helper.press_label("Xin đồng ý lại")
    if "Gửi ghi âm" in [b.label for b in helper.last.message.buttons]:
        await helper.press_label("Gửi ghi âm")
        await helper.sends(OGG, "audio/ogg", "")
    assert (await only(whole)).person == person
    assert (await mandate_of(whole, record.id)).status == Standing.EXPIRED


async def test_a_number_proven_long_ago_shows_no_help(whole: Whole) -> None:
    """It may be somebody else's by now."""
    await consented(whole)
    man = await greeted(whole, "man")
    person = await prove(whole, man, PHONE_OF_MAN)
    assert len((await context_of(whole, man)).helped) == 1
    whole.world.clock += FRESH + timedelta(days=1)
    seen = await whole.run(lambda work: mandates.helped(present(work, whole.world), person))
    assert list(seen) == []
