"""`motcua doctor` on new, healthy and broken installations: what it says, that it says what to do, and no secret."""

from __future__ import annotations

import json
import logging
import re
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import text, update

from bot import health
from bot.app import App, opened
from bot.doctor import (
    clocks,
    database,
    disk,
    left_over,
    mail_and_sms,
    offices,
    options,
    papers,
    telegram_bots,
    zalo_account,
)
from bot.doctor import web as pages
from bot.doctor.examination import CHECKS, LAST, _asked, _at_hand, doctor
from bot.doctor.patient import Finding, Patient
from bot.free_room import LITTLE, NOTHING
from bot.recovery import Facts
from bot.settings import NAMES, Settings
from bot.telegram import CITIZENS_NAME
from catalogue.load import load
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.handlers.mail_server import mail_server
from tests.telegram.fake import FakeTelegram
from tests.zalo.fake import FakeZalo

ROOT = Path(__file__).parents[2]
CITIZENS, STAFF = "111:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKKll", "222:BBBbbbCCCdddEEEfffGGGhhhIIIjjjKKKll"


@pytest.fixture(autouse=True)
def _nothing_goes_wrong() -> None:
    """Here much is wrong on purpose."""


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, keys: Keys) -> Settings:
    return real(sqlite_url, tmp_path)


@pytest.fixture
def on_both(database_url: str, tmp_path: Path, keys: Keys) -> Settings:
    """Once on each kind of database."""
    return real(database_url, tmp_path)


def real(url: str, tmp_path: Path) -> Settings:
    """A real installation's, with a port that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Settings(
        data=tmp_path / "data",
        database=url,
        key_file=tmp_path / "keys" / "master.key",
        port=port,
        trial=False,
    )


@pytest.fixture
async def patient(settings: Settings) -> AsyncIterator[Patient]:
    """An installation that has run once."""
    async with opened(settings):
        pass
    async with _at_hand(settings) as made:
        yield made


def said(findings: Any) -> str:
    return "\n".join(f"{one.mark} {one.words} | {one.doing}" for one in findings)


# the whole of it


async def test_each_line_that_is_not_well_says_what_to_do(
    on_both: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with opened(on_both):
        pass
    assert await doctor(on_both, as_json=True) == 1  # nobody works here, and the agency's id is made up
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [row["words"] for row in told["findings"] if (row["mark"] == "good") is bool(row["doing"])] == []
    assert {row["subject"] for row in told["findings"]} == {*CHECKS, *LAST}
    assert not [row for row in told["findings"] if "Không kiểm tra được" in row["words"]]


async def test_before_the_first_start_it_makes_nothing(
    tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data=tmp_path / "data", key_file=tmp_path / "keys" / "master.key")
    await doctor(settings)
    assert "sẽ tự tạo ở lần chạy đầu" in capsys.readouterr().out
    assert [*tmp_path.iterdir()] == []  # noqa: ASYNC240 - nothing else waits here


async def test_no_secret_is_printed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings = replace(
        settings,
        telegram_token=CITIZENS,
        telegram_api="http://127.0.0.1:9",
        telegram_staff_token="nonsense-geheim",
        smtp_url="smtp://user:geheim-password@127.0.0.1:9",
        mail_from="a@example.vn",
        sms_gateway="json",
        sms_url="http://127.0.0.1:9/x",
        sms_token="geheim-token",
        payment_secret="geheim-payment",
        metrics_token="geheim-metrics",
    )
    async with opened(settings):
        pass
    await doctor(settings)
    told = capsys.readouterr().out
    assert "geheim" not in told
    assert CITIZENS.partition(":")[2] not in told
    assert settings.key_file.read_text(encoding="ascii").split()[-1] not in told


async def test_a_check_that_fails_itself_is_a_finding(patient: Patient) -> None:
    async def breaks(_: Patient) -> list[Finding]:
        raise ValueError("0912345678")

    (found,) = await _asked(breaks, patient)
    assert found.mark == "bad"
    assert "ValueError ở test_doctor.py" in found.words
    assert "0912345678" not in said([found])


def test_every_command_and_setting_that_it_names_exists() -> None:
    actions = set(re.findall(r'add_parser\("([a-z]+)"', (ROOT / "bot/command_line.py").read_text(encoding="utf-8")))
    actions |= set(
        re.findall(
            r'^        \("([a-z]+)", "', (ROOT / "bot/command_line.py").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    files = [*(ROOT / "bot/doctor").glob("*.py"), ROOT / "bot/office_command.py", ROOT / "bot/asides_command.py"]
    words = "\n".join(path.read_text(encoding="utf-8") for path in files)
    words += (ROOT / "conversations/texts/vi/trouble.toml").read_text(encoding="utf-8")
    words += (ROOT / "deploy/alerts.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmotcua ([a-z]+)\b", words)) - actions == set()
    assert set(re.findall(r"MOTCUA_[A-Z_]*[A-Z]", words)) - set(NAMES) == set()


# settings, key, disk


async def test_settings_that_contradict_each_other_are_named(patient: Patient) -> None:
    patient.settings = replace(patient.settings, trial=True, telegram_token="x", payment_secret="y", zalo_oa_id="1")
    found = said(await options.check(patient))
    for name in ("MOTCUA_TELEGRAM_TOKEN", "MOTCUA_PAYMENT_GATEWAY", "MOTCUA_ZALO_APP_ID", "MOTCUA_TRIAL=0"):
        assert name in found
    patient.settings = replace(patient.settings, public_url="http://x.vn")
    assert "bad Địa chỉ ngoài không phải https" in said(await options.check(patient))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
async def test_a_key_that_others_may_read_or_that_is_another_one_is_bad(settings: Settings) -> None:
    async with opened(settings):
        pass
    settings.key_file.chmod(0o644)
    async with _at_hand(settings) as patient:
        found = said(await CHECKS["Khóa chính"](patient))
        assert f"chmod 600 {settings.key_file}" in found
        assert "bad Chưa in khóa dự phòng" in found
    settings.key_file.write_text("ab" * 32, encoding="ascii")
    async with _at_hand(settings) as patient:
        assert "không phải khóa của dữ liệu này" in said(await CHECKS["Khóa chính"](patient))
    settings.key_file.unlink()
    async with _at_hand(settings) as patient:
        assert "Mất tệp khóa chính" in said(await CHECKS["Khóa chính"](patient))
        assert "bad" not in said(await CHECKS["Zalo"](patient))


async def test_disks_that_are_full_and_stores_that_take_nothing(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for left, mark in ((LITTLE, "good"), (LITTLE - 1, "warn"), (NOTHING - 1, "bad")):
        monkeypatch.setattr(disk, "free", lambda _, left=left: left)
        assert (await disk.check(patient))[0].mark == mark
    patient.settings = replace(patient.settings, backup=str(tmp_path / "none"))
    assert "Không thấy thư mục sao lưu" in said(await disk.check(patient))
    patient.settings = replace(patient.settings, backup=str(tmp_path))
    assert "cùng đĩa với dữ liệu" in said(await disk.check(patient))
    store = tmp_path / "data" / "files"
    store.mkdir(parents=True)
    assert "ghi, đọc, xóa được" in said(await disk.check(patient))
    assert [path for path in store.rglob("*") if path.is_file()] == []
    for folder in store.iterdir():
        folder.rmdir()
        folder.write_bytes(b"")  # where a folder should be
    assert "bad Kho tệp" in said(await disk.check(patient))


async def test_a_database_that_is_behind_ahead_or_away(patient: Patient) -> None:
    assert patient.database is not None
    assert "bad" not in said(await database.check(patient))
    for version, words in (("0001", "motcua migrate"), ("9999", "mới hơn chương trình")):

        def put(work: Work, version: str = version) -> None:
            work.connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})

        await patient.database.run(put)
        assert words in said(await database.check(patient))


async def test_a_server_that_is_not_there(tmp_path: Path, keys: Keys) -> None:
    settings = Settings(data=tmp_path, database="postgresql+asyncpg://a:b@127.0.0.1:9/x", key_file=tmp_path / "k")
    async with _at_hand(settings) as patient:
        assert patient.database is None
        assert "Không kết nối được PostgreSQL" in said(await database.check(patient))


async def test_a_broken_file_is_found(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    file = tmp_path / "data" / "motcua.sqlite3"
    assert list(database._sqlite(file))[-1].mark == "good"  # noqa: SLF001 - what reads the file
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + b"\xee" * 4096 + whole[len(whole) // 2 + 4096 :])
    assert list(database._sqlite(file))[-1].mark == "bad"  # noqa: SLF001


# who is reached


async def test_both_bots_are_asked(patient: Patient) -> None:
    async with FakeTelegram() as fake:
        fake.bot(CITIZENS, "motcua_bot")
        patient.settings = replace(
            patient.settings, telegram_token=CITIZENS, telegram_staff_token=STAFF, telegram_api=fake.url
        )
        found = said(await telegram_bots.check(patient))
        assert "good Bot người dân: @motcua_bot" in found
        assert "bad Bot cán bộ: mã bot bị từ chối" in found
        patient.settings = replace(patient.settings, telegram_webhook=True, telegram_staff_token="")
        assert "chưa gọi về địa chỉ của chương trình này" in said(await telegram_bots.check(patient))
    assert "không tới được Telegram" in said(await telegram_bots.check(patient))
    assert [who for who, _, _ in patient.clocks] != []


def test_what_telegram_says_of_its_calls(settings: Settings) -> None:
    called = replace(settings, public_url="https://x.vn", telegram_webhook=True)
    url = "https://x.vn/telegram/citizens"
    hook = {"url": url, "pending_update_count": 50, "last_error_date": datetime.now(UTC).timestamp() - 60}
    name = CITIZENS_NAME
    found = said(telegram_bots._hook(called, name, {**hook, "last_error_message": "SSL error"}))  # noqa: SLF001
    assert "50 tin đang chờ" in found
    assert "(SSL error)" in found
    assert said(telegram_bots._hook(called, name, {"url": url})) == ""  # noqa: SLF001
    assert "địa chỉ khác" in said(telegram_bots._hook(settings, name, {"url": url}))  # noqa: SLF001


async def test_zalo_says_who_the_account_is(settings: Settings) -> None:
    fake = FakeZalo()
    await fake.start()
    settings = replace(
        settings, zalo_app_id=fake.APP_ID, zalo_app_secret=fake.APP_SECRET, zalo_oa_id=fake.OA_ID,
        zalo_oa_secret_key=fake.OA_KEY, zalo_openapi_base=fake.base, zalo_oauth_base=fake.base,
    )  # fmt: skip
    async with opened(settings):
        pass
    async with _at_hand(settings) as patient:
        assert patient.database is not None
        assert "motcua zalo link" in said(await zalo_account.check(patient))
        access, refresh = fake.pair()
        await patient.database.run(lambda work: work.zalo.seed(fake.OA_ID, refresh, access, 3600.0))
        found = said(await zalo_account.check(patient))
        assert "khóa dùng được đến" in found
        assert "chưa nhận sự kiện nào" in found
        assert access not in found
        await patient.database.run(lambda work: work.inbox.aside("zalo", "x", b"?"))
        assert "sự kiện gần nhất" in said(await zalo_account.check(patient))
        await patient.database.run(lambda work: work.zalo.trouble(fake.OA_ID, "token lost"))
        assert (await zalo_account.check(patient))[0].mark == "bad"
    await fake.stop()


async def test_mail_and_sms_are_greeted_and_nothing_is_sent(patient: Patient) -> None:
    async with mail_server() as post:
        patient.settings = replace(
            patient.settings, smtp_url=f"smtp://127.0.0.1:{post.port}", mail_from="Một cửa <motcua@example.vn>"
        )
        assert "nhận chương trình này" in said(await mail_and_sms.check(patient))
    assert "bad E-mail: không tới được" in said(await mail_and_sms.check(patient))
    patient.settings = replace(patient.settings, sms_gateway="json", sms_url="http://127.0.0.1:9/")
    assert "bad SMS: không tới được cổng json" in said(await mail_and_sms.check(patient))
    page = await serving([], patient.settings)
    patient.settings = replace(patient.settings, sms_url=f"http://127.0.0.1:{patient.settings.port}/")
    assert "good SMS: tới được cổng json" in said(await mail_and_sms.check(patient))
    await page.cleanup()


async def serving(routes: list[web.RouteDef], settings: Settings) -> web.AppRunner:
    page = web.Application()
    page.add_routes(routes)
    runner = web.AppRunner(page, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port).start()
    return runner


async def test_the_port_is_free_ours_or_somebody_elses(settings: Settings) -> None:
    async with opened(settings) as app:
        await the_port(app, settings)


async def the_port(app: App, settings: Settings) -> None:
    public = replace(settings, public_url=f"http://127.0.0.1:{settings.port}")
    async with _at_hand(public) as patient:
        found = said(await pages.check(patient))
        assert "còn trống" in found
        assert "bad Từ máy này không tới được" in found
        other = await serving([], settings)
        found = said(await pages.check(patient))
        assert "bad Cổng" in found
        assert "không phải chương trình này" in found
        await other.cleanup()
        ours = await serving(health.routes(app), settings)
        found = said(await pages.check(patient))
        assert "và sẵn sàng" in found
        assert "dẫn tới chương trình này" in found
        app.draining = True
        assert "chưa sẵn sàng" in said(await pages.check(patient))
        await ours.cleanup()


async def test_prints_and_photos_work_here(patient: Patient) -> None:
    found = await papers.check(patient)
    assert [one.words for one in found if one.mark == "bad"] == []
    assert "Tiến trình xem ảnh: chạy được." in said(found)


# what people have to say


def test_a_year_without_holidays_is_found_before_it_begins() -> None:
    table = load().holidays
    assert said(offices.holidays(table, date(2026, 12, 1))).count("\n") == 1
    assert "bad Chưa có ngày nghỉ lễ năm 2041" in said(offices.holidays(table, date(2040, 12, 1)))


async def test_facts_and_people_of_an_office(patient: Patient) -> None:
    assert patient.database is not None
    found = said(await offices.check(patient))
    assert "bad xã Sơn Tiến: Mã định danh: đang là mã tạm" in found
    assert "motcua office set --office son-tien agency_id" in found
    assert "bad xã Sơn Tiến: chưa có lãnh đạo nào" in found

    def hire(work: Work) -> None:
        work.officers.add("son-tien", "Hà", "head")
        work.installation.put("office:son-tien", '{"agency_id":"H27.12.345","gone":1}')

    await patient.database.run(hire)
    found = said(await offices.check(patient))
    assert "1 cán bộ, 1 lãnh đạo" in found
    assert "/lienhe" in found
    assert "Điều đã ghi về son-tien không còn dùng được" in found


async def test_what_waits_and_who_holds_what(patient: Patient) -> None:
    assert patient.database is not None

    def leave(work: Work) -> None:
        work.inbox.aside("telegram", "u1", b"?")
        work.jobs.add("print", "d")
        work.connection.execute(update(t.jobs).where(t.jobs.c.kind == "print").values(status="aside"))
        work.leases.take("zalo", "elsewhere/1 12 3", 60.0)

    await patient.database.run(leave)
    found = said(await left_over.check(patient))
    assert "1 sự kiện, 1 việc" in found
    assert "Kênh zalo: tiến trình 12 trên elsewhere đang giữ" in found


@pytest.mark.parametrize(
    ("facts", "marks"),
    [
        ({}, ["bad", "warn"]),
        ({"backup_at": 1.0, "proven_at": 10.0}, ["good", "good"]),
        ({"backup_at": 3.0, "proven_at": 300.0}, ["bad", "warn"]),
        ({"backup_at": 1.0, "backup_trouble": "hết chỗ", "proven_at": 10.0}, ["good", "bad", "good"]),
    ],
)
def test_back_ups_and_their_proof(facts: dict[str, Any], marks: list[str]) -> None:
    ago = {k: datetime.now(UTC) - timedelta(days=v) if isinstance(v, float) else v for k, v in facts.items()}
    trouble = str(facts.get("backup_trouble", ""))
    made = Facts(ago.get("backup_at"), trouble, ago.get("proven_at"), True, False, None)
    assert [one.mark for one in left_over.backups(made, trial=False)] == marks
    assert {one.mark for one in left_over.backups(made, trial=True)} <= {"warn", "good"}


async def test_clocks_are_compared(patient: Patient) -> None:
    assert "Chưa so được đồng hồ với ai" in said(await clocks.check(patient))
    now = datetime.now(UTC)
    patient.clocks.append(("cơ sở dữ liệu", now, now))
    assert "Đồng hồ máy đúng (so với cơ sở dữ liệu)" in said(await clocks.check(patient))
    patient.clocks.append(("Telegram", now + timedelta(minutes=2), now))
    assert "warn Đồng hồ máy lệch 120 giây so với Telegram" in said(await clocks.check(patient))
    patient.clocks.append(("x.vn", now - timedelta(hours=1), now))
    assert "bad Đồng hồ máy lệch 3600 giây so với x.vn" in said(await clocks.check(patient))
