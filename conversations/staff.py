"""An officer's turn: presses under cards, replies to cards, commands, and what is typed on an open screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from conversations import (
    staff_accept,
    staff_closure,
    staff_collect,
    staff_commands,
    staff_consent,
    staff_contact,
    staff_correct,
    staff_cosigner,
    staff_decide,
    staff_draft,
    staff_entry,
    staff_extend,
    staff_faults,
    staff_figures,
    staff_instead,
    staff_linked,
    staff_menu,
    staff_money,
    staff_newly,
    staff_phone,
    staff_portal,
    staff_post,
    staff_prove,
    staff_result,
    staff_sessions,
    staff_slips,
    staff_steps,
    staff_talk,
    staff_transfers,
    staff_visit,
)
from conversations.cards import code_of
from conversations.messages import (
    Button,
    ContactShared,
    DocumentChecked,
    Edited,
    Event,
    FileSent,
    Message,
    PaperSent,
    PictureUsed,
    Pressed,
    Started,
    TextSent,
    TimeCame,
    Unsupported,
)
from conversations.render import message
from conversations.staff_buttons import Press, button, read
from conversations.staff_state import (
    Claim,
    DossierFile,
    GiveBack,
    PassTo,
    SendBundle,
    ShowPapers,
    StaffContext,
    StaffState,
    StaffTurn,
    TakeBack,
    TakeOver,
    TellNow,
)
from conversations.staff_turns import cause, hindrance, hold, idle, not_allowed, on, owns, say
from conversations.state import Say
from domain.codes import looks_like_code
from domain.dossier import FINAL, Forward, Role, Status
from domain.values import LONGEST, clean, fold

_FREE: Final = frozenset(
    {"say", "code", "fix", "due", "extend-to", "phone-remark", staff_entry.PHONE, staff_entry.DAYS}
)  # screens on which a number is no choice
_KINDS: Final = frozenset({"empty-file", "too-large"})


def turn(state: StaffState, event: Event, ctx: StaffContext) -> StaffTurn:
    """What one event of an officer leads to; what they may press next is kept for typed labels and numbers."""
    if state.talk.screen == "album" and not (isinstance(event, FileSent) and event.album == state.talk.key):
        state = idle(state)  # the album has ended; what comes now is not meant for the citizen
    after = _turn(state, event, ctx)
    offered = tuple(b for said in after.says for b in said.buttons if isinstance(b, Button))
    if not offered and after.state.talk.screen:
        offered = state.talk.offered
    return replace(after, state=replace(after.state, talk=replace(after.state.talk, offered=offered)))


def words(said: StaffTurn, ctx: StaffContext) -> tuple[Message, ...]:  # noqa: ARG001 - as in the citizens' engine
    """The messages for this officer alone."""
    return tuple(message(say) for say in said.says)


def _turn(state: StaffState, event: Event, ctx: StaffContext) -> StaffTurn:
    match event:
        case Pressed(value):
            return _pressed(state, value, ctx)
        case TextSent(typed, reply_to):
            return _typed(state, clean(typed), ctx.card_at(reply_to) if reply_to else "", ctx)
        case FileSent(file, caption, album, reply_to):
            card = ctx.card_at(reply_to) if reply_to else ""
            if card:
                return staff_talk.reply(state, card, clean(caption), file, ctx, album)
            if state.talk.screen in staff_entry.SCREENS:
                return staff_entry.photo(state, file, clean(caption), ctx)
            if state.talk.screen not in ("say", "album"):
                return say(state, "file-alone")
            return staff_talk.typed(state, clean(caption), file, ctx, album)
        case ContactShared():
            return say(state, "unsupported")
        case Unsupported(kind):
            return say(state, f"unsupported-{kind}" if kind in _KINDS else "unsupported")
        case Edited():
            return say(state, "edited")
        case Started():
            return staff_commands.run(state, "trogiup", "", ctx)
        case DocumentChecked(document, verdict) if verdict != "ok" or not document:
            return StaffTurn(state, (Say("entry.file-bad" if document else "staff.file-lost"),))
        case DocumentChecked() | TimeCame() | PaperSent() | PictureUsed():
            return StaffTurn(state)


def _typed(state: StaffState, typed: str, card: str, ctx: StaffContext) -> StaffTurn:
    if not typed:
        return say(state, "empty")
    if card and not typed.startswith("/"):
        return staff_talk.reply(state, card, typed, None, ctx)
    pressed = _label(state, typed)
    if pressed:
        return _pressed(state, pressed, ctx)
    if state.talk.screen and fold(typed) in staff_commands.LEAVING:
        return staff_commands.run(state, "thoi", "", ctx)
    if typed.startswith("/") or not state.talk.screen:
        found = staff_commands.command(typed)
        if found:
            return staff_commands.run(state, *found, ctx)
    if state.talk.screen:
        return _on_screen(state, typed, ctx)
    if staff_commands.code_in(typed) or looks_like_code(typed):
        return staff_commands.open_dossier(state, typed, ctx)
    opened = staff_commands.open_by_part(state, typed, ctx)
    return opened or say(state, "not-understood", {}, button("help", "me", kind="s"))


def _label(state: StaffState, typed: str) -> str:
    """The value of the button whose label or number was typed."""
    offered = state.talk.offered
    number = typed.isdecimal() and typed[0] != "0" and state.talk.screen not in _FREE  # 0001 is the end of a code
    if number and 1 <= int(typed) <= len(offered):
        return offered[int(typed) - 1].value
    return next((b.value for b in offered if fold(b.label) == fold(typed)), "")


def _on_screen(state: StaffState, typed: str, ctx: StaffContext) -> StaffTurn:
    """Free words where a screen waits for them."""
    talk = state.talk
    if talk.screen == "say":
        return staff_talk.typed(state, typed, None, ctx, "")
    if talk.screen in APART:
        return APART[talk.screen](state, typed, ctx)
    file = ctx.dossier(talk.dossier)
    if file is None:
        return say(idle(state), "not-found")
    if len(typed) > LONGEST:
        return say(state, "too-long", {"most": LONGEST}, button("no", file.id))
    match talk.screen:
        case "why":
            return staff_decide.reasoned(state, file, talk.key, typed, ctx)
        case "more-why":
            return staff_faults.because(state, file, typed, ctx)
        case "fix":
            return staff_correct.typed(state, file, typed, ctx)
        case "forward":
            return hold(state, file, Forward(typed))
        case "due":
            return staff_accept.typed(state, file, typed)
        case screen if screen in TYPED:
            return TYPED[screen](state, file, typed, ctx)
        case _:
            leave = button("no", file.id)  # with the choice once more, so that a number still means what it did
            return say(state, "press-a-button", {}, *(talk.offered if leave in talk.offered else (leave,)))


def _pressed(state: StaffState, value: str, ctx: StaffContext) -> StaffTurn:
    press = read(value)
    if press is None:
        return say(state, "button-old", {}, button("help", "me", kind="s"))
    if press.kind == "s":
        if press.action in staff_entry.ACTIONS:
            return staff_entry.press(state, press.action, press.argument, ctx)
        if press.action in staff_closure.ACTIONS:
            return staff_closure.press(state, press.action, press.argument, ctx)
        if press.action in staff_figures.ACTIONS:
            return staff_figures.press(state, press, ctx)
        if press.action in staff_transfers.ACTIONS:
            return staff_transfers.press(state, press, ctx)
        if press.action in staff_contact.ACTIONS:
            return staff_contact.press(state, press, ctx)
        if press.action in staff_prove.ACTIONS:
            return staff_prove.press(state, press, ctx)
        if press.action in staff_sessions.ACTIONS:
            return staff_sessions.press(state, press, ctx)
        name = {"today": "homnay", "overdue": "quahan", "mine": "cuatoi", "present": "comat", "money": "tien"}.get(
            press.action, "trogiup"
        )
        return staff_commands.run(state, name, "", ctx)
    if press.kind == "c":
        return staff_talk.call_press(state, press, ctx)
    return _dossier_press(state, press, ctx)


def _dossier_press(state: StaffState, press: Press, ctx: StaffContext) -> StaffTurn:
    act = ACTIONS.get(press.action)
    file = ctx.dossier(press.subject)
    if act is None:
        return say(state, "button-old", {}, button("help", "me", kind="s"))
    if file is None:
        return say(state, "not-found")
    return act(state, file, press.argument, ctx)


def _claim(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    officer = state.officer
    if Status(file.status) in FINAL:
        return StaffTurn(state, (not_allowed("final", file),))
    if officer.absent:
        return StaffTurn(state, (not_allowed("absent", file),))
    if file.owner is not None and not owns(file, officer):
        return StaffTurn(state, (not_allowed("not-owner", file),))
    return cause(state, Claim(file.id))


def _take(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (not_allowed("head-only", file),))
    if Status(file.status) in FINAL:
        return StaffTurn(state, (not_allowed("final", file),))
    return cause(state, TakeOver(file.id))


def _give(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    if not owns(file, state.officer):
        return say(state, "not-yours", {"code": code_of(file)})
    return cause(state, GiveBack(file.id))


def _pass(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """To whom; then it is theirs."""
    if not owns(file, state.officer) and state.officer.role != Role.HEAD:
        return StaffTurn(state, (not_allowed("not-owner" if file.owner else "not-claimed", file),))
    if Status(file.status) in FINAL:
        return StaffTurn(state, (not_allowed("final", file),))
    owner = file.owner.id if file.owner else ""
    present = [officer for officer in ctx.colleagues if not officer.absent and officer.id != owner]
    if any(officer.id == argument for officer in present):
        return cause(state, PassTo(file.id, argument))
    if not present:
        return say(state, "pass-nobody")
    offered = [button("pass", file.id, officer.id, label=officer.name) for officer in present]
    state = on(state, "pass", file.id)
    return say(state, "pass", {"code": code_of(file)}, *offered, button("no", file.id))


def _papers(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """For whoever works on it: others have no need to see them."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    return StaffTurn(state, effects=(ShowPapers(file.id),))


def _originals(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """One paper's files as the citizen sent them, without anything done to them."""
    refused = hindrance(file, state.officer)
    return StaffTurn(state, (refused,)) if refused else StaffTurn(state, effects=(ShowPapers(file.id, argument),))


def _bundle(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """The whole dossier as one PDF, or one paper of it, for whoever works on it."""
    refused = hindrance(file, state.officer)
    return StaffTurn(state, (refused,)) if refused else StaffTurn(state, effects=(SendBundle(file.id, argument),))


def _undo(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return _held(state, file) or cause(state, TakeBack(file.id))


def _now(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return _held(state, file) or cause(state, TellNow(file.id))


def _held(state: StaffState, file: DossierFile) -> StaffTurn | None:
    """Only who holds the dossier changes what is held; that nothing is, is said by who looks it up."""
    mine = owns(file, state.officer) or state.officer.role == Role.HEAD
    if mine or file.owner is None:
        return None
    return StaffTurn(state, (not_allowed("not-owner", file),))


def _open(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    return staff_commands.show_card(state, file, ctx)


def _no(state: StaffState, _file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return say(idle(state), "cancelled")


# Screens on which free words are awaited, and who takes them.
APART: Final[dict[str, Callable[[StaffState, str, StaffContext], StaffTurn]]] = {  # screens of no dossier
    staff_transfers.SCREEN: staff_transfers.typed,
    **dict.fromkeys(staff_entry.SCREENS, staff_entry.typed),
    **dict.fromkeys(staff_closure.SCREENS, staff_closure.typed),
    **dict.fromkeys(staff_contact.SCREENS, staff_contact.typed),
}
TYPED: Final[dict[str, Callable[[StaffState, DossierFile, str, StaffContext], StaffTurn]]] = {
    "instead": staff_instead.typed,
    "extend-why": staff_extend.reasoned,
    "extend-to": staff_extend.typed,
    "phone-remark": staff_draft.remarked,
    "newly": staff_newly.because,
    "code": staff_collect.typed,
    **dict.fromkeys(staff_money.TYPED, staff_money.typed),
    **dict.fromkeys(staff_post.TYPED, staff_post.typed),
    staff_portal.CODE: staff_portal.typed,
    staff_linked.WHY: staff_linked.typed,
}
ACTIONS: Final[dict[str, Callable[[StaffState, DossierFile, str, StaffContext], StaffTurn]]] = {
    "brought": staff_entry.brought,
    "claim": _claim,
    "take": _take,
    "give": _give,
    "pass": _pass,
    "papers": _papers,
    "raw": _originals,
    "bundle": _bundle,
    "portal": staff_portal.menu,
    "archive": staff_portal.archive,
    "pcode": staff_portal.code,
    "pstate": staff_portal.status,
    "parts": staff_linked.parts,
    "part": staff_linked.part,
    "menu": staff_menu.menu,
    "open": _open,
    "undo": _undo,
    "now": _now,
    "no": _no,
    "accept": staff_accept.accept,
    "refuse": staff_decide.refuse,
    "stop": staff_decide.stop,
    "back": staff_decide.back,
    "because": staff_decide.because,
    "hand": staff_decide.hand,
    "send": staff_decide.send,
    "done": staff_linked.done,
    "redate": staff_decide.done,
    "missed": staff_visit.missed,
    "invite": staff_decide.invite,
    "unsigned": staff_decide.unsigned,
    "process": staff_steps.process,
    "sign": staff_steps.present,
    "instead": staff_instead.ask,
    "place": staff_instead.chosen,
    "extend": staff_extend.extend,
    "extendto": staff_extend.until,
    "sort": staff_result.sort,
    "draft": staff_result.explain,
    staff_phone.REACHED: staff_phone.reached,
    staff_phone.MISSED: staff_phone.missed,
    "silent": staff_draft.silent,
    "phoned": staff_draft.phoned,
    "newly": staff_newly.begin,
    "signed": staff_cosigner.at_desk,
    "consent": staff_consent.heard,
    "unhelp": staff_consent.ended,
    "slips": staff_slips.choose,
    "fee": staff_money.begin,
    "charge": staff_money.begin,
    "till": staff_money.till,
    "owe": staff_money.owe,
    "refund": staff_money.refund,
    "post": staff_post.begin,
    "postage": staff_post.postage,
    "nopost": staff_post.decline,
    "sent": staff_post.sent,
    "arrived": staff_post.arrived,
    "returned": staff_post.came_back,
    "forward": staff_decide.forward,
    "elsewhere": staff_decide.elsewhere,
    "more": staff_faults.begin,
    "answers": staff_faults.show_answers,
    "listed": staff_faults.listed,
    "tick": staff_faults.tick,
    "why": staff_faults.why,
    "review": staff_faults.review,
    "fix": staff_correct.begin,
    "which": staff_correct.which,
    "value": staff_correct.value,
    "answer": staff_talk.begin,
    "end": staff_talk.end,
}
