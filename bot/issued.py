"""The signed result that a dossier has now: what was kept last, unless the dossier was sent back since."""

from __future__ import annotations

from storage.slips import Issued
from storage.work import Work

DRAFT = "draft"
RESULT = "result"


def result_of(work: Work, dossier: str) -> Issued | None:
    """A result that was found wrong at the desk never goes out again."""
    papers = [issued for issued in work.slips.of(dossier) if issued.kind == RESULT]
    if not papers:
        return None
    back = max((entry.number for entry in work.history.of(dossier) if entry.what == "send-back"), default=0)
    return papers[-1] if papers[-1].number > back else None
