"""What people do in Telegram, and what the citizens' bot makes of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.commands import command
from conversations.messages import (
    UNKNOWN_SIZE,
    UNKNOWN_TYPE,
    Button,
    ChatEvent,
    ContactShared,
    Edited,
    Event,
    File,
    FileSent,
    Left,
    Pressed,
    Returned,
    Started,
    TextSent,
    Unsupported,
)
from handlers import telegram_citizens_taps
from handlers.telegram_citizens_events import phone
from handlers.telegram_citizens_menu import COMMANDS, DESCRIPTION, SHORT_DESCRIPTION
from handlers.telegram_poll import Raw
from tests.handlers.telegram_citizens_chat import HOA, Line, opened, picture, private

MB = 1024 * 1024
HUMAN = {"id": HOA, "is_bot": False, "first_name": "Hoa"}
OURS = {"id": 8012345678, "is_bot": True, "first_name": "Một cửa", "username": "motcua_bot"}
GROUP = {"id": -1_003_000_000_001, "type": "supergroup", "title": "Họ Nguyễn"}
SHOWN = private(**{"from": OURS, "text": "Bạn chọn:"})


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with opened() as line:
        yield line
        line.fake.assert_clean()


def query(**parts: Any) -> dict[str, Any]:
    return {"id": "42", "from": HUMAN, "chat_instance": "1", "message": SHOWN, "data": "yes", **parts}


def document(**parts: Any) -> dict[str, Any]:
    return {"document": {"file_id": "D1", "file_unique_id": "d1", **parts}}


def sized(name: str, side: int, **parts: Any) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": name.lower(), "width": side, "height": side, **parts}


# one update, one event

CONTACT = {"phone_number": "84912345678", "first_name": "Hoa", "user_id": HOA}
ORIGIN = {"type": "hidden_user", "sender_user_name": "Hoa", "date": 1}
MESSAGES: dict[str, tuple[dict[str, Any], Event | None]] = {
    "text": ({"text": "Tôi muốn làm khai sinh"}, TextSent("Tôi muốn làm khai sinh")),
    "text with blanks around": ({"text": " a\0b \n"}, TextSent("ab")),
    "answer": ({"text": "Vâng", "reply_to_message": SHOWN}, TextSent("Vâng", "7")),
    "forwarded text": ({"text": "Địa chỉ", "forward_origin": ORIGIN}, TextSent("Địa chỉ")),
    "start": ({"text": "/start"}, Started()),
    "start from a poster": ({"text": "/start khai-sinh"}, Started("khai-sinh")),
    "start by name": ({"text": "/start@motcua_bot x_1"}, Started("x_1")),
    "start that is typed": ({"text": "/start " + "x" * 200}, Started("x" * 64)),
    "a word that begins so": ({"text": "/startup"}, TextSent("/startup")),
    "command": ({"text": "/hoso"}, TextSent("/hoso")),
    "photo": (
        {"photo": [sized("S", 90), sized("L", 1280, file_size=90_000), sized("M", 320)]},
        FileSent(File("L", "image/jpeg", 90_000)),
    ),
    "photo of an album": (
        {"photo": [sized("L", 1280)], "media_group_id": "13", "caption": " Mặt trước "},
        FileSent(File("L", "image/jpeg", UNKNOWN_SIZE), "Mặt trước", "13"),
    ),
    "live photo": (
        {
            "photo": [sized("L", 1280, file_size=5)],
            "live_photo": {**sized("V", 1280), "duration": 2, "photo": [sized("L", 1280)]},
        },
        FileSent(File("L", "image/jpeg", 5)),
    ),
    "photo as a file": (
        document(mime_type="image/heic", file_size=3 * MB, file_name="IMG_1.HEIC"),
        FileSent(File("D1", "image/heic", 3 * MB, "IMG_1.HEIC")),
    ),
    "file of unknown kind": (document(file_size=9), FileSent(File("D1", UNKNOWN_TYPE, 9))),
    "name with a line break": (
        document(file_size=9, file_name="a\r\nb.pdf"),
        FileSent(File("D1", UNKNOWN_TYPE, 9, "ab.pdf")),
    ),
    "pdf of just 20 MB": (
        document(mime_type="application/pdf", file_size=20 * MB),
        FileSent(File("D1", "application/pdf", 20 * MB)),
    ),
    "pdf over 20 MB": (document(mime_type="application/pdf", file_size=20 * MB + 1), Unsupported("too-large")),
    "empty file": (document(file_size=0), Unsupported("empty-file")),
    "own contact": ({"contact": CONTACT}, ContactShared("+84912345678", own=True)),
    "somebody else's contact": ({"contact": {**CONTACT, "user_id": 5}}, ContactShared("+84912345678", own=False)),
    "contact of nobody in Telegram": (
        {"contact": {"phone_number": "0912 345 678", "first_name": "Bố"}},
        ContactShared("0912345678", own=False),
    ),
    "own contact sent on": (
        {"contact": CONTACT, "forward_origin": ORIGIN},
        ContactShared("+84912345678", own=False),
    ),
    "contact without digits": ({"contact": {**CONTACT, "phone_number": "x"}}, Unsupported("contact")),
    "location": ({"location": {"latitude": 20.8, "longitude": 106.6}}, Unsupported("location")),
    "venue": (
        {
            "location": {"latitude": 20.8, "longitude": 106.6},
            "venue": {"location": {"latitude": 20.8, "longitude": 106.6}, "title": "UBND", "address": "Thôn 1"},
        },
        Unsupported("location"),
    ),
    "voice": (
        {"voice": {"file_id": "V", "file_unique_id": "v", "duration": 3}},
        FileSent(File("V", "audio/ogg", UNKNOWN_SIZE)),
    ),
    "music": (
        {"audio": {"file_id": "A", "file_unique_id": "a", "duration": 3, "mime_type": "audio/mpeg", "file_size": 9}},
        FileSent(File("A", "audio/mpeg", 9)),
    ),
    "video": ({"video": {**sized("V", 9), "duration": 3}}, Unsupported("video")),
    "round video": (
        {"video_note": {"file_id": "V", "file_unique_id": "v", "length": 9, "duration": 3}},
        Unsupported("video"),
    ),
    "animation, which is a document too": (
        {"animation": {**sized("A", 9), "duration": 1}, **document(mime_type="video/mp4", file_size=9)},
        Unsupported("video"),
    ),
    "dice": ({"dice": {"emoji": "🎲", "value": 3}}, Unsupported("sticker")),
    "story": ({"story": {"chat": {"id": 5, "type": "private"}, "id": 1}}, Unsupported("unknown")),
    "something of next year": ({"hologram": {"file_id": "H"}}, Unsupported("unknown")),
    "pinned": ({"pinned_message": SHOWN}, None),
    "timer": ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}, None),
    "background": ({"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🏠"}}}, None),
    "our own message": ({"from": OURS, "text": "Bạn chọn:"}, None),
    "another bot": ({"from": {**OURS, "id": 5}, "text": "mua ngay"}, None),
    "nobody": ({"from": None, "text": "?"}, None),
}


@pytest.mark.parametrize("name", MESSAGES)
async def test_messages(line: Line, name: str) -> None:
    parts, event = MESSAGES[name]
    assert await line.give(message=private(**parts)) == ([] if event is None else [event])
    assert line.door.apart == []
    assert [heard.address for heard in line.door.heard] == [str(HOA)] * len(line.door.heard)


MEMBER = {
    "chat": {"id": HOA, "type": "private"},
    "from": HUMAN,
    "date": 1,
    "old_chat_member": {},
    "new_chat_member": {},
}


def standing(new: str, **parts: Any) -> dict[str, Any]:
    def member(status: str) -> dict[str, Any]:
        more = {"until_date": 0} if status == "kicked" else {}
        return {"user": OURS, "status": status, **more}

    old = "member" if new == "kicked" else "kicked"
    return {**MEMBER, "old_chat_member": member(old), "new_chat_member": member(new), **parts}


UPDATES: dict[str, tuple[Raw, list[Event | ChatEvent]]] = {
    "press": ({"callback_query": query()}, [Pressed("yes", "7")]),
    "press on an inaccessible message": (
        {"callback_query": query(message={"chat": private()["chat"], "message_id": 3, "date": 0})},
        [Pressed("yes", "3")],
    ),
    "press on no message": ({"callback_query": query(message=None)}, [Pressed("yes", "")]),
    "press without data": ({"callback_query": query(data=None, game_short_name="x")}, []),
    "press that is too long": ({"callback_query": query(data="ộ" * 30)}, []),
    "press of unprintable data": ({"callback_query": query(data="a\0b")}, []),
    "press of data that nobody offered": ({"callback_query": query(data="decide:1")}, [Pressed("decide:1", "7")]),
    "press in a group": ({"callback_query": query(message={**SHOWN, "chat": GROUP})}, []),
    "edited text": ({"edited_message": private(text="Khai tử ")}, [Edited("Khai tử")]),
    "edited caption": ({"edited_message": private(photo=[sized("L", 9)], caption="Mới")}, [Edited("Mới")]),
    "location that moves": ({"edited_message": private(location={"latitude": 1, "longitude": 1})}, []),
    "edited in a group": ({"edited_message": private(text="x", chat=GROUP)}, []),
    "blocked": ({"my_chat_member": standing("kicked")}, [Left("blocked")]),
    "let in again": ({"my_chat_member": standing("member")}, [Returned()]),
    "taken into a group": ({"my_chat_member": standing("member", chat=GROUP)}, []),
    "channel post": ({"channel_post": private(text="Tin tức", chat={**GROUP, "type": "channel"})}, []),
    "message of a channel": ({"message": private(text="/menu", chat={**GROUP, "type": "channel"})}, []),
    "inline query": ({"inline_query": {"id": "1", "from": HUMAN, "query": "", "offset": ""}}, []),
    "business message": ({"business_message": private(text="x")}, []),
    "kind of next year": ({"telepathy": {"from": HUMAN, "thought": "khai sinh"}}, []),
}


@pytest.mark.parametrize("name", UPDATES)
async def test_other_updates(line: Line, name: str) -> None:
    update, events = UPDATES[name]
    assert await line.give(**update) == events
    assert line.door.apart == []


async def test_events_are_known_by_the_number_of_their_update(line: Line) -> None:
    await line.bot.take({"update_id": 77, "message": private(text="a")})
    await line.bot.take({"update_id": 78, "callback_query": query()})
    assert line.door.ids == ["u77", "u78"]


# from the phone, over the wire


async def test_what_a_phone_sends(line: Line) -> None:
    hoa, bot = line.hoa, line.account
    question = await line.say("Bạn gửi giấy tờ nhé")
    shown = line.chat.find("Bạn gửi giấy tờ nhé")
    await hoa.text(bot, "Tôi gửi đây 🙂", reply_to=shown)
    await hoa.photo(bot, picture(), caption="CCCD")
    await hoa.album(bot, [picture(), picture(), picture()], caption="Sổ đỏ")
    await hoa.document(bot, b"%PDF-1.7", "don.pdf", "application/pdf")
    await hoa.document(bot, b"", "to.pdf", "application/pdf", size=25 * MB)
    await hoa.contact(bot, "84912345678")
    await hoa.sticker(bot)
    text, photo, first, second, third, pdf, *rest = await line.pump()
    assert text == TextSent("Tôi gửi đây 🙂", question.message_id)
    assert isinstance(photo, FileSent)
    assert (photo.caption, photo.album) == ("CCCD", "")
    assert await line.bot.fetch(photo.file.ref)
    albums = [(e.album, e.caption) for e in (first, second, third) if isinstance(e, FileSent)]
    assert len({album for album, _ in albums}) == 1
    assert albums[0][0]
    assert sorted(caption for _, caption in albums) == ["", "", "Sổ đỏ"]
    assert isinstance(pdf, FileSent)
    assert (pdf.file.media_type, pdf.file.size, pdf.file.name) == ("application/pdf", 8, "don.pdf")
    assert await line.bot.fetch(pdf.file.ref) == b"%PDF-1.7"
    assert rest == [Unsupported("too-large"), ContactShared("+84912345678", own=True), Unsupported("sticker")]
    assert line.calls("getFile") != []


async def test_a_press_is_answered_when_it_is_stored(line: Line) -> None:
    await line.fake.raw(line.account, {"message": private(text="x")})
    await line.say("Đúng không?", buttons=_buttons("Có"))
    press = await line.hoa.press(line.chat.last, "Có")
    assert not press.answer
    await line.pump()
    assert (await press.answer).text == ""


async def test_a_press_that_could_not_be_stored_goes_on_spinning(line: Line) -> None:
    await line.say("Đúng không?", buttons=_buttons("Có"))
    press = await line.hoa.press(line.chat.last, "Có")
    line.door.fails = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        await line.pump()
    line.door.fails = None
    assert not press.answer
    assert await line.pump() == [Pressed("Có", str(line.chat.last.id))]
    assert await press.answer


async def test_a_button_that_is_tapped_twice_is_pressed_once(line: Line) -> None:
    await line.say("Đúng không?", buttons=_buttons("Có", "Không"))
    shown = line.chat.last
    taps = [await line.hoa.press(shown, "Có") for _ in range(3)]
    assert await line.pump() == [Pressed("Có", str(shown.id))]
    assert all([await tap for tap in taps])
    await line.hoa.press(shown, "Không")
    await line.hoa.press(shown, "Có")
    assert await line.pump() == [Pressed("Không", str(shown.id)), Pressed("Có", str(shown.id))]
    await line.hoa.text(line.account, "à quên")
    await line.hoa.press(shown, "Có")
    assert Pressed("Có", str(shown.id)) in await line.pump()


async def test_a_button_that_is_pressed_again_later_is_pressed_twice(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await line.say("Đúng không?", buttons=_buttons("Có"))
    await line.hoa.press(line.chat.last, "Có")
    assert len(await line.pump()) == 1
    monkeypatch.setattr(telegram_citizens_taps, "_AT_ONCE", 0.0)
    await line.hoa.press(line.chat.last, "Có")
    assert len(await line.pump()) == 1


async def test_a_press_is_stored_although_its_answer_fails(line: Line) -> None:
    await line.say("Đúng không?", buttons=_buttons("Có"))
    await line.hoa.press(line.chat.last, "Có")
    line.fake.fail("answerCallbackQuery", status=500)
    line.fake.pass_time(120)  # "query is too old"
    assert len(await line.pump()) == 1
    await line.fake.settle()


async def test_a_press_on_a_deleted_or_old_message_is_a_press(line: Line) -> None:
    await line.say("Đúng không?", buttons=_buttons("Có"))
    shown = line.chat.last
    await line.hoa.press_data(shown, "Có", old=True)
    shown.deleted = True
    await line.hoa.press_data(shown, "forged:1")
    assert await line.pump() == [Pressed("Có", str(shown.id)), Pressed("forged:1", str(shown.id))]
    await line.fake.settle()


async def test_somebody_types_when_a_photo_came_but_not_for_each_of_an_album(line: Line) -> None:
    await line.hoa.album(line.account, [picture(), picture(), picture()])
    await line.pump()
    await line.fake.settle()
    assert line.chat.actions == ["typing"]


async def test_blocking_and_coming_back(line: Line) -> None:
    await line.hoa.block(line.account)
    await line.hoa.unblock(line.account)
    assert await line.pump() == [Left("blocked"), Returned()]


async def test_updates_in_any_order_and_five_times_each(line: Line) -> None:
    async with line.fake.shuffled(line.account, times=5, seed=4):
        for word in "abc":
            await line.hoa.text(line.account, word)
    await line.pump()
    pairs = set(zip(line.door.ids, map(repr, line.door.events), strict=True))
    assert len(pairs) == 3  # a repeat has the number of the first time: the inbox knows it
    assert line.door.apart == []


# groups


async def test_a_group_is_pointed_to_the_private_chat_once(line: Line) -> None:
    group = line.fake.group("Họ Nguyễn", [line.hoa])
    await group.add(line.account, line.hoa)
    for _ in range(3):
        await line.hoa.text(group, "/menu@motcua_bot")
    assert await line.pump() == []
    await line.fake.settle()
    (pointed,) = [message.text for message in group.messages if message.sender is line.account]
    assert pointed.startswith("Giấy tờ là chuyện riêng, nên tôi chỉ trả lời trong tin nhắn riêng.")
    assert pointed.endswith("https://t.me/motcua_bot")


async def test_a_group_that_takes_the_bot_in_hears_where_it_talks(line: Line) -> None:
    group = line.fake.group("Họ Nguyễn", [line.hoa])
    await group.add(line.account, line.hoa)
    await line.pump()
    await line.fake.settle()
    assert [m for m in group.messages if m.sender is line.account]
    await group.remove(line.account, line.hoa)
    assert await line.pump() == []


@pytest.mark.parametrize(
    ("text", "pointed"),
    [
        ("/menu", True),
        ("/START@Motcua_Bot x", True),
        ("Hỏi @motcua_bot nhé, nhanh lắm", True),
        ("Bạn hỏi @motcua_bot.", True),
        ("/menu@khac_bot", False),
        ("/nhom 123", False),
        ("Chào cả nhà", False),
        ("hoa@motcua_bot.vn", False),
        ("", False),
    ],
)
async def test_when_a_group_means_this_bot(line: Line, text: str, pointed: bool) -> None:  # noqa: FBT001
    assert await line.give(message=private(chat=GROUP, text=text)) == []
    await line.fake.settle()
    called = [call for call in line.fake.calls if call.method == "sendMessage"]
    assert bool(called) == pointed


# what nobody can read

ONE = 1
BROKEN: dict[str, Raw] = {
    "nothing": {},
    "no number": {"message": private(text="x")},
    "number that is a word": {"update_id": "u1", "message": private(text="x")},
    "number that is true": {"update_id": True, "message": private(text="x")},
    "number without end": {"update_id": 1 << 70, "message": private(text="x")},
    "number below zero": {"update_id": -1, "message": private(text="x")},
    "message that is a list": {"update_id": ONE, "message": [1, 2]},
    "message without a chat": {"update_id": ONE, "message": {"message_id": 1, "date": 1, "text": "x"}},
    "chat without a number": {"update_id": ONE, "message": private(chat={"id": "nhà", "type": "private"})},
    "press by nobody": {"update_id": ONE, "callback_query": {"id": "1", "chat_instance": "1", "data": "x"}},
    "standing of nothing": {"update_id": ONE, "my_chat_member": {"chat": {}}},
    "null": {"update_id": ONE, "message": None, "edited_message": 5},
    "half a letter": {"update_id": ONE, "callback_query": query(data="\ud83d")},
    "half a letter in a name": {"update_id": ONE, "message": private(**document(file_id="\ud83d"))},
}


@pytest.mark.parametrize("name", BROKEN)
async def test_malformed_updates_are_set_aside(line: Line, name: str) -> None:
    await line.bot.take(BROKEN[name])
    assert line.door.heard == []
    ((channel, event_id, raw),) = line.door.apart
    assert (channel, json.loads(raw)) == ("telegram", BROKEN[name])
    assert event_id == "u1" if BROKEN[name].get("update_id") is ONE else event_id.startswith("x")


PARTLY: dict[str, tuple[dict[str, Any], Event]] = {
    "answer to something strange": ({"text": "Vâng", "reply_to_message": {"date": "hôm qua"}}, TextSent("Vâng")),
    "strange origin": ({"text": "Vâng", "forward_origin": {"type": "tomorrow"}}, TextSent("Vâng")),
    "strange photo": ({"photo": [{"file_id": 5}]}, Unsupported("unknown")),
    "half a letter": ({"text": "\ud83d?"}, TextSent("\ufffd?")),
    "strange contact": ({"contact": {"phone": "1"}}, Unsupported("unknown")),
    "strange sticker": ({"sticker": {"file_id": "S"}}, Unsupported("unknown")),
}


@pytest.mark.parametrize("name", PARTLY)
async def test_a_person_is_answered_although_telegram_wrote_something_new(line: Line, name: str) -> None:
    parts, event = PARTLY[name]
    assert await line.give(message=private(**parts)) == [event]
    assert line.door.apart == []


async def test_a_press_under_something_new_is_a_press(line: Line) -> None:
    shown = {**SHOWN, "reply_markup": {"inline_keyboard": [[{"text": 5}]]}}
    assert await line.give(callback_query=query(message=shown)) == [Pressed("yes", "7")]


async def test_a_bottomless_update_is_set_aside(line: Line) -> None:
    deep: dict[str, object] = {}
    for _ in range(5000):
        deep = {"x": deep}
    await line.give(message=deep)
    assert len(line.door.apart) == 1
    await line.give(message=private(text="Vâng", reply_to_message=deep))
    assert line.door.events[-1:] == [TextSent("Vâng")]


async def test_an_update_that_could_not_be_stored_is_not_set_aside(line: Line) -> None:
    line.door.fails = OSError("disk full")
    for raw in ({"message": private(text="x")}, {"callback_query": query()}, {"message": 5}):
        with pytest.raises(OSError, match="disk full"):
            await line.give(**raw)
    assert line.door.apart == []


async def test_one_malformed_update_does_not_hold_up_the_others(line: Line) -> None:
    await line.hoa.text(line.account, "trước")
    await line.fake.raw(line.account, {"message": {"chat": "nhà"}})
    await line.hoa.text(line.account, "sau")
    assert await line.pump() == [TextSent("trước"), TextSent("sau")]
    assert len(line.door.apart) == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 66) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "chat", "from", "text", "date", "file_id"]), inner, max_size=4)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    st.sampled_from([private(text="a"), query(), standing("kicked"), private(**document(file_size=1))]),
    st.dictionaries(st.sampled_from(["text", "chat", "from", "photo", "message", "data", "document"]), VALUES),
)
async def test_whatever_comes_is_heard_set_aside_or_passed_over(
    line: Line, kind: str, body: dict[str, Any], changed: dict[str, object]
) -> None:
    await line.give(**{kind: {**body, **changed}})


# how it presents itself


async def test_the_menu_has_only_words_that_are_understood(line: Line) -> None:
    menu = line.fake.commands(line.account)["all_private_chats", ""]
    assert [(one["command"], one["description"]) for one in menu] == list(COMMANDS)
    assert [name for name, _ in COMMANDS if not command(f"/{name}")] == []
    assert [name for name, _ in COMMANDS if command(f"/{name}@motcua_bot") != command(name)] == []


async def test_beginning_twice_changes_nothing(line: Line) -> None:
    assert await line.bot.begin() == "motcua_bot"
    assert len(line.calls("setMyDescription")) == len(line.calls("setMyShortDescription")) == 1
    assert len(DESCRIPTION) <= 512
    assert len(SHORT_DESCRIPTION) <= 120


async def test_the_bot_begins_although_its_menu_can_not_be_set() -> None:
    async with opened() as line:
        line.fake.fail("setMyCommands", status=429, retry_after=600)
        line.fake.fail("getMyDescription", status=500)
        assert await line.bot.begin() == "motcua_bot"


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("+84 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("0912.345.678", "0912345678"),
        ("912345678", "0912345678"),
        ("4915112345678", "+4915112345678"),
    ],
)
def test_phone_numbers_begin_with_plus_or_zero(given: str, known: str) -> None:
    assert phone(given) == known


def _buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, label) for label in labels)
