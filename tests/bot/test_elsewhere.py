"""The same picture in two dossiers: told to the officers of one office, neutrally, and to nobody else."""

from __future__ import annotations

from bot.views import code_of
from conversations.messages import Started
from conversations.render import text
from storage.dossiers import Record
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Actor, Whole

PROCEDURE = "xac-nhan-tinh-trang-hon-nhan"


async def handed_in(whole: Whole, name: str, office: str = "") -> tuple[Actor, Record]:
    """A dossier with the one photo that all of them send."""
    citizen = await greeted(whole, name)
    if office:
        await citizen.send(Started(f"office-{office}"))
    return citizen, await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])


async def opened(officer: Actor) -> list[str]:
    """What the officer reads of the newest dossier's pictures."""
    await officer.news()
    before = set(officer.shown)
    await officer.press_label(text("staff-button.claim"))
    return [shown.message.text for ident, shown in officer.shown.items() if ident not in before]


async def test_in_one_office_the_officer_is_told_and_the_citizen_is_not(whole: Whole) -> None:
    officer = await whole.officer("Thu")
    first, one = await handed_in(whole, "hoa")
    second, _ = await handed_in(whole, "bình")
    told = text("cards.hint-elsewhere", {"code": code_of(one)})
    assert [told in "\n".join(await opened(officer))] == [True]
    for citizen in (first, second):
        await citizen.news()
        assert not any(told in shown.message.text for shown in citizen.shown.values())


async def test_what_another_office_has_is_not_told(whole: Whole) -> None:
    officer = await whole.officer("Minh", office="thuc-hanh")
    _, one = await handed_in(whole, "hoa")
    await handed_in(whole, "bình", "thuc-hanh")
    told = text("cards.hint-elsewhere", {"code": code_of(one)})
    assert [told in "\n".join(await opened(officer))] == [False]
