"""«Giấy này của ai?»: a photo that fits more than one open draft waits in one of them until its owner is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import drafts, gate, photos, questions, reading, unsorted
from conversations.effects import CheckDocument
from conversations.helping_effects import MoveDocuments
from conversations.messages import Button, DocumentChecked, Event, FileSent, TextSent
from conversations.render import short, text
from conversations.state import Context, Document, Draft, DraftLine, Person, ReadCard, Say, State, Talk, Turn
from domain.values import fold

SCREEN: Final = "whose"
_MOST: Final = 8  # drafts offered
_NONE: Final = "none"
_NOBODY: Final = ("", drafts.SELF, drafts.OTHER)


def sent(state: State, event: FileSent, ctx: Context) -> Turn | None:
    """A photo out of its place, or one whose caption names somebody else; None where it is plain whose it is."""
    talk = state.talk
    if talk.screen == SCREEN:
        return _held(state, event, ctx)
    late = bool(event.album) and event.album == talk.album and bool(talk.album_paper)
    if late or (talk.screen == "draft" and state.draft is not None and not event.caption):
        return None
    lines = ctx.drafts
    if len(lines) < 2 or drafts.HANDLE not in state.person.consents:
        return None
    if talk.screen == "draft" and state.draft is not None and not _captioned(event.caption, state.draft, lines):
        return None
    base = state.draft if state.draft is not None else ctx.draft(lines[0].id)
    if base is None:
        return None
    here = replace(talk, screen=SCREEN, draft=base.id, query=f"{talk.screen}:{talk.query}", offered=())
    return _held(replace(state, talk=here, draft=base), event, ctx)


def checked(state: State, event: DocumentChecked, ctx: Context) -> Turn | None:
    """A card that bears the name of whom another open draft is for, and that of nobody in this one."""
    draft, talk = state.draft, state.talk
    card = event.finding.card if event.finding is not None else None
    if draft is None or card is None or talk.screen != "draft" or ctx.call_open or event.verdict != "ok":
        return None
    document = next((d for d in draft.documents if d.id == event.document), None)
    name = fold(card.name)
    if document is None or name in map(fold, (draft.applicant, *draft.answers.values())):
        return None
    if all(fold(line.applicant) != name for line in ctx.drafts if line.id != draft.id):
        return None
    kept = replace(document, paper=drafts.HELD, verdict="ok", finding=event.finding)
    flags = tuple(flag for flag in draft.flags if not flag.startswith(f"card:{document.id}:"))
    others = tuple(kept if d.id == document.id else d for d in draft.documents)
    here = replace(talk, screen=SCREEN, query=f"draft:{talk.query}", offered=())
    return Turn(replace(state, talk=here, draft=replace(draft, documents=others, flags=flags)))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """Of which of the open drafts it is."""
    held = _waiting(state)
    buttons = [Button(short(_label(line, ctx)), f"whose:{line.id}") for line in ctx.drafts[:_MOST]]
    sent_ = unsorted.counted(held)
    none = Button(text("whose.none", {"sent": sent_}), f"whose:{_NONE}")
    card = next((d.finding.card for d in held if d.finding is not None and d.finding.card is not None), None)
    key = "whose.ask" if card is None else "whose.ask-card"
    return (Say(key, {"sent": sent_, "name": card.name if card is not None else ""}, (*buttons, none)),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """A name typed instead of a press."""
    if not isinstance(event, TextSent):
        return Turn(state)
    said = f" {fold(event.text)} "
    lines = [line for line in ctx.drafts if line.applicant not in _NOBODY]
    named = [line for line in lines if f" {fold(line.applicant)} " in said]
    named = named or [line for line in lines if _called(line.applicant, event.text)]
    if len(named) == 1:
        return given(state, named[0].id, ctx)
    return Turn(state, (Say("common.choose", {}, ask(state, ctx)[-1].buttons),), ask=False)


def given(state: State, arg: str, ctx: Context) -> Turn:
    """It is put there, and the chat goes on where it was."""
    held = _waiting(state)
    if not held or state.draft is None:
        return Turn(_back(state) if state.talk.screen == SCREEN else state, (Say("common.old-button"),))
    back = _back(state)
    if arg == _NONE:
        left = gate.without(state.draft, {d.id for d in held})
        return Turn(replace(back, draft=left), (Say("papers.removed", {"sent": unsorted.counted(held)}),))
    line = next((line for line in ctx.drafts if line.id == arg), None)
    draft = state.draft if arg == state.draft.id else ctx.draft(arg)
    procedure = drafts.procedure_of(draft, ctx) if draft is not None else None
    if line is None or draft is None or procedure is None:
        return Turn(state, (Say("common.old-button"),))
    about = {"sent": unsorted.counted(held), "applicant": questions.for_words(line.applicant)}
    said = Say("whose.put", {**about, "procedure": procedure.display_name})
    if arg == state.draft.id:
        return Turn(_here(back, draft, procedure, held, ctx), (said,))
    paper = _paper(draft, procedure, len(held), ctx)
    return Turn(back, (said,), (MoveDocuments(tuple(d.id for d in held), arg, paper),))


def settled(draft: Draft) -> Draft:
    """Nobody said whose they are: they wait in this draft like any photo that came too early."""
    if all(d.paper != drafts.HELD for d in draft.documents):
        return draft
    kept = tuple(replace(d, paper=drafts.UNSORTED) if d.paper == drafts.HELD else d for d in draft.documents)
    return replace(draft, documents=kept)


def _held(state: State, event: FileSent, ctx: Context) -> Turn:
    """Kept beside those that wait already; asked once for all of them."""
    draft = state.draft
    if draft is None:
        return Turn(state)
    wrong = photos.unfit(draft, event.file)
    if wrong is not None:
        return Turn(state, (wrong,))
    kept = Document(ctx.fresh, drafts.HELD, event.file.ref, event.file.media_type, event.file.size)
    now = replace(state, draft=replace(draft, documents=(*draft.documents, kept)))
    return Turn(now, (), (CheckDocument(kept.id, event.file, card=True),))


def _here(back: State, draft: Draft, procedure: Procedure, held: tuple[Document, ...], ctx: Context) -> State:
    """Of the draft that kept them: with the paper that is asked for, or read where it is a card."""
    loose = settled(draft)
    now = replace(back, draft=loose)
    step = drafts.step(now.at("draft", changing=back.talk.changing), loose, procedure, drafts.today_of(ctx))
    if (
        isinstance(step, drafts.Give)
        and len(drafts.documents(loose, step.paper.key)) + len(held) <= step.paper.max_photos
    ):
        return unsorted.assigned(now, loose, step.paper)
    card = next((d.finding.card for d in held if d.finding is not None and d.finding.card is not None), None)
    group = reading.group(procedure, step.question) if isinstance(step, drafts.Ask) else ""
    if card is not None and group:
        return replace(now, draft=replace(loose, card=ReadCard(card, group)))
    return now


def _paper(draft: Draft, procedure: Procedure, count: int, ctx: Context) -> str:
    """The paper that another draft waits for; empty where it asks for something else."""
    agreed = Person("", consents=(drafts.HANDLE, drafts.NOTIFY))  # or nothing would be open
    step = drafts.step(State(Talk(), agreed), draft, procedure, drafts.today_of(ctx))
    if isinstance(step, drafts.Give) and len(drafts.documents(draft, step.paper.key)) + count <= step.paper.max_photos:
        return step.paper.key
    return drafts.UNSORTED


def _waiting(state: State) -> tuple[Document, ...]:
    if state.draft is None:
        return ()
    return tuple(d for d in state.draft.documents if d.paper == drafts.HELD)


def _back(state: State) -> State:
    """On the screen on which the photo came."""
    screen, _, query = state.talk.query.partition(":")
    return replace(state, talk=replace(state.talk, screen=screen or "menu", query=query, offered=()))


def _captioned(caption: str, draft: Draft, lines: Sequence[DraftLine]) -> bool:
    """Whether these words name whom another draft is for, and not whom this one is for."""
    if _called(draft.applicant, caption):
        return False
    others = {line.applicant for line in lines if line.id != draft.id} - {*_NOBODY, draft.applicant}
    return any(_called(name, caption) for name in others)


def _called(applicant: str, typed: str) -> bool:
    """Whether somebody is called so in these words; "bà" is not "Ba", but for whoever types no accents."""
    given = applicant.rsplit(maxsplit=1)[-1].casefold() if applicant.split() else ""
    words = typed.casefold().replace(".", " ").split()
    return given in words or (typed.isascii() and fold(given) in words)


def _label(line: DraftLine, ctx: Context) -> str:
    procedure = ctx.catalogue.procedures.get(line.procedure)
    name = procedure.display_name if procedure else line.procedure
    who = questions.for_words(line.applicant)
    return text("whose.button", {"applicant": who[:1].upper() + who[1:], "procedure": name})
