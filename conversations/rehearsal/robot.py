"""The next thing a citizen would do at any point of a draft: press, type or photograph what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from catalogue.model import Paper, Question
from conversations import drafts, form, plans
from conversations.messages import Event, File, FileSent, Pressed, TextSent
from conversations.plans import Block
from conversations.state import Context, Draft, State
from conversations.typed import for_the_desk

TYPED: Final[Mapping[str, str]] = {
    "text": "Thôn 3",
    "date": "15/08/1994",
    "person_name": "Nguyễn Thị Hoa",
    "id_number": "042194001234",
    "phone": "0984123456",
    "address": "Thôn 1, xã Sơn Tiến, tỉnh Hà Tĩnh",
    "number": "2",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
}  # invented people


class Whims:
    """What this citizen does where several things are possible; this one does what is shortest."""

    def answer(self, question: Question) -> str | None:
        """The answer meant for this question, in the words of the form; None: any, empty: none."""

    def choice(self, question: Question) -> int | None:
        """Which choice is pressed where no answer is meant; None: the first is typed."""

    def another_row(self, block: Block, rows: int) -> bool:  # noqa: ARG002 - others look at it
        """Whether one more row is told, behind so many."""
        return False

    def added(self, questions: Sequence[Question]) -> Question | None:
        """What is added though nobody needs it."""

    def paper(self, papers: Sequence[Paper]) -> Paper | None:
        """Which of the papers that may be passed over is sent."""

    def for_other(self) -> bool:
        """Whether it is handed in for somebody else."""
        return False

    def changed(self, questions: Sequence[Question], draft: Draft) -> Question | None:
        """An answer that is given anew before handing in."""


SHORTEST: Final = Whims()


def onward(  # noqa: C901, PLR0911 - one for each step
    state: State, ctx: Context, whims: Whims = SHORTEST, photos: int = 0
) -> Event | None:
    """What leads on from the question that is open; None at the review, and where no draft is open.

    `photos` numbers the next photo, so that no two are the same file.
    """
    here = drafts.open_draft(state, ctx) if state.talk.screen == "draft" else None
    if here is None:
        return None
    draft, procedure = here
    end = drafts.tag(draft.id)
    match drafts.step(state, draft, procedure, drafts.today_of(ctx)):
        case drafts.ForWhom():
            return Pressed(f"for:{drafts.OTHER if whims.for_other() else drafts.SELF}:{end}")
        case drafts.Consent(purpose):
            return Pressed(f"yes:{purpose}")
        case drafts.Applicant():
            return TextSent(TYPED["person_name"])
        case drafts.Ask(question):
            return _answer(question, draft, whims)
        case drafts.ConfirmCard():
            return Pressed(f"card:use:{end}")
        case drafts.Detoured(number):
            return Pressed(f"on:{number}:{end}")
        case drafts.More(block):
            more = whims.another_row(block, form.rows(draft, block))
            return Pressed(f"{'rowadd' if more else 'rowdone'}:{block.key}:{end}")
        case drafts.Extra(questions):
            extra = whims.added(questions)
            return Pressed(f"noextra:{end}" if extra is None else f"extra:{extra.key}:{end}")
        case drafts.Doubtful(number):
            return Pressed(f"odd:{number}:{end}")
        case drafts.Choose(papers):
            paper = whims.paper(papers)
            return Pressed(f"none:{end}" if paper is None else f"paper:{paper.key}:{end}")
        case drafts.Give(paper):
            if drafts.enough(draft, paper):
                return Pressed(f"done:{paper.key}:{end}")
            sent = whims.paper([paper]) is not None or state.talk.changing == paper.key
            if drafts.may_skip(paper) and not draft.dossier and not sent:
                return Pressed(f"skip:{paper.key}:{end}")
            return FileSent(File(f"photo{photos}", "image/jpeg", 1000 + photos))
        case drafts.Review():
            standing = form.standing(procedure, draft, drafts.today_of(ctx))
            anew = None if draft.dossier else whims.changed(standing, draft)
            return None if anew is None else Pressed(f"chg:{anew.key}:{end}")


def typed(question: Question) -> str:
    """An answer of this kind; the form's own example where it has one and takes it."""
    if question.choices:
        return question.choices[0]
    return question.example or TYPED[question.kind]


def _answer(question: Question, draft: Draft, whims: Whims) -> Event:
    end = drafts.tag(draft.id)
    pending = draft.pending
    if pending is not None and pending.key == question.key and pending.offers:
        return Pressed(f"ans:{question.key}:p0:{end}")
    meant = whims.answer(question)
    if meant is not None and meant in question.choices:
        return Pressed(f"ans:{question.key}:{question.choices.index(meant)}:{end}")
    if meant == "" and (question.optional or for_the_desk(question)):
        return Pressed(f"ans:{question.key}:{'s' if question.optional else 'k'}:{end}")
    if meant:
        return TextSent(meant)
    number = whims.choice(question) if question.choices else None
    if number is not None:
        return Pressed(f"ans:{question.key}:{number}:{end}")
    return TextSent(typed(question))


def base(question: Question) -> str:
    """The key without the row."""
    return plans.base(question.key)
