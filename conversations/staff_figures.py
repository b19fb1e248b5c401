"""/thongke: an office's figures for its officers, each with the list of dossiers behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from conversations.cards import listed, opening
from conversations.messages import Button
from conversations.public_figures import decimal_words, key_of, number_words, share
from conversations.render import short, text
from conversations.staff_buttons import Press
from conversations.staff_look_effects import NoteLooks
from conversations.staff_state import StaffContext, StaffState, StaffTurn
from conversations.staff_turns import idle, say
from domain.figures import FIGURES, Figures, Month, MonthFigures, month_in, month_of
from domain.values import moment_words

LISTED: Final = 50
_PRESSING: Final = ("late", "overdue", "answered-late", "dissatisfied")  # lists with a button of their own
ACTIONS: Final = ("figures", "lists", "list")  # of buttons that concern no one dossier
_FOR: Final = {"days": "solved", "stars": "rated"}  # lines that say nothing where there is none of these
_LINES: Final = ("received", "answered", "returned", "solved", "days", "closed", "stars")
_SHARES: Final = {"answered-in-time": "received", "on-time": "solved"}


def command(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    """This month, or the one that is named."""
    month = month_in(rest) if rest else month_of(ctx.now)
    return say(state, "shown", {"text": text("figures.staff-month")}) if month is None else _show(state, month, ctx)


def press(state: StaffState, press: Press, ctx: StaffContext) -> StaffTurn:
    """`s:figures:<month>` shows a month, `s:lists:<month>` which lists there are, `s:list:<month>:<figure>` one."""
    month = month_in(press.subject)
    if month is None or (press.action == "list" and press.argument not in FIGURES):
        return say(state, "button-old")
    if press.action == "figures":
        return _show(state, month, ctx)
    if press.action == "lists":
        return _lists(state, month, ctx)
    return _list(state, month, press.argument, ctx)


def _show(state: StaffState, month: Month, ctx: StaffContext) -> StaffTurn:
    now = month_of(ctx.now)
    if month > now:
        return _said(state, text("figures.staff-future", {"month": month.words}))
    found = ctx.figures(month)
    if found is None:
        return _said(state, text("figures.staff-practice"))
    whole = found.whole
    blanks = _blanks(whole)
    lines = [text(f"figures.staff-{line}", blanks) for line in _LINES if _FOR.get(line) is None or whole[_FOR[line]]]
    lines.append(text("figures.staff-waiting" if month == now else "figures.staff-waiting-then", blanks))
    if found.sectors:
        lines.append("\n" + text("figures.staff-sectors", {"lines": _sectors(found)}))
    until = moment_words(ctx.now) if month == now else text("figures.whole")
    about = {"month": month.words, "office": ctx.office.name, "until": until, "lines": "\n".join(lines)}
    return _said(state, text("figures.staff", about), *_buttons(month, now, whole))


def _lists(state: StaffState, month: Month, ctx: StaffContext) -> StaffTurn:
    found = ctx.figures(month)
    offered = [
        _list_button(month, name, text("figures.button-list", {"name": text(f"figures.{name}"), "count": count}))
        for name, count in (found.whole.counts if found else {}).items()
        if count
    ]
    return _said(state, text("figures.staff-which" if offered else "figures.staff-list-none"), *offered, _back(month))


def _list(state: StaffState, month: Month, name: str, ctx: StaffContext) -> StaffTurn:
    count, files = ctx.counted(month, name, LISTED)
    if not files:
        return _said(state, text("figures.staff-list-none"), _back(month))
    head = {"name": text(f"figures.{name}"), "month": month.words, "count": number_words(count)}
    lines = [text("figures.staff-list", head)]
    for number, file in enumerate(files, 1):
        lines.append(f"{number}. " + text("staff.list-line", listed(file, ctx.now)))
    if count > len(files):
        lines.append(text("figures.staff-list-more", {"count": number_words(count - len(files))}))
    shown = _said(state, "\n\n".join(lines), *opening(files), _back(month))
    return replace(shown, effects=(*shown.effects, NoteLooks(tuple(file.id for file in files), "listed")))


def _blanks(figures: Figures) -> dict[str, str]:
    shown = {name: number_words(count) for name, count in figures.counts.items()}
    for name, whole in _SHARES.items():
        if figures[whole]:
            about = {"count": shown[name], "share": share(figures[name], figures[whole])}
            shown[name] = text("figures.share", about)
    none = text("figures.none")
    mean, middle, most = figures.mean_stars, figures.median_days, figures.ninetieth_days
    return shown | {
        "rounds": number_words(figures.rounds),
        "mean": none if mean is None else text("figures.stars", {"mean": decimal_words(mean)}),
        "median": none if middle is None else text("figures.days", {"days": decimal_words(middle)}),
        "ninetieth": none if most is None else text("figures.days", {"days": most}),
    }


def _sectors(found: MonthFigures) -> str:
    def line(sector: str, figures: Figures) -> str:
        counts: Mapping[str, str] = {name: number_words(count) for name, count in figures.counts.items()}
        return text("figures.staff-sector", {"sector": sector, **counts})

    return "\n".join(f"- {line(sector, figures)}" for sector, figures in sorted(found.sectors.items()))


def _buttons(month: Month, now: Month, figures: Figures) -> list[Button]:
    offered = [
        _list_button(month, name, text(f"figures.button-{name}", {"count": figures[name]}))
        for name in _PRESSING
        if figures[name]
    ]
    if any(figures.counts.values()):
        offered.append(Button(text("figures.button-others"), f"s:lists:{key_of(month)}"))
    offered += [_back(month.plus(step)) for step in (-1, 1) if month.plus(step) <= now]
    return offered


def _list_button(month: Month, name: str, label: str) -> Button:
    return Button(short(label), f"s:list:{key_of(month)}:{name}")


def _back(month: Month) -> Button:
    return Button(text("figures.button-month", {"month": month.words}), f"s:figures:{key_of(month)}")


def _said(state: StaffState, words: str, *buttons: Button) -> StaffTurn:
    return say(idle(state), "shown", {"text": words}, *buttons)
