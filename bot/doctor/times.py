"""Whoever answers by HTTP tells us the time."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from bot.doctor.patient import Patient


def told_time(patient: Patient, who: str, answer: httpx.Response) -> None:
    """Keep it for the comparison of clocks."""
    with suppress(ValueError, TypeError):
        theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
        if theirs.tzinfo is not None:
            patient.clocks.append((who, theirs, datetime.now(UTC)))
