"""A choice is understood in people's own words, and never guessed where two may be meant."""

from __future__ import annotations

import pytest

from conversations.messages import Pressed
from conversations.picks import pick
from tests.conversations.filling import to
from tests.conversations.world import World

CASES = ("Cha mẹ có đăng ký kết hôn", "Mẹ chưa đăng ký kết hôn (khai theo mẹ, để trống phần cha)", "Trẻ bị bỏ rơi")
SEX = ("Nam", "Nữ")
KIN = ("Vợ", "Chồng", "Con", "Cha", "Mẹ", "Ông", "Bà", "Cháu", "Người thân thích khác")


@pytest.mark.parametrize(
    ("typed", "choices", "meant"),
    [
        ("co dang ky ket hon", CASES, CASES[0]),
        ("bo me co dang ky", CASES, CASES[0]),
        ("chua dang ky a", CASES, CASES[1]),
        ("dang ky ket hon", CASES, None),
        ("bé bị bỏ rơi", CASES, None),
        ("bi bo roi", CASES, CASES[2]),
        ("con trai", SEX, "Nam"),
        ("da be gai a", SEX, "Nữ"),
        ("trai", SEX, "Nam"),
        ("nam 1990", SEX, None),
        ("con trai", KIN, "Con"),
        ("bố", KIN, "Cha"),
        ("toi la con", KIN, "Con"),
        ("vo toi", KIN, None),
        ("khong phai con", KIN, None),
        ("con cua ong ay", KIN, None),
        ("o nha", KIN, None),
        ("có lẽ", ("Có", "Không"), None),
    ],
)
def test_what_is_meant(typed: str, choices: tuple[str, ...], meant: str | None) -> None:
    assert pick(typed, choices) == meant


def test_a_question_in_between_is_answered_and_the_question_put_again() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:khai-sinh"))
    world.says("[Cho con cháu tôi]")
    assert world.says("sao phải hỏi cái này") == ("form.aside-why", "apply.question")
    assert world.says("hết bao nhiêu tiền") == ("form.aside-fee", "apply.question")
    assert world.says("co dang ky ket hon")[0] == "apply.noted"
    to(world, "child_birthplace")
    assert world.says("à nhầm, bé sinh ngày 4")[0] == "form.aside-mistake"
    assert world.says("[Quay lại]") == ("apply.question-change",)


def test_money_and_time_are_told_on_the_page() -> None:
    world = World()
    world.says(Pressed("open:khai-sinh"))
    assert world.says("hết bao nhiêu tiền") == ("page.fee",)
    assert "Nộp hồ sơ" in world.labels
    assert world.says("bao lâu thì xong") == ("page.time",)


def test_no_sentence_becomes_a_name() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:khai-tu"))
    world.says("[Tôi đứng ra làm]")
    for said in ("ko co can cuoc", "khong biet ho"):
        assert world.says(said) == ("wrong.name-missing",)
    for said in ("ko nhớ ngày", "khong biet ten", "k biết"):
        assert world.says(said) == ("wrong.unknown",)
    world.says("tui la Trần Văn Nam sinh năm 1995")
    assert world.state.draft is not None
    assert world.state.draft.answers["requester_name"] == "Trần Văn Nam"


def test_who_asks_is_no_child() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:khai-tu"))
    world.says("[Tôi đứng ra làm]")
    to(world, "requester_dob")
    assert world.says("16/11/2026") == ("doubt.age-young",)
    assert world.says("16/11/1970")[0] == "apply.noted"


def test_words_that_are_no_address() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:khai-sinh"))
    world.says("[Cho con cháu tôi]")
    to(world, "child_name")
    world.says("be ten Trần Gia Bảo")
    assert world.state.draft is not None
    assert world.state.draft.answers["child_name"] == "Trần Gia Bảo"
    to(world, "child_hometown")
    assert world.says("1996") == ("wrong.address",)
    assert world.says("de sau")[0] == "apply.kept"


def test_one_more_in_other_words() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:cong-nhan-ho-ngheo"))
    world.says("[Cho tôi]")
    to(world, "more")
    assert world.says("co them") == ("apply.question-type",)
    assert world.text.startswith("Người thứ 2\nKể lần lượt từng người")


def test_what_is_not_at_hand_is_sent_later() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:khai-sinh"))
    world.says("[Cho con cháu tôi]")
    world.says("[Trẻ bị bỏ rơi]")
    to(world, "bien-ban-tre-bo-roi")
    assert world.labels == ["Để sau", "Quay lại"]
