"""Somebody did something: one turn, one transaction, however often the event is delivered."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

import msgspec

from bot import decisions, desk, effects
from bot.context import CitizenContext, OfficerContext
from bot.say import LIVE, beneath, group_of, to_chat, to_officer
from bot.world import World
from conversations import engine, staff, staff_buttons
from conversations.messages import (
    DocumentChecked,
    Event,
    FileSent,
    Inbound,
    Message,
    Pressed,
    TextSent,
)
from conversations.render import text
from conversations.staff_state import Answer, Officer, StaffState, StaffTalk
from conversations.state import Person, State, Talk, Turn
from storage import inbox
from storage.chats import OFFICER, Chat
from storage.messages import CITIZEN, Added, Line, number_of
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

_talk = msgspec.json.Decoder(Talk).decode
_staff_talk = msgspec.json.Decoder(StaffTalk).decode
_encode: Final = msgspec.json.Encoder().encode
_PAUSE: Final = 0.2  # seconds before an event that failed is tried again


class Receiver:
    """Takes events from every door, those of one address in order and never two at once."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def receive(self, inbound: Inbound) -> list[Added]:
        """Returns when the turn is durable, or the event has been set aside and the person told.

        Gives what the turn added to live pages, where it is at hand.
        """
        key = (inbound.channel, inbound.address)
        lock = self._turns.get(key)
        if lock is None:
            lock = self._turns[key] = asyncio.Lock()
        async with lock:
            try:
                return await self._database.run(lambda work: take(work, self._world, inbound))
            except Exception as error:  # noqa: BLE001 - whatever it is, the event must not be lost
                await self._again(inbound, error)
                return []

    async def retry(self) -> None:
        """Take up events that failed and were left by a process that died."""
        for inbound in await self._database.run(lambda work: work.inbox.to_retry()):
            key = (inbound.channel, inbound.address)
            async with self._turns.setdefault(key, asyncio.Lock()):
                await self._try(inbound)

    async def _again(self, inbound: Inbound, error: BaseException) -> None:
        attempts = await self._failed(inbound, error)
        while attempts < inbox.TRIES:
            await asyncio.sleep(_PAUSE)
            if await self._try(inbound):
                return
            attempts += 1

    async def _try(self, inbound: Inbound) -> bool:
        try:
            await self._database.run(lambda work: retake(work, self._world, inbound))
        except Exception as error:  # noqa: BLE001
            await self._failed(inbound, error)
            return False
        return True

    async def _failed(self, inbound: Inbound, error: BaseException) -> int:
        # Only the kind of error and where: its words may hold what the person wrote.
        place = _place(error)
        log.error("event failed: %s on %s: %s at %s", inbound.event_id, inbound.channel, type(error).__name__, place)

        def note(work: Work) -> int:
            attempts = work.inbox.failed(inbound)
            if attempts == inbox.TRIES:
                apologise(work, inbound)
            return attempts

        return await self._database.run(note)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def take(work: Work, world: World, inbound: Inbound) -> list[Added]:
    """Do one event, unless it is a repeat."""
    if work.inbox.arrived(inbound):
        _turn(work, world, inbound)
    return work.messages.added


def retake(work: Work, world: World, inbound: Inbound) -> None:
    """Do one event that failed before."""
    if work.inbox.retry(inbound):
        _turn(work, world, inbound)


def apologise(work: Work, inbound: Inbound) -> None:
    """The person keeps their place and hears that this one thing did not work."""
    words = [Message(text("common.failed", {}))]
    chat = work.chats.find(inbound.channel, inbound.address)
    officer = work.officers.get(inbound.address) if inbound.channel == OFFICER else None
    if officer is not None:
        to_officer(work, officer, words, inbound.at)
    elif chat is not None:
        to_chat(work, chat, words, inbound.at, lane=0)


def _turn(work: Work, world: World, inbound: Inbound) -> None:
    if inbound.channel == OFFICER:
        officer = work.officers.get(inbound.address)
        if officer is not None:
            _officer(work, world, inbound, officer)
        return
    chat = work.chats.find(inbound.channel, inbound.address)
    if chat is None:
        chat = work.chats.open_citizen(inbound.channel, inbound.address, inbound.at)
    _citizen(work, world, inbound, chat)


def _citizen(work: Work, world: World, inbound: Inbound, chat: Chat) -> None:
    assert chat.person is not None
    event, now = inbound.event, inbound.at
    if isinstance(event, DocumentChecked):
        work.drafts.verdict(event.document, event.verdict)
    person = Person(chat.person, chat.office, tuple(filter(None, chat.consents.split(","))))
    talk = Talk() if chat.state is None else _talk(chat.state)
    before = State(talk, person, work.drafts.get(talk.draft, chat.person) if talk.draft else None)
    context = CitizenContext(work, world, now, chat.channel, chat.person, chat)

    turn = engine.turn(before, event, context)
    state = turn.state
    work.persons.save(person, state.person, chat.channel, now)
    _save_draft(work, before, state, now)
    outcome = effects.carry_out(work, world, chat, state.person.office, turn.effects, now)
    if turn.effects or state.draft is not before.draft:  # the world has changed: look at it anew
        context = CitizenContext(work, world, now, chat.channel, chat.person)
        if turn.effects and state.draft is not None:
            state = msgspec.structs.replace(state, draft=work.drafts.get(state.draft.id, chat.person))
    said, _ = engine.words(Turn(state, turn.says, ask=False), context) if turn.says else ((), state)
    ask = turn.ask and not outcome  # what the rules had to say is the last word: no menu on its heels
    asked, state = engine.words(Turn(state, ask=True), context) if ask else ((), state)
    if not ask:
        state = _with_offered(state, (*said, *outcome))

    replies = (*said, *outcome, *asked)
    if chat.channel in LIVE:
        own = _own_words(work, chat, talk, event)
        lines = [*([Line(own, CITIZEN)] if own else ()), *(Line(reply) for reply in replies)]
        work.messages.add(chat.id, lines, now, state=_encode(state.talk))
    else:
        work.chats.save(chat.id, _encode(state.talk), 0)
        to_chat(work, chat, replies, now, lane=0)


def _with_offered(state: State, shown: tuple[Message, ...]) -> State:
    buttons = next((message.buttons for message in reversed(shown) if message.buttons), ())
    if not buttons:
        return state
    return msgspec.structs.replace(state, talk=msgspec.structs.replace(state.talk, offered=buttons))


def _save_draft(work: Work, before: State, after: State, now: datetime) -> None:
    """Keep what the turn changed in the draft, which may be another one than before."""
    if after.draft is None or after.draft == before.draft:
        return
    same = before.draft is not None and before.draft.id == after.draft.id
    known = before.draft if same else work.drafts.get(after.draft.id, after.person.id)
    work.drafts.save(known, after.draft, after.person.id, now)
    kept = {document.ref for document in after.draft.documents}
    gone = [document.ref for document in (known.documents if known else ()) if document.ref not in kept]
    decisions.forget_files(work, gone)  # what was taken away again is nobody's to keep


def _own_words(work: Work, chat: Chat, talk: Talk, event: Event) -> Message | None:
    """What a live page shows on the writer's own side."""
    match event:
        case TextSent(words):
            return Message(words)
        case FileSent(file, caption):
            return Message(caption, files=(file,))
        case Pressed(value, message_id):
            label = next((button.label for button in talk.offered if button.value == value), "")
            number = number_of(message_id)
            if not label and number:
                under = work.messages.get(chat.id, number)
                label = next((b.label for b in under.buttons if b.value == value), "") if under else ""
            return Message(label) if label else None
        case _:
            return None


def _officer(work: Work, world: World, inbound: Inbound, officer: Officer) -> None:
    now = inbound.at
    chat = work.chats.open_staff(OFFICER, officer.id, now)
    talk = StaffTalk() if chat.state is None else _staff_talk(chat.state)
    context = OfficerContext(work, world, now, officer)
    turn = staff.turn(StaffState(talk, officer), inbound.event, context)
    answers = any(isinstance(effect, Answer) for effect in turn.effects)
    if isinstance(inbound.event, TextSent) and not answers:
        to_officer(work, officer, [Message(inbound.event.text)], now, own=True)
    outcome = desk.carry_out(work, world, officer, turn.effects, now)
    said = staff.words(turn, context)
    to_officer(work, officer, _quoting(work, officer, inbound, [*said, *outcome]), now)
    shown = next((message.buttons for message in reversed((*said, *outcome)) if message.buttons), ())
    kept = msgspec.structs.replace(turn.state.talk, offered=shown or turn.state.talk.offered)
    work.chats.save(chat.id, _encode(kept), 0)


def _quoting(work: Work, officer: Officer, inbound: Inbound, answers: list[Message]) -> list[Message]:
    """What a press under a card led to says which card it was, and leads back there; so does a dossier opened."""
    press = staff_buttons.read(inbound.event.value) if isinstance(inbound.event, Pressed) else None
    if press is None or press.kind == "s" or not answers:
        return answers
    assert isinstance(inbound.event, Pressed)
    subject = f"{'call' if press.kind == 'c' else 'dossier'}:{press.subject}"
    card = work.cards.message_of(subject, group_of(work, officer.office, inbound.at).id)
    if not card or (press.action != "open" and inbound.event.message_id != card):
        return answers
    return [beneath(answers[0], card), *answers[1:]]
