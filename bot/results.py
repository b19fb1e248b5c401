"""What the office made for a citizen goes out with its words: the draft to look at, the signed result with its code."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from bot.delivered import key
from bot.scene import Scene
from bot.views import code_of, dossier_view
from conversations.messages import File, Message
from conversations.notices import title
from conversations.render import text
from domain.dossier import Decision, Done, ShowDraft
from storage.dossiers import Record
from storage.slips import Issued

DRAFT: Final = "draft"
RESULT: Final = "result"
CODE: Final = 12  # hexadecimal digits of the digest, enough to compare by eye
_GROUP: Final = 4


def newest(scene: Scene, dossier: str, kind: str) -> Issued | None:
    """The last paper of a kind: what was sent by mistake is replaced by what came after it."""
    papers = [issued for issued in scene.work.slips.of(dossier) if issued.kind == kind]
    return papers[-1] if papers else None


def attached(scene: Scene, record: Record, decision: Decision, words: Message) -> tuple[Message, str]:
    """The notice with the paper that belongs to it, and the key of the row that carries it; or as it is."""
    match decision:
        case ShowDraft(slip):
            issued = scene.work.slips.get(slip)
            file = _file(scene, issued)
            return (words if file is None else replace(words, files=(file,))), key(slip)
        case Done():
            issued = newest(scene, record.id, RESULT)
            file = _file(scene, issued)
            if issued is None or file is None:
                return words, ""
            return replace(words, text=f"{words.text}\n\n{_proof(scene, issued)}", files=(file,)), key(issued.id)
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
