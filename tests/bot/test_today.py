"""What an officer is told to do today, also where there is much."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.dossier import Status
from storage.work import Work
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Whole

EASY = "ban-sao-trich-luc-ho-tich"
_CODES = "34679ACDEFGHJKMNPQRT"


async def test_results_that_nobody_collects_push_nothing_out(whole_on_both: Whole) -> None:
    """They were due long ago, so that an order by due day alone has them before all else."""
    whole = whole_on_both
    officer = await whole.officer("Thu")
    record = await hand_in(await greeted(whole, "ban"), whole.world.catalogue.procedures[EASY])
    await officer.press(f"d:claim:{record.id}")
    await officer.press(f"d:accept:{record.id}")

    def fill(work: Work) -> str:
        real = work.dossiers.get(record.id)
        assert real is not None
        long_ago = whole.world.now() - timedelta(days=20)
        old = replace(real, status=Status.DONE, due_at=long_ago, appointment_at=long_ago, owner=None)
        codes = (f"{one}{two}{real.tracking_code[2:]}" for one in _CODES for two in _CODES)
        others = [code for code in codes if code != real.tracking_code][:60]
        for n, code in enumerate(others):
            work.dossiers.add(
                replace(old, id=f"old{n:013}", tracking_code=code, official_code=f"{real.official_code}-{n}")
            )
        return real.official_code or ""

    code = await whole.run(fill)
    await officer.says("/homnay")
    assert officer.last.message.text.partition(". 🟢 ")[2].startswith(f"{code} · ")
    assert officer.last.message.text.partition("\n\n")[2].startswith("1. 🟢 ")
