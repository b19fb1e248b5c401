"""On the screens of an appointment and of a collector, whatever arrives is answered and the way on is shown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.effects import BookSlot, NameCollector
from conversations.messages import ContactShared, Edited, Event, Pressed, TextSent, Unsupported
from domain.values import VIETNAM
from tests.conversations.test_appointment import ID, half_hours, waiting

_TYPED = [
    "sáng mai",
    "thứ 5 lúc 2 giờ chiều",
    "26/11 8h",
    "chiều",
    "99",
    "1",
    "2",
    "0984123456",
    "Trần Thị Mai",
    "1234",
]
_VALUES = ["move", "slot", "collect"]
_ARGUMENTS = ["", "20261126", "20261126p1", "d1", "d9", "202611260800", "ok", "change", "code", "drop", ":::", "x\n"]

events: st.SearchStrategy[Event] = st.one_of(
    st.integers(0, 10).map(lambda n: TextSent(str(n))),  # presses what is offered
    st.sampled_from([*_TYPED, "quay lại", "hủy", "menu", "đổi giờ"]).map(TextSent),
    st.text(max_size=30).map(TextSent),
    st.builds(
        lambda head, own, argument: Pressed(f"{head}:{ID if own else 'none'}:{argument}"),
        st.sampled_from(_VALUES),
        st.booleans(),
        st.sampled_from(_ARGUMENTS),
    ),
    st.just(ContactShared("0984123456", own=True)),
    st.just(Unsupported("sticker")),
    st.just(Edited("sửa")),
)


@given(st.lists(events, max_size=14), st.sampled_from(["done", "invited", "handed-over"]))
@settings(max_examples=150, deadline=None)
def test_everything_is_answered_and_only_free_moments_are_booked(arriving: list[Event], status: str) -> None:
    world, _ = waiting(status=status)
    world.says(Pressed(f"move:{ID}"))
    for event in arriving:
        world.says(event)
        assert world.last or world.call_open
        assert world.buttons or world.call_open
        assert all(len(button.value.encode()) <= 64 for button in world.buttons)
        for effect in world.effects:
            if isinstance(effect, BookSlot):
                assert status != "handed-over"
                assert effect.at.astimezone(VIETNAM) in half_hours(effect.at.astimezone(VIETNAM).day)
            if isinstance(effect, NameCollector):
                assert status == "done"
                assert len(effect.last4) == 4
