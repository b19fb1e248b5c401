"""A clerk enters a dossier handed in at the desk or by post: a few questions, the photos, one look, one press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure, ProcessingTime
from conversations import notices, page, spoken
from conversations.cards import code_of
from conversations.entry import DIRECT, POST, Brought, EnterDossier, Entry, EntryPhoto, HoldFile
from conversations.messages import Button, File
from conversations.render import short, text
from conversations.staff_accept import asks_for_days
from conversations.staff_buttons import WANTED, button
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTalk, StaffTurn
from conversations.staff_turns import hindrance, idle, not_allowed, on
from conversations.state import Say
from domain.dossier import Status
from domain.values import Wrong, fold, parse, show_phone

WHAT: Final = "entry-what"
CHANNEL: Final = "entry-channel"
NAME: Final = "entry-name"
PHONE: Final = "entry-phone"
PHOTOS: Final = "entry-photos"
DAYS: Final = "entry-days"
REVIEW: Final = "entry-review"
SCREENS: Final = frozenset({WHAT, CHANNEL, NAME, PHONE, PHOTOS, DAYS, REVIEW})
BEGIN: Final = "ebegin"
MOST_PHOTOS: Final = 40
_SHOWN: Final = 6  # procedures to choose from, and papers to name a photo by
_READY: Final = (3, 5, 7, 10, 15, 30)
_MOST_DAYS: Final = 250


def begin(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    """`/tiepnhan`, with or without what it is about."""
    begun = _with(state, Entry(), WHAT)
    return typed(begun, rest, ctx) if rest else _ask(begun, ctx)


def press(state: StaffState, action: str, argument: str, ctx: StaffContext) -> StaffTurn:
    """A button of this conversation; an old one finds nothing to do."""
    if action == BEGIN:
        return begin(state, "", ctx)
    entry = state.talk.entry
    return _say(state, "gone") if entry is None else _PRESSES[action](state, entry, argument, ctx)


def brought(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """What was asked for again lies on the desk: once more what it is, then one press."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if Status(file.status) not in WANTED or file.held is not None:
        return StaffTurn(state, (not_allowed("status" if file.held is None else "held", file, "brought"),))
    if argument == "yes":
        return StaffTurn(idle(state), effects=(Brought(file.id),))
    procedure = ctx.procedure_of(file)
    wants = "\n".join(f"- {notices.label(procedure, want.key)}: {want.reason}" for want in file.wants)
    offered = (button("brought", file.id, "yes", label=text("entry.button-brought")), button("no", file.id))
    return _say(on(state, "menu", file.id), "brought-check", *offered, code=code_of(file), wants=wants)


def typed(state: StaffState, words: str, ctx: StaffContext) -> StaffTurn:
    """Words on one of the screens."""
    entry = state.talk.entry
    if entry is None:
        return _say(idle(state), "gone")
    match state.talk.screen:
        case "entry-what":
            return _found(state, words, ctx)
        case "entry-name":
            said = spoken.name(words)
            name = Wrong("name") if said is None else parse("person_name", said, today=ctx.now.date())
            if isinstance(name, Wrong):
                return _say(state, "name-wrong", _leave())
            return _on(state, replace(entry, name=name), ctx)
        case "entry-phone":
            if spoken.has_none(words):
                return _on(state, replace(entry, phone=""), ctx)
            number = parse("phone", spoken.phone(words), today=ctx.now.date())
            if isinstance(number, Wrong):
                return _say(state, "phone-wrong", _button("no-phone", "nophone"), _leave())
            return _on(state, replace(entry, phone=number), ctx)
        case "entry-days":
            days = int(words) if words.isdecimal() and len(words) < 4 else 0
            if not 1 <= days <= _MOST_DAYS:
                return _say(state, "days-wrong", *_days_buttons(), most=_MOST_DAYS)
            return _on(state, replace(entry, days=days), ctx)
        case "entry-photos":
            return _named(state, entry, words, ctx) or _say(state, "photos-words", *_photo_buttons(entry, ctx))
        case "entry-review":
            return _say(state, "review-words", *_review_buttons(entry, ctx))
        case _:
            return _ask(state, ctx)


def photo(state: StaffState, file: File, caption: str, ctx: StaffContext) -> StaffTurn:
    """A photo or PDF at any moment after the procedure is known; the place in the questions is kept."""
    entry = state.talk.entry
    assert entry is not None
    if len(entry.photos) >= MOST_PHOTOS:
        return _say(state, "photos-full", *_photo_buttons(entry, ctx), most=MOST_PHOTOS)
    paper = _paper_named(entry, caption, ctx)
    added = replace(entry, photos=(*entry.photos, EntryPhoto(file, paper)))
    turn = _ask(_with(state, added, state.talk.screen), ctx)
    kept = () if state.talk.screen == PHOTOS else (Say("entry.photo-kept", {"count": len(added.photos)}),)
    return replace(turn, says=(*kept, *turn.says), effects=(HoldFile(file),))


def _found(state: StaffState, words: str, ctx: StaffContext) -> StaffTurn:
    """The citizens' search; sure at once, or a few to choose from."""
    found = ctx.search.find(words[:300])
    hits = found.ranked[:1] if found.confident else found.choices or found.ranked[:_SHOWN]
    ids = [hit.id for hit in hits if hit.id in ctx.catalogue.procedures][:_SHOWN]
    if not ids:
        return _say(state, "what-none", _leave())
    if len(ids) == 1 and found.confident:
        return _what(state, state.talk.entry or Entry(), ids[0], ctx)
    buttons = [Button(short(ctx.catalogue.procedures[i].display_name), f"s:ewhat:me:{i}") for i in ids]
    return _say(state, "what-choose", *buttons, _leave())


def _what(state: StaffState, entry: Entry, argument: str, ctx: StaffContext) -> StaffTurn:
    procedure = ctx.catalogue.procedures.get(argument)
    if procedure is None:
        return _ask(_with(state, entry, WHAT), ctx)
    if not ctx.office.serves(argument):
        return _say(state, "not-here", _leave(), office=ctx.office.name)
    photos = tuple(replace(p, paper="") for p in entry.photos) if entry.procedure != argument else entry.photos
    return _on(state, replace(entry, procedure=argument, photos=photos, days=-1), ctx)


def _channel(state: StaffState, entry: Entry, argument: str, ctx: StaffContext) -> StaffTurn:
    if argument not in (DIRECT, POST):
        return _ask(state, ctx)
    return _on(state, replace(entry, channel=argument), ctx)


def _no_phone(state: StaffState, entry: Entry, _argument: str, ctx: StaffContext) -> StaffTurn:
    return _on(state, replace(entry, phone=""), ctx)


def _photos_done(state: StaffState, entry: Entry, _argument: str, ctx: StaffContext) -> StaffTurn:
    return _on(state, replace(entry, photos_done=True), ctx)


def _is(state: StaffState, entry: Entry, argument: str, ctx: StaffContext) -> StaffTurn:
    """The photos that nobody has named yet are this paper."""
    procedure = _procedure(entry, ctx)
    if procedure is None or not argument.isdecimal() or int(argument) >= len(procedure.papers):
        return _ask(state, ctx)
    paper = procedure.papers[int(argument)]
    return _put(state, entry, paper.key, page.paper_short(paper), ctx)


def _drop(state: StaffState, entry: Entry, _argument: str, ctx: StaffContext) -> StaffTurn:
    return _ask(_with(state, replace(entry, photos=entry.photos[:-1]), PHOTOS), ctx)


def _days(state: StaffState, entry: Entry, argument: str, ctx: StaffContext) -> StaffTurn:
    days = int(argument) if argument.isdecimal() and len(argument) < 4 else 0
    return _on(state, replace(entry, days=min(days, _MOST_DAYS)), ctx)


def _fix(state: StaffState, entry: Entry, argument: str, ctx: StaffContext) -> StaffTurn:
    """One thing is asked again; everything else stays."""
    if argument not in SCREENS - {REVIEW}:
        return _ask(state, ctx)
    kept = replace(entry, photos_done=False) if argument == PHOTOS else entry
    return _ask(_with(state, kept, argument), ctx)


def _leave_all(state: StaffState, _entry: Entry, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return _say(idle(state), "left")


def _enter(state: StaffState, entry: Entry, _argument: str, ctx: StaffContext) -> StaffTurn:
    """The last press, once everything is told."""
    wanted = _next(entry, ctx)
    if wanted != REVIEW:
        return _ask(_with(state, entry, wanted), ctx)
    return StaffTurn(idle(state), effects=(EnterDossier(entry),))


_PRESSES: Final[dict[str, Callable[[StaffState, Entry, str, StaffContext], StaffTurn]]] = {
    "ewhat": _what,
    "echannel": _channel,
    "enophone": _no_phone,
    "ephotos": _photos_done,
    "eis": _is,
    "edrop": _drop,
    "edays": _days,
    "efix": _fix,
    "eleave": _leave_all,
    "eenter": _enter,
}
ACTIONS: Final = frozenset({BEGIN, *_PRESSES})


def _on(state: StaffState, entry: Entry, ctx: StaffContext) -> StaffTurn:
    """To whatever is not told yet, or to the review."""
    return _ask(_with(state, entry, _next(entry, ctx)), ctx)


def _next(entry: Entry, ctx: StaffContext) -> str:
    procedure = _procedure(entry, ctx)
    if procedure is None:
        return WHAT
    steps = (
        (CHANNEL, not entry.channel),
        (NAME, not entry.name),
        (PHONE, entry.phone is None),
        (PHOTOS, not entry.photos_done),
        (DAYS, asks_for_days(procedure) and entry.days < 0),
    )
    return next((screen for screen, open_ in steps if open_), REVIEW)


def _ask(state: StaffState, ctx: StaffContext) -> StaffTurn:
    entry = state.talk.entry or Entry()
    procedure = _procedure(entry, ctx)
    match state.talk.screen:
        case "entry-channel" if procedure is not None:
            ways = (_button("direct", "channel", DIRECT), _button("post", "channel", POST))
            return _say(state, "channel", *ways, _leave(), procedure=procedure.display_name)
        case "entry-name":
            return _say(state, "name", _leave())
        case "entry-phone":
            return _say(state, "phone", _button("no-phone", "nophone"), _leave(), name=entry.name)
        case "entry-photos":
            key = "photos-more" if entry.photos else "photos"
            return _say(state, key, *_photo_buttons(entry, ctx), count=len(entry.photos))
        case "entry-days":
            return _say(state, "days", *_days_buttons())
        case "entry-review" if procedure is not None:
            return _review(state, entry, procedure, ctx)
        case _:
            return _say(_with(state, entry, WHAT), "what", _leave())


def _review(state: StaffState, entry: Entry, procedure: Procedure, ctx: StaffContext) -> StaffTurn:
    names = dict.fromkeys(page.paper_short(procedure.paper(p.paper)) for p in entry.photos if p.paper)
    key = "entry.papers-named" if names else "entry.papers"
    files = text(key, {"count": len(entry.photos), "names": "; ".join(names)})
    return _say(
        state,
        "review",
        *_review_buttons(entry, ctx),
        procedure=procedure.display_name,
        channel=text(f"entry.channel-{entry.channel}"),
        name=entry.name,
        phone=show_phone(entry.phone) if entry.phone else text("entry.phone-none"),
        papers=files if entry.photos else text("entry.papers-none"),
        due=_due(entry, procedure),
    )


def _due(entry: Entry, procedure: Procedure) -> str:
    if not asks_for_days(procedure):
        return _time(procedure.processing)
    return text("entry.due-days", {"days": entry.days}) if entry.days else text("entry.due-none")


def _time(time: ProcessingTime) -> str:
    """The law's time in few words where they are known; the day itself comes with the official code."""
    if time.same_day:
        return text("entry.due-same-day")
    if time.working_days is not None:
        return text("entry.due-days", {"days": time.working_days})
    return text("entry.due-known", {"time": time.text})


def _named(state: StaffState, entry: Entry, words: str, ctx: StaffContext) -> StaffTurn | None:
    """A paper's name typed where photos are awaited names those that have none."""
    key = _paper_named(entry, words, ctx)
    procedure = _procedure(entry, ctx)
    if not key or procedure is None or all(p.paper for p in entry.photos):
        return None
    return _put(state, entry, key, page.paper_short(procedure.paper(key)), ctx)


def _put(state: StaffState, entry: Entry, key: str, name: str, ctx: StaffContext) -> StaffTurn:
    loose = sum(not p.paper for p in entry.photos)
    photos = tuple(p if p.paper else replace(p, paper=key) for p in entry.photos)
    turn = _ask(_with(state, replace(entry, photos=photos), PHOTOS), ctx)
    return replace(turn, says=(Say("entry.photos-named", {"files": f"{loose} tệp", "paper": name}), *turn.says))


def _paper_named(entry: Entry, words: str, ctx: StaffContext) -> str:
    """The one paper whose name holds these words."""
    procedure, wanted = _procedure(entry, ctx), fold(words)
    if procedure is None or len(wanted) < 3:
        return ""
    fitting = [paper.key for paper in procedure.papers if wanted in fold(paper.name)]
    return fitting[0] if len(fitting) == 1 else ""


def _photo_buttons(entry: Entry, ctx: StaffContext) -> Sequence[Button]:
    procedure = _procedure(entry, ctx)
    if not entry.photos or procedure is None:
        return (_button("paper-only", "photos"), _leave())
    loose = any(not p.paper for p in entry.photos)
    asked = [(n, p) for n, p in enumerate(procedure.papers) if p.max_photos][:_SHOWN]
    label = "entry.button-photo-is"
    names = [Button(short(text(label, {"paper": page.paper_short(p)})), f"s:eis:me:{n}") for n, p in asked if loose]
    return (_button("photos-done", "photos"), *names, _button("drop", "drop"), _leave())


def _days_buttons() -> tuple[Button, ...]:
    ready = (Button(text("entry.button-days", {"days": days}), f"s:edays:me:{days}") for days in _READY)
    return (*ready, _button("no-days", "days", "0"), _leave())


def _review_buttons(entry: Entry, ctx: StaffContext) -> tuple[Button, ...]:
    procedure = _procedure(entry, ctx)
    fixes = [("fix-what", WHAT), ("fix-channel", CHANNEL), ("fix-name", NAME), ("fix-phone", PHONE)]
    fixes.append(("fix-photos", PHOTOS))
    if procedure is not None and asks_for_days(procedure):
        fixes.append(("fix-days", DAYS))
    return (_button("enter", "enter"), *(_button(key, "fix", screen) for key, screen in fixes), _leave())


def _procedure(entry: Entry, ctx: StaffContext) -> Procedure | None:
    return ctx.catalogue.procedures.get(entry.procedure)


def _with(state: StaffState, entry: Entry, screen: str) -> StaffState:
    return replace(state, talk=StaffTalk(screen, entry=entry))


def _button(key: str, what: str, argument: str = "") -> Button:
    return Button(text(f"entry.button-{key}"), f"s:e{what}:me" + (f":{argument}" if argument else ""))


def _leave() -> Button:
    return _button("leave", "leave")


def _say(state: StaffState, key: str, *buttons: Button, **blanks: object) -> StaffTurn:
    return StaffTurn(state, (Say(f"entry.{key}", blanks, buttons),))
