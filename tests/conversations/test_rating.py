"""Rating a dossier that has ended: one tap, asked once, changed for a week, with words or without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations import notices
from conversations.effects import Rate, RateWord
from conversations.messages import Pressed
from conversations.rating import CHANGEABLE, LONGEST
from conversations.render import TEXTS
from conversations.satisfaction import STARS, stars_words
from conversations.state import DossierView, Draft, Talk
from domain.dossier import HandOver
from tests.conversations.world import NOW, World

BOOK = "ban-sao-trich-luc-ho-tich"
ID = "a" * 16
LABELS = ("Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng")


def ended(procedure: str = BOOK, **changes: object) -> World:
    world = World(consents=("handle", "no-notify"))
    given = {"status": "handed-over", **changes}
    world.dossiers.append(replace(world.view(Draft(ID, procedure, "v", applicant="self")), **given))
    return world


def rated(world: World, stars: int, ago: timedelta = timedelta()) -> DossierView:
    """As the bot shows it next time."""
    world.dossiers[0] = replace(world.dossiers[0], stars=stars, rated_at=NOW - ago)
    return world.dossiers[0]


def press(world: World, stars: int) -> tuple[str, ...]:
    return world.says(Pressed(f"rate:{ID}:{stars}"))


def notice(procedure: str) -> tuple[str, tuple[str, ...]]:
    world = ended(procedure)
    view, about = world.dossiers[0], world.catalogue.procedures[procedure]
    said = notices.notice(HandOver(()), view, world.office("son-tien"), about)
    assert said is not None
    return said.text, tuple(button.label for button in said.buttons)


def test_the_end_is_told_with_five_plain_buttons() -> None:
    words, labels = notice(BOOK)
    assert labels == LABELS
    assert words.endswith("(không bắt buộc).")
    assert [stars_words(stars) for stars in STARS] == list(LABELS)


@pytest.mark.parametrize("procedure", ["khai-tu"])
def test_where_somebody_died_nobody_is_cheerful(procedure: str) -> None:
    words, labels = notice(procedure)
    assert labels == LABELS
    assert "Khi nào tiện" in words
    assert "Cảm ơn" not in words
    world = ended(procedure)
    assert press(world, 5) == ("rating.thanks-grief",)
    assert "Cảm ơn" not in world.text
    assert press(ended(procedure), 1) == ("rating.low-grief",)
    assert all("!" not in TEXTS[key] for key in TEXTS if key.startswith("rating.") and "grief" in key)


@pytest.mark.parametrize("stars", STARS)
def test_one_tap_and_words_if_wanted(stars: int) -> None:
    world = ended()
    assert press(world, stars) == ("rating.low" if stars <= 2 else "rating.thanks",)
    assert world.effects == [Rate(ID, stars)]
    rated(world, stars)
    assert world.says("Nhanh, nói dễ hiểu") == ("rating.word-low" if stars <= 2 else "rating.word",)
    assert world.effects == [RateWord(ID, "Nhanh, nói dễ hiểu")]
    assert world.state.talk.screen == "menu"


@pytest.mark.parametrize("said", ["[Không cần]", "không cần", "1", "Không ạ", "thôi"])
def test_no_words_are_needed(said: str) -> None:
    world = ended()
    press(world, 4)
    assert world.says(said) == ("rating.no-word",)
    assert world.effects == []
    assert world.state.talk.screen == "menu"


def test_words_that_are_too_long_keep_the_place() -> None:
    world = ended()
    press(world, 4)
    assert world.says("d" * (LONGEST + 1)) == ("rating.too-long",)
    assert world.state.talk.screen == "rate-word"
    assert world.says("menu") == ("menu.ask",)


def test_a_label_may_be_typed() -> None:
    world = ended()
    assert world.says("rất hài lòng") == ("rating.thanks",)
    assert world.effects == [Rate(ID, 5)]
    assert World().says("rất hài lòng") != ("rating.thanks",)


@pytest.mark.parametrize("typed", ["tam duoc", "tốt lắm", "chán quá"])
def test_how_it_was_in_other_words_shows_the_five(typed: str) -> None:
    world = ended()
    assert world.says(typed) == ("rating.asked",)
    assert world.effects == []
    assert "rating.asked" not in World().says(typed)


def test_thanks_are_no_complaint_to_be_passed_on() -> None:
    world = ended()
    press(world, 2)
    assert world.says("cảm ơn cháu") == ("rating.no-word",)
    assert world.effects == []


def test_the_wish_to_rate() -> None:
    world = ended()
    assert world.says("đánh giá") == ("rating.asked",)
    assert [button.label for button in world.buttons] == list(LABELS)
    assert "rating.nothing" in World().says("đánh giá")


def test_it_can_be_changed_for_a_week() -> None:
    world = ended()
    rated(world, 4, CHANGEABLE)
    assert press(world, 5) == ("rating.thanks",)
    assert world.state.talk.screen == "menu", "the words were asked for before"
    assert world.effects == [Rate(ID, 5)]
    assert press(world, 4) == ("rating.same",)
    assert world.effects == []
    rated(world, 4, CHANGEABLE + timedelta(seconds=1))
    assert "rating.closed" in press(world, 5)
    assert world.effects == []


@pytest.mark.parametrize(
    ("status", "label"),
    [("handed-over", "Đánh giá"), ("refused", "Đánh giá"), ("stopped", "Đánh giá"), ("withdrawn", ""), ("done", "")],
)
def test_a_dossiers_page_offers_it(status: str, label: str) -> None:
    world = ended(status=status)
    world.says(Pressed(f"d:{ID}"))
    assert [b.label for b in world.buttons if b.value.startswith("rate")] == ([label] if label else [])
    assert bool(label) is (press(world, 3) == ("rating.thanks",))


def test_a_page_offers_to_change_it_and_then_no_more() -> None:
    world = ended()
    rated(world, 2)
    world.says(Pressed(f"d:{ID}"))
    assert "Đổi đánh giá" in [b.label for b in world.buttons]
    rated(world, 2, CHANGEABLE * 2)
    world.says(Pressed(f"d:{ID}"))
    assert "Đổi đánh giá" not in [b.label for b in world.buttons]


def test_somebody_elses_is_not_found() -> None:
    world = World()
    assert "track.not-found" in press(world, 5)
    assert world.effects == []


@pytest.mark.parametrize("value", [f"rate:{ID}:6", f"rate:{ID}:0", f"rate:{ID}:năm", f"rate:{ID}", f"rate:{ID}:"])
def test_what_is_no_number_of_stars_asks(value: str) -> None:
    world = ended()
    assert world.says(Pressed(value)) == ("rating.asked",)
    assert world.effects == []


def test_while_a_form_is_open_the_question_stays_open() -> None:
    world = ended()
    world.stored["b" * 16] = Draft("b" * 16, BOOK, world.catalogue.hashes[BOOK], applicant="self")
    world.state = replace(world.state, talk=Talk("draft", draft="b" * 16))
    keys = press(world, 5)
    assert keys[0] == "rating.thanks"
    assert len(keys) > 1
    assert world.state.talk.screen == "draft"


def test_while_talking_with_an_officer_words_are_for_the_officer() -> None:
    world = ended()
    world.call_open = True
    assert press(world, 1) == ("rating.low",)
    assert world.state.talk.screen == "menu"


@pytest.mark.parametrize("said", ["thống kê", "công khai", "Số liệu", "/thongke", "cho tôi xem thống kê"])
def test_where_the_figures_are(said: str) -> None:
    world = World()
    world.says(said)
    assert [type(effect).__name__ for effect in world.effects] == ["ShowFigures"]
