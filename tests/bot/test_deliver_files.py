"""What waits for a file holds up nobody for long."""

from __future__ import annotations

import pytest

from bot import outcomes
from conversations.messages import NotYet
from storage.outbox import NOTICE
from tests.bot.senders import Messenger, all_of, chat, delivering, put, until, until_all
from tests.bot.whole import Whole


async def test_other_words_do_not_wait_for_a_file(whole_on_both: Whole) -> None:
    messenger, officer = Messenger(), await chat(whole_on_both, "1")
    messenger.faults["1"] += [NotYet(0.6)]
    async with delivering(whole_on_both, all_of(messenger)):
        await put(whole_on_both, officer, "photo", "after", lane=NOTICE)
        await until(lambda: bool(messenger.refused))
        await put(whole_on_both, officer, "answer")
        await until(lambda: messenger.texts() == ["answer"], 0.4)
        await until_all(whole_on_both, ["sent"] * 3)
    assert messenger.texts() == ["answer", "photo", "after"]


async def test_in_the_end_it_goes_behind_the_others(whole_on_both: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "_IN_ORDER", 0.0)
    messenger, officer = Messenger(), await chat(whole_on_both, "1")
    messenger.faults["1"] += [NotYet(0.2)]
    async with delivering(whole_on_both, all_of(messenger)):
        await put(whole_on_both, officer, "photo", "after", lane=NOTICE)
        await until_all(whole_on_both, ["sent"] * 2)
    assert messenger.texts() == ["after", "photo"]
