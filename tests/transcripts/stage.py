"""Plays a transcript over the whole program, and writes down what everybody reads."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from bot.context import CitizenContext
from bot.scene import present
from conversations import drafts
from conversations.drafts import Choose, Give, Review
from conversations.drafts import Step as Standing
from conversations.messages import Button, Edited, Event, FileSent, Pressed, Shown, Started, TextSent, Unsupported
from conversations.state import Person, State, Talk
from domain.values import VIETNAM
from storage.work import Work
from tests.bot.bank import bank_of, with_account
from tests.bot.whole import Actor, Whole, running
from tests.conversations.filling import onward
from tests.transcripts.pictures import picture, scanned
from tests.transcripts.post import with_post
from tests.transcripts.script import Script, Step

_CODE: Final = re.compile(
    r"\b[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{5}\b"
    r"|(?<=Mã nhận: )\d{3} \d{3}"  # of who collects
    r"|(?<=Mã xác nhận: )\d{3} \d{3}|(?<=xa Son Tien: )\d{6}"  # by e-mail, by SMS
    r"|(?<=Ma )\d{6}(?=: doc cho)"  # to whom somebody is helping
    r"|(?<=trước mặt bạn: )\d{3} \d{3}"  # read out at the desk
    r"|\bky-[\w-]{32}"  # a link's, for the second person
)
_LINK: Final = re.compile(r"https?://\S+?/(?:gui|xem|thu/xacnhan|thu)/[\w-]+")
_MEMO: Final = re.compile(r"\bMC[34679ACDEFGHJKMNPQRTWXY]{8}\b")
_TRANSFER: Final = re.compile(r"(again )?(\d+) ([\d.]+) (.*)")
_PAGE: Final = re.compile(r"https?://[^\s/]+/\?p=")  # a link that opens a chat; the address is the installation's
_NAMED: Final = re.compile(r"\{((?:code|memo)\d+)\}")
_BUTTON: Final = re.compile(r"\[(.+?)\](?: (?:trên (.+)|(cũ)))?")
_REPLY: Final = re.compile(r"\(reply (.+?)\) (.*)")
_FILE: Final = re.compile(r"\((?:([a-z -]+(?: \d+)?) )?([a-z]+/[a-z0-9.+-]+)(?: album (\w+))?\)(?: (.+))?")
_START: Final = re.compile(r"\(start(?: (\S+))?\)")
_LONG: Final = re.compile(r"\((\d+) characters\)")
_PASSED: Final = re.compile(r"\+(\d+)([smhd])")
_ESCAPE: Final = re.compile(r"\\u([0-9a-f]{4})")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_KINDS: Final = ("sticker", "location", "contact", "video", "voice", "too-large", "unknown")
_GOES_ON: Final = {"(fills the form)": (Give, Choose, Review), "(photographs the papers)": (Review,)}  # until when
Ends = tuple[type[Standing], ...]
_MANY: Final = 250
_WIDE: Final = 116  # characters; with more, buttons stand on a line of their own


class Stage:
    """The program, the people seen so far, and the names that stand for random codes."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self._citizens: dict[str, Actor] = {}
        self._officers: dict[str, Actor] = {}
        self._codes: dict[str, str] = {}  # the code -> its name
        self._known: dict[str, set[str]] = {}
        self._numbers = itertools.count(1000)  # of photos
        self._photo = b""  # the last one

    async def hire(self, officers: tuple[tuple[str, str, str], ...]) -> None:
        for name, role, office in officers:
            self._officers[name] = await self._whole.officer(name, role, office)

    def move(self, whole: Whole) -> None:
        """Everybody goes on with a program that was started again."""
        self._whole = whole
        for actor in (*self._citizens.values(), *self._officers.values()):
            actor.whole = whole

    async def play(self, step: Step) -> list[str]:
        """Do one step; gives the lines that people read because of it."""
        kind, _, name = step.who.partition(" ")
        actor: Actor | None = None
        match kind:
            case "time":
                await self._time(step.said)
            case "bank":
                await self._bank(step.said)
            case "mail":
                return await self._mail(step.said)
            case "citizen":
                actor = self._citizens.get(name) or await self._whole.citizen(name or "ban")
                self._citizens[name] = actor
                if step.said == "(seen)":  # a page says so by itself; a messenger's "sent" has to do
                    if actor.reader.chat:
                        await self._whole.app.live.read(actor.reader, actor.seen)
                    return []
                if step.said in _GOES_ON:
                    return await self._go_on(actor, _GOES_ON[step.said])
                await actor.send(await self._event(actor, step.said))
            case _:
                actor = self._officers[name]
                await actor.send(await self._event(actor, step.said))
        return [*[line async for line in self._read(actor)], *map(self._named, self._whole.post())]

    async def _go_on(self, actor: Actor, until: Ends) -> list[str]:
        """Give whatever is asked for; what is read meanwhile is not written down, but for the end."""
        read: list[str] = []
        answers = photos = 0
        for _ in range(_MANY):
            event = await self._next(actor, until)
            if event is None:
                return [f"…: {answers} câu trả lời, {photos} ảnh", *read]
            if isinstance(event, FileSent):
                event, photos = await self._event(actor, "(image/jpeg)"), photos + 1
            else:
                answers += 1
            await actor.send(event)
            read = [line async for line in self._read(actor)]
        raise AssertionError("no end in sight")

    async def _next(self, actor: Actor, until: Ends) -> Event | None:
        """What leads on; None where the form or the papers end."""

        def look(work: Work) -> tuple[Event, tuple[Button, ...]] | None:
            scene = present(work, self._whole.world)
            chat = work.chats.find(actor.reader.channel, actor.reader.address)
            assert chat is not None
            assert chat.person is not None
            assert chat.state is not None
            talk = msgspec.json.decode(chat.state, type=Talk)
            person = Person(chat.person, chat.office, tuple(chat.consents.split(",")))
            state = State(talk, person, work.drafts.get(talk.draft, chat.person) if talk.draft else None)
            context = CitizenContext(scene, chat, changed=True)
            here = drafts.open_draft(state, context)
            assert here is not None, "no draft is open"
            if isinstance(drafts.step(state, *here, drafts.today_of(context)), until):
                return None
            event = onward(state, context)
            assert event is not None
            return event, talk.offered

        found = await self._whole.run(look)
        if found is None:
            return None
        event, offered = found
        if isinstance(event, Pressed):
            label = next((b.label for b in offered if b.value == event.value), "")
            assert label, f"{event.value} is not offered"
            shown, value = actor.button(label)
            return Pressed(value, shown.id)
        return event

    async def _bank(self, said: str) -> None:
        """A gateway tells of a transfer, over HTTP: "<reference> <amount> <words>", told twice after "again "."""
        found = _TRANSFER.fullmatch(self._meant(said))
        assert found is not None, said
        async with bank_of(self._whole) as bank:
            bank.times = 2 if found[1] else 1
            assert await bank.tells(int(found[2]), int(found[3].replace(".", "")), found[4]) == 200

    async def _mail(self, said: str) -> list[str]:
        """A link in the newest mail is pressed, and the button on the page that it opens."""
        pressed = _BUTTON.fullmatch(said)
        assert pressed is not None, said
        assert self._whole.press is not None, "no mails here"
        page = await self._whole.press(pressed[1])
        await self._whole.app.idle()
        return [
            *map(self._named, page),
            *[line async for line in self._read(None)],
            *map(self._named, self._whole.post()),
        ]

    async def _time(self, said: str) -> None:
        found = _PASSED.fullmatch(said)
        if found is not None:
            passed = timedelta(**{_UNITS[found[2]]: int(found[1])})
        else:
            passed = datetime.fromisoformat(said).replace(tzinfo=VIETNAM) - self._whole.world.now()
        assert passed > timedelta(), "time goes on"
        await self._whole.pass_time(passed)

    async def _event(self, actor: Actor, said: str, reply_to: str = "") -> Event:
        said = self._meant(said)
        if found := _REPLY.fullmatch(said):
            return await self._event(actor, found[2], self._card(actor, found[1]))
        if found := _FILE.fullmatch(said):
            return await self._file(actor, found, reply_to)
        if found := _BUTTON.fullmatch(said):
            shown, value = actor.button(found[1], found[2] or "", 1 if found[3] else 0)
            return Pressed(value, shown.id)
        if found := _START.fullmatch(said):
            return Started(found[1] or "")
        if found := _LONG.fullmatch(said):
            return TextSent("dài " * (int(found[1]) // 4))
        if said.removeprefix("(").removesuffix(")") in _KINDS:
            return Unsupported(said[1:-1])
        if said.startswith("(edited) "):
            return Edited(said.removeprefix("(edited) "))
        return TextSent(_ESCAPE.sub(lambda m: chr(int(m[1], 16)), said), reply_to)

    async def _file(self, actor: Actor, found: re.Match[str], reply_to: str) -> Event:
        kind, media_type, album, name = found.groups()
        if kind == "empty":
            return Unsupported("empty-file")
        data = self._bytes(kind or "", media_type)
        return FileSent(await actor.keep(data, media_type, name or ""), album=album or "", reply_to=reply_to)

    def _bytes(self, kind: str, media_type: str) -> bytes:
        if kind == "same":
            return self._photo
        number = next(self._numbers)
        if kind == "corrupt":
            whole = self._bytes("", media_type)
            return whole[: len(whole) // 2]
        if media_type == "application/pdf":
            self._photo = scanned(number)
        elif media_type.startswith("image/"):
            self._photo = picture(kind, number)
        else:
            return b"\0" * 99
        return self._photo

    @staticmethod
    def _card(actor: Actor, words: str) -> str:
        """The newest message in the group that holds these words."""
        for shown in reversed(actor.shown.values()):
            if words in shown.message.text and not shown.private:
                return shown.id
        raise AssertionError(f"nothing in the group says {words}")

    def _meant(self, said: str) -> str:
        codes = {name: code for code, name in self._codes.items()}
        return _NAMED.sub(lambda m: codes[m[1]], said)

    async def _read(self, actor: Actor | None) -> AsyncIterator[str]:
        """What is new: for who has acted first, then for the citizens, the groups, the officers."""
        for name, citizen in sorted(self._citizens.items(), key=lambda item: item[1] is not actor):
            for shown in [*citizen.shown.values()] if citizen is actor else await citizen.news():
                if not shown.own and self._new(f"citizen {name}", shown):
                    for line in self._lines(f"bot {name}".strip(), shown):
                        yield line
        told: set[str] = set()
        for officer in self._officers.values():
            await officer.news()
            group = officer.reader.group
            if group not in told:
                told.add(group)
                offices = {a.reader.group: n for n, a in reversed(self._officers.items())}
                desk = "desk" if offices[group] == next(iter(self._officers)) else f"desk {offices[group]}"
                for line in self._group(desk, officer):
                    yield line
        for name, officer in sorted(self._officers.items(), key=lambda item: item[1] is not actor):
            for shown in officer.shown.values():
                if shown.private and not shown.own and self._new(name, shown):
                    for line in self._lines(name, shown):
                        yield line

    def _group(self, desk: str, officer: Actor) -> Iterator[str]:
        for shown in officer.shown.values():
            before = shown.id in {k.partition("@")[0] for k in self._known.get(desk, ())}
            if not shown.private and self._new(desk, shown):
                yield from self._lines(f"{desk} (card redrawn)" if before else desk, shown)

    def _new(self, reader: str, shown: Shown) -> bool:
        known = self._known.setdefault(reader, set())
        mark = f"{shown.id}@{shown.revision}"
        if mark in known:
            return False
        known.add(mark)
        return True

    def _lines(self, who: str, shown: Shown) -> Iterator[str]:
        message = shown.message
        speaker = f"{message.speaker} → " if message.speaker else ""
        text = ("↳ " if message.reply_to else "") + speaker + self._named(message.text)
        text = "".join(f"\\u{ord(c):04x}" if 0x200B <= ord(c) <= 0x206F and c not in "–—…“”‘’•‑" else c for c in text)
        first, *rest = text.split("\n")
        lines = [f"{who}: {first}".rstrip(), *(f"     {line}".rstrip() for line in rest)]
        lines += [f"     (file {file.media_type}) {self._named(file.name)}".rstrip() for file in message.files]
        buttons = " ".join(f"[{self._named(button.label)}]" for button in message.buttons)
        if buttons and len(lines) == 1 and len(lines[0]) + len(buttons) < _WIDE:
            yield f"{lines[0]} {buttons}"
            return
        yield from lines
        if buttons:
            yield f"     {buttons}"

    def _named(self, text: str) -> str:
        def name(found: re.Match[str]) -> str:
            return "{" + self._codes.setdefault(found[0], f"code{len(self._codes) + 1}") + "}"

        def memo(found: re.Match[str]) -> str:
            known = sum(named.startswith("memo") for named in self._codes.values())
            return "{" + self._codes.setdefault(found[0], f"memo{known + 1}") + "}"

        return _MEMO.sub(memo, _CODE.sub(name, _PAGE.sub("{address}/?p=", _LINK.sub("{link}", text))))


@asynccontextmanager
async def _open(script: Script, url: str, folder: Path, at: datetime) -> AsyncIterator[Whole]:
    opened = with_post(script.post, url, folder, undo=script.undo, at=at) if script.post else None
    async with opened or running(url, folder, undo=script.undo, at=at) as whole:
        yield whole


Open = Callable[[Script, str, Path, datetime], AbstractAsyncContextManager[Whole]]


async def perform(
    script: Script, before: list[Step], url: str, folder: Path, *, opened: Open = _open, kind: type[Stage] = Stage
) -> list[str]:
    """The whole transcript as it reads today, after the steps of those that it goes on from."""
    lines: list[str] = []
    async with AsyncExitStack() as stack:
        whole = await stack.enter_async_context(opened(script, url, folder, script.at))
        if script.account:
            with_account(whole, script.account)
        stage = kind(whole)
        await stage.hire(script.officers)
        for step in before:
            if step.who and step.who != "restart":
                await stage.play(step)
        for step in script.steps:
            lines.append(step.line)
            if step.who == "restart":
                now = whole.world.now()
                await stack.aclose()
                whole = await stack.enter_async_context(opened(script, url, folder, now))
                if script.account:
                    with_account(whole, script.account)
                stage.move(whole)
            elif step.who:
                try:
                    lines += await stage.play(step)
                except AssertionError as error:
                    error.add_note("\n".join(["It happened here:", *lines[-40:]]))
                    raise
    return lines
