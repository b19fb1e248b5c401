"""What the data files say, as frozen types; each type refuses keys it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

import msgspec

from catalogue.slips import Slips
from domain.clock import Policy, Term
from domain.spelling import Spelling

Confidence = Literal["high", "medium", "low"]
Status = Literal["active", "renamed", "replaced", "merged", "uncertain"]
CommuneRole = Literal["decides", "receives-and-forwards", "not-applicable-here"]
Intake = Literal["full", "collect-then-appointment", "collect-and-forward", "collective-intake", "info"]
Collection = Literal["in-person", "authorised", "anyone"]  # who may collect: only the applicant; others with a paper
Channel = Literal["truc-tuyen", "buu-chinh", "truc-tiep"]
PaperKind = Literal["form", "original", "copy", "photo-id"]
QuestionKind = Literal[
    "text", "date", "person_name", "id_number", "phone", "address", "choice", "number", "ethnicity", "nationality"
]
Prefill = Literal["cccd.number", "cccd.full_name", "cccd.dob", "cccd.sex", "cccd.address"]
Fact = Literal["official_name", "code", "level", "online_mode", "fee", "processing", "papers", "questions", "status"]
OfficeFact = Literal["name", "address", "desk_address", "phones", "agency_id", "hours", "bank_account", "aliases"]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Defaults stay out of the stored JSON, so a new optional field changes no hash."""


class Condition(Data, frozen=True, kw_only=True):
    """One comparison of an earlier answer, or several joined by `all` or `any`."""

    field: str | None = None
    in_: tuple[str, ...] | None = msgspec.field(default=None, name="in")
    not_in: tuple[str, ...] | None = None
    present: bool | None = None
    not_matches: str | None = None
    age_lt: int | None = None
    age_gte: int | None = None
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None


Detail = Literal[
    "name",
    "born",
    "sex",
    "number",
    "residence",
    "phone",
    "ethnicity",
    "nationality",
    "hometown",
    "birthplace",
    "died",
    "issued",
    "issuer",
    "current",
]


class CoSign(Data, frozen=True, kw_only=True):
    """A second person who must agree, from their own chat or at the desk.

    `role` says who, as read by anybody. `names` are the questions that name them: of several it is whoever is not the
    one who hands in. `shown` are the answers that they get to read before they agree, and nothing else.
    """

    role: str
    when: Condition | None = None
    names: tuple[str, ...] = ()
    shown: tuple[str, ...]


class Follows(Data, frozen=True, kw_only=True):
    """When other answers already say what this one is."""

    when: Condition
    value: str


class Question(Data, frozen=True, kw_only=True):
    """One box of the form; `ask_when` decides, `ask_if` only says it in words.

    `label` is what the form says, `ask` what is said in a chat, `short` what lists and buttons say. `person` and
    `detail` tell of whom the answer is and what it says of them, such as the mother's residence; two questions of one
    group with the same person are one human, and who hands in is always "requester". `residence` is where they are
    registered, `current` where they live now. `follows` are cases in which it need not be asked.
    """

    key: str
    label: str
    ask: str | None = None
    short: str | None = None
    person: str | None = None
    detail: Detail | None = None
    kind: QuestionKind
    required: bool
    choices: tuple[str, ...] = ()
    example: str | None = None
    group: str
    default: str | None = None
    prefill: Prefill | None = None
    note: str | None = None
    ask_if: str | None = None
    ask_when: Condition | None = None
    on_form: bool = True
    partial_ok: bool = False
    repeatable: bool = False
    min: int | None = None
    max: int | None = None
    follows: tuple[Follows, ...] = ()

    @property
    def optional(self) -> bool:
        """May be skipped in a chat: not required, or required only in a case told in words."""
        return not self.required or (self.ask_if is not None and self.ask_when is None)


class Paper(Data, frozen=True, kw_only=True):
    """One paper that is asked for; `required_when`, where present, stands in for `required`."""

    key: str
    name: str
    kind: PaperKind
    required: bool
    condition: str | None = None
    required_when: Condition | None = None
    hint: str
    form_code: str | None = None
    min_photos: int
    max_photos: int
    sides: tuple[str, ...] = ()
    replaceable_by_data: bool = False
    sensitive: bool = False


class Same(Data, frozen=True, kw_only=True):
    """When `person` on the form is one whom the form has asked about already: answers are copied, not asked again."""

    person: str
    is_: str = msgspec.field(name="is")
    when: Condition


class Detour(Data, frozen=True, kw_only=True):
    """An answer that may lead away: to another procedure of the list (`to`), or to an officer or another office.

    Its questions are asked first, and `text` is said as soon as `when` holds; whoever wants may still go on here. A
    question with a default is not asked first: its detour is said when the answer is changed.
    """

    when: Condition
    to: str | None = None
    text: str


class LinkedPart(Data, frozen=True, kw_only=True):
    """One part of a linked procedure, with who decides it; with `when` only if the answers ask for it."""

    key: str
    name: str
    authority: str
    note: str | None = None
    when: Condition | None = None


class Consistency(Data, frozen=True, kw_only=True):
    """Answers that should agree, or a date that means something; raises one question before sending, never a refusal.

    One of: `before` (the first date does not lie after the second, by at least `years` and less than `below` years if
    given), `within_days` (`field` lies no more days back than that), `differ` (two answers are not the same),
    `age_from`/`age_to` (`field`, in whole years); or only `when`: answers that do not go together. With one of those,
    `when` says to whom it applies. A missing answer is never wrong, and of a date without day or month every reading
    counts that fits. `tell`: it is only said, and not asked about.

    `{key}` in `text` stands for the answer to that question.
    """

    text: str
    when: Condition | None = None
    before: tuple[str, str] | None = None
    years: int | None = None
    below: int | None = None
    field: str | None = None
    within_days: int | None = None
    differ: tuple[str, str] | None = None
    age_from: int | None = None
    age_to: int | None = None
    tell: bool = False


class ProcessingTime(Data, frozen=True, kw_only=True):
    """`clock_policy`: whether a supplement has the time counted anew, or only stops it while the citizen is waited for.

    Counted anew is what Nghị định 61/2018 said, and what holds where no later text is known.
    """

    working_days: int | None = None
    calendar_days: int | None = None
    text: str
    same_day: bool
    clock_policy: Policy = "restart"
    note: str | None = None
    supplement_working_days: int | None = None
    supplement_note: str | None = None
    commune_step_working_days: int | None = None

    @property
    def term(self) -> Term:
        """The time as the clock reckons with it."""
        return Term(self.working_days, self.calendar_days, self.same_day, self.clock_policy)


class FeeItem(Data, frozen=True, kw_only=True):
    case: str
    amount_vnd: int | None = None
    unknown: tuple[Literal["amount_vnd"], ...] = ()


class Fee(Data, frozen=True, kw_only=True):
    """What a procedure costs, before an officer has confirmed it for one dossier."""

    amount_vnd: int | None = None
    note: str
    exempt_for: tuple[str, ...] = ()
    items: tuple[FeeItem, ...] = ()
    per: str | None = None  # the question whose number the amount is multiplied by


class Form(Data, frozen=True, kw_only=True):
    name: str
    codes: tuple[str, ...] = ()


class CodeCandidate(Data, frozen=True, kw_only=True):
    code: str
    confidence: Confidence
    note: str


class Confidences(Data, frozen=True, kw_only=True):
    status: Confidence
    code: Confidence
    papers: Confidence
    processing: Confidence
    fee: Confidence
    questions: Confidence


# Facts without a confidence of their own share that of the group they were checked with.
_GROUP: Mapping[str, str] = {"official_name": "code", "level": "status", "online_mode": "status"}


class Procedure(Data, frozen=True, kw_only=True):
    """One procedure in one version; `name` is the commune's own list, letter for letter.

    `apart` says in a few words when it is this one and not one of those that are like it.
    """

    id: str
    sector: str
    seq: int
    number: int
    name: str
    display_name: str
    official_name: str | None = None
    code: str | None = None
    code_candidates: tuple[CodeCandidate, ...] = ()
    successor_code: str | None = None
    status: Status
    status_note: str | None = None
    level: int | None = None
    online_mode: Literal["toan-trinh", "mot-phan"] | None = None
    valid_from: date
    valid_to: date | None = None
    unknown: tuple[Fact, ...]
    channels: tuple[Channel, ...] = ()
    authority: str
    commune_role: CommuneRole
    intake: Intake
    sensitive_topics: tuple[str, ...] = ()
    applicants: tuple[str, ...]
    summary: str
    apart: str | None = None
    papers: tuple[Paper, ...]
    processing: ProcessingTime
    fee: Fee
    result: str
    originals: tuple[str, ...] = ()
    collection: Collection | None = None  # None: nobody told us, an officer says it
    legal_basis: tuple[str, ...]
    form: Form
    questions: tuple[Question, ...]
    same: tuple[Same, ...] = ()
    detours: tuple[Detour, ...] = ()
    consistency: tuple[Consistency, ...] = ()
    follow_up: str | None = None  # the procedure that is offered when this one's result is handed over
    co_signer: CoSign | None = None
    parts: tuple[LinkedPart, ...] = ()  # of a linked procedure: what is done by whom, in order
    successor: str | None = None  # the procedure of this list that is offered once this one is no longer taken
    aliases: tuple[str, ...]
    life_events: tuple[str, ...]
    related: tuple[str, ...] = ()
    deadline_hint: str
    deadline_days: int | None = None
    deadline_from: str | None = None  # the question that holds the day from which they are counted
    deadline_until: str | None = None  # where it is a day of every year, mm-dd
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...]
    confidence: Confidences

    def confidence_of(self, fact: Fact) -> Confidence:
        """How sure the sources are; a fee of "medium" is shown with "cán bộ xác nhận"."""
        level: Confidence = getattr(self.confidence, _GROUP.get(fact, fact))
        return level

    def known(self, fact: Fact) -> bool:
        """Whether citizens may see the fact; otherwise they read "cán bộ sẽ xác nhận"."""
        return fact not in self.unknown and self.confidence_of(fact) != "low"

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def question(self, key: str) -> Question:
        return next(q for q in self.questions if q.key == key)

    def paper(self, key: str) -> Paper:
        return next(p for p in self.papers if p.key == key)


class Sector(Data, frozen=True, kw_only=True):
    """A field of the list; `name` as printed there, `display_name` as citizens read it."""

    id: str
    name: str
    display_name: str


class LifeEvent(Data, frozen=True, kw_only=True):
    id: str
    label: str
    aliases: tuple[str, ...] = ()


class RoutingOption(Data, frozen=True, kw_only=True):
    """Leads to a procedure, to an outside entry by its code, to the next question, or only to an answer."""

    label: str
    to: str | None = None
    to_code: str | None = None
    ask: str | None = None
    answer: str | None = None


class RoutingQuestion(Data, frozen=True, kw_only=True):
    """One question to ask when a message leaves several procedures open; without triggers, only another leads to it."""

    id: str
    question: str
    triggers: tuple[str, ...]
    options: tuple[RoutingOption, ...]


class OutsideEntry(Data, frozen=True, kw_only=True):
    """Something people ask for that is not in the list; `own_commune`: our own office does it."""

    id: str
    code: str | None = None
    name: str
    aliases: tuple[str, ...]
    where: str
    own_commune: bool
    confidence: Confidence
    source: str
    unknown: tuple[Literal["code"], ...] = ()


class Source(Data, frozen=True, kw_only=True):
    id: str
    name: str
    trust: Confidence


class Change(Data, frozen=True, kw_only=True):
    """A change of the law that is known: from which day, what changes, and which procedures of the list it touches.

    `about`: the day is not fixed, such as "end of the year"; `on` is then the latest that it may be.
    """

    id: str
    on: date
    about: bool = False
    what: str
    procedures: tuple[str, ...]
    confidence: Confidence
    source: str


class Emergency(Data, frozen=True, kw_only=True):
    """Words that mean danger now, and the national number to call.

    Words of `accented_only` mean something else too once their accents are missing; those of `at_start` count without
    accents only where the message begins with them.
    """

    id: str
    number: str
    name: str
    text: str
    triggers: tuple[str, ...]
    accented_only: tuple[str, ...] = ()
    at_start: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Phone(Data, frozen=True, kw_only=True):
    number: str
    confidence: Confidence
    note: str | None = None


class AgencyId(Data, frozen=True, kw_only=True):
    """The head of every dossier code; `provisional` until the commune gives its true one."""

    value: str
    provisional: bool
    confidence: Confidence
    note: str | None = None


class Session(Data, frozen=True, kw_only=True):
    opens: time
    closes: time


class Season(Data, frozen=True, kw_only=True):
    """Working hours from one day of the year, written mm-dd, until the next season."""

    starts: str
    weekdays: tuple[int, ...]
    sessions: tuple[Session, ...]
    confidence: Confidence


class BankAccount(Data, frozen=True, kw_only=True):
    """The office's own account, at the State Treasury or a bank: never a person's. `bin` is the bank's number."""

    bin: str
    number: str
    bank: str
    holder: str
    confirmed_by: str


class Office(Data, frozen=True, kw_only=True):
    """One commune's desk; old names of its parts are aliases."""

    id: str
    name: str
    desk: str
    short_name: str
    address: str
    desk_address: str | None = None
    province: str
    aliases: tuple[str, ...]
    phones: tuple[Phone, ...] = ()
    agency_id: AgencyId
    hours: tuple[Season, ...]
    bank_account: BankAccount | None = None
    map_url: str | None = None  # a map of the way to the desk
    digest_at: time | None = None  # the office's own: when the day's list comes; None: when the desk opens
    remind_after_working_days: int = 3  # the office's own: in a wait of which nobody knows how long it may be
    slot_capacity: int = 2  # the office's own: how many people are expected in one half-hour
    draft_announce_days: int = 23  # the office's own: days untouched after which a draft's deletion is announced
    draft_keep_days: int = 30  # and after which it is deleted
    procedures: tuple[str, ...] | Literal["all"]
    practice: bool = False
    unknown: tuple[OfficeFact, ...] = ()
    note: str | None = None

    def known(self, fact: OfficeFact) -> bool:
        """Whether the office has told us this, so that citizens may see it."""
        return fact not in self.unknown

    def serves(self, procedure: str) -> bool:
        return self.procedures == "all" or procedure in self.procedures

    def hours_on(self, day: date) -> Season:
        """The season a day falls in; before the year's first season the last one still runs."""
        begun = [s for s in self.hours if s.starts <= day.strftime("%m-%d")]
        return max(begun or self.hours, key=lambda s: s.starts)


class DayOff(Data, frozen=True, kw_only=True):
    on: date
    name: str
    confidence: Confidence
    source: str
    note: str | None = None


class Holidays(Data, frozen=True, kw_only=True):
    """Days the desk is closed, and weekend days worked instead."""

    days_off: tuple[DayOff, ...]
    working_days: tuple[DayOff, ...] = ()

    @property
    def off(self) -> frozenset[date]:
        return frozenset(d.on for d in self.days_off)

    @property
    def worked(self) -> frozenset[date]:
        return frozenset(d.on for d in self.working_days)


class Sign(Data, frozen=True, kw_only=True):
    """Ideas that together mean one procedure, unless another idea stands beside them."""

    to: str
    all: tuple[str, ...]
    without: tuple[str, ...] = ()


class Lexicon(Data, frozen=True, kw_only=True):
    """What the search knows about how people write, kept as data.

    Phrases of `concepts` may name one of the `groups` of words in braces, and leave a small gap with "…".
    """

    groups: Mapping[str, tuple[str, ...]]
    abbreviations: Mapping[str, tuple[str, ...]]
    dialect: Mapping[str, str]
    fillers: tuple[str, ...]
    particles: tuple[str, ...]
    decoys: tuple[str, ...]
    concepts: Mapping[str, tuple[str, ...]]
    contraries: tuple[tuple[str, str], ...]
    signs: tuple[Sign, ...]


class OwnAsked(Data, frozen=True, kw_only=True):
    """What people say of a dossier they have handed in; where two lists hold a message, the former counts."""

    fix: tuple[str, ...]
    why: tuple[str, ...]
    cosign: tuple[str, ...]
    code: tuple[str, ...]
    trust: tuple[str, ...]
    paid: tuple[str, ...]
    collect: tuple[str, ...]
    post: tuple[str, ...]
    move: tuple[str, ...]
    absent: tuple[str, ...]
    pay: tuple[str, ...]
    bring: tuple[str, ...]
    ready: tuple[str, ...]


class Asked(Data, frozen=True, kw_only=True):
    """What people say who mean no procedure; each list is named like the button that answers it."""

    hotline: tuple[str, ...]
    call: tuple[str, ...]
    feedback: tuple[str, ...]
    mine: tuple[str, ...]
    own: OwnAsked


class Names(Data, frozen=True, kw_only=True):
    """Words that names and short answers are made of, divided by spaces or commas, the commoner ones first.

    `peoples` and `nations` are official; behind a "=" stand other names for the same, spaces in them as hyphens.
    """

    surnames: str
    middle_men: str
    middle_women: str
    given_men: str
    given_women: str
    pairs: str
    plain: str
    phrases: str
    peoples: str
    nations: str


class Units(Data, frozen=True, kw_only=True):
    """Names of administrative units, each with those that it was made of or, a former one, that lay in it.

    `ranks` stand before names; `short` are abbreviations, those of one letter with their full stop.
    """

    ranks: str
    short: Mapping[str, str]
    provinces: Mapping[str, str]
    communes: Mapping[str, str]
    former: Mapping[str, str]
    districts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that was loaded; mappings are by id, in the order of the files."""

    procedures: Mapping[str, Procedure]
    sectors: Mapping[str, Sector]
    life_events: Mapping[str, LifeEvent]
    routing: Mapping[str, RoutingQuestion]
    outside: Mapping[str, OutsideEntry]
    emergencies: Mapping[str, Emergency]
    offices: Mapping[str, Office]
    sources: Mapping[str, Source]
    holidays: Holidays
    lexicon: Lexicon
    asked: Asked
    names: Names
    units: Units
    spelling: Spelling
    slips: Slips
    changes: Mapping[str, Change]
    hashes: Mapping[str, str]

    def in_sector(self, sector: str) -> tuple[Procedure, ...]:
        return tuple(p for p in self.procedures.values() if p.sector == sector)

    def in_life_event(self, event: str) -> tuple[Procedure, ...]:
        return tuple(p for p in self.procedures.values() if event in p.life_events)

    def outside_by_code(self, code: str) -> OutsideEntry:
        return next(e for e in self.outside.values() if e.code == code)
