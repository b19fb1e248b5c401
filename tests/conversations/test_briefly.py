"""Short messages: what each kind of news becomes, that none names anybody, and that all fit."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from msgspec.structs import replace

from conversations.briefly import MOST, About, short
from conversations.messages import Message
from conversations.render import TEXTS
from domain.dossier import Decision
from domain.sms import segments

NOTICE = "Hồ sơ Đăng ký khai sinh (Nguyễn Thị Lan), mã MC7K-9QXE-4H3PW, cần bổ sung: giấy chứng sinh của bé."
ABOUT = About(
    "xã Sơn Tiến",
    "MC7K-9QXE-4H3PW",
    "Thứ Sáu 27/11/2026",
    "15 giờ 20, Thứ Hai 23/11/2026",
    "https://motcua.sontien.example.vn",
    "0984 721 482",
)
KINDS = sorted({kind.__struct_config__.tag for kind in get_args(Decision)} | {"slip", "reminder", "talk", ""})


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("accept", "Ho so MC7K-9QXE-4H3PW da duoc xa Son Tien tiep nhan, hen tra Thu Sau 27/11/2026."),
        ("ask-more", "Ho so MC7K-9QXE-4H3PW can ban bo sung giay to, xa Son Tien dang cho."),
        (
            "done",
            "Ho so MC7K-9QXE-4H3PW da co ket qua, moi ban den xa Son Tien nhan luc 15 gio 20, Thu Hai 23/11/2026.",
        ),
        ("refuse", "Xa Son Tien khong giai quyet duoc ho so MC7K-9QXE-4H3PW, ly do ghi trong phieu."),
        ("talk", "Ho so MC7K-9QXE-4H3PW tai xa Son Tien co tin moi."),
    ],
)
def test_kinds(kind: str, words: str) -> None:
    end = " Xem: https://motcua.sontien.example.vn hoac goi 0984 721 482."
    assert short(Message(NOTICE, template=kind), ABOUT, plain=True) == words + end


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("plain", [True, False])
def test_each_kind_fits_and_names_nobody(kind: str, *, plain: bool) -> None:
    official = replace(ABOUT, code="000.15.27.H30-261123-0147")
    for about in (ABOUT, official, replace(ABOUT, practice=True), replace(ABOUT, link=""), replace(ABOUT, phone="")):
        told = short(Message(NOTICE, template=kind), about, plain=plain)
        assert 0 < segments(told) <= MOST
        assert about.code in told
        assert not re.search(r"Lan|khai sinh|chứng sinh|chung sinh", told)
        assert told.isascii() or not plain


def test_with_accents_less_fits_and_the_way_to_ask_is_shortened_first() -> None:
    told = short(Message(NOTICE, template="done"), ABOUT, plain=False)
    assert told.startswith("Hồ sơ MC7K-9QXE-4H3PW đã có kết quả, mời bạn đến xã Sơn Tiến nhận lúc 15 giờ 20")
    assert "https" not in told
    assert segments(told) == MOST


def test_without_a_dossier_only_that_there_is_news() -> None:
    about = About("xã Sơn Tiến", phone="0984 721 482")
    assert short(Message(NOTICE), about, plain=False) == "Xã Sơn Tiến có tin cho bạn. Cần hỏi, gọi 0984 721 482."


def test_what_is_short_already_is_said_as_it_is() -> None:
    code = Message("123456 là mã xác nhận.\nĐừng đọc cho ai.", template="code")
    assert short(code, ABOUT, plain=True) == "123456 la ma xac nhan. Dung doc cho ai."
    long = short(Message("Mã " + "dài " * 200, template="code"), ABOUT, plain=True)
    assert segments(long) == MOST


def test_practice_says_so() -> None:
    told = short(Message(NOTICE, template="refuse"), replace(ABOUT, practice=True), plain=True)
    assert told.startswith("(Tap dung) Xa Son Tien")


def test_every_short_form_is_used() -> None:
    ends = {"practice", "ends-both", "ends-link", "ends-phone", "news", "news-none"}
    made = {key.removeprefix("sms.") for key in TEXTS if key.startswith("sms.")} - ends
    assert {key.removesuffix("-due").removesuffix("-at") for key in made} <= set(KINDS)
