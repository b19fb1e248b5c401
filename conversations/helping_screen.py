"""Asking for the consent of the person helped: who the helper is, then a code, a voice, a signed sheet, or the desk."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from conversations import apply, drafts, helping, menu, photos, spoken
from conversations.effects import CheckDocument
from conversations.helping import SCREEN, Matter
from conversations.helping_effects import AskConsent, KeepConsent, ReadOutCode, SettleConsent
from conversations.messages import Button, ContactShared, DocumentChecked, Event, FileSent, TextSent, Unsupported
from conversations.render import button, text
from conversations.state import Context, Draft, MandateView, Say, State, Turn
from domain.helping import ENDED, Relation, Standing, Way
from domain.values import Wrong, fold, moment_words, parse, phone

VOICE: Final = "audio/"
_CODE: Final = re.compile(r"\d{6}")
_WORDS: Final = {
    Relation.VILLAGE_HEAD: ("truong thon", "to truong", "truong xom", "truong ban", "can bo thon"),
    Relation.RELATIVE: ("nguoi nha", "con", "chau", "vo", "chong", "anh", "chi", "em", "bo", "me", "ba", "ong"),
    Relation.OTHER: ("nguoi quen", "hang xom", "ban"),
}


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """The next thing that the consent needs; once it is there, the draft's own question."""
    matter = _matter(state, ctx)
    if matter is None:
        return menu.ask(state, ctx)
    mandate = ctx.mandate(matter.owner)
    if helping.opens(mandate, matter.applicant):
        return _given(state, matter, mandate, ctx)
    if not matter.relation:
        buttons = [_own(f"as-{one}", f"help-as:{one}:{_end(matter)}") for one in Relation]
        return (Say("helping.who", _blanks(matter), (*buttons, "back")),)
    if not matter.helper:
        known = _known(ctx)
        offered = (Button(known, f"help-name:{_end(matter)}"),) if known else ()
        return (Say("helping.name", _blanks(matter), (*offered, "back")),)
    other = _own("way-other", f"help-way:other:{_end(matter)}")
    match state.talk.changing:
        case "phone":
            return (Say("helping.phone", _blanks(matter), (other,), "phone"),)
        case Way.VOICE:
            return (Say("helping.voice", _blanks(matter), (other, "later")),)
        case Way.SHEET if mandate is not None and mandate.status == Standing.CHECKING:
            return (Say("helping.sheet-looking", {}, (other,)),)
        case Way.SHEET:
            return (Say("helping.sheet", _blanks(matter), (other, "later")),)
        case "ways":
            return (_ways(matter, ctx),)
        case _ if mandate is not None and mandate.status == Standing.ASKED:
            again = _own("code-again", f"help-way:again:{_end(matter)}")
            return (Say("helping.code", {**_blanks(matter), "phone": mandate.phone}, (again, other, "later")),)
        case _:
            return (_ways(matter, ctx),)


def answer(state: State, event: Event, ctx: Context) -> Turn:  # noqa: PLR0911 - one for each thing that is asked
    """Words, a voice or a photo on this screen."""
    matter = _matter(state, ctx)
    if matter is None:
        return Turn(state.at("menu"), (Say("helping.gone"),))
    mandate = ctx.mandate(matter.owner)
    if helping.opens(mandate, matter.applicant):
        return apply.answer(state.at("draft"), event, ctx) if matter.draft is not None else Turn(state.at("menu"))
    if isinstance(event, FileSent):
        return _file(state, matter, event, ctx)
    if isinstance(event, ContactShared) and state.talk.changing == "phone":
        return _phone(state, matter, event.phone)
    if not isinstance(event, TextSent):
        return Turn(state)
    if not matter.relation:
        meant = next((one for one, words in _WORDS.items() if any(_says(w, event.text) for w in words)), None)
        return _choose(state, ctx) if meant is None else _told(state, matter, relation=meant)
    if not matter.helper:
        return _named(state, matter, event.text, ctx)
    if state.talk.changing == "phone":
        return _phone(state, matter, event.text)
    if state.talk.changing in (Way.VOICE, Way.SHEET):
        return Turn(state, (Say(f"helping.{state.talk.changing}-awaited", _blanks(matter)),))
    if mandate is not None and mandate.status == Standing.ASKED and state.talk.changing != "ways":
        code = re.sub(r"[\s.-]", "", event.text)
        if _CODE.fullmatch(code):
            return Turn(state, (), (ReadOutCode(matter.owner, code),))
        if spoken.yes_or_no(event.text) is False:
            return refuses(state, matter)
        return Turn(state, (Say("helping.code-words"),))
    return _choose(state, ctx)


def takes(state: State, event: Event) -> bool:
    """Whether a voice is awaited here: everywhere else it is no use to us."""
    here = state.talk.screen == SCREEN and state.talk.changing == Way.VOICE
    return here and isinstance(event, FileSent) and event.file.media_type.startswith(VOICE)


def meant(state: State, event: Event) -> Event:
    """A voice message is a file only where one is awaited; everywhere else it is what we have no use for.

    A sound that somebody attached as a file of its own has a name, and is left alone.
    """
    voice = isinstance(event, FileSent) and event.file.media_type.startswith(VOICE) and not event.file.name
    return Unsupported("voice") if voice and not takes(state, event) else event


def as_(state: State, arg: str, ctx: Context) -> Turn:
    """Who they are to the person helped."""
    matter, what = _here(state, arg, ctx)
    if matter is None or what not in list(Relation):
        return Turn(state, (Say("common.old-button"),))
    return _told(state, matter, relation=what)


def name(state: State, arg: str, ctx: Context) -> Turn:
    """Their own name, as their own forms know it."""
    matter, _ = _here(state, f":{arg}", ctx)
    known = _known(ctx)
    if matter is None or not known:
        return Turn(state, (Say("common.old-button"),))
    return _told(state, matter, name=known)


def way(state: State, arg: str, ctx: Context) -> Turn:
    """How the person is to be asked."""
    matter, what = _here(state, arg, ctx)
    if matter is None or not (matter.relation and matter.helper):
        return Turn(state, (Say("common.old-button"),))
    mandate = ctx.mandate(matter.owner)
    if helping.opens(mandate, matter.applicant):
        return Turn(_stage(state, matter, ""))
    match what:
        case Way.CODE if ctx.codes_by_phone:
            return Turn(_stage(state, matter, "phone"))
        case "again" if mandate is not None and mandate.status == Standing.ASKED:
            return Turn(_stage(state, matter, ""), (), (AskConsent(*_asked(matter), phone=""),))
        case Way.VOICE | Way.SHEET:
            return Turn(_stage(state, matter, what))
        case Way.DESK if matter.draft is not None:
            effect = AskConsent(matter.owner, Way.DESK, matter.helper, matter.relation)
            return Turn(_stage(state, matter, ""), (), (effect,))
        case "refuses":
            return refuses(state, matter)
        case "other":
            return Turn(_stage(state, matter, "ways"))
        case _:
            return Turn(state, (Say("common.old-button"),))


def refuses(state: State, matter: Matter) -> Turn:
    """They do not want it: it is not handed in."""
    discard = button("discard", f"discard:{_end(matter)}")
    ways = (discard, "later") if matter.draft is not None else ("menu",)
    return Turn(state, (Say("helping.refuses", _blanks(matter), ways),), ask=False)


def again(state: State, arg: str, ctx: Context) -> Turn:
    """A consent that has run out is asked for anew."""
    mandate = ctx.mandate(arg)
    if mandate is None or mandate.status != Standing.EXPIRED or not mandate.handed_in:
        return Turn(state, (Say("helping.gone"),))
    return Turn(state.at(SCREEN, dossier=mandate.owner, changing="ways"))


def checked(state: State, event: DocumentChecked, ctx: Context) -> Turn | None:
    """The photo of a signed sheet was looked at; None where it is no such photo."""
    apart = state.draft is None or all(event.document != d.id for d in state.draft.documents)
    mandate = ctx.mandate(event.document) if event.document and apart else None
    if mandate is None or mandate.id != event.document or mandate.status != Standing.CHECKING:
        return None
    finding = event.finding
    hard = [p for p in finding.problems if p not in finding.soft] if finding is not None else []
    good = event.verdict == "ok" and not hard
    here = state.talk.screen == SCREEN and _owner(state) == mandate.owner and not ctx.call_open
    effects = (SettleConsent(mandate.id, good),)
    if good:
        return Turn(state, (), effects, ask=here)
    said = Say("helping.sheet-poor", {"name": mandate.applicant}, files=(event.marked,) if event.marked else ())
    return Turn(state, (said,), effects, ask=here)


def _given(state: State, matter: Matter, mandate: MandateView | None, ctx: Context) -> tuple[Say, ...]:
    """That it is there, and the way on."""
    until = moment_words(mandate.until) if mandate is not None and mandate.until is not None else ""
    about = {**_blanks(matter), "until": until, "desk": ctx.office(state.person.office).desk}
    if matter.draft is None:
        return (Say("helping.renewed", about, (button("open-dossier", f"d:{matter.owner}"), "menu")),)
    waits = mandate is not None and mandate.status == Standing.AT_DESK
    how = mandate.how if mandate is not None else ""
    given = (
        f"helping.given-{how}" if how in (Way.VOICE, Way.SHEET) else "helping.given"
    )  # an officer hears, reads later
    said = Say("helping.at-desk" if waits else given, about)
    return (said, apply.ask(state.at("draft"), ctx)[-1])  # of the review the pledge: the rest was read just now


def _ways(matter: Matter, ctx: Context) -> Say:
    possible = [Way.CODE] if ctx.codes_by_phone else []
    possible += [Way.VOICE, Way.SHEET]
    possible += [Way.DESK] if matter.draft is not None else []
    lines = "".join(text(f"helping.line-{one}", _blanks(matter)) + "\n" for one in possible)
    buttons = [_own(f"way-{one}", f"help-way:{one}:{_end(matter)}") for one in possible]
    no = _own("way-refuses", f"help-way:refuses:{_end(matter)}")
    key = "helping.ways" if matter.draft is not None else "helping.ways-again"
    return Say(key, {**_blanks(matter), "lines": lines}, (*buttons, no, "back"))


def _file(state: State, matter: Matter, event: FileSent, ctx: Context) -> Turn:
    """A voice where one is awaited, or the photo of a signed sheet."""
    stage = state.talk.changing
    if stage == Way.VOICE:
        if not event.file.media_type.startswith(VOICE) or event.file.size == 0:
            return Turn(state, (Say("helping.voice-awaited", _blanks(matter)),))
        kept = KeepConsent(ctx.fresh, *_asked(matter, Way.VOICE), file=event.file)
        return Turn(_stage(state, matter, ""), (), (kept,))
    if stage != Way.SHEET:
        return Turn(state, (Say("misfit.file-nowhere-draft"),))
    if event.file.media_type not in photos.ACCEPTED:
        return Turn(state, (Say("papers.wrong-type"),))
    if event.file.size == 0:
        return Turn(state, (Say("misfit.empty-file"),))
    kept = KeepConsent(ctx.fresh, *_asked(matter, Way.SHEET), file=event.file)
    return Turn(state, (), (kept, CheckDocument(kept.id, event.file)))


def _phone(state: State, matter: Matter, typed: str) -> Turn:
    number = phone(typed)
    if number is None:
        return Turn(state, (Say("helping.phone-wrong"),))
    return Turn(_stage(state, matter, ""), (), (AskConsent(*_asked(matter), phone=number),))


def _named(state: State, matter: Matter, typed: str, ctx: Context) -> Turn:
    said = spoken.name(typed)
    found = Wrong("name-missing") if said is None else parse("person_name", said, today=drafts.today_of(ctx))
    if isinstance(found, Wrong):
        return Turn(state, (Say(f"wrong.{found.key}"),))
    if fold(found) == fold(matter.applicant):
        return Turn(state, (Say("helping.name-same", _blanks(matter)),))
    return _told(state, matter, name=found)


def _told(state: State, matter: Matter, *, relation: str = "", name: str = "") -> Turn:
    if matter.draft is None:
        return Turn(state, (Say("common.old-button"),))
    draft = helping.tell(matter.draft, relation=relation, name=name)
    return Turn(replace(_stage(state, matter, ""), draft=draft))


def _choose(state: State, ctx: Context) -> Turn:
    return Turn(state, (Say("common.choose", {}, ask(state, ctx)[-1].buttons),), ask=False)


def _here(state: State, arg: str, ctx: Context) -> tuple[Matter | None, str]:
    """The matter that a button is about, and what it says; none where it is another one's."""
    what, _, end = arg.rpartition(":")
    draft = state.draft
    if state.talk.screen != SCREEN and draft is not None and drafts.tag(draft.id) == end:
        state = state.at(SCREEN, dossier=draft.id)
    matter = _matter(state, ctx)
    return (matter if matter is not None and _end(matter) == end else None), what


def _matter(state: State, ctx: Context) -> Matter | None:
    """The draft that waits for a consent, or the dossier whose consent has run out."""
    owner = _owner(state)
    draft: Draft | None = state.draft if state.draft is not None and state.draft.id == owner else None
    if draft is not None:
        procedure = drafts.procedure_of(draft, ctx)
        if procedure is None or not helping.needed(draft, procedure, drafts.today_of(ctx)):
            return None
        relation, by = helping.told(draft)
        by = by or helping.named(draft, procedure)
        return Matter(owner, draft.applicant, procedure.display_name, by, relation, draft)
    mandate = ctx.mandate(owner) if owner else None
    if mandate is None or not mandate.handed_in or (mandate.status in ENDED and mandate.status != Standing.EXPIRED):
        return None
    return Matter(owner, mandate.applicant, mandate.procedure, mandate.helper, mandate.relation)


def _owner(state: State) -> str:
    return state.talk.dossier or (state.draft.id if state.draft is not None else "")


def _stage(state: State, matter: Matter, stage: str) -> State:
    return state.at(SCREEN, dossier=matter.owner, changing=stage)


def _asked(matter: Matter, how: str = Way.CODE) -> tuple[str, str, str, str]:
    return matter.owner, how, matter.helper, matter.relation


def _blanks(matter: Matter) -> dict[str, object]:
    return {
        "name": matter.applicant,
        "helper": matter.helper,
        "procedure": matter.procedure,
        "sentence": helping.sentence(matter),
    }


def _known(ctx: Context) -> str:
    """The helper's own name, as an earlier form of theirs has it."""
    return next((one.fields.get("name", "") for one in ctx.people if one.own), "")


def _end(matter: Matter) -> str:
    return drafts.tag(matter.owner)


def _own(key: str, value: str) -> Button:
    return Button(text(f"helping.{key}"), value)


def _says(words: str, typed: str) -> bool:
    said = fold(typed)
    return said == words or said.startswith((f"{words} ", f"la {words}", f"toi la {words}"))
