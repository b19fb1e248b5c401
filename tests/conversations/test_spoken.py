"""People answer as they speak: the answer is found within the polite words, and nothing is made up."""

from __future__ import annotations

import pytest

from conversations import drafts, plans, spoken
from conversations.messages import Pressed, TextSent, Unsupported
from tests.conversations.filling import to
from tests.conversations.world import World

SINGLE = "xac-nhan-tinh-trang-hon-nhan"
CONSENTED = ("handle", "no-notify")


def begun(procedure: str = SINGLE, applicant: str = "Cho tôi") -> World:
    world = World(consents=CONSENTED)
    world.says(Pressed(f"start:{procedure}"))
    world.says(f"[{applicant}]")
    return world


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("dạ", True),
        ("ừ đồng ý", True),
        ("ok em", True),
        ("Dạ có ạ", True),
        ("ko đồng ý", False),
        ("dạ k ạ", False),
        ("thôi", False),
        ("k", None),
        ("được không", None),
        ("có đồng ý không?", None),
        ("không biết", None),
        ("không sao", None),
        ("", None),
    ],
)
def test_yes_and_no(text: str, meant: bool | None) -> None:  # noqa: FBT001
    assert spoken.yes_or_no(text) is meant


@pytest.mark.parametrize(
    ("text", "meant"), [("dạ", None), ("ok", None), ("dạ có", True), ("rồi ạ", True), ("ko", False)]
)
def test_a_fact_is_not_told_by_politeness(text: str, meant: bool | None) -> None:  # noqa: FBT001
    assert spoken.yes_or_no(text, fact=True) is meant


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tui la Nguyen Van Ba", "Nguyen Van Ba"),
        ("em tên là Trần Thị Lan ạ", "Trần Thị Lan"),
        ("dạ Trần Thị Lan", "Trần Thị Lan"),
        ("Tên: Lê Bá", "Lê Bá"),
        ("dạ em giúp bà Tám", "bà Tám"),
        ("La Văn Tèo", "La Văn Tèo"),
        ("Lã Thị Tên", "Lã Thị Tên"),
        ("Vàng A Dạ", "Vàng A Dạ"),
        ("dạ rồi", None),
        ("con em chưa đặt tên", None),
        ("chi rứa", None),
        ("tôi muốn làm giấy khác", None),
        ("nguyen thi muon", "nguyen thi muon"),
        ("👍", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert spoken.name(text) == name


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("cho tôi gặp cán bộ", "call"),
        ("em muốn hủy", "cancel"),
        ("quay lại nhé", "back"),
        ("Huy", ""),
        ("Minh Huy", ""),
        ("tôi muốn cưới vợ", ""),
    ],
)
def test_commands_within_a_sentence(text: str, command: str) -> None:
    assert spoken.command(text) == command


@pytest.mark.parametrize(
    ("text", "own", "child"),
    [
        ("cho tôi", False, False),
        ("dạ cho con em", True, False),
        ("cho mẹ tôi", True, True),
        ("giúp ông Tư", True, True),
        ("chị hỏi chút", None, None),
    ],
)
def test_for_whom(text: str, own: bool | None, child: bool | None) -> None:  # noqa: FBT001
    assert spoken.wants_other(text, child=False) is own
    assert spoken.wants_other(text, child=True) is child


def test_consent_may_be_typed() -> None:
    world = World()
    world.says(Pressed(f"start:{SINGLE}"))
    assert world.says("cho tôi") == ("apply.consent-handle",)
    assert world.says("k") == ("common.choose",)
    assert world.labels == ["Đồng ý", "Không đồng ý"]
    assert world.says("dạ đồng ý") == ("apply.consented-handle", "apply.consent-notify")
    assert world.says("thôi") == ("apply.no-reminders", "apply.question")
    assert world.state.person.consents == CONSENTED


def test_a_parent_is_asked_in_a_parents_words() -> None:
    world = World(consents=CONSENTED)
    assert world.says(Pressed("start:khai-sinh")) == ("apply.begin", "apply.for-whom-child")
    assert world.says("cho con em") == ("apply.question",)
    assert world.state.draft is not None
    assert world.state.draft.applicant == "self"


def test_starting_twice_is_starting_once() -> None:
    world = World(consents=CONSENTED)
    world.says(Pressed(f"start:{SINGLE}"))
    assert world.says(Pressed(f"start:{SINGLE}")) == ("apply.for-whom-self",)
    assert len(world.stored) == 1


def test_a_sentence_holds_a_name_and_a_number() -> None:
    world = begun()
    to(world, "requester_name")
    assert world.says("dạ") == ("wrong.name-missing",)
    assert world.says("em tên là Trần Thị Lan ạ") == ("apply.noted", "apply.question-type")
    to(world, "requester_phone")
    assert world.says("không có điện thoại") == ("wrong.phone",)
    assert "Gặp cán bộ" in world.labels
    world.says("số của em là 0984 721 482 ạ")
    to(world, "previous_cert")
    assert world.says("ok") == ("wrong.choice",)
    assert world.says("dạ không ạ") == ("apply.noted", "apply.question")
    assert world.state.draft is not None
    assert {"Trần Thị Lan", "+84984721482", "Không"} <= set(world.state.draft.answers.values())


def test_no_is_no() -> None:
    world = begun()
    world.says("hủy")
    assert world.says("ừ") == ("common.choose",)
    assert world.says("dạ không") == ("apply.question",)


def test_a_code_is_read_while_a_choice_is_open() -> None:
    world = begun()
    to(world, "previous_cert")
    assert world.says("K7P4-9XTM-3WHAA") == ("track.mistyped", "apply.question")


def test_papers_are_ended_and_passed_over_in_words() -> None:
    world = begun("khai-tu", "Tôi đứng ra làm")
    to(world, "giay-bao-tu")
    world.photo()
    assert world.says("chưa đủ") == ("papers.done-awaited",)
    assert world.says("hết rồi ạ") == ("papers.choose-more",)
    world.says(Pressed(f"paper:giay-to-tuy-than:{world.state.talk.draft[:6]}"))
    world.photo()
    assert world.says("[Bỏ qua]") == ("papers.left", "papers.choose-more")
    assert world.says("dạ không có")[-1] == "review.pledge"


def test_the_surplus_of_an_album_is_kept_for_later() -> None:
    world = begun("khai-tu", "Tôi đứng ra làm")
    to(world, "choose")
    world.says(Pressed(f"paper:giay-to-tuy-than:{world.state.talk.draft[:6]}"))
    for _ in range(4):
        world.photo(album="a")
    draft = world.state.draft
    assert draft is not None
    assert [d.paper for d in draft.documents] == ["giay-to-tuy-than", "giay-to-tuy-than", "", ""]


def test_a_long_page_is_not_told_again() -> None:
    world = World()
    world.says(Pressed("open:khai-tu"))
    assert world.says(Unsupported("sticker")) == ("misfit.sticker",)
    assert world.labels[0] == "Nộp hồ sơ"
    assert world.photo() == ("misfit.file-page",)
    assert world.says("vâng") == ("common.choose",)
    assert world.says("1") == ("apply.begin", "apply.for-whom-grief")


def test_nobody_in_danger_is_asked_about_papers() -> None:
    world = begun()
    to(world, "requester_name")
    assert world.says("cháy nhà rồi") == ("common.emergency",)
    assert world.labels == ["Tiếp tục hồ sơ"]
    assert world.says("Nguyễn Thị Hoa") == ("apply.noted", "apply.question-type")


def test_a_tale_is_an_answer_as_well_as_a_cry_for_help() -> None:
    world = begun("tro-cap-mot-lan-quan-nhan", "Cho tôi")
    here = drafts.open_draft(world.state, world)
    assert here is not None
    key = next(q.key for q in plans.plan(here[1]).order if q.kind == "text" and not q.optional and not q.ask_when)
    to(world, key)
    assert world.says("bị tai nạn gãy chân, đang cấp cứu")[:2] == ("common.emergency", "apply.noted")


def test_a_person_can_be_asked_for_in_any_words() -> None:
    world = begun()
    assert world.says("cho tôi gặp người thật với") == ("call.about",)
    assert world.says("quay lại") == ("apply.question",)


def test_a_long_tale_is_read_clause_by_clause() -> None:
    world = World()
    tale = (
        "Ong muon hoi chut, nha tui co ong cu than sinh nam ni 82 tuoi, ong noi la trc di bo doi ở Lao nam 1968, gio "
        "nghe noi nha nuoc co cho tien chi do hang thang ma tui khong biet lam o mo, phai giay to chi, tui di xa may "
        "lan roi ma khong gap ai ca, gia ca roi di lai kho khan lam"
    )
    assert world.says(TextSent(tale)) == ("find.choose",)
    assert any("quân nhân" in label for label in world.labels)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("bao lâu thì có ạ", "time"),
        ("mấy ngày xong hả em?", "time"),
        ("hết bao nhiêu tiền", "fee"),
        ("có mất tiền không", "fee"),
        ("Lê Phi Hùng", ""),
        ("Thôn 3, xã Sơn Tiến", ""),
        ("15/08/1994", ""),
    ],
)
def test_questions_in_between(text: str, about: str) -> None:
    assert spoken.asks_about(text) == about
