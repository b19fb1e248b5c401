"""Proofs, one-time codes, attempts and the audit, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.rights import EMAIL, PHONE, Proof
from storage import tables as t
from storage.unit_of_work import Database
from storage.work import Work

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NUMBER = "+84984123456"


def person(work: Work, address: str) -> str:
    found = work.chats.open_citizen("web", address, NOW).person
    assert found is not None
    return found


async def test_a_proof_is_read_back_and_its_number_is_sealed(database: Database) -> None:
    def play(work: Work) -> tuple[list[Proof], list[bytes]]:
        hoa = person(work, "hoa")
        work.proofs.add(hoa, Proof(PHONE, NUMBER, "sms", NOW))
        work.proofs.add(hoa, Proof(EMAIL, "hoa@vidu.vn", "email", LATER))
        raw = work.connection.exec_driver_sql("SELECT value FROM proofs").scalars()
        return work.proofs.of(hoa), [bytes(value) for value in raw]

    proofs, raw = await database.run(play)
    assert proofs == [Proof(EMAIL, "hoa@vidu.vn", "email", LATER), Proof(PHONE, NUMBER, "sms", NOW)]
    assert not any(b"984123456" in value for value in raw)


async def test_the_same_proof_again_takes_the_place_of_the_first_and_both_stay_to_be_read(database: Database) -> None:
    def play(work: Work) -> tuple[list[Proof], int]:
        hoa = person(work, "hoa")
        work.proofs.add(hoa, Proof(PHONE, NUMBER, "sms", NOW))
        work.proofs.add(hoa, Proof(PHONE, NUMBER, "sms", LATER))
        return work.proofs.of(hoa), len(work.connection.execute(select(t.proofs.c.id)).all())

    assert await database.run(play) == ([Proof(PHONE, NUMBER, "sms", LATER)], 2)


async def test_whoever_proved_last_is_in_front_and_an_ended_proof_counts_no_more(database: Database) -> None:
    def play(work: Work) -> tuple[bool, bool, list[Proof]]:
        hoa, thu = person(work, "hoa"), person(work, "thu")
        work.proofs.add(hoa, Proof(PHONE, NUMBER, "sms", NOW))
        work.proofs.add(thu, Proof(PHONE, NUMBER, "telegram", LATER))
        both = work.proofs.holders(PHONE, NUMBER) == [thu, hoa]
        work.proofs.end(thu, PHONE, NUMBER, LATER)
        return both, work.proofs.holders(PHONE, NUMBER) == [hoa], work.proofs.of(thu)

    assert await database.run(play) == (True, True, [])


async def test_one_code_a_purpose_and_chat(database: Database) -> None:
    def play(work: Work) -> list[object]:
        chat = work.chats.open_citizen("web", "hoa", NOW).id
        work.codes.add(chat, "prove", "first", (PHONE, NUMBER), 600, "sms")
        work.codes.add(chat, "prove", "second", (PHONE, NUMBER), 600, "sms")
        work.codes.add(chat, "other", "third", (PHONE, NUMBER), 600, "")
        code = work.codes.get(chat, "prove")
        assert code is not None
        work.codes.wrong(code)
        again = work.codes.get(chat, "prove")
        assert again is not None
        return [code.digest, code.target, again.wrong, work.codes.spend(code), work.codes.spend(code)]

    assert await database.run(play) == ["second", NUMBER, 1, True, False]


async def test_a_code_is_found_by_its_hash_while_it_is_good(database: Database) -> None:
    def play(work: Work) -> list[bool]:
        chat = work.chats.open_citizen("web", "hoa", NOW).id
        work.codes.add(chat, "desk", "good", (PHONE, NUMBER), 600, "son-tien")
        work.codes.add(chat, "late", "late", (PHONE, NUMBER), -1, "son-tien")
        wanted = [("good", "desk"), ("good", "late"), ("late", "late"), ("other", "desk")]
        return [work.codes.by_digest(digest, purpose) is not None for digest, purpose in wanted]

    assert await database.run(play) == [True, False, False, False]


async def test_attempts_are_counted_by_key_and_window(database: Database) -> None:
    def play(work: Work) -> list[int]:
        before = work.machine_now() - 1
        work.attempts.add("look", ["a", "b"])
        work.attempts.add("look", ["a"])
        work.attempts.add("code", ["a"])
        counted = [len(work.attempts.moments("look", key, before, 10)) for key in ("a", "b", "c")]
        counted += [
            len(work.attempts.moments("look", "a", before, 1)),
            len(work.attempts.moments("look", "a", 9e12, 9)),
        ]
        work.attempts.forget(work.machine_now() + 1)
        return [*counted, len(work.attempts.moments("code", "a", before, 10))]

    assert await database.run(play) == [2, 1, 0, 1, 0, 0]


@pytest.mark.parametrize("data", [None, {"phone": NUMBER}])
async def test_the_audit_is_read_back_newest_first(database: Database, data: dict[str, str] | None) -> None:
    def play(work: Work) -> tuple[list[tuple[str, object]], int]:
        chat = work.chats.open_citizen("web", "hoa", NOW).id
        work.audit.add("guessing", NOW, chat=chat, subject="son-tien", data=data)
        work.audit.add("guessing", LATER, chat=chat, subject="duc-tho")
        work.audit.add("proved", LATER)
        noted = work.audit.of("guessing", NOW)
        return [(one.subject, one.data) for one in noted], work.audit.count("guessing", NOW, "son-tien")

    assert await database.run(play) == ([("duc-tho", {}), ("son-tien", data or {})], 1)
