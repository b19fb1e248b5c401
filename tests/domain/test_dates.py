"""Dates as people say them become days, or days to choose from."""

from __future__ import annotations

from datetime import date

import pytest

from domain.reading import Reading, both_calendars, calendar_of, read
from domain.values import Wrong

TODAY = date(2026, 11, 22)  # a Sunday


def said(typed: str, *, partial: bool = False, past: bool = True, both: bool = False) -> Reading | Wrong:
    return read("date", typed, today=TODAY, partial=partial, past=past, both=both)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("15/8/94", "15/08/1994"),
        ("15.8.1994", "15/08/1994"),
        ("15-8-1994", "15/08/1994"),
        ("15 8 1994", "15/08/1994"),
        ("15081994", "15/08/1994"),
        ("1994-08-15", "15/08/1994"),
        ("ngày 15 tháng 8 năm 1994", "15/08/1994"),
        ("ngay 15 thang 8 nam 1994", "15/08/1994"),
        ("Ngày 15, tháng 8, năm 1994.", "15/08/1994"),
        ("15 tháng 8 1994", "15/08/1994"),
        ("mười lăm tháng tám năm 1994", "15/08/1994"),
        ("hai mươi mốt tháng mười hai năm chín tư", "21/12/1994"),
        ("ngày năm tháng năm năm một chín năm lăm", "05/05/1955"),
        ("em sinh ngày 15/8/1994 ạ", "15/08/1994"),
        ("1.2.05", "01/02/2005"),
        ("29/2/2024", "29/02/2024"),
        ("15/8 năm ngoái", "15/08/2025"),
        ("3/2/1990 dương lịch", "03/02/1990"),
        ("hôm nay", "22/11/2026"),
        ("hôm qua", "21/11/2026"),
        ("mới tối qua", None),
        ("tối qua", "21/11/2026"),
        ("hôm kia", "20/11/2026"),
        ("3 ngày trước", "19/11/2026"),
        ("cách đây mười ngày", "12/11/2026"),
        ("thứ hai vừa rồi", "16/11/2026"),
        ("chủ nhật vừa rồi", "15/11/2026"),
        ("thứ 7 tuần này", "21/11/2026"),
        ("thứ tư tuần trước", "11/11/2026"),
        ("ngày 5 tháng này", "05/11/2026"),
        ("ngày 31 tháng trước", "31/10/2026"),
    ],
)
def test_days(typed: str, value: str | None) -> None:
    assert said(typed) == (Wrong("date") if value is None else Reading(value))


@pytest.mark.parametrize(
    ("typed", "value", "offers"),
    [
        ("mồng 3 tháng 2 năm 1990", "03/02/1990", ("27/02/1990", "03/02/1990")),
        ("mùng ba tháng giêng năm 90", "03/01/1990", ("29/01/1990", "03/01/1990")),
        ("mong 10 thang muoi nam 1986 binh dan", "10/10/1986", ("11/11/1986", "10/10/1986")),
        ("23 tháng chạp năm Canh Ngọ 1990", "23/12/1990", ("07/02/1991", "23/12/1990")),
        ("mùng 5 tháng này", "05/11/2026", ("13/11/2026", "05/11/2026")),
        ("mồng 5 tháng 5 năm 1990", "05/05/1990", ("28/05/1990", "27/06/1990", "05/05/1990")),  # two fifth months
        ("3/2/1990 âm lịch", "", ("27/02/1990",)),
        ("3/2/1990 (al)", "", ("27/02/1990",)),
        ("rằm tháng bảy năm ngoái", "", ("06/09/2025",)),
        ("15/6 nhuận năm 2025", "", ("08/08/2025",)),
        ("30 tết", "", ("16/02/2026",)),
        ("mồng một tết năm 2020", "", ("25/01/2020",)),
        ("30 tết năm 1990", "", ("26/01/1990", "14/02/1991")),
        ("30/2/1990 âm", "", ("26/03/1990",)),
        ("mồng 4 tháng 3 năm Giáp Thìn", "04/03/2024", ("12/04/2024", "15/04/1964", "04/03/2024", "04/03/1964")),
    ],
)
def test_words_of_the_lunar_calendar_are_never_read_silently(typed: str, value: str, offers: tuple[str, ...]) -> None:
    found = said(typed)
    assert isinstance(found, Reading)
    assert (found.value, found.offers, found.why, found.doubts) == (value, offers, "calendar", ())
    assert len(found.labels) == len(offers)


def test_each_offer_says_its_calendar() -> None:
    found = said("mồng 5 tháng 5 năm 1990")
    assert isinstance(found, Reading)
    assert found.labels == (
        "Âm lịch (28/05/1990)",
        "Âm lịch, tháng nhuận (27/06/1990)",
        "Dương lịch (05/05/1990)",
    )


@pytest.mark.parametrize(
    ("typed", "offers"),
    [("3/2/1990", ("03/02/1990", "27/02/1990")), ("20/11/2026", ("20/11/2026",)), ("hôm qua", ())],
)
def test_of_a_death_both_calendars_are_offered(typed: str, offers: tuple[str, ...]) -> None:
    """The second lies in the future by the moon; a day told from today has no calendar."""
    found = said(typed, both=True)
    assert isinstance(found, Reading)
    assert found.offers == offers


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1945", "1945"),
        ("năm 1945", "1945"),
        ("10/1945", "10/1945"),
        ("tháng 3/2020", "03/2020"),
        ("tháng ba năm 1945", "03/1945"),
        ("không nhớ ngày, năm 1948", "1948"),
        ("ko nhớ ngày, tháng 3 năm 1948", "03/1948"),
        ("năm ngoái", "2025"),
        ("15/8/94", "15/08/1994"),
    ],
)
def test_parts_where_they_are_enough(typed: str, value: str) -> None:
    assert said(typed, partial=True) == Reading(value)


@pytest.mark.parametrize(
    ("typed", "offers"),
    [("năm Canh Ngọ", ("1990", "1930")), ("tháng chạp năm 1990", ("01/1991", "12/1990"))],
)
def test_parts_to_choose_from(typed: str, offers: tuple[str, ...]) -> None:
    found = said(typed, partial=True)
    assert isinstance(found, Reading)
    assert (found.offers, found.why) == (offers, "calendar")


@pytest.mark.parametrize(
    ("typed", "partial", "wrong"),
    [
        ("31/2/2020", False, "date-unreal"),
        ("00/00/0000", False, "date-unreal"),
        ("1/1/0001", False, "date-unreal"),
        ("31/2/2020", True, "date-unreal"),
        ("30/12/2025 âm", False, "date-unreal"),
        ("15/8/2030", False, "date-future"),
        ("2030", True, "date-future"),
        ("5/11", False, "date-year"),
        ("mồng 5 tháng 3", False, "date-year"),
        ("1994", False, "date-forgotten"),
        ("lâu rồi", False, "date"),
        ("thứ hai", False, "date"),
        ("không nhớ", False, "date-forgotten"),
        ("không nhớ ngày, năm 1948", False, "date-forgotten"),
        ("quên rồi ạ", True, "date-part"),
    ],
)
def test_what_is_wrong_is_told_apart(typed: str, partial: bool, wrong: str) -> None:  # noqa: FBT001
    assert said(typed, partial=partial) == Wrong(wrong)


def test_the_future_is_wrong_only_where_it_cannot_be() -> None:
    assert said("15/8/2030", past=False) == Reading("15/08/2030")


def test_what_nobody_living_remembers_is_doubted() -> None:
    assert [said(f"1/1/{year}") for year in (1905, 1906)] == [
        Reading("01/01/1905", doubts=("age-120",)),
        Reading("01/01/1906"),
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("03/02/1990", "03/02/1990 (dương lịch), tức mồng 8 tháng Giêng năm Canh Ngọ"),
        ("25/07/2025", "25/07/2025 (dương lịch), tức mồng 1 tháng Sáu nhuận năm Ất Tỵ"),
        ("06/09/2025", "06/09/2025 (dương lịch), tức rằm tháng Bảy năm Ất Tỵ"),
        ("16/02/2026", "16/02/2026 (dương lịch), tức ngày 29 tháng Chạp năm Ất Tỵ"),
        ("02/1990", "02/1990"),
        ("1990", "1990"),
    ],
)
def test_a_day_is_shown_in_both_calendars(value: str, words: str) -> None:
    assert calendar_of(value) == words


def test_a_stored_day_in_both_calendars() -> None:
    found = both_calendars("03/02/1990")
    assert found is not None
    assert (found.value, found.offers) == ("03/02/1990", ("03/02/1990", "27/02/1990"))
    assert both_calendars("1990") is None
