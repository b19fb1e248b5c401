"""A history is read row by row; the moments of rows may cross a little, but none comes from long ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from domain.replay import SLACK, Broken, replay

AT: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    number: int
    at: datetime
    what: str
    actor: str = "citizen"
    from_status: str = "submitted"
    to_status: str = "submitted"
    data: Mapping[str, Any] = field(default_factory=dict)


def rows(later: timedelta) -> list[Row]:
    """The third event came `later` than the second one, which is carried out before it."""
    submit = Row(1, AT - timedelta(days=1), "submit", data={"type": "submit", "answer_by": AT.isoformat()})
    return [submit, Row(2, AT, "remind"), Row(3, AT + later, "note")]


@pytest.mark.parametrize("later", [timedelta(), timedelta(seconds=1), -timedelta(seconds=20), -SLACK])
def test_two_events_that_came_at_once_are_carried_out_in_either_order(later: timedelta) -> None:
    assert replay(rows(later)).submitted_at == AT - timedelta(days=1)


def test_a_row_from_long_ago_was_put_there_afterwards() -> None:
    with pytest.raises(Broken, match="row 3"):
        replay(rows(-SLACK - timedelta(seconds=1)))
