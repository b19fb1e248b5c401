"""Registering a birth with the mother's card photographed takes few messages, and little of it is typed."""

from __future__ import annotations

from conversations.effects import SubmitDossier
from conversations.messages import Card, ContactShared, Event, Finding, Pressed, Started, TextSent
from tests.conversations.world import World, catalogue

CARD = Card(
    number="042194001234",
    old_number="184123456",
    name="Nguyễn Thị Hoa",
    born="15/08/1994",
    sex="Nữ",
    address="Thôn 1, xã Sơn Tiến, tỉnh Hà Tĩnh",
    issued="12/05/2021",
)
MOST = 25


class Citizen:
    """Counts what is sent, and what of it was typed for the form."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sent = 0
        self.typed: list[str] = []

    def says(self, event: Event | str, *, answer: bool = False) -> tuple[str, ...]:
        self.sent += 1
        if answer:
            assert isinstance(event, str)
            self.typed.append(event)
        return self.world.says(event)

    def photo(self, finding: Finding | None = None) -> tuple[str, ...]:
        self.sent += 1
        return self.world.photo(finding=finding or Finding())


def test_with_the_mothers_card() -> None:
    world = World(screen="start")
    world.says(Started())
    mother = Citizen(world)
    mother.says("khai sinh")
    mother.says("[Nộp hồ sơ]")
    mother.says("[Cho con cháu tôi]")
    mother.says("[Đồng ý]")
    mother.says("[Đồng ý]")
    mother.says("[Cha mẹ có đăng ký kết hôn]")
    mother.says("03/10/2026", answer=True)
    assert mother.photo(Finding(card=CARD, side="front"))[-1] == "form.card"
    mother.says("[Dùng các thông tin này]")
    mother.says(ContactShared("+84984721482", own=True))
    mother.says("[Mẹ]")
    mother.says("Nguyễn Gia Bảo", answer=True)
    mother.says("[Nam]")
    mother.says("Trung tâm Y tế Hương Sơn, xã Hương Sơn, tỉnh Hà Tĩnh", answer=True)
    mother.says("Xã Sơn Tiến, tỉnh Hà Tĩnh", answer=True)
    assert mother.says("[Có]")[-1] == "apply.question-card", world.text  # of the mother nothing is left to ask
    mother.says("Nguyễn Văn Nam", answer=True)
    mother.says("20/01/1995", answer=True)
    mother.says(f"[{CARD.address}]")
    assert mother.says("[Không cần ghi thêm]")[-1] == "papers.give-held"  # it was said to be there
    mother.photo()
    if "Xong" in world.labels:
        mother.says("[Xong]")
    assert "Căn cước" not in world.text  # its other side is not insisted on
    mother.says(Pressed(next(b.value for b in world.buttons if b.value.startswith("none:"))))
    draft = world.state.draft
    assert draft is not None
    on_form = [q for q in catalogue().procedures["khai-sinh"].questions if q.on_form and draft.answers.get(q.key)]
    mother.says("[Tôi cam đoan và nộp hồ sơ]")
    assert world.effects == [SubmitDossier(draft.id)]
    assert mother.sent <= MOST
    assert 2 * len(mother.typed) <= len(on_form)
    assert {key: draft.answers[key] for key in ("mother_name", "mother_dob", "mother_id", "mother_residence")} == {
        "mother_name": CARD.name,
        "mother_dob": CARD.born,
        "mother_id": CARD.number,
        "mother_residence": CARD.address,
    }


def test_nothing_of_a_card_is_handed_in_that_was_not_asked_for() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:khai-tu"))
    world.says("[Tôi đứng ra làm]")
    world.photo(finding=Finding(card=CARD, side="front"))
    world.says(TextSent("đúng rồi"))
    draft = world.state.draft
    assert draft is not None
    assert draft.answers["requester_name"] == CARD.name
    assert draft.marks["requester_name"] == "card"
