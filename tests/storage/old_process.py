"""What a process of the release before (migration 0005) writes, in its own words, until it is told to stop.

It prints a line for each transaction that was committed: what it was, and its number.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from storage import sealed
from storage.unit_of_work import connect
from storage.work import Work
from tests.conftest import MASTER

EVENT: Final = (
    "INSERT INTO inbox (channel, address_key, event_id, status, attempts, received) "
    "VALUES ('telegram', :who, :id, 'done', 0, 1.0)"
)
JOB: Final = (
    "INSERT INTO jobs (kind, subject, due, status, attempts, claimed_until, key) "
    "VALUES ('clock', :id, 4e9, 'waiting', 0, 0, :id)"
)
CLAIM: Final = "UPDATE jobs SET claimed_until = 4e9, attempts = attempts + 1 WHERE key = :id"
AUDIT: Final = "INSERT INTO audit (at, what, subject) VALUES (CURRENT_TIMESTAMP, 'old', :id)"
LOOK: Final = "SELECT count(*) FROM history"


def turn(work: Work, who: str, number: int) -> None:
    """One event, a job that it leaves, a line in the audit."""
    given: dict[str, Any] = {"who": who, "id": f"{who}-{number}"}
    for statement in (EVENT, JOB, LOOK, CLAIM, AUDIT):
        used = {key: value for key, value in given.items() if f":{key}" in statement}
        work.connection.execute(text(statement), used)


async def main(url: str, who: str, stop: Path) -> None:
    sealed.use(sealed.Keys(MASTER))
    database = connect(url, lambda _: None)
    number = 0
    while not stop.exists():  # noqa: ASYNC240 - nothing else waits here
        number += 1
        await database.run(lambda work: turn(work, who, number))  # noqa: B023 - played now
        print(f"{who}-{number}", flush=True)  # noqa: T201 - for the test
        await asyncio.sleep(0.01)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
