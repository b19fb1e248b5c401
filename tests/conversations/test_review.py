"""The review page, changing things from it, and handing in exactly once."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from conversations.effects import SubmitDossier
from conversations.messages import Pressed
from conversations.state import Talk
from tests.conversations.filling import to
from tests.conversations.world import TODAY, World, until

BOOK = "ban-sao-trich-luc-ho-tich"


def at_review() -> World:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed(f"start:{BOOK}"))
    world.says("[Cho tôi]")
    to(world, "requester_phone")
    world.says("0984721482")
    to(world, "choose")
    world.says(Pressed(f"paper:giay-to-tuy-than:{world.state.talk.draft[:6]}"))
    world.photo()
    world.photo()
    to(world, "review")
    return world


def test_everything_is_shown() -> None:
    world = at_review()
    assert world.keys[-2:] == ("review.page", "review.pledge")
    assert "0984 721 482" in world.text
    assert ": 2 ảnh" in world.text
    assert "chịu trách nhiệm trước pháp luật" in world.text
    assert world.labels[-5:] == [
        "Tôi cam đoan và nộp hồ sơ",
        "Sửa câu trả lời",
        "Sửa giấy tờ",
        "Xem tờ khai (PDF)",
        "Để sau",
    ]


def test_handed_in_once() -> None:
    world = at_review()
    submit = world.value("Tôi cam đoan và nộp hồ sơ")
    world.says(Pressed(submit))
    assert [type(e) for e in world.effects] == [SubmitDossier]
    assert world.says(Pressed(submit)) == ("review.already",)
    assert world.effects == []
    assert world.labels == ["Xem hồ sơ", "Về đầu"]
    assert len(world.dossiers) == 1


def test_a_discarded_draft_is_not_handed_in() -> None:
    world = at_review()
    submit = world.value("Tôi cam đoan và nộp hồ sơ")
    world.says("hủy")
    world.says("[Xóa hồ sơ này]")
    assert world.says(Pressed(submit)) == ("review.already-unknown",)


def test_what_is_missing_is_asked_first() -> None:
    world = at_review()
    draft = world.state.draft
    assert draft is not None
    world.stored[draft.id] = replace(draft, answers={}, marks={})
    assert world.says(Pressed(f"submit:{draft.id}")) == ("review.missing", "apply.question-card")
    assert world.effects == []


def test_a_draft_that_was_not_open_is_shown_once_more() -> None:
    world = at_review()
    submit = world.value("Tôi cam đoan và nộp hồ sơ")
    world.state = replace(world.state, talk=Talk("menu"), draft=None)
    assert world.says(Pressed(submit)) == ("review.look-again", "review.page", "review.pledge")
    world.says(Pressed(submit))
    assert [type(e) for e in world.effects] == [SubmitDossier]


def test_changing_one_answer() -> None:
    world = at_review()
    assert world.says("[Sửa câu trả lời]") == ("review.which-group",)
    assert world.says("[Người yêu cầu]") == ("review.which-answer",)
    world.says(Pressed(next(b.value for b in world.buttons if "Nguyễn Thị Hoa" in b.label)))
    assert world.keys == ("apply.question-change",)
    assert world.says("Trần Thị Na") == ("apply.noted", "review.page", "review.pledge")
    assert "Trần Thị Na" in world.text


def test_changing_one_paper() -> None:
    world = at_review()
    assert world.says("[Sửa giấy tờ]") == ("review.which-paper",)
    world.says(Pressed(next(b.value for b in world.buttons if "giay-to-tuy-than" in b.value)))
    assert world.keys == ("papers.full-ask",)
    assert world.says("[Bỏ ảnh cuối]") == ("papers.removed", "papers.more-needed")
    assert world.photo() == ("papers.kept", "review.page", "review.pledge")


def test_a_paper_passed_over_is_given_after_all() -> None:
    world = at_review()
    world.says("[Sửa giấy tờ]")
    world.says(Pressed(next(b.value for b in world.buttons if "to-khai" in b.value)))
    assert world.keys == ("papers.give-form",)
    assert world.photo() == ("papers.more",)
    assert world.says("[Xong]") == ("review.page", "review.pledge")


def test_back_from_the_lists() -> None:
    world = at_review()
    world.says("[Sửa giấy tờ]")
    assert world.says("quay lại") == ("review.page", "review.pledge")
    world.says("[Sửa câu trả lời]")
    assert world.says("[Quay lại xem hồ sơ]") == ("review.page", "review.pledge")


def test_words_and_photos_at_the_review() -> None:
    world = at_review()
    assert world.says("nộp thế nào")[0] == "review.choose"
    assert world.photo()[0] == "papers.all-there"


def test_later() -> None:
    world = at_review()
    assert world.says("[Để sau]") == ("apply.kept", "menu.ask-draft")
    assert world.says("[Tiếp tục hồ sơ]") == ("apply.resumed", "review.page", "review.pledge")


def test_what_has_ended_meanwhile_is_not_handed_in_but_kept() -> None:
    world = at_review()
    submit = world.value("Tôi cam đoan và nộp hồ sơ")
    assert world.state.draft is not None
    until(world, world.state.draft.procedure, TODAY - timedelta(days=1))
    assert "review.not-in-force" in world.says(Pressed(submit))
    assert (world.effects, len(world.dossiers), len(world.stored)) == ([], 0, 1)
