"""A message as a mail: subject line without anybody's name, buttons as links or words, what stands beneath."""

from __future__ import annotations

from conversations.mail_words import About, mail, subject
from conversations.messages import Button, File, Message

NAMES = {name: name for name in ("subject", "foot", "stop", "stop-words")}
ABOUT = About(
    "Bộ phận Một cửa xã Sơn Tiến",
    "0984 721 482",
    "MC7K-9QXE-4H3PW",
    "https://motcua.example.vn/?p=MC7K-9QXE-4H3PW",
    "https://motcua.example.vn/thu/x",
)
NOTICE = Message(
    "Hồ sơ Khai sinh (Nguyễn Thị Lan) cần bổ sung.",
    (Button("Bổ sung ngay", "fix:1"), Button("Xem hồ sơ", "d:1"), Button("Gặp cán bộ", "call:1")),
    template="ask-more",
)


def test_the_subject_tells_the_code_and_nobody() -> None:
    assert subject("ask-more", ABOUT) == "Hồ sơ MC7K-9QXE-4H3PW: cần bổ sung"
    assert subject("talk", ABOUT) == "Hồ sơ MC7K-9QXE-4H3PW: có tin mới"
    assert subject("accept", About("Một cửa")) == "Tin từ Một cửa"
    assert subject("code", ABOUT) == "Mã xác nhận: Bộ phận Một cửa xã Sơn Tiến"


def test_buttons_are_said_in_words_and_one_link_leads_to_the_dossier() -> None:
    made = mail([NOTICE], ABOUT, NAMES)
    assert "Ở đó chọn được: «Bổ sung ngay», «Gặp cán bộ»." in made.text
    assert [(b.label, b.value) for b in made.buttons] == [("Mở hồ sơ MC7K-9QXE-4H3PW", ABOUT.page)]
    assert made.facts["stop"] == ABOUT.stop
    assert "mật khẩu" in made.facts["foot"]


def test_without_a_page_nothing_leads_anywhere_and_words_say_how_to_stop() -> None:
    made = mail([NOTICE], About("Một cửa", code="MC1"), NAMES)
    assert made.buttons == ()
    assert (made.facts["stop"], made.facts["stop-words"]) == ("", "")
    assert "gõ «e-mail», chọn «Bỏ địa chỉ này»" in made.facts["foot"]


def test_what_comes_together_is_one_mail() -> None:
    slip = File("r", "application/pdf", 9, "phieu.pdf")
    made = mail([NOTICE, Message("Đây là phiếu.", files=(slip,), speaker="Thu", template="slip")], ABOUT, NAMES)
    assert made.files == (slip,)
    assert "Thu viết:\nĐây là phiếu." in made.text
    assert made.facts["subject"] == "Hồ sơ MC7K-9QXE-4H3PW: cần bổ sung"


def test_a_code_offers_its_own_link_alone() -> None:
    link = Button("Xác nhận địa chỉ này", "https://motcua.example.vn/thu/xacnhan/t")
    made = mail([Message("Mã xác nhận: 123 456", (link,), template="code")], ABOUT, NAMES)
    assert made.buttons == (link,)
    assert "Bạn không nhập địa chỉ này ở đâu cả?" in made.facts["foot"]


def test_somebody_reads_answers_where_that_is_so() -> None:
    assert "không có ai đọc" in mail([NOTICE], ABOUT, NAMES).facts["foot"]
    read = About("Một cửa", reply_to=True)
    assert "không có ai đọc" not in mail([NOTICE], read, NAMES).facts["foot"]
