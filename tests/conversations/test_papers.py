"""Photos and PDFs for papers, in whatever order they arrive."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations.effects import CheckDocument
from conversations.messages import UNKNOWN_SIZE, UNKNOWN_TYPE, DocumentChecked, Pressed
from conversations.state import Document
from tests.conversations.small import ID_CARD, LONG, SOME, draft_of, with_papers
from tests.conversations.world import World


def at_papers() -> World:
    """At the first paper, one of up to ten pages; an ID card comes next, then one that not everybody has."""
    world = with_papers(LONG, ID_CARD, SOME)
    assert world.says("alo") == ("common.greeting-draft", "papers.give")
    return world


def at_some() -> World:
    """At a paper that may be passed over."""
    world = with_papers(SOME)
    world.says("menu")
    world.says("[Tiếp tục hồ sơ]")
    assert world.says("[Giấy ủy quyền]") == ("papers.give-optional",)
    return world


def sent(world: World, paper: str) -> int:
    return sum(d.paper == paper for d in draft_of(world).documents)


def test_counted_and_finished() -> None:
    world = at_papers()
    assert world.photo() == ("papers.more",)
    assert isinstance(world.effects[0], CheckDocument)
    assert world.labels == ["Xong", "Chụp lại"]
    assert world.photo() == ("papers.more",)
    assert world.text.startswith("Đã nhận 2 ảnh, ảnh rõ: Trích lục.")
    assert world.says("[Xong]") == ("papers.give",)
    assert sent(world, "trich-luc") == 2


def test_a_card_has_two_sides_and_then_is_done() -> None:
    world = with_papers(ID_CARD)
    assert world.photo() == ("papers.more-needed",)
    assert "mặt sau" in world.text
    assert world.photo()[0] == "papers.kept"
    assert sent(world, "can-cuoc") == 2


def test_one_pdf_may_hold_every_page() -> None:
    world = with_papers(ID_CARD)
    assert world.photo(media_type="application/pdf") == ("papers.more",)
    assert world.says("[Xong]")[-1] == "review.pledge"


def test_a_pdf_is_not_called_a_photo() -> None:
    world = at_papers()
    assert world.photo(media_type="application/pdf") == ("papers.more",)
    assert world.text.startswith("Đã nhận 1 tệp PDF: ")
    assert world.labels == ["Xong", "Gửi lại"]
    world.photo()
    assert world.text.startswith("Đã nhận 1 ảnh và 1 tệp PDF: ")
    world.photo(media_type="application/pdf")
    assert world.says("[Bỏ tệp cuối]") == ("papers.removed", "papers.more")
    assert "Đã bỏ 1 tệp PDF." in world.text


def test_taking_photos_again() -> None:
    world = at_papers()
    world.photo()
    world.photo()
    assert world.labels == ["Xong", "Bỏ ảnh cuối", "Chụp lại từ đầu"]
    assert world.says("[Bỏ ảnh cuối]") == ("papers.removed", "papers.more")
    assert world.says("[Chụp lại]") == ("papers.removed", "papers.give")
    assert sent(world, "trich-luc") == 0


def test_late_photos_of_an_album_stay_with_their_paper() -> None:
    world = at_papers()
    world.photo(album="a")
    world.says("[Xong]")
    assert world.photo(album="a") == ()
    assert sent(world, "trich-luc") == 2
    assert world.photo(album="b") == ("papers.more-needed",)
    assert sent(world, "can-cuoc") == 1
    world.says("menu")
    assert world.photo(album="b") == ()
    assert world.state.talk.screen == "menu"
    assert sent(world, "can-cuoc") == 2


def test_a_photo_while_elsewhere() -> None:
    world = at_papers()
    world.says("menu")
    assert world.photo() == ("misfit.file-nowhere-draft", "menu.ask-draft")


def test_an_album_out_of_place_is_answered_once() -> None:
    world = World()
    assert world.photo(album="a") == ("misfit.file-nowhere", "menu.ask")
    assert world.photo(album="a") == ()
    assert world.photo() == ("misfit.file-nowhere", "menu.ask")


def test_too_many() -> None:
    world = at_papers()
    for _ in range(9):
        world.photo()
    assert world.photo() == ("papers.kept", "papers.give")
    assert world.photo(album="x") == ("papers.more-needed",)
    draft = draft_of(world)
    more = tuple(Document(f"more{n}", "uy-quyen", "ref", "image/png", 1) for n in range(49))
    world.stored[draft.id] = replace(draft, documents=(*draft.documents, *more))
    assert world.photo() == ("papers.too-many", "papers.more-needed")


@pytest.mark.parametrize(
    ("media_type", "key"),
    [
        ("text/plain", "papers.wrong-type"),
        ("audio/ogg", "misfit.voice"),
        ("video/mp4", "misfit.video"),
        ("image/gif", "papers.wrong-type"),
    ],
)
def test_other_files(media_type: str, key: str) -> None:
    assert at_papers().photo(media_type=media_type) == (key, "papers.give")


def test_an_empty_file() -> None:
    assert at_papers().photo(size=0) == ("misfit.empty-file", "papers.give")


def test_words_where_a_photo_is_awaited() -> None:
    world = at_some()
    assert world.says("tôi chụp ở đâu") == ("papers.photo-awaited-skip",)
    assert world.says("không có") == ("papers.skipped", "review.page", "review.pledge")


def test_words_while_a_photo_is_looked_at() -> None:
    world = with_papers(ID_CARD)
    world.photo(finding=None)
    assert world.says("sao lâu vậy") == ("papers.looking",)


def test_a_needed_paper_is_not_passed_over() -> None:
    world = at_papers()
    assert "Bỏ qua" not in world.labels
    assert world.says("không có") == ("papers.needed",)
    tag = draft_of(world).id[:6]
    assert world.says(Pressed(f"skip:trich-luc:{tag}")) == ("papers.needed",)
    assert world.says(Pressed(f"done:trich-luc:{tag}")) == ("papers.not-enough", "papers.give")


def test_an_old_button_of_a_finished_paper() -> None:
    world = at_papers()
    world.photo()
    old = world.value("Xong")
    world.says("[Xong]")
    assert world.says(Pressed(old)) == ("papers.done-already", "papers.give")


@pytest.mark.parametrize(
    "verdict", ["empty", "corrupt", "encrypted", "too-large", "too-many-pages", "unsupported", "lost"]
)
def test_a_bad_document_is_asked_for_again(verdict: str) -> None:
    world = at_papers()
    world.photo()
    world.says("[Xong]")
    draft = world.state.draft
    assert draft is not None
    assert world.says(DocumentChecked(draft.documents[0].id, verdict)) == (f"papers.bad-{verdict}", "papers.give")
    assert sent(world, "trich-luc") == 0


def test_a_bad_document_while_elsewhere_keeps_the_place() -> None:
    world = at_papers()
    world.photo()
    draft = world.state.draft
    assert draft is not None
    world.says("menu")
    assert world.says(DocumentChecked(draft.documents[0].id, "corrupt")) == ("papers.bad-corrupt",)
    assert world.labels == ["Tiếp tục hồ sơ"]
    assert world.says("[Tiếp tục hồ sơ]")[-1] == "papers.give"


def test_a_document_of_a_dossier_is_not_ours_to_judge() -> None:
    assert World().says(DocumentChecked("unknown", "corrupt")) == ()


def test_a_file_of_a_kind_and_size_that_nobody_told_is_taken_until_it_is_looked_at() -> None:
    world = at_papers()
    assert world.photo(media_type=UNKNOWN_TYPE, size=UNKNOWN_SIZE) == ("papers.more",)


@pytest.mark.parametrize(("verdict", "said"), [("lost", "misfit.lost"), ("too-large", "misfit.too-large")])
def test_a_file_that_is_no_document_and_never_came(verdict: str, said: str) -> None:
    world = at_papers()
    assert world.says(DocumentChecked("", verdict)) == (said,)
    world.call_open = True
    assert world.says(DocumentChecked("", verdict)) == (said,)
