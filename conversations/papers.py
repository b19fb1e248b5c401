"""Papers: photos and PDFs, one paper at a time, however they arrive."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.model import Paper, Procedure
from conversations import drafts, gate, page, spoken, unsorted, upload, verdicts
from conversations.messages import Button
from conversations.render import button, text
from conversations.state import Context, Document, Draft, Say, State, Turn


def ask(state: State, draft: Draft, procedure: Procedure, paper: Paper, ctx: Context) -> tuple[Say, ...]:
    """For its first photo, for the next one, for one again that is poor, or for patience."""
    given, poor = drafts.documents(draft, paper.key), gate.poor_ones(draft, paper.key)
    end = f"{paper.key}:{drafts.tag(draft.id)}"
    blanks = {
        "place": _place(draft, procedure, paper, ctx),
        "paper": page.paper_short(paper),
        "hint": paper.hint,
        "condition": paper.condition or "",
        "reason": next((want.reason for want in draft.wants if want.key == paper.key), ""),
        "sent": unsorted.counted(given),
        "poor": unsorted.counted(poor),
        "clear": verdicts.clear(given),
        "side": gate.side_wanted(draft, paper) or f"{max(1, paper.min_photos) - len(given)} ảnh",
    }
    use = unsorted.offer(draft, paper)
    skip = (button("skip", f"skip:{end}"),) if _skippable(draft, paper) else ()
    full, redo = drafts.enough(draft, paper), _redo(given, end)
    ways = upload.buttons(draft, paper.key, ctx)
    if poor:
        over = (button("without-poor", f"done:{end}"),) if full else ()
        anyway = button("anyway", f"anyway:{end}")
        return (Say("papers.poor-left", blanks, (anyway, *over, *(() if full else skip), *ways, "call")),)
    done = (button("done", f"done:{end}"),) if full else ()
    if gate.waiting(draft, paper.key):
        return (Say("papers.looking", blanks, (*done, *use, *redo)),)
    if given and full:
        key = "papers.full-ask" if len(given) >= paper.max_photos else "papers.more"
        return (Say(key, blanks, (*done, *use, *redo)),)
    if given:
        return (Say("papers.more-needed", blanks, (*use, *redo, *skip)),)
    wait = () if skip or use or draft.dossier or state.talk.changing else ("later",)  # it may be at home
    keep = (button("keep", f"keep:{drafts.tag(draft.id)}"),) if state.talk.changing and not skip else ()
    return (Say(_key(draft, paper), blanks, (*use, *skip, *keep, *ways, *wait, "back")),)


def words(state: State, draft: Draft, paper: Paper, typed: str) -> Turn:
    """Words where a photo is awaited: "không có" passes over where that is allowed, "hết rồi" ends a paper."""
    blanks = {"paper": page.paper_short(paper)}
    end = f"{paper.key}:{drafts.tag(draft.id)}"
    full = drafts.enough(draft, paper)
    if full and spoken.is_all(typed):
        return _on(state, gate.finished(draft, paper.key))
    if gate.poor_ones(draft, paper.key) or gate.waiting(draft, paper.key):
        return Turn(state)
    if full:
        return Turn(state, (Say("papers.done-awaited", blanks, (button("done", f"done:{end}"), "call")),), ask=False)
    if _skippable(draft, paper):
        if spoken.has_none(typed):
            return _skipped(state, draft, paper)
        buttons = (button("skip", f"skip:{end}"), "back", "call")
        return Turn(state, (Say("papers.photo-awaited-skip", blanks, buttons),), ask=False)
    if spoken.has_none(typed):
        return _needed(state, paper)
    return Turn(state, (Say("papers.photo-awaited", blanks, ("back", "call")),), ask=False)


def anyway(state: State, arg: str, ctx: Context) -> Turn:
    """Poor photos are used all the same; the officer sees that."""
    here = drafts.open_draft(state, ctx, arg)
    key = arg.partition(":")[0]
    poor = gate.poor_ones(here[0], key) if here is not None else ()
    if here is None or not poor:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    draft = gate.kept(draft, procedure, [d.id for d in poor])
    changing = "" if key in draft.finished and state.talk.changing == key else state.talk.changing
    return Turn(replace(state.at("draft", changing=changing), draft=draft), (Say("papers.used"),))


def done(state: State, arg: str, ctx: Context) -> Turn:
    """The last photo of this paper has been sent."""
    here = _current(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, paper = here
    if not drafts.enough(draft, paper):
        return Turn(state, (Say("papers.not-enough"),))
    return _on(state, gate.finished(draft, paper.key))


def skip(state: State, arg: str, ctx: Context) -> Turn:
    here = _current(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, paper = here
    if not _skippable(draft, paper):
        return _needed(state, paper)
    return _skipped(state, draft, paper)


def use(state: State, arg: str, ctx: Context) -> Turn:
    """What was sent before it was asked for is this paper."""
    here = _current(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, paper = here
    if not unsorted.fitting(draft, paper):
        return Turn(state, (Say("common.old-button"),))
    put = unsorted.assigned(state, draft, paper)
    assert put.draft is not None
    given = drafts.documents(put.draft, paper.key)
    about = {"paper": page.paper_short(paper), "sent": unsorted.counted(given), "clear": verdicts.clear(given)}
    return Turn(put, (Say("papers.kept", about),) if paper.key in put.draft.finished else ())


def drop_unsorted(state: State, arg: str, ctx: Context) -> Turn:
    """What was put with no paper is taken away."""
    here = drafts.open_draft(state, ctx, f":{arg}")
    if here is None or not unsorted.sent(here[0]):
        return Turn(state, (Say("common.old-button"),))
    draft, _ = here
    said = Say("papers.removed", {"sent": unsorted.counted(unsorted.sent(draft))})
    return Turn(replace(state.at("draft"), draft=unsorted.dropped(draft)), (said,))


def redo(state: State, arg: str, ctx: Context) -> Turn:
    """All photos of this paper are taken away."""
    return _removed(state, arg, ctx, whole=True)


def drop(state: State, arg: str, ctx: Context) -> Turn:
    """The last photo of this paper is taken away."""
    return _removed(state, arg, ctx, whole=False)


def _current(state: State, arg: str, ctx: Context) -> tuple[Draft, Paper] | Turn:
    """The paper a button is about, if it is the one being asked."""
    here = drafts.open_draft(state, ctx, arg)
    key = arg.partition(":")[0]
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    if isinstance(step, drafts.Give) and step.paper.key == key:
        return draft, step.paper
    chosen = next((p for p in step.papers if p.key == key), None) if isinstance(step, drafts.Choose) else None
    if chosen is not None:
        return draft, chosen
    given = any(p.key == key and drafts.done(draft, p) for p in procedure.papers)
    return Turn(state.at("draft"), (Say("papers.done-already" if given else "common.old-button"),))


def _removed(state: State, arg: str, ctx: Context, *, whole: bool) -> Turn:
    here = _current(state, arg, ctx)
    if isinstance(here, Turn):
        return here
    draft, paper = here
    sent = drafts.documents(draft, paper.key)
    away = sent if whole else sent[-1:]
    gone = {d.id for d in away}
    draft = gate.without(draft, gone)
    draft = replace(draft, finished=tuple(k for k in draft.finished if k != paper.key))
    return Turn(replace(state, draft=draft), (Say("papers.removed", {"sent": unsorted.counted(away)}),))


def _redo(given: tuple[Document, ...], end: str) -> tuple[Button, ...]:
    """Takes the last photo away, or all of them; none where there is none."""
    if not given:
        return ()
    if len(given) == 1:
        again = "redo-file" if given[0].media_type == unsorted.PDF else "redo"
        return (button(again, f"redo:{end}"),)
    last = "drop-last-file" if given[-1].media_type == unsorted.PDF else "drop-last"
    return (button(last, f"drop:{end}"), button("redo-all", f"redo:{end}"))


def _skippable(draft: Draft, paper: Paper) -> bool:
    """What the office asked for again is not passed over."""
    return not draft.dossier and drafts.may_skip(paper)


def _needed(state: State, paper: Paper) -> Turn:
    """A way on for somebody who does not have it: later, or with an officer's help."""
    return Turn(state, (Say("papers.needed", {"paper": page.paper_short(paper)}, ("later", "call")),), ask=False)


def _skipped(state: State, draft: Draft, paper: Paper) -> Turn:
    skipped = _on(state, replace(draft, skipped=_with(draft.skipped, paper.key)))
    sent = drafts.documents(draft, paper.key)  # what was sent already is not thrown away
    about = {"paper": page.paper_short(paper), "sent": unsorted.counted(sent)}
    said = Say("papers.left" if sent else "papers.skipped", about)
    return replace(skipped, says=(said,))


def _on(state: State, draft: Draft) -> Turn:
    return Turn(replace(state.at("draft"), draft=draft))


def _with(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return keys if key in keys else (*keys, key)


def _key(draft: Draft, paper: Paper) -> str:
    if draft.dossier:
        return "papers.give-wanted"
    if drafts.filled_here(paper):
        return "papers.give-form"
    if paper.replaceable_by_data:
        return "papers.give-held"
    return "papers.give-optional" if drafts.may_skip(paper) else "papers.give"


def _place(draft: Draft, procedure: Procedure, paper: Paper, ctx: Context) -> str:
    """Which of the papers that are needed, where there are several."""
    todo = [i for i in drafts.items(draft, procedure, drafts.today_of(ctx)) if isinstance(i, drafts.Give)]
    keys = [drafts.key_of(i) for i in todo if draft.dossier or not drafts.optional(i.paper)]
    counted = paper.key in keys and len(keys) > 1
    number = {"place": f"{keys.index(paper.key) + 1}/{len(keys)}"} if counted else None
    return (text("papers.place", number) if number else text("papers.place-other")) + ": "
