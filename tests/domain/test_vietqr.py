"""The code to pay with: as the facts' computed examples have it, and read back from its picture by another library."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from documents.pay_qr import png
from domain.vietqr import MOST_VND, Unfit, check_account, crc, payload

DYNAMIC = (
    "00020101021238540010A00000072701240006970436011001234567890208QRIBFTTA"
    "5303704540480005802VN62180814HS 261123 00016304FF2F"
)
STATIC = "00020101021138540010A00000072701240006970436011001234567890208QRIBFTTA53037045802VN63046A15"


def test_the_examples_of_the_facts() -> None:
    assert payload("970436", "0123456789", amount_vnd=8000, purpose="HS 261123 0001") == DYNAMIC
    assert payload("970436", "0123456789") == STATIC
    assert crc("123456789") == 0x29B1


@pytest.mark.parametrize("amount", [1, 8000, MOST_VND])
@pytest.mark.parametrize("account", ["123456", "0123456789", "VQRQ00012ABCD", "1" * 19])
def test_a_picture_reads_back_as_it_was_meant(amount: int, account: str) -> None:
    text = payload("970415", account, amount_vnd=amount, purpose="MC7K39XTM4 HS2611230001")
    with Image.open(io.BytesIO(png(text))) as picture:
        found = zxingcpp.read_barcodes(picture.convert("L"))
    assert [one.text for one in found] == [text]
    assert int(text[-4:], 16) == crc(text[:-4])


@pytest.mark.parametrize(
    ("bank", "account"),
    [
        ("97043", "0123456789"),
        ("9704366", "0123456789"),
        ("97043x", "0123456789"),
        ("٩٧٠٤٣٦", "0123456789"),
        ("970436", "12345"),
        ("970436", "1" * 20),
        ("970436", "0123 456789"),
        ("970436", ""),
    ],
)
def test_a_wrong_account_makes_no_code(bank: str, account: str) -> None:
    with pytest.raises(Unfit) as error:
        payload(bank, account, amount_vnd=8000)
    assert account not in str(error.value) or not account
    with pytest.raises(Unfit):
        check_account(bank, account)


@pytest.mark.parametrize("amount", [0, -1, MOST_VND + 1])
def test_an_amount_that_no_bank_takes_makes_no_code(amount: int) -> None:
    with pytest.raises(Unfit):
        payload("970436", "0123456789", amount_vnd=amount)


@pytest.mark.parametrize("purpose", ["hồ sơ", "a" * 26, "A&B", "a\nb"])
def test_a_purpose_that_banks_would_change_makes_no_code(purpose: str) -> None:
    with pytest.raises(Unfit):
        payload("970436", "0123456789", amount_vnd=8000, purpose=purpose)
