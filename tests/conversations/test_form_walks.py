"""Any form, filled in any way, can be left, gone back in and taken up again without losing an answer."""

from __future__ import annotations

import random

import msgspec
import pytest
from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import drafts, filled, page
from conversations.messages import Card, FileSent, Finding, Pressed, TextSent
from conversations.state import Draft, Talk
from tests.conversations.filling import onward
from tests.conversations.world import GOOD, TODAY, World, catalogue

PROCEDURES = [p for p in catalogue().procedures.values() if page.taken_here(p, World().office("son-tien"), TODAY)]
CARD = Card("042194001234", "", "Nguyễn Thị Hoà", "15/08/1994", "Nữ", "Thôn 1, xã Sơn Tiến, tỉnh Hà Tĩnh", "")
ODD = ("dạ", "không biết ạ", "nguyen van a", "12/3", "1/1/2090", "mồng 3 tháng 2 năm 1990", "x", "0", "🙂", "???")


def _draft(world: World) -> Draft:
    assert world.state.draft is not None
    return world.state.draft


def _onward(world: World, chance: random.Random | None = None) -> bool:
    event = onward(world.state, world, chance=chance, photos=len(world.stored))
    if event is None:
        return False
    if isinstance(event, FileSent):
        world.photo()
    else:
        world.says(event)
    return True


def _begun(procedure: Procedure) -> World:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed(f"start:{procedure.id}"))
    return world


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: p.id)
def test_back_and_forward_change_nothing(procedure: Procedure) -> None:
    world, chance = _begun(procedure), random.Random(procedure.id)
    for _ in range(120):
        before, step = _draft(world), drafts.step(world.state, _draft(world), procedure, TODAY)
        if (
            isinstance(step, drafts.Ask)
            and before.applicant
            and before.pending is None
            and not world.state.talk.changing
        ):
            world.says("quay lại")
            if "Giữ nguyên" in world.labels:
                world.says("[Giữ nguyên]")
            elif world.state.talk.screen == "draft" and world.keys[-1].startswith("apply.for-whom"):
                world.says(Pressed(f"for:self:{before.id[:6]}"))
            else:
                world.says("tiếp tục")
            assert _draft(world).answers == before.answers
            assert drafts.step(world.state, _draft(world), procedure, TODAY) == step
        if not _onward(world, chance):
            return
    pytest.fail(f"no end in sight: {world.text}")


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: p.id)
def test_another_device_goes_on_at_the_same_place(procedure: Procedure) -> None:
    world, chance = _begun(procedure), random.Random(procedure.id)
    for _ in range(120):
        draft = _draft(world)
        stored = msgspec.json.decode(msgspec.json.encode(draft), type=Draft)
        assert stored == draft
        elsewhere = replace(world.state, talk=Talk("draft", draft=draft.id), draft=stored)
        if not world.state.talk.changing:
            assert drafts.step(elsewhere, stored, procedure, TODAY) == drafts.step(world.state, draft, procedure, TODAY)
        assert filled.settled(procedure, draft, TODAY) == draft
        if not _onward(world, chance):
            return
    pytest.fail(f"no end in sight: {world.text}")


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: p.id)
def test_whatever_is_typed_it_ends_in_the_review(procedure: Procedure) -> None:
    world, chance = _begun(procedure), random.Random(procedure.id)
    for _ in range(300):
        given = {k for k, v in _draft(world).answers.items() if v}
        if chance.random() < 0.4:
            world.says(TextSent(chance.choice(ODD)))
            if world.keys[0].startswith(("wrong.", "doubt.", "form.spelling", "form.calendar")):
                assert given <= {k for k, v in _draft(world).answers.items() if v}
        values = [b.value for b in world.buttons if b.value.startswith(("ans:", "extra:", "rowadd:"))]
        if values and chance.random() < 0.3:
            world.says(Pressed(chance.choice(values)))
        if not _onward(world, chance):
            assert world.says("tiếp tục")[-1] == "review.pledge"
            return
    pytest.fail(f"no end in sight: {world.text}")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: p.id)
def test_anything_at_any_point_keeps_the_place(procedure: Procedure, seed: int) -> None:
    """Whatever is pressed, typed or photographed, the form can still be brought to its end."""
    world, chance = _begun(procedure), random.Random(f"{procedure.id}{seed}")
    leaving = (
        "discard",
        "submit",
        "cancel",
        "call",
        "callp",
        "open",
        "start",
        "new",
        "later",
        "menu",
        "resume",
        "link",
    )
    shown: list[str] = []
    for _ in range(80):
        assert world.last
        for message in world.last:
            assert message.text
            assert all(len(b.value.encode()) <= 64 for b in message.buttons)
            assert len({b.value for b in message.buttons}) == len(message.buttons)
        shown += [b.value for b in world.buttons if b.value.partition(":")[0] not in leaving]
        match chance.randrange(5):
            case 0:
                world.says(Pressed(chance.choice(shown)))  # perhaps an old one
            case 1:
                world.says(TextSent(chance.choice((*ODD, "quay lại", "không có", "bỏ qua"))))
            case 2:
                world.photo(finding=Finding(card=CARD, side="front") if chance.random() < 0.5 else GOOD)
            case _:
                if world.state.talk.screen != "draft":
                    world.says("tiếp tục")
                _onward(world, chance)
        assert world.state.draft is not None
    world.says("tiếp tục")
    for _ in range(250):
        if not _onward(world):
            assert isinstance(drafts.step(world.state, _draft(world), procedure, TODAY), drafts.Review)
            return
    pytest.fail(f"no end in sight: {world.text}")
