"""One transaction's repositories, handed to the function that `run` plays."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import text

from storage.attempts import Attempts
from storage.audit import Audit
from storage.calls import Calls
from storage.cards import Cards
from storage.charges import Charges, Transfers
from storage.chats import Chats
from storage.closures import Closures
from storage.codes import Codes
from storage.dossiers import Dossiers
from storage.drafts import Drafts
from storage.figures import FigureFacts
from storage.files import FileRows
from storage.history import History
from storage.inbox import Inbox
from storage.installation import Installation
from storage.jobs import Jobs
from storage.leases import Leases
from storage.mandates import Mandates
from storage.merging import Merging
from storage.messages import Messages
from storage.notices import Notices
from storage.officers import Officers
from storage.outbox import Outbox
from storage.persons import Persons
from storage.places import Places
from storage.portals import Portals
from storage.proofs import Proofs
from storage.pushes import Pushes
from storage.ratings import Ratings
from storage.remembered import Remembered
from storage.retention import Retention
from storage.seals import Seals
from storage.sessions import Sessions
from storage.slips import Slips
from storage.tokens import Tokens
from storage.zalo import ZaloPairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


class Work:
    """A transaction: its repositories (made when first asked for), the database's clock, and what was touched."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.touched: set[str] = set()
        self.afterwards: list[Callable[[], object]] = []  # to be called in the event loop once all this is durable

    @cached_property
    def attempts(self) -> Attempts:
        return Attempts(self)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self)

    @cached_property
    def calls(self) -> Calls:
        return Calls(self)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self)

    @cached_property
    def charges(self) -> Charges:
        return Charges(self)

    @cached_property
    def chats(self) -> Chats:
        return Chats(self)

    @cached_property
    def closures(self) -> Closures:
        return Closures(self)

    @cached_property
    def codes(self) -> Codes:
        return Codes(self)

    @cached_property
    def dossiers(self) -> Dossiers:
        return Dossiers(self)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self)

    @cached_property
    def figures(self) -> FigureFacts:
        return FigureFacts(self)

    @cached_property
    def files(self) -> FileRows:
        return FileRows(self)

    @cached_property
    def history(self) -> History:
        return History(self)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self)

    @cached_property
    def installation(self) -> Installation:
        return Installation(self)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self)

    @cached_property
    def mandates(self) -> Mandates:
        return Mandates(self)

    @cached_property
    def merging(self) -> Merging:
        return Merging(self)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self)

    @cached_property
    def notices(self) -> Notices:
        return Notices(self)

    @cached_property
    def officers(self) -> Officers:
        return Officers(self)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self)

    @cached_property
    def persons(self) -> Persons:
        return Persons(self)

    @cached_property
    def places(self) -> Places:
        return Places(self)

    @cached_property
    def portals(self) -> Portals:
        return Portals(self)

    @cached_property
    def proofs(self) -> Proofs:
        return Proofs(self)

    @cached_property
    def pushes(self) -> Pushes:
        return Pushes(self)

    @cached_property
    def ratings(self) -> Ratings:
        return Ratings(self)

    @cached_property
    def remembered(self) -> Remembered:
        return Remembered(self)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self)

    @cached_property
    def seals(self) -> Seals:
        return Seals(self)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self)

    @cached_property
    def slips(self) -> Slips:
        return Slips(self)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self)

    @cached_property
    def transfers(self) -> Transfers:
        return Transfers(self)

    @cached_property
    def zalo(self) -> ZaloPairs:
        return ZaloPairs(self)

    def touch(self, what: str) -> None:
        """Name something that sleepers may be waiting for: "chat:<id>", "file:<ref>", "jobs", "outbox" or "cards"."""
        self.touched.add(what)

    @cached_property
    def began(self) -> float:
        """About when this transaction began, in `machine_now`'s seconds: for what needs no better, and no statement."""
        return self.machine_now()

    def machine_now(self) -> float:
        """Epoch seconds by the database server's clock; on SQLite that is this machine's."""
        if self.connection.dialect.name == "sqlite":
            return time.time()
        return float(self.connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0)
