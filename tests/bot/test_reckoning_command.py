"""`motcua due` in words, as an officer reads it beside the calendar on the wall."""

from __future__ import annotations

import pytest

from bot.__main__ import main

SINGLE = "xac-nhan-tinh-trang-hon-nhan"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> list[str]:
    assert main(["due", *arguments]) == status
    told = capsys.readouterr()
    return (told.err if status else told.out).splitlines()


def test_the_worked_examples_come_out_as_they_were_worked(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, SINGLE, "--received", "2026-11-23T10:00") == [
        "Cấp giấy xác nhận tình trạng hôn nhân",
        "Thời hạn: 3 ngày làm việc",
        "Thứ Hai 23/11/2026    nhận hồ sơ (ngày nhận không tính)",
        "Thứ Ba 24/11/2026     nghỉ: Ngày Văn hóa Việt Nam",
        "Thứ Tư 25/11/2026     ngày làm việc thứ 1",
        "Thứ Năm 26/11/2026    ngày làm việc thứ 2",
        "Thứ Sáu 27/11/2026    ngày làm việc thứ 3",
        "Hẹn trả: 17 giờ 30, Thứ Sáu 27/11/2026",
    ]
    late = printed(capsys, SINGLE, "--received", "2026-11-23T15:20")
    assert "Thứ Tư 25/11/2026     đến sau 15 giờ nên tính là nhận ngày này" in late
    assert late[-1] == "Hẹn trả: 17 giờ 30, Thứ Hai 30/11/2026"


def test_a_wait_counts_anew_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    wait = ("--paused", "2026-11-25T10:00..2026-11-30T10:00")
    lines = printed(capsys, SINGLE, "--received", "2026-11-23T10:00", *wait)
    assert "Thứ Tư 25/11/2026     bắt đầu chờ người dân" in lines
    assert "Thứ Hai 30/11/2026    người dân đã bổ sung, tính lại từ đầu" in lines
    assert lines[-1] == "Hẹn trả: 17 giờ 30, Thứ Năm 03/12/2026"


def test_a_procedure_may_be_named_by_a_part_of_its_name_and_is_reckoned_with_its_offices_hours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    summer = ("--received", "2026-06-15T10:00")
    assert printed(capsys, "tình trạng hôn nhân", *summer)[-1] == "Hẹn trả: 17 giờ, Thứ Năm 18/06/2026"
    practice = printed(capsys, "tình trạng hôn nhân", *summer, "--office", "thuc-hanh")
    assert practice[-1] == "Hẹn trả: 17 giờ 30, Thứ Năm 18/06/2026"


def test_or_by_what_people_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "làm giấy khai sinh cho con mới đẻ", "--received", "2026-11-23T10:00")
    assert lines[:2] == ["Đăng ký khai sinh", "Thời hạn: trong ngày"]


def test_a_time_that_nobody_has_confirmed_is_said_to_be_unsure(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "ba-me-viet-nam-anh-hung", "--received", "2026-11-23T10:00")
    assert lines[-1] == "Thời hạn này chưa chắc: khi tiếp nhận, cán bộ tự hẹn ngày."


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("giấy", "--received", "2026-11-23T10:00"), "Chưa rõ thủ tục"),
        ((SINGLE, "--received", "hôm qua"), "Chưa hiểu «hôm qua»"),
        ((SINGLE, "--received", "2026-11-23T10:00", "--office", "xa-la"), "Không có đơn vị xa-la"),
        ((SINGLE, "--received", "2026-11-23T10:00", "--paused", "2026-11-25T10:00"), "Chưa hiểu"),
        ((SINGLE, "--received", "2026-11-23T10:00", "--paused", "2026-11-25T10:00..2026-11-24T10:00"), "--paused"),
    ],
)
def test_what_cannot_be_used_is_said(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str) -> None:
    assert told in printed(capsys, *arguments, status=1)[0]
