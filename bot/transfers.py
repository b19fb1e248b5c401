"""Transfers find their dossier: by the memo, or through an officer. Durable first, looked at afterwards by a job."""

from __future__ import annotations

from typing import Final

from bot import claims, money
from bot.say import to_group
from bot.scene import Scene
from bot.views import code_of
from conversations.messages import Message
from conversations.money_state import DropTransfer, LinkTransfer, TransferFile
from conversations.render import text
from conversations.staff_state import Officer
from domain.dossier import NotAllowed, Role
from domain.memos import find_memos
from domain.values import VIETNAM, money_words
from handlers.payment import Credit
from storage.charges import FOREIGN, NEW, RETURNED, UNKNOWN, Transfer
from storage.jobs import Job
from storage.work import Work

JOB: Final = "credit"
_SHOWN: Final = frozenset({NEW, UNKNOWN})


def keep(scene: Scene, credit: Credit) -> None:
    """Write it down, and have it looked at."""
    accounts = {o.bank_account.number: o.id for o in scene.world.catalogue.offices.values() if o.bank_account}
    office = next((accounts[number] for number in credit.accounts if number in accounts), "")
    outcome = NEW if office else FOREIGN
    new = Transfer(
        0, office, credit.provider, credit.reference, credit.amount_vnd, credit.memo, credit.at, outcome=outcome
    )
    number = scene.work.transfers.add(new)
    if number is not None and office:
        scene.work.jobs.add(JOB, str(number))


def look(scene: Scene, job: Job) -> None:
    """The job: whose is it? What nobody can tell is for the officers, who read that there is something."""
    transfer = scene.work.transfers.get(int(job.subject), lock=True)
    if transfer is not None and transfer.outcome == NEW:
        found = scene.work.charges.with_memo(find_memos(transfer.memo))
        records = [scene.work.dossiers.get(dossier, lock=True) for dossier in found]
        named = [record for record in records if record is not None and record.office == transfer.office]
        if len(named) == 1:
            facts = {"reference": transfer.reference, "transfer": transfer.id}
            outcome = money.receive(
                scene, named[0], transfer.amount_vnd, transfer.provider, transfer.at, money.BANK, **facts
            )
            scene.work.transfers.became(transfer.id, outcome, named[0].id)
        else:
            scene.work.transfers.became(transfer.id, UNKNOWN)
            to_group(scene, transfer.office, Message(text("money.strange")))
    scene.work.jobs.done(job.id)


def by_officer(scene: Scene, officer: Officer, effect: LinkTransfer | DropTransfer) -> list[Message]:
    """Gives the words for the officer."""
    return link(scene, officer, effect) if isinstance(effect, LinkTransfer) else drop(scene, officer, effect)


def link(scene: Scene, officer: Officer, effect: LinkTransfer) -> list[Message]:
    """An officer knows whose it is. The transfer is locked before the dossier, as the job does it."""
    transfer = _open(scene, officer, effect.transfer)
    record = scene.work.dossiers.get(effect.dossier, lock=True)
    if record is None or record.office != officer.office:
        raise NotAllowed("gone")
    claims.must_have(officer, record)
    if transfer is None:
        return [Message(text("money.transfer-gone"))]
    if scene.work.charges.get(record.id) is None:
        return [Message(text("money.transfer-fee", {"code": code_of(record)}))]
    facts = {"reference": transfer.reference, "transfer": transfer.id}
    outcome = money.receive(scene, record, transfer.amount_vnd, transfer.provider, transfer.at, officer.id, **facts)
    scene.work.transfers.became(transfer.id, outcome, record.id)
    blanks = {"code": code_of(record), "amount": money_words(transfer.amount_vnd)}
    return [money.noted(scene, record, "transfer-linked", **blanks)]


def drop(scene: Scene, officer: Officer, effect: DropTransfer) -> list[Message]:
    """It went back to whoever sent it; only the head says so, since no dossier's history keeps it."""
    if officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    transfer = _open(scene, officer, effect.transfer)
    if transfer is None:
        return [Message(text("money.transfer-gone"))]
    scene.work.transfers.became(transfer.id, RETURNED)
    return [Message(text("money.transfer-dropped", {"amount": money_words(transfer.amount_vnd)}))]


def open_of(work: Work, office: str) -> list[TransferFile]:
    """Of which nobody knows whose they are."""
    found = work.transfers.open(office)
    return [TransferFile(one.id, one.amount_vnd, one.memo, one.at.astimezone(VIETNAM)) for one in found]


def _open(scene: Scene, officer: Officer, number: int) -> Transfer | None:
    transfer = scene.work.transfers.get(number, lock=True)
    here = transfer is not None and transfer.office == officer.office and transfer.outcome in _SHOWN
    return transfer if here else None
