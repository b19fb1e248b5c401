"""Each answer to free words says how sure it is, and leads on where it is wrong."""

from __future__ import annotations

import dataclasses

import pytest

from catalogue.model import RoutingOption, RoutingQuestion
from catalogue.search import Found, Hit, Search
from conversations.effects import CallOfficer, NoteMissed
from conversations.messages import Pressed
from conversations.narrow import apart, likely
from conversations.render import short
from tests.conversations.world import World, catalogue

SURE = "Tôi hiểu bạn cần việc này:"


class Finds(Search):
    """Finds the same in everything."""

    def __init__(self, found: Found) -> None:
        super().__init__(catalogue())
        self.found = found

    def find(self, text: str, *, office: str | None = None) -> Found:  # noqa: ARG002
        return self.found


def world(*scores: int, confident: bool = False) -> World:
    """The first procedures of the list are found with these scores."""
    made = World()
    ranked = tuple(Hit(p, score) for p, score in zip(catalogue().procedures, scores, strict=False))
    made.search = Finds(Found(ranked=ranked, confident=confident, choices=() if confident else likely(ranked)))
    return made


def first(number: int) -> list[str]:
    return [p.display_name for p in catalogue().procedures.values()][:number]


def test_sure_goes_to_the_page_and_says_so() -> None:
    sure = world(90, 50, 40, 35, 33, 32, 31, confident=True)
    assert sure.says("gì cũng được") == ("page.procedure",)
    assert f"{SURE}\n{first(1)[0]}" in sure.text
    assert "Không phải việc này?" in sure.labels


def test_a_page_that_was_chosen_claims_nothing() -> None:
    chosen = World()
    chosen.says(Pressed("open:khai-sinh"))
    assert SURE not in chosen.text


def test_not_this_leads_to_the_next_best_and_then_to_other_ways() -> None:
    sure = world(90, 50, 48, 46, 45, 44, 43, confident=True)
    sure.says("gì cũng được")
    assert sure.says("[Không phải việc này?]") == ("find.instead",)
    assert sure.text.startswith("Tôi chưa chắc. Hay là")
    assert [b.value.partition(":")[0] for b in sure.buttons] == ["open"] * 5 + ["not-this", "call"]
    assert first(1)[0] not in " ".join(sure.labels)
    assert sure.effects == []
    assert sure.says("[Không có việc nào đúng]") == ("find.again",)
    assert sure.effects == [NoteMissed("gì cũng được")]
    assert sure.labels == ["Theo lĩnh vực", "Theo việc trong đời", "Điện thoại của xã", "Gặp cán bộ"]


def test_unsure_offers_three_to_five_and_tells_them_apart() -> None:
    unsure = world(80, 78, 75, 70, 65, 64, 63)
    assert unsure.says("gì cũng được") == ("find.choose",)
    assert unsure.text.startswith("Tôi chưa chắc")
    assert len([b for b in unsure.buttons if b.value.startswith("open:")]) == 5
    shown = unsure.text.splitlines()[2:]
    assert [line[:3] for line in shown] == ["1. ", "2. ", "3. ", "4. ", "5. "]
    assert unsure.labels[:5] == [short(f"{n}. {name}") for n, name in enumerate(first(5), 1)]


def test_few_that_are_close_are_filled_up_to_three() -> None:
    unsure = world(90, 48, 45, 42)
    unsure.says("gì cũng được")
    assert len([b for b in unsure.buttons if b.value.startswith("open:")]) == 3


def test_one_of_several_opens_by_its_number_and_back_shows_them_again() -> None:
    unsure = world(80, 60, 50)
    unsure.says("gì cũng được")
    assert unsure.says("2") == ("page.procedure",)
    assert SURE not in unsure.text
    assert unsure.says("quay lại") == ("find.choose",)
    unsure.says("1")
    assert unsure.says("[Không phải việc này?]") == ("find.again",)
    assert unsure.effects == [NoteMissed("gì cũng được")]


def test_what_sets_procedures_apart_is_short_and_told_once() -> None:
    lines = [apart(p) for p in catalogue().procedures.values()]
    assert len(set(lines)) == len(lines)
    assert max(map(len, lines)) <= 60
    assert not [line for line in lines if line.endswith((".", "…"))]


def test_one_thing_is_asked_at_a_time() -> None:
    grieving = World()
    assert grieving.says("mai táng phí") == ("find.routing",)
    assert "đã khai tử" in grieving.text
    assert grieving.says("[Đã khai tử rồi]") == ("find.routing",)
    assert "đang hưởng khoản nào" in grieving.text
    assert grieving.says("[Trợ cấp xã hội (khuyết tật, bảo trợ)]") == ("page.procedure",)
    assert grieving.state.talk.procedure == "mai-tang-bao-tro-xa-hoi"
    assert grieving.says("quay lại") == ("find.routing",)
    assert "đang hưởng khoản nào" in grieving.text


@pytest.mark.parametrize(("said", "leads"), [("chưa ạ", "khai-tu"), ("chưa khai tử", "khai-tu"), ("chua", "khai-tu")])
def test_a_question_is_answered_in_words(said: str, leads: str) -> None:
    grieving = World()
    grieving.says("mai táng phí")
    assert grieving.says(said) == ("page.procedure",)
    assert grieving.state.talk.procedure == leads


def test_yes_to_a_question_leads_to_the_next() -> None:
    grieving = World()
    grieving.says("mai táng phí")
    assert grieving.says("dạ rồi") == ("find.routing",)
    assert "đang hưởng khoản nào" in grieving.text
    old = World()
    old.says("tiền người già")
    assert old.says("không có ạ") == ("find.routing",)
    assert "bao nhiêu tuổi" in old.text


@pytest.mark.parametrize("said", ["không phải", "sai rồi", "không phải việc này"])
def test_not_this_in_words(said: str) -> None:
    sure = world(90, 50, 48, 46, confident=True)
    sure.says("gì cũng được")
    assert sure.says(said) == ("find.instead",)


def test_a_question_that_does_not_fit_leads_to_what_the_words_are_like() -> None:
    asked = World()
    asked.says("giấy độc thân")
    assert asked.says("[Tôi hỏi việc khác]") == ("find.choose",)
    assert asked.says("[Không có việc nào đúng]") == ("find.again",)
    assert asked.effects == [NoteMissed("giấy độc thân")]


@pytest.mark.parametrize("question", catalogue().routing.values(), ids=lambda q: q.id)
def test_every_option_of_a_question_leads_somewhere(question: RoutingQuestion) -> None:
    for number in range(len(question.options)):
        keys = World().says(Pressed(f"route:{question.id}:{number}"))
        assert {*keys} <= {"page.procedure", "find.routing", "find.answer", "find.outside-own", "find.outside-other"}


def test_an_option_with_a_next_question() -> None:
    asked = World()
    last = RoutingQuestion(id="b", question="Hai?", triggers=(), options=(RoutingOption(label="Có", to="khai-tu"),))
    one = RoutingQuestion(id="a", question="Một?", triggers=("một",), options=(RoutingOption(label="Có", ask="b"),))
    asked.catalogue = dataclasses.replace(asked.catalogue, routing={"a": one, "b": last})
    assert asked.says(Pressed("route:a:0")) == ("find.routing",)
    assert "Hai?" in asked.text


def test_outside_of_our_own_commune_gives_hours_an_appointment_and_a_person() -> None:
    own = World()
    assert own.says("xin giấy phép xây dựng nhà") == ("find.outside-own",)
    assert "7:30" in own.text
    assert "nơi khác" not in own.text
    assert own.labels[0] == "Hẹn gặp cán bộ"
    own.says("[Hẹn gặp cán bộ]")
    assert isinstance(own.effects[0], CallOfficer)


@pytest.mark.parametrize("entry", [e for e in catalogue().outside.values() if e.own_commune], ids=lambda e: e.id)
def test_our_own_is_never_called_another_office(entry: object) -> None:
    own = World()
    own.search = Finds(Found(outside=entry))  # type: ignore[arg-type]
    assert own.says("gì cũng được") == ("find.outside-own",)


def test_outside_that_was_not_meant() -> None:
    own = World()
    own.says("làm hộ chiếu")
    assert "Tôi hiểu bạn hỏi: Cấp hộ chiếu" in own.text
    assert own.says("[Không phải việc này?]")[0] in ("find.choose", "find.again")


@pytest.mark.parametrize(
    "said",
    [
        "nộp rồi mà sao lâu thế",
        "thái độ của cán bộ không tốt",
        "can bo thai do voi dan",
        "tôi muốn phản ánh",
        "khiếu nại",
        "hồ sơ của tôi sao chậm vậy",
        "xin giấy độc thân mà cán bộ thái độ quá",
    ],
)
def test_feedback_goes_to_a_person_in_the_words_already_written(said: str) -> None:
    angry = World()
    assert angry.says(said) == ("find.feedback",)
    assert angry.says("[Chuyển lời này tới cán bộ]") == ("call.opened",)
    assert angry.effects == [CallOfficer(said)]


def test_an_old_button_of_feedback_asks_for_words() -> None:
    assert World().says(Pressed("tell")) == ("call.about",)


@pytest.mark.parametrize("said", ["khai sinh cho con tên Phan Anh", "tiền cho mai táng", "xin giấy độc thân"])
def test_a_name_is_no_feedback(said: str) -> None:
    assert World().says(said) != ("find.feedback",)


@pytest.mark.parametrize(
    "said",
    [
        "tra cứu 042194001234",
        "042194001234",
        "ho so so 123456",
    ],
)
def test_numbers_lead_to_tracking(said: str) -> None:
    assert World().says(said)[0] == "track.not-by-number"


@pytest.mark.parametrize("said", ["0912345678", "số điện thoại của tôi là 0912 345 678", "sdt 0912.345.678"])
def test_numbers_of_telephones_are_looked_up(said: str) -> None:
    assert World().says(said)[0] == "look-up.stranger"


@pytest.mark.parametrize("said", ["giấy khai tử của ông bao giờ có kết quả", "hồ sơ khai sinh của tôi đến đâu rồi"])
def test_a_dossier_that_was_handed_in_is_tracked(said: str) -> None:
    assert World().says(said) == ("track.none",)


@pytest.mark.parametrize("said", ["em chào cán bộ", "dạ em chào ạ", "Xin chào", "hello ad"])
def test_greetings_are_greeted(said: str) -> None:
    assert World().says(said) == ("start.greeting", "menu.ask")


def test_long_numbers_are_not_kept_with_what_was_missed() -> None:
    lost = world()
    assert lost.says("gọi cho tôi 0912 345 678 về cái chuyện hôm nọ") == ("find.missed",)
    assert lost.effects == [NoteMissed("gọi cho tôi … về cái chuyện hôm nọ")]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("đừng nhắn tin nữa", "where.stop"),
        ("tôi không muốn nhận tin nữa", "where.stop"),
        ("đừng gửi tin nhắn cho tôi nữa nhé", "where.stop"),
        ("báo tin cho tôi qua zalo", "where.ask"),
        ("tôi muốn nhận tin nhắn điện thoại", "where.ask"),
        ("đừng nhắn ban đêm", "where.ask"),
        ("tôi đổi điện thoại rồi", "linking.choose"),
        ("em bị mất điện thoại rồi", "look-up.ask"),
        ("ai vừa gọi cho tôi bảo là cán bộ xã đòi mã otp", "impostors.ask"),
        ("có người giả danh cán bộ xã", "impostors.ask"),
    ],
)
def test_what_is_wanted_of_news_and_telephones_is_no_procedure(said: str, key: str) -> None:
    world = World()
    world.ways, world.link_to = frozenset({"zalo", "email"}), ("zalo", "telegram")
    assert world.says(said) == (key,)


@pytest.mark.parametrize("said", ["đúng, nhắn tin nữa", "không nhận con nữa", "tôi mất máy cày", "không nhận"])
def test_and_what_only_sounds_like_it_stops_nothing(said: str) -> None:
    world = World()
    world.says(said)
    assert not world.state.person.told.stopped
    assert world.state.talk.screen != "look"
