"""An answer put down, with what follows from it: what is filled in by itself, said back, or remarked on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from catalogue import consistency
from catalogue.model import Procedure, Question
from conversations import drafts, form, plans
from conversations.render import button, short, text
from conversations.state import Context, Draft, Say, State, Turn
from domain.reading import calendar_of
from domain.values import show_phone

_BESIDE: frozenset[str | None] = frozenset({"name", "born", "sex", "number", "residence", "ethnicity", "nationality"})


def answer(
    state: State, draft: Draft, procedure: Procedure, question: Question, value: str, ctx: Context, *, mark: str = ""
) -> Turn:
    """One answer; an empty one passes over the question, or leaves it to an officer (`mark` "desk")."""
    changed = put(draft, procedure, {question.key: value}, ctx, mark=mark)
    if not draft.dossier and question.key == drafts.collective_key(procedure):
        changed = replace(changed, applicant=value)
    says = progress(draft, changed, procedure, ctx)
    summed = said_back(says, question.group)
    if mark == "desk":
        says = (Say("form.desk"), *says)
    elif not value:
        says = (Say("apply.skipped"), *says)
    elif not summed or question.detail == "died":
        says = (Say("apply.noted", {"value": noted(question, value)}), *says)
    return Turn(replace(state.at("draft"), draft=changed), says)


def put(draft: Draft, procedure: Procedure, answers: Mapping[str, str], ctx: Context, *, mark: str = "") -> Draft:
    """The draft with these answers and all that hangs on them."""
    marks = {key: old for key, old in draft.marks.items() if key not in answers}
    if mark:
        marks |= dict.fromkeys(answers, mark)
    asked_again = {
        f"odd:{n}" for n, rule in enumerate(procedure.consistency) if answers.keys() & {*consistency.fields(rule)}
    }
    flags = tuple(flag for flag in draft.flags if flag not in asked_again)
    changed = replace(draft, answers={**draft.answers, **answers}, marks=marks, flags=flags, pending=None)
    return changed if draft.dossier else drafts.pruned(changed, procedure, drafts.today_of(ctx))


def progress(before: Draft, after: Draft, procedure: Procedure, ctx: Context) -> tuple[Say, ...]:
    """The groups that are complete now, each said back in one message; and what the answers mean."""
    if after.dossier:
        return ()
    today = drafts.today_of(ctx)
    old = form.passed(procedure, before, today)
    new = [group for group in form.passed(procedure, after, today) if group not in old]
    says = [say for group in new if (say := summary(after, procedure, group, ctx)) is not None]
    known = drafts.remarks(before, procedure, today)
    says += [
        Say("form.remark", {"text": consistency.words(rule.text, after.answers)})
        for rule in drafts.remarks(after, procedure, today)
        if rule not in known
    ]
    return tuple(says)


def said_back(says: tuple[Say, ...], group: str) -> bool:
    """Whether this group's answers are among what is said."""
    return any(say.key == "form.group-done" and say.blanks["group"] == plans.title(group) for say in says)


def summary(draft: Draft, procedure: Procedure, group: str, ctx: Context) -> Say | None:
    """What was told in a group, with the way to change it; None where nothing was asked, or all was said before."""
    planned = plans.plan(procedure)
    told = [q for q in form.told(procedure, draft, drafts.today_of(ctx), group) if q.key not in planned.leads]
    marks = [draft.marks.get(q.key) for q in told]
    if set(marks) <= {"copied", "default"} or (len(told) == 1 and marks[0] not in form.UNASKED):
        return None
    at = planned.groups.index(group)
    edit = button("edit-group", f"edit-group:{at}:{drafts.tag(draft.id)}")
    values = "; ".join(_brief(question, draft) for question in told)
    return Say("form.group-done", {"group": plans.title(group), "values": values}, (edit,))


def show(question: Question, value: str) -> str:
    """A stored answer as people read it."""
    if question.kind == "phone" and value.startswith("+84"):
        return show_phone(value)
    return value


def noted(question: Question, value: str) -> str:
    """As it is said back; a day of death in both calendars."""
    return calendar_of(value) if question.detail == "died" else show(question, value)


def label(question: Question) -> str:
    """What an answer is, without a question mark; of somebody who has died in the words of a condolence."""
    row = plans.row_of(question.key)
    if drafts.names_the_deceased(question):
        return text("apply.label-deceased")
    words = question.short or question.label.split(" (")[0].rstrip("?")
    if question.repeatable and ": " in words:  # on paper a column says whose it is
        words = words.partition(": ")[2]
        words = words[:1].upper() + words[1:]
    return words if row == 1 else text("form.label-row", {"row": row, "label": words})


def _brief(question: Question, draft: Draft) -> str:
    """One answer among others of its group."""
    value = show(question, draft.answers.get(question.key, ""))
    if draft.marks.get(question.key) == "desk":
        return text("form.brief-desk", {"label": short(label(question), 40), "value": value}).replace("  ", " ")
    if question.detail in _BESIDE and question.kind != "choice":
        return text(f"form.brief-{question.detail}", {"value": value})
    if question.detail == "sex":
        return value
    return text("form.brief", {"label": short(label(question), 40), "value": value})
