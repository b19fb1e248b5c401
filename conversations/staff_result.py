"""A file in reply to a dossier's card: a draft of the result, the signed result, or only a file in the talk."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from conversations.cards import code_of
from conversations.messages import Button, File
from conversations.render import text
from conversations.staff_buttons import button, standing
from conversations.staff_state import Answer, DossierFile, KeepPaper, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, on, owns, tell
from domain.dossier import Role, ShowDraft, Status, possible

_ASKED: Final = frozenset({Status.ACCEPTED, Status.PROCESSING, Status.SIGNING, Status.DRAFTED, Status.DONE})
_MOST: Final = 10  # files of one album
_FOR_THE_TALK: Final = "talk"


def asked(state: StaffState, file: DossierFile) -> bool:
    """Whether a file may be more than words to the citizen: while there is a result to make, for whose work it is."""
    mine = owns(file, state.officer) or state.officer.role == Role.HEAD
    return mine and not state.officer.absent and standing(file) in _ASKED


def ask(state: StaffState, file: DossierFile, sent: File, words: str, album: str) -> StaffTurn:
    """Which it is; the rest of an album joins what has been asked about already."""
    talk = state.talk
    if album and talk.screen == "file" and talk.key == album and talk.dossier == file.id:
        more = (*talk.files, sent)[:_MOST]
        return StaffTurn(replace(state, talk=replace(talk, files=more, words=talk.words or words)))
    state = on(state, "file", file.id, key=album, files=(sent,), words=words)
    about = {"code": code_of(file), "words": text("staff-life.file-words", {"words": words}) if words else ""}
    return tell(state, "file", about, *_choices(file))


def sort(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """What the files are."""
    talk = state.talk
    if talk.screen != "file" or talk.dossier != file.id or not talk.files:
        return tell(state, "file-gone", {"code": code_of(file)})
    if argument == _FOR_THE_TALK:
        words = (talk.words, *("" for _ in talk.files[1:]))
        sent = zip(words, talk.files, strict=True)
        return cause(state, *(Answer(dossier=file.id, text=said, file=one) for said, one in sent))
    if argument not in ("draft", "result"):
        return tell(state, "file-gone", {"code": code_of(file)})
    refused = hindrance(file, state.officer, ShowDraft if argument == "draft" else None)
    if refused:
        return StaffTurn(state, (refused,))
    if len(talk.files) > 1:
        return tell(state, "file-one", {}, button("sort", file.id, _FOR_THE_TALK, label=_label("talk")), _leave(file))
    return cause(state, KeepPaper(file.id, argument, talk.files[0]))


def explain(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """How a draft is sent."""
    refused = hindrance(file, state.officer, ShowDraft)
    return StaffTurn(state, (refused,)) if refused else tell(state, "draft-how", {"code": code_of(file)})


def _choices(file: DossierFile) -> tuple[Button, ...]:
    kinds = ["draft", "result"] if ShowDraft in possible(standing(file)) else ["result"]
    if standing(file) == Status.SIGNING:
        kinds.reverse()  # what comes back from there is signed
    kinds.append(_FOR_THE_TALK)
    return (*(button("sort", file.id, kind, label=_label(kind)) for kind in kinds), _leave(file))


def _label(kind: str) -> str:
    return text(f"staff-life.file-{kind}")


def _leave(file: DossierFile) -> Button:
    return button("no", file.id)
