"""Papers that not everybody has: asked about all together, behind one question."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.model import Paper
from conversations import drafts, page, spoken, unsorted
from conversations.messages import Button
from conversations.render import button, short, text
from conversations.state import Context, Draft, Say, State, Turn


def ask(draft: Draft, step: drafts.Choose) -> tuple[Say, ...]:
    """Which of them there is; or what a photo is that was sent in reply, or earlier."""
    end = drafts.tag(draft.id)
    none = button("none-more", f"none:{end}")
    lines = "\n".join(_line(paper) for paper in step.papers)
    loose = unsorted.sent(draft)
    if loose:
        use = tuple(_button(paper, "use", draft) for paper in step.papers)
        drop = button("drop-unsorted", f"drop-unsorted:{end}", {"sent": unsorted.counted(loose)})
        about = {"sent": unsorted.counted(loose), "lines": lines}
        return (Say("papers.which-is-it", about, (*use, none, drop, "back")),)
    offered = tuple(_button(paper, "paper", draft) for paper in step.papers)
    begun = any(d.paper not in (drafts.UNSORTED, drafts.READING) for d in draft.documents)
    key = "papers.choose-more" if begun or draft.skipped or draft.finished else "papers.choose"
    return (Say(key, {"lines": lines}, (none, *offered, "back")),)


def give(state: State, arg: str, ctx: Context) -> Turn:
    """This one there is: it is asked for."""
    here = _choosing(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, step = here
    key = arg.partition(":")[0]
    if all(paper.key != key for paper in step.papers):
        return Turn(state, (Say("common.old-button"),))
    return Turn(replace(state.at("draft", changing=key), draft=draft))


def none(state: State, arg: str, ctx: Context) -> Turn:
    """None of those that are left."""
    here = _choosing(state, f":{arg}", ctx)
    if isinstance(here, Turn):
        return here
    return _none(state, *here)


def words(state: State, draft: Draft, step: drafts.Choose, typed: str) -> Turn:
    """Words where a paper is to be chosen: "không có", "hết rồi" end it."""
    if spoken.has_none(typed) or spoken.is_all(typed):
        return _none(state, draft, step)
    return Turn(state, (Say("papers.choose-words"),))


def chosen(draft: Draft, paper: Paper) -> bool:
    """Whether a paper that is asked for was picked here, and nothing was sent for it yet."""
    return not draft.dossier and drafts.optional(paper) and not drafts.documents(draft, paper.key)


def passed(draft: Draft, item: drafts.Ask | drafts.Give) -> bool:
    """Whether it is asked about here, and not by itself."""
    return isinstance(item, drafts.Give) and chosen(draft, item.paper)


def _none(state: State, draft: Draft, step: drafts.Choose) -> Turn:
    passed = tuple(paper.key for paper in step.papers if paper.key not in draft.skipped)
    return Turn(replace(state.at("draft"), draft=replace(draft, skipped=(*draft.skipped, *passed))))


def _choosing(state: State, arg: str, ctx: Context) -> tuple[Draft, drafts.Choose] | Turn:
    here = drafts.open_draft(state, ctx, arg)
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    step = drafts.step(state.at("draft"), draft, procedure, drafts.today_of(ctx))
    if isinstance(step, drafts.Choose):
        return draft, step
    return Turn(state.at("draft"), (Say("common.old-button"),))


def _line(paper: Paper) -> str:
    """Its name, and why it may be passed over."""
    why = (paper.condition or "").split(". ")[0].split("; ")[0]
    if drafts.filled_here(paper):
        why = text("papers.why-form")
    elif paper.replaceable_by_data:
        why = text("papers.why-held")
    line = text("papers.choose-line", {"paper": page.paper_short(paper)})
    return f"{line} ({_lower(why.rstrip('.'))})" if why else line


def _lower(why: str) -> str:
    """Within a sentence; an abbreviation stays."""
    return why if why[1:2].isupper() else why[:1].lower() + why[1:]


def _button(paper: Paper, head: str, draft: Draft) -> Button:
    return Button(short(page.paper_short(paper)), f"{head}:{paper.key}:{drafts.tag(draft.id)}")
