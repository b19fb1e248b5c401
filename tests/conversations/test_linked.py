"""Linked procedures and successors in a chat: parts in order, a draft that moves over, a page that leads on."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from conversations import linked
from conversations.messages import Pressed
from conversations.state import Draft, Part, Portal
from domain.dossier import Status
from tests.conversations.world import NOW, TODAY, World, catalogue, until

BUNDLE = "lien-thong-khai-sinh-thuong-tru-bhyt"
OLD = "lien-thong-khai-sinh-bhyt"
DRAFT = "d" * 16


def keys(answers: dict[str, str], *noted: Part) -> list[tuple[str, str]]:
    parts = linked.parts_of(catalogue().procedures[BUNDLE], answers, noted, TODAY)
    return [(part.key, part.status) for part in parts]


def test_a_part_that_nobody_asked_for_is_none_unless_it_was_noted() -> None:
    three = [(key, "waiting") for key in ("khai-sinh", "thuong-tru", "the-bhyt")]
    assert keys({"want_id_card": "Không"}) == three
    assert keys({}) == three
    assert keys({"want_id_card": "Có"}) == [*three, ("the-can-cuoc", "waiting")]
    assert keys({"want_id_card": "Không"}, Part("the-can-cuoc", "done")) == [*three, ("the-can-cuoc", "done")]


def test_all_parts_have_ended_when_each_is_done_or_refused() -> None:
    assert linked.settled(())
    assert linked.settled((Part("a", "done"), Part("b", "refused", "x")))
    assert not linked.settled((Part("a", "done"), Part("b", "with-authority")))


def test_progress_is_noted_between_acceptance_and_the_end() -> None:
    parts = (Part("a"),)
    notable = {status for status in Status if linked.notable(parts, status)}
    assert {Status.ACCEPTED, Status.PROCESSING, Status.FORWARDED, Status.PENDING, Status.DONE} <= notable
    assert not notable & {Status.SUBMITTED, Status.INCOMPLETE, Status.INVITED, Status.HANDED_OVER, Status.REFUSED}
    assert not linked.notable((), Status.ACCEPTED)


def test_the_group_reads_no_note_and_nothing_before_the_first_step() -> None:
    bundle = catalogue().procedures[BUNDLE]
    assert linked.card_line(bundle, (Part("khai-sinh"), Part("the-bhyt"))) == ()
    (line,) = linked.card_line(bundle, (Part("khai-sinh", "done"), Part("the-bhyt", "refused", "bé Bảo đã có thẻ")))
    assert line == "Từng phần: Khai sinh: đã xong · Thẻ bảo hiểm y tế: không được giải quyết"


def test_the_dossiers_page_shows_each_part_and_the_portal_where_it_differs() -> None:
    world = World(consents=("handle", "no-notify"))
    noted = (Part("khai-sinh", "done"), Part("thuong-tru", "refused", "Thiếu ý kiến chủ hộ"))
    view = replace(
        world.view(Draft("a" * 16, BUNDLE, "v", applicant="self")),
        status="processing",
        parts=noted,
        portal=Portal("H27.12.33-261123-0007", 4, NOW),
    )
    world.dossiers.append(view)
    world.says(Pressed(f"d:{view.id}"))
    assert "- Khai sinh (UBND xã): đã xong\n" in world.text
    assert "- Đăng ký thường trú (Công an xã): không được giải quyết. Thiếu ý kiến chủ hộ" in world.text
    assert "Mã trên Cổng Dịch vụ công: H27.12.33-261123-0007" in world.text
    assert "Ở đây:" not in world.text
    world.dossiers[0] = replace(view, portal=Portal("H27.12.33-261123-0007", 2, NOW))
    world.says(Pressed(f"d:{view.id}"))
    assert (
        "Trên Cổng Dịch vụ công: Được tiếp nhận (ghi lúc 10 giờ, Thứ Hai 23/11/2026). Ở đây: Đang xử lý." in world.text
    )


def test_the_page_of_a_procedure_that_is_over_leads_to_what_stands_in_for_it() -> None:
    world = World()
    assert world.says(Pressed(f"open:{OLD}")) == ("page.procedure",)
    name = catalogue().procedures[BUNDLE].display_name
    assert f"Nay bạn làm thủ tục này thay vào: {name}." in world.text
    assert world.labels[0] == "Xem thủ tục thay thế"
    world.says("[Xem thủ tục thay thế]")
    assert world.state.talk.procedure == BUNDLE
    assert world.says(Pressed(f"start:{OLD}")) == ("linked.instead", "page.procedure")
    assert world.state.talk.procedure == BUNDLE
    assert world.effects == []


def begun(day: date | None) -> World:
    """A draft of the older birth bundle, two answers and two papers in; its last day is `day`."""
    world = World(consents=("handle", "no-notify"))
    if day is not None:
        until(world, OLD, day)
    old = catalogue().procedures[OLD]
    draft = Draft(
        DRAFT,
        OLD,
        world.catalogue.hashes[old.id],
        answers={"requester_name": "Nguyễn Thị Hoa", "requester_relation": "Mẹ", "no_longer_asked": "x"},
        applicant="self",
        finished=("giay-chung-sinh", "khong-con"),
    )
    world.stored[DRAFT] = draft
    return world


def test_an_open_draft_moves_over_with_what_fits() -> None:
    world = begun(TODAY - timedelta(days=1))
    said = world.says(Pressed(f"resume:{DRAFT}"))
    assert "linked.moved" in said
    bundle = catalogue().procedures[BUNDLE]
    assert bundle.display_name in world.text
    draft = world.state.draft
    assert draft is not None
    assert (draft.id, draft.procedure, draft.version) == (DRAFT, BUNDLE, world.catalogue.hashes[BUNDLE])
    assert draft.answers["requester_name"] == "Nguyễn Thị Hoa"
    assert draft.answers["requester_relation"] == "Mẹ"
    assert "no_longer_asked" not in draft.answers
    assert draft.finished == ("giay-chung-sinh",)
    assert world.says("tiếp tục")[0] != "linked.moved"


def test_a_draft_stays_while_its_procedure_is_in_force() -> None:
    world = begun(TODAY)
    assert "linked.moved" not in world.says(Pressed(f"resume:{DRAFT}"))
    assert world.state.draft is not None
    assert world.state.draft.procedure == OLD


def test_an_answer_to_a_request_for_more_does_not_move() -> None:
    world = begun(TODAY - timedelta(days=1))
    world.stored[DRAFT] = replace(world.stored[DRAFT], dossier="a" * 16)
    assert "linked.moved" not in world.says(Pressed(f"resume:{DRAFT}"))
    assert world.state.draft is not None
    assert world.state.draft.procedure == OLD
