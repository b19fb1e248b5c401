"""What the check page may say of an issued paper: nothing of whose it is, and nothing that a stranger could use."""

from __future__ import annotations

from typing import Final

from bot.results import CODE, check_code
from bot.scene import Scene, present
from bot.views import code_of
from bot.world import World
from catalogue.model import Office
from catalogue.slips import Kind
from conversations.render import text
from documents.slip import phones
from domain.dossier import national
from domain.values import VIETNAM, date_words, moment_words
from handlers.web_check import Checked
from storage.slips import Issued
from storage.unit_of_work import Database
from storage.work import Work

_FILES: Final = ("draft", "result")
_SLIPS: Final[tuple[Kind, ...]] = ("receipt", "supplement", "refusal", "extension", "stop")
_HEX: Final = frozenset("0123456789abcdef")


class Checks:
    """What handlers/web_check.py asks for."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world

    async def look(self, slip: str, compared: str) -> Checked:
        return await self._database.run(lambda work: self._look(work, slip, compared))

    def _look(self, work: Work, slip: str, compared: str) -> Checked:
        scene = present(work, self._world)
        issued = work.slips.get(slip)
        return _unknown(scene) if issued is None else _known(scene, issued, compared)


def _unknown(scene: Scene) -> Checked:
    """The first office answers: nobody knows whose paper it would have been."""
    office = scene.world.office("")
    why = text("slips.check-unknown-why", {"office": office.name})
    return Checked(text("slips.check-unknown"), (), (_call(office, "check-ask"),), known=False, warning=why)


def _known(scene: Scene, issued: Issued, compared: str) -> Checked:
    record = scene.work.dossiers.get(issued.dossier)
    assert record is not None, "a paper's dossier is a foreign key"
    office = scene.world.office(record.office)
    lines = [
        ("kind", _kind(scene, issued)),
        ("issued", date_words(issued.issued_at.astimezone(VIETNAM).date())),
        ("office", office.desk),
        ("code", code_of(record)),
        ("stands", national(record.status)[1]),
    ]
    if record.due_at is not None:
        lines.append(("due", moment_words(record.due_at)))
    warnings = [text("slips.check-practice")] if office.practice else []
    later = [one for one in scene.work.slips.of(record.id) if one.kind == issued.kind and one.number > issued.number]
    if later:
        day = f"{later[-1].issued_at.astimezone(VIETNAM):%d/%m/%Y}"
        warnings.append(text("slips.check-later", {"day": day}))
    code = check_code(issued.digest) if issued.kind in _FILES and issued.digest else ""
    same, verdict = _compared(issued.digest, compared) if code else (None, "")
    return Checked(
        text("slips.check-title", {"office": office.name}),
        tuple((text(f"slips.check-{label}"), value) for label, value in lines),
        (_call(office, "check-forged"), text("slips.check-owner")),
        warning=" ".join(warnings),
        code=code,
        explained=text("slips.check-explained") if code else "",
        verdict=verdict,
        same=same,
    )


def _kind(scene: Scene, issued: Issued) -> str:
    day = issued.issued_at.astimezone(VIETNAM).date()
    kind = next((kind for kind in _SLIPS if kind == issued.kind), None)
    form = kind and scene.world.catalogue.slips.on(kind, day)
    return f"{form.title} (Mẫu số {form.number})" if form else text(f"slips.check-kind-{issued.kind}")


def _call(office: Office, key: str) -> str:
    """Whom to ask or tell, with the telephone where one is known."""
    called = phones(office)
    blanks = {"office": office.desk, "called": text("slips.check-called", {"phones": called}) if called else ""}
    return text(f"slips.{key}", blanks)


def _compared(digest: str, typed: str) -> tuple[bool | None, str]:
    """However it was grouped; all that was typed must be the digest's beginning."""
    wanted = "".join(letter for letter in typed.casefold() if not letter.isspace() and letter not in "-.:")
    if not wanted:
        return None, ""
    if len(wanted) < CODE and _HEX.issuperset(wanted) and digest.startswith(wanted):
        return False, text("slips.check-short")
    same = len(wanted) >= CODE and digest.startswith(wanted)
    return same, text("slips.check-same" if same else "slips.check-differs")
