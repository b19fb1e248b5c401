"""Proofs, codes, notices, mandates, Zalo's tokens, push subscriptions: one citizen on every channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_what_key_at"), ["what", "key", "at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("chat", sa.String(length=16), nullable=True),
        sa.Column("subject", sa.String(length=80), server_default="", nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_what_at"), ["what", "at"], unique=False)

    op.create_table(
        "retention",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention")),
    )
    with op.batch_alter_table("retention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_at"), ["at"], unique=False)

    op.create_table(
        "zalo",
        sa.Column("oa", sa.String(length=40), nullable=False),
        sa.Column("access", sa.LargeBinary(), nullable=False),
        sa.Column("refresh", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("turn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("spent", sa.Integer(), server_default="-1", nullable=False),
        sa.Column("busy", sa.String(length=40), nullable=True),
        sa.Column("busy_until", sa.Float(), nullable=True),
        sa.Column("trouble", sa.String(length=80), server_default="", nullable=False),
        sa.Column("send_api", sa.String(length=4), server_default="", nullable=False),
        sa.Column("buttons", sa.String(length=4), server_default="", nullable=False),
        sa.Column("updated", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("oa", name=op.f("pk_zalo")),
    )
    op.create_table(
        "mandates",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("helper", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(length=32), server_default="", nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["helper"], ["persons.id"], name=op.f("fk_mandates_helper")),
        sa.ForeignKeyConstraint(["officer"], ["officers.id"], name=op.f("fk_mandates_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    with op.batch_alter_table("mandates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mandates_helper"), ["helper"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandates_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandates_phone_key"), ["phone_key"], unique=False)

    op.create_table(
        "proofs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("value_key", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_proofs_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )
    with op.batch_alter_table("proofs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proofs_kind_value_key"), ["kind", "value_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_proofs_person"), ["person"], unique=False)

    op.create_table(
        "codes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target", sa.LargeBinary(), nullable=False),
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("wrong", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["chat"], ["chats.id"], name=op.f("fk_codes_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
    )
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_codes_chat"), ["chat"], unique=False)
        batch_op.create_index(batch_op.f("ix_codes_target_key"), ["target_key"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=True),
        sa.Column("chat", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=40), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=30), server_default="", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("text_key", sa.String(length=32), server_default="", nullable=False),
        sa.Column("check", sa.String(length=12), nullable=False),
        sa.Column("expects", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("told", sa.String(length=16), nullable=True),
        sa.Column("page", sa.String(length=16), nullable=True),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rung", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["chat"], ["chats.id"], name=op.f("fk_notices_chat")),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_notices_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("check", name=op.f("uq_notices_check")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_text_key"), ["text_key"], unique=False)
        batch_op.create_index(
            "ix_notices_phone",
            ["id"],
            unique=False,
            sqlite_where=sa.text("status = 'phone'"),
            postgresql_where=sa.text("status = 'phone'"),
        )

    op.create_table(
        "pushes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=16), nullable=False),
        sa.Column("endpoint_key", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat"], ["chats.id"], name=op.f("fk_pushes_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
        sa.UniqueConstraint("endpoint_key", name=op.f("uq_pushes_endpoint_key")),
    )
    with op.batch_alter_table("pushes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pushes_chat"), ["chat"], unique=False)

    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("officer", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("heard_at", sa.Float(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_chats_officer"), "officers", ["officer"], ["id"])

    with op.batch_alter_table("dossiers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone_key", sa.String(length=32), server_default="", nullable=False))
        batch_op.create_index(
            batch_op.f("ix_dossiers_phone_key"),
            ["phone_key"],
            unique=False,
            sqlite_where=sa.text("phone_key != ''"),
            postgresql_where=sa.text("phone_key != ''"),
        )

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminded", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notice", sa.String(length=16), nullable=True))
        batch_op.create_index(
            "ix_outbox_notice",
            ["notice"],
            unique=False,
            sqlite_where=sa.text("notice IS NOT NULL"),
            postgresql_where=sa.text("notice IS NOT NULL"),
        )

    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("settings", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_persons_merged"), "persons", ["merged"], ["id"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only; to go back, restore the backup made before the update")
