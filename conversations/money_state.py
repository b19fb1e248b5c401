"""Money and post as conversations know them, and what they may cause."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class TransferFile(Struct, frozen=True):
    """A transfer of which nobody knows whose it is, for an officer's eyes alone: people write names into it."""

    id: int
    amount_vnd: int
    memo: str
    at: datetime


class SetFee(Struct, frozen=True, tag=True):
    """An officer confirms what this dossier costs; 0 waives it, with the reason if there is one to tell."""

    dossier: str
    amount_vnd: int
    reason: str = ""


class TakeMoney(Struct, frozen=True, tag=True):
    """Paid at the desk."""

    dossier: str
    amount_vnd: int


class ReturnMoney(Struct, frozen=True, tag=True):
    """Given back to the citizen."""

    dossier: str
    amount_vnd: int


class LinkTransfer(Struct, frozen=True, tag=True):
    """An officer knows which dossier a transfer is for."""

    transfer: int
    dossier: str


class DropTransfer(Struct, frozen=True, tag=True):
    """A transfer that belongs to no dossier went back to whoever sent it."""

    transfer: int


class SetPostage(Struct, frozen=True, tag=True):
    """What the post costs: 0 where the receiver pays the postman."""

    dossier: str
    fee_vnd: int


class RefusePost(Struct, frozen=True, tag=True):
    """This result cannot be sent by post: the citizen is asked to come."""

    dossier: str


MoneyEffect = SetFee | TakeMoney | ReturnMoney | LinkTransfer | DropTransfer | SetPostage | RefusePost


class SendPayCode(Struct, frozen=True, tag=True):
    """Send the citizen the code to pay with, as a picture."""

    dossier: str


class WishPost(Struct, frozen=True, tag=True):
    """The citizen wants the result by post, to this receiver."""

    dossier: str
    name: str
    phone: str
    address: str


class DropPost(Struct, frozen=True, tag=True):
    """The citizen collects it after all."""

    dossier: str


CitizenMoneyEffect = SendPayCode | WishPost | DropPost
