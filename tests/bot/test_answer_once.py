"""Answer once: what somebody has told is offered to them again, and to nobody else."""

from __future__ import annotations

import re

import pytest

from conversations import render
from conversations.messages import Started
from storage.work import Work
from tests.bot.walk import finish, greeted, hand_in
from tests.bot.whole import Actor, Whole

DEATH = "khai-tu"
FUNERAL = "mai-tang-bao-tro-xa-hoi"
DECEASED = "Trần Văn Ba"
MOST = 10
DEATH_TOLD = {  # by a part of the question: typed, or the label of a choice
    "Họ tên đầy đủ của bạn": "Trần Văn Bình",
    "Bạn sinh ngày": "26/09/1971",
    "Số căn cước (số định danh) của bạn": "042071132467",
    "theo số điện thoại nào": "0984123456",
    "Bạn là gì của người đã mất": "Con",
    "Họ tên đầy đủ của người đã mất": DECEASED,
    "Người đã mất sinh ngày": "1944",
    "Người đã mất là nam hay nữ": "Nam",
    "Nơi ở cuối cùng": "Thôn 3, xã Sơn Tiến, tỉnh Hà Tĩnh",
    "qua đời ngày nào": "12/11/2026",
    "qua đời ở đâu": "Ở nhà",
    "giấy báo tử không": "Giấy báo tử",
}
FUNERAL_TOLD = {
    "trợ cấp nào": "Người cao tuổi hưởng trợ cấp xã hội",
    "Bạn là nam hay nữ": "Nam",
    "Bạn thường trú": "Thôn 3, xã Sơn Tiến, tỉnh Hà Tĩnh",
    "Bạn là gì của người đã mất": "Con",
    "Giấy chứng tử hoặc trích lục": "15/2026, ngày 23/11/2026, UBND xã Sơn Tiến",
    "nhận tiền bằng cách nào": "Tiền mặt",
}
_READING = re.compile(r"ans:[\w.]+:p\d")
_ON = ("for", "yes", "on", "skip", "rowdone", "noextra", "odd", "none", "submit")


async def fill(citizen: Actor, told: dict[str, str]) -> list[str]:
    """To the tracking code; gives what had to be told anew, question by question."""
    new: list[str] = []
    for _ in range(80):
        message = citizen.last.message
        buttons = {button.value: button.label for button in message.buttons}
        known = [v for v, label in buttons.items() if v.startswith("who:") and _fits(message.text, label)]
        read = [v for v in buttons if _READING.match(v)]
        on = [v for v in buttons if v.partition(":")[0] in _ON]
        if known or read or on:
            await citizen.press([*known, *read, *on][0])
            if "submit" in [v.partition(":")[0] for v in [*known, *read, *on][:1]]:
                return new
            continue
        question = next((part for part in told if part in message.text), None)
        assert question is not None, f"not foreseen: {message.text}"
        new.append(question)
        await citizen.says(told[question])
    raise AssertionError(f"no end in sight: {citizen.last.message.text}")


def _fits(question: str, label: str) -> bool:
    """Of the deceased the dead man, of oneself the other."""
    return (DECEASED in label) == ("đã mất" in question)


def people(whole_work: Work, person: str) -> list[str]:
    return [known.fields["name"] for known in whole_work.remembered.of(person)]


async def person_of(citizen: Actor) -> str:
    def look(work: Work) -> str:
        chat = work.chats.find(citizen.reader.channel, citizen.reader.address)
        assert chat is not None
        assert chat.person is not None
        return chat.person

    return await citizen.whole.run(look)


async def remembered(citizen: Actor) -> list[str]:
    person = await person_of(citizen)
    return await citizen.whole.run(lambda work: people(work, person))


async def test_a_death_handed_over_offers_the_funeral_benefit_which_asks_little(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    await citizen.press(f"start:{DEATH}")
    assert sorted(await fill(citizen, DEATH_TOLD)) == sorted(DEATH_TOLD)
    assert sorted(await remembered(citizen)) == [DECEASED, "Trần Văn Bình"]

    await finish(officer, forwards=False)
    await citizen.news()
    offered = [b.value for s in citizen.shown.values() for b in s.message.buttons if b.value == f"start:{FUNERAL}"]
    assert offered == [f"start:{FUNERAL}"]
    await citizen.press(offered[0])
    new = await fill(citizen, FUNERAL_TOLD)
    assert sorted(new) == sorted(FUNERAL_TOLD)
    assert len(new) <= MOST


async def test_nobody_else_is_offered_them(whole: Whole) -> None:
    citizen, stranger = await greeted(whole), await greeted(whole, "nguoi-la")
    await citizen.press(f"start:{DEATH}")
    await fill(citizen, DEATH_TOLD)
    await stranger.press(f"start:{DEATH}")
    await stranger.press(next(v for v in stranger.buttons if v.startswith("for:self")))
    for _ in range(2):
        await stranger.press(next(v for v in stranger.buttons if v.startswith("yes:")))
    assert "Họ tên đầy đủ của bạn" in stranger.last.message.text
    assert [v for s in stranger.shown.values() for v in s.message.buttons if v.value.startswith("who:")] == []
    assert await remembered(stranger) == []


async def test_a_dossier_for_another_household_leaves_no_trace(whole: Whole) -> None:
    citizen = await greeted(whole)
    await citizen.press(f"start:{DEATH}")
    await citizen.press(next(v for v in citizen.buttons if v.startswith("for:other")))
    await fill(citizen, {"giúp gia đình nào": "Lê Thị Mận", **DEATH_TOLD})
    assert await remembered(citizen) == []


async def test_they_are_forgotten_when_the_citizen_asks(whole: Whole) -> None:
    citizen = await greeted(whole)
    await citizen.press(f"start:{DEATH}")
    await fill(citizen, DEATH_TOLD)
    await citizen.says("quên thông tin của tôi")
    assert sorted(await remembered(citizen)) == [DECEASED, "Trần Văn Bình"]
    await citizen.press_label(render.text("button.forget-yes"))
    assert await remembered(citizen) == []
    await citizen.send(Started())
    procedure = whole.world.catalogue.procedures[DEATH]
    assert (await hand_in(citizen, procedure)).procedure == DEATH  # and the dossier that was handed in stays


@pytest.mark.parametrize("procedure", ["nuoi-con-nuoi-trong-nuoc", "nhan-cha-me-con"])
async def test_of_whose_child_somebody_is_nothing_is_kept(whole: Whole, procedure: str) -> None:
    citizen = await greeted(whole)
    await hand_in(citizen, whole.world.catalogue.procedures[procedure])
    person = await person_of(citizen)
    assert [known.own for known in await whole.run(lambda work: list(work.remembered.of(person)))] in ([], [True])


async def test_of_a_household_only_who_hands_in_is_kept(whole: Whole) -> None:
    citizen = await greeted(whole)
    await hand_in(citizen, whole.world.catalogue.procedures["cong-nhan-ho-ngheo"])
    assert await remembered(citizen) == ["Trần Thị Lý"]
