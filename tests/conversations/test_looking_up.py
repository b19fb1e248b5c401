"""Look-up by number, by code, by both: what the owner sees, what a stranger sees, and who is asked to wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations import challenge
from conversations.look_effects import Follow, HeldBack, LookedUp, ShownHuman
from conversations.messages import Pressed
from conversations.state import DossierView, Draft
from domain.codes import show
from domain.rights import FRESH, PHONE, Proof
from tests.conversations.world import NOW, World

BOOK = "ban-sao-trich-luc-ho-tich"
NUMBER = "+84984123456"
UNKNOWN = "0977 000 111"
OFFICIAL = "H27.XX.YY-261123-0001"


def world(*, own: bool = False, how: str = "", **changes: object) -> tuple[World, DossierView]:
    """Somebody, and a dossier handed in with NUMBER; `how` they have proven that number, if at all."""
    made = World(consents=("handle", "no-notify"))
    dossier = made.view(Draft("a" * 16, BOOK, "v", applicant="Lê Văn Ba"), own=own, status="accepted")
    dossier = replace(dossier, official_code=OFFICIAL, **changes)
    (made.dossiers if own else made.others).append(dossier)
    made.numbers[dossier.id] = NUMBER
    if how:
        made.proofs.append(Proof(PHONE, NUMBER, how, NOW))
    return made, dossier


def shown(made: World) -> tuple[str, list[str]]:
    return made.text, [button.label for button in made.buttons]


def test_a_stranger_reads_the_same_for_every_number() -> None:
    made, _ = world()
    assert made.says("0984123456") == ("look-up.stranger",)
    assert made.effects == [LookedUp(NUMBER)]
    known = shown(made)
    other, _ = world()
    assert other.says(UNKNOWN) == ("look-up.stranger",)
    assert other.effects == [LookedUp("+84977000111")]
    text, labels = shown(other)
    assert (text.replace(UNKNOWN, "0984 123 456"), labels) == known


@pytest.mark.parametrize(
    "said",
    [
        "0984123456",
        "+84 984 123 456",
        "tra cứu 0984.123.456",
        "tra cuu theo so dien thoai 0984123456 a",
        "sđt 0984 123 456",
    ],
)
def test_a_number_starts_it_however_it_is_written(said: str) -> None:
    made, _ = world(how="telegram")
    assert made.says(said) == ("look-up.list",)


@pytest.mark.parametrize("said", ["gọi lại cho tôi số 0984123456 nhé, tôi muốn hỏi việc đất", "042194001234", "098412"])
def test_other_numbers_and_numbers_in_a_tale_do_not(said: str) -> None:
    made, _ = world(how="telegram")
    assert "look-up.list" not in made.says(said)


@pytest.mark.parametrize("how", ["telegram", "sms", "zns", "clerk"])
def test_the_proven_owner_sees_all_and_may_read_each(how: str) -> None:
    made, dossier = world(how=how)
    mine = made.view(Draft("b" * 16, BOOK, "v", applicant="self"))
    made.dossiers.append(mine)
    made.numbers[mine.id] = NUMBER
    made.says("0984123456")
    assert "Cho Lê Văn Ba:\n- Cấp bản sao" in made.text
    assert "Cho bạn:\n- Cấp bản sao" in made.text
    assert made.effects == []  # one's own number is looked up as often as one likes
    assert [b.value for b in made.buttons][:2] == [f"d:{mine.id}", f"lookd:{dossier.id}"]
    assert made.says(Pressed(f"lookd:{dossier.id}")) == ("look-up.page",)
    assert f"Số hồ sơ: {OFFICIAL}" in made.text
    assert [b.label for b in made.buttons] == ["Danh sách hồ sơ", "Về đầu"]
    assert made.says("[Danh sách hồ sơ]") == ("look-up.list",)


@pytest.mark.parametrize("how", ["zalo", "email", "typed"])
def test_a_claimed_number_opens_nothing(how: str) -> None:
    made, dossier = world(how=how)
    assert made.says("0984123456") == ("look-up.stranger",)
    assert made.says(Pressed(f"lookd:{dossier.id}"))[0] == "common.old-button"
    assert "Lê Văn Ba" not in made.text


def test_the_proven_owner_opens_a_page_by_its_code() -> None:
    made, dossier = world(how="clerk")
    assert made.says(show(dossier.tracking_code)) == ("look-up.page",)
    assert made.says(f"0984123456 {OFFICIAL}") == ("look-up.page",)
    assert made.effects == []


def test_an_old_proof_opens_nothing() -> None:
    made, _ = world()
    made.proofs.append(Proof(PHONE, NUMBER, "sms", NOW - FRESH - timedelta(days=1)))
    assert made.says("0984123456") == ("look-up.stranger",)


def test_a_page_tells_nothing_of_other_persons() -> None:
    made, dossier = world(how="sms")
    made.others[0] = replace(dossier, status="done", collector=None, cosigner=None, correction=None)
    made.says("0984123456")
    made.says(Pressed(f"lookd:{dossier.id}"))
    assert made.says(Pressed(f"wd:{dossier.id}"))[0] == "track.no-withdraw"  # to be read, not to be changed


def test_both_together_show_the_bare_state() -> None:
    made, _ = world()
    assert made.says(f"{OFFICIAL} 0984 123 456") == ("track.bare",)
    assert made.effects == [LookedUp(NUMBER, pair=True)]
    assert OFFICIAL in made.text
    assert "Lê Văn Ba" not in made.text
    assert show(made.others[0].tracking_code) not in made.text  # the official code alone is no way to the other


def test_a_wrong_pair_does_not_tell_what_was_wrong() -> None:
    read = set()
    for pair in (f"{OFFICIAL} 0977000111", "H27.XX.YY-261123-0002 0984123456", "H27.XX.YY-261123-0002 0977000111"):
        made, _ = world()
        assert made.says(pair) == ("look-up.pair-wrong",)
        assert made.effects[0] in (LookedUp(NUMBER, pair=True), LookedUp("+84977000111", pair=True))
        read.add((made.text, tuple(b.label for b in made.buttons)))
    assert len(read) == 1


def test_the_code_can_be_given_after_the_number() -> None:
    made, _ = world()
    made.says("0984123456")
    assert made.says("[Tôi có mã hồ sơ]") == ("look-up.which-code",)
    assert made.says("H27.XX.YY-261123-0009") == ("look-up.pair-wrong",)
    assert made.says(OFFICIAL) == ("track.bare",)


def test_a_code_alone_is_as_before_but_counts() -> None:
    made, dossier = world()
    assert made.says(show(dossier.tracking_code))[0] == "track.bare"
    assert made.effects == [LookedUp()]
    assert made.says(OFFICIAL)[0] == "track.not-found"
    assert made.effects == [LookedUp()]


def test_ones_own_dossier_opens_by_any_code_without_counting() -> None:
    made, dossier = world(own=True)
    assert made.says(show(dossier.tracking_code)) == ("track.dossier",)
    assert made.says(OFFICIAL) == ("track.dossier",)
    made.looking = "over"
    assert made.says(OFFICIAL) == ("track.dossier",)
    assert made.effects == []


def test_a_claimed_number_need_not_be_said_beside_the_code() -> None:
    made, _ = world(how="zalo")
    assert made.says(OFFICIAL) == ("track.bare",)


@pytest.mark.parametrize("said", ["0984123456", UNKNOWN, OFFICIAL, f"{OFFICIAL} {UNKNOWN}"])
def test_beyond_the_limit_everything_reads_the_same(said: str) -> None:
    made, dossier = world()
    made.looking = "over"
    read = []
    for words in (said, show(dossier.tracking_code)):
        assert made.says(words) == ("look-up.over",)
        assert made.effects == [HeldBack()]
        read.append(shown(made))
    assert read[0] == read[1]


def test_the_owner_is_not_held_back() -> None:
    made, _ = world(how="telegram")
    made.looking = "over"
    assert made.says("0984123456") == ("look-up.list",)


def right_label(made: World) -> str:
    return challenge.question(made.state.talk.query.partition("\n")[0]).choices[
        challenge.question(made.state.talk.query.partition("\n")[0]).right
    ]


def test_who_behaves_like_a_machine_answers_a_question_and_goes_on() -> None:
    made, _ = world()
    made.looking = "human"
    assert made.says(f"{OFFICIAL} 0984123456") == ("challenge.ask",)
    assert made.effects == []
    assert made.says(right_label(made)) == ("track.bare",)  # typed as well as pressed
    assert made.effects == [ShownHuman(), LookedUp(NUMBER, pair=True)]


def test_a_wrong_answer_counts_and_another_question_comes() -> None:
    made, _ = world()
    made.looking = "human"
    made.says("0984123456")
    before, right = made.text, right_label(made)
    wrong = next(b.label for b in made.buttons if b.label not in (right, "Về đầu"))
    old = next(b.value for b in made.buttons if b.label == right)
    assert made.says(wrong) == ("challenge.again", "challenge.ask")
    assert made.effects == [LookedUp()]
    assert made.text != before
    assert made.says(Pressed(old))[0] == "common.old-button"  # the answer to the first question is too late
    made.looking = "over"
    again = next(b.label for b in made.buttons if b.label not in (right_label(made), "Về đầu"))
    assert made.says(again) == ("look-up.over",)


def test_the_question_locks_nobody_in() -> None:
    made, _ = world()
    made.looking = "human"
    made.says("0984123456")
    assert made.says("hồ sơ của tôi") == ("track.none",)


@pytest.mark.parametrize("seed", [f"{n:016x}" for n in range(200)])
def test_each_question_has_one_right_answer_and_fits(seed: str) -> None:
    asked = challenge.question(seed)
    assert len(set(asked.choices)) == 4
    assert 0 <= asked.right < 4
    assert all(len(choice) <= 20 for choice in asked.choices)
    if asked.choices[0].isdecimal():
        numbers = list(map(int, asked.choices))
        assert numbers[asked.right] == (max(numbers) if "lớn" in asked.words else min(numbers))


def test_questions_differ() -> None:
    assert len({challenge.question(f"{n}").words for n in range(200)}) == 8


def test_what_the_desk_entered_can_be_taken_over() -> None:
    made, dossier = world(how="sms", unheard=True, channel="direct")
    made.says("0984123456")
    made.says(Pressed(f"lookd:{dossier.id}"))
    made.says("[Báo tin cho tôi ở đây]")
    assert made.effects == [Follow(dossier.id, NUMBER)]


def test_what_another_chat_has_cannot() -> None:
    made, dossier = world(how="sms", channel="direct")
    made.says("0984123456")
    assert "Nối với cuộc trò chuyện khác của tôi" in [b.label for b in made.buttons]
    made.says(Pressed(f"lookd:{dossier.id}"))
    assert made.says(Pressed(f"follow:{dossier.id}"))[0] == "common.old-button"
    assert made.effects == []


def test_the_word_alone_asks_for_a_number_or_a_code() -> None:
    made, _ = world()
    assert made.says("Tra cứu") == ("look-up.ask",)
    assert made.says("0984123456") == ("look-up.stranger",)


def test_whoever_has_proven_a_number_need_not_type_it() -> None:
    made, _ = world(how="sms")
    assert made.says("hồ sơ của tôi") == ("track.none",)
    assert made.says("[Tra cứu theo số điện thoại]") == ("look-up.list",)


def test_a_mistyped_code_is_said_so_and_counts_nothing() -> None:
    made, _ = world()
    assert made.says("0984123456 K7P4-9XTM-3WHAA")[0] == "track.mistyped"
    assert made.effects == []
