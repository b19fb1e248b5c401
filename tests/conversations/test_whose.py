"""Several drafts in one chat: whose a photo is, whom a message is about, two presses from one to another."""

from __future__ import annotations

from conversations import drafts
from conversations.helping_effects import MoveDocuments
from conversations.messages import Card, DocumentChecked, File, FileSent, Finding, Pressed
from conversations.state import Draft
from tests.conversations.filling import to
from tests.conversations.test_apply import CONSENTED, SINGLE
from tests.conversations.world import World

MAN, CAM, LIEN = "Lê Thị Mận", "Trần Văn Cam", "Phạm Thị Liên"
CARD = Card("042194001234", "", MAN, "15/08/1960", "Nữ", "Thôn 1, Sơn Tiến", "12/05/2021")


def village(*names: str) -> World:
    """Open drafts for these people, the last one on the screen."""
    world = World(consents=CONSENTED)
    for name in names:
        world.says(Pressed(f"new:{SINGLE}"))
        world.says("[Giúp người khác]")
        world.says(name)
    return world


def of(world: World, name: str) -> Draft:
    return next(draft for draft in world.stored.values() if draft.applicant == name)


def held(world: World) -> list[str]:
    return [d.id for draft in world.stored.values() for d in draft.documents if d.paper == drafts.HELD]


def test_a_photo_on_the_menu_asks_whose_it_is() -> None:
    world = village(MAN, CAM)
    world.says("menu")
    assert world.photo() == ("whose.ask",)
    assert world.labels[-1] == "Bỏ 1 ảnh này"
    assert world.says("mận") == ("whose.put", "menu.ask-draft")
    assert [d.paper for d in of(world, MAN).documents] == [drafts.UNSORTED]
    assert of(world, CAM).documents == ()
    assert held(world) == []


def test_an_album_is_asked_about_once() -> None:
    world = village(MAN, CAM)
    world.says("menu")
    world.photo(album="a")
    assert world.photo(album="a") == ("whose.ask",)
    assert world.labels[-1] == "Bỏ 2 ảnh này"
    world.says(Pressed(f"whose:{of(world, CAM).id}"))
    assert len(of(world, CAM).documents) == 2
    assert of(world, MAN).documents == ()


def test_it_goes_to_the_paper_that_is_waited_for() -> None:
    world = village(MAN, CAM)
    to(world, "papers")
    step: drafts.Step | None = None
    for _ in range(9):
        here = drafts.open_draft(world.state, world)
        assert here is not None
        step = drafts.step(world.state, *here, drafts.today_of(world))
        if isinstance(step, drafts.Give):
            break
        world.says(Pressed(world.buttons[1].value))
    assert isinstance(step, drafts.Give)
    world.says("menu")
    world.says(Pressed("resume:" + of(world, MAN).id))
    world.says("menu")
    world.photo()
    world.says(Pressed(f"whose:{of(world, CAM).id}"))
    assert [d.paper for d in of(world, CAM).documents] == [step.paper.key]


def test_in_a_draft_a_caption_that_names_somebody_else_asks() -> None:
    world = village(MAN, CAM)
    assert world.photo(caption="giấy của bà Lê Thị Mận") == ("whose.ask",)
    before = world.state.talk
    assert world.says(Pressed(f"whose:{of(world, MAN).id}"))[0] == "whose.put"
    assert world.state.talk.screen == "draft"
    assert world.state.draft is not None
    assert world.state.draft.applicant == CAM
    assert before.screen == "whose"


def test_a_caption_with_the_own_name_or_none_asks_nothing() -> None:
    world = village(MAN, CAM)
    for caption in ("", "của Trần Văn Cam", "ảnh thẻ"):
        assert "whose.ask" not in world.photo(caption=caption)


def test_a_card_that_bears_another_persons_name_asks() -> None:
    world = village(MAN, CAM)
    to(world, "requester_name")
    world.says(FileSent(File("c1", "image/jpeg", 900)))
    assert world.state.draft is not None
    document = world.state.draft.documents[-1].id
    assert world.says(DocumentChecked(document, "ok", Finding(card=CARD, side="front", sha256="c"))) == (
        "whose.ask-card",
    )
    assert f"Thẻ này ghi tên {MAN}" in world.text
    said = world.says(Pressed(f"whose:{of(world, MAN).id}"))
    assert said[0] == "whose.put"
    assert "requester_name" not in world.state.draft.answers
    assert [d.id for d in of(world, MAN).documents] == [document]


def test_a_card_that_is_this_drafts_after_all_fills_its_form() -> None:
    world = village(MAN, CAM)
    to(world, "requester_name")
    world.says(FileSent(File("c1", "image/jpeg", 900)))
    assert world.state.draft is not None
    document = world.state.draft.documents[-1].id
    world.says(DocumentChecked(document, "ok", Finding(card=CARD, side="front", sha256="c")))
    said = world.says(Pressed(f"whose:{of(world, CAM).id}"))
    assert said == ("whose.put", "form.card")


def test_dropped_it_is_gone() -> None:
    world = village(MAN, CAM)
    world.says("menu")
    world.photo()
    assert world.says("[Bỏ 1 ảnh này]")[0] == "papers.removed"
    assert all(draft.documents == () for draft in world.stored.values())


def test_unanswered_it_waits_in_the_draft_that_is_opened() -> None:
    world = village(MAN, CAM)
    world.says("menu")
    world.photo()
    world.says("menu")
    world.says(Pressed(f"resume:{of(world, CAM).id}"))
    assert held(world) == []
    assert len(of(world, CAM).documents) == 1


def test_one_draft_asks_nothing() -> None:
    world = village(MAN)
    world.says("menu")
    assert "whose.ask" not in world.photo()


def test_another_persons_button_moves_nothing() -> None:
    world = village(MAN, CAM)
    world.says("menu")
    world.photo()
    assert world.says(Pressed("whose:nobody"))[0] == "common.old-button"
    assert not any(isinstance(effect, MoveDocuments) for effect in world.effects)


def test_every_question_names_the_person_while_there_are_several() -> None:
    alone = village(MAN)
    assert not alone.last[-1].text.startswith("Cho ")
    assert "Hồ sơ khác" not in alone.labels
    world = village(MAN, CAM, LIEN)
    assert world.last[-1].text.startswith(f"Cho {LIEN} · Cấp giấy xác nhận tình trạng hôn nhân\n")
    to(world, "review")
    assert LIEN in world.text


def test_two_presses_lead_to_another_draft() -> None:
    world = village(MAN, CAM, LIEN)
    assert world.says("[Hồ sơ khác]") == ("whose.list",)
    label = next(label for label in world.labels if label.startswith(f"{MAN}: "))
    world.says(f"[{label}]")
    assert world.state.draft is not None
    assert world.state.draft.applicant == MAN


def test_a_village_head_reaches_everything_in_two_presses() -> None:
    world = village(MAN, CAM, LIEN, "Hồ Văn Ba")
    world.says(Pressed("new:dang-ky-lai-khai-sinh"))
    if "Giúp người khác" in world.labels:
        world.says("[Giúp người khác]")
        world.says(MAN)
    world.says("hồ sơ của tôi")
    assert world.says("[Người tôi giúp]") == ("helping.people",)
    listed = list(world.buttons)
    assert [b.label for b in listed][:4] == [f"{n} ({c})" for n, c in ((MAN, 2), (CAM, 1), (LIEN, 1), ("Hồ Văn Ba", 1))]
    reached = set()
    for button in listed[:4]:
        world.says(Pressed("people"))
        keys = world.says(Pressed(button.value))
        if keys == ("helping.person",):
            for item in [b for b in world.buttons if b.value.startswith("resume:")]:
                reached.add(item.value)
        else:
            assert world.state.draft is not None
            reached.add(f"resume:{world.state.draft.id}")
    assert reached == {f"resume:{draft}" for draft in world.stored}


def test_names_are_not_to_be_read_in_a_buttons_value() -> None:
    world = village(MAN, CAM)
    world.says(Pressed(f"new:{SINGLE}"))
    world.says("[Giúp người khác]")
    world.says(MAN)
    world.says(Pressed("people"))
    assert all(len(b.value.encode()) <= 64 and "Mận" not in b.value for b in world.buttons)
