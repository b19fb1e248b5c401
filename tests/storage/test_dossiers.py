"""Dossiers change by compare-and-set; lists say what presses; numbers have no gaps; history is numbered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from conversations.state import Want
from domain.dossier import Accept, AskMore, Done, Fault, Status
from storage.conflict import Conflict
from storage.dossiers import Body, Record
from storage.history import Entry
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import DAY, HOUR, NOW, OFFICE, citizen, dossier

BODY = Body("Bà Tư", ("to-khai",), (Want("anh", "mờ"),), Want("ho-ten", "Nguyễn Văn Âm"), "Nguyễn Văn Ấm")


async def stored(database: Database, **values: object) -> Record:
    return await database.run(lambda work: dossier(work, citizen(work), **values))


async def test_round_trip_by_id_code_and_person(database: Database) -> None:
    made = await stored(database, body=BODY, official_code="H48.1", due_at=NOW + DAY, rounds=2, twin="X")

    def read(work: Work) -> list[object]:
        found = work.dossiers
        return [
            found.get(made.id),
            found.get(made.id, lock=True),
            found.by_code(made.tracking_code),
            found.by_code("H48.1"),
            *found.of_person(made.person),
            *found.latest(OFFICE),
        ]

    assert await database.run(read) == [made] * 6
    assert await database.run(lambda work: [work.dossiers.get("none"), work.dossiers.by_code("none")]) == [None, None]


async def test_a_draft_becomes_one_dossier_at_most(database: Database) -> None:
    made = await stored(database)
    with pytest.raises(IntegrityError):
        await database.run(lambda work: work.dossiers.add(replace(made, tracking_code="another")))


async def test_change_grows_the_version_and_refuses_what_is_stale(database: Database) -> None:
    made = await stored(database)
    await database.run(lambda work: work.dossiers.change(made, status=Status.ACCEPTED, body=BODY))
    now = await database.run(lambda work: work.dossiers.get(made.id))
    assert now == replace(made, version=2, status=Status.ACCEPTED, body=BODY)
    with pytest.raises(Conflict):
        await database.run(lambda work: work.dossiers.change(made, status=Status.REFUSED))
    assert await database.run(lambda work: work.dossiers.get(made.id)) == now


async def test_all_of_many_changes_at_once_count(database: Database) -> None:
    made = await stored(database)

    def once_more(work: Work) -> None:
        found = work.dossiers.get(made.id, lock=True)
        assert found is not None
        work.dossiers.change(found, rounds=found.rounds + 1)

    await asyncio.gather(*(database.run(once_more) for _ in range(20)))
    now = await database.run(lambda work: work.dossiers.get(made.id))
    assert now == replace(made, version=21, rounds=20)


@pytest.mark.parametrize("decision", [Accept(), AskMore((Fault("anh", "mờ"),)), Done(NOW + DAY)])
async def test_a_held_decision_waits_for_its_moment(database: Database, decision: Accept | AskMore | Done) -> None:
    made = await stored(database)
    later = await stored_with(database, "0999", held_until=2_000.0)
    await database.run(lambda work: work.dossiers.change(made, held=decision, held_by="lan", held_until=1_000.0))
    found = await database.run(lambda work: work.dossiers.get(made.id))
    assert found == replace(made, version=2, held=decision, held_by="lan", held_until=1_000.0)
    due = [await database.run(lambda work, at=at: work.dossiers.held(at)) for at in (999.0, 1_000.0, 2_000.0)]  # type: ignore[misc]
    assert due == [[], [made.id], [made.id, later.id]]
    await database.run(lambda work: work.dossiers.change(found, held=None, held_by=None, held_until=None))
    assert await database.run(lambda work: work.dossiers.held(1_500.0)) == []
    assert await database.run(lambda work: work.dossiers.get(made.id)) == replace(made, version=3)


async def stored_with(database: Database, address: str, **values: object) -> Record:
    return await database.run(lambda work: dossier(work, citizen(work, address), **values))


async def test_a_twin_is_an_open_dossier_of_the_same_applicant_and_procedure(database: Database) -> None:
    def play(work: Work) -> dict[str, str]:
        chat = citizen(work)
        old = dossier(work, chat, body=Body("Bà Tư"), tracking_code="old", submitted_at=NOW - DAY)
        dossier(work, chat, body=Body("Bà Tư"), tracking_code="refused", status=Status.REFUSED)
        dossier(work, chat, body=Body("Bà Tư"), tracking_code="other kind", procedure="ket-hon")
        dossier(work, chat, body=Body("Bà Tư"), tracking_code="elsewhere", office="cam-binh")
        same = dossier(work, chat, body=Body("bà tư"), tracking_code="same")
        alone = dossier(work, chat, body=Body("Ông Năm"), tracking_code="alone")
        found = {one.tracking_code: work.dossiers.twin_of(one) for one in (old, same, alone)}
        return {
            **found,
            "a stranger's": work.dossiers.twin_of(dossier(work, citizen(work, "0999"), body=Body("Bà Tư"))),
        }

    assert await database.run(play) == {"old": "same", "same": "old", "alone": "", "a stranger's": ""}


async def test_lists_of_the_desk(database: Database) -> None:
    soon, far = NOW + HOUR, NOW + 9 * DAY
    past, longer = NOW - HOUR, NOW - DAY

    def fill(work: Work) -> str:
        chat = citizen(work)
        lan = work.officers.add(OFFICE, "Lan", "officer").id
        rows: list[tuple[str, Status, datetime, datetime | None, datetime | None]] = [
            # code, status, answer by, due, appointment
            ("new", Status.SUBMITTED, far, None, None),
            ("new soon", Status.SUBMITTED, soon, None, None),
            ("new late", Status.SUBMITTED, longer, None, None),
            ("in work", Status.ACCEPTED, longer, far, None),
            ("due soon", Status.ACCEPTED, longer, soon, None),
            ("late", Status.FORWARDED, longer, past, None),
            ("late but waiting for the citizen", Status.PENDING, longer, past, None),
            ("invited soon", Status.INVITED, longer, None, soon),
            ("ready soon", Status.DONE, longer, longer, soon),
            ("invited later", Status.INVITED, longer, None, far),
            ("over", Status.HANDED_OVER, longer, past, past),
            ("refused", Status.REFUSED, longer, None, None),
        ]
        for number, (code, status, answer_by, due_at, at) in enumerate(rows):
            dossier(
                work,
                chat,
                tracking_code=code[:20],
                status=status,
                answer_by=answer_by,
                due_at=due_at,
                appointment_at=at,
                submitted_at=NOW + number * HOUR,
                owner=lan,
            )
        dossier(work, chat, tracking_code="left behind", status="accepted", submitted_at=NOW - HOUR)
        dossier(work, chat, tracking_code="elsewhere", office="cam-binh", answer_by=past, due_at=past)
        return lan

    lan = await database.run(fill)

    def codes(get: Callable[[Work], list[Record]]) -> Callable[[Work], list[str]]:
        return lambda work: [one.tracking_code for one in get(work)]

    lists = [
        await database.run(codes(lambda work: work.dossiers.agenda(OFFICE, NOW, NOW + DAY))),
        await database.run(codes(lambda work: work.dossiers.overdue(OFFICE, NOW))),
        await database.run(codes(lambda work: work.dossiers.unanswered(OFFICE))),
        await database.run(codes(lambda work: work.dossiers.of_owner(lan))),
        await database.run(codes(lambda work: work.dossiers.latest(OFFICE, 2))),
    ]
    assert sorted(lists[0]) == ["due soon", "invited soon", "late", "new late", "new soon", "ready soon"]
    assert lists[1:] == [
        ["new late", "late"],
        ["left behind", "new", "new soon", "new late"],
        [
            "new",
            "new soon",
            "new late",
            "in work",
            "due soon",
            "late",
            "late but waiting for",
            "invited soon",
            "ready soon",
            "invited later",
        ],
        ["refused", "over"],
    ]


async def test_the_agenda_of_a_day_leaves_out_former_appointments_and_has_drafts_that_are_due(
    database: Database,
) -> None:
    def fill(work: Work) -> list[str]:
        chat = citizen(work)
        rows: list[tuple[str, Status, datetime, datetime | None, datetime | None]] = [
            ("answer", Status.SUBMITTED, NOW + HOUR, None, None),
            ("draft", Status.DRAFTED, NOW, NOW + 2 * HOUR, None),
            ("late", Status.SIGNING, NOW, NOW - DAY, None),
            ("today", Status.DONE, NOW, NOW - 3 * DAY, NOW + 1.5 * HOUR),
            ("never came", Status.DONE, NOW, NOW - 9 * DAY, NOW - DAY),
            ("waits", Status.PENDING, NOW, NOW - DAY, None),
            ("later", Status.ACCEPTED, NOW, NOW + 2 * DAY, None),
        ]
        for code, status, answer_by, due_at, at in rows:
            values = {"answer_by": answer_by, "due_at": due_at, "appointment_at": at}
            dossier(work, chat, tracking_code=code, status=status, **values)
        return [one.tracking_code for one in work.dossiers.agenda(OFFICE, NOW, NOW + DAY)]

    assert await database.run(fill) == ["late", "answer", "today", "draft"]


class Broken(Exception):
    """Raised after a number was taken, so that it must be given back."""


async def test_official_numbers_have_no_gaps(database: Database) -> None:
    def take(*, fail: bool) -> Callable[[Work], int]:
        def number(work: Work) -> int:
            taken = work.dossiers.next_number(OFFICE, "2026-11-27")
            if fail:
                raise Broken
            return taken

        return number

    runs = (database.run(take(fail=turn % 5 == 2)) for turn in range(50))
    results = await asyncio.gather(*runs, return_exceptions=True)
    assert sum(isinstance(result, Broken) for result in results) == 10
    assert sorted(result for result in results if isinstance(result, int)) == list(range(1, 41))

    def others(work: Work) -> list[int]:
        return [
            work.dossiers.next_number(OFFICE, "2026-11-28"),
            work.dossiers.next_number("cam-binh", "2026-11-27"),
            work.dossiers.next_number(OFFICE, "2026-11-27"),
        ]

    assert await database.run(others) == [1, 1, 41]


async def test_history_is_numbered_and_keeps_the_decision_s_data(database: Database) -> None:
    made = await stored(database)
    other = await stored_with(database, "0999")
    data = {"faults": [{"key": "anh", "reason": "mờ"}], "owner": None, "rounds": 2}

    def write(work: Work) -> None:
        work.history.add(made.id, NOW, "citizen", "submit", ("", "submitted"), {})
        work.history.add(other.id, NOW, "citizen", "submit", ("", "submitted"), {})
        work.history.add(made.id, NOW + HOUR, "lan", "ask-more", ("submitted", "incomplete"), data)

    await database.run(write)
    assert await database.run(lambda work: work.history.of(made.id)) == [
        Entry(1, NOW, "citizen", "submit", "", "submitted", {}),
        Entry(2, NOW + HOUR, "lan", "ask-more", "submitted", "incomplete", data),
    ]


async def test_steps_at_the_same_moment_each_get_a_number(database: Database) -> None:
    made = await stored(database)

    def step(number: int) -> Callable[[Work], int]:
        return lambda work: work.history.add(made.id, NOW, "lan", "claim", ("a", "a"), {"n": number})

    await asyncio.gather(*(database.run(step(number)) for number in range(6)))
    rows = await database.run(lambda work: work.history.of(made.id))
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert sorted(row.data["n"] for row in rows) == [0, 1, 2, 3, 4, 5]


async def test_looks_are_kept(database: Database) -> None:
    made = await stored(database)
    await database.run(lambda work: work.history.look(made.id, "lan", "papers", NOW))
    assert await database.run(lambda work: work.history.looks(made.id)) == [("lan", "papers", NOW)]


async def test_moments_come_back_aware_from_any_zone(database: Database) -> None:
    hanoi = datetime.fromisoformat("2026-11-27T00:30:00.000001+07:00")
    made = await stored(database, answer_by=hanoi)
    found = await database.run(lambda work: work.dossiers.get(made.id))
    assert found is not None
    assert found.answer_by == hanoi
    assert found.answer_by.astimezone(UTC).day == 26


async def test_catalogue_versions_are_kept_once_and_settings_replaced(database: Database) -> None:
    def play(work: Work) -> list[object]:
        work.installation.keep_versions({"h1": ("khai-sinh", b"{1}")}, NOW)
        work.installation.keep_versions({"h1": ("khai-sinh", b"other"), "h2": ("ket-hon", b"{2}")}, NOW)
        work.installation.put("clock", "0")
        work.installation.put("clock", "60")
        one = work.installation
        return [one.version("h1"), one.version("h2"), one.version("h3"), one.get("clock"), one.get("none")]

    assert await database.run(play) == [b"{1}", b"{2}", None, "60", None]


@pytest.mark.parametrize("column", ["person", "catalogue_version", "chat", "owner"])
async def test_only_what_exists_is_referred_to(database: Database, column: str) -> None:
    made = await stored(database)
    values: dict[str, Any] = {"id": "other", "tracking_code": "other", column: "nobody"}
    with pytest.raises(IntegrityError):
        await database.run(lambda work: work.dossiers.add(replace(made, **values)))
