"""First contact, words that work everywhere, typed buttons, misfits."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from catalogue.model import Catalogue, Office
from catalogue.search import Search
from conversations.effects import NoteMissed
from conversations.messages import Edited, Event, File, FileSent, Pressed, Started, TextSent, TimeCame, Unsupported
from tests.conversations.world import World, catalogue


def new(offices: int = 1) -> World:
    """Somebody who was never here, with one real office or two."""
    world = World(screen="start", office="")
    if offices == 2:
        all_ = dict(catalogue().offices)
        all_["thuc-hanh"] = replace(all_["thuc-hanh"], practice=False)
        world.catalogue = Catalogue(**{f: getattr(catalogue(), f) for f in Catalogue.__slots__} | {"offices": all_})
    return world


def test_one_office_is_taken_without_asking() -> None:
    world = new()
    assert world.says("chào bạn") == ("start.greeting", "menu.ask")
    assert "OTP" in world.text
    assert world.state.person.office == "son-tien"
    assert world.labels[0] == "Tìm thủ tục"


def test_the_office_is_asked_among_several() -> None:
    world = new(2)
    assert world.says("xin giấy độc thân") == ("start.greeting-any", "start.office")
    assert world.says("xã nào đó xa lắm") == ("start.office-unknown", "start.office")
    assert world.says(Unsupported("sticker")) == ("misfit.sticker", "start.office")
    assert world.says("an hoa thinh") == ("start.office-taken", "find.routing")
    assert world.state.person.office == "son-tien"


class Likes(Search):
    """Finds every office in every name."""

    def __init__(self, offices: list[Office]) -> None:
        super().__init__(catalogue())
        self._all = offices

    def offices(self, text: str) -> list[Office]:
        return self._all if text else []


def test_offices_with_like_names() -> None:
    world = new(2)
    both = [*world.catalogue.offices.values()]
    world.search = Likes(both)
    world.says("chào")
    assert world.photo() == ("start.office-first", "start.office")
    assert world.says("sơn") == ("start.office-several",)
    assert world.says(f"[{both[1].short_name}]") == ("start.office-taken", "menu.ask")


def test_a_practice_office_is_found_by_name_only() -> None:
    world = new()
    world.says("chào")
    assert world.says("đổi xã") == ("start.office-change",)
    assert "Xã Thực Hành" not in world.labels
    assert world.says("thực hành") == ("start.office-taken", "menu.ask")
    assert world.state.person.office == "thuc-hanh"


@pytest.mark.parametrize(
    ("payload", "keys", "office"),
    [
        ("", ("start.greeting", "menu.ask"), "son-tien"),
        ("khai-tu", ("start.greeting", "page.procedure"), "son-tien"),
        ("office-thuc-hanh", ("start.greeting", "menu.ask"), "thuc-hanh"),
        ("thuc-hanh--khai-tu", ("start.greeting", "page.procedure"), "thuc-hanh"),
        ("khong-con--khai-tu", ("start.greeting", "page.procedure"), "son-tien"),
        ("thuc-hanh--khong-con", ("start.greeting", "menu.ask"), "thuc-hanh"),
        ("thu-tuc-da-bo", ("start.greeting", "start.link-gone", "menu.ask"), "son-tien"),
    ],
)
def test_links_at_the_first_contact(payload: str, keys: tuple[str, ...], office: str) -> None:
    world = new()
    assert world.says(Started(payload)) == keys
    assert world.state.person.office == office


def test_a_photo_at_the_first_contact_is_not_passed_over() -> None:
    photo = FileSent(File("r", "image/jpeg", 5), album="a")
    world = new()
    assert world.says(photo) == ("start.greeting", "misfit.file-nowhere", "menu.ask")
    assert world.says(photo) == ()  # the album's next


def test_links_in_a_known_chat() -> None:
    world = World()
    assert world.says(Started("khai-tu")) == ("page.procedure",)
    assert world.says(Started("office-thuc-hanh")) == ("start.office-taken", "menu.ask")
    assert world.says(Started("thuc-hanh--khai-sinh")) == ("page.procedure",)
    assert world.says(Started("son-tien--khai-sinh")) == ("start.office-taken", "page.procedure")
    assert world.says(Started("thu-tuc-da-bo")) == ("start.link-gone", "menu.ask")
    assert world.state.person.office == "son-tien"
    assert world.says(Started()) == ("start.greeting", "menu.ask")


@pytest.mark.parametrize("screen", ["start", "menu", "page", "call-about", "office"])
@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("cháy nhà bà con ơi", "114"),
        ("co nguoi cam dao doi giet toi", "113"),
        ("cấp cứu có người ngất xỉu", "115"),
        ("con tôi bị lạc", "111"),
    ],
)
def test_an_emergency_first_and_the_place_kept(screen: str, said: str, number: str) -> None:
    world = World(screen=screen, office="" if screen == "start" else "son-tien")
    assert world.says(said)[0] == "common.emergency"
    assert number in world.last[0].text
    assert world.state.talk.screen == screen


@pytest.mark.parametrize("said", ["/menu", "MENU", "mênu", "me\u0302nu\u200b", "về đầu", "\u202emenu"])
def test_words_are_read_with_and_without_accents(said: str) -> None:
    assert World(screen="fields").says(said) == ("menu.ask",)


def test_labels_and_numbers_press_the_buttons_shown_last() -> None:
    world = World()
    world.says("menu")
    assert world.says("theo linh vuc") == ("menu.fields",)
    assert world.says("1.") == ("menu.procedures",)
    assert world.says("1") == ("page.procedure",)
    assert world.says("nộp hồ sơ") == ("apply.begin", "apply.for-whom-self")


def test_browsing_and_back() -> None:
    world = World()
    world.says("theo việc trong đời")
    assert world.labels[-2:] == ["Xem thêm", "Về đầu"]
    world.says("[Xem thêm]")
    world.says("[Quay lại]") if "Quay lại" in world.labels else world.says("quay lại")
    assert world.keys == ("menu.ask",)
    world.says(Pressed("field:hanh-chinh-tu-phap"))
    assert len([b for b in world.buttons if b.value.startswith("open:")]) == 8
    world.says("2")
    assert world.keys == ("page.procedure",)
    assert world.says("quay lại") == ("menu.procedures",)
    assert world.says("quay lại") == ("menu.fields",)
    assert world.says("quay lại") == ("menu.ask",)


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (Unsupported("sticker"), "misfit.sticker"),
        (Unsupported("voice"), "misfit.voice"),
        (Unsupported("location"), "misfit.location"),
        (Unsupported("video"), "misfit.video"),
        (Unsupported("contact"), "misfit.contact"),
        (Unsupported("empty-file"), "misfit.empty-file"),
        (Unsupported("too-large"), "misfit.too-large"),
        (Unsupported("a new kind"), "misfit.unknown"),
        (Edited("sửa"), "misfit.edited"),
        (TextSent("a" * 10_000), "misfit.too-long"),
        (TextSent("\u200b\u202e  "), "misfit.empty"),
        (FileSent(File("r", "audio/ogg", 5)), "misfit.voice"),
        (FileSent(File("r", "image/jpeg", 5)), "misfit.file-nowhere"),
        (Pressed("from:another:age"), "common.old-button"),
        (Pressed(""), "common.old-button"),
        (Pressed("ans:x:1:gone"), "common.old-button"),
        (Pressed("route:no:1"), "common.old-button"),
        (Pressed("open:no-such"), "page.gone"),
        (Pressed("call:no-such"), "common.old-button"),
    ],
)
def test_misfits_keep_the_place(event: Event, key: str) -> None:
    world = World()
    assert world.says(event) == (key, "menu.ask")
    assert world.effects == []


def test_time_says_nothing_by_itself() -> None:
    assert World().says(TimeCame("due-soon", "x")) == ()


def test_thanks_choose_nothing_and_are_not_told_to_choose() -> None:
    world = World()
    world.says("nuôi con")
    assert world.state.talk.screen == "choose"
    assert world.says("cám ơn nha") == ("common.thanks",)


@pytest.mark.parametrize(("said", "key"), [("...", "misfit.empty"), ("?", "misfit.empty"), ("🐔🐔", "misfit.sticker")])
def test_signs_are_no_words(said: str, key: str) -> None:
    assert World().says(said)[0] == key


def test_a_voice_at_the_first_contact_is_not_passed_over() -> None:
    assert World(office="", screen="start").says(Unsupported("voice"))[:2] == ("start.greeting", "misfit.voice")


@pytest.mark.parametrize("said", ["chào bạn", "hi ad", "xin chào", "em ơi", "con ơi", "bạn là ai"])
def test_greetings(said: str) -> None:
    assert World().says(said) == ("start.greeting", "menu.ask")


@pytest.mark.parametrize(
    "said", ["dạ vâng cảm ơn ạ", "cảm ơn nhé", "ok bạn nhé", "cảm ơn con nhé", "tks ad", "👍", "❤️", "không", "thôi ạ"]
)
def test_thanks_are_no_beginning(said: str) -> None:
    assert World().says(said) == ("common.thanks",)


@pytest.mark.parametrize(
    "said", ["đã xem", "da nhan duoc tin", "Nhận được rồi nhé", "tôi biết rồi ạ", "dạ em đã đọc rồi."]
)
def test_whoever_says_that_they_have_read_it_is_not_told_that_nobody_understands(said: str) -> None:
    assert World().says(said) == ("common.thanks",)


@pytest.mark.parametrize(
    "said",
    [
        "nộp hồ sơ",
        "em muốn làm giấy tờ ạ",
        "nop ho so o dau",
        "xin giấy",
        "xin làm đơn ạ",
        "cho hỏi",
        "cho bác hỏi chút",
    ],
)
def test_a_dossier_of_no_kind_is_asked_for(said: str) -> None:
    assert World().says(said) == ("menu.find",)


@pytest.mark.parametrize(
    "said",
    ["tôi già rồi không biết chữ", "mắt kém không đọc được", "bác không biết dùng", "gọi điện cho bác được không"],
)
def test_who_cannot_read_may_phone(said: str) -> None:
    assert World().says(said) == ("guide.hotline",)


def test_found_at_once() -> None:
    world = World()
    assert world.says("lam giay khai tu cho ong noi") == ("page.procedure",)
    assert world.state.talk.procedure == "khai-tu"
    assert "Không phải việc này?" in world.labels


def test_a_question_leads_the_way() -> None:
    world = World()
    assert world.says("mất giấy khai sinh") == ("find.routing",)
    assert world.says("[Chưa từng làm khai sinh]") == ("find.outside-own",)
    assert world.labels[0] == "Hẹn gặp cán bộ"
    world.says("mất giấy khai sinh")
    assert world.says("1") == ("page.procedure",)


def test_an_option_that_only_answers() -> None:
    assert World().says(Pressed("route:bo-doi-dan-cong:3")) == ("find.answer",)
    assert World().says(Pressed("route:giay-doc-than:0")) == ("find.answer", "find.outside-own")


def test_elsewhere() -> None:
    world = World()
    assert world.says("làm căn cước") == ("find.outside-other",)
    assert "Công an" in world.text


@pytest.mark.parametrize("said", ["lấy vợ", "tôi muốn lấy chồng", "lấy vợ cần giấy gì"])
def test_marrying_is_not_taken_for_marrying_over_the_border(said: str) -> None:
    world = World()
    world.says(said)
    assert world.state.talk.screen != "page"
    assert "Đăng ký kết hôn" in world.text


def test_not_understood_is_noted() -> None:
    world = World()
    assert world.says("ca sĩ nào hát bài ví giặm hay nhất") == ("find.missed",)
    assert world.effects == [NoteMissed("ca sĩ nào hát bài ví giặm hay nhất")]


def test_common_questions_about_the_office() -> None:
    assert World().says("mấy giờ xã nghỉ trưa") == ("guide.hotline",)
    assert World().says("đơn em nộp hôm trước tới đâu rồi") == ("track.none",)
    assert World().says("mức độ 4") == ("guide.levels",)
