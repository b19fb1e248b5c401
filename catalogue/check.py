"""What types cannot say: references that must exist, conditions that must make sense."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from catalogue.faults import BadCatalogue
from catalogue.model import BankAccount, Catalogue, Condition, FeeItem, Paper, Procedure, Question
from domain import vietqr

_TESTS = ("in", "not_in", "present", "not_matches", "age_lt", "age_gte")


def procedure(file: str, it: Procedure) -> None:
    """Everything that can be seen within one procedure's file."""
    _unknown(file, it)
    _distinct(file, "questions", [q.key for q in it.questions])
    _distinct(file, "papers", [p.key for p in it.papers])
    _distinct(file, "aliases", it.aliases)
    if it.valid_to is not None and it.valid_to < it.valid_from:
        raise BadCatalogue(file, "valid_to", f"expected a day from {it.valid_from} on, got {it.valid_to}")
    asked: dict[str, Question] = {}
    for n, question in enumerate(it.questions):
        _question(file, f"questions[{n}]", question, asked)
        asked[question.key] = question
    for n, paper in enumerate(it.papers):
        _paper(file, f"papers[{n}]", paper, asked)
    for n, item in enumerate(it.fee.items):
        _fee_item(file, f"fee.items[{n}]", item)
    _deadline(file, it, asked)
    if it.fee.per is not None and (it.fee.per not in asked or asked[it.fee.per].kind != "number"):
        raise BadCatalogue(file, "fee.per", f'expected the key of a number that is asked, got "{it.fee.per}"')


def _deadline(file: str, it: Procedure, asked: dict[str, Question]) -> None:
    """Days are counted from an answer; a day of the year stands for itself."""
    since = it.deadline_from
    if since is not None and (it.deadline_days is None or since not in asked or asked[since].kind != "date"):
        raise BadCatalogue(
            file, "deadline_from", f'expected the key of a date that is asked, with deadline_days, got "{since}"'
        )
    until = it.deadline_until
    if until is None:
        return
    try:
        date.fromisoformat(f"2001-{until}")  # no leap year: a day that every year has
    except ValueError:
        known = False
    else:
        known = it.deadline_days is None
    if not known:
        raise BadCatalogue(file, "deadline_until", f'expected a day as mm-dd and no deadline_days, got "{until}"')


def _unknown(file: str, it: Procedure) -> None:
    """A fact is either given or listed in `unknown`: forgotten and unknown differ."""
    given = {
        "official_name": it.official_name is not None,
        "code": it.code is not None,
        "level": it.level is not None,
        "online_mode": it.online_mode is not None,
        "fee": it.fee.amount_vnd is not None,
        "processing": it.processing.working_days is not None or it.processing.calendar_days is not None,
    }
    keys = {"fee": "fee.amount_vnd", "processing": "processing.working_days"}
    for fact, is_given in given.items():
        key = keys.get(fact, fact)
        if is_given and fact in it.unknown:
            raise BadCatalogue(file, key, f'expected no value, as "{fact}" is listed in unknown')
        if not is_given and fact not in it.unknown:
            raise BadCatalogue(file, key, f'expected a value, or "{fact}" in unknown')


def _question(file: str, key: str, it: Question, asked: dict[str, Question]) -> None:
    if (it.kind == "choice") is not bool(it.choices):
        wanted = "a list of choices" if it.kind == "choice" else "no choices, as kind is not choice"
        raise BadCatalogue(file, f"{key}.choices", f"expected {wanted}")
    _distinct(file, f"{key}.choices", it.choices)
    for name, value in (("example", it.example), ("default", it.default)):
        if it.choices and value is not None and value not in it.choices:
            raise BadCatalogue(file, f"{key}.{name}", f'expected one of {", ".join(it.choices)}, got "{value}"')
    if it.ask_when is not None:
        condition(file, f"{key}.ask_when", it.ask_when, asked)


def _paper(file: str, key: str, it: Paper, asked: dict[str, Question]) -> None:
    if not 0 <= it.min_photos <= it.max_photos:
        raise BadCatalogue(
            file, f"{key}.max_photos", f"expected at least min_photos = {it.min_photos}, got {it.max_photos}"
        )
    if it.required_when is not None:
        condition(file, f"{key}.required_when", it.required_when, asked)


def _fee_item(file: str, key: str, it: FeeItem) -> None:
    if (it.amount_vnd is None) is not bool(it.unknown):
        raise BadCatalogue(file, f"{key}.amount_vnd", 'expected either a value or unknown = ["amount_vnd"]')


def condition(file: str, key: str, it: Condition, asked: dict[str, Question]) -> None:
    """One test of an answer that is given by then, or a list of such."""
    parts = it.all if it.all is not None else it.any
    tests = [name for name in _TESTS if getattr(it, "in_" if name == "in" else name) is not None]
    if parts is not None:
        if not parts or tests or it.field is not None or (it.all is not None and it.any is not None):
            raise BadCatalogue(file, key, "expected only a filled list under `all` or `any`")
        joined = "all" if it.all is not None else "any"
        for n, part in enumerate(parts):
            condition(file, f"{key}.{joined}[{n}]", part, asked)
        return
    if it.field is None or len(tests) != 1:
        raise BadCatalogue(file, key, f"expected `field` with exactly one of {', '.join(_TESTS)}")
    question = asked.get(it.field)
    if question is None:
        raise BadCatalogue(file, f"{key}.field", f'expected a question asked earlier, got "{it.field}"')
    for value in it.in_ or it.not_in or ():
        if value not in question.choices:
            wanted = f"one of the choices of {it.field} ({', '.join(question.choices)})"
            raise BadCatalogue(file, f"{key}.{tests[0]}", f'expected {wanted}, got "{value}"')
    if tests[0].startswith("age") and question.kind != "date":
        raise BadCatalogue(file, f"{key}.{tests[0]}", f"expected {it.field} to be of kind date, not {question.kind}")
    if it.not_matches is not None:
        try:
            re.compile(it.not_matches)
        except re.error as error:
            raise BadCatalogue(file, f"{key}.not_matches", f"expected a regular expression: {error}") from error


def references(catalogue: Catalogue) -> None:
    """Every id that a file names must exist in another."""
    for it in catalogue.procedures.values():
        file = f"procedures/{it.sector}/{it.id}.toml"
        _exist(file, "related", it.related, catalogue.procedures)
        _exist(file, "life_events", it.life_events, catalogue.life_events)
        _exist(file, "sources", it.sources, catalogue.sources)
    _distinct("procedures", "seq", [str(p.seq) for p in catalogue.procedures.values()])
    _distinct("procedures", "name", [p.name for p in catalogue.procedures.values()])
    _routing(catalogue)
    _outside(catalogue)
    offices(catalogue)
    _lexicon(catalogue)
    _distinct("holidays.toml", "days_off", [str(d.on) for d in catalogue.holidays.days_off])
    for day in sorted(catalogue.holidays.off & catalogue.holidays.worked):
        raise BadCatalogue("holidays.toml", "working_days", f"expected {day} to be either off or worked")


def _routing(catalogue: Catalogue) -> None:
    codes = {e.code for e in catalogue.outside.values()}
    for n, route in enumerate(catalogue.routing.values()):
        for m, option in enumerate(route.options):
            key = f"routing[{n}].options[{m}]"
            if option.to is not None:
                _exist("routing.toml", f"{key}.to", [option.to], catalogue.procedures)
            if option.to_code is not None:
                _exist("routing.toml", f"{key}.to_code", [option.to_code], codes)
            if option.ask is not None:
                _exist("routing.toml", f"{key}.ask", [option.ask], [*catalogue.routing][n + 1 :])  # never in a circle
            if not (option.to or option.to_code or option.ask or option.answer):
                raise BadCatalogue("routing.toml", key, "expected one of to, to_code, ask, answer")


def _outside(catalogue: Catalogue) -> None:
    for n, entry in enumerate(catalogue.outside.values()):
        _exist("outside.toml", f"outside[{n}].source", [entry.source], catalogue.sources)
        if (entry.code is None) is not ("code" in entry.unknown):
            raise BadCatalogue("outside.toml", f"outside[{n}].code", 'expected either a value or "code" in unknown')


def offices(catalogue: Catalogue) -> None:
    """What types cannot say of an office's facts."""
    for n, office in enumerate(catalogue.offices.values()):
        key = f"offices[{n}]"
        if office.procedures != "all":
            _exist("offices.toml", f"{key}.procedures", office.procedures, catalogue.procedures)
        for fact in ("desk_address", "bank_account"):
            if (getattr(office, fact) is None) is not (fact in office.unknown):
                raise BadCatalogue("offices.toml", f"{key}.{fact}", f'expected either a value or "{fact}" in unknown')
        if office.remind_after_working_days < 1:
            days = office.remind_after_working_days
            raise BadCatalogue("offices.toml", f"{key}.remind_after_working_days", f"expected 1 or more, got {days}")
        if office.slot_capacity < 1:
            raise BadCatalogue(
                "offices.toml", f"{key}.slot_capacity", f"expected 1 or more, got {office.slot_capacity}"
            )
        _account(f"{key}.bank_account", office.bank_account)
        for m, season in enumerate(office.hours):
            if re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", season.starts) is None:
                raise BadCatalogue(
                    "offices.toml", f"{key}.hours[{m}].starts", f'expected a day mm-dd, got "{season.starts}"'
                )
        if not office.hours:
            raise BadCatalogue("offices.toml", f"{key}.hours", "expected at least one season")


def _account(key: str, account: BankAccount | None) -> None:
    """Money goes where this says: what is half told stops the start."""
    if account is None:
        return
    try:
        vietqr.check_account(account.bin, account.number)
    except vietqr.Unfit as error:
        raise BadCatalogue("offices.toml", key, f"expected {error}") from None
    for part in ("bank", "holder", "confirmed_by"):
        if not getattr(account, part).strip():
            raise BadCatalogue("offices.toml", f"{key}.{part}", "expected words")


def _lexicon(catalogue: Catalogue) -> None:
    """Groups in braces, ideas and procedures of signs."""
    file, it = "lexicon.toml", catalogue.lexicon
    if "nguoithan" not in it.groups:
        raise BadCatalogue(file, "groups.nguoithan", "missing, expected the words for relatives")
    for name, phrases in it.concepts.items():
        _distinct(file, f"concepts.{name}", phrases)
        for m, phrase in enumerate(phrases):
            for group in re.findall(r"\{(.*?)\}", phrase):
                if group not in it.groups:
                    raise BadCatalogue(file, f"concepts.{name}[{m}]", f'expected a group that exists, got "{group}"')
    for n, pair in enumerate(it.contraries):
        _exist(file, f"contraries[{n}]", pair, it.concepts)
    for n, sign in enumerate(it.signs):
        _exist(file, f"signs[{n}].to", [sign.to], catalogue.procedures)
        _exist(file, f"signs[{n}].all", sign.all, it.concepts)
        _exist(file, f"signs[{n}].without", sign.without, it.concepts)
        if not sign.all:
            raise BadCatalogue(file, f"signs[{n}].all", "expected at least one idea")


def _exist(file: str, key: str, ids: Sequence[str], known: Iterable[str | None]) -> None:
    known = set(known)
    for n, one in enumerate(ids):
        if one not in known:
            place = key if key.endswith(("to", "to_code", "ask", "source")) else f"{key}[{n}]"
            raise BadCatalogue(file, place, f'expected an id that exists, got "{one}"')


def _distinct(file: str, key: str, values: Sequence[str]) -> None:
    seen: set[str] = set()
    for n, value in enumerate(values):
        if value in seen:
            raise BadCatalogue(file, f"{key}[{n}]", f'expected no value twice, got "{value}" again')
        seen.add(value)
