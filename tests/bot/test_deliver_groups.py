"""Messengers' groups: cards before the lines beneath them, newest state only, and twenty calls a minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from bot.deliver import Limits
from bot.say import show_card, to_group
from bot.scene import present
from conversations.messages import (
    AddressChanged,
    Message,
    MessageGone,
    Refused,
    TryLater,
    Uncertain,
    Undeliverable,
)
from handlers.telegram_door import CITIZENS, GROUP
from storage.calls import Call, new_call_id
from storage.outbox import NOTICE
from storage.work import Work
from tests.bot.senders import FREE, Messenger, all_of, delivering, put, until, until_all
from tests.bot.senders import chat as chat_of
from tests.bot.test_desk import handed_in
from tests.bot.whole import START, Whole

OFFICE = "son-tien"


class Group:
    """The office's group on a messenger, with citizens who call."""

    def __init__(self, whole: Whole, chat: str, address: str) -> None:
        self.whole = whole
        self.chat = chat
        self.address = address

    @classmethod
    async def open(cls, whole: Whole, address: str = "-7") -> Group:
        def make(work: Work) -> str:
            own = work.chats.open_staff("group", OFFICE, START)
            return work.chats.open_mirror(GROUP, address, own.id, START).id

        return cls(whole, await whole.run(make), address)

    async def calls(self, count: int) -> list[str]:
        """New cards; gives their subjects."""

        def make(work: Work) -> list[str]:
            scene = present(work, self.whole.world)
            made = []
            for _ in range(count):
                citizen = work.chats.open_citizen(CITIZENS, new_call_id(), START)
                assert citizen.person is not None
                call = Call(new_call_id(), citizen.person, citizen.id, OFFICE, None, "hỏi phí", True, None, START, None)
                work.calls.start(call)
                show_card(scene, OFFICE, f"call:{call.id}", Message("có người hỏi"))
                made.append(f"call:{call.id}")
            return made

        return await self.whole.run(make)

    async def change(self, *subjects: str, about: str = "", pressed: bool = False) -> None:
        def play(work: Work) -> None:
            for subject in subjects:
                if about:
                    work.calls.change(subject.partition(":")[2], about=about.encode())
                work.cards.want(subject)
            if pressed:
                work.cards.pressed()

        await self.whole.run(play)

    async def line(self, words: str, subject: str = "", speaker: str = "") -> None:
        """A line to the office's group."""

        def play(work: Work) -> None:
            scene = present(work, self.whole.world)
            to_group(scene, OFFICE, Message(words, speaker=speaker), *([subject] if subject else []))

        await self.whole.run(play)

    async def drawn(self, *subjects: str, seconds: float = 5.0) -> None:
        """Nothing lags behind any more."""
        await self._until(lambda work: not any(work.cards.lag_of(s, self.chat) for s in subjects), seconds)

    async def _until(self, true: Callable[[Work], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not await self.whole.run(true):
            assert time.monotonic() < end, "waited in vain"
            await asyncio.sleep(0.01)

    async def message_of(self, subject: str) -> str:
        return await self.whole.run(lambda work: work.cards.message_of(subject, self.chat))


async def test_a_card_is_sent_once_and_then_edited_in_place(whole_on_both: Whole) -> None:
    group, messenger = await Group.open(whole_on_both), Messenger()
    async with delivering(whole_on_both, all_of(messenger)):
        (subject,) = await group.calls(1)
        await group.drawn(subject)
        await group.change(subject, about="hỏi giờ")
        await group.drawn(subject)
    first, second = messenger.calls
    assert first.address == "-7"
    assert "hỏi phí" in first.text
    assert first.message.card == subject
    assert (second.edits, "hỏi giờ" in second.text) == (first.number, True)
    found = await whole_on_both.run(lambda work: work.cards.subject_at(group.chat, first.number))
    assert found == subject


async def test_many_changes_while_a_card_is_drawn_make_one_more_edit(whole: Whole) -> None:
    group, messenger = await Group.open(whole), Messenger(slow=0.3)
    async with delivering(whole, all_of(messenger)):
        (subject,) = await group.calls(1)
        await until(lambda: messenger.flying == 1)
        for number in range(10):
            await group.change(subject, about=f"lần {number}")
        await group.drawn(subject)
    assert len(messenger.calls) == 2
    assert "lần 9" in messenger.calls[1].text


async def test_a_line_waits_for_the_card_and_answers_it(whole_on_both: Whole) -> None:
    group, messenger = await Group.open(whole_on_both), Messenger(slow=0.02)
    async with delivering(whole_on_both, all_of(messenger)):
        subjects = await group.calls(3)
        about = dict(zip(("hồ sơ a", "hồ sơ b", "hồ sơ c"), subjects, strict=True))
        for words, subject in about.items():
            await group.line(words, subject)
        await group.line("chung")
        await until_all(whole_on_both, ["sent"] * 4)
        for call in messenger.calls:
            if call.text in about:
                assert call.message.reply_to == await group.message_of(about[call.text])
        assert messenger.texts()[-1] == "chung"
        reached = messenger.calls[-2].number
        at = await whole_on_both.run(lambda work: work.outbox.subject_at(group.chat, reached))
        assert at == subjects[2]


async def test_a_card_that_is_gone_is_drawn_anew(whole: Whole) -> None:
    group, messenger = await Group.open(whole), Messenger()
    async with delivering(whole, all_of(messenger)):
        (subject,) = await group.calls(1)
        await group.drawn(subject)
        messenger.faults["-7"] += [MessageGone()]
        await group.change(subject)
        await until(lambda: len(messenger.calls) == 2)
        await group.drawn(subject)
        await group.line("một", subject)
        messenger.faults["-7"] += [MessageGone()]  # what it was to answer was deleted too
        await until_all(whole, ["sent"])
    assert [call.edits for call in messenger.calls] == ["", "", "", ""]
    assert messenger.calls[3].message.reply_to == messenger.calls[2].number


async def test_a_card_nobody_takes_does_not_stop_the_group(whole: Whole) -> None:
    group, messenger = await Group.open(whole), Messenger()
    messenger.faults["-7"] += [Refused("no")]
    async with delivering(whole, all_of(messenger)):
        subjects = await group.calls(2)
        for words, subject in zip(("dòng a", "dòng b"), subjects, strict=True):
            await group.line(words, subject)
        await until_all(whole, ["sent", "sent"])
        await group.change(*subjects)
        await group.drawn(*subjects)
    lines = [call for call in messenger.calls if call.text.startswith("dòng")]
    assert sorted(bool(line.message.reply_to) for line in lines) == [False, True]
    assert sum(bool(call.edits) for call in messenger.calls) == 1  # the refused one is tried as a new message
    assert sum(bool(call.message.card and not call.edits) for call in messenger.calls) == 2


async def test_an_unsure_edit_is_made_again(whole: Whole) -> None:
    group, messenger = await Group.open(whole), Messenger()
    async with delivering(whole, all_of(messenger)):
        (subject,) = await group.calls(1)
        await group.drawn(subject)
        messenger.faults["-7"] += [Uncertain()]
        await group.change(subject, about="hỏi giờ")
        await group.drawn(subject)
    assert [bool(call.edits) for call in messenger.calls] == [False, True]


async def test_a_group_told_to_wait_waits_with_cards_and_lines(whole: Whole) -> None:
    group, other, messenger = await Group.open(whole), await Group.open(whole, "-8"), Messenger()
    messenger.faults["-7"] += [TryLater(0.5)]
    async with delivering(whole, all_of(messenger)):
        (subject,) = await group.calls(1)
        await group.line("một", subject)
        await other.drawn(subject)
        asked = time.monotonic()
        await until(lambda: len(messenger.texts("-8")) == 2)
        await until(lambda: len(messenger.texts("-7")) == 2)
    assert all(call.began - asked > 0.4 for call in messenger.calls if call.address == "-7")
    assert all(call.began - asked < 0.4 for call in messenger.calls if call.address == "-8")


async def test_a_group_that_moved_or_is_lost(whole: Whole) -> None:
    group, messenger = await Group.open(whole), Messenger()
    messenger.faults["-7"] += [AddressChanged("-100")]
    async with delivering(whole, all_of(messenger)):
        (subject,) = await group.calls(1)
        await until(lambda: len(messenger.calls) >= 1)
        await group.drawn(subject)
        assert messenger.calls[0].address == "-100"
        messenger.faults["-100"] += [Undeliverable("removed")]
        before = len(messenger.calls)
        await group.change(subject)
        await until(lambda: bool(messenger.refused[1:]))
        lost = await chat_of(whole, "-100", GROUP)
        await put(whole, lost, "một")
        await until_all(whole, ["failed"])
        assert len(messenger.calls) == before
        assert lost.unreachable == "removed"


async def test_ten_officers_press_at_once_in_a_busy_group(whole_on_both: Whole) -> None:
    """All ten cards are right within two seconds, over a messenger that takes 50 ms, though lines and edits wait."""
    group, messenger = await Group.open(whole_on_both), Messenger(slow=0.05)
    async with delivering(whole_on_both, all_of(messenger), Limits()):
        subjects = await group.calls(10)
        await group.drawn(*subjects)
    await whole_on_both.run(lambda work: work.chats.called(group.chat, 0))  # that was more than a minute ago
    async with delivering(whole_on_both, all_of(messenger), Limits()):
        await group.change(*subjects[:9], about="không gấp")
        for number in range(30):
            await group.line(f"dòng {number}")
        await asyncio.sleep(0.5)
        assert 5 <= len(messenger.calls) - 10 <= 10
        asked = time.monotonic()
        await asyncio.gather(*(group.change(s, about=f"bấm {s}", pressed=True) for s in subjects))
        await until(lambda: sum("bấm" in text for text in messenger.texts()) == 10, 2)
        assert time.monotonic() - asked < 2
        assert len(messenger.calls) - 10 <= 20


async def test_lines_are_said_together_when_calls_are_short(whole: Whole) -> None:
    group, messenger = await Group.open(whole), Messenger()
    (subject,) = await group.calls(1)
    async with delivering(whole, all_of(messenger), Limits(group=10)):
        await group.drawn(subject)
        for number in range(7):  # uses up what others leave
            await group.change(subject, about=str(number), pressed=True)
            await group.drawn(subject)
        for number in range(5):
            await group.line(f"dòng {number}", subject if number else "")
        await group.line("của dân", subject, speaker="Công dân")
        await group.line("dòng 5")
        await asyncio.sleep(0.2)
        calls = len(messenger.calls)
    async with delivering(whole, all_of(messenger), FREE):
        await until(lambda: len(messenger.calls) > calls)
    assert calls == 8


async def test_lines_about_several_things_are_an_answer_to_none(whole: Whole) -> None:
    group, messenger = await Group.open(whole), Messenger()
    subjects = await group.calls(2)
    async with delivering(whole, all_of(messenger)):
        await group.drawn(*subjects)
    for words, subject in zip(("nhắc a", "nhắc b"), subjects, strict=True):
        await group.line(words, subject)

    def busy(work: Work) -> None:
        for _ in range(7):
            work.chats.called(group.chat, 60)

    await whole.run(busy)
    async with delivering(whole, all_of(messenger), Limits(group=30)):
        await until_all(whole, ["sent", "sent"])
    last = messenger.calls[-1]
    assert last.text == "nhắc a\nnhắc b"
    assert last.message.reply_to == ""
    assert await whole.run(lambda work: work.outbox.subject_at(group.chat, last.number)) == ""


async def test_calls_of_an_earlier_process_count_in_a_group(whole: Whole) -> None:
    group, messenger = await Group.open(whole), Messenger()
    subjects = await group.calls(3)
    async with delivering(whole, all_of(messenger), Limits()):
        await group.drawn(*subjects)
        for number in range(17):
            await group.change(subjects[0], about=str(number), pressed=True)
            await group.drawn(subjects[0])
    assert len(messenger.calls) == 20
    async with delivering(whole, all_of(messenger), Limits()):
        await group.change(subjects[1], pressed=True)
        await asyncio.sleep(0.3)
    assert len(messenger.calls) == 20


async def undelivered(whole: Whole) -> list[str]:
    head = await whole.officer("Hà", "head")
    return [shown.message.text for shown in await head.news() if "không báo được" in shown.message.text]


async def test_the_office_hears_once_that_a_citizen_can_not_be_told(whole_on_both: Whole) -> None:
    messenger = Messenger()
    first = await handed_in(whole_on_both)
    citizen = await chat_of(whole_on_both, "1")
    messenger.faults["1"] += [Undeliverable("blocked")]

    async def notices(count: int) -> None:
        await put(whole_on_both, citizen, *("tin",) * count, lane=NOTICE, subject=f"dossier:{first}")

    def spell_ends(work: Work) -> None:
        work.chats.mark(citizen.id, "")

    async with delivering(whole_on_both, all_of(messenger)):
        await undelivered(whole_on_both)
        await notices(2)
        await until_all(whole_on_both, ["failed"] * 2)
        await notices(1)
        await until_all(whole_on_both, ["failed"] * 3)
        told = await undelivered(whole_on_both)
        assert len(told) == 1, told
        await whole_on_both.run(spell_ends)
        await notices(1)
        await until_all(whole_on_both, ["failed"] * 3 + ["sent"])
        messenger.faults["1"] += [Undeliverable("blocked")]
        await notices(1)
        await until_all(whole_on_both, ["failed"] * 3 + ["sent", "failed"])
        assert len(await undelivered(whole_on_both)) == 2  # the earlier one, and one for this spell
