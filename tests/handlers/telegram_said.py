"""Whatever may be said in Telegram, for tests of what becomes of it."""

from __future__ import annotations

from hypothesis import strategies as st

from conversations.messages import Button, File, Message

MB = 1024 * 1024
YES, NO = Button("Có", "yes"), Button("Không", "no")
WORDS = st.text(st.sampled_from("aộ🙂 \n.e\N{COMBINING ACUTE ACCENT}"), max_size=40)
TEXTS = st.builds(lambda words, times: words * times, WORDS, st.sampled_from([1, 1, 1, 30, 300]))
BUTTONS = st.integers(0, 210).map(lambda count: tuple(Button(f"b{n}", f"v{n}") for n in range(count)))
SOME_BUTTONS = st.one_of(st.just(()), st.just((YES, NO)), BUTTONS)
FILES = st.lists(
    st.builds(
        File,
        st.uuids().map(str),
        st.sampled_from(["image/jpeg", "image/png", "application/pdf", ""]),
        st.sampled_from([1, MB, 12 * MB]),
    ),
    max_size=25,
).map(tuple)
MESSAGES = st.lists(
    st.builds(
        Message,
        TEXTS,
        SOME_BUTTONS,
        st.one_of(st.just(()), FILES),
        st.sampled_from(["", "", "Chị Lan", "x" * 300]),
        st.sampled_from(["", "", "7"]),
        st.just(""),
        st.sampled_from(["", "", "phone"]),
    ),
    max_size=5,
)
