"""Robots walk a procedure to all of its ends, and find what would stop a person."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from catalogue.model import Catalogue, Condition, Procedure
from conversations import questions
from conversations.messages import Button, File, Message
from conversations.rehearsal import limits
from conversations.rehearsal.pretend import Pretend
from conversations.rehearsal.rehearse import Rehearsed, goals, rehearse
from conversations.state import Say
from handlers import telegram_pieces
from tests.conversations.world import NOW, catalogue, search

SMALL = "tach-hop-thua-dat"


def _rehearsed(procedure: Procedure) -> Rehearsed:
    known = catalogue()
    changed = dataclasses.replace(known, procedures={**known.procedures, procedure.id: procedure})
    return rehearse(procedure, _world(changed))


def _world(known: Catalogue) -> Pretend:
    return Pretend(known, search(), NOW, office="son-tien")


def _found(procedure: Procedure) -> dict[str, str]:
    """What is wrong, by place."""
    return {fault.place: fault.what for fault in _rehearsed(procedure).faults}


@pytest.mark.parametrize("name", [SMALL, "khai-tu", "nhan-cha-me-con", "giay-khen-gia-dinh", "ba-me-viet-nam-anh-hung"])
def test_nothing_stops_anybody(name: str) -> None:
    result = _rehearsed(catalogue().procedures[name])
    assert [f"{fault.place}: {fault.what}" for fault in result.faults] == []
    assert [missed for missed in result.missed if missed[0] != "doubt"] == []


def test_every_choice_paper_and_detour_is_a_goal() -> None:
    procedure = catalogue().procedures["khai-sinh"]
    reached = {goal.reached for goal in goals(procedure, _world(catalogue()))}
    relation = procedure.question("requester_relation")
    assert {("choice", relation.key, choice) for choice in relation.choices} <= reached
    assert ("no-paper", "bien-ban-tre-bo-roi") in reached
    assert {("detour", str(n)) for n in range(len(procedure.detours))} <= reached


def test_an_answer_that_is_not_taken_is_a_dead_end() -> None:
    procedure = catalogue().procedures[SMALL]
    at = next(n for n, q in enumerate(procedure.questions) if q.kind == "phone")
    broken = replace(procedure.questions[at], example="gọi cho con tôi")
    changed = replace(procedure, questions=(*procedure.questions[:at], broken, *procedure.questions[at + 1 :]))
    assert _found(changed)[f"câu hỏi {broken.key}"].startswith("ngõ cụt: câu trả lời 'gọi cho con tôi' không đi tiếp")


def test_a_question_that_nothing_leads_to_is_named() -> None:
    procedure = catalogue().procedures["khai-tu"]
    last = procedure.questions[-1]
    never = replace(
        last,
        key="never",
        kind="text",
        choices=(),
        default=None,
        ask_when=Condition(field="requester_id", in_=("không",)),
    )
    result = _rehearsed(replace(procedure, questions=(*procedure.questions, never)))
    assert ("question", "never") in result.missed


def test_texts_and_buttons_too_long_are_named() -> None:
    procedure = catalogue().procedures[SMALL]
    long = replace(procedure.questions[0], ask="Thửa đất nào? " * 200)
    found = _found(replace(procedure, questions=(long, *procedure.questions[1:])))
    assert (
        found[f"câu hỏi {long.key}"] == "dài quá với Zalo (câu nói): 2800, nhiều nhất 2000"
        or "dài quá" in found[f"câu hỏi {long.key}"]
    )


def test_choices_that_look_the_same_on_a_phone_are_named() -> None:
    procedure = catalogue().procedures["khai-tu"]
    at = next(n for n, q in enumerate(procedure.questions) if q.choices and q.default is None)
    alike: tuple[str, ...] = ("Người cùng ở chung một nhà với người đã mất từ trước đến nay, là nam",)
    alike += ("Người cùng ở chung một nhà với người đã mất từ trước đến nay, là nữ",)
    changed = replace(procedure.questions[at], choices=(*procedure.questions[at].choices, *alike))
    found = _found(replace(procedure, questions=(*procedure.questions[:at], changed, *procedure.questions[at + 1 :])))
    assert any(what.startswith("hai nhãn nút giống nhau: Người cùng ở chung") for what in found.values())


def test_a_program_that_fails_is_a_finding_and_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    procedure = catalogue().procedures[SMALL]
    real, key = questions.ask, procedure.questions[1].key

    def broken(*given: object) -> tuple[Say, ...]:
        if getattr(given[3], "key", "") == key:
            raise ZeroDivisionError("seeded")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(questions, "ask", broken)
    assert any("ZeroDivisionError: seeded" in what for what in _found(procedure).values())


def test_limits_are_counted_as_messengers_count() -> None:
    buttons = tuple(Button(f"Nút {n}", f"v:{n}") for n in range(6))
    menu = Message("ạ" * 1990, buttons)
    assert [(found.channel, found.what) for found in limits.too_long(menu)] == [("Zalo", "menu")]
    assert not list(limits.too_long(Message("🎉" * 999)))
    assert [found.length for found in limits.too_long(Message("🎉" * 1001))] == [2002]
    photo = Message("ơ" * 1025, files=(File("f", "image/jpeg", 1, "n" * 121),))
    assert {(found.channel, found.what) for found in limits.too_long(photo)} == {
        ("Telegram", "caption"),
        ("Telegram", "file"),
        ("Zalo", "file"),
    }
    value = Message("x", (Button("ừ" * 61, "d:" + "ừ" * 21),))
    assert [found.what for found in limits.too_long(value)] == ["label", "value"]


def test_telegram_limits_are_those_that_its_handler_cuts_at() -> None:
    telegram = next(channel for channel in limits.CHANNELS if channel.name == "Telegram")
    assert (telegram.text, telegram.caption) == (telegram_pieces.TEXT, telegram_pieces.CAPTION)
    assert telegram.buttons == telegram_pieces.BUTTONS
