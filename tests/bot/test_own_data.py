"""«Dữ liệu của tôi»: all that is kept, for its owner alone, as a page and a file; and what goes when they say so."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from conversations.render import text
from storage.work import Work
from tests.bot.test_retention import PROCEDURE, count
from tests.bot.walk import greeted, records, to_review
from tests.bot.whole import Actor, Whole


async def busy(whole: Whole) -> Actor:
    """Somebody with a dossier, and a draft as far as its review."""
    citizen = await greeted(whole)
    procedure = whole.world.catalogue.procedures[PROCEDURE]
    await citizen.press(f"start:{procedure.id}")
    await to_review(citizen, procedure)
    await citizen.press(f"start:{procedure.id}")
    await citizen.press(next(v for v in citizen.buttons if v.startswith("new:")))
    await to_review(citizen, procedure)
    await citizen.press(next(v for v in citizen.buttons if v.startswith("submit:")))
    assert len(await records(whole)) == 1
    return citizen


async def package(whole: Whole, citizen: Actor) -> tuple[dict[str, Any], zipfile.ZipFile]:
    await citizen.press("mydata:file")
    (file,) = citizen.last.message.files
    data = await whole.app.load(file.ref)
    made = zipfile.ZipFile(io.BytesIO(data))
    return json.loads(made.read("du-lieu.json")), made


async def test_the_file_holds_all_that_was_said_and_shown(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen = await busy(whole)
    (record,) = await records(whole)
    found, made = await package(whole, citizen)
    (dossier,) = found[text("own-file.dossiers")]
    assert dossier[text("own-file.code")].replace("-", "") == record.tracking_code
    answers = await whole.run(lambda work: work.drafts.answers(record.id))
    told = json.dumps(found, ensure_ascii=False)
    assert all(value in told for value in answers.values() if not value.startswith("+84"))
    assert len(found[text("own-file.drafts")]) == 1
    assert found[text("own-file.consents")]
    documents = await whole.run(lambda work: work.drafts.documents(record.id))
    photos = [name for name in made.namelist() if name.startswith(f"anh/{record.tracking_code}/")]
    assert len(photos) == len(documents) > 0
    assert made.read(photos[0])[:2] == b"\xff\xd8"
    page = made.read("doc-truoc.html").decode()
    assert answers["requester_name"] in page


async def test_nobody_gets_what_is_anothers(whole: Whole) -> None:
    await busy(whole)
    stranger = await greeted(whole, "nguoi-la")
    found, made = await package(whole, stranger)
    assert not any(found[text(f"own-file.{part}")] for part in ("drafts", "dossiers", "people", "looks"))
    assert sorted(made.namelist()) == ["doc-truoc.html", "du-lieu.json"]


async def test_drafts_go_with_their_bytes_and_the_dossier_stays(whole: Whole) -> None:
    citizen = await busy(whole)
    (record,) = await records(whole)
    await citizen.press("owndata")
    assert text("button.own-drop") in [button.label for button in citizen.last.message.buttons]
    await citizen.press("mydata:drop")
    await citizen.says("không")
    assert await count(whole, "drafts") == 1
    await citizen.press("mydata:drop")
    await citizen.press("mydata:dropped")
    assert await count(whole, "drafts") == 0
    kept = await whole.run(lambda work: {r for d in work.drafts.documents(record.id) for r in d.refs})
    names = {path.name for path in (whole.world.settings.data / "files").rglob("*") if path.is_file()}
    assert names == kept
    (after,) = await records(whole)
    assert after == record


async def test_consent_withdrawn_is_written_down_and_asked_for_anew(whole: Whole) -> None:
    citizen = await busy(whole)
    await citizen.press("owndata")
    await citizen.press("mydata:withdraw")
    await citizen.press("mydata:withdrawn")
    assert await count(whole, "drafts") == 0
    assert await count(whole, "remembered") == 0

    def consents(work: Work) -> list[tuple[str, bool]]:
        return [(purpose, given) for purpose, given, _ in work.persons.consents(person)]

    person = (await records(whole))[0].person
    assert ("handle", False) in await whole.run(consents)
    await citizen.press(f"start:{PROCEDURE}")
    await citizen.press(next(value for value in citizen.buttons if value.startswith("for:")))
    assert "yes:handle" in citizen.buttons


async def test_who_looked_is_told_by_name_and_code(whole: Whole) -> None:
    citizen = await busy(whole)
    thu = await whole.officer("Thu")
    (record,) = await records(whole)
    await thu.press(f"d:claim:{record.id}")
    await citizen.press("mydata:looks")
    assert "Thu" in citizen.last.message.text


async def test_a_press_out_of_its_place_deletes_nothing(whole: Whole) -> None:
    citizen = await busy(whole)
    await citizen.press("menu")
    await citizen.press("mydata:dropped")
    await citizen.press("mydata:withdrawn")
    assert await count(whole, "drafts") == 1
