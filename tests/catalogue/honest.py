"""Seeded answers of people who make no mistake: every date, number and choice as it happens in a real family."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from catalogue.conditions import holds
from catalogue.model import Procedure, Question

Answers = dict[str, str]
YEAR: Final = 365.25
ELDERS: Final = ("Ông", "Bà", "Cha", "Mẹ", "Cha/mẹ")


def answers(procedure: Procedure, seed: int, today: date) -> Answers:
    """One dossier: choices first, as dates depend on them, then everything that is asked then."""
    it = _Family(procedure, random.Random(f"{procedure.id} {seed}"), today)
    return it.answers()


class _Family:
    def __init__(self, procedure: Procedure, rng: random.Random, today: date) -> None:
        self.procedure, self.rng, self.today = procedure, rng, today
        self.given: Answers = {}
        self.days: dict[str, date] = {}
        self.numbers = rng.sample(range(10**11, 10**12), 20)

    def answers(self) -> Answers:
        choices = {q.key: self._choice(q) for q in self.procedure.questions if q.choices}
        self.given = self._agreeing(choices)
        for question in self.procedure.questions:
            if not question.choices:
                self.given[question.key] = self._value(question)
        asked: Answers = {}
        for question in self.procedure.questions:
            if question.ask_when is None or holds(question.ask_when, asked, self.today):
                follows = [case.value for case in question.follows if holds(case.when, asked, self.today)]
                asked[question.key] = follows[0] if follows else self.given[question.key]
        self._copied(asked)
        return asked

    def _copied(self, asked: Answers) -> None:
        """Who is somebody else on the form too says the same of both."""
        for same in self.procedure.same:
            if not holds(same.when, asked, self.today):
                continue
            of = {q.detail: q.key for q in self.procedure.questions if q.person == same.person and q.key in asked}
            for question in self.procedure.questions:
                if question.person == same.is_ and question.detail in of and question.key in asked:
                    asked[question.key] = asked[of[question.detail]]

    def _choice(self, question: Question) -> str:
        return self.rng.choice(question.choices)

    def _agreeing(self, given: Answers) -> Answers:
        """Choices that go together."""
        pick = self.rng.choice
        parents = given.get("requester_relation") in {"Cha", "Mẹ"}
        if "birth_case" in given and parents:
            given["birth_case"] = pick(["Cha mẹ có đăng ký kết hôn", "Mang thai hộ"])
        if given.get("purpose") == "Để đăng ký kết hôn":
            given["marital_status"] = "Chưa đăng ký kết hôn với ai"
        if given.get("extract_type") == "Trích lục khai tử":
            given["requester_relation"] = "Con"
        if "adopter2_gender" in given:
            given["adopter2_gender"] = "Nữ" if given["adopter1_gender"] == "Nam" else "Nam"
        if self.procedure.id == "tro-cap-xa-hoi-hang-thang":
            given["disability_level"] = pick(["Đặc biệt nặng", "Nặng"])
        if "transfer_after" in given:
            given["transfer_after"] = "Không"
        return given

    def _value(self, question: Question) -> str:
        match question.kind:
            case "date":
                return self._written(question, self._day(question.key))
            case "id_number":
                return str(self.numbers.pop())
            case "number":
                return "1"
            case _ if question.key in _TEXTS:
                return _TEXTS[question.key](self)
            case _:
                return f"{question.key} {self.rng.randrange(10**6)}"

    def _written(self, question: Question, day: date) -> str:
        forms = ["%d/%m/%Y", *(["%m/%Y", "%Y"] if question.partial_ok else [])]
        return day.strftime(self.rng.choice(forms))

    def _day(self, key: str) -> date:
        if key not in self.days:
            self.days[key] = _DAYS[key](self)
        return self.days[key]

    def ago(self, least: float, most: float, of: str = "") -> date:
        """A day between so many years before today, or before another day of the same dossier."""
        end = self._day(of) if of else self.today
        return end - timedelta(days=self.rng.randint(int(least * YEAR) + 1, int(most * YEAR)))

    def later(self, of: str, most: float) -> date:
        """A day from another on, not after today."""
        start = self._day(of)
        room = max(0, min((self.today - start).days, int(most * YEAR)))
        return start + timedelta(days=self.rng.randint(0, room))

    def recent(self, days: int) -> date:
        return self.today - timedelta(days=self.rng.randint(0, days))

    def requester(self) -> date:
        relation = self.given.get("requester_relation") or self.given.get("deceased_relation", "")
        keys = {q.key for q in self.procedure.questions}
        if "deceased_dob" in keys and relation == "Con":
            return self.later_years("deceased_dob", 18, 30)
        if relation in ELDERS and (elder := {"deceased_dob", "child_dob"} & keys):
            return self.ago(20, 30, of=elder.pop())
        return self.ago(22, 60)

    def later_years(self, of: str, least: float, most: float) -> date:
        return self._day(of) + timedelta(days=self.rng.randint(int(least * YEAR), int(most * YEAR)))

    def child(self) -> date:
        match self.procedure.id:
            case "nuoi-con-nuoi-trong-nuoc" | "nuoc-lang-gieng-nhan-con-nuoi":
                return self.ago(1, 15)
            case "nhan-cha-me-con":
                return self.ago(0, 40)
            case _:
                return self.recent(60)

    def subject(self) -> date:
        match self.procedure.id, self.given.get("beneficiary_group", ""):
            case "tro-cap-xa-hoi-hang-thang", "Trẻ em không có nguồn nuôi dưỡng":
                return self.ago(1, 15)
            case "tro-cap-xa-hoi-hang-thang", "Người 16–22 tuổi đang học (trước là trẻ nhóm 1)":
                return self.ago(16.1, 22)
            case "tro-cap-xa-hoi-hang-thang", "Người cao tuổi":
                return self.ago(61, 95)
            case (("dan-cong-hoa-tuyen" | "tro-cap-hang-thang-quan-nhan" | "tro-cap-mot-lan-quan-nhan"), _):
                return date(self.rng.randint(1945, 1950), 5, 1)
            case _:
                return self.ago(22, 60)

    def discharge(self) -> date:
        least, most = (15.1, 19.8) if self.procedure.id == "tro-cap-hang-thang-quan-nhan" else (0.5, 14.8)
        return self.later_years("enlist_date", least, most)


def _text(key: str, of: str, least: float, most: float) -> Callable[[_Family], str]:
    def year(it: _Family) -> str:
        it.days.setdefault(key, it.ago(least, most, of=of))
        return str(it.days[key].year)

    return year


_DAYS: Final[Mapping[str, Callable[[_Family], date]]] = {
    "requester_dob": _Family.requester,
    "applicant_dob": _Family.requester,
    "child_dob": _Family.child,
    "mother_dob": lambda it: it.ago(19, 45, of="child_dob"),
    "father_dob": lambda it: it.ago(20, 55, of="child_dob"),
    "parent_dob": lambda it: it.ago(19, 45, of="child_dob"),
    "adopter1_dob": lambda it: it.ago(20.1, 45, of="child_dob"),
    "adopter2_dob": lambda it: it.ago(20.1, 45, of="child_dob"),
    "deceased_dob": lambda it: it.ago(45, 95),
    "death_date": lambda it: it.recent(15) if it.procedure.deadline_days else it.ago(12, 20),
    "death_notice_date": lambda it: it.later("death_date", 0.1),
    "burial_date": lambda it: it.later("death_date", 0.01),
    "reg_date": lambda it: date(2015, 6, 1) - timedelta(days=it.rng.randint(0, 10)),
    "subject_dob": _Family.subject,
    "subject_death_date": lambda it: it.ago(1, 10),
    "partner_dob": lambda it: it.ago(21, 50),
    "guardian_dob": lambda it: it.ago(19, 70),
    "ward_dob": lambda it: it.ago(1, 80),
    "husband_dob": lambda it: it.ago(32, 80),
    "wife_dob": lambda it: it.ago(32, 80),
    "pwd_dob": lambda it: it.ago(12, 80),
    "old_cert_date": lambda it: it.ago(1, 10),
    "residence_period_from": lambda it: it.ago(5, 10),
    "residence_period_to": lambda it: it.later("residence_period_from", 4),
    "requester_id_date": lambda it: it.ago(1, 5),
    "subject_id_date": lambda it: it.ago(0, 1),
    "member_dob": lambda it: it.ago(1, 80),
    "nominee_dob": lambda it: it.ago(25, 70),
    "election_date": lambda it: it.recent(5),
    "proposal_date": lambda it: it.later("election_date", 1),
    "mother_death_date": lambda it: it.ago(1, 20),
    "enlist_date": lambda it: date(it.rng.randint(1976, 1985), it.rng.randint(1, 12), 1),
    "discharge_date": _Family.discharge,
    "damage_date": lambda it: it.later("damage_begun", 0.01),
    "damage_begun": lambda it: it.recent(30),
    "destroy_date": lambda it: it.later("damage_date", 0.1),
    "open_date": lambda it: it.today + timedelta(days=40),
}
_TEXTS: Final[Mapping[str, Callable[[_Family], str]]] = {
    "mother_birth_year": _text("mother_birth_year", "subject_dob", 19, 45),
    "father_birth_year": _text("father_birth_year", "subject_dob", 19, 45),
    "mother_dob": lambda it: str(it.rng.randint(1915, 1935)),
    "service_from": lambda it: f"0{it.rng.randint(1, 9)}/1968",
    "service_to": lambda it: f"0{it.rng.randint(1, 9)}/1970",
    **dict.fromkeys(
        [f"{who}_nationality" for who in ("requester", "subject", "child", "mother", "father", "partner", "deceased")],
        lambda _it: "Việt Nam",
    ),
}
