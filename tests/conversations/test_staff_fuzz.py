"""Officers press and type anything in any order: nothing breaks, everything is answered, every screen can be left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conversations import staff
from conversations.messages import Edited, Event, FileSent, Pressed, TextSent, Unsupported
from conversations.money_state import TransferFile
from conversations.staff_state import CallFile, Officer, StaffState, StaffTalk
from conversations.state import Part, Portal, PostWish
from tests.conversations.desk_world import BINH, HEAD, HOA, ID, NOW, PHOTO, Desk, dossier

CALL: Final = "call0call0call0c"
ACTIONS: Final = (*staff.ACTIONS, "nonsense")
ARGUMENTS: Final = (
    "",
    "0",
    "1",
    "2",
    "99",
    "-1",
    "p0",
    "p1",
    "p99",
    "q0",
    "q2",
    "q99",
    "q",
    "paper-1",
    "answer-2",
    "refuse-1",
    "back-9",
    "202611250730",
    "now",
    "none",
    "o0",
    "o2",
    "a24000",
    "why",
    "again",
    "thuong-tru",
    "w.thuong-tru",
    "r.thuong-tru",
    "r0.thuong-tru",
    "24000",
    "5",
    HEAD.id,
    BINH.id,
    "²",
)
PRESSES: Final = st.builds(
    lambda action, argument: f"d:{action}:{ID}:{argument}".rstrip(":"),
    st.sampled_from(ACTIONS),
    st.sampled_from(ARGUMENTS),
)
OTHERS: Final = st.sampled_from(
    [
        f"c:answer:{CALL}",
        f"c:end:{CALL}",
        f"c:no:{CALL}",
        "s:present:me",
        "s:money:me",
        "s:transfer:7",
        f"s:linked:7:{ID}",
        "s:dropped:7",
        "s::",
        "d:",
        "ans:x:1",
    ]
)
TYPED: Final = st.one_of(
    st.sampled_from(
        [
            "1",
            "2",
            "thôi",
            "/tim",
            "/tien",
            "24.000",
            "/hoso",
            "/vang",
            "/comat",
            "/vang binh",
            "hôm nay",
            "²",
            "4ADA-FP6R-YPA97",
            "4ada",
        ]
    ),
    st.text(max_size=30),
    st.just("x" * 10_000),
)
EVENTS: Final[st.SearchStrategy[Event]] = st.one_of(
    PRESSES.map(Pressed),
    PRESSES.map(Pressed),
    OTHERS.map(Pressed),
    st.builds(TextSent, TYPED, st.sampled_from(["", "", "message-1", "message-2", "message-9"])),
    st.builds(FileSent, st.just(PHOTO), TYPED, st.sampled_from(["", "album-1"]), st.sampled_from(["", "message-1"])),
    st.sampled_from([Unsupported("sticker"), Unsupported("too-large"), Edited("x")]),
)
OFFICERS: Final[Mapping[int, Officer]] = {0: HOA, 1: HOA, 2: BINH, 3: HEAD, 4: replace(BINH, absent=True)}
STATUSES: Final = ("submitted", "incomplete", "accepted", "invited", "paying", "done", "posted", "refused")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(STATUSES),
    st.sampled_from(["full", "collect-and-forward", "info"]),
    st.sampled_from([[], ["processing"]]),
    st.lists(st.tuples(st.integers(0, 4), EVENTS), max_size=12),
)
def test_nothing_breaks_and_everything_is_answered(
    status: str, intake: str, unknown: list[str], events: list[tuple[int, Event]]
) -> None:
    call = CallFile(CALL, "Hỏi lệ phí", NOW, "son-tien")
    file = dossier(owner=HOA, status=status, twin="4ADAFP6RYPA97", post=PostWish("Bà Tư", "+84984123456", "Thôn 1"))
    file = replace(file, parts=(Part("khai-sinh", "done"), Part("thuong-tru")), portal=Portal("H27.12.33-261123-0007"))
    desk = Desk(file, calls=[call], intake=intake, unknown=unknown)
    desk.money = [TransferFile(7, 8000, "nop le phi", NOW)]
    for who, event in events:
        officer = OFFICERS[who]
        said = desk.turn(officer, event)
        messages = staff.words(said, desk)
        joins = len(said.state.talk.files) > 1  # a further file of an album about which it has been asked
        assert said.effects or messages or joins
        assert [b.value for m in messages for b in m.buttons if len(b.value.encode()) > 64] == []
        talk = desk.talks[officer.id]
        if talk.screen:
            left = staff.turn(StaffState(talk, officer), TextSent("thôi"), desk)
            assert (left.state.talk.screen, left.effects) == ("", ())


@settings(max_examples=200, deadline=None)
@given(st.lists(EVENTS, max_size=6))
def test_a_stranger_to_the_office_sees_and_causes_nothing(events: list[Event]) -> None:
    """Their context finds no dossier, no call and no card: whatever they press, nothing of the office happens."""
    desk = Desk()
    desk.files.clear()
    desk.cards.clear()
    stranger = Officer("stranger", "Người Lạ", "officer", "elsewhere")
    desk.colleagues = [stranger]
    state = StaffState(StaffTalk(), stranger)
    for event in events:
        said = staff.turn(state, event, desk)
        state = said.state
        assert [effect for effect in said.effects if getattr(effect, "officer", "") != "stranger"] == []
