"""Jobs know their claimer, sessions their browser, and seals prove what was noted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CHANGED = ("audit", "looks", "history", "inbox", "jobs", "tokens", "documents", "slips", "mandates", "files")
_AT_ONCE = 1_000  # rows
_COPIES = """
    UPDATE files SET original = documents.file
    FROM documents CROSS JOIN LATERAL unnest(string_to_array(documents.copies, ' ')) AS copy (id)
    WHERE documents.copies <> '' AND files.id = copy.id
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # All of them, or none: who has to wait for the last one would build the first one's indexes again each time.
        op.execute(f"LOCK TABLE {', '.join(_CHANGED)} IN ACCESS EXCLUSIVE MODE")
    op.create_table(
        "seals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("newest", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
    )
    for table in ("audit", "looks", "history"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("seal", sa.BigInteger(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_seal"), ["seal"], unique=False)
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_looks_at"), ["at"], unique=False)

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_aside",
            ["received"],
            unique=False,
            sqlite_where=sa.text("status = 'aside'"),
            postgresql_where=sa.text("status = 'aside'"),
        )

    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_by", sa.String(length=120), server_default="", nullable=False))

    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("seen", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("about", sa.LargeBinary(), nullable=True))
        batch_op.create_index(batch_op.f("ix_tokens_chat"), ["chat"], unique=False)

    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_file"), ["file"], unique=False)
    for table, column in (("slips", "file"), ("mandates", "evidence")):
        there = sa.text(f"{column} IS NOT NULL")
        with op.batch_alter_table(table, schema=None) as batch_op:
            name = batch_op.f(f"ix_{table}_{column}")
            batch_op.create_index(name, [column], unique=False, sqlite_where=there, postgresql_where=there)
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("original", sa.String(length=32), nullable=True))
    _note_originals()


def _note_originals() -> None:
    """Of which document's file each copy was made: until now only the document said so."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(_COPIES))
        return
    documents = sa.table("documents", sa.column("file"), sa.column("copies"))
    files = sa.table("files", sa.column("id"), sa.column("original"))
    copied = sa.select(documents.c.file, documents.c.copies).where(documents.c.copies != "")
    note = sa.update(files).where(files.c.id == sa.bindparam("copy")).values(original=sa.bindparam("of"))
    for rows in connection.execute(copied).partitions(_AT_ONCE):
        if pairs := [{"copy": copy, "of": file} for file, copies in rows for copy in copies.split()]:
            connection.execute(note, pairs)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only; to go back, restore the backup made before the update")
