"""One turn, a citizen's or an officer's: what the talk makes of the event is said, done and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

import msgspec

from bot import addresses, desk, drafts, effects, entries, log_in, mandates, remote, staff_chats, worded
from bot.context import CitizenContext, OfficerContext
from bot.outgoing import LIVE, REMOTE_FILES, of_files, to_chat
from bot.say import card_of, to_officer
from bot.scene import Scene
from conversations import engine, staff, staff_buttons
from conversations.drafts import POOR
from conversations.messages import (
    Button,
    ChatEvent,
    DocumentChecked,
    Event,
    FileSent,
    Inbound,
    Message,
    PaperSent,
    PictureUsed,
    Pressed,
    Returned,
    TextSent,
    TimeCame,
)
from conversations.staff_state import Answer, Officer, StaffState, StaffTalk, StaffTurn
from conversations.state import Person, State, Talk, Turn
from handlers import telegram_door
from storage import outbox
from storage.chats import OFFICER, Chat
from storage.messages import CITIZEN, Line, number_of
from storage.persons import told_of
from storage.work import Work

_Talk = TypeVar("_Talk", Talk, StaffTalk)
_talk = msgspec.json.Decoder(Talk).decode
_staff_talk = msgspec.json.Decoder(StaffTalk).decode
_encode: Final = msgspec.json.Encoder().encode
_NOT_OWN: Final = (DocumentChecked, TimeCame, PaperSent, PictureUsed)  # no sign that whoever it is about is there
_TELLS_TOO: Final = {"papers.full-album": "papers.kept"}  # a remark that says what another one did, and more


def play(scene: Scene, inbound: Inbound) -> Sequence[Message]:
    """Whoever it is that did something; gives what they alone are told for it. An officer who has left is nobody."""
    event = inbound.event
    if isinstance(event, ChatEvent):
        addresses.changed(scene, inbound.channel, inbound.address, event)
        return ()
    if inbound.channel == OFFICER:
        officer = scene.work.officers.get(inbound.address)
        return () if officer is None else _officer(replace(scene, on_page=officer.id), officer, event)
    if inbound.channel == telegram_door.STAFF:
        met = staff_chats.meet(scene, inbound)
        if not isinstance(met, staff_chats.Met):
            return met
        return staff_chats.heard(scene, inbound, _officer(met.scene, met.officer, met.event))
    chat = scene.work.chats.find(inbound.channel, inbound.address)
    if chat is None:
        chat = scene.work.chats.open_citizen(inbound.channel, inbound.address, scene.now)
    if chat.unreachable and not isinstance(event, _NOT_OWN):
        addresses.changed(scene, inbound.channel, inbound.address, Returned())  # whoever writes can be written to
    chat = scene.work.chats.hold(chat)
    if inbound.channel in REMOTE_FILES:
        event = remote.adopt(scene, inbound, chat.id)
    if inbound.channel in log_in.HEARD and isinstance(event, TextSent):
        said = log_in.heard(scene, chat, event.text)
        if said:  # an officer answers what was asked of them here, and their own matters stand as they did
            to_chat(scene, chat, said)
            return said
    return _citizen(scene, chat, event)


def _citizen(scene: Scene, chat: Chat, event: Event) -> Sequence[Message]:
    assert chat.person is not None
    work = scene.work
    if isinstance(event, DocumentChecked):
        _note(work, event)
    person = Person(chat.person, chat.office, tuple(filter(None, chat.consents.split(","))), told_of(chat.settings))
    talk = Talk() if chat.state is None else _talk(chat.state)
    heard = not isinstance(event, _NOT_OWN)
    before = State(talk, person, work.drafts.get(talk.draft, chat.person) if talk.draft else None)
    context = CitizenContext(scene, chat)

    turn = engine.turn(before, event, context)
    state = turn.state
    if chat.channel in REMOTE_FILES:
        remote.let_go(scene, event, turn.effects)
    work.persons.save(person, state.person, chat.channel, scene.now)
    drafts.save(scene, before, state)
    outcome = effects.carry_out(scene, replace(chat, office=state.person.office), turn.effects)
    if turn.effects or state.draft is not before.draft:  # the world has changed: look at it anew
        context = CitizenContext(scene, chat, changed=bool(turn.effects) or _another(before, state))
        if turn.effects and state.draft is not None:
            state = msgspec.structs.replace(state, draft=work.drafts.get(state.draft.id, chat.person))
    mandates.opened(scene, before, state)
    said, _ = engine.words(Turn(state, turn.says, ask=False), context) if turn.says else ((), state)
    ask = turn.ask and not outcome  # what the rules had to say is the last word: no menu on its heels
    asked, state = engine.words(Turn(state, ask=True), context) if ask else ((), state)
    kept = state.talk if ask else _offering(state.talk, (*said, *outcome))

    if chat.channel in worded.WORDED:
        kept = worded.keeping(scene, chat, kept)
        number = engine.by_number(state, context)
        said, asked = (worded.marked(ones, kept.offered, by_number=number) for ones in (said, asked))
        outcome = [*worded.marked(outcome, kept.offered, by_number=number)]
    replies = (*said, *outcome, *asked)
    if chat.channel in LIVE:
        own = _own_words(work, chat, talk, event)
        lines = [*([Line(own, CITIZEN)] if own else ()), *(Line(reply) for reply in replies)]
        work.messages.add(chat.id, lines, scene.now, state=_encode(kept), heard=heard)
    else:
        work.chats.save(chat.id, _encode(kept), 0, heard=heard)
        if isinstance(event, DocumentChecked) or (isinstance(event, FileSent) and event.album):
            of_files(scene, chat, _remarks(event, turn, said, outcome), asked)
        else:
            to_chat(scene, chat, replies)
    return replies


def _another(before: State, after: State) -> bool:
    """Whether there may be more or fewer drafts than before; answers make none."""
    return (before.draft and before.draft.id) != (after.draft and after.draft.id)


def _note(work: Work, event: DocumentChecked) -> None:
    """What the worker found, kept with the document; of one that is gone nothing is kept."""
    copies, marked = tuple(file.ref for file in event.copies), event.marked.ref if event.marked else ""
    poor = event.verdict == "ok" and event.finding is not None and bool(event.finding.problems)
    verdict = POOR if poor else event.verdict  # until the turn lets it through; there may be none
    if not work.drafts.found(event.document, verdict, event.finding, copies, marked):
        drafts.forget_files(work, (*copies, *([marked] if marked else [])))


def _remarks(event: Event, turn: Turn, said: Sequence[Message], outcome: Sequence[Message]) -> list[outbox.Remark]:
    """What is said of a file. Of an album each thing is said once, by its newest words; of a document always."""
    album = event.album if isinstance(event, FileSent) else ""
    marks = [
        f"{album} {_TELLS_TOO.get(say.key, say.key)}" if album else message.text
        for say, message in zip(turn.says, said, strict=True)
    ]
    return [*zip(marks, said, strict=True), *((message.text, message) for message in outcome)]


def _officer(scene: Scene, officer: Officer, event: Event) -> Sequence[Message]:
    scene = replace(scene, actor=officer.id)
    chat = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    talk = StaffTalk() if chat.state is None else _staff_talk(chat.state)
    if isinstance(event, DocumentChecked) and event.document:
        _note(scene.work, event)
    event = log_in.read(scene, chat, event)
    context = OfficerContext(scene, officer)
    turn = staff.turn(StaffState(talk, officer), event, context)
    answers = any(isinstance(effect, Answer) for effect in turn.effects)
    if isinstance(event, TextSent) and not answers:
        to_officer(scene, officer, [Message(event.text)], own=True)
    if not scene.on_page:
        remote.let_go(scene, event, turn.effects, turn.state.talk.files)
    _drop_unused(scene, talk, turn)
    outcome = desk.carry_out(scene, officer, turn.effects)
    entries.left(scene, talk.entry, turn.state.talk.entry, turn.effects)
    scene.work.cards.pressed()
    replies = (*staff.words(turn, context), *outcome)
    subject = _subject(event)
    album = event.album if isinstance(event, FileSent) else ""
    to_officer(scene, officer, _quoting(scene, officer, event, subject, replies), subject=subject, album=album)
    scene.work.chats.save(chat.id, _encode(_offering(turn.state.talk, replies)), 0)
    return replies


def _drop_unused(scene: Scene, before: StaffTalk, turn: StaffTurn) -> None:
    """Files that waited to be told what they are, and that the officer has turned away from."""
    wanted = (*turn.state.talk.files, *(getattr(effect, "file", None) for effect in turn.effects))
    remote.forget(scene, [file for file in before.files if file not in wanted])


def _offering(talk: _Talk, shown: Sequence[Message]) -> _Talk:
    """The talk knows the newest buttons, so that their labels can be typed."""
    buttons: tuple[Button, ...] = next((message.buttons for message in reversed(shown) if message.buttons), ())
    return msgspec.structs.replace(talk, offered=buttons) if buttons else talk


def _own_words(work: Work, chat: Chat, talk: Talk, event: Event) -> Message | None:
    """What a live page shows on the writer's own side."""
    match event:
        case TextSent(words):
            return Message(words)
        case FileSent(file, caption):
            return Message(caption, files=(file,))
        case PaperSent(file=file, by=""):
            return Message("", files=(file,))
        case Pressed(value, message_id):
            label = _label(talk.offered, value)
            number = number_of(message_id)
            if not label and number:
                under = work.messages.get(chat.id, number)
                label = _label(under.buttons, value) if under else ""
            return Message(label) if label else None
        case _:
            return None


def _label(buttons: Sequence[Button], value: str) -> str:
    return next((button.label for button in buttons if button.value == value), "")


def _quoting(
    scene: Scene, officer: Officer, event: Event, subject: str, replies: Sequence[Message]
) -> Sequence[Message]:
    """What a press under a card led to says which card it was, and leads back there; so does a dossier opened."""
    if not isinstance(event, Pressed) or not replies or not subject:
        return replies
    card = card_of(scene, officer.office, subject)
    press = staff_buttons.read(event.value)
    opened = press is not None and press.action == "open"
    if not card or (not opened and event.message_id != card):
        return replies
    return [msgspec.structs.replace(replies[0], reply_to=card), *replies[1:]]


def _subject(event: Event) -> str:
    """The dossier or call that a button is about, or empty."""
    press = staff_buttons.read(event.value) if isinstance(event, Pressed) else None
    if press is None or press.kind == "s":
        return ""
    return f"{'call' if press.kind == 'c' else 'dossier'}:{press.subject}"
