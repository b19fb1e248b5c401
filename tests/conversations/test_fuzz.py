"""Whatever arrives in whatever order: an answer, no exception, and nothing that was given is lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conversations import screens
from conversations.effects import CheckDocument, DiscardDraft, EndCall, Relay, SendSupplement, SubmitDossier
from conversations.linking_effects import LinkingEffect
from conversations.messages import (
    UNKNOWN_SIZE,
    UNKNOWN_TYPE,
    ContactShared,
    DocumentChecked,
    Edited,
    Event,
    File,
    FileSent,
    Finding,
    PaperSent,
    PictureUsed,
    Pressed,
    Started,
    TextSent,
    TimeCame,
    Unsupported,
)
from tests.conversations.small import BIRTH, CARD, ID_CARD, PORTRAIT, SOME, asking, draft_of
from tests.conversations.world import World, catalogue

_PROCEDURES = ["xac-nhan-tinh-trang-hon-nhan", "khai-tu", "giay-khen-gia-dinh", "khai-sinh", "cong-nhan-ho-ngheo"]
_WORDS = ["menu", "quay lại", "hủy", "hướng dẫn", "hotline", "gặp cán bộ", "hồ sơ của tôi", "đổi xã", "/start"]
_TYPED = ["Nguyễn Thị Hoa", "0984123456", "1", "2", "15/8/1994", "khai sinh cho con", "chào bạn", "", "{x}", "cháy nhà"]
PAPERS = (BIRTH, ID_CARD, PORTRAIT, SOME)
_HEADS = [*screens.PRESSES, "back", "what"]

events: st.SearchStrategy[Event] = st.one_of(
    st.sampled_from([*_WORDS, *_TYPED]).map(TextSent),
    st.text(max_size=40).map(TextSent),
    st.tuples(st.sampled_from(_HEADS), st.sampled_from([*_PROCEDURES, "", "handle", "x:1:y"])).map(
        lambda parts: Pressed(":".join(part for part in parts if part))
    ),
    st.builds(
        lambda kind, album, size: FileSent(File("ref", kind, size), album=album),
        st.sampled_from(["image/jpeg", "application/pdf", "audio/ogg", "text/plain", UNKNOWN_TYPE]),
        st.sampled_from(["", "", "a", "b"]),
        st.sampled_from([1000, 0, UNKNOWN_SIZE]),
    ),
    st.sampled_from(["sticker", "voice", "empty-file", "too-large", "other"]).map(Unsupported),
    st.just(Edited("sửa")),
    st.builds(ContactShared, st.sampled_from(["+84984721482", "84984721482", "+7916", ""]), st.booleans()),
    st.sampled_from(["", "khai-tu", "office-thuc-hanh", "office-x", "son-tien--khai-tu", "K7P4-9XTM-2W"]).map(Started),
    st.just(TimeCame("due-soon", "x")),
    st.builds(  # of the open draft, and from it its first paper, one that is full soon, or none
        PaperSent,
        st.sampled_from(["open", "open", "none"]),
        st.sampled_from(["0", "0", "1", "none"]),
        st.builds(File, st.just("sent"), st.sampled_from(["image/jpeg", "application/pdf", "text/plain"]), st.just(9)),
        st.sampled_from(["", "Bà Tám"]),
        st.sampled_from([False, False, True]),
    ),
    st.builds(PictureUsed, st.sampled_from(["open", "none"]), st.integers(0, 3).map(str)),
    st.builds(
        DocumentChecked,
        st.integers(0, 3).map(str),  # which of the documents that are there, from behind
        st.sampled_from(["ok", "ok", "ok", "corrupt", "strange", "lost", "too-large"]),
        st.builds(
            lambda problem, soft, side, title, card: Finding(
                problems=problem, soft=problem if soft else (), side=side, title=title, card=card, sha256=side
            ),
            st.sampled_from([(), (), ("blurred",), ("glare", "cut-off"), ("wrong-paper",), ("never-heard-of",)]),
            st.booleans(),
            st.sampled_from(["", "front", "back"]),
            st.sampled_from(["", "giay-chung-sinh", "can-cuoc-mat-sau"]),
            st.sampled_from([None, None, CARD]),
        ),
        marked=st.sampled_from([None, File("marked", "image/jpeg", 10)]),
    ),
)
# A number presses one of the buttons on show, so that the walk gets deep.
steps = st.one_of(st.integers(0, 7), st.integers(0, 7), events)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["start", "menu", "draft", "gone"]),
    st.sampled_from(["", "son-tien"]),
    st.lists(steps, max_size=25),
)
def test_always_an_answer(screen: str, office: str, walk: list[int | Event]) -> None:
    world = World(screen=screen, office=office)
    for step in walk:
        event = _event(world, step)
        before = {d.id: set(d.answers) for d in world.stored.values()}
        called = world.call_open
        album = world.state.talk.album
        world.says(event)
        quiet = (
            isinstance(event, TimeCame | DocumentChecked | PaperSent | PictureUsed)
            or any(isinstance(e, Relay | EndCall) for e in world.effects)
            or (isinstance(event, FileSent) and bool(event.album) and event.album == album)
            or any(isinstance(e, CheckDocument | LinkingEffect) for e in world.effects)  # these answer
        )
        assert world.last or quiet
        for message in world.last:
            assert message.text
            assert len({b.value for b in message.buttons}) == len(message.buttons)
        gone = {e.draft for e in world.effects if isinstance(e, DiscardDraft | SubmitDossier | SendSupplement)}
        assert set(before) - set(world.stored) <= gone
        if called and not any(isinstance(e, EndCall) for e in world.effects):
            assert {d.id: set(d.answers) for d in world.stored.values()} == before


def _event(world: World, step: int | Event) -> Event:
    if isinstance(step, int):
        buttons = world.buttons
        return Pressed(buttons[step % len(buttons)].value) if buttons else TextSent("Nguyễn Thị Hoa")
    if isinstance(step, DocumentChecked):
        sent = [d for draft in world.stored.values() for d in draft.documents]
        number = int(step.document)
        return replace(step, document=sent[-1 - number].id if number < len(sent) else "none")
    here = world.state.draft
    if isinstance(step, PaperSent) and here is not None and step.draft == "open":
        papers = [paper.key for paper in world.catalogue.procedures[here.procedure].papers]
        key = papers[int(step.paper)] if step.paper.isdecimal() and int(step.paper) < len(papers) else step.paper
        return replace(step, draft=here.id, paper=key)
    if isinstance(step, PictureUsed) and here is not None and step.draft == "open":
        number = int(step.document)
        kept = here.documents
        return replace(step, draft=here.id, document=kept[-1 - number].id if number < len(kept) else "none")
    return step


def test_every_button_value_is_known() -> None:
    """Labels under "button." press their own key where they have no other value."""
    world = World()
    for procedure in catalogue().procedures.values():
        world.says(Pressed(f"open:{procedure.id}"))
        for button in world.buttons:
            head = button.value.partition(":")[0]
            assert head in screens.PRESSES or head == "back"


_found = st.builds(
    lambda problem, hard, side, card: Finding(
        problems=problem, soft=() if hard else problem, side=side, title=side and "can-cuoc", card=card, sha256=side
    ),
    st.sampled_from([(), ("blurred",), ("glare",), ("wrong-paper",)]),
    st.booleans(),
    st.sampled_from(["", "front", "back"]),
    st.sampled_from([None, CARD]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 7), _found, st.just(None), st.sampled_from(["a", "menu"])), max_size=25))
def test_photos_of_any_kind_come_to_an_end(walk: list[int | Finding | str | None]) -> None:
    """No page is asked for more than twice, none is lost once it was taken, and the place is kept elsewhere."""
    world = asking("requester_name", "mother_name", papers=PAPERS)
    for step in walk:
        screen = world.state.talk.screen
        match step:
            case Finding():
                waiting = [d for d in draft_of(world).documents if d.verdict == "checking"] if world.stored else []
                if waiting:
                    world.seen(waiting[0].id, step)
                    assert world.state.talk.screen == screen
            case None:
                world.photo(finding=None)
            case "a":
                world.photo(album="a", finding=None)
            case int():
                world.says(_event(world, step))
            case _:
                world.says(step)
        for draft in world.stored.values():
            assert max(draft.tries.values(), default=0) <= 2
            assert {key.removesuffix("~") for key in draft.tries} <= {d.id for d in draft.documents}
            assert len({d.id for d in draft.documents}) == len(draft.documents)
