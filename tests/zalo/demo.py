"""The fake Zalo as a program of its own: `python -m tests.zalo.demo` is a citizen's Zalo in the terminal.

It says which settings lead `motcua run` here. What is typed is what the citizen writes; a button is pressed by its
label or number. `/chan` blocks the account, `/mo` lets it in again, `/bay-ngay` lets seven days pass, `/anh FILE` and
`/tep FILE` send something, `/so 0912345678` shares a number, `/het` ends.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Final

from tests.zalo.fake import FakeZalo
from tests.zalo.fake_model import Told
from tests.zalo.fake_people import Person

_LOOK: Final = 0.1  # seconds


def settings(fake: FakeZalo) -> list[str]:
    """Lines for the program's .env."""
    return [
        f"MOTCUA_ZALO_APP_ID={fake.APP_ID}",
        f"MOTCUA_ZALO_APP_SECRET={fake.APP_SECRET}",
        f"MOTCUA_ZALO_OA_ID={fake.OA_ID}",
        f"MOTCUA_ZALO_OA_SECRET_KEY={fake.OA_KEY}",
        f"MOTCUA_ZALO_OAUTH_BASE={fake.base}",
        f"MOTCUA_ZALO_OPENAPI_BASE={fake.base}",
        f"MOTCUA_ZALO_ZNS_BASE={fake.base}",
    ]


def shown(told: Told) -> str:
    """A message as it is read."""
    lines = [told.text or (told.card or {}).get("subtitle", "")]
    if told.image is not None:
        lines.append(f"[ảnh, {len(told.image)} byte]")
    if told.file is not None:
        lines.append(f"[tệp {told.file[0]}, {len(told.file[1])} byte]")
    if told.card is not None:
        lines.append("[thẻ xin số điện thoại: /so 0912345678]")
    lines += [f"  [{number}] {button['title']}" for number, button in enumerate(told.buttons, 1)]
    return "\n".join(line for line in lines if line)


async def act(person: Person, line: str) -> None:
    """What one line means."""
    command, _, rest = line.partition(" ")
    match command:
        case "/chan":
            person.blocked = True
            await person.unfollows()
        case "/mo":
            person.blocked = False
            await person.follows()
        case "/bay-ngay":
            person.window = "closed"
        case "/anh":
            await person.sends_image(await asyncio.to_thread(Path(rest).read_bytes))
        case "/tep":
            await person.sends_file(Path(rest).name, await asyncio.to_thread(Path(rest).read_bytes))
        case "/so":
            await person.shares(phone="84" + rest.strip().removeprefix("0"))
        case _:
            await speak(person, line)


async def speak(person: Person, line: str) -> None:
    """A button of the last message that has some, or words."""
    buttons = next((told.buttons for told in reversed(person.heard) if told.buttons), ())
    for number, button in enumerate(buttons, 1):
        if line in (button["title"], str(number)):
            await person.says(button["payload"])
            return
    await person.says(line)


async def show(person: Person) -> None:
    """Everything that comes."""
    known = 0
    while True:
        for told in person.heard[known:]:
            print(f"\n{shown(told)}\n", flush=True)  # noqa: T201 - the terminal is the telephone
            known += 1
        await asyncio.sleep(_LOOK)


async def main(hook: str, port: int) -> None:
    fake = FakeZalo()
    await fake.start(port)
    fake.hook = hook
    _, refresh = fake.pair()
    person = fake.person(name="Trần Thị Bé")
    print("\n".join(settings(fake)))  # noqa: T201
    print(f"Refresh token (motcua zalo token): {refresh}", flush=True)  # noqa: T201
    showing = asyncio.create_task(show(person))
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        if line == "/het":
            break
        try:
            await act(person, line)
        except OSError as error:
            print(f"({type(error).__name__}: {error})")  # noqa: T201 - such as: nobody listens at the hook yet
    showing.cancel()
    await fake.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hook", default="http://127.0.0.1:8080/zalo")
    parser.add_argument("--port", type=int, default=8099)
    given = parser.parse_args()
    asyncio.run(main(given.hook, given.port))
