"""An office's facts: checked as strictly as the file, kept in the database, taken over by every process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import office_command, office_facts
from bot.app import opened
from bot.settings import Settings
from catalogue.facts import FACTS, gaps, laid_over
from catalogue.faults import BadCatalogue
from catalogue.load import load
from catalogue.model import Office
from storage.sealed import Keys
from storage.work import Work

SON_TIEN = load().offices["son-tien"]
HOURS = [{"starts": "01-01", "weekdays": [1, 2, 3, 4, 5], "sessions": [{"opens": "08:00", "closes": "11:00"}]}]


@pytest.fixture
def settings(database_url: str, tmp_path: Path, keys: Keys) -> Settings:
    return Settings(data=tmp_path, database=database_url, key_file=tmp_path / "keys" / "master.key", trial=False)


def test_every_fact_is_one_of_an_office_and_has_words() -> None:
    assert set(FACTS) < set(Office.__struct_fields__)
    assert set(office_command.WORDS) == set(FACTS)


def test_what_is_said_in_short_is_sure() -> None:
    made = laid_over(SON_TIEN, {"agency_id": "H27.12.345", "phones": ["0239 123 456"], "desk_address": "Thôn 1"})
    assert (made.agency_id.value, made.agency_id.provisional) == ("H27.12.345", False)
    assert [(phone.number, phone.confidence) for phone in made.phones] == [("0239 123 456", "high")]
    assert made.known("desk_address")
    assert [gap.fact for gap in gaps(made)] == ["hours", "bank_account"]
    assert [gap.fact for gap in gaps(laid_over(made, {"hours": HOURS}))] == ["bank_account"]


def test_hours_and_account_are_said_in_one_line() -> None:
    said = {
        "hours": "04-16 07:00-11:30 13:30-17:00; 10-16 07:30-11:30",
        "bank_account": "970436; 0123456789; Vietcombank; UBND XA SON TIEN; Kế toán Lan, 01/12/2026",
    }
    made = laid_over(SON_TIEN, said)
    assert [(season.starts, len(season.sessions)) for season in made.hours] == [("04-16", 2), ("10-16", 1)]
    assert made.bank_account is not None
    assert made.bank_account.holder == "UBND XA SON TIEN"
    assert [gap.fact for gap in gaps(made)] == ["desk_address", "phones", "agency_id"]
    assert laid_over(SON_TIEN, {"hours": "08:00-11:00"}).hours[0].starts == "01-01"


def test_what_is_not_known_is_named() -> None:
    assert [(gap.fact, gap.why) for gap in gaps(SON_TIEN)] == [
        ("desk_address", "unknown"),
        ("phones", "unsure"),
        ("agency_id", "provisional"),
        ("hours", "unsure"),
        ("bank_account", "unknown"),
    ]


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"id": "khac"}, "son-tien.id"),
        ({"practice": True}, "son-tien.practice"),
        ({"agency_id": "H27.xx.yy"}, "son-tien.agency_id"),
        ({"phones": ["gọi tôi"]}, "son-tien.phones"),
        ({"name": " "}, "son-tien.name"),
        ({"slot_capacity": "hai"}, "son-tien.slot_capacity"),
        ({"digest_at": "25:00"}, "son-tien.digest_at"),
        ({"draft_keep_days": 5}, "son-tien.draft_announce_days"),
        ({"hours": [{**HOURS[0], "sessions": [{"opens": "11:00", "closes": "08:00"}]}]}, "son-tien.hours"),
        ({"bank_account": {"number": "1"}}, "son-tien.bank_account.bin"),
        ({"bank_account": "970436; 0123456789"}, "son-tien.bank_account"),
        ({"hours": "sáng"}, "son-tien.hours"),
        ({"hours": ""}, "son-tien.hours"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(facts: Mapping[str, Any], key: str) -> None:
    with pytest.raises(BadCatalogue) as error:
        laid_over(SON_TIEN, facts)
    assert error.value.key == key


async def test_another_process_takes_over_what_one_has_written(settings: Settings) -> None:
    async with opened(settings) as one, opened(settings) as other:

        def write(work: Work) -> Office:
            return office_facts.write(work, one.world, "son-tien", {"name": "UBND xã Nọ", "hours": HOURS})

        await one.database.run(write)
        assert one.world.office("son-tien").name == "UBND xã Nọ"
        assert other.world.office("son-tien").name == SON_TIEN.name
        await other.database.run(other.heed_others)
        assert other.world.office("son-tien").name == "UBND xã Nọ"
        assert other.world.calendar("son-tien") == one.world.calendar("son-tien")
        assert [place.id for place in other.world.search.offices("UBND xã Nọ")] == ["son-tien"]
    async with opened(settings) as later:
        assert later.world.office("son-tien").name == "UBND xã Nọ"
        await later.database.run(lambda work: office_facts.write(work, later.world, "son-tien", {"name": None}))
        assert later.world.office("son-tien").name == SON_TIEN.name
        assert later.world.office("son-tien").hours[0].starts == "01-01"


async def test_what_no_longer_fits_the_files_is_left_out(settings: Settings) -> None:
    async with opened(settings) as app:
        await app.database.run(lambda work: work.installation.put("office:son-tien", '{"gone": 1, "name": "X"}'))
    async with opened(settings) as app:
        assert app.world.office("son-tien") == SON_TIEN


async def test_the_command_writes_shows_and_checks(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    async def office(what: str, fact: str = "", value: str = "", place: str = "") -> tuple[int, str]:
        status = await office_command.office(settings, what, fact, value, place)
        return status, capsys.readouterr().out

    status, said = await office("check")
    assert (status, "Mã định danh: đang là mã tạm" in said) == (1, True)
    assert "thuc-hanh" not in said
    assert (await office("set", "agency_id", "H27"))[0] == 1
    assert (await office("set", "agency_id", "H27.12.345"))[0] == 0
    assert (await office("set", "phones", "0239 123 456, 0912 345 678"))[0] == 0
    assert (await office("set", "slot_capacity", "3"))[0] == 0
    assert (await office("set", "hours", "07:30-11:30 13:30-17:00"))[0] == 0
    assert (await office("set", "digest_at", "07:15"))[0] == 0
    status, said = await office("check")
    assert (status, "Mã định danh" in said, "Điện thoại" in said) == (0, False, False)
    said = (await office("show"))[1]
    assert '"number":"0912 345 678"' in said
    assert "07:15   (đã ghi bằng lệnh)" in said
    assert (await office("unset", "slot_capacity"))[0] == 0
    assert "(2 điều chưa chắc)" in (await office("list"))[1]
    assert (await office("set", "nothing", "1"))[0] == 1
    assert (await office("show", place="nowhere"))[0] == 1
