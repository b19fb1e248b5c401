"""What the office made for a citizen goes out with its words: the draft to look at, the signed result with its code."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from bot.delivered import key
from bot.issued import result_of
from bot.scene import Scene
from bot.views import code_of, dossier_view
from conversations.messages import File, Message
from conversations.notices import title
from conversations.render import text
from domain.dossier import Decision, Done, ShowDraft, Status
from storage.dossiers import Record
from storage.slips import Issued

CODE: Final = 12  # hexadecimal digits of the digest, enough to compare by eye
_GROUP: Final = 4


def attached(scene: Scene, record: Record, decision: Decision, words: Message) -> tuple[Message, str]:
    """The notice with the paper that belongs to it, and the key of the calls that carry a draft.

    `record` is the dossier before the decision.
    """
    match decision:
        case ShowDraft(slip):
            issued = scene.work.slips.get(slip)
            file = _file(scene, issued)
            return (words if file is None else replace(words, files=(file,))), key(slip)
        case Done() if record.status != Status.DONE:  # else only the moment is another
            issued = result_of(scene.work, record.id)
            file = _file(scene, issued)
            if issued is None or file is None:
                return words, ""
            return replace(words, text=f"{words.text}\n\n{_proof(scene, issued)}", files=(file,)), ""
        case _:
            return words, ""


def result(scene: Scene, record: Record, issued: Issued) -> Message:
    """A signed result that came after its notice."""
    view = dossier_view(scene, record, record.person)
    about = {"title": title(view), "code": code_of(record), "proof": _proof(scene, issued)}
    file = _file(scene, issued)
    return Message(text("agree.result", about), files=(file,) if file else ())


def check_code(digest: str) -> str:
    """The first digits of a digest in groups, as people compare them."""
    return " ".join(digest[at : at + _GROUP] for at in range(0, CODE, _GROUP))


def _proof(scene: Scene, issued: Issued) -> str:
    link = f"{scene.world.settings.address}/xem/{issued.id}"
    return text("agree.proof", {"check": check_code(issued.digest), "link": link})


def _file(scene: Scene, issued: Issued | None) -> File | None:
    known = scene.work.files.get(issued.file) if issued is not None and issued.file else None
    return known[0] if known else None
