"""An ID card photographed while questions are asked fills the form; what was only read is thrown away."""

from __future__ import annotations

from msgspec.structs import replace

from conversations.effects import CheckDocument
from conversations.messages import Finding
from conversations.state import ReadCard
from tests.conversations.small import CARD, HELD, ID_CARD, asking, draft_of, sent
from tests.conversations.world import World

READ = Finding(card=CARD, side="front")
BACK = Finding(side="back")


def requester(**changes: object) -> World:
    return asking("requester_name", "requester_id", papers=({**ID_CARD, **changes}, HELD))


def mother() -> World:
    return asking("mother_name", "mother_id", group="Người mẹ", papers=(ID_CARD,))


def test_it_is_looked_at_as_a_card_and_nothing_is_said_yet() -> None:
    world = requester()
    assert world.photo(finding=None) == ()
    (effect,) = world.effects
    assert isinstance(effect, CheckDocument)
    assert (effect.paper, effect.card) == ("xac-nhan-doc-than/can-cuoc", True)


def test_the_card_of_who_asks_is_kept_as_a_paper() -> None:
    world = requester()
    world.photo(finding=READ)
    draft = draft_of(world)
    assert draft.card == ReadCard(CARD, "Người yêu cầu", draft.documents[0].id)
    assert sent(world, "can-cuoc") == ["ok"]
    assert [flag for flag in draft.flags if flag.startswith("card")] == ["card-read:Người yêu cầu"]


def test_the_card_of_somebody_else_is_only_read() -> None:
    world = mother()
    keys = world.photo(finding=READ)
    assert keys[0] == "papers.card-read"
    assert draft_of(world).card == ReadCard(CARD, "Người mẹ", "")
    assert draft_of(world).documents == ()


def test_a_side_without_a_code() -> None:
    world = requester()
    assert world.photo(finding=BACK)[0] == "papers.card-unread"
    assert sent(world, "can-cuoc") == ["ok"]
    assert draft_of(world).card is None
    world.photo(finding=READ)
    assert draft_of(world).card is not None
    assert sent(world, "can-cuoc") == ["ok", "ok"]


def test_a_side_without_a_code_of_somebody_else_is_thrown_away() -> None:
    world = mother()
    world.channel = "telegram"
    assert world.photo(finding=BACK)[0] == "papers.card-unread-file"
    assert draft_of(world).documents == ()


def test_a_poor_photo_of_a_card() -> None:
    blurred = Finding(problems=("blurred",), side="front")
    world = requester()
    assert world.photo(finding=blurred)[0] == "papers.poor-blurred"
    assert sent(world, "can-cuoc") == ["poor"]
    world.photo(finding=READ)
    assert sent(world, "can-cuoc") == ["ok"]
    world = mother()
    assert world.photo(finding=blurred)[:2] == ("papers.card-poor", "papers.card-unread")
    assert draft_of(world).documents == ()


def test_both_sides_at_once() -> None:
    world = mother()
    world.photo(album="a", finding=None)
    world.photo(album="a", finding=None)
    front, back = (d.id for d in draft_of(world).documents)
    assert world.seen(back, BACK) == ()
    assert world.seen(front, READ)[0] == "papers.card-read"
    assert draft_of(world).documents == ()
    world = mother()
    world.photo(album="a", finding=None)
    world.photo(album="a", finding=None)
    front, back = (d.id for d in draft_of(world).documents)
    world.seen(front, READ)
    assert world.seen(back, BACK)[0] == "papers.card-enough"


def test_what_is_no_card_waits_for_its_paper() -> None:
    world = requester()
    assert world.photo(finding=Finding(title="giay-chung-sinh", named="Giấy chứng sinh"))[0] == "papers.kept-photo"
    assert sent(world, "") == ["ok"]
    world = mother()
    assert world.photo(finding=Finding())[:2] == ("papers.card-unknown", "papers.card-unread")
    assert sent(world, "") == ["ok"]


def test_a_file_that_cannot_be_opened() -> None:
    world = mother()
    world.photo(finding=None)
    assert world.seen(draft_of(world).documents[0].id, verdict="corrupt")[0] == "papers.bad-card"
    assert draft_of(world).documents == ()


def test_a_card_read_while_elsewhere_keeps_the_place() -> None:
    world = mother()
    world.photo(finding=None)
    document = draft_of(world).documents[0].id
    world.says("menu")
    assert world.seen(document, READ) == ("papers.card-read",)
    assert world.labels == ["Tiếp tục hồ sơ"]
    assert world.state.talk.screen == "menu"
    assert draft_of(world).card is not None


def test_nothing_is_read_before_the_person_has_agreed() -> None:
    world = requester()
    world.state = replace(world.state, person=replace(world.state.person, consents=()))
    assert world.photo()[0] == "papers.agree-first"


def test_a_question_without_a_card_keeps_photos_for_later() -> None:
    world = asking("requester_name", papers=(ID_CARD,))
    assert world.photo(finding=READ)[0] != "papers.kept-photo"
