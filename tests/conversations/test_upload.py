"""Other ways to send a paper: what is offered, and how the chat goes on when something came by the upload page."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations import upload_page
from conversations.effects import CheckDocument, MakeLink
from conversations.messages import DocumentChecked, File, Finding, PaperSent, PictureUsed
from conversations.state import Talk
from conversations.upload_page import Seen, Wanted
from tests.conversations.small import BIRTH, CARD, ID_CARD, PORTRAIT, asking, draft_of, the_procedure, with_papers
from tests.conversations.world import World

JPEG = File("anh", "image/jpeg", 1000)
BLURRED = Finding(problems=("blurred",))


def linked(world: World) -> World:
    world.linkable = True
    return world


def elsewhere(world: World) -> World:
    """The owner has left for the menu."""
    assert draft_of(world)
    world.says("menu")
    assert world.state.talk.screen == "menu"
    return world


def seen(world: World, ref: str = "anh", only: str = "") -> Seen:
    """What the page shows of a file."""
    draft = world.stored["draft00000000000"]
    return upload_page.seen(draft, the_procedure(world), ref, world, only)


def papers(world: World, only: str = "") -> tuple[Wanted, ...]:
    return upload_page.wanted(world.state, draft_of(world), the_procedure(world), world, only)


def send(world: World, paper: str, file: File = JPEG, by: str = "", *, card: bool = False) -> tuple[str, ...]:
    return world.says(PaperSent("draft00000000000", paper, file, by, card))


def check(world: World, verdict: str = "ok", finding: Finding | None = None) -> tuple[str, ...]:
    """The worker has looked at the last one."""
    draft = world.stored["draft00000000000"]
    return world.says(DocumentChecked(draft.documents[-1].id, verdict, finding or Finding()))


# what is offered


def test_ways_where_a_page_can_be_reached() -> None:
    world = linked(with_papers(BIRTH))
    assert world.says("ways") != ()
    from conversations.messages import Pressed

    assert world.says(Pressed("ways:chung-sinh:draft0")) == ("upload.ways",)
    assert world.labels == ["Gửi qua trang riêng", "Nhờ người khác gửi giấy này"]
    assert world.says(Pressed("ways::draft0")) == ("upload.ways",)
    assert world.labels == ["Gửi qua trang riêng"]
