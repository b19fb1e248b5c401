"""Photos that come before they are asked for: kept, put with a paper later, and never dropped in silence."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations import drafts
from conversations.effects import CheckDocument, SendSupplement, SubmitDossier
from conversations.messages import DocumentChecked, Pressed
from conversations.state import Document, Draft, Want
from tests.conversations.world import World

BOOK = "ban-sao-trich-luc-ho-tich"
CONSENTED = ("handle", "no-notify")


def at_questions() -> World:
    world = World(consents=CONSENTED)
    world.says(Pressed(f"start:{BOOK}"))
    assert world.says("[Cho tôi]") == ("apply.question-type",)
    return world


def at_papers(photos: int = 2) -> World:
    world = at_questions()
    for _ in range(photos):
        world.photo()
    world.says("Nguyễn Thị Hoa")
    assert world.says("0984721482")[-1] == "papers.give-form"
    return world


def at_review(photos: int = 1) -> World:
    world = at_papers(photos)
    while world.keys[-1] != "review.pledge":
        world.says("[Bỏ qua]")
    return world


def papers(world: World) -> list[str]:
    assert world.state.draft is not None
    return [d.paper for d in world.state.draft.documents]


def test_kept_while_a_question_is_asked() -> None:
    world = at_questions()
    assert world.photo() == ("papers.kept-photo", "apply.question-type")
    assert [type(e) for e in world.effects] == [CheckDocument]
    assert world.photo(media_type="application/pdf") == ("papers.kept-file", "apply.question-type")
    assert papers(world) == ["", ""]
    assert world.says("Nguyễn Thị Hoa") == ("apply.noted", "apply.question-type")
    assert papers(world) == ["", ""]


def test_not_before_the_person_has_agreed() -> None:
    world = World()
    world.says(Pressed(f"start:{BOOK}"))
    assert world.photo(album="a") == ("papers.agree-first", "apply.for-whom-self")
    assert world.photo(album="a") == ()
    world.says("[Cho tôi]")
    assert world.photo() == ("papers.agree-first", "apply.consent-handle")
    assert papers(world) == []
    world.says("[Đồng ý]")
    assert world.photo(album="a") == ("papers.kept-photo", "apply.consent-notify")
    assert papers(world) == [""]


def test_an_album_is_spoken_of_once() -> None:
    world = at_questions()
    assert world.photo(album="a") == ("papers.kept-photo", "apply.question-type")
    assert world.photo(album="a") == ()
    assert [type(e) for e in world.effects] == [CheckDocument]
    world.says("menu")
    assert world.photo(album="a") == ()
    assert papers(world) == ["", "", ""]


def test_the_rest_of_an_album_comes_while_a_paper_is_asked() -> None:
    world = at_questions()
    world.photo(album="a")
    world.says("Nguyễn Thị Hoa")
    world.says("0984721482")
    assert world.labels[0] == "Dùng 1 ảnh đã gửi"
    assert world.photo(album="a") == ("papers.give-form",)
    assert world.labels[0] == "Dùng 2 ảnh đã gửi"
    assert world.says("[Dùng 2 ảnh đã gửi]") == ("papers.more",)
    assert world.photo(album="a") == ("papers.more",)
    assert papers(world) == ["to-khai"] * 3


def test_all_are_used_for_the_paper_that_is_asked() -> None:
    world = at_papers()
    assert world.labels == ["Dùng 2 ảnh đã gửi", "Bỏ qua", "Quay lại"]
    used = world.value("Dùng 2 ảnh đã gửi")
    assert used.startswith("use:to-khai:")
    assert world.says("dùng 2 ảnh đã gửi") == ("papers.more",)
    assert papers(world) == ["to-khai", "to-khai"]
    assert world.says(Pressed(used)) == ("common.old-button", "papers.more")
    assert world.says("[Xong]") == ("papers.give-held",)
    assert world.says(Pressed(used)) == ("papers.done-already", "papers.give-held")


def test_no_more_than_a_paper_takes() -> None:
    world = at_papers(photos=3)
    world.says("[Bỏ qua]")
    assert world.says("[Dùng 2 ảnh đã gửi]") == ("papers.kept", "papers.give-optional")
    assert papers(world) == ["", "giay-to-tuy-than", "giay-to-tuy-than"]
    assert "Dùng 1 ảnh đã gửi" in world.labels


def test_what_was_sent_and_what_was_kept_come_together() -> None:
    world = at_papers(photos=1)
    world.says("[Bỏ qua]")
    assert world.photo() == ("papers.more-needed",)
    assert world.labels[:2] == ["Dùng 1 ảnh đã gửi", "Chụp lại"]
    assert world.says("[Dùng 1 ảnh đã gửi]")[0] == "papers.kept"


@pytest.mark.parametrize("verdict", ["corrupt", "encrypted"])
def test_a_bad_one_is_taken_out(verdict: str) -> None:
    world = at_questions()
    world.photo()
    assert world.state.draft is not None
    bad = DocumentChecked(world.state.draft.documents[0].id, verdict)
    assert world.says(bad) == ("papers.bad-unsorted", "apply.question-type")
    assert papers(world) == []


def test_other_files_are_refused_as_ever() -> None:
    world = at_questions()
    assert world.photo(media_type="text/plain") == ("papers.wrong-type", "apply.question-type")
    assert world.photo(size=0) == ("misfit.empty-file", "apply.question-type")
    assert world.state.draft is not None
    many = tuple(Document(f"d{n}", "", "ref", "image/png", 1) for n in range(drafts.MOST_DOCUMENTS))
    world.state = replace(world.state, draft=replace(world.state.draft, documents=many))
    assert world.photo() == ("papers.too-many", "apply.question-type")


def test_what_is_left_over_is_named_and_put_with_a_paper() -> None:
    world = at_review()
    assert "- 1 ảnh chưa xếp vào giấy nào" in world.text
    assert world.says("[Sửa giấy tờ]") == ("review.which-paper-unsorted",)
    world.says(Pressed(next(b.value for b in world.buttons if "to-khai" in b.value)))
    assert world.says("[Dùng 1 ảnh đã gửi]") == ("papers.more",)
    assert world.says("[Xong]") == ("review.page", "review.pledge")
    assert "chưa xếp" not in world.text


def test_what_is_left_over_is_thrown_away_by_hand() -> None:
    world = at_review()
    world.says("[Sửa giấy tờ]")
    old = world.value("Bỏ 1 ảnh chưa xếp")
    assert world.says("[Bỏ 1 ảnh chưa xếp]") == ("papers.removed", "review.page", "review.pledge")
    assert papers(world) == []
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
    assert [d.documents for d in saved] == [()]


def test_a_request_for_more() -> None:
    world = World()
    draft = Draft("s" * 16, BOOK, world.catalogue.hashes[BOOK], dossier="d" * 16)
    dossier = replace(world.view(draft, status="incomplete"), id="d" * 16)
    wants = (Want("requester_phone", "sai số"), Want("to-khai", "mờ"))
    world.dossiers = [dossier]
    world.stored[draft.id] = replace(draft, wants=wants)
    assert world.says(Pressed(f"resume:{draft.id}"))[-1] == "apply.question-wanted"
    assert world.photo()[0] == "papers.kept-photo"
    assert world.photo(media_type="application/pdf")[0] == "papers.kept-file"
    assert world.says("0984721482")[-1] == "papers.give-wanted"
    world.says("[Dùng 1 ảnh và 1 tệp PDF đã gửi]")
    world.says("[Xong]")
    world.says(Pressed(f"send:{draft.id}"))
    assert world.effects == [SendSupplement(draft.id)]


def test_a_new_catalogue_takes_none_away() -> None:
    world = at_papers()
    assert world.state.draft is not None
    world.state = replace(world.state, draft=replace(world.state.draft, version="older"))
    assert world.says("menu") == ("menu.ask-draft",)
    assert papers(world) == ["", ""]
