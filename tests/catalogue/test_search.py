"""Messages as citizens type them, and what the search makes of them."""

from __future__ import annotations

import unicodedata

import pytest

from catalogue.model import Catalogue
from catalogue.search import Search

ASKED = [
    ("Mình muốn làm giấy khai sinh cho cháu nội", "khai-sinh"),
    ("vo toi vua de xong lam khai sinh cho be", "khai-sinh"),
    ("1.001193", "khai-sinh"),
    ("làm khai sinh với nhập hộ khẩu luôn cho bé", "lien-thong-khai-sinh-thuong-tru-bhyt"),
    ("khai sinh + thẻ bhyt cho con", "lien-thong-khai-sinh-bhyt"),
    ("hai đứa chưa cưới mà có em bé, khai sinh có tên bố", "khai-sinh-ket-hop-nhan-cha-me-con"),
    ("bo toi mat hom qua can khai tu", "khai-tu"),
    ("ông nội qua đời thì báo tử ở xã phải không", "khai-tu"),
    ("xin 3 bản trích lục khai sinh", "ban-sao-trich-luc-ho-tich"),
    ("xin giấy xác nhận chưa vợ để đi xuất khẩu lao động", "xac-nhan-tinh-trang-hon-nhan"),
    ("gxn tình trạng hôn nhân", "xac-nhan-tinh-trang-hon-nhan"),
    ("cháu mồ côi, ông bà muốn làm giám hộ", "giam-ho"),
    ("sao từ sổ gốc", "ban-sao-tu-so-goc"),
    ("lay vo ben Lao", "ket-hon-yeu-to-nuoc-ngoai-bien-gioi"),
    ("vợ chồng tôi hiếm muộn muốn nhận con nuôi", "nuoi-con-nuoi-trong-nuoc"),
    ("thôn vừa bầu tổ trưởng hoà giải mới", "cong-nhan-to-truong-to-hoa-giai"),
    ("giấy kết hôn cháy mất, giờ làm lại", "dang-ky-lai-ket-hon"),
    ("giấy chứng tử cũ bị mất xin đăng ký lại", "dang-ky-lai-khai-tu"),
    ("khai sinh ghi sai chữ đệm của con", "thay-doi-cai-chinh-ho-tich"),
    ("nhận con ruột có xét nghiệm adn", "nhan-cha-me-con"),
    ("dang ky lai khai sinh", "dang-ky-lai-khai-sinh"),
    ("đề nghị khen gia đình hiến đất làm đường", "giay-khen-gia-dinh"),
    ("khen cháu học sinh cứu bạn đuối nước", "giay-khen-dot-xuat"),
    ("giấy khen tổng kết đợt thi đua", "giay-khen-thi-dua-chuyen-de"),
    ("danh hiệu lao động tiên tiến", "lao-dong-tien-tien"),
    ("huân chương của ông tôi bị mối xông, xin cấp lại", "cap-doi-hien-vat-khen-thuong"),
    ("giấy khuyết tật của mẹ bị rách nát", "doi-cap-lai-giay-khuyet-tat"),
    ("nhà quá khó khăn xin xét hộ nghèo", "cong-nhan-ho-ngheo"),
    ("nhà đã khá xin ra khỏi hộ nghèo", "cong-nhan-thoat-ngheo"),
    ("xin tiền mai táng cho người bị lũ cuốn chết", "mai-tang-dot-xuat"),
    ("bà đang hưởng trợ cấp bảo trợ thì mất, tiền mai táng", "mai-tang-bao-tro-xa-hoi"),
    ("con bị khuyết tật nặng xin trợ cấp hàng tháng", "tro-cap-xa-hoi-hang-thang"),
    ("truy tặng danh hiệu bà mẹ Việt Nam anh hùng", "ba-me-viet-nam-anh-hung"),
    ("mệ tui hồi trước đi dân công hoả tuyến", "dan-cong-hoa-tuyen"),
    ("đi bộ đội 17 năm rồi phục viên", "tro-cap-hang-thang-quan-nhan"),
    ("đi lính 4 năm xuất ngũ được trợ cấp một lần", "tro-cap-mot-lan-quan-nhan"),
    ("xin lớp tập huấn khuyến nông", "ke-hoach-khuyen-nong"),
    ("lợn nhà tui chết vì dịch tả", "khoi-phuc-san-xuat-dich-benh"),
    ("lúa ngập hết sau trận bão vừa rồi", "khoi-phuc-san-xuat-thien-tai"),
    ("xóa cho thuê đất ghi trên bìa đỏ", "xoa-dang-ky-cho-thue-dat"),
    ("nhà trong hẻm, xin đường đi qua đất hàng xóm", "quyen-su-dung-han-che-thua-dat-lien-ke"),
    ("tachs thuwar ddaats cho con", "tach-hop-thua-dat"),
    ("monhomtre tại nhà", "thanh-lap-nhom-tre"),
    ("muốn mở lớp trông trẻ tại nhà", "thanh-lap-nhom-tre"),
]


@pytest.mark.parametrize(("text", "procedure"), ASKED)
def test_the_right_procedure_is_among_the_first_three(search: Search, text: str, procedure: str) -> None:
    assert procedure in [hit.id for hit in search.find(text).ranked[:3]]


def test_most_are_right_at_once(search: Search) -> None:
    first = [bool(found := search.find(text).ranked) and found[0].id == procedure for text, procedure in ASKED]
    assert sum(first) / len(ASKED) >= 0.9


def test_every_name_and_alias_finds_its_own(search: Search, loaded: Catalogue) -> None:
    lost = [
        (alias, procedure.id)
        for procedure in loaded.procedures.values()
        for alias in (procedure.name, procedure.display_name, *procedure.aliases)
        if procedure.id not in [hit.id for hit in search.find(alias).ranked[:3]]
    ]
    assert lost == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "???",
        "xin chào",
        "giấy tờ",
        "xin làm đơn",
        "hồ sơ",
        "asdkjh",
        "0912 345 678",
        "hôm nay trời đẹp quá",
        "👍",
    ],
)
def test_nothing_is_guessed_from_nothing(search: Search, text: str) -> None:
    assert not search.find(text).confident


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("làm hộ chiếu đi Thái Lan", "ho-chieu"),
        ("đổi bằng lái xe máy", "giay-phep-lai-xe"),
        ("lam can cuoc cho con", "can-cuoc"),
        ("photo công chứng bằng cấp ba", "chung-thuc-ban-sao"),
        ("tạm trú cho người thuê trọ", "dang-ky-tam-tru"),
    ],
)
def test_what_is_not_in_the_list_is_told_apart(search: Search, text: str, entry: str) -> None:
    found = search.find(text)
    assert not found.confident
    assert found.outside is not None
    assert found.outside.id == entry


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("giấy độc thân", "giay-doc-than"),
        ("cho em hỏi giấy khuyết tật ạ", "giay-khuyet-tat"),
        ("ban sao", "ban-sao"),
        ("làm lại khai sinh", "mat-giay-khai-sinh"),
        ("tiền người già", "tien-nguoi-gia"),
    ],
)
def test_a_bare_trigger_is_asked_back(search: Search, text: str, question: str) -> None:
    found = search.find(text)
    assert not found.confident
    assert found.routing is not None
    assert found.routing.id == question


def test_a_message_that_says_more_is_not_asked_back(search: Search) -> None:
    found = search.find("giấy độc thân để vay ngân hàng")
    assert found.confident
    assert found.routing is None


def test_life_events(search: Search) -> None:
    event = search.find("vợ tôi mới sinh").life_event
    assert event is not None
    assert event.id == "sinh-con"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("cháy nhà rồi cứu với", "114"),
        ("nha dang chay ba con oi", "114"),
        ("chồng đánh tôi chảy máu", "113"),
        ("chồng tôi đánh tôi", "113"),
        ("chong danh toi", "113"),
        ("nha toi chay", "114"),
        ("con tôi lạc mất rồi", "111"),
        ("ông cháu ngất xỉu gọi ai", "115"),
        ("con tôi bị lạc từ sáng", "111"),
        ("có đứa bé bị xâm hại", "111"),
        ("tôi muốn chết", "115"),
    ],
)
def test_danger_comes_first(search: Search, text: str, number: str) -> None:
    found = search.find(text)
    assert found.emergency is not None
    assert found.emergency.number == number
    assert not found.confident


@pytest.mark.parametrize(
    "text",
    [
        "giấy chứng nhận phòng cháy chữa cháy",
        "nhà cháy mất hết giấy khai sinh",
        "tập huấn phòng chống bạo lực gia đình",
        "chết vì tai nạn giao thông có được hỗ trợ mai táng không",
        "đề nghị khen người cứu hỏa hoạn",
        "khen thanh niên bắt trộm",
        "khai tu tu xa duoc khong",
        "chạy xe lên xã",
        "bộ đội mất tích thời chiến tranh",
        "vay vốn nuôi tôm",
    ],
)
def test_talk_of_papers_is_no_danger(search: Search, text: str) -> None:
    assert search.find(text).emergency is None


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("An Hòa Thịnh", "son-tien"),
        ("xã an hoà thịnh cũ", "son-tien"),
        ("son le", "son-tien"),
        ("tôi ở Sơn Thịnh", "son-tien"),
        ("UBND xã Sơn Tiến", "son-tien"),
        ("Sơn Tieens", "son-tien"),
        ("xã thực hành", "thuc-hanh"),
    ],
)
def test_offices_by_old_and_new_names(search: Search, text: str, office: str) -> None:
    assert [found.id for found in search.offices(text)][:1] == [office]


@pytest.mark.parametrize("text", ["xã Kỳ Anh", "Sơn Kim 1", "thành phố Vinh", ""])
def test_another_commune_is_not_ours(search: Search, text: str) -> None:
    assert search.offices(text) == []


def test_an_office_that_is_asked_serves_what_is_found(search: Search) -> None:
    assert search.find("khai sinh", office="son-tien").ranked == search.find("khai sinh").ranked


@pytest.mark.parametrize(
    ("text", "procedure"),
    [
        ("ba tui mat hom qua chung tu lam o mo", "khai-tu"),
        ("bố em mới mất hôm qua giờ làm giấy chứng tử", "khai-tu"),
        ("giấy chứng tử của bố em bị mất", "dang-ky-lai-khai-tu"),
        ("tiền ma chay cho bà cụ đang lĩnh trợ cấp khuyết tật", "mai-tang-bao-tro-xa-hoi"),
        ("tiền ma chay cho người bị nước cuốn", "mai-tang-dot-xuat"),
        ("lợn chết vì lụt", "khoi-phuc-san-xuat-thien-tai"),
        ("lợn chết vì dịch", "khoi-phuc-san-xuat-dich-benh"),
    ],
)
def test_twins_are_told_apart_by_what_is_said_beside_them(search: Search, text: str, procedure: str) -> None:
    assert search.find(text).ranked[0].id == procedure


@pytest.mark.parametrize(
    "text",
    [
        "xin giấy xác nhận độc thân",
        "XIN GIẤY XÁC NHẬN ĐỘC THÂN",
        unicodedata.normalize("NFD", "xin giấy xác nhận độc thân"),
        "xin giay xac nhan doc than",
        "xin giaays xacs nhaanj ddoocj thaan",
        "xin gia6y1 xac1 nha6n5 d9o6c5 tha6n",
        "xingiayxacnhandocthan",
        "x i n   g i ấ y   đ ộ c   t h â n",
        "sin dấy sác nhận độc thân",
        "xin giấy xác nhạn đọc thân",
        "xin gxn doc than",
        "mần cấy giấy độc thân ở mô",
    ],
)
def test_one_message_written_in_many_ways(search: Search, text: str) -> None:
    assert search.find(text).ranked[0].id == "xac-nhan-tinh-trang-hon-nhan"


@pytest.mark.parametrize("text", ["asdf qwer", "qwe rty", "good morning sir", "hello shop", "ho so so 000987"])
def test_nonsense_is_never_sure(search: Search, text: str) -> None:
    assert search.find(text).certainty in {"unsure", "unknown"}


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("đăng ký khai tử cho bố", "sure"),
        ("giấy khen của xã", "unsure"),
        ("giấy độc thân", "routing"),
        ("làm hộ chiếu", "outside"),
        ("giấy tờ", "unknown"),
        ("hôm nay trời đẹp", "unknown"),
    ],
)
def test_certainty_in_one_word(search: Search, text: str, certainty: str) -> None:
    found = search.find(text)
    assert found.certainty == certainty
    assert bool(found.choices) == (certainty == "unsure") or certainty in {"routing", "outside"}


def test_what_is_offered_is_the_head_of_the_ranking(search: Search) -> None:
    found = search.find("giấy khen của xã")
    assert 3 <= len(found.choices) <= 5
    assert found.choices == found.ranked[: len(found.choices)]


@pytest.mark.parametrize(
    "text", ["ong cuu toi", "xin cuu toi ra khoi ho ngheo", "nuoc nha toi chay qua vuon ben canh", "chong toi danh bac"]
)
def test_without_accents_an_everyday_word_is_no_cry_for_help(search: Search, text: str) -> None:
    assert search.find(text).emergency is None


@pytest.mark.parametrize("text", ["cuu toi", "cuu toi voi", "ai cuu toi", "ông ơi cứu tôi", "chong danh toi"])
def test_a_cry_for_help_is_heard_without_accents_too(search: Search, text: str) -> None:
    assert search.find(text).emergency is not None
