"""Parts of linked procedures, successors, and changes of the law that are known ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from bot import checking
from catalogue.changes import AHEAD, changes_ahead, successor_of
from catalogue.load import BadCatalogue, load
from catalogue.model import Catalogue, Procedure
from conversations import changes

BUNDLE = "lien-thong-khai-sinh-thuong-tru-bhyt"
OLD = "lien-thong-khai-sinh-bhyt"
FILE = f"procedures/hanh-chinh-tu-phap/{BUNDLE}.toml"
NEW_YEAR = date(2027, 1, 1)
MARCH = date(2027, 3, 1)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def with_(catalogue: Catalogue, *changed: Procedure) -> Catalogue:
    return replace(catalogue, procedures={**catalogue.procedures, **{it.id: it for it in changed}})


def test_the_birth_bundle_has_its_four_parts_in_order(catalogue: Catalogue) -> None:
    parts = catalogue.procedures[BUNDLE].parts
    assert [part.key for part in parts] == ["khai-sinh", "thuong-tru", "the-bhyt", "the-can-cuoc"]
    assert [part.when is not None for part in parts] == [False, False, False, True]
    assert all(part.authority for part in parts)
    linked = {it.id for it in catalogue.procedures.values() if it.parts}
    assert linked == {BUNDLE, OLD}


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        (FILE, 'key = "thuong-tru"', 'key = "khai-sinh"', 'parts[1].key: expected no key twice, got "khai-sinh" again'),
        (FILE, 'key = "thuong-tru"', 'key = "Thường trú"', "parts[1].key: expected 2 to 24 of a-z"),
        (
            FILE,
            'name = "Đăng ký thường trú"',
            f'name = "{"x" * 41}"',
            "parts[1].name: expected 1 to 40 letters, got 41",
        ),
        (FILE, 'authority = "Bảo hiểm xã hội"', 'authority = " "', "parts[2].authority: expected who decides it"),
        (
            FILE,
            'when = { field = "want_id_card", in = ["Có"] }\n\n[[papers]]',
            'when = { field = "want_id_card", in = ["Ừ"] }\n\n[[papers]]',
            "parts[3].when.in: expected one of the choices of want_id_card",
        ),
        (FILE, 'name = "Khai sinh"', 'nam = "Khai sinh"', "parts[0].nam: unknown key"),
        (
            FILE,
            'successor_code = "3.000722"',
            'successor_code = "3.000722"\nsuccessor = "khong-co"',
            'successor: expected the id of another procedure, got "khong-co"',
        ),
        (
            FILE,
            'successor_code = "3.000722"',
            f'successor_code = "3.000722"\nsuccessor = "{OLD}"',
            "successor: expected a way on, got one that comes back to",
        ),
        (
            "changes.toml",
            'procedures = ["cong-nhan-ho-ngheo"',
            'procedures = ["ho-ngheo"',
            'changes[2].procedures[0]: expected an id that exists, got "ho-ngheo"',
        ),
        (
            "changes.toml",
            'source = "S12"',
            'source = "S99"',
            'changes[2].source: expected an id that exists, got "S99"',
        ),
        ("changes.toml", "on = 2026-12-31", 'on = "cuối năm"', "changes[2].on: expected date"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, file: str, old: str, new: str, error: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadCatalogue) as caught:
        load(folder)
    assert error in str(caught.value)


def test_a_change_is_told_from_thirty_days_before_until_its_day(catalogue: Catalogue) -> None:
    def told(day: date) -> set[str]:
        return {change.id for change in changes_ahead(catalogue, day)}

    new = "phan-mem-lien-thong-2027"
    assert new not in told(NEW_YEAR - timedelta(days=AHEAD + 1))
    assert new in told(NEW_YEAR - timedelta(days=AHEAD))
    assert new in told(NEW_YEAR)
    assert new not in told(NEW_YEAR + timedelta(days=1))
    assert told(MARCH - timedelta(days=10)) == {"luat-ho-tich-2027", "tham-quyen-cap-huyen-cu-2027"}


def test_the_law_of_2027_touches_whatever_rests_on_the_old_one(catalogue: Catalogue) -> None:
    old = {
        it.id
        for it in catalogue.procedures.values()
        if it.valid_on(MARCH) and any("Luật Hộ tịch 60/2014" in law for law in it.legal_basis)
    }
    assert set(catalogue.changes["luat-ho-tich-2027"].procedures) == old


def test_a_procedure_that_ends_is_told_too_but_not_twice(catalogue: Catalogue) -> None:
    day = date(2027, 5, 1)
    poor = msgspec.structs.replace(catalogue.procedures["cong-nhan-ho-ngheo"], valid_to=day)
    ending = with_(catalogue, poor)
    assert [change.on for change in changes_ahead(ending, day)] == [day + timedelta(days=1)]
    assert poor.display_name in changes_ahead(ending, day)[0].what
    known = msgspec.structs.replace(
        catalogue.changes["chuan-ngheo-2026"], on=day + timedelta(days=1), procedures=(poor.id,)
    )
    assert changes_ahead(replace(ending, changes={known.id: known}), day) == (known,)


def test_a_successor_stands_in_from_the_day_after_the_last(catalogue: Catalogue) -> None:
    old = catalogue.procedures[OLD]
    assert old.valid_to is not None
    assert successor_of(catalogue, old, old.valid_to) is None
    after = successor_of(catalogue, old, old.valid_to + timedelta(days=1))
    assert after is catalogue.procedures[BUNDLE]
    assert successor_of(catalogue, catalogue.procedures["khai-sinh"], MARCH) is None


def test_a_successor_that_has_ended_too_gives_way_to_its_own(catalogue: Catalogue) -> None:
    day = date(2027, 6, 1)
    bundle = msgspec.structs.replace(catalogue.procedures[BUNDLE], valid_to=MARCH, successor="khai-sinh")
    assert successor_of(with_(catalogue, bundle), catalogue.procedures[OLD], day) is catalogue.procedures["khai-sinh"]
    birth = msgspec.structs.replace(catalogue.procedures["khai-sinh"], valid_to=MARCH)
    assert successor_of(with_(catalogue, bundle, birth), catalogue.procedures[OLD], day) is None


def test_the_check_tells_of_changes_ahead(capsys: pytest.CaptureFixture[str]) -> None:
    assert checking.check(None, date(2026, 12, 5)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Tốt: 41 thủ tục",
        (
            "Chậm nhất 31/12/2026 (chưa chắc): Chuẩn nghèo giai đoạn 2026–2030, mã thủ tục mới 1.116214 và 1.116215: "
            "chưa đọc được văn bản. Xem lại 2 thủ tục."
        ),
        (
            "Từ 01/01/2027 (khá chắc): Phần mềm “Dịch vụ công liên thông” ngừng chạy: nộp liên thông theo luồng của "
            "Cổng Dịch vụ công quốc gia. Xem lại 1 thủ tục."
        ),
    ]
    assert checking.check(None, date(2026, 10, 10)) == 0
    assert capsys.readouterr().out == "Tốt: 41 thủ tục\n"


def test_the_head_is_reminded_weekly_and_daily_at_the_end_and_never_later_than_thirty_days_before(
    catalogue: Catalogue,
) -> None:
    closed = {date(2026, 12, 7), date(2026, 12, 8)}  # a Monday and a Tuesday

    def working(day: date) -> bool:
        return day.weekday() < 5 and day not in closed

    day, told = date(2026, 11, 1), []
    while day <= NEW_YEAR:
        said = changes.for_head(catalogue, day, working) if working(day) else None
        if said is not None and "01/01/2027" in said.text:
            told.append(day)
        day += timedelta(days=1)
    assert told == [
        date(2026, 11, 30),  # 32 days before
        date(2026, 12, 9),
        date(2026, 12, 14),
        date(2026, 12, 21),
        date(2026, 12, 28),
        *(date(2026, 12, 29) + timedelta(days=n) for n in range(4)),
    ]
