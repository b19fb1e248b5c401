"""The tables. Personal columns are Sealed; office moments are aware datetimes, machine moments are epoch seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

from storage.sealed import Sealed

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC (SQLite forgets zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, without the zone where the database can't keep it."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware again."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = String(16)
_serial = BigInteger().with_variant(Integer, "sqlite")

installation = Table(
    "installation",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

catalogue_versions = Table(
    "catalogue_versions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("procedure", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("loaded_at", Moment, nullable=False),
)

persons = Table(
    "persons",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("office", String(40), nullable=False, server_default=""),
    Column("consents", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("merged", _ID, ForeignKey("persons.id")),  # into whom, once both turned out to be one
    Column(
        "settings", Text, nullable=False, server_default=""
    ),  # how they want to be told, as conversations.state.Told
)

consents = Table(
    "consents",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("person", _ID, ForeignKey("persons.id"), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "person"),
)

officers = Table(
    "officers",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("office", String(40), nullable=False),
    Column("name", String(80), nullable=False),
    Column("role", String(20), nullable=False),
    Column("absent", Boolean, nullable=False, server_default=text("false")),
    Column("left_at", Moment),
    UniqueConstraint("office", "name"),
)

# One chat is one address of a person, of an officer, or the group of an office. A messenger's chat with an officer, and
# a messenger's group, mirror the officer's own chat and the group of the office: they show what those show.
chats = Table(
    "chats",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("person", _ID, ForeignKey("persons.id")),
    Column("channel", String(20), nullable=False),
    Column("address_key", String(32), nullable=False),
    Column("address", Sealed, nullable=False),
    Column("state", Sealed),
    Column("revision", _serial, nullable=False, server_default="0"),
    Column("read_revision", _serial, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    Column("mirrors", _ID, ForeignKey("chats.id")),
    Column("unreachable", String(20), nullable=False, server_default=""),  # why nothing can be sent there
    Column("unreachable_since", Float),  # a machine moment
    Column("calls", Text),  # a messenger's group: when we called there in the last minute, for its pace after a restart
    Column("officer", _ID, ForeignKey("officers.id")),  # whom it alerts: an officer's own address
    Column("heard_at", Float),  # a machine moment: when its person last did something there
    UniqueConstraint("channel", "address_key"),
    Index(None, "person"),
    Index(
        "ix_chats_mirrors",
        "mirrors",
        sqlite_where=text("mirrors IS NOT NULL"),
        postgresql_where=text("mirrors IS NOT NULL"),
    ),
)

messages = Table(
    "messages",
    metadata,
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    Column("number", _serial, nullable=False),
    Column("revision", _serial, nullable=False),
    Column("author", String(16), nullable=False, server_default=""),  # "" the bot, "citizen", or an officer's id
    Column("only", _ID),  # in a group: the one officer who sees it
    Column("body", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("chat", "number"),
    Index(None, "chat", "revision"),
    sqlite_with_rowid=False,  # each tree that a turn writes to is a page more in its commit
)

inbox = Table(
    "inbox",
    metadata,
    Column("channel", String(20), nullable=False),
    Column("address_key", String(32), nullable=False),
    Column("event_id", String(80), nullable=False),
    Column("status", String(10), nullable=False),  # done, failed (to be tried again), aside
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("payload", Sealed),  # only while it is not done
    Column("received", Float, nullable=False),
    PrimaryKeyConstraint("channel", "address_key", "event_id"),
    Index(None, "status", sqlite_where=text("status = 'failed'"), postgresql_where=text("status = 'failed'")),
    Index(
        "ix_inbox_aside",
        "received",
        sqlite_where=text("status = 'aside'"),
        postgresql_where=text("status = 'aside'"),
    ),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("lane", Integer, nullable=False),  # 0 answers, 1 notices, 2 bulk
    Column("body", Sealed),
    Column("repeatable", Boolean, nullable=False),
    Column("status", String(10), nullable=False),  # waiting, claimed, sent, unknown, failed
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Float, nullable=False, server_default="0"),
    Column("claimed_by", String(40)),
    Column("claimed_until", Float),
    Column("provider_id", String(80)),
    Column("error", String(200)),
    Column("key", String(120), unique=True),
    Column("subject", String(40), nullable=False, server_default=""),  # "dossier:<id>" or "call:<id>" it is about
    Column("burst", String(80)),  # what still waits of a burst can be superseded
    Column("notice", _ID),  # which notice this is an attempt to give
    Column("remarks", Sealed),  # what this answer of a burst remarks, for the one that supersedes it to say again
    Column("created", Float, nullable=False),
    Column("ended", Float),  # when it was sent, failed or became unknown
    Index(
        "ix_outbox_provider",
        "chat",
        "provider_id",
        sqlite_where=text("subject != ''"),
        postgresql_where=text("subject != ''"),
    ),
    Index(
        "ix_outbox_notice",
        "notice",
        sqlite_where=text("notice IS NOT NULL"),
        postgresql_where=text("notice IS NOT NULL"),
    ),
    Index(
        "ix_outbox_waiting",
        "channel",
        "lane",
        "id",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
    Index(
        "ix_outbox_failed",
        "chat",
        "id",
        sqlite_where=text("status = 'failed'"),
        postgresql_where=text("status = 'failed'"),
    ),
    Index(
        "ix_outbox_order",
        "chat",
        "lane",
        "id",
        sqlite_where=text("status IN ('waiting', 'claimed')"),
        postgresql_where=text("status IN ('waiting', 'claimed')"),
    ),
)

files = Table(
    "files",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", LargeBinary, nullable=False),  # the file's own key, wrapped by the master key
    Column("media_type", String(80), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("name", Sealed, nullable=False),
    Column("source", String(32), nullable=False, unique=True),  # the chat and event that brought it, hashed
    Column("remote", Sealed),  # where its bytes still are: "<channel> <the messenger's id of it>"
    Column("created_at", Moment, nullable=False),
    Column("original", String(32)),  # of a document's copy: the document's file
)

# Which chats may see a file: the one that sent it and those that were shown it.
grants = Table(
    "grants",
    metadata,
    Column("file", String(32), ForeignKey("files.id", ondelete="CASCADE"), nullable=False),
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    PrimaryKeyConstraint("file", "chat"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("person", _ID, ForeignKey("persons.id"), nullable=False),
    Column("procedure", String(80), nullable=False),
    Column("version", String(64), ForeignKey("catalogue_versions.hash"), nullable=False),
    Column("body", Sealed, nullable=False),  # applicant, papers passed over or finished, what is wanted and why
    Column("dossier", _ID, ForeignKey("dossiers.id"), unique=True),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("reminded", Integer, nullable=False, server_default="0"),  # what was said of it: domain.draft_times.SAID
    Index(None, "person"),
)

# `owner` is a draft's id; a dossier keeps the id of the draft that it was, so nothing moves at submission.
answers = Table(
    "answers",
    metadata,
    Column("owner", _ID, nullable=False),
    Column("key", String(80), nullable=False),
    Column("value", Sealed, nullable=False),
    PrimaryKeyConstraint("owner", "key"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("owner", _ID, nullable=False),
    Column("paper", String(80), nullable=False),
    Column("position", Integer, nullable=False),
    Column("file", String(32), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("verdict", String(40), nullable=False),
    Column("replaced", Boolean, nullable=False, server_default=text("false")),
    Column("facts", Sealed),  # what the worker found, whether it is used all the same, who sent it
    Column("copies", Text, nullable=False, server_default=""),  # files made of it for officers, separated by spaces
    Column("look", String(64), nullable=False, server_default=""),  # perceptual hash, to find the same picture
    Index(None, "owner"),
    Index(None, "file"),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("person", _ID, ForeignKey("persons.id"), nullable=False),
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    Column("office", String(40), nullable=False),
    Column("procedure", String(80), nullable=False),
    Column("catalogue_version", String(64), ForeignKey("catalogue_versions.hash"), nullable=False),
    Column("tracking_code", String(20), nullable=False, unique=True),
    Column("official_code", String(60), unique=True),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Sealed, nullable=False),  # applicant, papers passed over, what is wanted, proposed correction
    Column("applicant_key", String(32), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("answer_by", Moment, nullable=False),
    Column("accepted_at", Moment),
    Column("due_at", Moment),
    Column("appointment_at", Moment),
    Column("rounds", Integer, nullable=False, server_default="0"),
    Column("twin", String(20), nullable=False, server_default=""),
    Column("owner", _ID, ForeignKey("officers.id")),
    Column("held", Sealed),
    Column("held_by", _ID),
    Column("held_until", Float),
    Column("channel", String(10), nullable=False, server_default="online"),  # or direct, or post
    Column("paused_at", Moment),
    Column("wait_until", Moment),
    Column("reminded_at", Moment),
    Column("extended_from", Moment),
    Column("done_at", Moment),
    Column("closed_at", Moment),
    Column("answered_at", Moment),  # when the office first decided anything
    Column("answered_late", Boolean),  # whether that was later than promised
    Column("portal_code", String(40)),  # on the National Portal; what its status there is stands in the body
    Column("phone_key", String(32), nullable=False, server_default=""),  # of the number it was handed in with
    Index(None, "person"),
    Index(None, "office", "submitted_at"),
    Index(None, "office", "closed_at"),
    Index(None, "portal_code"),
    Index(None, "phone_key", sqlite_where=text("phone_key != ''"), postgresql_where=text("phone_key != ''")),
    Index(None, "office", "status", "due_at"),
    Index(None, "office", "applicant_key", "procedure"),
    Index(
        None,
        "held_until",
        sqlite_where=text("held_until IS NOT NULL"),
        postgresql_where=text("held_until IS NOT NULL"),
    ),
)

history = Table(
    "history",
    metadata,
    Column("dossier", _ID, ForeignKey("dossiers.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(16), nullable=False),  # an officer's id, "citizen" or "clock"
    Column("what", String(20), nullable=False),
    Column("from_status", String(20), nullable=False),
    Column("to_status", String(20), nullable=False),
    Column("data", Sealed, nullable=False),
    Column("seal", BigInteger),  # which one proves it
    PrimaryKeyConstraint("dossier", "number"),
    Index("ix_history_seal", "seal"),
)

# Official codes: one counter an office and day, so that they have no gaps.
counters = Table(
    "counters",
    metadata,
    Column("office", String(40), nullable=False),
    Column("day", String(10), nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("office", "day"),
)

# A card is a view of a dossier or a call in a group; it is drawn again while drawn lags behind wanted.
cards = Table(
    "cards",
    metadata,
    Column("subject", String(40), nullable=False),
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    Column("message", String(80), nullable=False, server_default=""),
    Column("wanted", Integer, nullable=False),
    Column("drawn", Integer, nullable=False),
    Column("pressed", Integer, nullable=False, server_default="0"),  # what an officer who looks on has wanted
    PrimaryKeyConstraint("subject", "chat"),
    Index("ix_cards_lagging", "chat", sqlite_where=text("drawn < wanted"), postgresql_where=text("drawn < wanted")),
)

# A citizen talking with an officer.
calls = Table(
    "calls",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("person", _ID, ForeignKey("persons.id"), nullable=False),
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    Column("office", String(40), nullable=False),
    Column("dossier", _ID),
    Column("about", Sealed, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("owner", _ID, ForeignKey("officers.id")),
    Column("opened_at", Moment, nullable=False),
    Column("waiting_since", Moment),
    Index("uq_calls_open", "person", unique=True, sqlite_where=text("open"), postgresql_where=text("open")),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("due", Float),  # machine time, or
    Column("due_at", Moment),  # office time
    Column("payload", Sealed),
    Column("status", String(10), nullable=False),  # waiting, aside
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed_until", Float, nullable=False, server_default="0"),
    Column("claimed_by", String(120), nullable=False, server_default=""),  # the process, as bot.lease names it
    Column("key", String(120), nullable=False, unique=True),
    Index(None, "status", "due"),
    Index(None, "status", "due_at"),
)

# Web log-ins, return links and staff links: only the hash of a token is kept.
tokens = Table(
    "tokens",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("purpose", String(10), nullable=False),  # cookie, return, staff, login
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    Column("expires", Float, nullable=False),
    Column("subject", String(120), nullable=False, server_default=""),  # what an upload link is good for
    Column("made", Float),  # a machine moment, of an officer's session
    Column("seen", Float),  # and when it was last used
    Column("about", Sealed),  # from which browser and network
    Index(None, "expires"),
    Index(None, "chat"),
)

# Persons on a citizen's own forms, offered to them again; see bot/remembered.py.
remembered = Table(
    "remembered",
    metadata,
    Column("person", _ID, ForeignKey("persons.id"), nullable=False),
    Column("id", _ID, nullable=False),
    Column("body", Sealed, nullable=False),
    Column("updated_at", Moment, nullable=False),
    PrimaryKeyConstraint("person", "id"),
)

# What only one process may do at a time, such as sending in one bot's name.
leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(120), nullable=False),
    Column("until", Float, nullable=False),
)

# Places in the slots of an office: a slot has as many as the office has given it.
places = Table(
    "places",
    metadata,
    Column("office", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("place", Integer, nullable=False),
    Column("dossier", _ID, ForeignKey("dossiers.id"), nullable=False, unique=True),
    PrimaryKeyConstraint("office", "at", "place"),
)

# What is to be paid for a dossier, once an officer has confirmed it.
charges = Table(
    "charges",
    metadata,
    Column("dossier", _ID, ForeignKey("dossiers.id"), primary_key=True),
    Column("amount_vnd", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),  # due, paid, waived, refunded
    Column("paid_vnd", BigInteger, nullable=False, server_default="0"),
    Column("memo", String(30), nullable=False, unique=True),  # what a transfer is recognised by
    Column("how", String(20), nullable=False, server_default=""),
    Column("reason", Sealed),  # of a waiver: what it is for may tell of a family's need
    Column("confirmed_by", _ID, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
)

# Every credit that a bank or gateway told of, whatever became of it.
transfers = Table(
    "transfers",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("office", String(40), nullable=False, server_default=""),  # whose account it came to; empty: nobody's here
    Column("provider", String(20), nullable=False),
    Column("reference", String(80), nullable=False),
    Column("amount_vnd", BigInteger, nullable=False),
    Column("memo", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    Column("dossier", _ID, ForeignKey("dossiers.id")),
    Column("outcome", String(20), nullable=False),
    UniqueConstraint("provider", "reference"),
    Index(None, "dossier"),
    Index(None, "office", "outcome"),
)

# Papers that the office issued: the slips of the circular by kind, drafts and results. What they say is in history.
slips = Table(
    "slips",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("dossier", _ID, ForeignKey("dossiers.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("number", Integer, nullable=False),  # of the row of history that it tells of
    Column("issued_at", Moment, nullable=False),
    Column("file", String(32)),
    Column("digest", String(64), nullable=False, server_default=""),  # SHA-256 of the file, in hex
    Index(None, "dossier", "kind"),
    Index(None, "file", sqlite_where=text("file IS NOT NULL"), postgresql_where=text("file IS NOT NULL")),
)

ratings = Table(
    "ratings",
    metadata,
    Column("dossier", _ID, ForeignKey("dossiers.id"), primary_key=True),
    Column("office", String(40), nullable=False),
    Column("stars", Integer, nullable=False),
    Column("word", Sealed),
    Column("at", Moment, nullable=False),
    Column("owner", _ID, ForeignKey("officers.id")),
    Column("answered_at", Moment),
    Index(None, "office", "at"),
)

closures = Table(
    "closures",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("office", String(40), nullable=False),
    Column("procedure", String(80), nullable=False, server_default=""),  # empty: all of the office
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", _ID, ForeignKey("officers.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_early", Moment),
    Index(None, "office", "ends_at"),
)

# Phone numbers and e-mail addresses that somebody has shown to be theirs; see domain/rights.py.
proofs = Table(
    "proofs",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("person", _ID, ForeignKey("persons.id"), nullable=False),
    Column("kind", String(10), nullable=False),  # phone or email
    Column("value", Sealed, nullable=False),
    Column("value_key", String(32), nullable=False),
    Column("how", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "person"),
    Index(None, "kind", "value_key"),
)

# One-time codes that are on their way; only a keyed hash is kept.
codes = Table(
    "codes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("subject", String(80), nullable=False, server_default=""),
    Column("kind", String(10), nullable=False),
    Column("target", Sealed, nullable=False),
    Column("target_key", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("expires", Float, nullable=False),
    Column("created", Float, nullable=False),
    Index(None, "chat"),
    Index(None, "target_key"),
)

# What is limited: a row each time, forgotten after a day.
attempts = Table(
    "attempts",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("what", String(20), nullable=False),
    Column("key", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Index(None, "what", "key", "at"),
)

# What somebody may have to look into later: guessing, numbers proven at the desk, persons merged.
audit = Table(
    "audit",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("what", String(30), nullable=False),
    Column("chat", _ID),
    Column("subject", String(80), nullable=False, server_default=""),
    Column("data", Sealed),
    Column("seal", BigInteger),  # which one proves it
    Index(None, "what", "at"),
    Index(None, "seal"),
)

# News for a person, and what is known of its arrival; the attempts are rows of the outbox.
notices = Table(
    "notices",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("person", _ID, ForeignKey("persons.id")),
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),  # the one it was first for
    Column("subject", String(40), nullable=False, server_default=""),
    Column("kind", String(30), nullable=False, server_default=""),
    Column("body", Sealed, nullable=False),
    Column("text_key", String(32), nullable=False, server_default=""),  # to know our own words again
    Column("check", String(12), nullable=False, unique=True),  # what anybody may ask about to know it is ours
    Column("expects", Boolean, nullable=False, server_default=text("false")),  # an answer is due
    Column("urgent", Boolean, nullable=False, server_default=text("false")),  # told at night as well
    Column("status", String(12), nullable=False),
    Column("told", _ID),  # the chat in which it was told last
    Column("page", _ID),  # the live page that shows it,
    Column("number", _serial),  # and as which of its messages
    Column("rung", Integer, nullable=False, server_default="0"),  # in how many chats it has been told
    Column("made_at", Moment, nullable=False),
    Column("next_at", Moment),
    Column("ended_at", Moment),
    Index(None, "person"),
    Index(None, "subject"),
    Index(None, "text_key"),
    Index("ix_notices_phone", "id", sqlite_where=text("status = 'phone'"), postgresql_where=text("status = 'phone'")),
)

# A helper's right to act for somebody in one matter.
mandates = Table(
    "mandates",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("helper", _ID, ForeignKey("persons.id"), nullable=False),
    Column("owner", _ID, nullable=False),  # the draft, and the dossier that it becomes
    Column("name", Sealed, nullable=False),
    Column("phone", Sealed),
    Column("phone_key", String(32), nullable=False, server_default=""),
    Column("how", String(20), nullable=False),
    Column("evidence", String(32)),  # a file
    Column("status", String(12), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("given_at", Moment),
    Column("ended_at", Moment),
    Column("ends_at", Moment),
    Column("officer", _ID, ForeignKey("officers.id")),
    Index(None, "helper"),
    Index(None, "owner"),
    Index(None, "phone_key"),
    Index(None, "evidence", sqlite_where=text("evidence IS NOT NULL"), postgresql_where=text("evidence IS NOT NULL")),
)

# Browsers that want to hear of news while the page is closed.
pushes = Table(
    "pushes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("chat", _ID, ForeignKey("chats.id"), nullable=False),
    Column("endpoint_key", String(32), nullable=False, unique=True),
    Column("body", Sealed, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "chat"),
)

# The Official Account's pair of tokens: a refresh token works once, so its use is written down before it is shown.
zalo = Table(
    "zalo",
    metadata,
    Column("oa", String(40), primary_key=True),
    Column("access", Sealed, nullable=False),
    Column("refresh", Sealed, nullable=False),
    Column("expires", Float, nullable=False),
    Column("before", Sealed),  # the pair that this one followed
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("spent", Integer, nullable=False, server_default="-1"),  # the last turn whose refresh token was shown
    Column("busy", String(40)),
    Column("busy_until", Float),
    Column("trouble", String(80), nullable=False, server_default=""),
    Column("send_api", String(4), nullable=False, server_default=""),
    Column("buttons", String(4), nullable=False, server_default=""),
    Column("updated", Float, nullable=False),
)

# What was forgotten on which day, by kind and number.
retention = Table(
    "retention",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("what", String(30), nullable=False),
    Column("count", Integer, nullable=False),
    Index(None, "at"),
)

looks = Table(
    "looks",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("dossier", _ID, nullable=False),
    Column("officer", _ID, nullable=False),
    Column("what", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("seal", BigInteger),  # which one proves it
    Index(None, "dossier"),
    Index(None, "at"),
    Index(None, "seal"),
)

# A chain: each proves that so many rows of `audit`, `looks` or `history` are there and unchanged; see storage/seals.py.
seals = Table(
    "seals",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("what", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("newest", Moment, nullable=False),  # of the rows
    Column("number", Integer, nullable=False),
    Column("rows", LargeBinary, nullable=False),  # the key of each, and a keyed hash of what it says
    Column("mac", String(64), nullable=False),  # of all this and the seal before
)

missed = Table(
    "missed",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("office", String(40), nullable=False),
    Column("query", Sealed, nullable=False),
    Column("day", String(10), nullable=False),
)
