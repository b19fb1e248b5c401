"""What the conversation about a form needs: who is asked about, what leads away, which answers must agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from catalogue import check
from catalogue.conditions import first_questions
from catalogue.consistency import blanks
from catalogue.faults import BadCatalogue
from catalogue.model import Catalogue, Consistency, Detail, Procedure, Question, QuestionKind, Same

LONGEST_ASK: Final = 160
LONGEST_SHORT: Final = 40
MOST_FIRST: Final = 3

_EXAMPLES: Final = ("ví dụ", "vd:", "vd ", "chẳng hạn", "e.g")
_KINDS: Final[Mapping[Detail, QuestionKind]] = {
    "name": "person_name",
    "born": "date",
    "sex": "choice",
    "number": "id_number",
    "residence": "address",
    "phone": "phone",
    "ethnicity": "ethnicity",
    "nationality": "nationality",
    "hometown": "address",
    "birthplace": "address",
    "died": "date",
    "issued": "date",
    "issuer": "text",
    "current": "address",
}
_TESTS: Final = ("before", "within_days", "differ", "age")


def procedure(file: str, it: Procedure) -> None:
    """Everything that can be seen within one procedure's file."""
    asked: dict[str, Question] = {}
    for n, question in enumerate(it.questions):
        _question(file, f"questions[{n}]", question, asked)
        asked[question.key] = question
    _distinct_details(file, it)
    for n, same in enumerate(it.same):
        check.condition(file, f"same[{n}].when", same.when, asked)
        _same(file, f"same[{n}]", same, it)
    for n, detour in enumerate(it.detours):
        check.condition(file, f"detours[{n}].when", detour.when, asked)
        _sentence(file, f"detours[{n}].text", detour.text, {}, "?.")
    first = [question.key for question in first_questions(it)]
    if len(first) > MOST_FIRST:
        raise BadCatalogue(
            file, "detours", f"expected at most {MOST_FIRST} questions to be asked first, got {', '.join(first)}"
        )
    for n, rule in enumerate(it.consistency):
        _consistency(file, f"consistency[{n}]", rule, asked)
    if it.co_signer is not None:
        _keys(file, "co_signer.names", it.co_signer.names, asked, dates=False)
        _keys(file, "co_signer.shown", it.co_signer.shown, asked, dates=False)
        if it.co_signer.when is not None:
            check.condition(file, "co_signer.when", it.co_signer.when, asked)


def references(catalogue: Catalogue) -> None:
    """Every procedure that another leads to must exist."""
    for it in catalogue.procedures.values():
        others = catalogue.procedures.keys() - {it.id}
        led = {f"detours[{n}].to": detour.to for n, detour in enumerate(it.detours)} | {"follow_up": it.follow_up}
        for key, to in led.items():
            if to is not None and to not in others:
                file = f"procedures/{it.sector}/{it.id}.toml"
                raise BadCatalogue(file, key, f'expected the id of another procedure, got "{to}"')


def _question(file: str, key: str, it: Question, asked: dict[str, Question]) -> None:
    if it.ask is not None:
        _ask(file, f"{key}.ask", it.ask)
    if it.short is not None and not 0 < len(it.short) <= LONGEST_SHORT:
        raise BadCatalogue(file, f"{key}.short", f"expected 1 to {LONGEST_SHORT} letters, got {len(it.short)}")
    if it.detail is not None:
        if it.person is None:
            raise BadCatalogue(file, f"{key}.detail", "expected `person` beside it")
        if it.kind != _KINDS[it.detail]:
            raise BadCatalogue(file, f"{key}.detail", f"expected kind {_KINDS[it.detail]} for it, not {it.kind}")
    for n, case in enumerate(it.follows):
        check.condition(file, f"{key}.follows[{n}].when", case.when, asked)
        if it.choices and case.value not in it.choices:
            wanted = f'expected one of {", ".join(it.choices)}, got "{case.value}"'
            raise BadCatalogue(file, f"{key}.follows[{n}].value", wanted)


def _ask(file: str, key: str, ask: str) -> None:
    """Short, plain, and without an example: that is shown beside it anyway."""
    _sentence(file, key, ask, {}, "?.")
    if len(ask) > LONGEST_ASK:
        raise BadCatalogue(file, key, f"expected at most {LONGEST_ASK} letters, got {len(ask)}")
    found = next((word for word in _EXAMPLES if word in ask.lower()), None)
    if found is not None:
        raise BadCatalogue(file, key, f'expected no "{found}": examples stand under `example`')


def _sentence(file: str, key: str, text: str, asked: Mapping[str, Question], ends: str) -> None:
    for blank in blanks(text):
        if blank not in asked:
            raise BadCatalogue(file, key, f"expected the key of a question in {{{blank}}}")
    if not text.endswith(tuple(ends)):
        raise BadCatalogue(file, key, f"expected a sentence that ends with {' or '.join(ends)}")


def _distinct_details(file: str, it: Procedure) -> None:
    seen: set[tuple[str, Detail]] = set()
    for n, question in enumerate(it.questions):
        if question.person is None or question.detail is None:
            continue
        pair = (question.person, question.detail)
        if pair in seen:
            raise BadCatalogue(file, f"questions[{n}].detail", f"expected {pair[1]} of {pair[0]} to be asked only once")
        seen.add(pair)


def _same(file: str, key: str, it: Same, of: Procedure) -> None:
    details: dict[str, set[str]] = {}
    for question in of.questions:
        if question.person is not None:
            details.setdefault(question.person, set()).add(question.detail or "")
    for name, person in (("person", it.person), ("is", it.is_)):
        if person not in details:
            raise BadCatalogue(file, f"{key}.{name}", f'expected a person of a question, got "{person}"')
    if it.person == it.is_ or not (details[it.person] & details[it.is_]) - {""}:
        raise BadCatalogue(file, key, f"expected two persons who share a detail, not {it.person} and {it.is_}")


def _consistency(file: str, key: str, it: Consistency, asked: dict[str, Question]) -> None:
    if it.when is not None:
        check.condition(file, f"{key}.when", it.when, asked)
    _sentence(file, f"{key}.text", it.text, asked, "." if it.tell else "?")
    ages = it.age_from is not None or it.age_to is not None
    given = (it.before is not None, it.within_days is not None, it.differ is not None, ages)
    tests = [name for name, is_given in zip(_TESTS, given, strict=True) if is_given]
    if len(tests) > 1 or not (tests or it.when):
        raise BadCatalogue(file, key, "expected one of before, within_days, differ, age_from/age_to, or only when")
    test = tests[0] if tests else "when"
    if (it.field is not None) is not (test in {"within_days", "age"}):
        raise BadCatalogue(file, f"{key}.field", "expected it with within_days or age_from/age_to, and only there")
    if (it.years is not None or it.below is not None) and it.before is None:
        raise BadCatalogue(file, key, "expected years and below only beside before")
    _range(file, f"{key}.below", it.years, it.below)
    _range(file, f"{key}.age_to", it.age_from, it.age_to)
    _keys(file, f"{key}.{test}", it.before or it.differ or tuple(filter(None, (it.field,))), asked, dates=not it.differ)


def _range(file: str, key: str, least: int | None, most: int | None) -> None:
    if least is not None and most is not None and most <= least:
        raise BadCatalogue(file, key, f"expected more than {least}, got {most}")


def _keys(file: str, key: str, keys: Sequence[str], asked: dict[str, Question], *, dates: bool) -> None:
    for one in keys:
        question = asked.get(one)
        if question is None or question.repeatable:
            raise BadCatalogue(file, key, f'expected a question that is asked once, got "{one}"')
        if dates and question.kind not in {"date", "text"}:  # a year is a text on some forms
            raise BadCatalogue(file, key, f"expected {one} to be of kind date, not {question.kind}")
    if len(set(keys)) < len(keys):
        raise BadCatalogue(file, key, "expected two different questions")
