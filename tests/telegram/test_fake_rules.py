"""Section 4 of the facts page: what Telegram refuses, in its own words."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.telegram.fake_client import Client, connected
from tests.telegram.fake_files import MAX_PHOTO, MAX_UPLOAD
from tests.telegram.fake_format import parse
from tests.telegram.fake_model import Refused
from tests.telegram.test_fake_schema import jpeg


def button(**parts: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Có"} | parts]]}


WORDS: dict[str, tuple[dict[str, Any], str]] = {
    "empty": ({"text": ""}, "message text is empty"),
    "spaces": ({"text": " \n "}, "message text is empty"),
    "nothing left": ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    "long": ({"text": "ế" * 4097}, "message is too long"),
    "long by surrogates": ({"text": "🙂" * 2049}, "message is too long"),
    "long data": ({"text": "a", "reply_markup": button(callback_data="ế" * 22)}, "BUTTON_DATA_INVALID"),
    "no data": ({"text": "a", "reply_markup": button(callback_data="")}, "BUTTON_DATA_INVALID"),
    "bare button": ({"text": "a", "reply_markup": button()}, "can't parse inline keyboard button"),
    "two things": ({"text": "a", "reply_markup": button(url="a.vn", callback_data="b")}, "one thing"),
    "local link": (
        {"text": "a", "reply_markup": button(url="http://localhost/x")},
        "URL 'http://localhost/x' is invalid",
    ),
    "deep link": ({"text": "a", "reply_markup": button(url=f"https://t.me/b?start={'a' * 65}")}, "deep link"),
    "101 buttons": (
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101}},
        "reply markup is too long",
    ),
    "bold": (
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "less": (
        {"text": "3 < 5", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "" at byte offset 2',
    ),
    "bytes": ({"text": "ế<x>", "parse_mode": "html"}, 'Unsupported start tag "x" at byte offset 3'),
    "dot": ({"text": "x.", "parse_mode": "MarkdownV2"}, "Character '.' is reserved and must be escaped"),
    "mode": ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    "reply": ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    "entity": ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 9}]}, "is out of the text"),
}


@pytest.mark.parametrize("name", WORDS)
async def test_a_text_is_refused(name: str) -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        params, words = WORDS[name]
        assert words in await client.refused("sendMessage", chat_id=nam.id, **params)
        assert (len(fake.complaints) == 1) is (name != "reply")


async def test_what_just_fits() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        await client.ok("sendMessage", chat_id=nam.id, text="ế" * 4096, reply_markup=button(callback_data="a" * 64))
        await client.ok("sendMessage", chat_id=nam.id, text="<b>" + "a" * 4096 + "</b>", parse_mode="HTML")
        await client.ok("sendPhoto", {"photo": jpeg()}, chat_id=nam.id, caption="ế" * 1024)
        long = await client.refused("sendPhoto", {"photo": jpeg()}, chat_id=nam.id, caption="ế" * 1025)
        assert long == "Bad Request: message caption is too long"


async def test_editing_and_deleting() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        said = await nam.start(bot)
        chat: dict[str, Any] = {"chat_id": nam.id}
        sent = await client.ok("sendMessage", **chat, text="thẻ", reply_markup=button(callback_data="a"))
        same = chat | {"message_id": sent["message_id"]}
        await client.ok("editMessageText", **same, text="thẻ mới", reply_markup=button(callback_data="a"))
        again = await client.refused(
            "editMessageText", **same, text=" thẻ mới\n", reply_markup=button(callback_data="a")
        )
        assert again.startswith("Bad Request: message is not modified: specified new message content")
        await client.ok("editMessageText", **same, text="thẻ mới")  # the buttons go away
        shown = fake.chat(nam, bot).find("thẻ mới")
        assert not shown.buttons
        assert [edit.text for edit in shown.edits] == ["thẻ", "thẻ mới"]
        assert "message to edit not found" in await client.refused("editMessageText", **chat, message_id=99, text="x")
        own = await client.refused("editMessageText", **chat, message_id=said.id, text="x")
        assert own == "Bad Request: message can't be edited"
        assert "no caption" in await client.refused("editMessageCaption", **same, caption="x")
        assert not fake.chat(nam, bot).find("thẻ mới").deleted
        keys = await client.ok("sendMessage", **chat, text="số?", reply_markup={"keyboard": [["a"]]})
        with_keys = await client.refused("editMessageText", **chat, message_id=keys["message_id"], text="x")
        assert with_keys == "Bad Request: message can't be edited"
        forced = await client.ok("sendMessage", **chat, text="lý do?", reply_markup={"force_reply": True})
        assert "can't be edited" in await client.refused(
            "editMessageText", **chat, message_id=forced["message_id"], text="x"
        )
        await client.ok("deleteMessage", **same)
        assert shown.deleted
        assert "message to delete not found" in await client.refused("deleteMessage", **same)
        fake.pass_time(49 * 3600)
        assert "can't be deleted" in await client.refused("deleteMessage", **chat, message_id=keys["message_id"])


async def test_presses_are_answered_once_and_in_time() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        await client.ok("sendMessage", chat_id=nam.id, text="a", reply_markup=button(callback_data="a"))
        press = await nam.press(fake.chat(nam, bot).last, "Có")
        query: dict[str, Any] = {"callback_query_id": press.id}
        assert "MESSAGE_TOO_LONG" in await client.refused("answerCallbackQuery", **query, text="ế" * 201)
        assert not press.answer
        await client.ok("answerCallbackQuery", **query, text="xong", show_alert=True)
        assert ((await press.answer).text, press.answer.show_alert) == ("xong", True)
        old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
        assert await client.refused("answerCallbackQuery", **query) == old
        late = await nam.press(fake.chat(nam, bot).last, "Có")
        fake.pass_time(200)
        assert await client.refused("answerCallbackQuery", callback_query_id=late.id) == old
        assert await client.refused("answerCallbackQuery", callback_query_id="17") == old


async def test_who_can_be_written_to() -> None:
    async with connected() as (fake, bot, client):
        nam, ha = fake.user("Nam"), fake.user("Hà")
        refused = await client.refused("sendMessage", chat_id=nam.id, text="a")
        assert refused == "Forbidden: bot can't initiate conversation with a user"
        assert await client.refused("sendMessage", chat_id=77, text="a") == "Bad Request: chat not found"
        await nam.start(bot)
        await nam.block(bot)
        assert await client.refused("sendMessage", chat_id=nam.id, text="a") == "Forbidden: bot was blocked by the user"
        await nam.unblock(bot)
        await client.ok("sendMessage", chat_id=nam.id, text="a")
        await ha.start(bot)
        ha.deactivated = True
        assert await client.refused("sendMessage", chat_id=ha.id, text="a") == "Forbidden: user is deactivated"
        fake.assert_clean()


async def _album(client: Client, chat: int, kinds: list[str]) -> str:
    media = [{"type": kind, "media": f"attach://f{at}"} for at, kind in enumerate(kinds)]
    files = {f"f{at}": jpeg() for at in range(len(kinds))}
    return await client.refused("sendMediaGroup", files, chat_id=chat, media=media)


async def test_albums_and_files() -> None:
    async with connected() as (fake, bot, client):
        other = fake.bot("222:BBB", "staff_bot")
        nam = fake.user("Nam")
        await nam.start(bot)
        await nam.start(other)
        assert "from 2 to 10" in await _album(client, nam.id, ["photo"])
        assert "from 2 to 10" in await _album(client, nam.id, ["photo"] * 11)
        assert "can't be mixed" in await _album(client, nam.id, ["photo", "document"])
        big = await client.refused("sendPhoto", {"photo": b"x" * (MAX_PHOTO + 1)}, chat_id=nam.id)
        assert "too big for a photo" in big
        large = await client.refused("sendDocument", {"document": b"x" * (MAX_UPLOAD + 1)}, chat_id=nam.id)
        assert large == "Request Entity Too Large"
        assert "non-empty" in await client.refused("sendDocument", {"document": b""}, chat_id=nam.id)
        assert "IMAGE_PROCESS_FAILED" in await client.refused("sendPhoto", {"photo": b"no"}, chat_id=nam.id)
        photo = await client.ok("sendPhoto", {"photo": jpeg()}, chat_id=nam.id)
        file_id = photo["photo"][-1]["file_id"]
        await client.ok("sendPhoto", chat_id=nam.id, photo=file_id)
        as_file = await client.refused("sendDocument", chat_id=nam.id, document=file_id)
        assert as_file == "Bad Request: can't use file of type Photo as Document"
        stranger = Client(fake, other, client.http)
        assert "wrong file identifier" in await stranger.refused("sendPhoto", chat_id=nam.id, photo=file_id)
        assert "invalid file_id" in await stranger.refused("getFile", file_id=file_id)


async def test_what_people_send_can_be_fetched() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        photo = await nam.photo(bot, _wide())
        assert [(file.width, file.height) for file in photo.file.sizes] == [
            (90, 45),
            (320, 160),
            (800, 400),
            (1280, 640),
        ]
        scan = await nam.document(bot, b"%PDF-", "đơn.pdf", "application/pdf")
        large = await nam.document(bot, b"", "to.pdf", "application/pdf", size=25 << 20)
        updates = await client.ok("getUpdates")
        assert [u["message"]["message_id"] for u in updates] == [photo.id, scan.id, large.id]
        document = updates[1]["message"]["document"]
        assert (document["file_name"], document["mime_type"], document["file_size"]) == (
            "đơn.pdf",
            "application/pdf",
            5,
        )
        file = await client.ok("getFile", file_id=document["file_id"])
        link = f"{fake.url}/file/bot{bot.token}/{file['file_path']}"
        async with client.http.get(link) as answer:
            assert await answer.read() == b"%PDF-"
        fake.pass_time(3601)
        async with client.http.get(link) as answer:
            assert answer.status == 404
        refused = await client.refused("getFile", file_id=updates[2]["message"]["document"]["file_id"])
        assert refused == "Bad Request: file is too big"


def _wide() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (3000, 1500), "white").save(kept, "JPEG")
    return kept.getvalue()


async def test_commands() -> None:
    async with connected() as (fake, bot, client):
        right = [{"command": "tim_kiem", "description": "Tìm thủ tục"}]
        await client.ok("setMyCommands", commands=right, language_code="vi")
        assert fake.commands(bot) == {("default", "vi"): right}
        for command, words in (("Tìm", "BOT_COMMAND_INVALID"), ("a" * 33, "BOT_COMMAND_INVALID")):
            wrong = [{"command": command, "description": "x"}]
            assert words in await client.refused("setMyCommands", commands=wrong)
        wrong = [{"command": "a", "description": "x" * 257}]
        assert "BOT_COMMAND_DESCRIPTION_INVALID" in await client.refused("setMyCommands", commands=wrong)
        assert "TOO_MUCH" in await client.refused("setMyCommands", commands=right * 101)


Parsed = tuple[str, list[tuple[str, int, int]]]
READ: dict[str, tuple[str, str, Parsed]] = {
    "nested": ("HTML", "a <b>b <i>🙂c</i></b>", ("a b 🙂c", [("bold", 2, 5), ("italic", 4, 3)])),
    "escaped": ("HTML", "&lt;b&gt; &amp; &#39;&nbsp;", ("<b> & '&nbsp;", [])),
    "trimmed": ("HTML", "  <b> x </b>\n\n", ("x", [("bold", 0, 1)])),
    "link": ("HTML", '<a href="https://a.vn/?x=1&amp;y">k</a>', ("k", [("text_link", 0, 1)])),
    "quote": ("HTML", "<blockquote expandable>q</blockquote>", ("q", [("expandable_blockquote", 0, 1)])),
    "two": (
        "MarkdownV2",
        "*a _b_* ||s|| `c.d`",
        ("a b s c.d", [("bold", 0, 3), ("italic", 2, 1), ("spoiler", 4, 1), ("code", 6, 3)]),
    ),
    "escapes": ("MarkdownV2", "1\\.\\_x [k](http://a.b/\\))", ("1._x k", [("text_link", 5, 1)])),
    "pre": ("MarkdownV2", "```py\nx.y```", ("x.y", [("pre", 0, 3)])),
    "quoted": ("MarkdownV2", ">a\n>b\nc", ("a\nb\nc", [("blockquote", 0, 4)])),
    "old": ("Markdown", "*a* _b_ [k](a.vn) \\_", ("a b k _", [("bold", 0, 1), ("italic", 2, 1), ("text_link", 4, 1)])),
}


@pytest.mark.parametrize("name", READ)
def test_formatted_text_is_read(name: str) -> None:
    mode, given, (words, entities) = READ[name]
    shown, found = parse(given, mode)
    assert shown == words
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == entities


BROKEN: dict[str, tuple[str, str, str]] = {
    "end": ("HTML", "a</b>", "Unexpected end tag at byte offset 1"),
    "cross": ("HTML", "<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    "cut": ("HTML", "a <b", "Unclosed start tag at byte offset 2"),
    "cut end": ("HTML", "<b>a</b", "Unclosed end tag at byte offset 4"),
    "span": ("HTML", "<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    "bare": (
        "HTML",
        "<a href>a</a>",
        'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
    ),
    "italic": ("MarkdownV2", "a _b", "Can't find end of Italic entity at byte offset 2"),
    "url": ("MarkdownV2", "[a](b", "Can't find end of a URL at byte offset 4"),
    "old": ("Markdown", "snake_case", "Can't find end of the entity starting at byte offset 5"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_formatting_is_named(name: str) -> None:
    mode, given, words = BROKEN[name]
    with pytest.raises(Refused) as refused:
        parse(given, mode)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"
