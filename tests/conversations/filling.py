"""The next thing a citizen would do at any point of a draft: press, type or photograph what is asked for."""

from __future__ import annotations

import random

from catalogue.model import Question
from conversations import drafts, form
from conversations.messages import Event, File, FileSent, Pressed, TextSent
from conversations.state import Context, State
from tests.conversations.world import World

_TYPED = {
    "text": "Thôn 3",
    "date": "15/08/1994",
    "person_name": "Nguyễn Thị Hoa",
    "id_number": "042194001234",
    "phone": "0984123456",
    "address": "Thôn 1, xã Sơn Tiến, tỉnh Hà Tĩnh",
    "number": "2",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
}


def onward(  # noqa: C901, PLR0911, PLR0912 - one for each step
    state: State, ctx: Context, *, chance: random.Random | None = None, photos: int = 0
) -> Event | None:
    """What leads on from the question that is open; None at the review, and where no draft is open.

    With `chance` choices are taken at random, and rows and extras are added now and then. `photos` numbers the next
    photo, so that no two are the same file.
    """
    here = drafts.open_draft(state, ctx) if state.talk.screen == "draft" else None
    if here is None:
        return None
    draft, procedure = here
    end = drafts.tag(draft.id)
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    often = chance is not None and chance.random() < 0.3
    match step:
        case drafts.ForWhom():
            return Pressed(f"for:{drafts.SELF}:{end}")
        case drafts.Consent(purpose):
            return Pressed(f"yes:{purpose}")
        case drafts.Applicant():
            return TextSent(_TYPED["person_name"])
        case drafts.Ask(question):
            pending = draft.pending
            if pending is not None and pending.key == question.key and pending.offers:
                return Pressed(f"ans:{question.key}:p0:{end}")
            if chance is not None and question.choices:
                return Pressed(f"ans:{question.key}:{chance.randrange(len(question.choices))}:{end}")
            return TextSent(typed(question))
        case drafts.ConfirmCard():
            return Pressed(f"card:use:{end}")
        case drafts.Detoured(number):
            return Pressed(f"on:{number}:{end}")
        case drafts.More(block):
            more = often and form.rows(draft, block) < 4
            return Pressed(f"{'rowadd' if more else 'rowdone'}:{block.key}:{end}")
        case drafts.Extra(questions):
            return Pressed(f"extra:{questions[0].key}:{end}" if often else f"noextra:{end}")
        case drafts.Doubtful(number):
            return Pressed(f"odd:{number}:{end}")
        case drafts.Choose():
            return Pressed(f"none:{end}")
        case drafts.Give(paper):
            if drafts.enough(draft, paper):
                return Pressed(f"done:{paper.key}:{end}")
            if drafts.may_skip(paper) and not draft.dossier:
                return Pressed(f"skip:{paper.key}:{end}")
            return FileSent(File(f"photo{photos}", "image/jpeg", 1000 + photos))
        case drafts.Review():
            return None


def typed(question: Question) -> str:
    """An answer of this kind; the form's own example where it has one and takes it."""
    if question.choices:
        return question.choices[0]
    return question.example or _TYPED[question.kind]


def to(world: World, what: str, *, chance: random.Random | None = None) -> None:
    """Go on until the question or paper with this key is asked, or "papers", "extra", "more" or "review" is there."""
    for number in range(250):
        if what in _places(world):
            return
        event = onward(world.state, world, chance=chance, photos=number)
        assert event is not None, f"{what} was never asked: {world.text}"
        if isinstance(event, FileSent):
            world.photo()
        else:
            world.says(event)
    raise AssertionError(f"no end in sight: {world.text}")


def _places(world: World) -> set[str]:
    """Where the draft stands, by every name that `to` knows it by."""
    here = drafts.open_draft(world.state, world)
    assert here is not None
    match drafts.step(world.state, *here, drafts.today_of(world)):
        case drafts.Ask(question):
            return {question.key}
        case drafts.Give(paper):
            return {"papers", paper.key}
        case drafts.Choose():
            return {"papers", "choose"}
        case step:
            return {type(step).__name__.casefold()}
