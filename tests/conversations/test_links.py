"""Links on posters: what /start may carry, by Telegram's rules, and that a code shows no more than typing it."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from conversations.messages import Pressed, Started
from conversations.state import DossierView
from domain.codes import show
from tests.conversations.world import World, catalogue

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
PROCEDURES = sorted(catalogue().procedures)
OFFICES = sorted(catalogue().offices)


def others(world: World) -> DossierView:
    """A dossier of somebody else."""
    world.says(Pressed("start:xac-nhan-tinh-trang-hon-nhan"))
    assert world.state.draft is not None
    found = replace(world.view(world.state.draft, own=False), applicant="Lê Thị Sáu")
    world.others.append(found)
    return found


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_procedure_has_a_link(procedure: str) -> None:
    assert PAYLOAD.fullmatch(procedure)
    assert "--" not in procedure
    assert not procedure.startswith("office-")
    world = World()
    world.says(Started(procedure))
    assert (world.state.talk.screen, world.state.talk.procedure) == ("page", procedure)


@pytest.mark.parametrize("office", OFFICES)
def test_every_office_has_a_link_alone_and_with_each_procedure(office: str) -> None:
    assert PAYLOAD.fullmatch(f"office-{office}")
    assert "--" not in office
    for procedure in PROCEDURES:
        assert PAYLOAD.fullmatch(f"{office}--{procedure}")
        world = World(office="", screen="start")
        world.says(Started(f"{office}--{procedure}"))
        found = (world.state.person.office, world.state.talk.screen, world.state.talk.procedure)
        assert found == (office, "page", procedure)


def test_a_code_by_link_shows_what_the_code_shows() -> None:
    world = World()
    dossier = others(world)
    for payload in (dossier.tracking_code, show(dossier.tracking_code), dossier.tracking_code.lower()):
        assert PAYLOAD.fullmatch(payload)
        assert world.says(Started(payload))[0] == "track.bare"
        assert "Sáu" not in world.text
        by_link = world.text
        world.says(show(dossier.tracking_code))
        assert world.text == by_link


def test_ones_own_code_by_link_opens_the_dossier() -> None:
    world = World()
    dossier = replace(others(world), own=True)
    world.others, world.dossiers = [], [dossier]
    assert world.says(Started(dossier.tracking_code)) == ("track.dossier",)


def test_a_code_by_link_at_the_first_contact() -> None:
    world = World()
    dossier = others(world)
    new = World(office="", screen="start")
    new.others = [dossier]
    assert new.says(Started(dossier.tracking_code))[:2] == ("start.greeting", "track.bare")
    assert "Sáu" not in new.text


@pytest.mark.parametrize(
    "payload", ["khong-co-gi", "office-x", "--", "a--b", "x" * 64, "O", "-", "_", "ZZZZ-ZZZZ-ZZZZZ"]
)
def test_a_link_that_leads_nowhere_any_more(payload: str) -> None:
    assert World().says(Started(payload))[0] in ("start.link-gone", "track.mistyped")


def test_a_mistyped_code() -> None:
    assert World().says(Started("K7P4-9XTM-3WHAD"))[0] == "track.mistyped"


def test_a_mistyped_code_does_not_tell_the_open_page_again() -> None:
    world = World()
    world.says(Started("khai-sinh"))
    assert world.says(Started("K7P4-9XTM-3WHAD")) == ("track.mistyped",)


def test_a_link_to_a_procedure_leaves_the_draft_where_it_is() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:xac-nhan-tinh-trang-hon-nhan"))
    draft = world.state.draft
    world.says(Started("khai-tu"))
    assert world.state.talk.screen == "page"
    world.says(Started())
    assert world.says("[Tiếp tục hồ sơ]")[0] == "apply.resumed"
    assert world.state.draft == draft
