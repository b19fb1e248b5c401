"""A few citizens on every channel, officers, strangers and mistakes, with everything logged: and no trace of anybody.

The program is a process of its own; what it prints, what it logs at its most talkative and what its metrics tell is
searched for every name, number, address, word, code, token and key that was used.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from benchmarks import dossiers, traces
from benchmarks.citizens import Citizen
from benchmarks.dossiers import Load, Town
from benchmarks.installation import Installation

_MAIN_ROAD = "cạnh cây gạo đầu làng Bồng Lai"


@pytest.mark.timeout(400)
async def test_nothing_of_anybody_is_printed_or_logged(tmp_path: Path) -> None:
    """Whole dossiers, and everything is well afterwards."""
    more = {"MOTCUA_LOG_LEVEL": "DEBUG"}
    async with dossiers.town() as there, dossiers.standing(there, tmp_path, "one", **more) as made:
        load = await dossiers.play(there, made, citizens=3, think=lambda: 0.0)
        assert load.wrong == []
        assert load.complaints == []
        await asyncio.gather(*map(_wander, load.citizens))
        told = await _knock(there, made)
        await there.telegram.until(lambda: not any(map(there.telegram.waiting, there.telegram.bots.values())), 120)
        await dossiers.settled(made)
        await dossiers.leave(load)
        assert "INFO" in made.log
        assert _found(load, made.log) == []
        assert _found(load, told) == []


def _found(load: Load, text: str) -> list[str]:
    return [*dossiers.leaks(load, text), *traces.found(text, [_MAIN_ROAD, "tre-xanh"], ["wrong-secret", "wrong-token"])]


async def _wander(citizen: Citizen) -> None:
    """What goes nowhere: words nobody understands, a call with personal words, numbers, a file that is none."""
    who, chat = citizen.who, citizen.chat
    for words in (
        f"tôi là {who.name}, nhà {_MAIN_ROAD}, máy {who.phone}, bị mất cái gì đó",
        f"tra cứu {citizen.code}",
        f"{who.phone}",
        "gặp cán bộ",
        f"nhờ gọi {who.name} số {who.phone}, giấy {who.identity}, {_MAIN_ROAD}",
    ):
        await chat.say(words)
        await asyncio.sleep(0.1)
    await chat.file(b"\xff\xd8\xff" + f"{who.name} {who.phone}".encode(), f"{who.name}.jpg")


async def _knock(there: Town, made: Installation) -> str:
    """Strangers at every door; gives what all that answers and the metrics say."""
    heard = []
    async with aiohttp.ClientSession() as http:
        for path, headers in (
            ("/telegram/citizens", {"X-Telegram-Bot-Api-Secret-Token": "wrong-secret"}),
            ("/zalo", {"X-ZEvent-Signature": "mac=wrong-secret"}),
            ("/canbo/vao/wrong-token", {}),
            ("/r/wrong-token", {}),
            ("/api/send", {"Cookie": "motcua=wrong-secret", "X-Motcua": "1"}),
            ("/api/upload?id=a&name=tre-xanh.jpg", {"Cookie": "motcua=wrong-secret", "X-Motcua": "1"}),
        ):
            body = f'{{"text": "{_MAIN_ROAD}"'.encode()
            async with http.post(made.home + path, data=body, headers=headers, allow_redirects=False) as answer:
                heard.append(await answer.text())
        async with http.get(f"{made.home}/metrics") as answer:
            heard.append(await answer.text())
    return "\n".join(heard)
