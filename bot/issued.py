"""The signed result that a dossier has now: what was kept last, unless the dossier was sent back since."""

from __future__ import annotations

from collections.abc import Sequence

from storage.history import Entry
from storage.slips import Issued
from storage.work import Work

DRAFT = "draft"
RESULT = "result"


def result_of(work: Work, dossier: str) -> Issued | None:
    """A result that was found wrong at the desk never goes out again."""
    papers = work.slips.of(dossier)
    return result_among(papers, work.history.of(dossier)) if papers else None


def result_among(papers: Sequence[Issued], history: Sequence[Entry]) -> Issued | None:
    """The same, of papers and history that were read already."""
    newest = next((issued for issued in reversed(papers) if issued.kind == RESULT), None)
    back = max((entry.number for entry in history if entry.what == "send-back"), default=0)
    return newest if newest is not None and newest.number > back else None
