"""A draft: for whom, consent, questions, going back, coming back, a catalogue that has changed."""

from __future__ import annotations

from msgspec.structs import replace

from conversations.form import UNASKED
from conversations.messages import Pressed, TextSent
from conversations.state import Draft, Talk
from tests.conversations.filling import to
from tests.conversations.world import World

SINGLE = "xac-nhan-tinh-trang-hon-nhan"
CONSENTED = ("handle", "no-notify")


def begun(procedure: str = SINGLE, applicant: str = "Cho tôi") -> World:
    """At the first question, consents given before."""
    world = World(consents=CONSENTED)
    world.says(Pressed(f"start:{procedure}"))
    world.says(f"[{applicant}]")
    return world


def at_name(procedure: str = SINGLE, applicant: str = "Cho tôi") -> World:
    """At the question for the requester's name."""
    world = begun(procedure, applicant)
    to(world, "requester_name")
    return world


def answered(world: World) -> dict[str, str]:
    assert world.state.draft is not None
    return dict(world.state.draft.answers)


def test_the_order_of_the_first_questions() -> None:
    world = World()
    assert world.says(Pressed(f"start:{SINGLE}")) == ("apply.begin", "apply.for-whom-self")
    assert world.says("[Giúp người khác]") == ("apply.consent-handle",)
    assert world.says("[Đồng ý]") == ("apply.consented-handle", "apply.consent-notify")
    assert world.says("[Đồng ý]") == ("apply.consented-notify", "apply.applicant-self")
    assert world.says("Lê Văn Ba") == ("apply.applicant-noted", "apply.question")
    assert world.state.person.consents == ("handle", "notify")
    assert world.state.draft is not None
    assert world.state.draft.applicant == "Lê Văn Ba"
    assert answered(world)["subject_same_as_requester"] == "Không"


def test_for_oneself_what_is_known_is_not_asked() -> None:
    world = begun()
    assert answered(world)["subject_same_as_requester"] == "Có"


def test_a_death_is_asked_about_gently() -> None:
    world = World(consents=CONSENTED)
    world.says(Pressed("open:khai-tu"))
    assert world.text.startswith("Xin chia buồn cùng gia đình.\n")
    assert world.says("[Nộp hồ sơ]") == ("apply.begin", "apply.for-whom-grief")
    assert world.labels == ["Tôi đứng ra làm", "Giúp người khác", "Quay lại"]


def test_the_beneficiary_is_known_by_the_applicants_name() -> None:
    world = World(consents=CONSENTED)
    world.says(Pressed("start:doi-cap-lai-giay-khuyet-tat"))
    world.says("[Giúp người khác]")
    world.says("lê văn ba")
    assert answered(world)["pwd_name"] == "Lê Văn Ba"


def test_without_consent_nothing_is_asked() -> None:
    world = World()
    world.says(Pressed(f"start:{SINGLE}"))
    world.says("[Cho tôi]")
    assert world.says("[Không đồng ý]") == ("apply.refused",)
    assert world.labels == ["Đồng ý", "Gặp cán bộ", "Điện thoại của xã", "Về đầu"]
    assert world.says("Nguyễn Thị Hoa") == ("common.choose",)
    assert world.photo() == ("papers.agree-first", "apply.consent-handle")
    assert world.state.draft is not None
    assert world.state.draft.documents == ()


def test_answers_are_checked_and_repeated() -> None:
    world = at_name()
    assert world.says("123") == ("wrong.name",)
    assert world.says("nguyễn thị hoa") == ("apply.noted", "apply.question-type")
    assert world.last[0].text == "Tôi ghi: Nguyễn Thị Hoa."
    assert world.says("15/8/94") == ("apply.noted", "apply.question-type")
    assert world.says("042 194 001 234") == ("apply.noted", "apply.question-type")
    assert world.says("12") == ("wrong.phone",)
    assert world.says("0984 721 482") == ("apply.noted", "apply.question")
    to(world, "previous_cert")
    assert world.says("CÓ") == ("apply.noted", "apply.question")
    assert world.says("dang co vo/chong")[0] == "apply.noted"
    assert {k: answered(world)[k] for k in ("requester_dob", "requester_id", "requester_phone", "marital_status")} == {
        "requester_dob": "15/08/1994",
        "requester_id": "042194001234",
        "requester_phone": "+84984721482",
        "marital_status": "Đang có vợ/chồng",
    }


def test_an_old_button_of_an_answered_question() -> None:
    world = begun()
    to(world, "previous_cert")
    old = world.value("Có")
    world.says("[Không]")
    assert world.says(Pressed(old)) == ("apply.answered-already", "apply.question")
    assert answered(world)["previous_cert"] == "Không"


def test_a_button_of_another_draft_changes_nothing() -> None:
    world = begun()
    to(world, "previous_cert")
    old = world.value("Có")
    world.says(Pressed(f"new:{SINGLE}"))
    world.says("[Cho tôi]")
    before = world.state.draft
    assert world.says(Pressed(old))[0] == "common.old-button"
    assert world.state.draft == before


def test_one_step_back_keeps_what_was_given() -> None:
    world = at_name()
    world.says("Nguyễn Thị Hoa")
    assert world.says("quay lai") == ("apply.question-change",)
    assert "Đang ghi: Nguyễn Thị Hoa" in world.text
    assert world.says("[Giữ nguyên]") == ("apply.question-type",)
    world.says("[Quay lại]")
    assert world.says("Trần Thị Na") == ("apply.noted", "apply.question-type")
    assert answered(world)["requester_name"] == "Trần Thị Na"
    world.says("[Quay lại]")
    world.says("[Quay lại]")
    assert world.state.talk.changing == "purpose"
    assert world.says("[Quay lại]") == ("apply.for-whom-self",)
    assert world.says("[Quay lại]") == ("page.procedure",)


def test_global_words_keep_the_place() -> None:
    world = at_name()
    for said, key in (
        ("/huongdan", "guide.how"),
        ("hướng dẫn", "guide.how"),
        ("hotline", "guide.hotline"),
        ("HO SO CUA TOI", "track.mine"),
        ("menu", "menu.ask-draft"),
        ("đổi xã", "start.office-change"),
        ("gặp cán bộ", "call.about"),
    ):
        assert world.says(said) == (key,)
        assert world.says("tiếp tục")[-1] == "apply.question-card"
    world.says("hướng dẫn")
    assert world.says("Nguyễn Thị Hoa") == ("apply.noted", "apply.question-type")


def test_a_draft_is_found_again_and_named_by_applicant() -> None:
    world = begun()
    world.says("menu")
    world.state = replace(world.state, talk=Talk("menu"), draft=None)
    assert world.says("chào bạn") == ("start.greeting", "menu.ask-draft")
    assert world.says(Pressed(f"start:{SINGLE}")) == ("apply.again",)
    assert world.labels == ["Tiếp tục hồ sơ của bạn", "Làm hồ sơ mới", "Về đầu"]
    assert world.says("[Tiếp tục hồ sơ của bạn]") == ("apply.resumed", "apply.question")
    world.says(Pressed(f"new:{SINGLE}"))
    assert len(world.stored) == 2


def test_cancelling_asks_first() -> None:
    world = begun()
    world.says("Nguyễn Thị Hoa")
    assert world.says("hủy") == ("review.cancel",)
    assert world.says("thế nào") == ("common.choose",)
    assert world.says("[Để sau]") == ("apply.kept", "menu.ask-draft")
    world.says("hủy")
    assert world.says("[Xóa hồ sơ này]") == ("review.discarded", "menu.ask")
    assert world.stored == {}


def test_a_collective_names_itself() -> None:
    world = World(consents=CONSENTED)
    assert world.says(Pressed("start:giay-khen-gia-dinh"))[-1] == "apply.question-type"
    world.says("Chi hội Phụ nữ thôn 3")
    assert world.state.draft is not None
    assert world.state.draft.applicant == "Chi hội Phụ nữ thôn 3"


def test_answers_that_no_longer_matter_are_dropped() -> None:
    world = World(consents=CONSENTED)
    world.says(Pressed("start:khai-sinh"))
    world.says("[Cho con cháu tôi]")
    world.says("Trẻ bị bỏ rơi")
    to(world, "bien-ban-tre-bo-roi")
    world.photo()
    draft = world.state.draft
    assert draft is not None
    assert [d.paper for d in draft.documents] == ["bien-ban-tre-bo-roi"]
    world.says(Pressed(f"chg:birth_case:{draft.id[:6]}"))
    world.says("[Mang thai hộ]")
    assert world.state.draft is not None
    assert world.state.draft.documents == ()


def test_a_changed_catalogue_keeps_what_fits() -> None:
    world = at_name()
    draft = world.state.draft
    assert draft is not None
    kept = {"purpose": "Để đăng ký kết hôn", "requester_name": "Nguyễn Thị Hoa"}
    old = replace(
        draft,
        version="older",
        answers={**kept, "previous_cert": "Có lẽ", "gone": "x", "marital_status": "?"},
        marks={"gone": "desk", "previous_cert": "odd"},
        flags=("detour:0", "extras-done"),
    )
    world.state = replace(world.state, draft=old)
    world.stored[old.id] = old
    assert world.says("0984721482")[0] == "apply.changed"
    assert "- Tình trạng hôn nhân" in world.text
    assert world.state.draft is not None
    assert world.state.draft.version == world.catalogue.hashes[SINGLE]
    assert {k: v for k, v in answered(world).items() if world.state.draft.marks.get(k) not in UNASKED} == kept
    assert world.state.draft.flags == ("extras-done",)


def test_a_draft_of_a_procedure_that_is_gone() -> None:
    world = World(consents=CONSENTED)
    world.stored["d" * 16] = Draft("d" * 16, "no-such", "v")
    assert world.says(Pressed("resume:" + "d" * 16)) == ("apply.gone", "menu.ask-draft")


def test_refusing_later_is_for_the_desk() -> None:
    world = at_name()
    assert world.says(Pressed("no:handle")) == ("apply.consent-later", "apply.question-card")
    assert world.state.person.consents == CONSENTED
    assert world.says(Pressed("yes:notify")) == ("apply.consented-notify", "apply.question-card")
    assert world.state.person.consents == ("handle", "notify")
    assert world.says(Pressed("no:notify")) == ("apply.no-reminders", "apply.question-card")
    assert world.state.person.consents == CONSENTED


def test_nothing_to_resume() -> None:
    assert World().says("tiếp tục") == ("apply.none-open", "menu.ask")
    assert World().says("hủy") == ("review.nothing-to-cancel", "menu.ask")


def test_a_draft_for_somebody_not_yet_named() -> None:
    world = begun(applicant="Giúp người khác")
    assert world.says("12") == ("wrong.name",)
    world.says("hồ sơ của tôi")
    assert world.text.startswith("Cho người khác:")
    world.says("tiếp tục")
    assert world.says("quay lại") == ("apply.for-whom-self",)


def test_a_choice_that_is_none() -> None:
    world = begun()
    to(world, "previous_cert")
    assert world.says("có lẽ") == ("wrong.choice",)


def test_a_greeting_is_no_name() -> None:
    world = at_name()
    assert world.says("chào bạn ạ") == ("common.greeting-draft", "apply.question-card")
    assert world.says("Vàng A Chi") == ("apply.noted", "apply.question-type")


def test_a_name_may_be_a_command() -> None:
    world = at_name()
    assert world.says("Huy") == ("apply.noted", "apply.question-type")
    assert world.says(TextSent("hủy")) == ("review.cancel",)
