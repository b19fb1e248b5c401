"""Each of the procedures is opened, started, and ends where its intake mode says, over the whole program."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue.load import load
from catalogue.model import Procedure
from conversations import notices, page, staff_accept
from conversations.render import text
from domain.codes import find_tracking_code, show
from domain.dossier import Status
from tests.bot import replay
from tests.bot.walk import finish, greeted, hand_in, records
from tests.bot.whole import Whole

CATALOGUE = load()
TODAY = date(2026, 11, 23)
PROCEDURES = list(CATALOGUE.procedures.values())
TAKEN = [p for p in PROCEDURES if page.taken_here(p, CATALOGUE.offices["son-tien"], TODAY)]


def test_there_are_as_many_as_the_guide_has() -> None:
    assert len(PROCEDURES) == 41


@pytest.mark.parametrize("procedure", TAKEN, ids=lambda p: p.id)
async def test_it_is_handed_in_and_finished(procedure: Procedure, whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    await citizen.press(f"open:{procedure.id}")
    first = citizen.last.message.text
    assert procedure.display_name in first
    assert notices.grieving(procedure.id) == first.startswith("Xin chia buồn")
    record = await hand_in(citizen, procedure)
    unsigned = record.body.cosigner is not None
    told = [shown.message.text for shown in citizen.shown.values() if not shown.own]
    said = told[-1 - unsigned]  # the link for a second person comes behind it
    assert ("Bạn chuyển liên kết" in told[-1]) is unsigned
    assert find_tracking_code(said) == record.tracking_code
    assert text(f"notices.submit-{procedure.intake}", {"authority": procedure.authority}) in said
    assert record.due_at is None
    assert record.official_code is None

    await officer.news()
    assert show(record.tracking_code) in officer.last.message.text
    forwards, asks_for_days = procedure.intake == "collect-and-forward", staff_accept.asks_for_days(procedure)
    presses = await finish(officer, forwards=forwards, asks_for_days=asks_for_days, unsigned=unsigned)
    (after,) = await records(whole)
    assert presses == 6 + forwards + asks_for_days + unsigned + 3 * len(after.body.parts)
    assert len(after.body.parts) == len(
        [part for part in procedure.parts if part.when is None or len(after.body.parts) > 3]
    )
    assert after.status == Status.HANDED_OVER
    assert after.official_code
    assert after.official_code.endswith("-261123-0001")
    await whole.run(lambda work: replay.check(work, after))
    said = " ".join(shown.message.text for shown in citizen.shown.values())
    if notices.grieving(procedure.id):
        assert not any(sign in said for sign in "!🎉😊👍✅")


@pytest.mark.parametrize("procedure", [p for p in PROCEDURES if p not in TAKEN], ids=lambda p: p.id)
async def test_it_leads_to_a_clerk_before_anybody_gathers_papers(procedure: Procedure, whole: Whole) -> None:
    assert procedure.intake == "info" or page.leads_to_clerk(procedure, TODAY)
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    await citizen.press(f"open:{procedure.id}")
    values = [b.value for b in citizen.last.message.buttons]
    assert not any(value.startswith(("new:", "submit:")) for value in values)
    await citizen.press(f"start:{procedure.id}")
    if procedure.successor is not None:  # which is offered in its place
        assert citizen.last.message.buttons[0].value == f"start:{procedure.successor}"
        return
    assert [b.value for b in citizen.last.message.buttons] == ["endcall"]
    await officer.news()
    assert procedure.display_name in officer.last.message.text
    assert officer.last.message.card.startswith("call:")
    assert await records(whole) == []
