"""Photos and PDFs for papers, in whatever order they arrive."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations.effects import CheckDocument
from conversations.messages import UNKNOWN_SIZE, UNKNOWN_TYPE, DocumentChecked, Pressed
from conversations.state import Document
from tests.conversations.world import World

BOOK = "ban-sao-trich-luc-ho-tich"


def at_papers() -> World:
    """At the first paper of a copy from the civil register: a form that may be passed over."""
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed(f"start:{BOOK}"))
    world.says("[Cho tôi]")
    world.says("Nguyễn Thị Hoa")
    assert world.says("0984721482") == ("apply.noted", "papers.give-form")
    return world


def sent(world: World, paper: str) -> int:
    assert world.state.draft is not None
    return sum(d.paper == paper for d in world.state.draft.documents)


def test_counted_and_finished() -> None:
    world = at_papers()
    assert world.photo() == ("papers.more",)
    assert isinstance(world.effects[0], CheckDocument)
    assert world.labels == ["Xong", "Chụp lại"]
    assert world.photo() == ("papers.more",)
    assert world.text.startswith("Đã nhận 2 ảnh")
    assert world.says("[Xong]") == ("papers.give-held",)
    assert sent(world, "to-khai") == 2


def test_a_card_has_two_sides_and_then_is_done() -> None:
    world = at_papers()
    world.says("[Bỏ qua]")
    assert world.photo() == ("papers.more-needed",)
    assert "mặt sau" in world.text
    assert world.photo()[0] == "papers.kept"
    assert sent(world, "giay-to-tuy-than") == 2


def test_one_pdf_may_hold_every_page() -> None:
    world = at_papers()
    world.says("[Bỏ qua]")
    assert world.photo(media_type="application/pdf") == ("papers.more",)
    assert world.says("[Xong]")[-1] == "papers.give-optional"


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
    assert world.says("[Chụp lại]") == ("papers.removed", "papers.give-form")
    assert sent(world, "to-khai") == 0


def test_late_photos_of_an_album_stay_with_their_paper() -> None:
    world = at_papers()
    world.photo(album="a")
    world.says("[Xong]")
    assert world.photo(album="a") == ("papers.kept", "papers.give-held")
    assert sent(world, "to-khai") == 2
    assert world.photo(album="b") == ("papers.more-needed",)
    assert sent(world, "giay-to-tuy-than") == 1
    world.says("menu")
    assert world.photo(album="b") == ("papers.kept", "menu.ask-draft")
    assert sent(world, "giay-to-tuy-than") == 2


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
    assert world.photo() == ("papers.kept", "papers.give-held")
    assert world.photo(album="x") == ("papers.more-needed",)
    draft = world.state.draft
    assert draft is not None
    more = tuple(Document(f"more{n}", "van-ban-co-quan", "ref", "image/png", 1) for n in range(49))
    world.state = replace(world.state, draft=replace(draft, documents=(*draft.documents, *more)))
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
    assert at_papers().photo(media_type=media_type) == (key, "papers.give-form")


def test_an_empty_file() -> None:
    assert at_papers().photo(size=0) == ("misfit.empty-file", "papers.give-form")


def test_words_where_a_photo_is_awaited() -> None:
    world = at_papers()
    assert world.says("tôi chụp ở đâu") == ("papers.photo-awaited-skip",)
    assert world.says("không có") == ("papers.skipped", "papers.give-held")


def test_a_needed_paper_is_not_passed_over() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:giay-khen-gia-dinh"))
    for said in ("Thôn 3", "Nguyễn Thị Hoa, trưởng thôn", "0984721482", "Lê Văn Ba"):
        world.says(said)
    assert world.keys[-1] == "papers.give"
    assert "Bỏ qua" not in world.labels
    assert world.says("không có") == ("papers.needed",)
    draft = world.state.draft
    assert draft is not None
    assert world.says(Pressed(f"skip:van-ban-de-nghi:{draft.id[:6]}")) == ("papers.needed",)
    assert world.says(Pressed(f"done:van-ban-de-nghi:{draft.id[:6]}")) == ("papers.not-enough", "papers.give")


def test_an_old_button_of_a_finished_paper() -> None:
    world = at_papers()
    world.photo()
    old = world.value("Xong")
    world.says("[Xong]")
    assert world.says(Pressed(old)) == ("papers.done-already", "papers.give-held")


def test_a_good_document_is_noted_silently() -> None:
    world = at_papers()
    world.photo()
    draft = world.state.draft
    assert draft is not None
    assert world.says(DocumentChecked(draft.documents[0].id, "ok")) == ()
    assert world.state.draft is not None
    assert [d.verdict for d in world.state.draft.documents] == ["ok"]


@pytest.mark.parametrize(
    "verdict", ["empty", "corrupt", "encrypted", "too-large", "too-many-pages", "unsupported", "lost"]
)
def test_a_bad_document_is_asked_for_again(verdict: str) -> None:
    world = at_papers()
    world.photo()
    world.says("[Xong]")
    draft = world.state.draft
    assert draft is not None
    assert world.says(DocumentChecked(draft.documents[0].id, verdict)) == (f"papers.bad-{verdict}", "papers.give-form")
    assert sent(world, "to-khai") == 0


def test_a_bad_document_while_elsewhere_keeps_the_place() -> None:
    world = at_papers()
    world.photo()
    draft = world.state.draft
    assert draft is not None
    world.says("menu")
    assert world.says(DocumentChecked(draft.documents[0].id, "corrupt")) == ("papers.bad-corrupt",)
    assert world.labels == ["Tiếp tục hồ sơ"]
    assert world.says("[Tiếp tục hồ sơ]")[-1] == "papers.give-form"


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
