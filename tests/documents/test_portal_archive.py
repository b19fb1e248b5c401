"""What is taken to the National Portal: complete, in order, and readable by people and programs."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalogue.conditions import holds
from catalogue.load import load
from catalogue.model import Catalogue, Procedure
from conversations.plans import pledge
from conversations.render import TEXTS
from documents.portal_archive import SCHEMA, NationalState, Package, PaperFile, packed
from documents.portal_checks import code_checks, format_checks
from documents.portal_fields import Field, fields
from domain.values import VIETNAM

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM)
_ANSWERS = {
    "date": "15/08/1994",
    "person_name": "Nguyễn Thị Hoa",
    "id_number": "042194001234",
    "phone": "+84984123456",
    "number": "2",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
}
_CATALOGUE = load()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return _CATALOGUE


def answers(procedure: Procedure, choice: int = 0) -> dict[str, str]:
    """An answer to whatever stands, of its own kind; of a choice the one of this number."""
    told: dict[str, str] = {}
    for question in procedure.questions:
        if question.ask_when is None or holds(question.ask_when, told, TODAY):
            if question.choices:
                told[question.key] = question.choices[choice % len(question.choices)]
            else:
                told[question.key] = _ANSWERS.get(question.kind, "Thôn 1, xã Sơn Tiến, tỉnh Hà Tĩnh")
    return told


def package(procedure: Procedure, told: dict[str, str], marks: dict[str, str] | None = None, **more: Any) -> Package:
    made = fields(procedure, told, marks or {}, TODAY)
    state = NationalState(1, "Mới đăng ký", NOW)
    values: dict[str, Any] = {
        "tracking_code": "K7P4-9XTM-3WHAC",
        "official_code": "",
        "portal_code": "",
        "procedure": procedure.id,
        "procedure_name": procedure.display_name,
        "national_code": procedure.code or "",
        "office_name": "UBND xã Sơn Tiến",
        "agency_id": "H27.xx.yy",
        "agency_provisional": True,
        "state": state,
        "made_at": NOW,
        "submitted_at": NOW,
        "fields": made,
        "history": (state,),
        "checks": (),
        "form": b"%PDF-form",
        "papers": (PaperFile("giay-chung-sinh", "Giấy chứng sinh", b"%PDF-1"),),
    }
    return Package(**{**values, **more})


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


class Page(HTMLParser):
    """Labels, values and buttons of the page, and whatever it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.fetched: list[tuple[str, str]] = []
        self.classes: list[str] = []
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.fetched += [(tag, known[name] or "") for name in ("src", "href", "action") if name in known]
        if tag in ("link", "iframe", "img", "object"):
            self.fetched.append((tag, ""))
        if tag == "div" and known.get("class") == "f":
            self.rows.append([])
        elif tag in ("span", "button") and self.rows:
            self._in = tag
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = "" if tag == self._in else self._in

    def handle_data(self, data: str) -> None:
        if self._in and self.rows:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("choice", [0, 1, 2])
@pytest.mark.parametrize("procedure", list(_CATALOGUE.procedures.values()), ids=lambda p: p.id)
def test_every_asked_field_comes_once_in_the_forms_order_and_none_is_left_to_type(
    procedure: Procedure, choice: int
) -> None:
    told = answers(procedure, choice)
    whole = package(procedure, told)
    keys = [field.key for field in whole.fields]
    assert len(set(keys)) == len(keys)
    assert set(keys) == set(told)  # nothing told is lost, nothing comes that was not asked
    assert whole.left == 0

    on_form = [q for q in procedure.questions if q.key in told and q.on_form and not pledge(q)]
    groups = list(dict.fromkeys(q.group for q in on_form))
    wanted = sorted(on_form, key=lambda q: groups.index(q.group))
    beside = [q for q in procedure.questions if q.key in told and not q.on_form]
    end = [q for q in procedure.questions if pledge(q)]
    assert keys == [q.key for q in (*wanted, *beside, *end)]

    files = opened(packed(whole))
    rows = Page(files["01-to-khai.html"].decode()).rows
    assert [row[:2] for row in rows] == [[field.label, field.value] for field in whole.fields]
    assert [row[2] for row in rows] == [TEXTS["portal-archive.copy"]] * len(rows)
    lines = files["truong.txt"].decode("utf-8-sig").splitlines()
    assert [line.split("\t")[1] for line in lines] == [field.value for field in whole.fields]
    data = msgspec.json.decode(files["ho-so.json"])
    assert list(data["answers"]) == keys
    assert {key: one["value"] for key, one in data["answers"].items()} == told


def test_the_archive_is_read_back(catalogue: Catalogue) -> None:
    birth = catalogue.procedures["khai-sinh"]
    second = PaperFile("can-cuoc", "Căn cước", b"%PDF-2")
    portal = NationalState(2, "Được tiếp nhận", NOW)
    whole = package(birth, answers(birth))
    whole = msgspec.structs.replace(
        whole, papers=(*whole.papers, second), portal_code="H27.12.33-261123-0007", portal_state=portal
    )
    data = packed(whole)
    assert packed(whole) == data
    files = opened(data)
    assert list(files) == [
        "DOC-TRUOC.txt",
        "01-to-khai.html",
        "02-to-khai.pdf",
        "truong.txt",
        "kiem-tra.txt",
        "ho-so.json",
        "giay-to/01-giay-chung-sinh.pdf",
        "giay-to/02-can-cuoc.pdf",
    ]
    assert files["giay-to/02-can-cuoc.pdf"] == b"%PDF-2"
    told = msgspec.json.decode(files["ho-so.json"])
    assert told["schema"] == SCHEMA
    assert told["codes"] == {"tracking": "K7P4-9XTM-3WHAC", "official": None, "portal": "H27.12.33-261123-0007"}
    assert told["procedure"]["national_code"] == "1.001193"
    assert told["office"] == {
        "name": "UBND xã Sơn Tiến",
        "agency_id": "H27.xx.yy",
        "agency_id_provisional": True,
    }
    assert told["status"] == {"number": 1, "name": "Mới đăng ký", "at": "2026-11-23T10:00:00+07:00"}
    assert told["portal_status"]["number"] == 2
    assert told["history"] == [told["status"]]
    assert [paper["sha256"] for paper in told["papers"]] == [
        hashlib.sha256(files[paper["file"]]).hexdigest() for paper in told["papers"]
    ]
    assert told["answers"]["child_name"] == {
        "label": "Họ, chữ đệm, tên của trẻ",
        "kind": "person_name",
        "group": "Trẻ được khai sinh",
        "row": None,
        "on_form": True,
        "value": "Nguyễn Thị Hoa",
        "to_type": "NGUYỄN THỊ HOA",
        "by_officer": False,
    }
    read = files["DOC-TRUOC.txt"].decode("utf-8-sig")
    assert "mã 1.001193, tên Đăng ký khai sinh" in read
    assert "giay-to/01-giay-chung-sinh.pdf: Giấy chứng sinh" in read
    assert "Số ô phải tự ghi: 0." in read


def test_an_invented_dossier_says_so(catalogue: Catalogue) -> None:
    birth = catalogue.procedures["khai-sinh"]
    files = opened(packed(package(birth, answers(birth), practice=True)))
    assert msgspec.json.decode(files["ho-so.json"])["practice"] is True
    for name in ("DOC-TRUOC.txt", "01-to-khai.html"):
        assert "HỒ SƠ TẬP" in files[name].decode("utf-8-sig")


def test_names_of_files_are_plain_letters_and_tell_of_nobody(catalogue: Catalogue) -> None:
    for procedure in catalogue.procedures.values():
        told = answers(procedure)
        papers = tuple(PaperFile(paper.key, paper.name, b"%PDF") for paper in procedure.papers)
        names = list(opened(packed(package(procedure, told, papers=papers))))
        assert len(set(names)) == len(names)
        for name in names:
            assert re.fullmatch(r"(giay-to/\d\d-[a-z0-9-]{1,40}|[A-Za-z0-9-]{1,20})\.(pdf|txt|json|html)", name), name


def test_the_page_needs_nothing_from_elsewhere_and_shows_strange_words_as_words(catalogue: Catalogue) -> None:
    birth = catalogue.procedures["khai-sinh"]
    evil = '<script src="https://x.example/a.js"></script>"&\'\n\tdòng hai'
    files = opened(packed(package(birth, answers(birth) | {"child_hometown": evil})))
    source = files["01-to-khai.html"].decode()
    page = Page(source)
    assert page.fetched == []
    assert "http" not in source.replace("http-equiv", "").replace("https://x.example", "")
    assert any(row[1] == evil.replace("\t", " ").replace("\n ", "\n") for row in page.rows)
    line = next(x for x in files["truong.txt"].decode("utf-8-sig").splitlines() if x.startswith("Quê quán"))
    assert line.count("\t") == 1
    assert line.endswith("; dòng hai")


def test_rows_of_people_come_one_after_another(catalogue: Catalogue) -> None:
    poor = catalogue.procedures["cong-nhan-ho-ngheo"]
    told = answers(poor) | {"member_name.2": "Nguyễn Văn C", "member_gender.2": "Nam", "member_dob.2": "1945"}
    made = [field for field in fields(poor, told, {}, TODAY) if field.row]
    assert [field.row for field in made] == sorted(field.row for field in made)
    assert {field.row for field in made} == {1, 2}
    second = {field.key: field.value for field in made if field.row == 2}
    assert second["member_name.2"] == "NGUYỄN VĂN C"
    lines = opened(packed(package(poor, told)))["truong.txt"].decode("utf-8-sig")
    assert "(Dòng 2)\tNGUYỄN VĂN C" in lines


def test_what_an_officer_is_to_write_is_left_to_type(catalogue: Catalogue) -> None:
    birth = catalogue.procedures["khai-sinh"]
    told = answers(birth) | {"child_name": "nguyen gia bao"}
    made = package(birth, told, {"child_name": "desk"})
    assert made.left == 1
    source = opened(packed(made))["01-to-khai.html"].decode()
    assert "(cán bộ ghi; người dân gõ: nguyen gia bao)" in source
    data = msgspec.json.decode(opened(packed(made))["ho-so.json"])
    assert data["fields_left_to_type"] == 1
    assert data["answers"]["child_name"]["to_type"] == ""


def test_numbers_days_and_names_are_looked_at(catalogue: Catalogue) -> None:
    birth = catalogue.procedures["khai-sinh"]
    right = answers(birth, 0) | {"requester_dob": "15/08/1994", "requester_id": "042194001234"}

    def said(**changes: str) -> list[str]:
        told = right | changes
        lines = format_checks(birth, fields(birth, told, {}, TODAY), told, TODAY)
        return [line for line in lines if "người yêu cầu" in line or "điện thoại" in line or "Số định danh cá" in line]

    assert said() == []
    assert "chứng minh nhân dân 9 số" in said(requester_id="184123456")[0]
    assert "không phải số định danh 12 số" in said(requester_id="0421940012")[0]
    assert "không khớp năm sinh" in said(requester_dob="15/08/1995")[0]
    assert "không đúng dạng số điện thoại" in said(requester_phone="0984")[0]
    assert "chưa có dấu" in said(requester_name="Nguyen Thi Hoa")[0]
    assert "họ tên đầy đủ" in said(requester_name="Hoa")[0]
    assert "không phải ngày có thật" in said(requester_dob="31/02/1994")[0]


def test_codes_are_looked_at() -> None:
    assert code_checks("not-a-code", "", "H27.12", provisional=False) == ("Mã hồ sơ “not-a-code” không đúng dạng.",)
    assert code_checks("not-a-code", "H27.12-2611-1", "H27.12", provisional=True)[2].startswith("Mã định danh cơ quan")


def test_no_text_of_the_archive_is_left_over() -> None:
    root = Path(__file__).parents[2]
    own = [*root.glob("documents/portal_*.py"), root / "bot/archive.py"]
    naming = [root / "domain/numbers.py", root / "conversations/staff_papers.py"]  # what f"…check-{…}" is filled with
    code = "".join(path.read_text(encoding="utf-8") for path in own + naming).replace("'", '"')
    keys = {key for key in TEXTS if key.startswith("portal-archive.")}
    ends = {key: re.sub(r"portal-archive\.check-(missing-)?", "", key) for key in keys}
    assert {key for key in keys if f'"{key}"' not in code and f'"{ends[key]}"' not in code} == set()


def test_an_empty_field_of_no_need_is_said_to_be_empty() -> None:
    assert not Field("x", "X", "text", "G", "").to_type
    assert Field("x", "X", "text", "G", "", required=True).to_type
