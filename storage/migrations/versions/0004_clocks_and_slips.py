"""Places in slots, charges and transfers, issued papers, ratings, closures, clocks of a dossier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What older dossiers' new columns hold; history says it.
_ENTERED = "h.to_status = dossiers.status AND h.from_status <> h.to_status AND dossiers.status IN "
_FROM_HISTORY = (
    # another moment to collect is a further 'done' row, but the result was ready at the first
    ("done_at", "h.what = 'done' AND h.from_status <> 'done' AND dossiers.status IN ('done', 'handed-over')"),
    ("closed_at", _ENTERED + "('handed-over', 'refused', 'stopped', 'withdrawn')"),
    ("paused_at", _ENTERED + "('incomplete', 'pending')"),
)


def upgrade() -> None:
    op.create_table(
        "closures",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("procedure", sa.String(length=80), server_default="", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_early", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["officers.id"], name=op.f("fk_closures_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    with op.batch_alter_table("closures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closures_office_ends_at"), ["office", "ends_at"], unique=False)

    op.create_table(
        "charges",
        sa.Column("dossier", sa.String(length=16), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("paid_vnd", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("memo", sa.String(length=30), nullable=False),
        sa.Column("how", sa.String(length=20), server_default="", nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=16), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dossier"], ["dossiers.id"], name=op.f("fk_charges_dossier")),
        sa.PrimaryKeyConstraint("dossier", name=op.f("pk_charges")),
        sa.UniqueConstraint("memo", name=op.f("uq_charges_memo")),
    )
    op.create_table(
        "places",
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["dossier"], ["dossiers.id"], name=op.f("fk_places_dossier")),
        sa.PrimaryKeyConstraint("office", "at", "place", name=op.f("pk_places")),
        sa.UniqueConstraint("dossier", name=op.f("uq_places_dossier")),
    )
    op.create_table(
        "ratings",
        sa.Column("dossier", sa.String(length=16), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("word", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dossier"], ["dossiers.id"], name=op.f("fk_ratings_dossier")),
        sa.ForeignKeyConstraint(["owner"], ["officers.id"], name=op.f("fk_ratings_owner")),
        sa.PrimaryKeyConstraint("dossier", name=op.f("pk_ratings")),
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ratings_office_at"), ["office", "at"], unique=False)

    op.create_table(
        "slips",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dossier", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(length=32), nullable=True),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["dossier"], ["dossiers.id"], name=op.f("fk_slips_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips")),
    )
    with op.batch_alter_table("slips", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slips_dossier_kind"), ["dossier", "kind"], unique=False)

    op.create_table(
        "transfers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office", sa.String(length=40), server_default="", nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("memo", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dossier", sa.String(length=16), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["dossier"], ["dossiers.id"], name=op.f("fk_transfers_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("provider", "reference", name=op.f("uq_transfers_provider_reference")),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfers_dossier"), ["dossier"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfers_office_outcome"), ["office", "outcome"], unique=False)

    with op.batch_alter_table("dossiers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(length=10), server_default="online", nullable=False))
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("extended_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_late", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("portal_code", sa.String(length=40), nullable=True))
        batch_op.create_index(batch_op.f("ix_dossiers_portal_code"), ["portal_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_office_submitted_at"), ["office", "submitted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_office_closed_at"), ["office", "closed_at"], unique=False)

    for column, where in _FROM_HISTORY:
        op.execute(
            f"UPDATE dossiers SET {column} = (SELECT max(h.at) FROM history h WHERE h.dossier = dossiers.id"  # noqa: S608 - our own words
            f" AND {where})"
        )
    first = "h.from_status = 'submitted' AND h.to_status <> 'submitted' AND h.what <> 'withdraw'"
    op.execute(
        "UPDATE dossiers SET answered_at = (SELECT min(h.at) FROM history h WHERE h.dossier = dossiers.id"  # noqa: S608
        f" AND {first})"
    )
    # What was supplemented has a later `answer_by`, and the first one only in sealed history: it stays unknown.
    op.execute("UPDATE dossiers SET answered_late = (answered_at > answer_by) WHERE rounds = 0")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only; to go back, restore the backup made before the update")
