"""A turn's messages cut for Zalo: no call too long, no choice lost, and everything can be answered in words."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.messages import Button, File, Message
from conversations.rehearsal.limits import CHANNELS
from handlers import zalo_bodies
from handlers.zalo_pieces import BUTTONS, CARD, PARTS, TEXT, pieces, plain, unpressed

PHOTO, PDF = File("p", "image/jpeg", 10), File("f", "application/pdf", 10, "phieu.pdf")


def buttons(count: int, label: str = "Việc") -> tuple[Button, ...]:
    return tuple(Button(f"{label} {n}", f"v:{n}") for n in range(1, count + 1))


def test_a_short_text_goes_as_it_is() -> None:
    assert pieces([Message("Chào bác")]) == [Message("Chào bác")]


def test_choices_stand_in_the_text_with_their_numbers_and_as_buttons() -> None:
    (one,) = pieces([Message("Bác cần gì?", buttons(2), typed="number")])
    assert one.text == "Bác cần gì?\n\n1. Việc 1\n2. Việc 2\n\nBạn nhắn số để chọn."
    assert one.buttons == buttons(2)
    assert plain(one) == one.text


def test_a_label_that_a_phone_cuts_off_is_found_by_its_number() -> None:
    long = Button("Đăng ký lại khai sinh cho người lớn", "x")
    (one,) = pieces([Message("?", (Button("Ngắn", "y"), long), typed="number")])
    assert [b.label for b in one.buttons] == ["Ngắn", "2. Đăng ký lại khai sinh cho người lớn"]


def test_what_the_text_has_told_with_numbers_is_not_told_again() -> None:
    choices = (Button("1. Khen thưởng theo đợt", "a"), Button("Việc khác", "b"))
    (one,) = pieces([Message("Hay là:\n\n1. Khen một đợt thi đua", choices, typed="number")])
    assert one.text == "Hay là:\n\n1. Khen một đợt thi đua\n\n2. Việc khác\n\nBạn nhắn số để chọn."
    assert [b.label for b in one.buttons] == ["1. Khen thưởng theo đợt", "Việc khác"]


def test_a_long_menu_has_numbers_alone() -> None:
    (one,) = pieces([Message("Chọn", buttons(BUTTONS + 1), typed="number")])
    assert "6. Việc 6" in one.text
    assert not one.buttons


@pytest.mark.parametrize(
    ("pressed", "written"),
    [
        ("Bạn bấm một trong các nút bên dưới, hoặc gõ đúng chữ trên nút.", "Bạn nhắn một số trong các mục dưới đây."),
        (
            "Muốn nhận lại, bạn bấm nút dưới đây hoặc gõ: nhận lại tin.",
            "Muốn nhận lại, bạn chọn dưới đây hoặc gõ: nhận lại tin.",
        ),
        ("Không phải bạn thì bấm «Không phải tôi».", "Không phải bạn thì nhắn «Không phải tôi»."),
        ("Bạn gõ chữ hoặc bấm nút giúp nhé.", "Bạn gõ chữ hoặc nhắn số giúp nhé."),
        ("Bấm nút nộp là bạn cam đoan.", "Chọn nộp là bạn cam đoan."),
        ("Bạn bấm nút máy ảnh để gửi.", "Bạn bấm nút máy ảnh để gửi."),
        ("Bạn bấm ghi âm rồi gửi vào đây.", "Bạn bấm ghi âm rồi gửi vào đây."),
    ],
)
def test_nobody_is_told_to_press_where_there_is_nothing_to_press(pressed: str, written: str) -> None:
    assert unpressed(pressed) == written
    assert plain(Message(pressed)) == written
    assert plain(Message(pressed, speaker="Thu")) == f"Thu:\n{pressed}"  # an officer's own words


def test_news_asks_nothing_so_its_labels_are_no_other_way_to_answer() -> None:
    (one,) = pieces([Message("Có tin.", (Button("Xem hồ sơ", "d:1"),), typed="news")])
    assert plain(one) == "Có tin.\n\nBạn có thể nhắn: «Xem hồ sơ»."


def test_where_a_number_is_an_answer_itself_labels_are_typed() -> None:
    (one,) = pieces([Message("Sinh năm nào?", (Button("Bỏ qua", "s"),), typed="label")])
    assert one.text == "Sinh năm nào?"
    assert plain(one) == "Sinh năm nào?\n\nHoặc nhắn: «Bỏ qua»."


def test_news_with_many_buttons_show_five_and_name_them_all() -> None:
    (one,) = pieces([Message("Tin", buttons(6), typed="label")])
    assert len(one.buttons) == BUTTONS
    assert "«Việc 6»" in one.text
    assert plain(one) == one.text


def test_texts_are_joined_and_the_last_one_asks() -> None:
    (one,) = pieces([Message("Đã ghi."), Message("Tiếp theo?", buttons(1), typed="number")])
    assert one.text.startswith("Đã ghi.\n\nTiếp theo?\n\n1. Việc 1")


def test_files_go_alone_and_before_the_choices() -> None:
    made = pieces([Message("Xem ảnh", buttons(1), (PHOTO, PDF), typed="number")])
    assert [piece.files for piece in made] == [(PHOTO,), (PDF,), ()]
    assert made[-1].buttons == buttons(1)


def test_a_picture_takes_its_words_along_and_a_paper_does_not() -> None:
    assert pieces([Message("Sơ đồ", files=(PHOTO,))]) == [Message("Sơ đồ", files=(PHOTO,))]
    assert [(p.text, p.files) for p in pieces([Message("Phiếu", files=(PDF,))])] == [("Phiếu", ()), ("", (PDF,))]


def test_the_own_number_is_asked_for_with_a_card_that_says_how_else() -> None:
    (one,) = pieces([Message("Số điện thoại?", (Button("Quay lại", "back"),), asks="phone", typed="label")])
    assert one.asks == "phone"
    assert one.text == "Số điện thoại?\n\nHoặc nhắn: «Quay lại»."
    assert plain(one) == one.text


def test_a_long_question_is_no_card() -> None:
    (one,) = pieces([Message("x" * CARD, (Button("Quay lại", "back"),), asks="phone", typed="label")])
    assert not one.asks
    assert one.buttons


def test_what_an_officer_says_is_under_their_name() -> None:
    (one,) = pieces([Message("Chào bác", speaker="Chị Thu")])
    assert one.speaker == "Chị Thu"
    assert plain(one) == "Chị Thu:\nChào bác"


def test_a_letter_and_its_accents_are_one() -> None:
    (one,) = pieces([Message(normalize("NFD", "Nguyễn"), (Button(normalize("NFD", "Đồng ý"), "v"),))])
    assert one.text == normalize("NFC", "Nguyễn")
    assert one.buttons[0].label == normalize("NFC", "Đồng ý")


def test_what_is_far_too_long_is_cut_off_and_still_asks() -> None:
    made = pieces([Message("Một câu dài. " * 2_000, buttons(3), typed="number")])
    assert len(made) == PARTS
    assert made[1].text.endswith("…")
    assert made[-1].buttons == buttons(3)
    assert "3. Việc 3" in made[-1].text


_words = st.text(st.sampled_from("aạ \n.é[@"), max_size=6_000)
_label = st.text(st.sampled_from("abc đ"), min_size=1, max_size=60).filter(str.strip)


@given(
    st.lists(
        st.builds(
            Message,
            _words,
            st.lists(st.builds(Button, _label, st.just("v")), max_size=9).map(tuple),
            st.lists(st.sampled_from([PHOTO, PDF]), max_size=3).map(tuple),
            speaker=st.sampled_from(["", "Chị Thu"]),
            asks=st.sampled_from(["", "phone"]),
            typed=st.sampled_from(["", "number", "label"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_piece_is_one_call_that_zalo_takes(messages: list[Message]) -> None:
    made = pieces(messages)
    for piece in made:
        assert len(zalo_bodies.composed(plain(piece))) <= zalo_bodies.TEXT
        assert len(piece.buttons) <= BUTTONS
        assert all(len(b.label) <= zalo_bodies.TITLE for b in piece.buttons)
        assert len(piece.files) <= 1
        assert not (piece.files and (piece.buttons or piece.asks))
        assert not (piece.files and piece.files[0] is PDF and piece.text)
        assert piece.text or piece.files or piece.buttons or piece.asks
        assert not piece.asks or len(plain(piece)) <= zalo_bodies.SUBTITLE
    told = " ".join(" ".join(plain(piece).split()) for piece in made)
    for message in messages:
        for number, button in enumerate(message.buttons, 1):
            label = " ".join(button.label.split())
            assert f"{number}. {label}" in told or f"«{label}»" in told
    assert sum(len(piece.files) for piece in made) == sum(len(message.files) for message in messages)


def test_rehearsals_reckon_with_the_same_limits() -> None:
    known = next(channel for channel in CHANNELS if channel.name == "Zalo")
    assert (known.text, known.label, known.buttons) == (zalo_bodies.TEXT, zalo_bodies.TITLE, BUTTONS)
    assert known.text >= TEXT
