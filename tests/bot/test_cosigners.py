"""The second person who must agree: one link, one answer, whoever is quicker."""

from __future__ import annotations

import asyncio
import re
from datetime import date, timedelta

import pytest

from bot import cosigners
from conversations.messages import Pressed, Started
from storage import tables as t
from storage.work import Work
from tests.bot.walk import hand_in
from tests.bot.whole import Actor, Whole
from tests.conversations.world import catalogue

RECOGNITION = "nhan-cha-me-con"
ADOPTION = "nuoi-con-nuoi-trong-nuoc"
LINK = re.compile(r"\?p=(ky-[\w-]+)")


async def link_of(whole: Whole) -> tuple[Actor, str, str]:
    """Who handed in, the dossier, and what the link for the second person carries."""
    citizen = await whole.citizen("ban")
    await citizen.send(Started())
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[ADOPTION])).id
    return citizen, dossier, payload(citizen)


def payload(actor: Actor) -> str:
    found = [LINK.search(shown.message.text) for shown in actor.shown.values()]
    return next(match[1] for match in reversed(found) if match)


async def status(whole: Whole, dossier: str) -> str:
    def look(work: Work) -> str:
        record = work.dossiers.get(dossier)
        assert record is not None
        assert record.body.cosigner is not None
        return record.body.cosigner.status

    return await whole.run(look)


async def test_of_two_who_answer_at_once_one_counts(whole_on_both: Whole) -> None:
    whole = whole_on_both
    _, dossier, link = await link_of(whole)
    others = [await whole.citizen(name) for name in ("vo", "em")]
    for other in others:
        await other.send(Started(link))
    token = link.removeprefix("ky-")
    await asyncio.gather(others[0].send(Pressed(f"sign:{token}")), others[1].send(Pressed(f"nosign:{token}")))
    told = [other.last.message.text for other in others]
    assert sum("đã dùng" in words for words in told) == 1
    entries = [e for e in await whole.run(lambda work: work.history.of(dossier)) if e.what == "cosign"]
    assert [e.data["status"] for e in entries] == [await status(whole, dossier)]
    assert entries[0].actor == cosigners.PERSON
    assert entries[0].data["person"]


async def test_a_link_is_good_for_seven_days(whole: Whole) -> None:
    _, dossier, link = await link_of(whole)
    late = await whole.citizen("vo")

    def expire(work: Work) -> None:
        work.connection.execute(
            t.tokens.update().where(t.tokens.c.purpose == "cosign").values(expires=t.tokens.c.expires - 7 * 86_400)
        )

    await whole.run(expire)
    await late.send(Started(link))
    assert "đã dùng, đã hết hạn" in late.last.message.text
    assert await status(whole, dossier) == "waiting"


async def test_a_new_link_makes_the_old_one_void(whole: Whole) -> None:
    citizen, dossier, old = await link_of(whole)
    await citizen.press(f"cosign:{dossier}")
    new = payload(citizen)
    assert new != old
    other = await whole.citizen("vo")
    await other.send(Started(old))
    assert "đã dùng" in other.last.message.text
    await other.send(Started(new))
    await other.press_label("Tôi đồng ý")
    assert await status(whole, dossier) == "signed"
    assert "Đã có xác nhận" in (await citizen.news())[-1].message.text
    await citizen.press(f"cosign:{dossier}")
    assert "không chờ ai" in "".join(shown.message.text for shown in list(citizen.shown.values())[-2:])


async def test_a_link_made_by_whoever_has_the_dossier_no_more_is_void(whole: Whole) -> None:
    """Such as a former helper, or a chat that was linked for a while."""
    citizen, dossier, link = await link_of(whole)
    other, stranger = await whole.citizen("vo"), await whole.citizen("chu-that")
    await stranger.send(Started())

    def hand_over(work: Work) -> None:
        record, chat = work.dossiers.get(dossier), work.chats.get(stranger.reader.chat)
        assert record is not None
        assert chat is not None
        work.dossiers.change(record, person=chat.person, chat=chat.id)

    await whole.run(hand_over)
    for actor in (citizen, other):
        await actor.send(Started(link))
        assert "đã dùng" in actor.last.message.text
        await actor.press(f"sign:{link.removeprefix('ky-')}")
    assert await status(whole, dossier) == "waiting"


async def test_what_is_over_is_not_agreed_to(whole: Whole) -> None:
    citizen, dossier, link = await link_of(whole)
    other = await whole.citizen("vo")
    await other.send(Started(link))
    await citizen.press(f"wdok:{dossier}")
    await whole.pass_time(timedelta(minutes=1))
    await other.press_label("Tôi đồng ý")
    assert "đã dùng" in other.last.message.text
    assert await status(whole, dossier) == "waiting"


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({"other_parent_opinion": "Không đồng ý"}, None),
        ({"other_parent_opinion": "Đồng ý"}, ""),
    ],
)
def test_only_these_answers_call_for_a_second_person(answers: dict[str, str], name: str | None) -> None:
    signer = cosigners.wanted(catalogue().procedures[RECOGNITION], answers, date(2026, 11, 23))
    assert (signer.name if signer else None) == name


@pytest.mark.parametrize(
    ("requester", "name"), [("Trần Thị Hoa", "Lê Văn Nam"), ("LE VAN NAM", "Trần Thị Hoa"), ("Ngô Văn Bà", "")]
)
def test_of_two_names_it_is_whoever_does_not_hand_in(requester: str, name: str) -> None:
    answers = {"requester_name": requester, "mother_name": "Trần Thị Hoa", "father_name": "Lê Văn Nam"}
    answers["other_parent_opinion"] = "Đồng ý"
    procedure = catalogue().procedures["khai-sinh-ket-hop-nhan-cha-me-con"]
    signer = cosigners.wanted(procedure, answers, date(2026, 11, 23))
    assert signer is not None
    assert signer.name == name


def test_every_second_person_reads_something_that_the_form_asks() -> None:
    rules = [p.co_signer for p in catalogue().procedures.values() if p.co_signer is not None]
    assert len(rules) == 6
    assert all(rule.shown for rule in rules)
