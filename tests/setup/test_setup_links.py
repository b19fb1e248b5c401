"""Who can make a link to the set-up page, on which the master key is printed: nobody without that key."""

from __future__ import annotations

import hashlib

from bot import setup
from storage.sealed import Keys
from storage.unit_of_work import Database
from storage.work import Work


async def test_whoever_writes_to_the_database_makes_no_link_and_no_session(database: Database, keys: Keys) -> None:
    known = hashlib.sha256(b"mine").hexdigest()

    def plant(work: Work) -> tuple[str, bool]:
        for key in ("setup-link", "setup-session"):
            work.installation.put(key, f"{known} {work.machine_now() + 1000}")
        return setup.enter(work, "mine"), setup.known(work, "mine")

    assert await database.run(plant) == ("", False)


async def test_a_link_is_good_once_and_its_session_until_the_end(database: Database, keys: Keys) -> None:
    def once(work: Work) -> tuple[bool, str, bool]:
        token = setup._make(work, setup._LINK, 60.0)  # noqa: SLF001
        cookie = setup.enter(work, token)
        return setup.known(work, cookie), setup.enter(work, token), setup.known(work, "\udcff")

    assert await database.run(once) == (True, "", False)
