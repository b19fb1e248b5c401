"""Commands of officers: /tim, /hoso, /homnay, /lichhen, /tien, /quahan, /vang, /comat, /trogiup.

Slash and accents are optional. With a slash only: /lienhe, /web, /phien, and of the head /moi, /nhom, /roinhom, /so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from conversations import (
    staff_closure,
    staff_contact,
    staff_entry,
    staff_figures,
    staff_phone,
    staff_prove,
    staff_sessions,
    staff_slips,
    staff_transfers,
    staff_visit,
)
from conversations.cards import (
    code_of,
    dossier_card,
    listed,
    opening,
    opening_calls,
    owner_words,
    person_words,
    sign,
    status_words,
)
from conversations.practice_state import MakePractice
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_look_effects import NoteLooks
from conversations.staff_state import (
    CallFile,
    DossierFile,
    InviteOfficer,
    LeaveGroup,
    MakeGroupCode,
    MarkAbsent,
    Officer,
    StaffContext,
    StaffState,
    StaffTurn,
)
from conversations.staff_turns import cause, idle, owns, say
from conversations.state import Say
from domain.codes import find_official_code, find_tracking_code, is_part, looks_like_code, looks_like_part, show, solid
from domain.dossier import BALL_WITH_CITIZEN, FINAL, Role, Status
from domain.figures import month_in
from domain.values import fold

_ALONE: Final = {  # words that are a command only when nothing follows
    "homnay": "homnay",
    "hom nay": "homnay",
    "lichhen": "lichhen",
    "lich hen": "lichhen",
    "tien": "tien",
    "thongke": "thongke",
    "thong ke": "thongke",
    "quahan": "quahan",
    "qua han": "quahan",
    "cuatoi": "cuatoi",
    "cua toi": "cuatoi",
    "viec cua toi": "cuatoi",
    "vang": "vang",
    "comat": "comat",
    "co mat": "comat",
    "trogiup": "trogiup",
    "tro giup": "trogiup",
    "huong dan": "trogiup",
    "help": "trogiup",
    "menu": "trogiup",
    "start": "trogiup",
    "hoso": "hoso",
    "ho so": "hoso",
    "tim": "tim",
    "thoi": "thoi",
    "tiepnhan": "tiepnhan",
    "nhan ho so": "tiepnhan",
    "nhan ho so tai ban": "tiepnhan",
    "huy": "thoi",
}
_SLASHED: Final = {
    "moi": "moi",
    "nhom": "nhom",
    "roinhom": "roinhom",
    "so": "so",
    "dongcua": "dongcua",
    "mocua": "mocua",
    "tapluyen": "tapluyen",
    "lienhe": "lienhe",
    "xacso": "xacso",
    "tracuunhatky": "guesses",
    "web": "web",
    "phien": "phien",
}  # commands only with a slash
_LINES: Final = 30  # of one list; nobody reads more on a phone
_UNHAPPY: Final = 4
LEAVING: Final = frozenset(word for word, name in _ALONE.items() if name == "thoi")
_LEADING: Final = {"tim": "tim", "hoso": "hoso", "ho so": "hoso", "thong ke": "thongke", "thongke": "thongke"}


def command(words: str) -> tuple[str, str] | None:
    """The command and what follows it; None when the words are none.

    With a slash whatever follows belongs to it. Without, "tìm Hoa" is a search and "hồ sơ K7P4…" opens one, but
    other commands stand alone: people begin sentences with such words.
    """
    first, _, rest = words.partition(" ")
    if first.startswith("/"):
        name = fold(first.removeprefix("/").partition("@")[0])
        return _SLASHED.get(name) or _ALONE.get(name, "la"), rest.strip()
    folded = fold(words)
    if folded in _ALONE:
        return _ALONE[folded], ""
    for lead, name in _LEADING.items():
        if folded.startswith(lead + " "):
            rest = " ".join(words.split()[len(lead.split()) :])
            if name == "thongke":
                return (name, rest) if month_in(rest) else None
            meant = code_in(rest) or looks_like_code(rest) or looks_like_part(rest)
            return (name, rest) if name == "tim" or meant else None
    return None


def run(state: StaffState, name: str, rest: str, ctx: StaffContext) -> StaffTurn:
    return _COMMANDS[name](state, rest, ctx)


def code_in(words: str) -> str | None:
    return find_tracking_code(words) or find_official_code(words)


def _find(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    if not rest:
        return say(state, "find-what")
    found = ctx.find(rest[:200])
    if not found:
        return say(state, "find-none", {"words": rest[:200]})
    head = text("staff.find", {"words": rest[:200], "count": len(found)})
    return _searched(state, head, found, ctx)


def _searched(state: StaffState, head: str, found: Sequence[DossierFile], ctx: StaffContext) -> StaffTurn:
    return _list(state, head, _lines(found, ctx), found)


def _lines(found: Sequence[DossierFile], ctx: StaffContext) -> list[str]:
    """What tells the found ones apart."""
    lines = [
        {
            "sign": sign(file, ctx.now),
            "code": code_of(file),
            "procedure": file.procedure_name,
            "person": person_words(file, ctx.procedure_of(file)),
            "status": status_words(file),
            "owner": owner_words(file.owner),
        }
        for file in found
    ]
    return [text("staff.find-line", line) for line in lines]


def open_dossier(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    """The card, for this officer alone, by any of the dossier's codes, or by the beginning or end of one."""
    if not rest:
        return say(state, "which-dossier")
    wanted = code_in(rest)
    if wanted is not None:
        file = ctx.dossier(wanted)
        return show_card(state, file, ctx) if file else say(state, "not-found")
    opened = open_by_part(state, rest, ctx)
    if opened is not None:
        return opened
    if looks_like_code(rest):
        return say(state, "code-wrong")
    return say(state, "part-none", {"part": solid(rest)}) if looks_like_part(rest) else say(state, "not-found")


def open_by_part(state: StaffState, words: str, ctx: StaffContext) -> StaffTurn | None:
    """The card where one dossier's code begins or ends so, a list where several do; None where none does."""
    if not looks_like_part(words):
        return None
    part = solid(words)
    found = [file for file in ctx.find(part) if is_part(part, file.tracking_code, file.official_code)]
    if len(found) == 1:
        return show_card(state, found[0], ctx)
    head = text("staff.part", {"part": part, "count": len(found)})
    return _searched(state, head, found, ctx) if found else None


def show_card(state: StaffState, file: DossierFile, ctx: StaffContext) -> StaffTurn:
    """Closes the open screen: what is typed next must not land in another dossier's decision."""
    card = dossier_card(file, ctx.procedure_of(file), ctx.now)
    mine = file.owner is None or owns(file, state.officer) or state.officer.role == Role.HEAD
    closed = (button("slips", file.id),) if Status(file.status) in FINAL else ()  # its papers are wanted for years
    line, phone = staff_phone.page(file, ctx) if mine else ("", ())
    shown = say(idle(state), "shown", {"text": card.text + line}, *((*phone, *card.buttons, *closed) if mine else ()))
    return replace(shown, effects=(*shown.effects, NoteLooks((file.id,), "opened")))


def _today(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """What the day wants, and behind it whom to telephone."""
    return staff_phone.behind(_wanted_today(state, ctx), ctx)


def _wanted_today(state: StaffState, ctx: StaffContext) -> StaffTurn:
    """The head also sees who was not satisfied and still waits for an answer: few, and before all else."""
    files = ctx.today()
    calls = ctx.unhappy()[:_UNHAPPY] if state.officer.role == Role.HEAD else ()
    if not calls:
        return _listed(state, "today", files, ctx)
    head = text("staff.today", {"count": len(files)}) if files else text("staff.today-none")
    head += "\n" + text("staff.today-unhappy", {"count": len(calls)})
    lines = [text("staff.unhappy-line", {"code": show(call.dossier), "about": call.about}) for call in calls]
    return _list(state, head, [*lines, *_dossier_lines("today", files, ctx)], files, calls)


def _overdue(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    return _listed(state, "overdue", ctx.overdue(), ctx)


def _mine(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """What waits for the citizen comes last."""
    return _listed(state, "mine", sorted(ctx.mine(), key=lambda file: file.status in BALL_WITH_CITIZEN), ctx)


def _listed(state: StaffState, key: str, files: Sequence[DossierFile], ctx: StaffContext) -> StaffTurn:
    if not files:
        return say(state, f"{key}-none")
    head = text(f"staff.{key}", {"count": len(files)})
    return _list(state, head, _dossier_lines(key, files, ctx), files)


def _dossier_lines(key: str, files: Sequence[DossierFile], ctx: StaffContext) -> list[str]:
    lines = [listed(file, ctx.now) for file in files]
    line_key = "staff.mine-line" if key == "mine" else "staff.list-line"
    return [text(line_key, line) for line in lines]


def _list(
    state: StaffState,
    head: str,
    lines: Sequence[str],
    files: Sequence[DossierFile],
    calls: Sequence[CallFile] = (),
) -> StaffTurn:
    """Calls stand before dossiers, so that a typed number means the button of that number. Who was shown is noted."""
    numbered = [f"{number}. {line}" for number, line in enumerate(lines[:_LINES], 1)]
    if len(lines) > _LINES:
        numbered.append(text("staff.list-more", {"count": len(lines) - _LINES}))
    offered = (*opening_calls(calls), *opening(files, len(calls) + 1))
    shown = say(state, "shown", {"text": "\n\n".join([head, *numbered])}, *offered)
    return replace(shown, effects=(*shown.effects, NoteLooks(tuple(file.id for file in files[:_LINES]), "listed")))


def _absent(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    return _mark(state, rest, ctx, absent=True)


def _present(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    return _mark(state, rest, ctx, absent=False)


def _mark(state: StaffState, rest: str, ctx: StaffContext, *, absent: bool) -> StaffTurn:
    """Oneself, or, for the head, a colleague by any part of the name that fits only one."""
    meant = _meant(rest, state.officer, ctx.colleagues)
    if meant is None:
        names = ", ".join(officer.name for officer in ctx.colleagues)
        return say(state, "which-colleague", {"names": names})
    if meant.id != state.officer.id and state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    return cause(state, MarkAbsent(meant.id, absent))


def _meant(rest: str, speaker: Officer, colleagues: Sequence[Officer]) -> Officer | None:
    wanted = fold(rest)
    if not wanted:
        return speaker
    fitting = [officer for officer in colleagues if f" {wanted} " in f" {fold(officer.name)} "]
    return fitting[0] if len(fitting) == 1 else None


def _invite(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    """A colleague, or with no name oneself, such as for one's own messenger."""
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    meant = _meant(rest, state.officer, ctx.colleagues)
    if meant is None:
        names = ", ".join(officer.name for officer in ctx.colleagues)
        return say(state, "which-colleague", {"names": names})
    return cause(state, InviteOfficer(meant.id))


def _group(state: StaffState, rest: str, _ctx: StaffContext) -> StaffTurn:
    """A code; what is typed with one belongs into the group, and who takes it there looks after it."""
    if rest:
        return say(state, "group-code-there", {"code": rest[:80]})
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    return cause(state, MakeGroupCode())


def _leave_group(state: StaffState, _rest: str, _ctx: StaffContext) -> StaffTurn:
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    return cause(state, LeaveGroup())


def _help(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    offered = (button(name, "me", kind="s") for name in ("today", "mine", "overdue", "ebegin"))
    some = {"contact": text("staff.help-contact") + "\n" if ctx.own_channels or ctx.own_ways() else ""}
    if state.officer.role != Role.HEAD:
        return say(state, "help", some, *offered)
    both = "\n".join((text("staff.help", some), text("staff.help-head")))
    return say(state, "shown", {"text": both}, *offered)


def _practise(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """Invented dossiers, where nothing real can be mistaken for them."""
    if not ctx.office.practice:
        return StaffTurn(state, (Say("practice.not-here"),))
    return cause(state, MakePractice())


def _unknown(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """A mistyped command: said so, with the commands that there are."""
    known = _help(state, "", ctx)
    return replace(known, says=(Say("staff.command-unknown"), *known.says))


def _cancel(state: StaffState, _rest: str, _ctx: StaffContext) -> StaffTurn:
    return say(idle(state), "cancelled" if state.talk.screen else "nothing-open")


_COMMANDS: Final[dict[str, Callable[[StaffState, str, StaffContext], StaffTurn]]] = {
    "tim": _find,
    "hoso": open_dossier,
    "homnay": _today,
    "lichhen": staff_visit.today,
    "tien": staff_transfers.listed,
    "quahan": _overdue,
    "vang": _absent,
    "comat": _present,
    "trogiup": _help,
    "cuatoi": _mine,
    "la": _unknown,
    "thoi": _cancel,
    "moi": _invite,
    "nhom": _group,
    "roinhom": _leave_group,
    "thongke": staff_figures.command,
    "so": staff_slips.ledger,
    "tiepnhan": staff_entry.begin,
    "dongcua": staff_closure.begin,
    "mocua": staff_closure.reopen,
    "tapluyen": _practise,
    "lienhe": staff_contact.begin,
    "xacso": staff_prove.begin,
    "guesses": staff_prove.guesses,
    "web": staff_sessions.link,
    "phien": staff_sessions.listed,
}
