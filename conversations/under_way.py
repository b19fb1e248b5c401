"""Where a dossier stands between acceptance and handing over: who has it, since when, and what happens next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conversations import again, cosigning
from conversations.messages import Button
from conversations.render import button, text
from conversations.staff_state import DossierFile
from conversations.state import DossierView
from domain.dossier import FINAL, Status
from domain.helping import Standing
from domain.values import moment_words

_WITH: Final = frozenset({Status.PROCESSING, Status.SIGNING, Status.DRAFTED})


def facts(dossier: DossierView) -> Iterator[str]:
    """Lines of the citizen's page."""
    if dossier.status in _WITH:
        since = next((step.at for step in reversed(dossier.steps) if step.to != dossier.status), None)
        entered = [
            step.at for step in dossier.steps if step.to == dossier.status and (since is None or step.at >= since)
        ]
        if entered:
            yield text(f"under-way.with-{dossier.status}", {"since": moment_words(entered[0])})
    if dossier.cosigner is not None and dossier.status not in FINAL:
        yield text(f"under-way.cosign-{dossier.cosigner.status}", {"role": dossier.cosigner.role})


def buttons(dossier: DossierView) -> tuple[Button, ...]:
    """What its citizen may do about it."""
    offered: list[Button] = []
    if dossier.status == Status.DRAFTED:
        offered += [
            button("draft-right", f"draftok:{dossier.id}"),
            button("draft-wrong", f"draftno:{dossier.id}"),
        ]
    if cosigning.waits(dossier):
        offered.append(button("cosign-link", f"cosign:{dossier.id}"))
    if dossier.status in again.ENDED:
        offered.append(again_button(dossier))
    return tuple(offered)


def again_button(dossier: DossierView) -> Button:
    """To begin again with all answers and papers."""
    key = "again-stopped" if dossier.status == Status.STOPPED else "again"
    return button(key, f"again:{dossier.id}")


def card_lines(file: DossierFile) -> Iterator[str]:
    """Remarks on the card in the group."""
    if file.cosigner is not None and file.status not in FINAL:
        yield text(f"under-way.card-cosign-{file.cosigner.status}")
    if file.helper is not None and file.helper.status == Standing.AT_DESK and file.status not in FINAL:
        yield text("helping.card-waits")
    if file.result and file.status != Status.DONE:
        yield text("under-way.card-result")
    if file.status == Status.DRAFTED and file.shown_at is not None:
        yield text("under-way.card-drafted", {"at": moment_words(file.shown_at)})
