"""The declaration form filled in chat: grouped, in plain words, with nothing asked that is known already."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from catalogue.model import Condition, Consistency, Detour, Procedure
from conversations import drafts, filled, form, plans
from conversations.effects import SendFilled
from conversations.messages import Card, Finding, Pressed
from conversations.state import Draft, Known, Talk, Want
from tests.conversations.filling import to
from tests.conversations.world import TODAY, World

CARD = Card("042194001234", "", "Nguyễn Thị Hoa", "15/08/1994", "Nữ", "Thôn 1, xã Sơn Tiến, tỉnh Hà Tĩnh", "")
DEATH = "khai-tu"
BIRTH = "khai-sinh"
POOR = "cong-nhan-ho-ngheo"


def begun(procedure: str, *, self_label: str = "") -> World:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed(f"start:{procedure}"))
    world.says(f"[{self_label}]" if self_label else Pressed(world.buttons[0].value))
    return world


def draft_of(world: World) -> Draft:
    assert world.state.draft is not None
    return world.state.draft


def with_data(world: World, procedure: str, **changes: object) -> Procedure:
    """The same procedure with other data."""
    changed: Procedure = replace(world.catalogue.procedures[procedure], **changes)
    world.catalogue = dataclasses.replace(
        world.catalogue, procedures={**world.catalogue.procedures, procedure: changed}
    )
    return changed


def tag(world: World) -> str:
    return draft_of(world).id[:6]


# ---- order and groups


def test_a_group_is_named_where_it_begins() -> None:
    world = begun(DEATH)
    to(world, "requester_name")
    assert "Phần 1/" in world.text
    world.says("Nguyễn Thị Hoa")
    assert "Phần " not in world.text


def test_a_group_is_said_back_when_it_is_complete() -> None:
    world = begun(BIRTH)
    to(world, "requester_relation")
    assert world.says("[Mẹ]")[0] == "form.group-done"
    assert world.last[0].text.startswith("Xong phần Người yêu cầu: Nguyễn Thị Hoa; sinh 15/08/1994;")
    assert [b.label for b in world.last[0].buttons] == ["Sửa phần này"]
    assert world.says("[Sửa phần này]") == ("review.which-answer",)
    world.says(Pressed(f"chg:requester_name:{tag(world)}"))
    world.says("Trần Thị Na")
    assert draft_of(world).answers["mother_name"] == "Trần Thị Na"  # a copy keeps in step
    assert draft_of(world).marks["mother_name"] == "copied"


def test_a_copy_that_was_changed_by_hand_stays() -> None:
    world = begun(BIRTH)
    to(world, "father_name")
    world.says(Pressed(f"chg:mother_name:{tag(world)}"))
    world.says("Lê Thị Mai")
    world.says(Pressed(f"chg:requester_name:{tag(world)}"))
    world.says("Trần Thị Na")
    assert draft_of(world).answers["mother_name"] == "Lê Thị Mai"
    world.says(Pressed(f"chg:requester_relation:{tag(world)}"))
    world.says("[Bà]")
    assert "mother_dob" not in draft_of(world).answers


def test_defaults_are_not_asked_and_may_be_changed() -> None:
    world = begun(BIRTH)
    to(world, "father_name")
    assert draft_of(world).answers["child_ethnicity"] == "Kinh"
    world.says(Pressed(f"chg:child_ethnicity:{tag(world)}"))
    world.says("Mường")
    assert draft_of(world).answers["child_ethnicity"] == "Mường"
    assert draft_of(world).marks.get("child_ethnicity") is None


def test_what_need_not_be_told_waits_together() -> None:
    world = begun(BIRTH)
    to(world, "extra")
    assert world.labels[-2:] == ["Không cần ghi thêm", "Quay lại"]
    world.says(Pressed(f"extra:father_id:{tag(world)}"))
    assert world.says("042095003456")[-1] == "form.extra"
    assert f"extra:father_id:{tag(world)}" not in [b.value for b in world.buttons]
    world.says(Pressed(f"extra:marriage_cert:{tag(world)}"))
    assert world.says("quay lại") == ("form.extra",)
    world.says(Pressed(f"extra:marriage_cert:{tag(world)}"))
    assert world.says("không có ạ")[:1] == ("apply.skipped",)
    assert world.says("dạ không")[-1].startswith("papers.")


def test_the_pledge_is_made_by_handing_in() -> None:
    world = begun(BIRTH)
    to(world, "review")
    draft = draft_of(world)
    procedure = world.catalogue.procedures[BIRTH]
    assert "pledge" not in draft.answers
    assert filled.final(procedure, draft, TODAY).answers["pledge"] == "Tôi cam đoan"


# ---- readings, doubts, the officer's help


def test_a_day_of_death_is_asked_in_both_calendars() -> None:
    world = begun(DEATH)
    to(world, "death_date")
    assert world.says("12/10/2026") == ("form.calendar",)
    assert "Dương lịch (12/10/2026)" in world.labels
    assert world.says("[Dương lịch (12/10/2026)]")[0] == "apply.noted"
    assert "tức mồng" in world.last[0].text or "tức ngày" in world.last[0].text
    assert draft_of(world).answers["death_date"] == "12/10/2026"
    assert draft_of(world).pending is None


def test_a_name_without_accents_is_offered_with_them() -> None:
    world = begun(DEATH)
    to(world, "deceased_name")
    assert world.says("tran van ba") == ("form.spelling",)
    assert world.labels[-3:] == ["Đúng như tôi gõ", "Cán bộ ghi giúp", "Quay lại"]
    chosen = world.labels[0]
    assert world.says(f"[{chosen}]")[0] == "apply.noted"
    assert draft_of(world).answers["deceased_name"] == chosen


def test_an_officer_may_write_it() -> None:
    world = begun(DEATH)
    to(world, "deceased_name")
    world.says("tran van ba")
    assert world.says("[Cán bộ ghi giúp]")[0] == "form.desk"
    assert draft_of(world).answers["deceased_name"] == "tran van ba"
    assert draft_of(world).marks["deceased_name"] == "desk"
    to(world, "review")
    assert "tran van ba (cán bộ ghi giúp)" in world.text


def test_what_is_forgotten_is_left_to_an_officer() -> None:
    world = begun(DEATH)
    to(world, "requester_dob")
    assert world.says("không nhớ") == ("wrong.date-forgotten",)
    assert world.says("[Cán bộ ghi giúp]")[0] == "form.desk"
    assert draft_of(world).marks["requester_dob"] == "desk"


def test_a_number_that_does_not_fit_the_birth_is_doubted_once() -> None:
    world = begun(DEATH)
    to(world, "requester_dob")
    world.says("15/08/1990")
    assert world.says("042194001234") == ("doubt.id-year",)
    assert world.says("[Đúng vậy]")[0] == "apply.noted"
    assert draft_of(world).marks["requester_id"] == "odd"


def test_a_doubt_is_answered_by_typing_again() -> None:
    world = begun(DEATH)
    to(world, "requester_dob")
    world.says("15/08/1990")
    world.says("042194001234")
    assert world.says("042190001234")[0] == "apply.noted"
    assert "requester_id" not in draft_of(world).marks


def test_back_from_a_reading_asks_the_question_again() -> None:
    world = begun(DEATH)
    to(world, "deceased_name")
    world.says("tran van ba")
    assert world.says("[Quay lại]")[-1].startswith("apply.question")
    assert "deceased_name" not in draft_of(world).answers


# ---- known people, the card, the same as others


def test_people_of_earlier_forms_are_offered() -> None:
    world = World(consents=("handle", "no-notify"))
    fields = {"name": "Nguyễn Thị Hoa", "born": "15/08/1994", "number": "042194001234", "phone": "+84984721482"}
    world.people = [
        Known("k2", {"name": "Trần Văn Ba", "sex": "Nam"}),
        Known("k1", fields, own=True),
    ]
    world.says(Pressed(f"start:{BIRTH}"))
    world.says("[Cho con cháu tôi]")
    to(world, "requester_name")
    assert world.labels[:2] == ["Điền: Nguyễn Thị Hoa", "Điền: Trần Văn Ba"]
    assert world.says("[Điền: Nguyễn Thị Hoa]")[0] == "apply.noted"
    answers = draft_of(world).answers
    assert [answers[f"requester_{key}"] for key in ("name", "dob", "id", "phone")] == [*fields.values()]


def test_the_dead_are_offered_as_the_dead() -> None:
    world = World(consents=("handle", "no-notify"))
    world.people = [
        Known("k1", {"name": "Nguyễn Thị Hoa", "number": "042194001234"}, own=True),
        Known("k2", {"name": "Trần Văn Ba", "died": "12/10/2026", "born": "02/03/1950"}),
    ]
    world.says(Pressed("start:mai-tang-bao-tro-xa-hoi"))
    world.says("[Tôi đứng ra làm]")
    to(world, "applicant_name")
    assert [label for label in world.labels if label.startswith("Điền")] == ["Điền: Nguyễn Thị Hoa"]
    world.says("[Điền: Nguyễn Thị Hoa]")
    to(world, "deceased_name")
    assert [label for label in world.labels if label.startswith("Điền")] == ["Điền: Trần Văn Ba"]
    world.says("[Điền: Trần Văn Ba]")
    assert draft_of(world).answers["deceased_dob"] == "02/03/1950"


def test_what_was_typed_gives_way_to_the_card() -> None:
    world = begun(DEATH)
    to(world, "requester_dob")
    assert world.photo(finding=Finding(card=replace(CARD, name="Nguyễn Thị Hoà"), side="front"))[-1] == "form.card"
    assert "Bạn ghi «Nguyễn Thị Hoa», thẻ ghi" not in world.text  # they differ by accents alone
    assert "••••1234" in world.text
    assert CARD.number not in world.text
    world.says("[Dùng các thông tin này]")
    assert draft_of(world).answers["requester_id"] == CARD.number
    assert draft_of(world).marks["requester_id"] == "card"


def test_a_card_that_is_somebody_elses_is_not_used() -> None:
    world = begun(DEATH)
    to(world, "requester_dob")
    world.photo(finding=Finding(card=replace(CARD, name="Lê Văn Tám"), side="front"))
    assert "Bạn ghi «Nguyễn Thị Hoa», thẻ ghi «Lê Văn Tám»" in world.text
    assert world.says("[Không phải thẻ này]")[0] == "form.card-left"
    assert draft_of(world).answers["requester_name"] == "Nguyễn Thị Hoa"
    assert draft_of(world).card is None


def test_where_others_live_is_offered() -> None:
    world = begun(BIRTH)
    to(world, "father_residence")
    assert world.says("[Thôn 1, xã Sơn Tiến, tỉnh Hà Tĩnh]")
    answers = draft_of(world).answers
    assert answers["father_residence"] == answers["mother_residence"]


# ---- rows


def test_rows_are_added_changed_and_removed() -> None:
    world = begun(POOR)
    to(world, "more")
    block = next(iter(plans.plan(world.catalogue.procedures[POOR]).blocks.values()))
    first = draft_of(world).answers[block.key]
    assert world.says("[Thêm]")[-1].startswith("apply.question")
    assert "Người thứ 2" in world.text
    to(world, "more")
    world.says(Pressed(f"chg:{block.key}.2:{tag(world)}"))
    world.says("Lê Văn Tám")
    assert [draft_of(world).answers[k] for k in (block.key, f"{block.key}.2")] == [first, "Lê Văn Tám"]
    assert world.says("[Đủ rồi]")
    to(world, "review")
    assert "2. " in world.text
    world.says(Pressed(f"rowdel:{block.key}:1:{tag(world)}"))
    assert draft_of(world).answers[block.key] == "Lê Văn Tám"
    assert not any(key.endswith(".2") for key in draft_of(world).answers)


def test_a_row_is_found_again_in_the_review() -> None:
    world = begun(POOR)
    to(world, "more")
    world.says("[Thêm]")
    to(world, "review")
    block = next(iter(plans.plan(world.catalogue.procedures[POOR]).blocks.values()))
    world.says("[Sửa câu trả lời]")
    world.says(f"[{block.group}]")
    world.says(Pressed(f"edit-row:{block.key}:2:{tag(world)}"))
    assert world.keys == ("review.which-answer",)
    assert world.labels[-2:] == ["Bỏ dòng này", "Quay lại xem hồ sơ"]
    assert world.says("[Bỏ dòng này]")[0] == "form.row-removed"


def test_the_office_asks_for_an_answer_of_a_row() -> None:
    procedure = World().catalogue.procedures[POOR]
    block = next(iter(plans.plan(procedure).blocks.values()))
    question = plans.question_of(procedure, f"{block.key}.2")
    assert question is not None
    assert question.key == f"{block.key}.2"
    assert plans.question_of(procedure, "no_such.2") is None
    assert plans.question_of(procedure, f"{procedure.questions[0].key}.2") is None


# ---- detours and answers that do not go together


def test_a_detour_is_told_at_once_and_only_once() -> None:
    world = begun(BIRTH)
    says = world.says("[Mẹ chưa đăng ký kết hôn (khai theo mẹ, để trống phần cha)]")
    assert says == ("apply.noted", "form.detour")
    assert world.labels[1:] == ["Vẫn làm tiếp", "Quay lại"]
    assert world.says("[Vẫn làm tiếp]")[-1].startswith("apply.question")
    to(world, "review")


def test_back_from_a_detour_asks_the_same_again() -> None:
    world = begun(BIRTH)
    world.says("[Mẹ chưa đăng ký kết hôn (khai theo mẹ, để trống phần cha)]")
    assert world.says("quay lại") == ("apply.question-change",)
    assert world.says("[Cha mẹ có đăng ký kết hôn]")[-1].startswith("apply.question")


def test_answers_that_do_not_go_together_are_asked_about_once() -> None:
    world = begun(BIRTH)
    to(world, "father_dob")
    world.says("03/10/2026")
    to(world, "extra")
    assert world.says("[Không cần ghi thêm]") == ("form.doubt",)
    assert world.labels[0] == "Đúng vậy, giữ nguyên"
    assert world.says("[Đúng vậy, giữ nguyên]")[-1].startswith("papers.")
    assert draft_of(world).marks["father_dob"] == "odd"


def test_a_doubtful_answer_is_mended() -> None:
    world = begun(BIRTH)
    to(world, "father_dob")
    world.says("03/10/2026")
    to(world, "extra")
    world.says("[Không cần ghi thêm]")
    world.says(next(f"[{label}]" for label in world.labels if label.startswith("Sửa: ")))
    assert world.keys == ("apply.question-change",)


def test_what_an_answer_means_is_said_once() -> None:
    world = begun(BIRTH)
    world.says("[Cha mẹ có đăng ký kết hôn]")
    assert world.says("03/01/2026")[:2] == ("apply.noted", "form.remark")
    assert "quá 60 ngày" in world.text
    to(world, "review")
    assert "quá 60 ngày" not in world.text


def test_rules_may_be_added_without_a_programmer() -> None:
    world = World(consents=("handle", "no-notify"))
    with_data(
        world,
        DEATH,
        detours=(Detour(when=Condition(field="deceased_gender", in_=("Nam",)), text="Gặp cán bộ nhé."),),
        consistency=(Consistency(text="Đúng chứ?", field="requester_dob", age_from=100),),
    )
    world.says(Pressed(f"start:{DEATH}"))
    world.says("[Tôi đứng ra làm]")
    assert world.says("[Nam]") == ("apply.noted", "form.detour")
    assert world.labels[0] == "Gặp cán bộ"
    to(world, "doubtful")
    assert world.keys[-1] == "form.doubt"


# ---- review


def test_the_review_goes_by_groups_and_shows_the_form() -> None:
    world = begun(BIRTH)
    to(world, "review")
    assert "Người mẹ:\n- " in world.text
    world.says("[Xem tờ khai (PDF)]")
    assert world.effects == [SendFilled(draft_of(world).id)]
    assert world.says("[Sửa câu trả lời]") == ("review.which-group",)
    assert "Người mẹ" in world.labels


@pytest.mark.parametrize("procedure", ["lien-thong-khai-sinh-thuong-tru-bhyt", "tro-cap-xa-hoi-hang-thang"])
def test_a_long_review_fits_a_messenger(procedure: str) -> None:
    world = begun(procedure)
    to(world, "review")
    draft = draft_of(world)
    long = {q.key: "Thôn " * 90 for q in form.standing(world.catalogue.procedures[procedure], draft, TODAY)}
    texts = {k: v for k, v in long.items() if world.catalogue.procedures[procedure].question(k).kind == "text"}
    world.stored[draft.id] = replace(draft, answers={**draft.answers, **texts})
    world.says("[Sửa câu trả lời]")
    world.says("[Quay lại xem hồ sơ]")
    assert max(len(message.text) for message in world.last) < 4096
    assert isinstance(
        drafts.step(world.state, draft_of(world), world.catalogue.procedures[procedure], TODAY), drafts.Review
    )


def test_a_question_in_between_is_answered_and_the_place_kept() -> None:
    world = begun(BIRTH)
    to(world, "requester_name")
    assert world.says("bao lâu thì có ạ?") == ("form.aside-time", "apply.question-card")
    assert world.says("hết bao nhiêu tiền") == ("form.aside-fee", "apply.question-card")
    assert "requester_name" not in draft_of(world).answers


def test_what_the_office_asks_again_is_read_like_any_answer() -> None:
    world = begun(POOR)
    block = next(iter(plans.plan(world.catalogue.procedures[POOR]).blocks.values()))
    to(world, "review")
    dossier = world.view(draft_of(world))
    world.dossiers.append(dossier)
    wanted = replace(draft_of(world), id="s" * 16, dossier=dossier.id, wants=(Want(f"{block.key}.2", "Thiếu tên"),))
    world.stored = {wanted.id: wanted}
    world.state = replace(world.state, talk=Talk("draft", draft=wanted.id), draft=wanted)
    assert world.says("tran van ba") == ("form.spelling",)
    assert "Cán bộ ghi giúp" not in world.labels
    chosen = world.labels[0]
    assert world.says(f"[{chosen}]") == ("apply.noted", "review.supplement", "review.pledge-supplement")
    assert draft_of(world).answers[f"{block.key}.2"] == chosen
