"""Whom to telephone, what the newest news came to, and how the call went: for one officer's eyes."""

from __future__ import annotations

import pytest

from conversations.told_state import LastNews, Telephoned, ToPhone
from tests.conversations.desk_world import BINH, CODE, HOA, ID, NOW, SHOWN, Desk, dossier, labels, values

MISSED = LastNews("phone", "telegram", NOW, "Hồ sơ cần bổ sung 1 mục.", far=True)


def waiting(news: LastNews = MISSED, phone: str = "+84984123456") -> Desk:
    desk = Desk(dossier(owner=HOA))
    desk.told[ID] = news
    if news.status == "phone":
        desk.phones.append(ToPhone(ID, SHOWN, "Xác nhận tình trạng hôn nhân", "Nguyễn Văn An", phone, news))
    return desk


def test_the_day_s_list_ends_with_whom_to_telephone() -> None:
    said = waiting().type(HOA, "/homnay")
    assert said[-1].text == (
        "CẦN GỌI ĐIỆN: 1 hồ sơ\n"
        f"1. Nguyễn Văn An, 0984 123 456. Hồ sơ {SHOWN}, Xác nhận tình trạng hôn nhân: "
        "tin báo lúc 9 giờ, Thứ Hai 23/11/2026 chưa tới."
    )
    assert values(said[-1:]) == [f"d:open:{ID}"]


def test_nothing_is_said_where_nobody_waits() -> None:
    assert len(Desk().type(HOA, "/homnay")) == 1


def test_the_page_says_whom_and_what_and_the_press_how_it_went() -> None:
    desk = waiting()
    said = desk.type(HOA, CODE)
    assert "chưa tới người dân, cần gọi điện.\nGọi cho Nguyễn Văn An: 0984 123 456\nNội dung cần báo:" in said[0].text
    assert labels(said)[:2] == ["Đã gọi được", "Không liên lạc được"]
    desk.press(HOA, "rang")
    desk.press(HOA, "norang")
    assert desk.effects[-2:] == [Telephoned(ID, reached=True), Telephoned(ID, reached=False)]


def test_only_whoever_has_the_dossier_says_how_it_went() -> None:
    desk = waiting()
    desk.press(BINH, "rang")
    assert desk.effects == []
    assert "0984 123 456" not in desk.type(BINH, CODE)[0].text


def test_who_left_no_number() -> None:
    assert "Nguyễn Văn An không để lại số điện thoại." in waiting(phone="").type(HOA, CODE)[0].text


@pytest.mark.parametrize(
    ("news", "line"),
    [
        (LastNews("arrived", "telegram", NOW), ""),
        (LastNews("arrived", "zalo", NOW, far=True), "Tin gần nhất: đã tới qua Zalo, báo lúc 9 giờ"),
        (LastNews("read", "zalo", NOW, far=True), "Tin gần nhất: người dân đã biết (Zalo)"),
        (LastNews("answered", "sms", NOW, far=True), "người dân đã trả lời"),
        (LastNews("going", "email", NOW, far=True), "Tin gần nhất: đang gửi"),
        (LastNews("phone", "sms", NOW, far=True, silent=True), "Người dân chưa trả lời, cần gọi điện."),
        (LastNews("phone", "", NOW, far=True, stopped=True), "người dân đã dừng nhận tin, cần gọi điện."),
        (LastNews("lost", "", NOW, far=True), "gọi điện không được."),
        (LastNews("dropped", "", NOW, far=True), "không gửi, vì người dân không muốn nhận."),
    ],
)
def test_one_line_says_how_the_newest_news_went(news: LastNews, line: str) -> None:
    text = waiting(news).type(HOA, CODE)[0].text
    assert (line in text) if line else ("Tin gần nhất" not in text)
