"""What a citizen agrees to, and what begins again: drafts of results, the second person, a dossier that was stopped."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations.effects import AnswerCoSign, AnswerShown, EndCall, MakeCoSignLink
from conversations.messages import File, FileSent, Pressed, Started
from conversations.state import CoSigner, CoSignView, Document, DossierView, Draft
from tests.conversations.test_track import BOOK, handed_in
from tests.conversations.world import World, catalogue

TOKEN = "Abc_def-ghi0123456789012345678901"
VIEW = CoSignView("son-tien", "Nuôi con nuôi trong nước", "vợ hoặc chồng", (("Trẻ", "Lê Văn Bé"),))


def shown() -> tuple[World, DossierView]:
    return handed_in(status="drafted")


# a draft of the result


def test_the_page_offers_both_answers() -> None:
    world, dossier = shown()
    world.says(Pressed(f"d:{dossier.id}"))
    assert [b.label for b in world.buttons][:2] == ["Đúng rồi", "Cần sửa"]


def test_right_is_one_press() -> None:
    world, dossier = shown()
    world.says(Pressed(f"draftok:{dossier.id}"))
    assert world.effects == [AnswerShown(dossier.id, agreed=True)]


def test_wrong_asks_for_words_and_passes_them_on() -> None:
    world, dossier = shown()
    assert world.says(Pressed(f"draftno:{dossier.id}")) == ("agree.remark",)
    assert world.says("") == ("misfit.empty", "agree.remark")
    assert world.says("x" * 1001) == ("agree.remark-long", "agree.remark")
    world.says("Tên mẹ là Thị, không phải Thi")
    assert world.effects == [AnswerShown(dossier.id, agreed=False, remark="Tên mẹ là Thị, không phải Thi")]


def test_who_pressed_by_mistake_may_still_agree() -> None:
    world, dossier = shown()
    world.says(Pressed(f"draftno:{dossier.id}"))
    world.says("đúng rồi")
    assert world.effects == [AnswerShown(dossier.id, agreed=True)]


@pytest.mark.parametrize("head", ["draftok", "draftno"])
def test_what_was_answered_already_is_not_answered_again(head: str) -> None:
    world, dossier = handed_in(status="processing")
    assert "agree.draft-over" in world.says(Pressed(f"{head}:{dossier.id}"))
    assert world.effects == []
    world, _ = shown()
    assert "agree.draft-over" in world.says(Pressed(f"{head}:somebodyelses000"))


def test_while_talking_one_may_agree_and_leave_to_correct() -> None:
    world, dossier = shown()
    world.call_open = True
    world.says(Pressed(f"draftok:{dossier.id}"))
    assert world.effects == [AnswerShown(dossier.id, agreed=True)]
    assert world.call_open
    world, dossier = shown()
    world.call_open = True
    world.says(Pressed(f"draftno:{dossier.id}"))
    assert world.effects == [EndCall()]
    assert world.state.talk.screen == "remark"


def test_a_photo_is_no_remark() -> None:
    world, dossier = shown()
    world.says(Pressed(f"draftno:{dossier.id}"))
    world.says(FileSent(File("ref", "image/jpeg", 9)))
    assert world.effects == []
    assert world.state.talk.screen == "remark"


# beginning again


def stopped(status: str = "stopped") -> tuple[World, DossierView]:
    world, dossier = handed_in(status=status)
    answers = {"requester_name": "Nguyễn Thị Hoa", "requester_phone": "+84984721482"}
    documents = (
        Document("d" * 16, catalogue().procedures[BOOK].papers[-1].key, "ref-1", "image/jpeg", 9, "ok"),
        Document("e" * 16, catalogue().procedures[BOOK].papers[-1].key, "ref-2", "image/jpeg", 9, "poor"),
    )
    old = Draft(dossier.id, BOOK, catalogue().hashes[BOOK], answers, documents, applicant="self")
    world.handed[dossier.id] = old
    return world, dossier


@pytest.mark.parametrize(
    ("status", "label"), [("stopped", "Làm lại từ hồ sơ này"), ("refused", "Nộp lại"), ("withdrawn", "Nộp lại")]
)
def test_all_answers_and_papers_are_there_again(status: str, label: str) -> None:
    world, dossier = stopped(status)
    world.says(Pressed(f"d:{dossier.id}"))
    assert world.says(f"[{label}]")[0] == "agree.again"
    (draft,) = world.stored.values()
    assert draft.id != dossier.id
    assert draft.answers["requester_name"] == "Nguyễn Thị Hoa"
    assert draft.applicant == "self"
    assert [(d.ref, d.shared, d.refs) for d in draft.documents] == [("ref-1", True, ())]
    assert draft.documents[0].id != "d" * 16
    assert world.state.talk.screen == "draft"
    assert not draft.dossier


def test_the_pledge_is_given_anew() -> None:
    world, dossier = stopped()
    pledges = [q.key for q in catalogue().procedures[BOOK].questions if q.key == "pledge"]
    old = world.handed[dossier.id]
    world.handed[dossier.id] = replace(old, answers={**old.answers, **dict.fromkeys(pledges, "Tôi cam đoan")})
    world.says(Pressed(f"again:{dossier.id}"))
    (draft,) = world.stored.values()
    assert not set(pledges) & set(draft.answers)


def test_what_the_catalogue_says_today_counts() -> None:
    world, dossier = stopped()
    old = world.handed[dossier.id]
    world.handed[dossier.id] = replace(old, version="older", answers={**old.answers, "no-such-question": "x"})
    assert "apply.changed" in world.says(Pressed(f"again:{dossier.id}"))
    (draft,) = world.stored.values()
    assert draft.version == catalogue().hashes[BOOK]
    assert "no-such-question" not in draft.answers


def test_twice_is_once() -> None:
    world, dossier = stopped()
    world.says(Pressed(f"again:{dossier.id}"))
    assert world.says(Pressed(f"again:{dossier.id}"))[0] == "agree.again-begun"
    assert len(world.stored) == 1


@pytest.mark.parametrize("status", ["submitted", "handed-over"])
def test_what_has_not_come_to_nothing_is_not_begun_again(status: str) -> None:
    world, dossier = stopped(status)
    assert world.says(Pressed(f"again:{dossier.id}"))[0] == "agree.again-gone"


def test_nobody_begins_again_what_is_not_theirs() -> None:
    world, dossier = stopped()
    world.dossiers.clear()
    assert world.says(Pressed(f"again:{dossier.id}"))[0] == "agree.again-gone"


# the second person


def test_a_link_shows_what_it_is_about_and_asks() -> None:
    world = World()
    world.links[TOKEN] = VIEW
    assert world.says(Started(f"ky-{TOKEN}")) == ("agree.cosign",)
    assert "Trẻ: Lê Văn Bé" in world.text
    world.says("[Tôi đồng ý]")
    assert world.effects == [AnswerCoSign(TOKEN, agreed=True)]


def test_whoever_comes_for_the_first_time_is_not_asked_for_an_office() -> None:
    world = World(office="", screen="start")
    world.links[TOKEN] = VIEW
    assert world.says(Started(f"ky-{TOKEN}")) == ("agree.cosign",)
    assert world.state.person.office == "son-tien"
    world.says("[Không đúng]")
    assert world.effects == [AnswerCoSign(TOKEN, agreed=False)]


def test_a_link_is_good_once_and_for_the_other_person() -> None:
    world = World()
    assert world.says(Started(f"ky-{TOKEN}")) == ("agree.cosign-gone",)
    world.links[TOKEN] = VIEW
    world.says(Started(f"ky-{TOKEN}"))
    world.says("[Tôi đồng ý]")
    assert world.says(Pressed(f"sign:{TOKEN}")) == ("agree.cosign-gone",)
    world.links[TOKEN] = replace(VIEW, own=True)
    assert world.says(Started(f"ky-{TOKEN}")) == ("agree.cosign-own",)
    assert world.says(Pressed(f"sign:{TOKEN}")) == ("agree.cosign-gone",)
    assert world.effects == []


@pytest.mark.parametrize("payload", ["ky-short", "ky-" + "a" * 60, "ky-" + "ă" * 32])
def test_what_is_no_token_is_an_unknown_link(payload: str) -> None:
    assert "start.link-gone" in World().says(Started(payload))


def test_the_requester_may_have_the_link_anew() -> None:
    world, dossier = handed_in(cosigner=CoSigner("vợ hoặc chồng"))
    world.says(Pressed(f"d:{dossier.id}"))
    assert "Chờ vợ hoặc chồng cùng xác nhận." in world.text
    world.says("[Liên kết cho người cùng ký]")
    assert world.effects == [MakeCoSignLink(dossier.id)]


@pytest.mark.parametrize("status", ["signed", "desk"])
def test_who_is_not_waited_for_needs_no_link(status: str) -> None:
    world, dossier = handed_in(cosigner=CoSigner("vợ hoặc chồng", status=status))
    assert "agree.cosign-none" in world.says(Pressed(f"cosign:{dossier.id}"))
    assert world.effects == []
