"""What is owed, missing and too much, in whatever order money comes; amounts as people type them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fees import BACK, Charge, amount_typed, confirmed, credited, returned

DUE = Charge(8000, "MC")


@pytest.mark.parametrize(
    ("charge", "amount", "outcome", "state", "missing", "excess"),
    [
        (DUE, 8000, "settled", "paid", 0, 0),
        (DUE, 5000, "underpaid", "due", 3000, 0),
        (DUE, 10_000, "overpaid", "paid", 0, 2000),
        (Charge(8000, "MC", "due", 5000), 3000, "settled", "paid", 0, 0),
        (Charge(8000, "MC", "due", 5000), 5000, "overpaid", "paid", 0, 2000),
        (Charge(8000, "MC", "paid", 8000), 8000, "twice", "paid", 0, 8000),
        (Charge(0, "MC", "waived"), 8000, "waived", "waived", 0, 8000),
        (Charge(8000, "MC", "refunded", 0), 8000, "twice", "refunded", 0, 8000),
    ],
)
def test_money_that_comes(charge: Charge, amount: int, outcome: str, state: str, missing: int, excess: int) -> None:
    after, led_to = credited(charge, amount, "desk")
    assert (led_to, after.state, after.missing_vnd, after.excess_vnd) == (outcome, state, missing, excess)
    assert after.paid_vnd == charge.paid_vnd + amount


def test_of_a_closed_dossier_nothing_is_settled() -> None:
    after, outcome = credited(DUE, 8000, "sepay", closed=True)
    assert (outcome, after.state, after.paid_vnd) == ("closed", "due", 8000)
    assert outcome in BACK


def test_the_order_in_which_parts_come_makes_no_difference() -> None:
    ends = set()
    for order in itertools.permutations((1000, 3000, 4000, 2000)):
        charge = DUE
        for amount in order:
            charge, _ = credited(charge, amount, "sepay")
        ends.add((charge.state, charge.paid_vnd, charge.missing_vnd, charge.excess_vnd))
    assert ends == {("paid", 10_000, 0, 2000)}


def test_another_amount_counts_what_has_come() -> None:
    paid = Charge(8000, "MC", "paid", 8000)
    assert confirmed(paid, 24_000).missing_vnd == 16_000
    assert confirmed(paid, 5000).excess_vnd == 3000
    waived = confirmed(paid, 0, "hộ nghèo")
    assert (waived.state, waived.reason, waived.excess_vnd, waived.missing_vnd) == ("waived", "hộ nghèo", 8000, 0)
    again = confirmed(waived, 8000)
    assert (again.state, again.reason, again.excess_vnd) == ("paid", "", 0)


def test_no_more_goes_back_than_is_held() -> None:
    over = Charge(8000, "MC", "paid", 10_000)
    assert returned(over, 2000) == Charge(8000, "MC", "paid", 8000)
    assert returned(over, 10_000).state == "refunded"
    for amount in (0, -1, 10_001):
        with pytest.raises(ValueError, match="held"):
            returned(over, amount)


@given(st.lists(st.tuples(st.sampled_from(("credit", "confirm", "return")), st.integers(0, 30_000)), max_size=12))
def test_nothing_is_ever_missing_and_too_much_at_once(steps: list[tuple[str, int]]) -> None:
    charge, held = DUE, 0
    for step, amount in steps:
        if step == "confirm":
            charge = confirmed(charge, amount)
        elif step == "credit" and amount:
            charge, outcome = credited(charge, amount, "desk")
            held += amount
            assert (outcome in BACK) == bool(charge.excess_vnd)
        elif step == "return" and 0 < amount <= charge.paid_vnd:
            charge = returned(charge, amount)
            held -= amount
        assert charge.paid_vnd == held
        assert not (charge.missing_vnd and charge.excess_vnd)
        assert (charge.state == "due") == bool(charge.missing_vnd) or charge.state in ("waived", "refunded", "paid")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("24.000", 24_000),
        ("24,000", 24_000),
        ("24000", 24_000),
        ("24.000 đồng", 24_000),
        ("24000đ", 24_000),
        ("24k", 24_000),
        ("24 nghìn", 24_000),
        ("24 ngàn đồng", 24_000),
        ("1 triệu", 1_000_000),
        ("500", 500),
        ("3", None),
        ("0", None),
        ("-8000", None),
        ("tám nghìn", None),
        ("24.00", None),
        ("100 triệu", None),
        ("8000 9000", None),
        ("", None),
    ],
)
def test_amounts_as_people_type_them(typed: str, amount: int | None) -> None:
    assert amount_typed(typed) == amount
