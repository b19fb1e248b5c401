"""The grammar of conditions, case by case."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue.conditions import age, fields_of, holds
from catalogue.model import Condition

TODAY = date(2026, 11, 23)
IN = Condition(field="a", in_=("x", "y"))
NOT_IN = Condition(field="a", not_in=("x",))
NO_NUMBER = Condition(field="a", not_matches=r"^\d{12}$")
MINOR = Condition(field="born", age_lt=18)
FROM_NINE = Condition(field="born", age_gte=9)


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        (IN, {"a": "x"}, True),
        (IN, {"a": " y "}, True),
        (IN, {"a": "z"}, False),
        (IN, {}, False),
        (NOT_IN, {"a": "x"}, False),
        (NOT_IN, {"a": "z"}, True),
        (NOT_IN, {}, True),
        (Condition(field="a", present=True), {"a": "x"}, True),
        (Condition(field="a", present=True), {"a": " "}, False),
        (Condition(field="a", present=False), {}, True),
        (NO_NUMBER, {"a": "042194001234"}, False),
        (NO_NUMBER, {"a": "184123456"}, True),
        (NO_NUMBER, {}, True),
        (MINOR, {"born": "24/11/2008"}, True),
        (MINOR, {"born": "23/11/2008"}, False),
        (MINOR, {"born": "không nhớ"}, False),
        (MINOR, {}, False),
        (FROM_NINE, {"born": "23/11/2017"}, True),
        (FROM_NINE, {"born": "24/11/2017"}, False),
        (FROM_NINE, {}, False),
        (Condition(all=(FROM_NINE, MINOR)), {"born": "01/01/2012"}, True),
        (Condition(all=(FROM_NINE, MINOR)), {"born": "01/01/2020"}, False),
        (Condition(any=(IN, MINOR)), {"a": "z", "born": "01/01/2020"}, True),
        (Condition(any=(IN, MINOR)), {"a": "z"}, False),
    ],
)
def test_holds(condition: Condition, answers: dict[str, str], expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert holds(condition, answers, TODAY) is expected


@pytest.mark.parametrize(
    ("answer", "years"),
    [
        ("15/08/1994", 32),
        ("5/8/1994", 32),
        ("29/02/2024", 2),
        ("1994", 31),
        ("11/1994", 31),
        ("10/1994", 32),
        ("31/13/1994", None),
        ("", None),
        ("hôm qua", None),
    ],
)
def test_age(answer: str, years: int | None) -> None:
    assert age(answer, TODAY) == years


def test_fields_of_looks_inside_all_and_any() -> None:
    assert fields_of(Condition(all=(IN, Condition(any=(MINOR, NOT_IN))))) == {"a", "born"}
