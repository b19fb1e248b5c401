"""What docs/changing-a-procedure.md tells officials to write is written into a copy of the files, and then asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.__main__ import main
from catalogue.load import load
from catalogue.search import Search
from conversations import drafts
from conversations.messages import FileSent, Pressed, TextSent
from tests.conversations.filling import onward
from tests.conversations.world import World

PAGE = Path(__file__).parents[2] / "docs" / "changing-a-procedure.md"
FILE = "procedures/hanh-chinh-tu-phap/khai-sinh.toml"
SHOWN = re.compile(
    r"^\*\*(Tìm|Sửa thành|Thêm ngay trước đó|Thêm vào cuối tệp):\*\*\n\n```toml\n(.*?)```$", re.MULTILINE | re.DOTALL
)


@pytest.fixture
def changed(folder: Path) -> Path:
    """A copy of the data files in which everything on the page was done."""
    text = (folder / FILE).read_text(encoding="utf-8")
    sought = ""
    for what, block in SHOWN.findall(PAGE.read_text(encoding="utf-8")):
        match what:
            case "Tìm":
                assert text.count(block) == 1, block
                sought = block
            case "Sửa thành":
                text = text.replace(sought, block)
            case "Thêm ngay trước đó":
                text = text.replace(sought, block + sought)
            case _:
                text += block
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_the_page_shows_every_edit() -> None:
    shown = [what for what, _ in SHOWN.findall(PAGE.read_text(encoding="utf-8"))]
    assert shown == [
        *["Tìm", "Sửa thành"] * 2,
        *["Tìm", "Thêm ngay trước đó"] * 3,
        "Thêm vào cuối tệp",
    ]


def test_the_check_is_content(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "check", str(changed)]) == 0
    assert capsys.readouterr().out.startswith("Tốt: 41 thủ tục\n")  # changes of the law that are near may follow


def test_the_check_names_the_place(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = changed / FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('key = "birth_weight"', 'key = "birth_weight"\nkin = "text"'), encoding="utf-8")
    assert main(["catalogue", "check", str(changed)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["Chưa đúng.", f"Tệp: {FILE}"]
    assert re.fullmatch(r"Chỗ: questions\[\d+\]\.kin \(birth_weight\)", said[2])
    assert said[3].startswith("Cần: unknown key, expected one of key, label, ask, ")


def test_the_chat_asks_what_was_added(changed: Path) -> None:
    world = World(consents=(drafts.HANDLE, drafts.NOTIFY))
    world.catalogue = load(changed)
    world.search = Search(world.catalogue)
    world.says(Pressed("start:khai-sinh"))
    said: list[str] = []
    labels: set[str] = set()
    answers = {
        "Bạn là gì của bé?": "Cô, dì, chú, bác",
        "Bé có Giấy chứng sinh không?": "Không – có người làm chứng",
        "Họ tên đầy đủ của mẹ bé là gì?": "Nguyễn Gia Bảo",
    }
    for _ in range(120):
        said.append(world.text)
        labels |= {button.label for button in world.buttons}
        event = onward(world.state, world)
        if event is None:
            break
        chosen = next((answer for question, answer in answers.items() if question in world.text), None)
        if isinstance(event, FileSent):
            world.photo()
        elif chosen and isinstance(event, TextSent):
            world.says(chosen)
        else:
            world.says(event)
    told = "\n".join(said)
    for question in (
        "Bé sinh ngày, tháng, năm nào, theo dương lịch?",
        "Bé nặng bao nhiêu khi mới sinh?",
        "Ai đỡ đẻ cho bé?",
        "Xác nhận của thôn về việc sinh tại nhà",
        "Tên bé và tên mẹ đang giống nhau: Nguyễn Gia Bảo. Bạn xem lại giúp: tên của bé là gì?",
    ):
        assert question in told
    assert "Cô, dì, chú, bác" in labels
    assert world.state.draft is not None
    assert world.state.draft.answers["requester_relation"] == "Cô, dì, chú, bác"


def test_the_rehearsal_names_what_the_page_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    question = [
        "[[questions]]",
        'key = "birth_weight"',
        'label = "Cân nặng của trẻ khi sinh"',
        'kind = "number"',
        "required = true",
        'example = "chưa cân"',
        'group = "Giấy chứng sinh"',
        "",
        "[[questions]]",
        'key = "birth_cert_no"',
    ]
    path.write_text(text.replace('[[questions]]\nkey = "birth_cert_no"', "\n".join(question)), encoding="utf-8")
    assert main(["rehearse", "khai-sinh", "--folder", str(folder)]) == 1
    *said, _ = capsys.readouterr().out.splitlines()
    shown = PAGE.read_text(encoding="utf-8")
    assert said == [line[4:] for line in shown.splitlines() if line[4:] in said and line.startswith("    ")]
    assert len(said) == 3


def test_the_rehearsal_is_content_and_knows_its_procedures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "giay-khen-gia-dinh", "ba-me-viet-nam-anh-hung"]) == 0
    assert capsys.readouterr().out.startswith("Tốt: 2 thủ tục, ")
    assert main(["rehearse", "khai-sin"]) == 1
    assert capsys.readouterr().out.startswith("Không có thủ tục khai-sin.")
