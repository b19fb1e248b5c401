"""An office's account is told whole and right, or not at all: money goes where this file says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.load import BadCatalogue, load

OURS = Path(__file__).parents[2] / "catalogue"
GOOD = {
    "bin": "970436",
    "number": "0123456789",
    "bank": "Vietcombank",
    "holder": "UBND XA SON TIEN",
    "confirmed_by": "Kế toán",
}


def written(folder: Path, account: dict[str, str]) -> Path:
    """A copy of the data whose first office has this account."""
    copy = folder / "catalogue"
    shutil.copytree(OURS, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = copy / "offices.toml"
    table = "".join(f'{key} = "{value}"\n' for key, value in account.items())
    words = file.read_text(encoding="utf-8").replace(', "bank_account"', "", 1)
    file.write_text(words.replace("[offices.agency_id]", f"[offices.bank_account]\n{table}\n[offices.agency_id]", 1))
    return copy


def test_an_account_that_is_told_whole_is_taken(tmp_path: Path) -> None:
    account = load(written(tmp_path, GOOD)).offices["son-tien"].bank_account
    assert account is not None
    assert (account.bin, account.number, account.holder) == ("970436", "0123456789", "UBND XA SON TIEN")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"bin": "97043"}, "bank_account: expected the bank's number (BIN): six digits"),
        ({"number": "12345"}, "bank_account: expected the account: 6 to 19 digits or capitals"),
        ({"number": "0123 456 789"}, "bank_account: expected the account: 6 to 19 digits or capitals"),
        ({"holder": " "}, "bank_account.holder: expected words"),
        ({"confirmed_by": ""}, "bank_account.confirmed_by: expected words"),
    ],
)
def test_an_account_that_is_half_told_stops_the_start(tmp_path: Path, changes: dict[str, str], error: str) -> None:
    with pytest.raises(BadCatalogue) as raised:
        load(written(tmp_path, {**GOOD, **changes}))
    assert error in str(raised.value)


def test_who_confirmed_it_is_never_left_out(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue, match="confirmed_by: missing"):
        load(written(tmp_path, {key: value for key, value in GOOD.items() if key != "confirmed_by"}))


def test_a_fee_is_multiplied_only_by_a_number_that_is_asked(tmp_path: Path) -> None:
    copy = written(tmp_path, GOOD)
    file = copy / "procedures/hanh-chinh-tu-phap/ban-sao-trich-luc-ho-tich.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('per = "copies_count"', 'per = "purpose"'))
    with pytest.raises(BadCatalogue, match=r"fee\.per: expected the key of a number that is asked"):
        load(copy)
