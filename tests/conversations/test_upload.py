"""Other ways to send a paper: what is offered, and how the chat goes on when something came by the upload page."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations import upload_page
from conversations.effects import CheckDocument, MakeLink
from conversations.messages import DocumentChecked, File, Finding, PaperSent, PictureUsed, Pressed
from conversations.upload_page import Seen
from tests.conversations.small import (
    BIRTH,
    CARD,
    FORM,
    HELD,
    ID_CARD,
    PORTRAIT,
    asking,
    draft_of,
    the_procedure,
    with_papers,
)
from tests.conversations.world import World

DRAFT = "draft00000000000"
JPEG = File("anh", "image/jpeg", 1000)
PDF = File("tep", "application/pdf", 1000)
BLURRED = Finding(problems=("blurred",))


def linked(*papers: dict[str, object]) -> World:
    """Where the upload page can be reached."""
    world = with_papers(*papers)
    world.linkable = True
    return world


def away(world: World) -> World:
    """The owner has left for the menu."""
    world.says("menu")
    assert world.state.talk.screen == "menu"
    return world


def seen(world: World, ref: str = "anh") -> Seen:
    """What the page shows of a file."""
    return upload_page.seen(world.stored[DRAFT], the_procedure(world), ref, world)


def wanted(world: World, only: str = "") -> list[tuple[str, str, str, bool]]:
    """Which papers the page shows, with what there is and what is missing."""
    shown = upload_page.wanted(world.state, draft_of(world), the_procedure(world), world, only)
    return [(one.key, one.sent, one.next, one.complete) for one in shown]


def send(world: World, paper: str, file: File = JPEG, by: str = "", *, card: bool = False) -> tuple[str, ...]:
    return world.says(PaperSent(DRAFT, paper, file, by, card))


def check(world: World, finding: Finding | None = None, verdict: str = "ok") -> tuple[str, ...]:
    """The worker has looked at the last one."""
    document = world.stored[DRAFT].documents[-1]
    finding = finding or Finding()
    return world.says(DocumentChecked(document.id, verdict, replace(finding, sha256=document.id)))


# what is offered


def test_ways_where_the_page_can_be_reached() -> None:
    world = linked(BIRTH)
    assert world.says(Pressed("ways:chung-sinh:draft0")) == ("upload.ways",)
    assert world.labels == ["Gửi qua trang riêng", "Nhờ người khác gửi giấy này"]
    assert "Gửi dạng tệp" not in world.text
    assert world.says(Pressed("ways::draft0")) == ("upload.ways",)
    assert world.labels == ["Gửi qua trang riêng"]


def test_ways_on_a_messenger_without_a_page() -> None:
    world = with_papers(BIRTH)
    world.channel = "telegram"
    assert world.says(Pressed("ways:chung-sinh:draft0")) == ("upload.ways",)
    assert (world.labels, world.text.count("•"), "Gửi dạng tệp" in world.text) == ([], 1, True)
    assert world.says(Pressed("link:draft0"))[0] == "upload.no-page"
    assert world.says(Pressed("helper:chung-sinh:draft0"))[0] == "upload.no-page"
    assert world.effects == []


def test_ways_on_a_messenger_with_a_page() -> None:
    world = linked(BIRTH)
    world.channel = "telegram"
    world.says(Pressed("ways:chung-sinh:draft0"))
    assert (len(world.labels), world.text.count("•")) == (2, 3)
    assert "Giấy tờ không đi qua ứng dụng nhắn tin." in world.text


def test_own_link_is_for_the_whole_draft() -> None:
    world = linked(BIRTH)
    assert world.says(Pressed("link:draft0")) == ()
    assert world.effects == [MakeLink(DRAFT)]


def test_somebody_elses_link_is_for_one_paper_and_the_rest_goes_on() -> None:
    world = linked(BIRTH, PORTRAIT)
    assert world.says(Pressed("helper:chung-sinh:draft0")) == ("upload.pass-on",)
    assert world.effects == [MakeLink(DRAFT, "chung-sinh")]
    assert world.says("[Làm tiếp phần khác]") == ("papers.give",)
    assert "Ảnh thẻ" in world.text


@pytest.mark.parametrize("value", ["ways:x:other0", "link:other0", "helper:chung-sinh:other0", "helper:x:draft0"])
def test_buttons_of_something_else_are_old(value: str) -> None:
    world = linked(BIRTH)
    assert world.says(Pressed(value))[0] == "common.old-button"
    assert world.effects == []


def test_a_paper_that_is_done_is_nobody_elses_to_send() -> None:
    world = linked(PORTRAIT, BIRTH)
    world.photo()
    assert world.says(Pressed("helper:anh-the:draft0"))[0] == "papers.done-already"


# what comes


def test_own_photo_goes_the_way_of_any_photo() -> None:
    world = linked(PORTRAIT, BIRTH)
    assert send(world, "anh-the") == ()
    assert world.effects == [CheckDocument(draft_of(world).documents[0].id, JPEG, "xac-nhan-doc-than/anh-the")]
    assert seen(world) == Seen("checking")
    assert check(world) == ("papers.kept", "papers.give")
    assert seen(world) == Seen("good", "Ảnh dùng được. Đã gửi: Ảnh thẻ.")
    assert wanted(world) == [("anh-the", "Đã có 1 ảnh", "", True), ("chung-sinh", "", "Còn cần: mặt trước", False)]


def test_the_page_calls_for_nothing_that_may_be_passed_over() -> None:
    world = with_papers(FORM, HELD, BIRTH)
    assert wanted(world) == [("chung-sinh", "", "Còn cần: mặt trước", False), ("cu-tru", "", "Có thì gửi", False)]


def test_paper_that_is_not_the_one_being_asked_is_taken_and_the_place_kept() -> None:
    world = linked(BIRTH, PORTRAIT)
    assert send(world, "anh-the") == ()
    assert check(world)[0] == "papers.kept"
    assert [(d.paper, d.verdict) for d in draft_of(world).documents] == [("anh-the", "ok")]
    assert world.keys[-1] == "papers.give"


def test_poor_photo_is_told_in_the_same_words_on_the_page() -> None:
    world = linked(BIRTH)
    send(world, "chung-sinh")
    assert check(world, BLURRED) == ("papers.poor-blurred",)
    found = seen(world)
    assert (found.state, found.text) == ("poor", world.text)
    assert wanted(world) == [("chung-sinh", "", "Còn cần: mặt trước", False)]
    assert world.says(PictureUsed(DRAFT, found.document)) == ("papers.used", "papers.more")
    assert seen(world) == Seen("good", "Đã gửi: Giấy chứng sinh. Cán bộ sẽ xem kỹ ảnh này.")


def test_pages_beyond_what_is_needed_are_not_called_for() -> None:
    world = linked(BIRTH)
    send(world, "chung-sinh")
    check(world)
    assert wanted(world) == [("chung-sinh", "Đã có 1 ảnh", "", False)]


def test_next_photo_takes_the_place_of_the_poor_one() -> None:
    world = linked(BIRTH)
    send(world, "chung-sinh")
    check(world, BLURRED)
    send(world, "chung-sinh", File("anh-2", "image/jpeg", 1000))
    assert check(world) == ("papers.more",)
    assert [d.ref for d in draft_of(world).documents] == ["anh-2"]
    assert seen(world) == Seen("gone", "Ảnh này không còn trong hồ sơ. Bạn chụp lại giúp nhé.")


def test_file_that_cannot_be_used_is_told_though_it_is_gone() -> None:
    world = linked(BIRTH)
    send(world, "chung-sinh", PDF)
    assert check(world, verdict="encrypted") == ("papers.bad-encrypted", "papers.give")
    assert draft_of(world).documents == ()
    words = "Tệp PDF này có mật khẩu. Bạn gửi tệp không mật khẩu, hoặc chụp ảnh giấy."
    assert seen(world, "tep") == Seen("bad", words)


def test_only_the_latest_are_remembered() -> None:
    world = linked(BIRTH)
    for number in range(10):
        send(world, "chung-sinh", File(f"tep{number}", "application/pdf", 1))
        check(world, verdict="corrupt")
    assert [flag for flag in draft_of(world).flags if flag.startswith("gone:")] == [
        f"gone:tep{number}:corrupt" for number in range(2, 10)
    ]


# from somebody else


def test_owner_is_told_who_sent_what() -> None:
    world = linked(PORTRAIT, BIRTH)
    assert send(world, "anh-the", by="Bà Tám") == ()
    assert check(world) == ("upload.by-good", "papers.give")
    assert world.last[0].text == "«Bà Tám» đã gửi: Ảnh thẻ (ảnh rõ)."
    assert draft_of(world).documents[0].by == "Bà Tám"


@pytest.mark.parametrize(
    ("file", "finding", "verdict", "said"),
    [
        (PDF, None, "ok", "«Bà Tám» đã gửi: Giấy chứng sinh (tệp PDF)."),
        (JPEG, BLURRED, "ok", "«Bà Tám» gửi ảnh chưa rõ: Giấy chứng sinh. Tôi đã nhắc chụp lại."),
        (PDF, None, "corrupt", "«Bà Tám» gửi một tệp không mở được: Giấy chứng sinh. Tôi đã nhắc gửi lại."),
    ],
)
def test_owner_is_told_what_it_was_like(file: File, finding: Finding | None, verdict: str, said: str) -> None:
    world = linked(BIRTH)
    send(world, "chung-sinh", file, by="Bà Tám")
    check(world, finding, verdict)
    assert world.last[0].text == said
    assert world.last[0].buttons == ()


def test_owner_is_told_that_a_poor_one_is_used() -> None:
    world = linked(BIRTH)
    send(world, "chung-sinh", by="Bà Tám")
    check(world, BLURRED)
    document = draft_of(world).documents[0].id
    assert world.says(PictureUsed(DRAFT, document)) == ("upload.by-used", "papers.more")
    assert draft_of(world).documents[0].used


def test_owner_elsewhere_is_told_and_left_there() -> None:
    world = away(linked(PORTRAIT, BIRTH))
    assert send(world, "anh-the", by="Bà Tám") == ()
    assert check(world) == ("upload.by-good",)
    assert world.state.talk.screen == "menu"
    assert world.says("[Tiếp tục hồ sơ]") == ("apply.resumed", "papers.give")
    assert "Giấy chứng sinh" in world.text


def test_owner_in_a_call_is_told_and_left_there() -> None:
    world = linked(PORTRAIT, BIRTH)
    world.call_open = True
    assert send(world, "anh-the", by="Bà Tám") == ()
    assert check(world) == ("upload.by-good",)
    assert wanted(world)[0] == ("anh-the", "Đã có 1 ảnh", "", True)


def test_owner_with_another_draft_open_keeps_that_one() -> None:
    world = linked(PORTRAIT, BIRTH)
    other = replace(draft_of(world), id="other00000000000")
    world.stored[other.id] = other
    world.state = replace(world.state, talk=replace(world.state.talk, draft=other.id), draft=other)
    talk = world.state.talk
    assert send(world, "anh-the", by="Bà Tám") == ()
    assert (world.state.talk, [d.paper for d in world.stored[DRAFT].documents]) == (talk, ["anh-the"])
    world.state = replace(world.state, draft=world.stored[other.id])
    assert check(world) == ("upload.by-good",)
    assert [b.value for b in world.buttons] == [f"resume:{DRAFT}"]
    assert (world.state.talk.draft, world.stored[other.id].documents) == (other.id, ())


# what is not taken


def test_what_there_is_no_use_for_changes_nothing() -> None:
    world = linked(PORTRAIT, BIRTH)
    send(world, "anh-the")
    check(world)
    before = draft_of(world)
    assert send(world, "anh-the", File("anh-2", "image/jpeg", 1)) == ()
    assert send(world, "khac") == ()
    assert send(world, "", card=True) == ()
    assert world.says(PaperSent("none", "anh-the", JPEG)) == ()
    assert world.says(PictureUsed("none", "x")) == ()
    assert world.says(PictureUsed(DRAFT, before.documents[0].id)) == ()
    assert (draft_of(world), world.effects) == (before, [])


def test_helper_is_shown_one_paper_alone() -> None:
    world = linked(BIRTH, ID_CARD)
    assert wanted(world, "can-cuoc") == [("can-cuoc", "", "Còn cần: mặt trước", False)]
    assert wanted(world, "khac") == []
    send(world, "chung-sinh")
    assert upload_page.seen(draft_of(world), the_procedure(world), "anh", world, "can-cuoc").state == "gone"


# the card that fills the form


def test_card_is_offered_where_it_would_fill_the_open_questions() -> None:
    world = asking("father_name", "father_id", group="Người cha")
    world.linkable = True
    assert wanted(world) == [("?card", "", "", False)]
    assert wanted(world, "can-cuoc") == []
    assert send(world, "", card=True) == ()
    assert isinstance(world.effects[0], CheckDocument)
    assert world.effects[0].card
    keys = check(world, Finding(card=CARD))
    assert keys[-1] == "form.card"
    words = "Đã đọc được thẻ. Bạn xem lại các thông tin trong cuộc trò chuyện nhé."
    assert seen(world) == Seen("good", words)


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding(side="front"), "Chưa đọc được mã QR trên thẻ."),
        (Finding(title="giay-khai-sinh"), "Ảnh này không phải thẻ có mã QR."),
    ],
)
def test_card_that_cannot_be_read_is_told(finding: Finding, said: str) -> None:
    world = asking("father_name", "father_id", group="Người cha")
    send(world, "", card=True)
    check(world, finding)
    found = seen(world)
    assert (found.state, found.text.partition(".")[0] + ".") == ("bad", said)
