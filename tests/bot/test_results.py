"""Drafts and signed results that officers send: kept by their digest, shown, proven to have arrived."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import delivered
from bot.scene import present
from conversations.messages import Shown, Started
from domain.dossier import Status
from storage import tables as t
from storage.dossiers import Record
from storage.sealed import Keys
from storage.slips import Issued
from storage.work import Work
from tests.bot.walk import hand_in
from tests.bot.whole import Actor, Whole, pdf, running

EASY = "xac-nhan-tinh-trang-hon-nhan"


async def accepted(whole: Whole) -> tuple[Actor, Actor, str]:
    """A citizen, the officer who has accepted their dossier, and its id."""
    citizen = await whole.citizen("web-like")
    await citizen.send(Started())
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[EASY])).id
    thu = await whole.officer("Thu")
    await thu.news()
    await thu.press(f"d:claim:{dossier}")
    await thu.press(f"d:accept:{dossier}")
    await citizen.news()
    return citizen, thu, dossier


def card(officer: Actor, dossier: str) -> Shown:
    return next(shown for shown in officer.shown.values() if shown.message.card == f"dossier:{dossier}")


async def send(officer: Actor, dossier: str, kind: str, data: bytes) -> list[Shown]:
    await officer.sends(data, "application/pdf", f"{kind}.pdf", reply_to=card(officer, dossier).id)
    return await officer.press(f"d:sort:{dossier}:{kind}")


async def record(whole: Whole, dossier: str) -> Record:
    def look(work: Work) -> Record:
        found = work.dossiers.get(dossier)
        assert found is not None
        return found

    return await whole.run(look)


async def slips(whole: Whole, dossier: str) -> list[Issued]:
    papers = await whole.run(lambda work: work.slips.of(dossier))
    return [paper for paper in papers if paper.kind in ("draft", "result")]


async def test_a_draft_is_kept_by_its_digest_and_shown_with_both_answers(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen, thu, dossier = await accepted(whole)
    await send(thu, dossier, "draft", pdf())
    (shown,) = [s for s in await citizen.news() if s.message.files]
    assert [b.label for b in shown.message.buttons][:2] == ["Đúng rồi", "Cần sửa"]
    (issued,) = await slips(whole, dossier)
    assert issued.digest == hashlib.sha256(pdf()).hexdigest()
    assert shown.message.files[0].ref == issued.file
    assert (await record(whole, dossier)).status == Status.DRAFTED
    entry = next(e for e in await whole.run(lambda work: work.history.of(dossier)) if e.what == "show-draft")
    assert entry.data["slip"] == issued.id
    await citizen.press_label("Đúng rồi")
    assert (await record(whole, dossier)).status == Status.PROCESSING


async def test_the_signed_result_goes_out_with_the_notice_and_its_code(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen, thu, dossier = await accepted(whole)
    said = await send(thu, dossier, "result", pdf())
    digest = hashlib.sha256(pdf()).hexdigest()
    check = f"{digest[:4]} {digest[4:8]} {digest[8:12]}"
    assert any(check in shown.message.text for shown in said if shown.private)
    assert not await citizen.news()
    assert "Đã có tệp kết quả ký" in card(thu, dossier).message.text
    await thu.press(f"d:done:{dossier}:now")
    (notice,) = [s for s in await citizen.news() if s.message.files]
    (issued,) = await slips(whole, dossier)
    assert f"Mã kiểm tra của tệp: {check}" in notice.message.text
    assert f"/xem/{issued.id}" in notice.message.text
    assert notice.message.files[0].ref == issued.file


async def test_a_result_that_comes_late_goes_out_at_once(whole: Whole) -> None:
    citizen, thu, dossier = await accepted(whole)
    await thu.press(f"d:done:{dossier}:now")
    await citizen.news()
    await send(thu, dossier, "result", pdf())
    (sent,) = [s for s in await citizen.news() if s.message.files]
    assert "Mã kiểm tra của tệp" in sent.message.text


async def test_a_result_that_was_sent_back_does_not_go_out_again(whole: Whole) -> None:
    citizen, thu, dossier = await accepted(whole)
    await send(thu, dossier, "result", pdf())
    await thu.press(f"d:done:{dossier}:now")
    assert [s for s in await citizen.news() if s.message.files]
    await whole.pass_time(timedelta(hours=1))
    await thu.press(f"d:redate:{dossier}:now")
    assert not [s for s in await citizen.news() if s.message.files]
    await thu.press(f"d:because:{dossier}:back-3")
    await thu.press(f"d:done:{dossier}:now")
    told = await citizen.news()
    assert any("đã có kết quả" in s.message.text for s in told)
    assert not [s for s in told if s.message.files]
    await send(thu, dossier, "result", pdf() + b"\n")
    assert [s for s in await citizen.news() if s.message.files]


async def test_a_draft_can_be_taken_back_before_it_is_shown(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        citizen, thu, dossier = await accepted(whole)
        await thu.press(f"d:now:{dossier}")
        await citizen.news()
        held = await send(thu, dossier, "draft", pdf())
        assert any("Hoàn tác" in [b.label for b in s.message.buttons] for s in held if s.private)
        await thu.press(f"d:undo:{dossier}")
        await whole.pass_time(timedelta(minutes=2))
        assert not any(s.message.files for s in await citizen.news() if "Bản nháp" in s.message.text)
        assert (await record(whole, dossier)).status == Status.ACCEPTED


async def test_what_an_officer_turns_away_from_is_forgotten(whole: Whole) -> None:
    _, thu, dossier = await accepted(whole)
    await thu.sends(pdf(), "application/pdf", "x.pdf", reply_to=card(thu, dossier).id)
    ref = await whole.run(_sent)
    await thu.press(f"d:no:{dossier}")
    assert await whole.run(lambda work: work.files.get(ref)) is None
    assert "không còn chờ" in (await thu.press(f"d:sort:{dossier}:draft"))[-1].message.text


def _sent(work: Work) -> str:
    """The id of the file of this size."""
    return str(work.connection.execute(select(t.files.c.id).where(t.files.c.size == len(pdf()))).scalar_one())


async def test_silence_needs_the_page_to_have_been_read(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen, thu, dossier = await accepted(whole)
    await send(thu, dossier, "draft", pdf())
    await whole.pass_time(timedelta(days=2))
    said = await thu.press(f"d:silent:{dossier}")
    assert any("không có gì cho thấy" in shown.message.text for shown in said)
    await citizen.news()
    await whole.app.live.read(citizen.reader, citizen.seen)
    await thu.press(f"d:silent:{dossier}")
    assert (await record(whole, dossier)).status == Status.PROCESSING
    entry = next(e for e in await whole.run(lambda work: work.history.of(dossier)) if e.what == "answer-draft")
    assert entry.data["how"] == "silence"


@pytest.mark.parametrize(
    ("states", "proven"), [(("sent",), True), (("sent", "waiting"), False), (("unknown",), False), ((), False)]
)
async def test_a_messenger_proves_by_taking_every_call(
    whole_on_both: Whole, states: tuple[str, ...], *, proven: bool
) -> None:
    whole = whole_on_both
    citizen, thu, dossier = await accepted(whole)
    await send(thu, dossier, "draft", pdf())
    (issued,) = await slips(whole, dossier)

    def as_on_a_messenger(work: Work) -> delivered.Shown:
        chats, outbox = t.chats, t.outbox
        work.connection.execute(
            update(chats).where(chats.c.id == citizen.reader.chat).values(channel="telegram", address_key="x")
        )
        for number, state in enumerate(states):
            values = {"chat": citizen.reader.chat, "channel": "telegram", "lane": 1, "repeatable": True}
            key = f"{delivered.key(issued.id)}:{number}"
            work.connection.execute(outbox.insert().values(**values, status=state, key=key, created=0.0))
        found = work.dossiers.get(dossier)
        assert found is not None
        return delivered.shown(present(work, whole.world), found)

    assert (await whole.run(as_on_a_messenger)).delivered is proven


async def test_beginning_again_keeps_the_old_dossiers_photos(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen, thu, dossier = await accepted(whole)
    await thu.press(f"d:stop:{dossier}")
    await thu.press(f"d:because:{dossier}:stop-2")
    await thu.press(f"d:send:{dossier}")
    await citizen.news()
    await citizen.press(f"again:{dossier}")
    old = await whole.run(lambda work: work.drafts.documents(dossier))
    lines = await whole.run(lambda work: work.drafts.lines(_person(work, dossier)))
    new = await whole.run(lambda work: work.drafts.documents(lines[0].id))
    assert [d.ref for d in new] == [d.ref for d in old]
    assert not {d.id for d in new} & {d.id for d in old}
    await citizen.says("hủy hồ sơ")
    await citizen.press_label("Xóa hồ sơ này")
    assert not await whole.run(lambda work: work.drafts.lines(_person(work, dossier)))
    kept = await whole.run(lambda work: [work.files.get(document.ref) for document in old])
    assert None not in kept


def _person(work: Work, dossier: str) -> str:
    found = work.dossiers.get(dossier)
    assert found is not None
    return found.person
