"""What was typed without its marks is offered as it is likely spelled; what has marks is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.fold import fold
from catalogue.model import Catalogue
from catalogue.telex import letters
from domain.names import unmarked
from domain.reading import Reading, read
from domain.spelling import Spelling

TODAY = date(2026, 11, 22)
_NAMES = """
Nguyễn Thị Hoa, Trần Văn Hùng, Lê Thị Hồng Nhung, Phạm Quốc Bảo, Hoàng Thị Thu Hà, Phan Đình Phùng, Võ Nguyên Giáp,
Đặng Thị Thùy Trâm, Bùi Quang Huy, Đỗ Thị Hằng, Hồ Sỹ Tuấn, Ngô Văn Sáu, Dương Thị Tuyết, Lý Thị Mai, Đinh Văn Lợi,
Trương Công Thành, Hà Thị Bích Ngọc, Đoàn Minh Tuấn, Lương Thị Hạnh, Cao Xuân Trường, Đào Thị Quyên, Mai Văn Chiến,
Trịnh Đình Dũng, Thái Thị Lan, Tô Hoài Nam, Đậu Thị Hiền, Phùng Thế Anh, Nguyễn Đức Cảnh, Nguyễn Hữu Thắng, Lê Quang
Đạo, Phan Thị Cẩm Tú, Nguyễn Trọng Tấn, Nguyễn Khắc Hiếu, Hồ Thị Kim Chi, Lê Bá Khánh, Nguyễn Thị Tâm, Nguyễn Văn
Tình, Nguyễn Văn Thọ, Lê Văn Quý, Trần Hậu Toàn, Nguyễn Gia Hân, Trần Minh Khôi, Lê Bảo An, Phạm Thùy Linh, Nguyễn
Khánh Vy, Trần Đăng Khoa, Hoàng Gia Bảo, Nguyễn Thị Nhàn, Trần Thị Sen, Lê Thị Tư, Nguyễn Thị Năm, Đặng Văn Ngọ,
Nguyễn Xuân Hợi, Trần Thị Tý, Hoàng Văn Thụ, Bùi Thị Dậu, Trần Thị Thanh Huyền, Lê Thị Phương Thảo, Nguyễn Đình Chiểu,
Trần Hưng Đạo, Phan Bội Châu, Nguyễn Du, Nguyễn Công Trứ, Hà Huy Tập, Trần Phú, Lê Hữu Trác, Cù Huy Cận, Nguyễn Biểu,
Nguyễn Thị Vân Anh, Trần Thị Ngọc Ánh, Lê Thị Quỳnh Như, Phan Thị Mỹ Duyên, Lưu Văn Sơn, Nguyễn Văn Đồng, Uông Thị
Hợp, Biện Văn Thanh, Nguyễn Tiến Lực, Nguyễn Thị Nguyệt
"""
NAMES = [" ".join(name.split()) for name in _NAMES.split(",")]
NOTHING: tuple[str, ...] = ()


@pytest.fixture(scope="session")
def spelling(loaded: Catalogue) -> Spelling:
    return loaded.spelling


def reading(loaded: Catalogue, kind: str, typed: str) -> Reading:
    found = read(kind, typed, today=TODAY, spelling=loaded.spelling)
    assert isinstance(found, Reading)
    return found


@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        ("Nguyen Thi Hoa", ("Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "Nguyễn Thị Hóa")),
        ("NGUYEN VAN AN", ("Nguyễn Văn An", "Nguyễn Văn Ân", "Nguyễn Vân An", "Nguyễn Vân Ân")),
        ("dau van duc", ("Đậu Văn Đức", "Đậu Vân Đức", "Đậu Vận Đức")),
        ("Le Nam", ("Lê Nam", "Lê Năm")),
        ("Tran", ("Trần", "Trấn")),
        ("Tran Thi Kim Ngan", ("Trần Thị Kim Ngân", "Trần Thị Kim Ngần")),
        ("Phan Thi Hang", ("Phan Thị Hằng",)),
        ("Nguyeenx Thij Hoaf", ("Nguyễn Thị Hòa",)),
        ("Nguye6n4 Thi5 Hoa", ("Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "Nguyễn Thị Hóa")),
        ("Ddaauj Vawn Dduwcs", ("Đậu Văn Đức",)),
    ],
)
def test_names_without_marks(loaded: Catalogue, typed: str, offers: tuple[str, ...]) -> None:
    found = reading(loaded, "person_name", typed)
    assert (found.offers, found.why) == (offers, "spelling")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Tran Thi Lan Anh", "Trần Thị Lan Anh"),
        ("Hoang Thi Thuy Linh", "Hoàng Thị Thùy Linh"),
        ("Tran Quoc Toan", "Trần Quốc Toàn"),
        ("Le Thi Thuy", "Lê Thị Thủy"),
        ("Bui Dinh Hung", "Bùi Đình Hùng"),
        ("Nguyen Xuan Truong", "Nguyễn Xuân Trường"),
        ("Dang Quang Vinh", "Đặng Quang Vinh"),
        ("Pham Hai Yen", "Phạm Hải Yến"),
        ("Nguyen Gia Bao", "Nguyễn Gia Bảo"),
        ("Ho Thi Huong", "Hồ Thị Hương"),
        ("Nguyen Trong Nghia", "Nguyễn Trọng Nghĩa"),
        ("Vo Thi Sau", "Võ Thị Sáu"),
        ("Nguyen Thi Minh Khai", "Nguyễn Thị Minh Khai"),
        ("Cao Thi Luong", "Cao Thị Lương"),
        ("Phan Anh Tuan", "Phan Anh Tuấn"),
        ("Do Van Tien", "Đỗ Văn Tiến"),
    ],
)
def test_the_likeliest_spelling_of_a_name_comes_first(loaded: Catalogue, typed: str, first: str) -> None:
    assert reading(loaded, "person_name", typed).offers[0] == first


def test_common_names_are_found_again(loaded: Catalogue) -> None:
    """Names as they stand in registers and on street signs, taken of their marks."""
    found = {name: reading(loaded, "person_name", fold(name)).offers for name in NAMES}
    assert [name for name, offers in found.items() if name not in offers] == []
    assert sum(offers[0] == name for name, offers in found.items()) >= 0.8 * len(NAMES)


def test_a_long_row_of_names_is_read_as_quickly(loaded: Catalogue) -> None:
    assert reading(loaded, "person_name", "Hoa " * 24).doubts == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Lan Anh", "Lan Anh"),
        ("Mai Lan Anh", "Mai Lan Anh"),
        ("phan anh nam", "Phan Anh Nam"),
        ("Nguyễn Thi Hoa", "Nguyễn Thi Hoa"),
        ("NGUYỄN THỊ HOA", "Nguyễn Thị Hoa"),
        ("John Smith", "John Smith"),
        ("Y Moan Êñuôl", "Y Moan Êñuôl"),
    ],
)
def test_names_that_are_right_as_they_are(loaded: Catalogue, typed: str, kept: str) -> None:
    assert reading(loaded, "person_name", typed) == Reading(kept)


def test_a_name_nobody_knows_is_left_to_an_officer(loaded: Catalogue) -> None:
    assert reading(loaded, "person_name", "Khoeo") == Reading("Khoeo", doubts=("unaccented",))
    found = reading(loaded, "person_name", "Nguyen Thi Khoeo")
    assert (found.offers, found.doubts) == (("Nguyễn Thị Khoeo",), ("unaccented", "unaccented-part"))


@pytest.mark.parametrize(
    ("typed", "offer"),
    [
        ("xom 3 son tien ha tinh", "Xóm 3, Sơn Tiến, Hà Tĩnh"),
        ("thon 1 xa son tien", "Thôn 1, xã Sơn Tiến"),
        ("Thon 1, xa Son Tien, huyen Huong Son, tinh Ha Tinh", "Thôn 1, xã Sơn Tiến, huyện Hương Sơn, tỉnh Hà Tĩnh"),
        ("THON 2 SON HOA", "Thôn 2, Sơn Hòa"),
        ("xom3,son le,ht", "Xóm 3, Sơn Lễ, Hà Tĩnh"),
        ("x. an hoa thinh h. huong son t. ha tinh", "Xã An Hòa Thịnh, huyện Hương Sơn, tỉnh Hà Tĩnh"),
        ("x.son kim 1", "Xã Sơn Kim 1"),
        ("tt pho chau", "Thị trấn Phố Châu"),
        ("tp hcm", "Thành phố Hồ Chí Minh"),
        ("tp ha tinh", "Thành phố Hà Tĩnh"),
        ("nghi loc, nghe an", "Nghi Lộc, Nghệ An"),
        ("tdp 5 phuong bac hong linh", "Tổ dân phố 5, phường Bắc Hồng Lĩnh"),
        ("so 5 duong tran phu tp ha tinh", "Số 5, đường Trần Phú, thành phố Hà Tĩnh"),
        ("trung tam y te huong son", "Trung tâm y tế Hương Sơn"),
        ("binh duong", "Bình Dương"),
        ("cho nghen, can loc", "Chợ Nghèn, Can Lộc"),
        ("bv da khoa ha tinh", "Bệnh viện đa khoa Hà Tĩnh"),
        ("viet nam", "Việt Nam"),
    ],
)
def test_places_without_marks(loaded: Catalogue, typed: str, offer: str) -> None:
    found = reading(loaded, "address", typed)
    assert (found.offers, found.why, found.doubts) == ((offer,), "spelling", ("unaccented",))


def test_unknown_words_of_a_place_stay_as_typed(loaded: Catalogue) -> None:
    found = reading(loaded, "address", "thon dong vuc xa son tien")
    assert (found.offers, found.doubts) == (("Thôn dong vuc, xã Sơn Tiến",), ("unaccented", "unaccented-part"))
    assert reading(loaded, "address", "dong vuc") == Reading("dong vuc", doubts=("unaccented",))


@pytest.mark.parametrize(
    "typed", ["Thôn 1, xã Sơn Tiến", "xom 3 Sơn Tien", "Kim Hoa", "Xã Sơn Hoà", "12/3", "Paris", "Thôn 1,\nxã Sơn Tiến"]
)
def test_places_are_not_corrected(loaded: Catalogue, typed: str) -> None:
    assert reading(loaded, "address", typed) == Reading(typed)


@pytest.mark.parametrize(
    ("typed", "offers", "doubts"),
    [
        ("lam ruong", ("Làm ruộng",), ("unaccented",)),
        ("khong", ("Không",), ("unaccented",)),
        ("benh gia", ("Bệnh già",), ("unaccented",)),
        ("ubnd xa son hoa huyen huong son", ("UBND xã Sơn Hòa, huyện Hương Sơn",), ("unaccented",)),
        ("bi nuoc lu cuon troi", NOTHING, ("unaccented",)),
        ("con", NOTHING, NOTHING),
        ("Con trai", NOTHING, NOTHING),
        ("Agribank", NOTHING, NOTHING),
        ("AA 123456", NOTHING, NOTHING),
        ("3 ha, 10 con", NOTHING, NOTHING),
        ("Làm ruong", NOTHING, NOTHING),
    ],
)
def test_free_text(loaded: Catalogue, typed: str, offers: tuple[str, ...], doubts: tuple[str, ...]) -> None:
    found = reading(loaded, "text", typed)
    assert (found.value, found.offers, found.doubts) == (typed, offers, doubts)


@pytest.mark.parametrize(
    ("kind", "typed", "entry"),
    [
        ("ethnicity", "kinh", "Kinh"),
        ("ethnicity", "muong", "Mường"),
        ("ethnicity", "h'mong", "Mông"),
        ("ethnicity", "mông", "Mông"),
        ("ethnicity", "dân tộc Thái", "Thái"),
        ("ethnicity", "chut", "Chứt"),
        ("ethnicity", "bru van kieu", "Bru-Vân Kiều"),
        ("ethnicity", "e de", "Ê Đê"),
        ("ethnicity", "khac", "Khác"),
        ("nationality", "viet nam", "Việt Nam"),
        ("nationality", "VN", "Việt Nam"),
        ("nationality", "quoc tich Lao", "Lào"),
        ("nationality", "han quoc", "Hàn Quốc"),
    ],
)
def test_official_lists(loaded: Catalogue, kind: str, typed: str, entry: str) -> None:
    assert reading(loaded, kind, typed) == Reading(entry)


def test_near_misses_are_offered_and_the_unknown_doubted(loaded: Catalogue) -> None:
    assert reading(loaded, "ethnicity", "Kihn") == Reading("Kihn", ("Kinh",), (), "spelling", ("unlisted",))
    assert reading(loaded, "nationality", "Wakanda") == Reading("Wakanda", doubts=("unlisted",))


def test_there_are_54_peoples(loaded: Catalogue) -> None:
    entries = [line.partition("=")[0].strip() for line in loaded.names.peoples.split(",")]
    assert (len(set(entries)), entries[0], entries[-1]) == (55, "Kinh", "Khác")


def test_there_are_34_provinces_made_of_63(loaded: Catalogue) -> None:
    former = [name.strip() for old in loaded.units.provinces.values() for name in old.split(",")]
    assert (len(loaded.units.provinces), len(former), len(set(former))) == (34, 63, 63)
    assert set(former) == set(loaded.units.districts)


def test_ha_tinh_has_69_communes(loaded: Catalogue) -> None:
    assert len(loaded.units.communes) == 69
    assert loaded.units.communes["xã Sơn Tiến"] == "xã Sơn Tiến, xã Sơn Lễ, xã An Hòa Thịnh"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Nguyeenx", "Nguyễn"),
        ("Nguye6n4", "Nguyễn"),
        ("dduwowngf", "đường"),
        ("nguowif", "người"),
        ("THUYR", "THỦY"),
        ("Quyeenf", "Quyền"),
        ("Giair", "Giải"),
        ("D9u71c", "Đức"),
        ("Quoocs", "Quốc"),
        ("Van", None),
        ("Smith", None),
    ],
)
def test_keystrokes(typed: str, meant: str | None) -> None:
    assert letters(typed) == meant


SYLLABLES = (
    "Nguyen Tran Le Thi Van Hoa Anh Kim Ngan Xyz thon xom 3 12 son tien ha tinh hcm tp. h. x , . / kinh Hòa Nguyeenx "
    "D9uc71 lam ruong khong Khoeo"
)
OF_A_NAME = "Nguyen Tran Le Thi Van Hoa Anh Kim Ngan Bui Dinh Hung"


@given(
    st.sampled_from(["text", "address", "person_name", "ethnicity", "nationality"]),
    st.one_of(st.text(), st.lists(st.sampled_from(SYLLABLES.split(" ")), max_size=7).map(" ".join)),
)
def test_what_is_offered_is_a_spelling_of_what_was_typed(spelling: Spelling, kind: str, typed: str) -> None:
    found = read(kind, typed, today=TODAY, spelling=spelling)
    if not isinstance(found, Reading):
        return
    assert len(found.offers) <= 4
    if kind in ("text", "address", "person_name"):
        assert not found.offers or unmarked(typed)
        assert not any(map(unmarked, found.offers))
    for value in found.offers or (found.value,):
        again = read(kind, value, today=TODAY, spelling=spelling)
        assert isinstance(again, Reading)
        assert (again.value, again.offers) == (value, ())
        assert set(again.doubts) <= set(found.doubts)


@given(st.lists(st.sampled_from(OF_A_NAME.split(" ")), min_size=2, max_size=5))
def test_the_letters_of_a_name_stay(spelling: Spelling, words: list[str]) -> None:
    typed = " ".join(words)
    assert {fold(offer) for offer in spelling.name(typed).spellings} <= {typed.lower()}
