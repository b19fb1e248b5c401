"""Every mistake in a data file names the file, the key and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.load import BadCatalogue, load

BIRTH = "procedures/hanh-chinh-tu-phap/khai-sinh.toml"
DEATH = "procedures/hanh-chinh-tu-phap/khai-tu.toml"
CHILD_CONSENT = "procedures/hanh-chinh-tu-phap/thay-doi-cai-chinh-ho-tich.toml"
REVISED_FEE = CHILD_CONSENT
RECOGNISED = "procedures/hanh-chinh-tu-phap/nhan-cha-me-con.toml"
POOR = "procedures/lao-dong-tbxh/cong-nhan-ho-ngheo.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        (
            DEATH,
            'kind = "form"',
            'kind = "foto"',
            'papers[0].kind: expected one of form, original, copy, photo-id, got "foto"',
        ),
        (DEATH, "seq = 2", 'seq = "2"', 'seq: expected a whole number, got "2"'),
        (DEATH, 'authority = "', 'authorty = "', "authorty: unknown key, expected one of "),
        (DEATH, 'key = "to-khai"', 'slug = "to-khai"', "papers[0].slug: unknown key, expected one of key, "),
        (DEATH, 'key = "to-khai"\n', "", "papers[0].key: missing, expected a text"),
        (DEATH, "valid_from = 2025-07-01", 'valid_from = "soon"', 'valid_from: expected date, got "soon"'),
        (
            DEATH,
            "valid_from = 2025-07-01",
            "valid_from = 2025-07-01\nvalid_to = 2025-01-01",
            "valid_to: expected a day from 2025-07-01 on, got 2025-01-01",
        ),
        (DEATH, 'code = "1.000656"\n', "", 'code: expected a value, or "code" in unknown'),
        (
            DEATH,
            'unknown = ["level", ',
            'unknown = ["fee", "level", ',
            'fee.amount_vnd: expected no value, as "fee" is listed in unknown',
        ),
        (
            DEATH,
            'unknown = ["level", ',
            'unknown = ["colour", "level", ',
            "unknown[0]: expected one of official_name, code, ",
        ),
        (DEATH, "seq = 2", 'id = "x"\nseq = 2', "id: expected no such key, as the path already says it"),
        (DEATH, "seq = 2", "seq =", "expected TOML: "),
        (
            DEATH,
            '{ field = "death_notice_status", not_in',
            '{ field = "nobody", not_in',
            'papers[1].required_when.field: expected a question asked earlier, got "nobody"',
        ),
        (
            DEATH,
            'not_in = ["Không có (mất đã lâu)"]',
            'not_in = ["Không"]',
            "expected one of the choices of death_notice_status (",
        ),
        (
            DEATH,
            '{ field = "death_notice_status", not_in = ["Không có (mất đã lâu)"] }',
            '{ field = "death_notice_status" }',
            "papers[1].required_when: expected `field` with exactly one of in, not_in, ",
        ),
        (
            DEATH,
            '{ field = "death_notice_status", not_in',
            '{ field = "death_notice_status", like',
            "papers[1].required_when.like: unknown key",
        ),
        (DEATH, "min_photos = 0", "min_photos = 11", "papers[0].max_photos: expected at least min_photos = 11, got 10"),
        (
            DEATH,
            'life_events = ["mat-nguoi-than"]',
            'life_events = ["tang"]',
            'life_events[0]: expected an id that exists, got "tang"',
        ),
        (
            DEATH,
            'deadline_from = "death_date"',
            'deadline_from = "deceased_name"',
            'deadline_from: expected the key of a date that is asked, with deadline_days, got "deceased_name"',
        ),
        (
            DEATH,
            'deadline_from = "death_date"',
            'deadline_until = "02-30"',
            'deadline_until: expected a day as mm-dd and no deadline_days, got "02-30"',
        ),
        (DEATH, 'sources = ["S1"', 'sources = ["S99"', 'sources[0]: expected an id that exists, got "S99"'),
        (
            CHILD_CONSENT,
            '{ field = "subject_dob", age_gte',
            '{ field = "change_type", age_gte',
            "all[1].age_gte: expected change_type to be of kind date, not choice",
        ),
        (
            REVISED_FEE,
            '\nunknown = ["amount_vnd"]',
            "",
            'fee.items[2].amount_vnd: expected either a value or unknown = ["amount_vnd"]',
        ),
        (
            "routing.toml",
            'to = "khai-tu"',
            'to = "khai-tử"',
            'routing[2].options[0].to: expected an id that exists, got "khai-tử"',
        ),
        (
            "routing.toml",
            'to_code = "1.004772"',
            'to_code = "9.999999"',
            'routing[0].options[2].to_code: expected an id that exists, got "9.999999"',
        ),
        (
            "lexicon.toml",
            '  "{nguoithan} … mất",',
            '  "{nguoi} … mất",',
            'concepts.nguoimat[0]: expected a group that exists, got "nguoi"',
        ),
        (
            "lexicon.toml",
            '["nguoimat", "matgiay"],',
            '["nguoimat", "mat"],',
            'contraries[0][1]: expected an id that exists, got "mat"',
        ),
        (
            "lexicon.toml",
            'to = "khai-tu"',
            'to = "khai-tử"',
            'signs[0].to: expected an id that exists, got "khai-tử"',
        ),
        (
            "lexicon.toml",
            'all = ["nguoimat"]',
            'all = ["chếtt"]',
            'signs[0].all[0]: expected an id that exists, got "chếtt"',
        ),
        (
            "outside.toml",
            'confidence = "high"',
            'confidence = "sure"',
            'outside[0].confidence: expected one of high, medium, low, got "sure"',
        ),
        (
            "outside.toml",
            'id = "ket-hon-yeu-to-nuoc-ngoai"',
            'id = "dang-ky-ket-hon"',
            'outside[1].id: expected no id twice, got "dang-ky-ket-hon" again',
        ),
        (
            "offices.toml",
            'procedures = "all"',
            'procedures = ["khai-thue"]',
            'offices[0].procedures[0]: expected an id that exists, got "khai-thue"',
        ),
        (
            "offices.toml",
            'starts = "04-16"',
            'starts = "16/4"',
            'offices[0].hours[0].starts: expected a day mm-dd, got "16/4"',
        ),
        (
            "offices.toml",
            "opens = 07:00:00",
            "opens = 7",
            "offices[0].hours[0].sessions[0].opens: expected time, got 7",
        ),
        (
            "offices.toml",
            'id = "son-tien"',
            'id = "son-tien"\nremind_after_working_days = 0',
            "offices[0].remind_after_working_days: expected 1 or more, got 0",
        ),
        (
            "offices.toml",
            'id = "son-tien"',
            'id = "son-tien"\ndigest_at = "sáng"',
            'offices[0].digest_at: expected time, got "sáng"',
        ),
        (
            DEATH,
            "same_day = true",
            'same_day = true\nclock_policy = "stop"',
            'processing.clock_policy: expected one of restart, pause, got "stop"',
        ),
        ("holidays.toml", "on = 2026-01-01", 'on = "2026-13-01"', 'days_off[0].on: expected date, got "2026-13-01"'),
        (
            "holidays.toml",
            "on = 2026-01-02",
            "on = 2026-01-01",
            'days_off[1]: expected no value twice, got "2026-01-01" again',
        ),
        (DEATH, 'detail = "born"', 'detail = "birth"', "questions[1].detail: expected one of name, born, sex, "),
        (
            DEATH,
            'person = "deceased"\ndetail = "name"',
            'person = "requester"\ndetail = "name"',
            "questions[6].detail: expected name of requester to be asked only once",
        ),
        (DEATH, 'detail = "born"', 'detail = "sex"', "questions[1].detail: expected kind choice for it, not date"),
        (DEATH, 'person = "requester"\n', "", "questions[0].detail: expected `person` beside it"),
        (DEATH, "của bạn là gì?", "của bạn, ví dụ Hoa?", 'questions[0].ask: expected no "ví dụ": examples stand under'),
        (DEATH, "của bạn là gì?", "của bạn", "questions[0].ask: expected a sentence that ends with ? or ."),
        (DEATH, "của bạn là gì?", "của bạn" * 30 + "?", "questions[0].ask: expected at most 160 letters, got 2"),
        (DEATH, 'short = "Ngày sinh', f'short = "{"Ngày " * 9}', "questions[1].short: expected 1 to 40 letters, got 5"),
        (DEATH, 'follow_up = "', 'follow_up = "x', 'follow_up: expected the id of another procedure, got "xmai-tang-'),
        (
            BIRTH,
            'person = "mother"\nis',
            'person = "mum"\nis',
            'same[0].person: expected a person of a question, got "mum"',
        ),
        (
            BIRTH,
            'person = "mother"\nis = "requester"',
            'person = "mother"\nis = "mother"',
            "same[0]: expected two persons who share a detail, not mother and mother",
        ),
        (
            BIRTH,
            'to = "khai-sinh-ket-hop-nhan-cha-me-con"',
            'to = "khai-sinh"',
            'detours[0].to: expected the id of another procedure, got "khai-sinh"',
        ),
        (
            BIRTH,
            'when = { field = "child_dob", age_gte = 18 }',
            (
                'when = { all = [{ field = "mother_name", present = true }, { field = "father_name", present = true }, '
                '{ field = "child_name", present = true }] }'
            ),
            (
                "detours: expected at most 3 questions to be asked first, "
                "got birth_case, child_name, mother_name, father_name"
            ),
        ),
        (
            BIRTH,
            "sinh ngày {child_dob}, còn mẹ",
            "sinh {dob}, còn mẹ",
            "consistency[0].text: expected the key of a question in {dob}",
        ),
        (BIRTH, "hai ngày này đúng cả chứ?", "hai ngày.", "consistency[0].text: expected a sentence that ends with ?"),
        (
            BIRTH,
            'before = ["mother_dob", "child_dob"]',
            'before = ["mother_id", "child_dob"]',
            "consistency[0].before: expected mother_id to be of kind date, not id_number",
        ),
        (
            BIRTH,
            'before = ["mother_dob", "child_dob"]',
            'before = ["child_dob", "child_dob"]',
            "consistency[0].before: expected two different questions",
        ),
        (
            BIRTH,
            'before = ["mother_dob", "child_dob"]',
            'before = ["mum_dob", "child_dob"]',
            'consistency[0].before: expected a question that is asked once, got "mum_dob"',
        ),
        (
            BIRTH,
            'before = ["mother_dob", "child_dob"]',
            'differ = ["mother_dob", "child_dob"]',
            "consistency[0]: expected years and below only beside before",
        ),
        (
            BIRTH,
            'before = ["mother_dob", "child_dob"]',
            'before = ["mother_dob", "child_dob"]\nwithin_days = 3',
            "consistency[0]: expected one of before, within_days, differ, age_from/age_to, or only when",
        ),
        (
            BIRTH,
            'before = ["mother_dob", "child_dob"]\nyears = 1',
            'before = ["mother_dob", "child_dob"]\nyears = 1\nbelow = 1',
            "consistency[0].below: expected more than 1, got 1",
        ),
        (
            BIRTH,
            'field = "child_dob"\nwithin_days',
            "within_days",
            "consistency[6].field: expected it with within_days or age_from/age_to, and only there",
        ),
        (
            RECOGNISED,
            'in = ["Cha nhận con", "Con nhận cha"] }, value = "Nam"',
            'in = ["Cha nhận con", "Con nhận cha"] }, value = "Ông"',
            'questions[9].follows[0].value: expected one of Nam, Nữ, got "Ông"',
        ),
        (
            POOR,
            'before = ["requester_dob"',
            'before = ["member_dob"',
            'consistency[0].before: expected a question that is asked once, got "member_dob"',
        ),
        ("sectors.toml", 'id = "noi-vu"', 'id = "noi"', "expected a folder named after a sector: "),
        (
            "life_events.toml",
            "[[life_events]]",
            "[[life_event]]",
            "life_event: unknown key, expected only [[life_events]]",
        ),
    ],
)
def test_a_mistake_is_named(folder: Path, file: str, old: str, new: str, error: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadCatalogue) as caught:
        load(folder)
    assert error in str(caught.value)
    if file != "sectors.toml":
        assert str(caught.value).startswith(f"{file}: ")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "holidays.toml").unlink()
    with pytest.raises(BadCatalogue, match=r"holidays\.toml: expected this file to exist"):
        load(folder)


def test_text_that_is_not_utf8_is_named(folder: Path) -> None:
    (folder / "sectors.toml").write_bytes(b'name = "n\xe9"')
    with pytest.raises(BadCatalogue, match=r"sectors\.toml: expected UTF-8"):
        load(folder)


def test_one_procedure_in_two_sectors_is_refused(folder: Path) -> None:
    (folder / "procedures/noi-vu/khai-sinh.toml").write_bytes((folder / BIRTH).read_bytes())
    with pytest.raises(BadCatalogue, match="expected a file name that no other sector uses"):
        load(folder)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue, match="expected this file to exist"):
        load(tmp_path)
