"""Papers that not everybody has wait together behind one question, after the needed ones."""

from __future__ import annotations

from msgspec.structs import replace

from conversations.messages import Finding, Pressed
from tests.conversations.small import BIRTH, CARD, FORM, HELD, PORTRAIT, SOME, asking, draft_of, sent, with_papers
from tests.conversations.world import World


def at_choice() -> World:
    world = with_papers(SOME, HELD, FORM, PORTRAIT)
    assert world.photo() == ("papers.kept", "papers.choose-more")
    return world


def test_needed_ones_come_first() -> None:
    world = with_papers(SOME, HELD, PORTRAIT, BIRTH)
    world.says("menu")
    assert world.says("[Tiếp tục hồ sơ]")[-1] == "papers.give"
    assert "Giấy 1/2: Ảnh thẻ." in world.text
    world.photo()
    assert "Giấy 2/2: Giấy chứng sinh." in world.text


def test_the_others_are_listed_with_why() -> None:
    world = at_choice()
    assert world.last[-1].text == (
        "Còn các giấy này, có thì gửi thêm:\n"
        "- Giấy ủy quyền (khi nhờ người khác làm thay)\n"
        "- Giấy tờ cư trú (xã tra được thì không cần)\n"
        "Có giấy nào thì bấm vào giấy đó. Không có thì bấm «Không có giấy nào nữa»."
    )
    assert world.labels == ["Không có giấy nào nữa", "Giấy ủy quyền", "Giấy tờ cư trú", "Quay lại"]


def test_a_needed_one_that_may_be_on_record_is_asked_for_by_itself() -> None:
    world = with_papers(SOME, {**HELD, "required": True}, PORTRAIT)
    assert world.photo() == ("papers.kept", "papers.give-held")
    assert world.text.splitlines()[-3:-1] == [
        "Giấy 2/2: Giấy tờ cư trú.",
        "Xã tra được trên hệ thống thì không cần. Có thì gửi luôn, không thì bấm «Bỏ qua».",
    ]
    assert world.says("[Bỏ qua]") == ("papers.skipped", "papers.choose-more")
    assert world.labels == ["Không có giấy nào nữa", "Giấy ủy quyền", "Quay lại"]


def test_an_id_card_that_was_read_is_not_offered_again() -> None:
    card = {**HELD, "key": "tuy-than", "name": "Căn cước", "kind": "photo-id", "required": True, "min_photos": 2}
    world = asking("requester_name", papers=(SOME, card))
    world.photo(finding=Finding(card=CARD, side="front"))
    world.says("[Dùng các thông tin này]")
    assert world.labels == ["Không có giấy nào nữa", "Giấy ủy quyền", "Quay lại"]


def test_none_of_them() -> None:
    for said in ("[Không có giấy nào nữa]", "không có", "hết rồi ạ", "không có giấy nào nữa"):
        world = at_choice()
        assert world.says(said) == ("review.page", "review.pledge")
        assert draft_of(world).skipped == ("uy-quyen", "cu-tru")
        assert "- Tờ khai: đã điền tại đây" in world.text


def test_other_words_keep_the_place() -> None:
    assert at_choice().says("giấy gì vậy") == ("papers.choose-words", "papers.choose-more")


def test_one_of_them_then_the_rest() -> None:
    world = at_choice()
    assert world.says("[Giấy ủy quyền]") == ("papers.give-optional",)
    assert world.labels == ["Bỏ qua", "Quay lại"]
    assert world.says("[Quay lại]") == ("papers.choose-more",)
    world.says("giấy ủy quyền")
    assert world.photo() == ("papers.more",)
    assert world.says("[Xong]") == ("papers.choose-more",)
    assert [b.label for b in world.buttons][1:] == ["Giấy tờ cư trú", "Quay lại"]


def test_one_that_turns_out_not_to_be_there() -> None:
    world = at_choice()
    world.says("[Giấy tờ cư trú]")
    assert world.says("không có") == ("papers.skipped", "papers.choose-more")
    assert draft_of(world).skipped == ("cu-tru",)


def test_a_begun_one_is_asked_for_on_another_day() -> None:
    world = at_choice()
    world.says("[Giấy ủy quyền]")
    world.photo(finding=Finding(problems=("dark",)))
    world.says("menu")
    assert world.says("[Tiếp tục hồ sơ]")[-1] == "papers.poor-left"
    assert world.labels == ["Vẫn dùng ảnh này", "Bỏ qua", "Gặp cán bộ"]


def test_a_photo_sent_right_there_is_asked_about() -> None:
    world = at_choice()
    assert world.photo() == ("papers.which-is-it",)
    papers = ["Giấy ủy quyền", "Giấy tờ cư trú", "Tờ khai"]
    assert world.labels == [*papers, "Không có giấy nào nữa", "Bỏ 1 ảnh chưa xếp", "Quay lại"]
    assert world.says("[Giấy tờ cư trú]") == ("papers.more",)
    assert sent(world, "cu-tru") == ["ok"]
    assert world.text.startswith("Đã nhận 1 ảnh, ảnh rõ: Giấy tờ cư trú.")


def test_an_album_sent_there_is_asked_about_once() -> None:
    world = at_choice()
    assert world.photo(album="a") == ("papers.which-is-it",)
    assert world.photo(album="a") == ()
    assert world.says("[Giấy ủy quyền]") == ("papers.more",)
    assert sent(world, "uy-quyen") == ["ok", "ok"]


def test_a_poor_one_sent_there() -> None:
    world = at_choice()
    assert world.photo(finding=Finding(problems=("blurred",))) == (
        "papers.which-is-it",
        "papers.poor-blurred",
        "papers.choose-more",
    )
    assert world.says(Pressed(f"anyway::{draft_of(world).id[:6]}")) == ("papers.used", "papers.which-is-it")


def test_what_was_sent_there_is_thrown_away() -> None:
    world = at_choice()
    world.photo()
    assert world.says("[Bỏ 1 ảnh chưa xếp]") == ("papers.removed", "papers.choose-more")


def test_old_buttons() -> None:
    world = at_choice()
    old = world.value("Giấy ủy quyền")
    world.says("[Không có giấy nào nữa]")
    assert world.says(Pressed(old)) == ("common.old-button", "review.pledge") or world.keys[0] == "common.old-button"


def test_a_paper_that_somebody_else_was_asked_for_comes_last() -> None:
    world = with_papers(SOME, BIRTH, PORTRAIT)
    draft = replace(draft_of(world), flags=("asked:chung-sinh",))
    world.stored[draft.id] = draft
    world.says("menu")
    world.says("[Tiếp tục hồ sơ]")
    assert "Ảnh thẻ" in world.text
    assert world.photo()[-1] == "papers.choose-more"
    assert world.says("[Không có giấy nào nữa]") == ("papers.give",)
    assert "Giấy chứng sinh" in world.text
