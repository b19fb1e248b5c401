"""Two processes that serve and two that work, on PostgreSQL and S3: killed, restarted one by one, and all is kept."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sqlalchemy import select

from storage import tables as t
from storage.files import open_store
from tests.crash.play import DOWN, Page, wait
from tests.crash.scenario import PICTURES, STEPS, ask, kept, play, settle, shown
from tests.many.conftest import Start

CITIZENS: Final = 3
ROUNDS: Final = 2  # each process is restarted so often
OWN: Final = [step.partition(" ")[2] for step in STEPS[: STEPS.index("officer [Nhận việc]")]]  # a citizen's alone
PHOTO: Final = min(PICTURES)
LIFE: Final = [
    ("submit", "submitted"),
    ("claim", "submitted"),
    ("ask-more", "incomplete"),
    ("supplement", "submitted"),
    ("accept", "accepted"),
    ("done", "done"),
    ("hand-over", "handed-over"),
]


def test_one_dossier_with_requests_spread_and_a_worker_killed_at_work(start: Start, shared: dict[str, str]) -> None:
    """Each request goes to the other process than the last one did; whoever looks at the first photo dies over it."""
    url = shared["MOTCUA_DATABASE"]
    many = start({"VICTIM_CHECKS_FOR": "0.4"})
    killed: list[int] = []

    def strike() -> None:
        wait(lambda: bool(ask(url, lambda work: work.jobs.claimers())), "a job in somebody's hands")
        (holder, *_) = ask(url, lambda work: work.jobs.claimers())
        killed.append(int(holder.split(" ")[1]))
        many.kill(killed[0])

    striking = threading.Thread(target=strike)

    def between(step: int) -> None:
        if step == PHOTO:
            striking.start()

    outcome = play(many, url, between)
    striking.join()
    assert len(killed) == sum(process.deaths for process in many.all) == 1
    (dossier,) = outcome["dossiers"].values()
    assert [(entry[2], entry[4]) for entry in dossier["history"]] == LIFE
    assert all(all(files) for files in dossier["files"])
    assert outcome["left"]["not done"] == outcome["left"]["outbox"] == 0


def walk(page: Page) -> None:
    """A citizen's way from hello to the code."""
    page.hello()
    for number, what in enumerate(OWN):
        if number in PICTURES:
            page.upload(PICTURES[number], f"{number}.jpg")
            wait(lambda: not newest(page)["own"], "an answer to a photo")
        elif what.startswith("["):
            page.press(what[1:-1])
        else:
            page.say(what)


def words(page: Page) -> list[tuple[bool, str, int]]:
    """All that they read; a print comes when it is done, before or after what was said next."""
    return sorted((line["own"], line["text"], len(line["files"])) for line in shown(page))


def newest(page: Page) -> dict[str, Any]:
    return max(page.messages(), key=lambda message: int(message["id"]))


def read(page: Page, seen: dict[int, str], until: threading.Event) -> None:
    """An open page: its stream ends with the process, and goes on with another."""
    while not until.is_set():
        try:
            for message in page.stream():
                seen[message["revision"]] = message["text"]
                if until.is_set():
                    return
        except DOWN:
            time.sleep(0.01)


def test_a_rolling_restart_loses_nothing(start: Start, shared: dict[str, str]) -> None:
    """Citizens go on while every process is restarted, one after another: nobody notices, and all is done once."""
    url = shared["MOTCUA_DATABASE"]
    many = start()
    ended = threading.Event()

    def roll() -> int:
        rounds = 0
        while rounds < ROUNDS or not ended.is_set():
            for process in many.all:
                many.restart(process)
            rounds += 1
        return rounds

    pages = [Page(many, "/api/") for _ in range(CITIZENS)]
    seen: dict[int, str] = {}
    with ThreadPoolExecutor(CITIZENS + 2) as threads:
        rolling = threads.submit(roll)
        try:
            walking = [threads.submit(walk, page) for page in pages]
            wait(lambda: bool(pages[0].cookie) or walking[0].done(), "a first answer")
            reading = threads.submit(read, pages[0], seen, ended)
            for one in walking:
                one.result()
            settle(many, url)
            read_by = [words(page) for page in pages]
            wait(
                lambda: {message["text"] for message in pages[0].messages()} <= set(seen.values()),
                "the last word",
            )
        finally:
            ended.set()
        assert rolling.result() >= ROUNDS
        pages[0].say("menu")  # wakes the stream, which ends
        reading.result()
    settle(many, url)
    assert read_by == [read_by[0]] * CITIZENS
    found = ask(url, lambda work: kept(work, open_store(many.files)))
    assert len(found["dossiers"]) == CITIZENS
    assert found["left"]["not done"] == found["left"]["outbox"] == 0
    (first, *others) = [(d["status"], d["answers"], d["documents"], d["files"]) for d in found["dossiers"].values()]
    assert all(other == first for other in others)
    rows = ask(url, lambda work: set(work.connection.scalars(select(t.files.c.id))))
    stored = {name for names in open_store(many.files).older(time.time() + 60) for name in names}
    assert stored == rows, "a file without a row, or a row without a file"
    assert [process.deaths for process in many.all if process.deaths < ROUNDS] == []
