"""Handing in for somebody else: their consent in four ways, refusing, running out, and what is asked of nobody."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations import drafts, helping
from conversations.effects import CheckDocument, SubmitDossier
from conversations.helping_effects import KeepConsent, RevokeConsent
from conversations.messages import ContactShared, DocumentChecked, File, FileSent, Finding, Pressed, Unsupported
from conversations.state import Draft, HelpedView, Helper, MandateView
from domain.helping import Standing, Way, able
from tests.conversations.filling import to
from tests.conversations.test_apply import CONSENTED, SINGLE
from tests.conversations.world import NOW, TODAY, World, catalogue

MAN = "Lê Thị Mận"
VOICE = FileSent(File("voice1", "audio/ogg", 9000))


def at_review(world: World | None = None, name: str = MAN, procedure: str = SINGLE) -> World:
    """A draft for somebody else, with nothing left to ask but their consent."""
    world = world or World(consents=CONSENTED)
    world.says(Pressed(f"start:{procedure}"))
    world.says("[Giúp người khác]") if "Làm hồ sơ mới" not in world.labels else world.says("[Làm hồ sơ mới]")
    if "Giúp người khác" in world.labels:
        world.says("[Giúp người khác]")
    world.says(name)
    to(world, "review")
    return world


def at_ways(world: World | None = None, name: str = MAN) -> World:
    """The ways of consenting are offered."""
    world = at_review(world, name)
    world.says("[Tôi cam đoan và nộp hồ sơ]")
    assert world.says("[Trưởng thôn, tổ trưởng]") == ("helping.ways",)  # the form has asked who hands in
    return world


def handed_in(world: World) -> bool:
    return any(isinstance(effect, SubmitDossier) for effect in world.effects)


def open_draft(world: World) -> Draft:
    assert world.state.draft is not None
    return world.state.draft


def test_without_consent_nothing_is_handed_in() -> None:
    world = at_review()
    assert world.says("[Tôi cam đoan và nộp hồ sơ]") == ("helping.needed", "helping.who")
    assert not handed_in(world)
    world.says(Pressed(f"submit:{open_draft(world).id}"))
    assert not handed_in(world)


def test_a_code_on_their_own_phone() -> None:
    world = at_ways()
    assert world.says("[Gửi mã tới điện thoại]") == ("helping.phone",)
    assert world.says("không biết") == ("helping.phone-wrong", "helping.phone")
    assert world.says("0912 345 678") == ("helping.code",)
    assert world.says("mã là gì") == ("helping.code-words", "helping.code")
    world.says("000000")
    assert not handed_in(world)
    said = world.says("123 456")
    assert said[0] == "helping.given"
    assert said[-1] == "review.pledge"
    world.says("[Tôi cam đoan và nộp hồ sơ]")
    assert handed_in(world)


def test_a_shared_number_is_taken_where_one_is_asked_for() -> None:
    world = at_ways()
    world.says("[Gửi mã tới điện thoại]")
    assert world.says(ContactShared("0912345678", own=False)) == ("helping.code",)


def test_their_voice_is_taken_only_while_it_is_asked_for() -> None:
    world = at_ways()
    assert world.says(VOICE)[0] == "misfit.voice"
    assert world.says("[Gửi ghi âm]") == ("helping.voice",)
    assert "Tôi là Lê Thị Mận. Tôi đồng ý để Nguyễn Thị Hoa nộp hộ" in world.text
    assert world.says("nói rồi") == ("helping.voice-awaited", "helping.voice")
    assert world.says(FileSent(File("p", "image/jpeg", 900)))[0] == "helping.voice-awaited"
    assert world.says(Unsupported("voice"))[0] == "misfit.voice"  # from a messenger that gives no file
    assert world.says(VOICE)[0] == "helping.given-voice"
    assert [effect.how for effect in world.effects if isinstance(effect, KeepConsent)] == [Way.VOICE]
    world.says("[Tôi cam đoan và nộp hồ sơ]")
    assert handed_in(world)


def test_a_signed_sheet_counts_once_it_was_looked_at() -> None:
    world = at_ways()
    assert world.says("[Chụp giấy đồng ý]") == ("helping.sheet",)
    assert world.says(FileSent(File("s1", "image/jpeg", 900))) == ("helping.sheet-looking",)
    check = next(effect for effect in world.effects if isinstance(effect, CheckDocument))
    world.says(Pressed(f"submit:{open_draft(world).id}"))
    assert not handed_in(world)
    world.says(Pressed(f"help-way:sheet:{drafts.tag(open_draft(world).id)}"))
    poor = DocumentChecked(check.document, "ok", Finding(problems=("blurred",)))
    assert world.says(poor) == ("helping.sheet-poor", "helping.sheet")
    world.says(FileSent(File("s2", "image/jpeg", 900)))
    check = next(effect for effect in world.effects if isinstance(effect, CheckDocument))
    assert world.says(DocumentChecked(check.document, "ok", Finding()))[0] == "helping.given-sheet"
    world.says("[Tôi cam đoan và nộp hồ sơ]")
    assert handed_in(world)


def test_a_sheet_that_was_looked_at_while_the_helper_is_elsewhere_keeps_their_place() -> None:
    world = at_ways()
    world.says("[Chụp giấy đồng ý]")
    world.says(FileSent(File("s1", "image/jpeg", 900)))
    check = next(effect for effect in world.effects if isinstance(effect, CheckDocument))
    world.says("menu")
    assert world.says(DocumentChecked(check.document, "ok", Finding())) == ()
    assert world.state.talk.screen == "menu"
    assert world.consents[check_owner(world)].status == Standing.GIVEN


def check_owner(world: World) -> str:
    return next(iter(world.consents))


def test_at_the_desk_it_is_handed_in_and_waits_there() -> None:
    world = at_ways()
    assert world.says("[Đồng ý tại bàn]")[0] == "helping.at-desk"
    world.says("[Tôi cam đoan và nộp hồ sơ]")
    assert handed_in(world)


def test_who_does_not_want_it_is_not_handed_in_for() -> None:
    world = at_ways()
    assert world.says("[Người đó không đồng ý]") == ("helping.refuses",)
    assert world.labels == ["Xóa hồ sơ này", "Để sau"]
    world.says("[Xóa hồ sơ này]")
    assert world.stored == {}


def test_no_code_is_offered_where_none_can_be_sent() -> None:
    world = at_review()
    world.codes_by_phone = False
    world.says("[Tôi cam đoan và nộp hồ sơ]")
    world.says("người nhà")
    assert "Gửi mã tới điện thoại" not in world.labels
    assert world.says(Pressed(f"help-way:code:{drafts.tag(open_draft(world).id)}"))[0] == "common.old-button"


def test_the_helper_gives_their_own_name() -> None:
    """Where the form names nobody else."""
    world = at_review()
    draft = open_draft(world)
    world.stored[draft.id] = replace(draft, answers={**draft.answers, "requester_name": MAN})
    world.says("[Tôi cam đoan và nộp hồ sơ]")
    assert world.says("[Người nhà]") == ("helping.name",)
    assert world.says("lê thị mận") == ("helping.name-same", "helping.name")
    assert world.says("Hồ Văn Nam") == ("helping.ways",)


def test_a_consent_names_one_person() -> None:
    """Whoever changes whom it is for asks anew."""
    world = at_ways()
    world.says("[Đồng ý tại bàn]")
    draft = open_draft(world)
    world.stored[draft.id] = replace(draft, applicant="Trần Văn Cam")
    world.says(Pressed(f"submit:{draft.id}"))
    assert not handed_in(world)


def test_nobody_is_asked_about_themselves() -> None:
    world = World(consents=CONSENTED)
    world.says(Pressed(f"start:{SINGLE}"))
    world.says("[Cho tôi]")
    to(world, "review")
    world.says("[Tôi cam đoan và nộp hồ sơ]")
    assert handed_in(world)


@pytest.mark.parametrize(
    ("name", "answers", "asked"),
    [
        (MAN, {}, True),
        ("Lê Văn Bé", {"subject_name": "Lê Văn Bé", "subject_dob": "02/03/2015"}, False),
        ("Lê Văn Bé", {"subject_name": "Lê Văn Bé", "subject_dob": "02/03/1990"}, True),
        (MAN, {"subject_name": "Lê Văn Bé", "subject_dob": "02/03/2015"}, True),
    ],
    ids=["unknown-age", "child", "grown-up", "another-child"],
)
def test_of_a_child_no_consent_is_asked(name: str, answers: dict[str, str], asked: bool) -> None:  # noqa: FBT001
    procedure = catalogue().procedures[SINGLE]
    draft = Draft("d" * 16, SINGLE, "v", answers, applicant=name)
    assert helping.needed(draft, procedure, TODAY) is asked


def test_the_dead_are_not_asked_and_whoever_stands_for_them_is() -> None:
    procedure = catalogue().procedures["khai-tu"]
    answers = {"deceased_name": "Lê Văn Cụ"}
    assert not helping.needed(Draft("d", "khai-tu", "v", answers, applicant="Lê Văn Cụ"), procedure, TODAY)
    assert helping.needed(Draft("d", "khai-tu", "v", answers, applicant=MAN), procedure, TODAY)


def test_of_age_is_fifteen() -> None:
    assert [able(years) for years in (None, 14, 15)] == [True, False, True]


def test_what_has_run_out_is_asked_for_again() -> None:
    world = World(consents=CONSENTED)
    view = MandateView("m" * 16, "d" * 16, MAN, "Hồ Văn Nam", "relative", "Cấp giấy", Way.CODE, Standing.EXPIRED)
    world.consents["d" * 16] = replace(view, handed_in=True)
    assert world.says("hồ sơ của tôi") == ("track.none",)
    assert world.says("[Người tôi giúp]") == ("helping.people",)
    assert world.says(f"[{MAN} (1)]") == ("helping.ways-again",)
    assert "Đồng ý tại bàn" not in world.labels
    world.says("[Gửi mã tới điện thoại]")
    world.says("0912345678")
    assert world.says("123456") == ("helping.renewed",)


def test_what_was_taken_back_is_in_no_list() -> None:
    world = World(consents=CONSENTED)
    view = MandateView("m" * 16, "d" * 16, MAN, "Hồ Văn Nam", "relative", "Cấp giấy", Way.CODE, Standing.REVOKED)
    world.consents["d" * 16] = replace(view, handed_in=True)
    assert world.says("hồ sơ của tôi") == ("track.none",)
    assert "Người tôi giúp" not in world.labels
    assert world.says(Pressed("people")) == ("helping.people-none",)
    assert world.says(Pressed("help-again:" + "m" * 16))[0] == "helping.gone"


def test_whoever_is_helped_sees_each_look_and_takes_it_back() -> None:
    world = World(consents=CONSENTED)
    helper = Helper("Hồ Văn Nam", "village-head", Way.CODE, Standing.GIVEN, NOW, NOW, "+84912345678")
    world.helped = [HelpedView("m" * 16, "d" * 16, "Cấp giấy", "MC1", helper, True, (NOW,))]
    world.says("hồ sơ của tôi")
    assert world.says("[Người khác nộp hộ tôi]") == ("helping.own",)
    assert "trưởng thôn" in world.text
    assert world.says("[Xem ai đã mở]") == ("helping.own-looks", "helping.own")
    assert world.says("[Thu hồi đồng ý]") == ("helping.revoke-sure",)
    assert world.says("[Giữ nguyên]") == ("helping.own",)
    world.says("[Thu hồi đồng ý]")
    assert world.says("không") == ("helping.own",)
    world.says("[Thu hồi đồng ý]")
    said = world.says("[Thu hồi đồng ý]")
    assert said == ("helping.revoke-done", "helping.own")
    assert world.effects == [RevokeConsent("m" * 16)]
    assert "Thu hồi đồng ý" not in world.labels
    assert world.says(Pressed("unhelpok:" + "m" * 16))[0] == "common.old-button"
