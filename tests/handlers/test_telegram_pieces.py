"""What a turn says, cut and joined for Telegram: nothing lost, limits kept, order kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.messages import Button, File, Message
from handlers import telegram_pieces as tg
from handlers.telegram_pieces import fit, pieces, rows, spoken, units
from tests.handlers.telegram_said import MESSAGES, TEXTS

YES, NO = Button("Có", "yes"), Button("Không", "no")
MB = 1024 * 1024


def photo(number: int = 0, size: int = 1000) -> File:
    return File(f"photo-{number}", "image/jpeg", size)


def pdf(number: int = 0) -> File:
    return File(f"pdf-{number}", "application/pdf", 1000)


# joining


def test_short_texts_are_one_call_with_the_buttons_of_the_last() -> None:
    turn = [Message("Đã nhận ảnh."), Message("Còn một giấy."), Message("Bạn có giấy đó không?", (YES, NO))]
    assert pieces(turn) == [Message("Đã nhận ảnh.\n\nCòn một giấy.\n\nBạn có giấy đó không?", (YES, NO))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(Message("a", (YES,)), Message("b"), id="buttons of the first"),
        pytest.param(Message("a", files=(photo(),)), Message("b"), id="files of the first"),
        pytest.param(Message("a"), Message("b", files=(photo(),)), id="files of the second"),
        pytest.param(Message("a", asks="phone"), Message("b"), id="the first asks for a phone number"),
        pytest.param(Message("a", card="dossier:1"), Message("b"), id="a card first"),
        pytest.param(Message("a"), Message("b", card="dossier:1"), id="a card second"),
        pytest.param(Message("a", speaker="Chị Lan"), Message("b"), id="another speaker"),
        pytest.param(Message("a"), Message("b", reply_to="7"), id="the second answers"),
        pytest.param(Message("a", reply_to="7"), Message("b"), id="the first answers"),
        pytest.param(Message("a" * 2048), Message("b" * 2047), id="too long together"),
    ],
)
def test_what_would_lose_something_by_joining_stays_apart(first: Message, second: Message) -> None:
    assert pieces([first, second]) == [first, second]


def test_one_speaker_says_it_at_once() -> None:
    told = [Message("Chào bác.", speaker="Chị Lan"), Message("Bác đợi nhé.", speaker="Chị Lan")]
    assert pieces(told) == [Message("Chào bác.\n\nBác đợi nhé.", speaker="Chị Lan")]


def test_the_question_for_a_phone_number_takes_what_was_said_before_it() -> None:
    assert pieces([Message("Cảm ơn."), Message("Số nào?", asks="phone")]) == [
        Message("Cảm ơn.\n\nSố nào?", asks="phone")
    ]


# cutting


@pytest.mark.parametrize("mark", ["\n\n", "\n", ". ", "! ", " "])
def test_a_long_text_is_cut_at_the_best_place(mark: str) -> None:
    first, second = "ộ" * 3000, "ữ" * 3000
    kept = mark.strip()
    assert [piece.text for piece in pieces([Message(first + mark + second)])] == [first + kept, second]


def test_paragraphs_stay_whole_rather_than_filling_each_piece() -> None:
    paragraph = "một hai ba. " * 120
    texts = [piece.text for piece in pieces([Message("\n\n".join([paragraph.strip()] * 6))])]
    assert texts == ["\n\n".join([paragraph.strip()] * 2)] * 3


def test_a_word_without_end_is_cut_but_no_letter_loses_its_accent() -> None:
    texts = [piece.text for piece in pieces([Message("e\N{COMBINING ACUTE ACCENT}" * 5000)])]
    assert "".join(texts) == "e\N{COMBINING ACUTE ACCENT}" * 5000
    assert all(text.startswith("e") for text in texts)


def test_emoji_count_twice() -> None:
    texts = [piece.text for piece in pieces([Message("🙂" * 2049)])]
    assert texts == ["🙂" * 2048, "🙂"]


def test_buttons_hang_under_the_last_piece_and_the_first_one_answers() -> None:
    first, *_, last = cut = pieces([Message("từ " * 3000, (YES, NO), reply_to="7", speaker="Chị Lan")])
    assert (first.buttons, first.reply_to) == ((), "7")
    assert (last.buttons, last.reply_to) == ((YES, NO), "")
    assert {piece.speaker for piece in cut} == {"Chị Lan"}


def test_the_own_number_button_comes_with_the_last_piece() -> None:
    assert [piece.asks for piece in pieces([Message("từ " * 2000, asks="phone")])] == ["", "phone"]


def test_nothing_to_say_is_no_call() -> None:
    assert pieces([Message(" \n"), Message("")]) == []


def test_buttons_alone_get_words() -> None:
    assert pieces([Message("", (YES,))]) == [Message("Mời bạn chọn:", (YES,))]


def test_more_buttons_than_a_message_can_have() -> None:
    many = tuple(Button(str(n), str(n)) for n in range(230))
    cut = pieces([Message("Chọn xã:", many)])
    assert [len(piece.buttons) for piece in cut] == [100, 100, 30]
    assert tuple(button for piece in cut for button in piece.buttons) == many
    assert cut[0].text == "Chọn xã:"


def test_a_card_stays_one_message() -> None:
    (card,) = pieces([Message("chữ " * 3000, (YES,), card="dossier:1")])
    assert (card.buttons, card.card, card.text[-1]) == ((YES,), "dossier:1", "…")
    assert units(card.text) <= 4096


# files


def test_one_file_carries_text_and_buttons() -> None:
    message = Message("Giấy hẹn", (YES,), (pdf(),))
    assert pieces([message]) == [message]


def test_an_album_carries_its_text() -> None:
    message = Message("Giấy chứng sinh", files=(photo(1), photo(2)))
    assert pieces([message]) == [message]


def test_buttons_of_an_album_go_under_a_text_after_it() -> None:
    files = (photo(1), photo(2))
    assert pieces([Message("Đúng không?", (YES, NO), files, reply_to="7")]) == [
        Message("", files=files),
        Message("Đúng không?", (YES, NO), reply_to="7"),
    ]


def test_a_text_too_long_for_a_caption_comes_before_its_files() -> None:
    text = ("chữ " * 300).strip()
    assert pieces([Message(text, files=(photo(),))]) == [Message(text), Message("", files=(photo(),))]


def test_photos_go_ten_at_a_time_and_documents_apart() -> None:
    files = (*(photo(n) for n in range(12)), pdf(1), pdf(2), photo(12))
    cut = pieces([Message("Hồ sơ", files=files)])
    assert [len(piece.files) for piece in cut] == [10, 2, 2, 1]
    assert [piece.text for piece in cut] == ["Hồ sơ", "", "", ""]


def test_a_huge_photo_is_a_document() -> None:
    assert [len(p.files) for p in pieces([Message("", files=(photo(1), photo(2, 11 * MB), photo(3)))])] == [1, 1, 1]


def test_one_call_uploads_no_more_than_telegram_takes() -> None:
    cut = pieces([Message("", files=tuple(photo(n, 9 * MB) for n in range(10)))])
    assert [len(piece.files) for piece in cut] == [5, 5]


# whatever is said


@given(MESSAGES)
def test_limits_are_kept(messages: list[Message]) -> None:
    for piece in pieces(messages):
        assert piece.files or piece.text.strip()
        assert units(spoken(piece)) <= (tg.CAPTION if piece.files else tg.TEXT)
        assert len(piece.files) <= tg.ALBUM
        assert len({tg.is_photo(file) for file in piece.files}) <= 1
        assert len(piece.files) <= 1 or sum(file.size for file in piece.files) <= tg.UPLOAD
        assert len(piece.buttons) <= tg.BUTTONS
        assert len(piece.files) <= 1 or not (piece.buttons or piece.asks)


@given(MESSAGES)
def test_nothing_is_lost_and_all_stays_in_order(messages: list[Message]) -> None:
    cut = pieces(messages)
    assert _words(cut) == _words(messages)
    assert [file for piece in cut for file in piece.files] == [file for m in messages for file in m.files]
    assert [button for piece in cut for button in piece.buttons] == [b for m in messages for b in m.buttons]
    assert [piece.asks for piece in cut if piece.asks] == [m.asks for m in messages if m.asks]


@given(MESSAGES)
def test_cutting_what_is_cut_changes_nothing(messages: list[Message]) -> None:
    for piece in pieces(messages):
        assert pieces([piece]) == [piece]


@given(TEXTS, st.booleans())
def test_a_fitting_card_begins_as_it_did(text: str, papers: bool) -> None:  # noqa: FBT001
    card = fit(Message(text, files=(pdf(),) if papers else (), speaker="Chị Lan", card="dossier:1"))
    assert units(spoken(card)) <= (tg.CAPTION if papers else tg.TEXT)
    assert text.startswith(card.text.removesuffix("…"))


def _words(messages: list[Message]) -> str:
    return "".join("".join(message.text.split()) for message in messages).replace("Mờibạnchọn:", "")


# buttons


def test_short_labels_share_a_row_and_long_ones_do_not() -> None:
    labels = [
        "Có",
        "Không",
        "Tôi nộp cho người khác trong gia đình",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "Quay lại",
        "Hủy hồ sơ",
    ]
    laid = [[button.label for button in row] for row in rows([Button(label, label) for label in labels])]
    assert laid == [
        ["Có", "Không"],
        ["Tôi nộp cho người khác trong gia đình"],
        ["1", "2", "3", "4", "5"],
        ["6", "Quay lại"],
        ["Hủy hồ sơ"],
    ]


@given(st.lists(st.text(min_size=1, max_size=70)))
def test_rows_keep_every_button_in_order(labels: list[str]) -> None:
    buttons = [Button(label, label) for label in labels]
    assert [button for row in rows(buttons) for button in row] == buttons
