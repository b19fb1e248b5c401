"""Every procedure is opened and started, and ends where its intake mode says."""

from __future__ import annotations

import random
from itertools import count

import msgspec
import pytest

from catalogue.model import Procedure
from conversations import drafts, form, page, plans
from conversations.effects import CallOfficer, SubmitDossier
from conversations.messages import FileSent, Pressed
from conversations.render import LONGEST_LABEL
from conversations.state import Draft
from tests.conversations.filling import onward
from tests.conversations.world import TODAY, World, catalogue

_MOST_BUTTONS = 18  # a choice may have fourteen


def _checked(world: World) -> None:
    assert world.last
    for message in world.last:
        assert message.text
        assert len(message.text) < 4096
        assert len(message.buttons) <= _MOST_BUTTONS
        for button in message.buttons:
            assert 0 < len(button.label) <= LONGEST_LABEL
            assert len(button.value.encode()) <= 64
        assert len({b.value for b in message.buttons}) == len(message.buttons)


def _walk(world: World, chance: random.Random | None) -> None:
    """Until the review page, with photos wherever they are awaited."""
    photos = count()
    for _ in range(250):
        event = onward(world.state, world, chance=chance, photos=next(photos))
        if isinstance(event, FileSent):
            world.photo()
            continue
        if event is None:
            assert any(b.value.startswith("submit:") for b in world.buttons), world.text
            return
        world.says(event)
        if world.last:
            _checked(world)
        draft = world.state.draft
        assert draft is not None
        assert msgspec.json.decode(msgspec.json.encode(draft), type=Draft) == draft
    pytest.fail(f"no end in sight: {world.text}")


@pytest.mark.parametrize("procedure", list(catalogue().procedures.values()), ids=lambda p: p.id)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_from_page_to_end(procedure: Procedure, seed: int) -> None:
    world = World()
    chance = random.Random(f"{procedure.id}{seed}") if seed else None
    world.says(Pressed(f"open:{procedure.id}"))
    assert world.keys == ("page.procedure",)
    _checked(world)
    world.says(Pressed(f"start:{procedure.id}"))
    _checked(world)
    if not page.taken_here(procedure, world.office("son-tien"), TODAY):
        assert procedure.intake == "info" or page.leads_to_clerk(procedure, TODAY)
        if procedure.successor is not None:
            assert list(world.keys) == ["linked.instead", "page.procedure"]
            assert world.state.talk.procedure == procedure.successor
            return
        assert world.effects == [CallOfficer(f"Xin hẹn gặp: {procedure.display_name}")]
        return
    _walk(world, chance)
    draft = world.state.draft
    assert draft is not None
    assert draft.applicant
    asked = [q for q in form.standing(procedure, draft, TODAY) if not form.is_extra(procedure, q)]
    assert all(q.key in draft.answers for q in asked)
    assert {q.key for q in asked if q.required and q.ask_if is None and not draft.answers[q.key]} == set()
    world.says(Pressed(f"submit:{draft.id}"))
    assert world.effects == [SubmitDossier(draft.id)]
    assert [d.procedure for d in world.dossiers] == [procedure.id]


def test_those_that_lead_to_a_clerk() -> None:
    led = {p.id for p in catalogue().procedures.values() if page.leads_to_clerk(p, TODAY)}
    assert led == {
        "ba-me-viet-nam-anh-hung",
        "cap-doi-hien-vat-khen-thuong",
        "khoi-phuc-san-xuat-thien-tai",
        "lien-thong-khai-sinh-bhyt",
    }


def test_what_leads_away_is_asked_within_three_questions() -> None:
    for procedure in catalogue().procedures.values():
        assert len(plans.plan(procedure).leads) <= 3
        assert [q.key for q in plans.plan(procedure).order][: len(plans.plan(procedure).leads)] == [
            q.key for q in procedure.questions if q.key in plans.plan(procedure).leads
        ]
        assert drafts.collective_key(procedure) in {q.key for q in plans.plan(procedure).order} | {""}
