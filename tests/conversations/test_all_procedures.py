"""Every procedure is opened and started, and ends where its intake mode says."""

from __future__ import annotations

import random

import pytest

from catalogue.model import Procedure
from conversations import drafts, page, questions
from conversations.effects import CallOfficer, SubmitDossier
from conversations.messages import Pressed
from conversations.render import LONGEST_LABEL
from tests.conversations.world import TODAY, World, catalogue

_TYPED = {
    "text": "Thôn 3",
    "date": "15/08/1994",
    "person_name": "Nguyễn Thị Hoa",
    "id_number": "042194001234",
    "phone": "0984123456",
    "address": "Thôn 1, xã Sơn Tiến",
    "number": "2",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
}


def _checked(world: World) -> None:
    assert world.last
    for message in world.last:
        assert message.text
        assert len(message.text) < 4096
        for button in message.buttons:
            assert 0 < len(button.label) <= LONGEST_LABEL
            assert len(button.value.encode()) <= 64
        assert len({b.value for b in message.buttons}) == len(message.buttons)


def _kind(world: World, procedure: Procedure) -> str:
    """The kind of the question that is open; the name of the applicant counts as one."""
    draft = world.state.draft
    assert draft is not None
    if draft.applicant == "other":
        return "person_name"
    open_ = [q for q in procedure.questions if q.key not in draft.answers]
    return next((q.kind for q in open_ if questions.label(q) in world.text), "text")


def _walk(world: World, procedure: Procedure, chance: random.Random) -> None:
    """Random valid presses until the review page, with photos wherever they are awaited."""
    for _ in range(150):
        _checked(world)
        values = [b.value for b in world.buttons]
        if any(v.startswith("submit:") for v in values):
            return
        onward = [v for v in values if v.split(":")[0] in ("for", "yes", "ans", "done", "skip")]
        key = world.keys[-1]
        if key.startswith("papers."):
            if chance.random() < 0.5 and onward:
                world.says(Pressed(chance.choice(onward)))
            elif key == "papers.full-ask":
                world.says(Pressed(next(v for v in values if v.startswith("done:"))))
            else:
                world.photo(media_type=chance.choice(["image/jpeg", "application/pdf"]))
        elif onward:
            world.says(Pressed(chance.choice(onward)))
        else:
            world.says(_TYPED[_kind(world, procedure)])
    pytest.fail(f"no end in sight: {world.text}")


@pytest.mark.parametrize("procedure", list(catalogue().procedures.values()), ids=lambda p: p.id)
@pytest.mark.parametrize("seed", [1, 2])
def test_from_page_to_end(procedure: Procedure, seed: int) -> None:
    world = World()
    chance = random.Random(f"{procedure.id}{seed}")
    world.says(Pressed(f"open:{procedure.id}"))
    assert world.keys == ("page.procedure",)
    _checked(world)
    world.says(Pressed(f"start:{procedure.id}"))
    _checked(world)
    if not page.taken_here(procedure, world.office("son-tien"), TODAY):
        assert procedure.intake == "info" or page.leads_to_clerk(procedure, TODAY)
        assert world.effects == [CallOfficer(f"Xin hẹn gặp: {procedure.display_name}")]
        return
    _walk(world, procedure, chance)
    draft = world.state.draft
    assert draft is not None
    assert draft.applicant
    kinds = {q.key: q.kind for q in procedure.questions}
    assert "phone" in {kinds[key] for key in draft.answers}
    assert all(q.key in draft.answers for q in procedure.questions if drafts.names_the_deceased(q))
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
