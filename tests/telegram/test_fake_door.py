"""The fake in a process of its own, driven through its door."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def started() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.telegram.fake", "--port", "0", "--no-limits", "--no-schema"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(30):
            line = (await process.stdout.readline()).decode()
        yield line.split("the fake Bot API: ")[1].split("/bot<TOKEN>")[0]
    finally:
        process.terminate()
        await process.wait()


async def test_a_script_drives_it() -> None:
    async with started() as url, aiohttp.ClientSession() as http:

        async def control(op: str, **given: Any) -> Any:
            async with http.post(f"{url}/control/{op}", json=given) as answer:
                body = await answer.json()
                return body["result"] if answer.status == 200 else body["error"]

        async def call(method: str, **given: Any) -> Any:
            async with http.post(f"{url}/bot111:AAA/{method}", json=given) as answer:
                return (await answer.json())["result"]

        await control("bot", token="111:AAA", username="motcua_bot")
        nam = (await control("user", name="Nam"))["id"]
        await control("start", user=nam, to="motcua_bot", payload="x")
        [update] = await call("getUpdates")
        assert update["message"]["text"] == "/start x"
        await call("getUpdates", offset=update["update_id"] + 1)
        keys = {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}]]}
        sent = await call("sendMessage", chat_id=nam, text="chọn", reply_markup=keys)
        shown = await control("messages", user=nam, to="motcua_bot")
        assert [(m["text"], m["buttons"]) for m in shown] == [("/start x", []), ("chọn", [["Có"]])]
        await control("press", user=nam, to="motcua_bot", message=sent["message_id"], label="Có")
        [update] = await call("getUpdates")
        assert update["callback_query"]["data"] == "yes"
        group = (await control("group", title="Tổ", members=[nam]))["id"]
        await control("add", group=group, bot="motcua_bot", by=nam)
        assert (await control("upgrade", group=group))["type"] == "supergroup"
        await control("text", user=nam, to=group, words="/viec")
        assert [made["method"] for made in await control("calls")] == ["sendMessage"]
        assert await control("complaints") == []
        assert "no such op" in await control("dance")
        assert "KeyError" in await control("text", user=7, to="motcua_bot", words="a")
