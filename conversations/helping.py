"""Handing in for somebody who could do so themselves: when their own consent is needed, and what it is called."""

from __future__ import annotations

from datetime import date
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from catalogue.conditions import age
from catalogue.model import Procedure
from conversations import drafts, plans
from conversations.messages import Button
from conversations.render import text
from conversations.state import Context, Draft, Helper, MandateView, Say, State, Turn
from domain.helping import OPENS, Relation, Standing, able
from domain.values import fold, moment_words, show_phone

SCREEN: Final = "helping"
_AS: Final = "helping-as:"  # begins the flag of a draft which says who the helper is to the applicant
_BY: Final = "helping-by:"  # and the helper's own name


class Matter(Struct, frozen=True):
    """What a consent is asked for: a draft, or a dossier for which one has run out (then without the draft)."""

    owner: str
    applicant: str
    procedure: str
    helper: str = ""
    relation: str = ""
    draft: Draft | None = None


def needed(draft: Draft, procedure: Procedure, today: date) -> bool:
    """Whether it is handed in for another human who acts for themselves.

    Nobody is asked about themselves; the dead and small children cannot be asked, and a collective is no human. Where
    a family is helped in a birth or a death, `applicant` is who stands for it, and that one is asked.
    """
    name = fold(draft.applicant)
    if draft.dossier or draft.applicant in ("", drafts.SELF, drafts.OTHER) or drafts.collective_key(procedure):
        return False
    names = (q for q in plans.plan(procedure).order if q.kind == "person_name")
    named = [question for question in names if fold(draft.answers.get(question.key, "")) == name]
    if any(drafts.names_the_deceased(question) for question in named):
        return False
    people = {question.person for question in named if question.person}
    groups = {question.group for question in named if not question.person}
    born = (
        draft.answers.get(q.key, "")
        for q in plans.plan(procedure).order
        if q.detail == "born" and (q.person in people or (not q.person and q.group in groups))
    )
    return all(able(age(day, today)) for day in born if day)


def missing(draft: Draft, procedure: Procedure, ctx: Context) -> bool:
    """Whether a consent that is needed has not been given yet."""
    if not needed(draft, procedure, drafts.today_of(ctx)):
        return False
    return not opens(ctx.mandate(draft.id), draft.applicant)


def opens(mandate: MandateView | None, applicant: str) -> bool:
    """Whether this consent lets the helper go on; one that names somebody else does not."""
    return mandate is not None and mandate.status in OPENS and fold(mandate.applicant) == fold(applicant)


def begin(state: State, draft: Draft) -> Turn:
    """On to the consent, before handing in."""
    return Turn(state.at(SCREEN, dossier=draft.id), (Say("helping.needed"),))


def told(draft: Draft) -> tuple[str, str]:
    """Who the helper is to the applicant, and the helper's own name, as far as they were told."""
    as_ = next((flag.removeprefix(_AS) for flag in draft.flags if flag.startswith(_AS)), "")
    by = next((flag.removeprefix(_BY) for flag in draft.flags if flag.startswith(_BY)), "")
    return as_, by


def named(draft: Draft, procedure: Procedure) -> str:
    """The helper's own name, where the form has asked who is handing in; empty where that is the applicant."""
    asked = (q for q in plans.plan(procedure).order if q.person == "requester" and q.detail == "name")
    name = next((draft.answers[q.key] for q in asked if draft.answers.get(q.key)), "")
    return "" if fold(name) == fold(draft.applicant) else name


def tell(draft: Draft, *, relation: str = "", name: str = "") -> Draft:
    """With one of them told, or told anew."""
    before = _AS if relation else _BY
    flags = [flag for flag in draft.flags if not flag.startswith(before)]
    return replace(draft, flags=(*flags, before + (relation or name)))


def given(name: str) -> str:
    """What somebody is called by: the last part of a Vietnamese name."""
    return name.rsplit(maxsplit=1)[-1] if name.split() else name


def sentence(matter: Matter) -> str:
    """What the person helped says, or writes and signs."""
    about = {"name": matter.applicant, "helper": matter.helper, "procedure": matter.procedure}
    return text("helping.sentence", about)


def relation_words(relation: str) -> str:
    return text(f"helping.relation-{relation if relation in list(Relation) else Relation.OTHER}")


def consent_words(helper: Helper, applicant: str) -> str:
    """How and when they agreed, or that they still have to."""
    if helper.at is None:
        return text("helping.consent-waits", {"name": applicant})
    about = {"name": applicant, "phone": show_phone(helper.phone), "at": moment_words(helper.at)}
    return text(f"helping.consent-{helper.how}", about)


def fact(helper: Helper, applicant: str) -> str:
    """A line of the helper's own page of the dossier."""
    about = {"relation": relation_words(helper.relation), "consent": consent_words(helper, applicant)}
    return text("helping.fact", about)


def officer_lines(helper: Helper, applicant: str) -> list[str]:
    """For the officer who works on it: who helps, with what consent, and until when they may look."""
    about = {
        "helper": helper.name,
        "name": applicant,
        "relation": _to_officers(helper),
        "consent": consent_words(helper, applicant),
    }
    if helper.status not in OPENS:
        return [text("helping.officer-ended", about)]
    until = [text("helping.officer-until", {"until": moment_words(helper.until)})] if helper.until else []
    return [text("helping.officer", about), *until]


def _to_officers(helper: Helper) -> str:
    """Anybody can say that they are a village head."""
    if helper.relation != Relation.VILLAGE_HEAD:
        return relation_words(helper.relation)
    return text("helping.relation-known" if helper.known else "helping.relation-claimed")


def ways_in(ctx: Context) -> tuple[Button, ...]:
    """Beside one's own dossiers: for whoever helps several people, and for whoever others have handed in for."""
    selves = ("", drafts.SELF, drafts.OTHER)
    begun, handed_in = ([one.applicant for one in ctx.drafts], [one.applicant for one in ctx.dossiers])
    names = {fold(name) for name in (*begun, *handed_in) if name not in selves}
    shown = []
    if len(names) > 1 or any(one.status == Standing.EXPIRED for one in ctx.mandates):
        shown.append(Button(text("helping.people-button"), "people"))
    if ctx.helped:
        shown.append(Button(text("helping.own-button"), "helped"))
    return tuple(shown)
