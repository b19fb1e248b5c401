"""Who a slip is for: whoever hands in, never somebody else on the form, and nothing where the form does not say."""

from __future__ import annotations

from functools import cache

import pytest

from bot.slip_facts import speaker
from catalogue.load import load
from catalogue.model import Catalogue


@cache
def catalogue() -> Catalogue:
    return load()


def test_whoever_hands_in_is_named_with_their_own_address() -> None:
    birth = catalogue().procedures["khai-sinh"]
    answers = {q.key: q.example for q in birth.questions if q.example}
    said = speaker(birth, answers)
    assert said["name"] == answers["requester_name"]
    assert said["phone"] == answers["requester_phone"]
    without = {key: value for key, value in answers.items() if birth.question(key).person != "requester"}
    assert speaker(birth, without).get("name") != answers["requester_name"]


def test_where_the_form_does_not_ask_their_address_there_is_none() -> None:
    birth = catalogue().procedures["khai-sinh"]
    answers = {"requester_name": "Nguyễn Thị Hoa", "birth_place": "Trung tâm Y tế Hương Sơn", "child_name": "Bảo"}
    assert speaker(birth, answers) == {"name": "Nguyễn Thị Hoa"}


def test_two_hand_in_together() -> None:
    again = catalogue().procedures["dang-ky-lai-ket-hon"]
    answers = {"husband_name": "Lê Văn Bình", "wife_name": "Nguyễn Thị Hoa", "wife_residence": "Thôn 9"}
    assert speaker(again, answers) == {"name": "Lê Văn Bình và Nguyễn Thị Hoa"}


@pytest.mark.parametrize("procedure", sorted(load().procedures))
def test_every_form_names_somebody_who_is_alive_and_of_age(procedure: str) -> None:
    """Whose name is first is not who hands in: the dead, the child and the adopted never are."""
    chosen = catalogue().procedures[procedure]
    answers = {q.key: f"{q.person or q.key} {q.detail or ''}".strip() for q in chosen.questions}
    said = speaker(chosen, answers)
    assert not said or said["name"].split()[0] not in ("deceased", "child", "adopted", "ward")
