"""A small procedure of every kind of paper, to send photos for."""

from __future__ import annotations

import dataclasses
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import drafts
from conversations.messages import Card
from conversations.state import Draft, Talk
from tests.conversations.desk_world import paper, procedure, question
from tests.conversations.world import World

BIRTH: Final = paper("chung-sinh", "Giấy chứng sinh (bản chính)", sides=["mặt trước", "mặt sau (nếu có chữ, dấu)"])
ID_CARD: Final = paper(
    "can-cuoc", "Căn cước", kind="photo-id", min_photos=2, max_photos=2, sides=["mặt trước", "mặt sau"]
)
PORTRAIT: Final = paper("anh-the", "Ảnh thẻ", max_photos=1)
LONG: Final = paper("trich-luc", "Trích lục", max_photos=10)
FORM: Final = paper("to-khai", "Tờ khai", kind="form", min_photos=0, max_photos=10)
HELD: Final = paper(
    "cu-tru",
    "Giấy tờ cư trú",
    required=False,
    replaceable_by_data=True,
    condition="Khi xã không tra được. Có thì gửi.",
)
SOME: Final = paper(
    "uy-quyen", "Giấy ủy quyền", required=False, condition="Khi nhờ người khác làm thay.", max_photos=10
)
CARD: Final = Card("038199001234", "", "Nguyễn Thị Hoa", "12/03/1999", "Nữ", "Thôn 3, Sơn Tiến", "01/01/2022")


def with_papers(*papers: dict[str, object], questions: tuple[dict[str, object], ...] = ()) -> World:
    """Somebody who has agreed, with a draft of a procedure that asks for these."""
    world = World(consents=("handle", "no-notify"))
    made = procedure(papers=list(papers), questions=list(questions))
    known = world.catalogue
    world.catalogue = dataclasses.replace(
        known, procedures={**known.procedures, made.id: made}, hashes={**known.hashes, made.id: "now"}
    )
    draft = Draft("draft00000000000", made.id, "now", applicant=drafts.SELF)
    world.stored[draft.id] = draft
    world.state = replace(world.state, talk=Talk("draft", draft=draft.id), draft=draft)
    return world


def asking(*prefilled: str, group: str = "Người yêu cầu", papers: tuple[dict[str, object], ...] = ()) -> World:
    """With questions of one group, each of which an ID card could answer."""
    kinds = {"name": "person_name", "id": "id_number", "dob": "date"}
    fields = {"name": "cccd.full_name", "id": "cccd.number", "dob": "cccd.dob"}
    questions = tuple(
        question(key, f"Mục {key}", kinds[key.split("_")[1]], group, prefill=fields[key.split("_")[1]])
        for key in prefilled
    )
    return with_papers(*papers, questions=questions)


def the_procedure(world: World) -> Procedure:
    return world.catalogue.procedures["xac-nhan-doc-than"]


def draft_of(world: World) -> Draft:
    assert world.state.draft is not None
    return world.state.draft


def sent(world: World, of: str) -> list[str]:
    """The verdicts of what was sent for a paper."""
    return [d.verdict for d in draft_of(world).documents if d.paper == of]
