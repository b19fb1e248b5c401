"""Whoever was a helper once and would have the dossier back, behind the back of the person it is for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import mandate_views, proving
from bot.scene import present
from domain.helping import LIFE, Standing
from domain.rights import FRESH, PHONE
from storage.sealed import Keys
from storage.work import Work
from tests.bot.test_mandates import OGG, PHONE_OF_MAN, consented, context_of, end_at_desk, mandate_of, only
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


async def test_news_that_a_helper_stopped_are_not_given_after_the_end(whole: Whole) -> None:
    """While they help they want no news; once they do not they want all that they missed."""
    helper = await consented(whole)
    await helper.press("stopnews")
    desk = await whole.officer("Thu")
    await desk.news()
    record = await only(whole)
    for action in ("claim", "accept"):
        await desk.press(f"d:{action}:{record.id}")
    code = (await only(whole)).official_code
    assert code
    await helper.news()
    assert not any(code in shown.message.text for shown in helper.shown.values())
    await end_at_desk(whole)
    await helper.press("resumenews")
    await whole.app.idle()
    await helper.news()
    assert not any(code in shown.message.text for shown in helper.shown.values())


async def test_at_the_desk_no_helper_gets_the_number_of_whom_they_help(whole: Whole) -> None:
    """Whoever shows their card there is the person helped; the dossier is the helper's as long as they help."""
    helper = await consented(whole)
    record = await only(whole)
    desk = await whole.officer("Thu")
    await desk.news()
    for _ in range(2):
        await desk.says(f"/xacso {record.tracking_code}")
        await desk.press(f"s:proveok:me:{record.tracking_code}")
        assert await whole.run(lambda work: list(work.proofs.of(record.person))) == []
        assert list((await context_of(whole, helper)).proofs) == []
    await end_at_desk(whole)
    await desk.says(f"/xacso {record.tracking_code}")
    await desk.press(f"s:proveok:me:{record.tracking_code}")
    after = await only(whole)
    assert after.person != record.person
    stands = await whole.run(lambda work: [one.value for one in work.proofs.of(after.person)])
    assert stands == [PHONE_OF_MAN]


async def test_a_number_proven_long_ago_shows_no_help(whole: Whole) -> None:
    """It may be somebody else's by now."""
    await consented(whole)
    man = await greeted(whole, "man")
    person = await prove(whole, man, PHONE_OF_MAN)
    assert len((await context_of(whole, man)).helped) == 1
    whole.world.clock += FRESH + timedelta(days=1)
    seen = await whole.run(lambda work: mandate_views.helped(present(work, whole.world), person))
    assert list(seen) == []
