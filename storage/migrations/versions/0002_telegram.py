"""Mirrors, unreachable chats, files still at a messenger, leases, and what an outgoing message is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mirrors", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("unreachable", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("unreachable_since", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("calls", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_chats_mirrors",
            ["mirrors"],
            unique=False,
            sqlite_where=sa.text("mirrors IS NOT NULL"),
            postgresql_where=sa.text("mirrors IS NOT NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_chats_mirrors"), "chats", ["mirrors"], ["id"])

    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pressed", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remote", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("burst", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("remarks", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("ended", sa.Float(), nullable=True))
        batch_op.drop_index("ix_outbox_channel_chat_lane_id")
        batch_op.create_index(
            "ix_outbox_waiting",
            ["channel", "lane", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.create_index(
            "ix_outbox_failed",
            ["chat", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'failed'"),
            postgresql_where=sa.text("status = 'failed'"),
        )
        batch_op.create_index(
            "ix_outbox_order",
            ["chat", "lane", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('waiting', 'claimed')"),
            postgresql_where=sa.text("status IN ('waiting', 'claimed')"),
        )
        batch_op.create_index(
            "ix_outbox_provider",
            ["chat", "provider_id"],
            unique=False,
            sqlite_where=sa.text("subject != ''"),
            postgresql_where=sa.text("subject != ''"),
        )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only; to go back, restore the backup made before the update")
