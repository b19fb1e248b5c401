"""What a stranger with a paper's QR learns: that it is ours and where the dossier stands, and nothing personal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot import drafts
from bot.results import check_code
from domain.dossier import Accept, AskMore, Done, Extend, Fault, HandOver, Supplement
from handlers import web_check
from handlers.web import web_app
from handlers.web_check import check_routes
from storage.work import Work
from tests.bot.test_slips import decide, handed_in
from tests.bot.whole import Whole

DIGEST = "1a2b3c4d5e6f" + "0" * 52


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_check, "PACE", 0)


async def look(whole: Whole, slip: str, typed: str = "") -> tuple[int, str]:
    """The real page over HTTP."""
    app = web_app(whole.app.live)
    app.add_routes(check_routes(whole.app.checks))
    async with TestClient(TestServer(app)) as client:
        response = await client.get(f"/xem/{slip}", params={"ma": typed} if typed else {})
        return response.status, await response.text()


async def ids(whole: Whole, dossier: str) -> list[str]:
    return await whole.run(lambda work: [issued.id for issued in work.slips.of(dossier)])


async def test_a_receipt_is_told_with_where_its_dossier_stands_now(whole_on_both: Whole) -> None:
    whole = whole_on_both
    _, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    await decide(whole, record.id, thu, Accept())
    (slip,) = await ids(whole, record.id)
    status, page = await look(whole, slip)
    assert status == 200
    for said in (
        "UBND xã Sơn Tiến đã cấp giấy này",
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu số 01)",
        "Thứ Hai 23/11/2026",
        "H27.XX.YY-261123-0001",
        "Được tiếp nhận",
        "Thứ Sáu 27/11/2026",
        "0984 721 482",
        "Hồ sơ của tôi",
    ):
        assert said in page
    assert "Mã kiểm tra" not in page
    await decide(whole, record.id, thu, Done(whole.world.now() + timedelta(hours=2)))
    assert "Đã xử lý xong" in (await look(whole, slip))[1]
    await decide(whole, record.id, thu, HandOver(()))
    assert "Đã trả kết quả" in (await look(whole, slip))[1]


async def test_nothing_on_it_is_personal(whole: Whole) -> None:
    _, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    await decide(whole, record.id, thu, Accept())
    (slip,) = await ids(whole, record.id)
    answers = await whole.run(lambda work: work.drafts.answers(record.id))
    procedure = whole.world.catalogue.procedures[record.procedure].display_name
    page = (await look(whole, slip))[1].casefold()
    secret = [*(value for value in answers.values() if len(value) > 3), procedure, "Thu<", record.id, record.person]
    assert [value for value in secret if value.casefold() in page] == []


async def test_a_later_paper_of_the_same_kind_takes_its_place(whole: Whole) -> None:
    _, record = await handed_in(whole)
    head = await whole.officer("Hà", "head")
    await decide(whole, record.id, head, AskMore((Fault("x", "Mờ"),)))
    await whole.run(lambda work: drafts.drop_supplement(work, record))
    await decide(whole, record.id, head, Supplement(("x",)))
    await whole.pass_time(timedelta(days=2))
    await decide(whole, record.id, head, AskMore((Fault("x", "Vẫn mờ"),)))
    first, second = await ids(whole, record.id)
    assert "Giấy này đã được thay bằng giấy cùng loại cấp ngày 25/11/2026" in (await look(whole, first))[1]
    assert "đã được thay" not in (await look(whole, second))[1]


async def test_other_kinds_do_not_take_its_place(whole: Whole) -> None:
    _, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    await decide(whole, record.id, thu, Accept(), Extend(whole.world.now() + timedelta(days=9), "Cần xác minh"))
    for slip in await ids(whole, record.id):
        assert "đã được thay" not in (await look(whole, slip))[1]


@pytest.mark.parametrize("change", ["unknown", "changed", "shorter", "capitals", "nonsense"])
async def test_what_is_not_ours_is_said_plainly(whole: Whole, change: str) -> None:
    _, record = await handed_in(whole)
    await decide(whole, record.id, await whole.officer("Thu"), Accept())
    (slip,) = await ids(whole, record.id)
    turned = ("1" if slip[0] != "1" else "2") + slip[1:]
    given = {"unknown": "0" * 32, "changed": turned, "shorter": slip[:-1], "capitals": slip.upper(), "nonsense": "ạ%00"}
    status, page = await look(whole, given[change])
    if change == "capitals" and slip.upper() == slip:
        pytest.skip("an id without letters")
    assert status == 404
    assert "Không tìm thấy giấy này" in page
    assert "0984 721 482" in page
    assert "H27.XX.YY" not in page


async def issue(whole: Whole, dossier: str, kind: str) -> str:
    def add(work: Work) -> str:
        return work.slips.add(dossier, kind, 1, whole.world.now(), file="f" * 32, digest=DIGEST).id

    return await whole.run(add)


@pytest.mark.parametrize(
    ("kind", "said"), [("draft", "chưa có giá trị"), ("result", "Kết quả giải quyết, bản điện tử")]
)
async def test_a_file_s_code_can_be_compared(whole: Whole, kind: str, said: str) -> None:
    _, record = await handed_in(whole)
    slip = await issue(whole, record.id, kind)
    page = (await look(whole, slip))[1]
    assert said in page
    assert '<p class="code">1a2b 3c4d 5e6f</p>' in page
    assert 'role="status"' not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1a2b 3c4d 5e6f", "Đúng: mã bạn gõ là của tệp này."),
        ("1A2B-3C4D-5E6F", "Đúng: mã bạn gõ là của tệp này."),
        (DIGEST, "Đúng: mã bạn gõ là của tệp này."),
        ("1a2b 3c4d 5e60", "Không khớp"),
        (DIGEST + "0", "Không khớp"),
        ("không biết", "Không khớp"),
        ("1a2b", "Bạn gõ đủ 12 chữ và số"),
    ],
)
async def test_what_is_typed_agrees_or_not(whole: Whole, typed: str, said: str) -> None:
    _, record = await handed_in(whole)
    slip = await issue(whole, record.id, "result")
    assert said in (await look(whole, slip, typed))[1]


def test_a_code_is_grouped_as_in_the_chat() -> None:
    assert check_code(DIGEST) == "1a2b 3c4d 5e6f"
