"""What is said of a fee before and after an officer has confirmed it, and what they press and type for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from catalogue.model import BankAccount
from conversations import fees, money, notices
from conversations.cards import dossier_card
from conversations.money_state import (
    DropTransfer,
    LinkTransfer,
    RefusePost,
    ReturnMoney,
    SetFee,
    SetPostage,
    TakeMoney,
    TransferFile,
)
from conversations.render import text
from conversations.staff_state import Decide
from conversations.state import PostWish
from domain.dossier import AskMoney, Done, HandOver, Post, SendBack
from domain.fees import Charge
from tests.conversations.desk_world import BINH, HEAD, HOA, ID, NOW, OFFICE, Desk, dossier, labels, procedure, values

ACCOUNT = BankAccount(bin="970436", number="0123456789", bank="Vietcombank", holder="UBND XA", confirmed_by="Lan")
OPEN = replace(OFFICE, bank_account=ACCOUNT)
POOR = "Người thuộc hộ nghèo"
FEE = {"amount_vnd": 8000, "note": "8.000 đồng một bản.", "exempt_for": [POOR], "per": "copies"}
ACCEPTED = {"owner": HOA, "status": "accepted", "official_code": "H27.XX.YY-261123-0001"}
DUE = Charge(8000, "MC7K39XTM4")
WISH = PostWish("Bà Tư", "+84984123456", "Xóm 2, thôn Đông, xã Sơn Tiến, tỉnh Hà Tĩnh")


def desk(charge: Charge | None = None, **changes: object) -> Desk:
    return Desk(dossier(**{**ACCEPTED, "charge": charge, **changes}), fee=FEE)


@pytest.mark.parametrize(
    ("answers", "words", "amount"),
    [
        ({"copies": "3"}, "3 × 8.000 đồng = 24.000 đồng, cán bộ xác nhận", 24_000),
        ({"copies": "1"}, "8.000 đồng, cán bộ xác nhận", 8000),
        ({}, "8.000 đồng, cán bộ xác nhận", 8000),
        ({"copies": "0"}, "8.000 đồng, cán bộ xác nhận", 8000),
    ],
)
def test_a_fee_for_each_copy_is_reckoned(answers: dict[str, str], words: str, amount: int) -> None:
    it = procedure(fee=FEE)
    assert fees.rule_words(it, answers) == words
    assert [(offer.amount_vnd, offer.reason) for offer in fees.offers(it, answers)] == [
        (amount, ""),
        (0, ""),
        (0, POOR),
    ]


def test_cases_are_offered_each_once_and_what_is_unknown_is_not() -> None:
    cases = [
        {"case": "Đúng hạn", "amount_vnd": 0},
        {"case": "Quá hạn", "amount_vnd": 10_000},
        {"case": "Từ 14 tuổi", "unknown": ["amount_vnd"]},
    ]
    it = procedure(fee={"amount_vnd": 0, "note": "", "items": cases, "exempt_for": ["Mọi trường hợp giám hộ"]})
    assert [offer.label for offer in fees.offers(it, {})] == ["10.000 đồng: Quá hạn", "Không thu"]
    assert not fees.certain(it)
    assert fees.certain(procedure(fee={"amount_vnd": 0, "note": ""}))


@pytest.mark.parametrize(
    ("charge", "post", "words"),
    [
        (DUE, None, "8.000 đồng, chưa nộp"),
        (replace(DUE, paid_vnd=5000), None, "8.000 đồng, đã nộp 5.000 đồng, còn thiếu 3.000 đồng"),
        (replace(DUE, state="paid", paid_vnd=8000), None, "8.000 đồng, đã nộp"),
        (replace(DUE, state="refunded"), None, "8.000 đồng, đã hoàn lại"),
        (Charge(0, "MC", "waived", reason=POOR), None, f"được miễn ({POOR})"),
        (Charge(0, "MC", "waived"), None, "không thu"),
        (
            Charge(33_000, "MC"),
            replace(WISH, fee_vnd=25_000),
            "33.000 đồng (gồm cước bưu điện 25.000 đồng), chưa nộp",
        ),
    ],
)
def test_a_confirmed_fee_in_words(charge: Charge, post: PostWish | None, words: str) -> None:
    assert fees.charge_words(charge, post) == words
    assert POOR not in fees.card_words(charge)
    view = replace(notices.view_of(dossier(), procedure()), charge=charge, post=post)
    told = notices.notice(Done(NOW), replace(view, post=None), OFFICE, procedure(fee=FEE), "Hoa").text
    if post is None:
        assert f"Lệ phí: {words}" in told


def test_a_code_only_for_the_office_s_own_account_and_what_is_confirmed() -> None:
    assert [b.value for b in fees.pay_buttons(ID, DUE, OPEN)] == [f"paycode:{ID}", f"paydesk:{ID}"]
    assert fees.pay_buttons(ID, DUE, OFFICE) == ()
    assert fees.pay_buttons(ID, DUE, replace(OPEN, practice=True)) == ()
    assert fees.pay_buttons(ID, None, OPEN) == ()
    assert fees.pay_buttons(ID, replace(DUE, state="paid", paid_vnd=8000), OPEN) == ()


def test_words_beside_the_code_say_what_the_code_holds() -> None:
    view = replace(notices.view_of(dossier(**ACCEPTED), procedure()), charge=DUE)
    words, payload = money.code_words(view, replace(DUE, paid_vnd=3000), OPEN)
    assert "Số tiền: 5.000 đồng" in words
    assert "Nội dung: MC7K39XTM4 HS2611230001" in words
    assert "54045000" in payload
    assert "MC7K39XTM4 HS2611230001" in payload


def test_an_officer_confirms_with_one_press_or_types_and_looks_once_more() -> None:
    there = desk()
    asked = there.press(HOA, "fee")
    assert labels(asked) == ["8.000 đồng", "Không thu", f"Miễn: {POOR}", "Miễn, lý do khác…", "Thôi"]
    assert "8.000 đồng một bản." in asked[0].text
    there.press(HOA, "fee", "o2")
    assert there.effects == [SetFee(ID, 0, POOR)]
    again = there.press(HOA, "fee")
    assert labels(again) == ["Sửa lệ phí", "Thôi"]
    there.press(HOA, "fee", "again")
    assert "Số tiền chưa đúng" in there.type(HOA, "nhiều")[0].text
    sure = there.type(HOA, "24 nghìn")
    assert "24.000 đồng, đúng chưa?" in sure[0].text
    there.type(HOA, "1")
    assert there.effects[-1] == SetFee(ID, 24_000)
    there.press(HOA, "fee", "why")
    there.type(HOA, "Xã miễn theo nghị quyết mới")
    assert there.effects[-1] == SetFee(ID, 0, "Xã miễn theo nghị quyết mới")


def test_before_acceptance_and_by_others_nothing_is_confirmed() -> None:
    for file, who, words in (
        (dossier(owner=HOA), HOA, "không còn làm «Xác nhận lệ phí» được"),
        (dossier(**{**ACCEPTED, "owner": None}), HOA, "chưa ai nhận"),
        (dossier(**ACCEPTED), BINH, "do Lê Thị Hoa giữ"),
        (dossier(**{**ACCEPTED, "status": "handed-over"}), HOA, "đã khép lại"),
    ):
        there = Desk(file, fee=FEE)
        assert words in there.press(who, "fee", "a8000")[0].text
        assert there.effects == []


def test_at_the_desk_and_back() -> None:
    there = desk(DUE)
    assert labels(there.press(HOA, "fee")) == [
        "Đã thu tại quầy",
        "Chờ nộp tiền mới làm tiếp",
        "Sửa lệ phí",
        "Thôi",
    ]
    assert labels(there.press(HOA, "till")) == ["8.000 đồng", "Thôi"]
    [asked] = there.type(HOA, "10.000")
    assert asked.text.startswith("Đã thu 10.000 đồng tại quầy cho hồ sơ")  # a receipt would go out at once
    assert there.effects == []
    there.type(HOA, "1")
    assert there.effects == [TakeMoney(ID, 10_000)]
    assert labels(there.press(HOA, "refund")) == ["2.000 đồng", "10.000 đồng", "Thôi"]
    assert "nhiều hơn số đang giữ: 10.000 đồng" in there.type(HOA, "11.000")[0].text
    there.press(HOA, "refund")
    there.type(HOA, "1")
    assert there.effects[-1] == ReturnMoney(ID, 2000)
    assert "không còn khoản nào phải thu" in there.press(HOA, "till")[0].text


def test_it_waits_for_what_is_missing() -> None:
    there = desk(replace(DUE, paid_vnd=3000))
    there.press(HOA, "owe")
    assert [effect.decision for effect in there.effects if isinstance(effect, Decide)] == [AskMoney(5000)]
    nothing = desk()
    assert "Xác nhận lệ phí hồ sơ" in nothing.press(HOA, "owe")[0].text
    assert nothing.effects == []


def test_after_the_end_money_can_still_go_back() -> None:
    there = desk(replace(DUE, state="paid", paid_vnd=8000), status="withdrawn")
    card = dossier_card(there.file, procedure(), NOW)
    assert [button.label for button in card.buttons] == ["Lệ phí…"]  # else nobody would find it again
    handed = replace(there.file, status="handed-over")
    assert dossier_card(handed, procedure(), NOW).buttons == ()
    assert "Lệ phí…" in labels(there.press(HOA, "menu"))
    assert labels(there.press(HOA, "fee")) == ["Đã hoàn tiền", "Thôi"]
    there.press(HOA, "refund", "8000")
    assert there.effects == [ReturnMoney(ID, 8000)]


def test_transfers_are_listed_linked_and_dropped() -> None:
    there = desk(DUE)
    assert there.type(HOA, "/tien")[0].text == "Không có khoản tiền nào chưa rõ."
    there.money = [TransferFile(7, 8000, "nop ho me", NOW), TransferFile(8, 9000, "", NOW + timedelta(hours=1))]
    listed = there.type(HOA, "tiền")
    assert "1. 8.000 đồng, lúc 9 giờ" in listed[0].text
    assert labels(listed) == ["1. 8.000 đồng", "2. 9.000 đồng"]
    assert labels(there.type(HOA, "1")) == ["Khoản tiền khác"]
    assert "Không thấy hồ sơ" in there.type(HOA, "của mẹ tôi")[0].text
    assert "Ghi 8.000 đồng cho hồ sơ" in there.type(HOA, "H27.XX.YY-261123-0001")[0].text
    there.type(HOA, "1")
    assert there.effects == [LinkTransfer(7, ID)]
    assert values(there.type(HEAD, "/tien")) == ["s:transfer:8"]
    there.type(HEAD, "1")
    there.type(HEAD, "Đã hoàn cho người chuyển")
    assert there.effects[-1] == DropTransfer(8)
    assert desk().type(HOA, "/tien")[0].text == "Không có khoản tiền nào chưa rõ."


def test_a_transfer_waits_until_a_fee_is_confirmed() -> None:
    there = desk()
    there.money = [TransferFile(7, 8000, "nop", NOW)]
    there.type(HOA, "/tien")
    there.type(HOA, "1")
    said = there.type(HOA, "4ADAFP6RYPA97")
    assert "chưa xác nhận lệ phí" in said[0].text
    assert labels(said) == ["Xác nhận lệ phí"]


def test_an_officer_sends_it_by_post() -> None:
    there = desk(DUE, status="done", post=WISH)
    shown = there.press(HOA, "post")
    assert "Điện thoại: 0984 123 456" in shown[0].text
    assert labels(shown) == ["Đã gửi bưu điện", "Cước bưu điện", "Không gửi được", "Thôi"]
    there.press(HOA, "postage")
    there.type(HOA, "25k")
    there.press(HOA, "postage", "0")
    assert there.effects == [SetPostage(ID, 25_000), SetPostage(ID, 0)]
    assert "⚠ Còn phải thu 8.000 đồng." in there.press(HOA, "sent")[0].text
    assert "không đúng dạng" in there.type(HOA, "EA123456784VN")[0].text
    there.type(HOA, "ea 123 456 785 vn")
    assert there.file.held == Post("VNPost", "EA123456785VN")
    there.press(HOA, "now")
    assert there.file.status == "posted"
    assert labels(there.press(HOA, "post")) == ["Bưu điện đã phát", "Bưu điện hoàn lại", "Thôi"]
    for press, decision in (("returned", SendBack(text("post.came-back"))), ("arrived", HandOver((), "post"))):
        there.press(HOA, press)
        assert [effect.decision for effect in there.effects if isinstance(effect, Decide)][-1] == decision
        there.press(HOA, "undo")


def test_what_cannot_be_sent_is_declined_until_it_is_on_its_way() -> None:
    there = desk(status="accepted", post=WISH)
    there.press(HOA, "nopost")
    assert there.effects == []  # the address would be gone
    there.type(HOA, "1")
    assert there.effects == [RefusePost(ID)]
    gone = desk(status="posted", post=WISH)
    gone.press(HOA, "nopost")
    assert gone.effects == []


def test_by_post_nobody_is_given_an_hour() -> None:
    there = desk(post=WISH)
    there.press(HOA, "done")
    assert there.file.held == Done(NOW)


def test_who_hands_over_reads_what_is_still_to_be_paid() -> None:
    for charge, words in ((None, "Chưa xác nhận lệ phí"), (DUE, "Còn phải thu 8.000 đồng")):
        assert f"⚠ {words}" in desk(charge, status="done").press(HOA, "hand")[0].text
    paid = replace(DUE, state="paid", paid_vnd=8000)
    assert "⚠" not in desk(paid, status="done").press(HOA, "hand")[0].text


def test_what_nobody_wants_by_post_is_not_sent() -> None:
    there = desk(status="done")
    for action in ("post", "postage", "sent"):
        assert "không gửi bưu điện" in there.press(HOA, action)[0].text
    assert "chưa gửi bưu điện" in there.press(HOA, "returned")[0].text
    assert there.effects == []
