"""The officer's list of those to telephone, the line that says how the newest news went, and how a call went."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from conversations.cards import MOST
from conversations.messages import Button
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_look_effects import NoteLooks
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance
from conversations.state import Say
from conversations.told_state import LastNews, Telephoned
from domain.values import moment_words, show_phone

REACHED, MISSED = "rang", "norang"
_PHONE: Final = "phone"


def behind(shown: StaffTurn, ctx: StaffContext) -> StaffTurn:
    """After the day's list, for one officer: whom to telephone, and about what. That it was shown is noted."""
    count, waiting = ctx.to_phone(MOST)
    if not count:
        return shown
    lines = [text("staff-phone.section", {"count": count})]
    for number, one in enumerate(waiting, 1):
        about = {"number": number, "code": one.code, "procedure": one.procedure, **_who(one.name, one.phone)}
        lines.append(text("staff-phone.section-line", about | {"why": _why(one.news)}))
    if count > len(waiting):
        lines.append(text("staff-phone.section-more", {"count": count - len(waiting)}))
    opens = [
        button("open", one.dossier, label=text("staff-phone.opening", {"number": number, "code": one.code}))
        for number, one in enumerate(waiting, 1)
    ]
    said = Say("staff.shown", {"text": "\n".join(lines)}, tuple(opens))
    noted = {dossier for effect in shown.effects if isinstance(effect, NoteLooks) for dossier in effect.dossiers}
    looked = NoteLooks(tuple(one.dossier for one in waiting if one.dossier not in noted), "listed")
    return replace(shown, says=(*shown.says, said), effects=(*shown.effects, looked))


def page(file: DossierFile, ctx: StaffContext) -> tuple[str, tuple[Button, ...]]:
    """What stands beneath a dossier that one officer has opened: nothing where its news just arrived."""
    news = ctx.news(file.id)
    if news is None or not news.far:
        return "", ()
    lines = [_line(news)]
    if news.status != _PHONE:
        return "\n\n" + lines[0], ()
    name, phone = ctx.whom(file.id)
    lines.append(text("staff-phone.who" if phone else "staff-phone.who-none", _who(name, phone)))
    lines.append(text("staff-phone.words", {"words": news.words}))
    return "\n\n" + "\n".join(lines), (button(REACHED, file.id), button(MISSED, file.id))


def reached(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return _went(state, file, reached=True)


def missed(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return _went(state, file, reached=False)


def _went(state: StaffState, file: DossierFile, *, reached: bool) -> StaffTurn:
    refused = hindrance(file, state.officer)
    return StaffTurn(state, (refused,)) if refused else cause(state, Telephoned(file.id, reached))


def _who(name: str, phone: str) -> dict[str, str]:
    return {"name": name, "phone": show_phone(phone) if phone else text("staff-phone.no-number")}


def _line(news: LastNews) -> str:
    about = {"channel": text(f"where.channel-{news.channel or 'none'}"), "at": moment_words(news.at)}
    key = news.status
    if key == _PHONE:
        key += "-stopped" if news.stopped else "-silent" if news.silent else ""
    return text(f"staff-phone.line-{key}", about)


def _why(news: LastNews) -> str:
    key = "stopped" if news.stopped else "silent" if news.silent else "missed"
    return text(f"staff-phone.why-{key}", {"at": moment_words(news.at)})
