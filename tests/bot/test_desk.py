"""What the desk tells whom: where a press leads, who lost a dossier, and what an absent officer leaves."""

from __future__ import annotations

from pathlib import Path

from conversations.messages import Shown, Started
from storage.sealed import Keys
from tests.bot.walk import hand_in
from tests.bot.whole import Actor, Whole, running

EASY = "xac-nhan-tinh-trang-hon-nhan"


async def handed_in(whole: Whole, name: str = "ban") -> str:
    """The id of a new dossier."""
    citizen = await whole.citizen(name)
    await citizen.send(Started())
    return (await hand_in(citizen, whole.world.catalogue.procedures[EASY])).id


def card(officer: Actor, dossier: str) -> Shown:
    return next(shown for shown in officer.shown.values() if shown.message.card == f"dossier:{dossier}")


async def test_what_a_press_leads_to_names_its_card_and_is_no_way_to_the_citizen(
    sqlite_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        dossier = await handed_in(whole)
        thu = await whole.officer("Thu")
        await thu.news()
        news = await thu.press_label("Nhận việc")
        private = [shown for shown in news if shown.private]
        assert private[0].message.reply_to == card(thu, dossier).id
        assert not any(shown.message.reply_to for shown in private[1:])
        news = await thu.says("Chị gửi lại giúp", reply_to=private[0].id)
        assert [shown.message.text[:20] for shown in news if not shown.own] == ["Bot chưa hiểu tin nà"]

        held = [shown for shown in await thu.press_label("Tiếp nhận") if shown.private]
        assert [button.label for button in held[0].message.buttons] == ["Hoàn tác", "Báo ngay"]
        assert "Sau 60 giây nữa" in held[0].message.text


async def test_whoever_loses_a_dossier_to_the_head_is_told(whole: Whole) -> None:
    dossier = await handed_in(whole)
    thu, head = await whole.officer("Thu"), await whole.officer("Hà", "head")
    await thu.press(f"d:claim:{dossier}")
    await head.press(f"d:take:{dossier}")
    told = [shown for shown in await thu.news() if "Hà đã nhận thay" in shown.message.text]
    assert [shown.private for shown in told] == [True]
    assert not any("Hà đã nhận thay" in shown.message.text for shown in await head.news())


async def test_many_dossiers_of_an_absent_officer_make_one_line(whole: Whole) -> None:
    dossiers = [await handed_in(whole, f"ban-{number}") for number in range(4)]
    thu, head = await whole.officer("Thu"), await whole.officer("Hà", "head")
    for dossier in dossiers:
        await thu.press(f"d:claim:{dossier}")
    await head.news()
    lines = [shown for shown in await head.says("/vang Thu") if not shown.private and not shown.message.card]
    assert [shown.message.text.split("\n")[0] for shown in lines] == ["Thu vắng: 4 hồ sơ cần người nhận."]
    opened = [shown for shown in await head.press(lines[0].message.buttons[0].value) if shown.private]
    assert opened[0].message.reply_to == card(head, dossiers[0]).id
    assert "Chưa ai nhận việc" in opened[0].message.text
