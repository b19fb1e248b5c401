"""People and groups: what bots are shown of them, and how both libraries read it."""

from __future__ import annotations

from typing import Any

import telegram as ptb
from aiogram.types import Update

from tests.telegram.fake import FakeBot, FakeTelegram
from tests.telegram.fake_client import Client, connected
from tests.telegram.fake_schema import schema
from tests.telegram.test_fake_schema import jpeg

Json = dict[str, Any]


async def news(client: Client) -> list[Json]:
    """What is new for the bot; each update is right by the schema and both libraries."""
    updates = await client.ok("getUpdates", allowed_updates=[])
    for update in updates:
        schema().check_type(["Update"], update, "update")
        Update.model_validate(update)
        ptb.Update.de_json(update, None)
    if updates:
        await client.ok("getUpdates", offset=updates[-1]["update_id"] + 1)
    return list(updates)


async def test_everything_that_a_person_can_send() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam", last_name="Trần", username="nam", phone="84912345678")
        start = await nam.start(bot, "ho-so_12")
        assert start.entities == [{"type": "bot_command", "offset": 0, "length": 6}]
        await nam.text(bot, "🙂 xem /tim@motcua_bot giúp", reply_to=start)
        await nam.photo(bot, jpeg(), "ảnh")
        await nam.document(bot, jpeg(), "a.jpg", "image/jpeg", "tệp")
        await nam.album(bot, [jpeg(), jpeg()], "hai ảnh")
        await nam.album(bot, [(b"%PDF", "a.pdf", "application/pdf"), (b"%PDF", "b.pdf", "application/pdf")])
        await nam.sticker(bot)
        await nam.voice(bot)
        await nam.video(bot)
        await nam.location(bot)
        await nam.contact(bot, "84912345678")
        await nam.contact(bot, "84987654321", own=False, user_id=7)
        await nam.contact(bot, "84987654321", own=False, forwarded=True)
        edited = await nam.text(bot, "sai")
        await nam.edit(edited, "đúng")
        await nam.block(bot)
        await nam.unblock(bot)
        got = await news(client)
        messages = [update["message"] for update in got if "message" in update]
        assert messages[0]["text"] == "/start ho-so_12"
        assert messages[1]["entities"] == [{"type": "bot_command", "offset": 7, "length": 15}]
        assert messages[1]["reply_to_message"]["message_id"] == start.id
        assert messages[4]["media_group_id"] == messages[5]["media_group_id"] != messages[6]["media_group_id"]
        assert [message.get("caption") for message in messages[4:6]] == ["hai ảnh", None]
        contacts = [message["contact"].get("user_id") for message in messages if "contact" in message]
        assert contacts == [nam.id, 7, None]
        assert got[-3]["edited_message"]["text"] == "đúng"
        assert [u["my_chat_member"]["new_chat_member"]["status"] for u in got[-2:]] == ["kicked", "member"]
        assert fake.chat(nam, bot).find("đúng") is edited


async def test_keys_send_words_or_the_contact() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam", phone="84912345678")
        await nam.start(bot)
        keys = [[{"text": "Số của tôi", "request_contact": True}, "Thôi"]]
        await client.ok("sendMessage", chat_id=nam.id, text="Số?", reply_markup={"keyboard": keys})
        await nam.tap(bot, "Số của tôi")
        await nam.tap(bot, "Thôi")
        got = [update["message"] for update in await news(client)]
        assert got[-2]["contact"] == {"phone_number": "84912345678", "first_name": "Nam", "user_id": nam.id}
        assert got[-1]["text"] == "Thôi"
        await client.ok("sendMessage", chat_id=nam.id, text="Xong", reply_markup={"remove_keyboard": True})
        assert fake.chat(nam, bot).keyboard == []


async def test_presses_right_forged_and_on_old_messages() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        buttons = {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}]]}
        await client.ok("sendMessage", chat_id=nam.id, text="?", reply_markup=buttons)
        message = fake.chat(nam, bot).last
        await nam.press(message, "Có")
        await nam.press_data(message, "forged")
        await nam.press_data(message, "old", old=True)
        message.deleted = True
        await nam.press_data(message, "gone")
        queries = [update["callback_query"] for update in (await news(client))[1:]]
        assert [query["data"] for query in queries] == ["yes", "forged", "old", "gone"]
        assert [query["message"]["date"] > 0 for query in queries] == [True, True, False, False]
        assert len({query["chat_instance"] for query in queries}) == 1


async def _group(fake: FakeTelegram, bot: FakeBot, client: Client) -> tuple[Any, Any, Any]:
    thu, ha = fake.user("Thu"), fake.user("Hà")
    group = fake.group("Tổ một cửa", [thu, ha])
    await group.add(bot, by=ha, payload="to_son-tien")
    joined = await news(client)
    assert joined[0]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert joined[1]["message"]["new_chat_members"][0]["username"] == "motcua_bot"
    assert joined[2]["message"]["text"] == "/start@motcua_bot to_son-tien"
    return group, thu, ha


async def test_privacy_mode() -> None:
    async with connected() as (fake, bot, client):
        group, thu, ha = await _group(fake, bot, client)
        other = fake.bot("222:BBB", "staff_bot", privacy=False)
        await group.add(other, by=ha)
        sent = await client.ok("sendMessage", chat_id=group.id, text="thẻ")
        card = group.find("thẻ")
        assert sent["chat"] == {"id": group.id, "title": "Tổ một cửa", "type": "group"}
        await thu.text(group, "chuyện riêng")
        await thu.text(group, "/viec")
        await thu.text(group, "/viec@motcua_bot")
        await thu.text(group, "/viec@staff_bot")
        await thu.text(group, "trả lời", reply_to=card)
        await group.rename("Tổ mới", by=ha)
        seen = [update["message"].get("text") for update in await news(client)]
        assert seen == [None, "/viec", "/viec@motcua_bot", "trả lời", None]
        second = Client(fake, other, client.http)
        texts = [update["message"].get("text") for update in await news(second) if "message" in update]
        assert texts == [None, "chuyện riêng", "/viec", "/viec@motcua_bot", "/viec@staff_bot", "trả lời", None]
        await second.ok("sendMessage", chat_id=group.id, text="của bot kia")
        await thu.text(group, "/viec")  # for the one that spoke last
        assert await news(client) == []


async def test_the_upgrade_to_a_supergroup() -> None:
    async with connected() as (fake, bot, client):
        group, thu, _ = await _group(fake, bot, client)
        buttons = {"inline_keyboard": [[{"text": "Nhận", "callback_data": "a"}]]}
        await client.ok("sendMessage", chat_id=group.id, text="thẻ", reply_markup=buttons)
        old = group.id
        await group.upgrade()
        new = group.id
        assert new < -(2**32)
        moved = [update["message"] for update in await news(client)]
        assert [(m["chat"]["id"], m["chat"]["type"]) for m in moved] == [(old, "group"), (new, "supergroup")]
        assert (moved[0]["migrate_to_chat_id"], moved[1]["migrate_from_chat_id"]) == (new, old)
        refused = await client.ask("sendMessage", chat_id=old, text="a")
        assert refused["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
        assert refused["parameters"] == {"migrate_to_chat_id": new}
        await client.ok("sendMessage", chat_id=new, text="mới")
        await thu.press(group.find("thẻ"), "Nhận")
        [query] = await news(client)
        assert query["callback_query"]["message"]["chat"]["id"] == old
        assert [message.text for message in group.messages if message.text] == [
            "/start@motcua_bot to_son-tien",
            "thẻ",
            "mới",
        ]
        fake.assert_clean()


async def test_removed_demoted_promoted() -> None:
    async with connected() as (fake, bot, client):
        group, thu, ha = await _group(fake, bot, client)
        await group.demote(bot)
        refused = await client.refused("sendMessage", chat_id=group.id, text="a")
        assert refused == "Bad Request: not enough rights to send text messages to the chat"
        await group.promote(bot)
        said = await thu.text(group, "nghe được cả")
        await client.ok("deleteMessage", chat_id=group.id, message_id=said.id)
        await client.ok("pinChatMessage", chat_id=group.id, message_id=2)
        admins = await client.ok("getChatAdministrators", chat_id=group.id)
        assert [admin["status"] for admin in admins] == ["creator", "administrator"]
        assert await client.ok("getChatMemberCount", chat_id=group.id) == 3
        changed = [
            u["my_chat_member"]["new_chat_member"]["status"] for u in await news(client) if "my_chat_member" in u
        ]
        assert changed == ["restricted", "administrator"]
        await client.ok("getUpdates", allowed_updates=["chat_member", "my_chat_member"])
        await group.leave(thu, by=ha)
        await group.join(thu)
        changes = [u["chat_member"] for u in await client.ok("getUpdates", offset=1)]
        assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
        await group.remove(bot, by=ha)
        refused = await client.refused("sendMessage", chat_id=group.id, text="a")
        assert refused == "Forbidden: bot was kicked from the group chat"
        got = await news(client)
        statuses = [u["my_chat_member"]["new_chat_member"]["status"] for u in got if "my_chat_member" in u]
        assert statuses == ["kicked"]
        await group.add(bot, by=ha)
        await client.ok("leaveChat", chat_id=group.id)
        refused = await client.refused("sendMessage", chat_id=group.id, text="a")
        assert refused == "Forbidden: bot is not a member of the group chat"


async def test_phone_numbers_are_asked_for_in_private_only() -> None:
    async with connected() as (fake, bot, client):
        group, _, _ = await _group(fake, bot, client)
        keys = {"keyboard": [[{"text": "Số", "request_contact": True}]]}
        refused = await client.refused("sendMessage", chat_id=group.id, text="a", reply_markup=keys)
        assert refused == "Bad Request: phone number can be requested in private chats only"
