"""Every photo is looked at before anything is said of it; what is wrong is said once, with what to do."""

from __future__ import annotations

import pytest

from conversations.effects import CheckDocument
from conversations.messages import Finding, Pressed
from conversations.render import TEXTS
from tests.conversations.small import BIRTH, CARD, ID_CARD, PORTRAIT, SOME, draft_of, sent, with_papers
from tests.conversations.world import World

BLURRED = Finding(problems=("blurred",))
GLARE = Finding(problems=("glare",), soft=("glare",))
HARD = ["screenshot", "dark", "overexposed", "no-document", "too-small", "blurred"]
SOFT = ["glare", "cut-off", "wrong-paper"]
LOOK = "0f" * 32
NEAR = "0f" * 31 + "00"


def birth(*more: dict[str, object]) -> World:
    world = with_papers(BIRTH, *more)
    assert world.says("Xin chào bạn nhé") != ()
    return world


def test_nothing_is_said_before_the_photo_was_looked_at() -> None:
    world = birth()
    assert world.photo(finding=None) == ()
    (document,), (effect,) = draft_of(world).documents, world.effects
    assert isinstance(effect, CheckDocument)
    assert (effect.document, effect.paper, effect.card) == (document.id, "xac-nhan-doc-than/chung-sinh", False)
    assert world.seen(draft_of(world).documents[0].id) == ("papers.more",)
    assert world.text.startswith("Đã nhận 1 ảnh, ảnh rõ: Giấy chứng sinh.")
    assert world.labels == ["Xong", "Chụp lại"]


def test_a_second_photo_meanwhile_is_told_to_wait() -> None:
    world = birth()
    assert world.photo(finding=None) == ()
    assert world.photo(finding=None) == ("papers.looking-more",)
    assert world.photo(finding=None) == ()
    ids = [d.id for d in draft_of(world).documents]
    assert world.seen(ids[1]) == ()
    assert world.seen(ids[0]) == ()
    assert world.seen(ids[2]) == ("papers.more",)
    assert world.text.startswith("Đã nhận 3 ảnh, ảnh rõ")


@pytest.mark.parametrize("problem", [*HARD, *SOFT])
def test_one_thing_is_to_be_mended_at_a_time(problem: str) -> None:
    world = birth()
    soft = (problem,) if problem in SOFT else ()
    assert world.photo(finding=Finding(problems=(problem, "glare"), soft=(*soft, "glare"), named="Giấy khai sinh")) == (
        f"papers.poor-{problem}",
    )
    assert world.labels == ["Vẫn dùng ảnh này", "Gặp cán bộ"]
    assert [file.ref for file in world.last[-1].files] == [f"marked-{draft_of(world).documents[0].id}"]
    assert sent(world, "chung-sinh") == ["poor"]


def test_a_small_one_is_to_be_sent_as_a_file_where_photos_are_shrunk() -> None:
    world = birth()
    world.channel = "telegram"
    assert world.photo(finding=Finding(problems=("too-small",))) == ("papers.poor-too-small-shrunk",)


def test_a_new_photo_takes_the_place_of_the_poor_one() -> None:
    world = birth()
    world.photo()
    world.photo(finding=BLURRED)
    assert world.last[-1].text.splitlines()[0] == "Giấy chứng sinh, ảnh thứ 2:"
    world.photo(finding=None)
    third = draft_of(world).documents[1].id
    world.photo()
    assert world.seen(third) == ("papers.more",)
    assert sent(world, "chung-sinh") == ["ok", "ok", "ok"]
    assert world.text.startswith("Đã nhận 3 ảnh, ảnh rõ")


def test_nobody_is_asked_more_than_twice_for_one_page() -> None:
    world = birth()
    assert world.photo(finding=BLURRED) == ("papers.poor-blurred",)
    assert world.photo(finding=Finding(problems=("dark",))) == ("papers.poor-dark",)
    assert world.photo(finding=BLURRED) == ("papers.passed", "papers.more")
    (document,) = draft_of(world).documents
    assert (document.verdict, document.used) == ("ok", True)
    assert document.finding is not None
    assert document.finding.problems == ("blurred",)
    assert world.text.splitlines()[-2].startswith("Đã nhận 1 ảnh: Giấy chứng sinh")
    assert world.photo(finding=BLURRED) == ("papers.poor-blurred",)  # the next page has its own two


@pytest.mark.parametrize("problem", SOFT)
def test_of_a_soft_problem_is_asked_once(problem: str) -> None:
    world = birth()
    soft = Finding(problems=(problem,), soft=(problem,))
    assert world.photo(finding=soft)[-1].startswith("papers.poor-")
    assert world.photo(finding=soft) == ("papers.passed", "papers.more")
    assert draft_of(world).documents[0].used


def test_a_soft_problem_behind_a_hard_one_is_asked_about_too() -> None:
    world = birth()
    assert world.photo(finding=BLURRED) == ("papers.poor-blurred",)
    assert world.photo(finding=Finding(problems=("glare",), soft=("glare",))) == ("papers.poor-glare",)
    assert world.photo(finding=Finding(problems=("cut-off",), soft=("cut-off",))) == ("papers.passed", "papers.more")


def test_it_is_used_all_the_same() -> None:
    world = birth(PORTRAIT)
    world.photo(finding=BLURRED)
    assert world.says("[Vẫn dùng ảnh này]") == ("papers.used", "papers.more")
    assert [(d.verdict, d.used) for d in draft_of(world).documents] == [("ok", True)]
    old = Pressed(f"anyway:chung-sinh:{draft_of(world).id[:6]}")
    assert world.says(old) == ("common.old-button", "papers.more")
    world.says("[Xong]")
    world.photo(finding=BLURRED)
    assert world.says("[Vẫn dùng ảnh này]") == ("papers.used", "review.page", "review.pledge")


def test_poor_ones_beside_good_ones_are_used_left_or_taken_again() -> None:
    world = birth()
    world.photo()
    world.photo(finding=BLURRED)
    assert world.says("chụp sao đây") == ("papers.poor-left",)
    world.says("menu")
    assert world.says("[Tiếp tục hồ sơ]")[-1] == "papers.poor-left"
    assert world.labels == ["Vẫn dùng ảnh này", "Bỏ ảnh chưa rõ, đủ rồi", "Gặp cán bộ"]
    assert world.says("[Bỏ ảnh chưa rõ, đủ rồi]") == ("review.page", "review.pledge")
    assert sent(world, "chung-sinh") == ["ok"]


def test_an_album_is_counted_and_only_what_is_wrong_is_told() -> None:
    world = birth()
    for _ in range(3):
        assert world.photo(album="a", finding=None) == ()
    ids = [d.id for d in draft_of(world).documents]
    assert world.seen(ids[0]) == ()
    assert world.seen(ids[1], BLURRED) == ("papers.poor-blurred",)
    assert world.text.startswith("Giấy chứng sinh, ảnh thứ 2:\nẢnh bị mờ")
    assert world.seen(ids[2]) == ("papers.poor-left",)
    assert world.text.startswith("Giấy chứng sinh: còn 1 ảnh chưa rõ")
    assert world.photo() == ("papers.more",)
    assert [d.id == old for d, old in zip(draft_of(world).documents, ids, strict=True)] == [True, False, True]


def test_a_late_photo_of_the_album_is_no_second_try() -> None:
    world = birth()
    world.photo(album="a", finding=BLURRED)
    world.photo(album="a")
    assert sent(world, "chung-sinh") == ["poor", "ok"]


def test_the_same_picture_twice() -> None:
    world = birth(SOME)
    world.photo(finding=Finding(look=LOOK, sha256="a"))
    assert world.photo(finding=Finding(look=NEAR, sha256="b")) == ("papers.poor-same-photo",)
    assert world.photo(finding=Finding(look="ff" * 32, sha256="a")) == ("papers.poor-same-photo",)
    assert world.photo(finding=Finding(look="00" * 32, sha256="c")) == ("papers.more",)
    assert sent(world, "chung-sinh") == ["ok", "ok"]


def test_either_side_of_a_card_comes_first() -> None:
    world = with_papers(ID_CARD)
    assert world.photo(finding=Finding(side="back")) == ("papers.more-needed",)
    assert "Còn cần: mặt trước" in world.text
    assert world.photo(finding=Finding(side="front")) == ("papers.kept", "review.page", "review.pledge")
    assert world.last[0].text == "Đã nhận đủ 2 ảnh, ảnh rõ: Căn cước."


def test_the_same_side_twice_is_asked_about_once() -> None:
    world = with_papers(ID_CARD)
    world.photo(finding=Finding(side="front"))
    assert world.photo(finding=Finding(side="front")) == ("papers.poor-same-side",)
    assert "Ảnh này lại là mặt trước. Bạn lật thẻ và chụp mặt sau nhé." in world.text
    assert world.photo(finding=Finding(side="front"))[:2] == ("papers.passed", "papers.kept")


def test_what_its_code_was_read_from_is_readable() -> None:
    world = with_papers(ID_CARD)
    assert world.photo(finding=Finding(problems=("blurred", "glare"), soft=("glare",), card=CARD)) == (
        "papers.more-needed",
    )


def test_a_paper_of_one_photo_closes_by_itself() -> None:
    world = with_papers(PORTRAIT)
    assert world.photo() == ("papers.kept", "review.page", "review.pledge")


def test_a_pdf_with_all_pages_closes_a_card() -> None:
    world = with_papers(ID_CARD)
    assert world.photo(media_type="application/pdf", finding=Finding(pages=1)) == ("papers.more",)
    world.says("[Gửi lại]")
    assert world.photo(media_type="application/pdf", finding=Finding(pages=2))[0] == "papers.kept"
    assert world.last[0].text == "Đã nhận đủ 1 tệp PDF: Căn cước."


def test_a_verdict_keeps_the_place_of_who_is_elsewhere() -> None:
    world = birth()
    world.photo(finding=None)
    world.photo(finding=None)
    one, two = (d.id for d in draft_of(world).documents)
    world.says("menu")
    assert world.seen(one) == ()
    assert world.seen(two, BLURRED) == ("papers.poor-blurred",)
    assert world.labels == ["Tiếp tục hồ sơ"]
    assert world.state.talk.screen == "menu"
    world.call_open = True
    assert world.seen(one, BLURRED) == ("papers.poor-blurred",)
    world.call_open = False
    assert world.says("[Tiếp tục hồ sơ]")[-1] == "papers.poor-left"
    assert sent(world, "chung-sinh") == ["poor", "poor"]


def test_a_verdict_on_another_draft_is_kept_with_it() -> None:
    world = birth()
    world.photo(finding=None)
    first = draft_of(world)
    world.says(Pressed("start:khai-tu"))
    assert world.seen(first.documents[0].id, BLURRED) == ("papers.poor-blurred",)
    assert world.labels == ["Tiếp tục hồ sơ"]
    assert world.stored[first.id].documents[0].verdict == "poor"
    world.says("alo")
    assert draft_of(world).procedure == "khai-tu"
    assert world.says(Pressed(f"resume:{first.id}"))[-1] == "papers.poor-left"


def test_nothing_is_said_once_it_was_handed_in() -> None:
    world = with_papers(PORTRAIT)
    world.photo(finding=None)
    document = draft_of(world).documents[0].id
    world.says("đủ rồi ạ")
    for _ in range(2):
        world.says(Pressed(f"submit:{draft_of(world).id}"))
    assert len(world.dossiers) == 1
    assert world.seen(document, BLURRED) == ()


def test_what_was_finished_opens_again_for_a_poor_photo() -> None:
    world = birth(PORTRAIT)
    world.photo(finding=None)
    assert world.says("đủ rồi ạ") == ("papers.give",)
    (document,) = draft_of(world).documents
    assert world.seen(document.id, BLURRED) == ("papers.poor-blurred",)
    assert world.photo() == ("papers.more",)


def test_handing_in_waits_for_the_last_photo_but_not_for_long() -> None:
    world = birth()
    world.photo(finding=None)
    world.says("đủ rồi ạ")
    assert world.keys[-1] == "review.pledge"
    submit = Pressed(f"submit:{draft_of(world).id}")
    assert world.says(submit) == ("papers.looking-last",)
    assert len(world.dossiers) == 0
    world.says(submit)
    assert len(world.dossiers) == 1


def test_poor_photos_are_not_handed_in() -> None:
    world = birth()
    world.photo()
    world.says("[Xong]")
    draft = draft_of(world)
    world.says(Pressed(f"submit:{draft.id}"))
    assert len(world.dossiers) == 1


def test_every_problem_has_its_words() -> None:
    told = {key.removeprefix("papers.poor-") for key in TEXTS if key.startswith("papers.poor-")}
    assert told - {"left", "too-small-shrunk", "wrong-paper-unnamed"} == {*HARD, *SOFT, "same-photo", "same-side"}
