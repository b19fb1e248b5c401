"""Consents as they are shown: to the helper who asked for them, and to the person helped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.scene import Scene
from bot.views import code_of
from conversations.state import HelpedView, Helper, MandateView
from domain.helping import OPENS, Standing, Way
from domain.rights import PHONE, Right, may
from domain.values import VIETNAM, show_phone
from storage.chats import DESK
from storage.dossiers import Record
from storage.mandates import Mandate

HELPER: Final = "helper"  # what of a dossier's looks were the helper's


def view(scene: Scene, person: str, wanted: str) -> MandateView | None:
    """The consent that this person asked for, by its draft or dossier or by its own id."""
    found = scene.work.mandates.of(wanted) or scene.work.mandates.get(wanted)
    return None if found is None or found.helper != person else _view(scene, found)


def views(scene: Scene, person: str) -> Sequence[MandateView]:
    """All that this person asked for and that are not over, or have run out and may be asked for again."""
    known: dict[str, Mandate] = {}
    for one in scene.work.mandates.of_helper(person):
        known.setdefault(one.owner, one)
    shown = (Standing.GIVEN, Standing.AT_DESK, Standing.EXPIRED, Standing.ASKED, Standing.CHECKING)
    return [_view(scene, one) for one in known.values() if one.status in shown]


def helped(scene: Scene, person: str) -> Sequence[HelpedView]:
    """What others handed in for this person, by the phones that are proven to be theirs."""
    proofs = scene.work.proofs.of(person)
    fresh_ones = (p for p in proofs if may([p], PHONE, p.value, Right.DETAILS, scene.now))
    rows: dict[str, Mandate] = {}
    for proof in fresh_ones:
        for one in scene.work.mandates.of_phone(proof.value):
            if one.helper != person:
                rows.setdefault(one.owner, one)
    found = ((one, scene.work.dossiers.get(one.owner)) for one in rows.values())
    return [
        _helped(scene, one, record) for one, record in found if record is not None and record.body.helper is not None
    ]


def with_nobody(scene: Scene, dossier: str) -> bool:
    """Whether a dossier whose consent has run out is still nobody's; the person helped may have it by now."""
    record = scene.work.dossiers.get(dossier)
    return record is not None and scene.work.chats.channel_of(record.chat) == DESK


def helper_of(mandate: Mandate) -> Helper:
    """What the dossier's own row says of its helper."""
    given, until = mandate.given_at, mandate.ends_at
    return Helper(
        mandate.names.helper,
        mandate.names.relation,
        mandate.how,
        mandate.status,
        given and given.astimezone(VIETNAM),
        until and until.astimezone(VIETNAM),
        mandate.phone if mandate.how == Way.CODE else "",
    )


def _view(scene: Scene, mandate: Mandate) -> MandateView:
    until = mandate.ends_at
    return MandateView(
        mandate.id,
        mandate.owner,
        mandate.names.applicant,
        mandate.names.helper,
        mandate.names.relation,
        mandate.names.procedure,
        mandate.how,
        mandate.status,
        show_phone(mandate.phone) if mandate.phone else "",
        until and until.astimezone(VIETNAM),
        handed_in=with_nobody(scene, mandate.owner)
        if mandate.status == Standing.EXPIRED
        else scene.work.dossiers.get(mandate.owner) is not None,
    )


def _helped(scene: Scene, mandate: Mandate, record: Record) -> HelpedView:
    looks = [at.astimezone(VIETNAM) for _, what, at in scene.work.history.looks(record.id) if what == HELPER]
    return HelpedView(
        mandate.id,
        record.id,
        mandate.names.procedure,
        code_of(record),
        helper_of(mandate),
        mandate.status in OPENS,
        tuple(looks),
    )
