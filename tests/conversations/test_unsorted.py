"""Photos that come before they are asked for: kept, put with a paper later, and never dropped in silence."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations import drafts
from conversations.effects import CheckDocument, SendSupplement, SubmitDossier
from conversations.messages import DocumentChecked, Finding, Pressed
from conversations.state import Document, Draft, Want
from tests.conversations.desk_world import question
from tests.conversations.small import ID_CARD, LONG, PORTRAIT, draft_of, with_papers
from tests.conversations.world import World

PHONE = question("contact_phone", "Số điện thoại", "phone", "Liên hệ")
PLACE = question("place", "Nơi ở", "text", "Liên hệ")


def at_questions(*papers: dict[str, object]) -> World:
    world = with_papers(*(papers or (LONG, ID_CARD, PORTRAIT)), questions=(PLACE, PHONE))
    world.says("menu")
    assert world.says("[Tiếp tục hồ sơ]")[-1] == "apply.question"
    return world


def at_papers(photos: int = 2, *papers: dict[str, object]) -> World:
    world = at_questions(*papers)
    for _ in range(photos):
        world.photo()
    world.says("Thôn 3")
    assert world.says("0984721482")[-1] == "papers.give"
    world.says("menu")
    world.says("[Tiếp tục hồ sơ]")
    return world


def at_review(photos: int = 1) -> World:
    """With one more photo than there are papers for."""
    world = at_papers(photos + 1, PORTRAIT)
    world.says("[Dùng 1 ảnh đã gửi]")
    assert world.keys[-1] == "review.pledge"
    return world


def papers(world: World) -> list[str]:
    return [d.paper for d in draft_of(world).documents]


def test_kept_while_a_question_is_asked() -> None:
    world = at_questions()
    assert world.photo() == ("papers.kept-photo", "apply.question")
    assert [type(e) for e in world.effects] == [CheckDocument]
    assert world.photo(media_type="application/pdf") == ("papers.kept-file", "apply.question")
    assert papers(world) == ["", ""]
    assert world.says("Thôn 3") == ("apply.noted", "apply.question")
    assert papers(world) == ["", ""]


def test_not_before_the_person_has_agreed() -> None:
    world = World()
    world.says(Pressed("start:khai-tu"))
    assert world.photo(album="a") == ("papers.agree-first", "apply.for-whom-grief")
    assert world.photo(album="a") == ()
    world.says("[Tôi đứng ra làm]")
    assert world.photo() == ("papers.agree-first", "apply.consent-handle")
    assert papers(world) == []
    world.says("[Đồng ý]")
    assert world.photo(album="a") == ("papers.kept-photo", "apply.consent-notify")
    assert papers(world) == [""]


def test_an_album_is_spoken_of_once() -> None:
    world = at_questions()
    assert world.photo(album="a") == ("papers.kept-photo", "apply.question")
    assert world.photo(album="a") == ()
    assert [type(e) for e in world.effects] == [CheckDocument]
    world.says("menu")
    assert world.photo(album="a") == ()
    assert papers(world) == ["", "", ""]


def test_the_rest_of_an_album_comes_while_a_paper_is_asked() -> None:
    world = at_questions()
    world.photo(album="a")
    world.says("Thôn 3")
    world.says("0984721482")
    assert "Dùng 1 ảnh đã gửi" in world.labels
    assert world.photo(album="a") == ("papers.give",)
    assert world.labels[0] == "Dùng 2 ảnh đã gửi"
    assert world.says("[Dùng 2 ảnh đã gửi]") == ("papers.more",)
    assert world.photo(album="a") == ("papers.more",)
    assert papers(world) == ["trich-luc"] * 3


def test_all_are_used_for_the_paper_that_is_asked() -> None:
    world = at_papers()
    assert world.labels == ["Dùng 2 ảnh đã gửi", "Quay lại"]
    used = world.value("Dùng 2 ảnh đã gửi")
    assert used.startswith("use:trich-luc:")
    assert world.says("dùng 2 ảnh đã gửi") == ("papers.more",)
    assert papers(world) == ["trich-luc", "trich-luc"]
    assert world.says(Pressed(used)) == ("common.old-button", "papers.more")
    assert world.says("[Xong]") == ("papers.give",)
    assert world.says(Pressed(used)) == ("papers.done-already", "papers.give")


def test_no_more_than_a_paper_takes() -> None:
    world = at_papers(3, ID_CARD, PORTRAIT)
    assert world.says("[Dùng 2 ảnh đã gửi]") == ("papers.kept", "papers.give")
    assert world.last[0].text == "Đã nhận đủ 2 ảnh, ảnh rõ: Căn cước."
    assert papers(world) == ["", "can-cuoc", "can-cuoc"]
    assert "Dùng 1 ảnh đã gửi" in world.labels


def test_what_was_sent_and_what_was_kept_come_together() -> None:
    world = at_papers(1, ID_CARD)
    assert world.photo() == ("papers.more-needed",)
    assert world.labels[:2] == ["Dùng 1 ảnh đã gửi", "Chụp lại"]
    assert world.says("[Dùng 1 ảnh đã gửi]")[0] == "papers.kept"


def test_one_that_nobody_has_looked_at_yet_closes_nothing() -> None:
    world = at_questions(ID_CARD)
    world.photo()
    world.photo(finding=None)
    late = draft_of(world).documents[1].id
    world.says("Thôn 3")
    world.says("0984721482")
    assert world.says("[Dùng 2 ảnh đã gửi]") == ("papers.looking",)
    assert world.seen(late) == ("papers.kept", "review.page", "review.pledge")


def test_a_poor_one_is_said_at_once_and_used_all_the_same() -> None:
    world = at_questions()
    keys = world.photo(finding=Finding(problems=("dark",)))
    assert keys == ("papers.kept-photo", "apply.question", "papers.poor-dark", "apply.question")
    assert "Ảnh bạn gửi trước:\nẢnh tối quá" in world.text
    assert world.says("[Vẫn dùng ảnh này]") == ("papers.used", "apply.question")
    world.says("Thôn 3")
    world.says("0984721482")
    assert "Dùng 1 ảnh đã gửi" in world.labels


@pytest.mark.parametrize(
    ("verdict", "why"), [("corrupt", "bị hỏng"), ("encrypted", "có mật khẩu"), ("lost", "gửi lại")]
)
def test_a_bad_one_is_taken_out(verdict: str, why: str) -> None:
    world = at_questions()
    world.photo()
    assert world.state.draft is not None
    bad = DocumentChecked(world.state.draft.documents[0].id, verdict)
    assert world.says(bad) == ("papers.bad-unsorted", "apply.question")
    assert why in world.text
    assert papers(world) == []


def test_other_files_are_refused_as_ever() -> None:
    world = at_questions()
    assert world.photo(media_type="text/plain") == ("papers.wrong-type", "apply.question")
    assert world.photo(size=0) == ("misfit.empty-file", "apply.question")
    draft = draft_of(world)
    many = tuple(Document(f"d{n}", "", "ref", "image/png", 1) for n in range(drafts.MOST_DOCUMENTS))
    world.stored[draft.id] = replace(draft, documents=many)
    assert world.photo() == ("papers.too-many", "apply.question")


def test_what_is_left_over_is_named_and_put_with_a_paper() -> None:
    world = at_review()
    assert "- 1 ảnh chưa xếp vào giấy nào" in world.text
    assert world.says("[Sửa giấy tờ]") == ("review.which-paper-unsorted",)
    world.says("[Ảnh thẻ]")
    assert "papers.full-ask" in world.keys
    assert world.says("[Chụp lại]") == ("papers.removed", "papers.give")
    assert world.says("[Dùng 1 ảnh đã gửi]") == ("papers.kept", "review.page", "review.pledge")
    assert "chưa xếp" not in world.text


def test_what_is_left_over_is_thrown_away_by_hand() -> None:
    world = at_review()
    world.says("[Sửa giấy tờ]")
    old = world.value("Bỏ 1 ảnh chưa xếp")
    assert world.says("[Bỏ 1 ảnh chưa xếp]") == ("papers.removed", "review.page", "review.pledge")
    assert papers(world) == ["anh-the"]
    assert world.says(Pressed(old))[0] == "common.old-button"


def test_handing_in_leaves_nothing_without_a_paper() -> None:
    world = at_review()
    draft = world.state.draft
    assert draft is not None
    world.says(Pressed(f"submit:{draft.id}"))
    assert world.effects == [SubmitDossier(draft.id)]
    assert world.keys[-1] == "menu.ask"
    assert world.state.draft is None
    assert world.state.talk.draft == ""


def test_the_draft_is_saved_without_it_before_it_is_closed() -> None:
    """The files of documents that are gone from a saved draft are deleted; a closed one is looked at no more."""
    world = at_review()
    draft = world.state.draft
    assert draft is not None
    saved: list[Draft] = []

    class Watched(dict[str, Draft]):
        def __setitem__(self, key: str, value: Draft) -> None:
            saved.append(value)
            super().__setitem__(key, value)

    world.stored = Watched(world.stored)
    world.says(Pressed(f"submit:{draft.id}"))
    assert [[d.paper for d in draft.documents] for draft in saved] == [["anh-the"]]


def test_a_request_for_more() -> None:
    world = at_questions()
    draft = draft_of(world)
    dossier = replace(world.view(draft, status="incomplete"), id="d" * 16)
    wants = (Want("contact_phone", "sai số"), Want("trich-luc", "mờ"))
    world.dossiers = [dossier]
    world.stored = {"s" * 16: replace(draft, id="s" * 16, dossier=dossier.id, wants=wants)}
    assert world.says(Pressed(f"resume:{'s' * 16}"))[-1] == "apply.question-wanted"
    assert world.photo()[0] == "papers.kept-photo"
    assert world.photo(media_type="application/pdf")[0] == "papers.kept-file"
    assert world.says("0984721482")[-1] == "papers.give-wanted"
    world.says("[Dùng 1 ảnh và 1 tệp PDF đã gửi]")
    world.says("[Xong]")
    world.says(Pressed(f"send:{'s' * 16}"))
    assert world.effects == [SendSupplement("s" * 16)]


def test_a_new_catalogue_takes_none_away() -> None:
    world = at_papers()
    assert world.state.draft is not None
    world.state = replace(world.state, draft=replace(world.state.draft, version="older"))
    assert world.says("menu") == ("menu.ask-draft",)
    assert papers(world) == ["", ""]
