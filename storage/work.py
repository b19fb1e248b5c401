"""One transaction's repositories, handed to the function that `run` plays."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from storage.calls import Calls
from storage.cards import Cards
from storage.chats import Chats
from storage.dossiers import Dossiers
from storage.drafts import Drafts
from storage.files import FileRows
from storage.history import History
from storage.inbox import Inbox
from storage.installation import Installation
from storage.jobs import Jobs
from storage.messages import Messages
from storage.officers import Officers
from storage.outbox import Outbox
from storage.persons import Persons
from storage.tokens import Tokens

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Work:
    """A transaction: its repositories, the time by the database's clock, and what it touched."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.touched: set[str] = set()
        self.calls = Calls(self)
        self.cards = Cards(self)
        self.chats = Chats(self)
        self.dossiers = Dossiers(self)
        self.drafts = Drafts(self)
        self.files = FileRows(self)
        self.history = History(self)
        self.inbox = Inbox(self)
        self.installation = Installation(self)
        self.jobs = Jobs(self)
        self.messages = Messages(self)
        self.officers = Officers(self)
        self.outbox = Outbox(self)
        self.persons = Persons(self)
        self.tokens = Tokens(self)

    def touch(self, what: str) -> None:
        """Name something that sleepers may be waiting for: "chat:<id>", "jobs", "outbox" or "cards"."""
        self.touched.add(what)

    def machine_now(self) -> float:
        """Epoch seconds by the database server's clock; on SQLite that is this machine's."""
        if self.connection.dialect.name == "sqlite":
            return time.time()
        return float(self.connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0)
