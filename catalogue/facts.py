"""An office's own facts: which may be written over the file, and which are not known yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec

from catalogue import check
from catalogue.faults import BadCatalogue, explain
from catalogue.model import Catalogue, Office
from catalogue.spelling import Spelling

FACTS: Final = (
    "name",
    "short_name",
    "desk",
    "address",
    "desk_address",
    "province",
    "aliases",
    "phones",
    "agency_id",
    "hours",
    "bank_account",
    "map_url",
    "digest_at",
    "remind_after_working_days",
    "slot_capacity",
    "draft_announce_days",
    "draft_keep_days",
    "note",
)
_PLACE: Final = "offices"
_AGENCY: Final = re.compile(r"[A-Z]\d{2}(\.\d{1,3}){1,3}")  # mã định danh, QĐ 20/2020/QĐ-TTg: such as H27.12.345
_DAY: Final = re.compile(r"\d\d-\d\d")
_SESSION: Final = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_ACCOUNT: Final = ("bin", "number", "bank", "holder", "confirmed_by")
_CLOCK: Final = re.compile(r"\d\d:\d\d")


class Gap(msgspec.Struct, frozen=True):
    """A fact that somebody of the office still has to say: `why` is provisional, unsure or unknown."""

    fact: str
    why: str


def laid_over(office: Office, facts: Mapping[str, Any]) -> Office:
    """The office with these facts in place of its own; raises BadCatalogue as for a file.

    Short forms are understood: an agency id or a list of phones as bare texts, hours and a bank account as one line.
    They are what somebody of the office has said, so they are neither provisional nor unsure. None changes nothing.
    """
    facts = {name: value for name, value in facts.items() if value is not None}
    for name in facts:
        if name not in FACTS:
            raise BadCatalogue(_PLACE, f"{office.id}.{name}", f"expected one of {', '.join(FACTS)}")
    plain: dict[str, Any] = msgspec.to_builtins(office)
    plain |= {name: _whole(office.id, name, value) for name, value in facts.items()}
    plain["unknown"] = [fact for fact in office.unknown if fact not in facts]
    try:
        made = msgspec.convert(plain, Office)
    except msgspec.ValidationError as error:
        key, expected = explain(error, Office, plain)
        raise BadCatalogue(_PLACE, f"{office.id}.{key}", expected) from None
    _sensible(made, facts)
    return made


def with_offices(catalogue: Catalogue, offices: Iterable[Office]) -> Catalogue:
    """The same catalogue with these in place of those of the same ids; raises BadCatalogue."""
    found = {**catalogue.offices, **{office.id: office for office in offices}}
    made = replace(catalogue, offices=found, spelling=Spelling(catalogue.names, catalogue.units, found))
    check.offices(made)
    return made


def gaps(office: Office) -> tuple[Gap, ...]:
    """What is not surely known, in the order of FACTS."""
    found = dict.fromkeys(office.unknown, "unknown")
    if any(phone.confidence == "low" for phone in office.phones):
        found["phones"] = "unsure"
    if any(season.confidence == "low" for season in office.hours):
        found["hours"] = "unsure"
    if office.agency_id.provisional:
        found["agency_id"] = "provisional"
    return tuple(Gap(fact, found[fact]) for fact in FACTS if fact in found)


def _whole(office: str, name: str, value: Any) -> Any:
    """Short forms in full."""
    match name, value:
        case "agency_id", str():
            if not _AGENCY.fullmatch(value):
                expected = f'expected letters and numbers such as H27.12.345, got "{value}"'
                raise BadCatalogue(_PLACE, f"{office}.agency_id", expected)
            return {"value": value, "provisional": False, "confidence": "high"}
        case "phones", list() | tuple():
            return [{"number": one, "confidence": "high"} if isinstance(one, str) else one for one in value]
        case "digest_at", str():
            return _clock(value)
        case "hours", str():
            return [_season_said(office, part) for part in value.split(";")]
        case "bank_account", str():
            parts = [part.strip() for part in value.split(";")]
            if len(parts) != len(_ACCOUNT):
                raise BadCatalogue(_PLACE, f"{office}.bank_account", f"expected {'; '.join(_ACCOUNT)}")
            return dict(zip(_ACCOUNT, parts, strict=True))
        case "hours", list() | tuple():
            return [_season(one) for one in value]
        case _:
            return value


def _season_said(office: str, said: str) -> dict[str, Any]:
    """As people write it: "10-16 07:30-11:30 13:30-17:00", from Monday to Friday; without a day the whole year."""
    words = said.split()
    starts = words.pop(0) if words and _DAY.fullmatch(words[0]) else "01-01"
    sessions = [_SESSION.fullmatch(word) for word in words]
    if not sessions or None in sessions:
        expected = f'expected such as 04-16 07:00-11:30 13:30-17:00; 10-16 07:30-11:30 13:30-17:00, got "{said}"'
        raise BadCatalogue(_PLACE, f"{office}.hours", expected)
    made: dict[str, Any] = _season(
        {
            "starts": starts,
            "weekdays": [1, 2, 3, 4, 5],
            "sessions": [{"opens": found[1], "closes": found[2]} for found in sessions if found is not None],
        }
    )
    return made


def _season(season: Any) -> Any:
    if not isinstance(season, Mapping):
        return season
    sessions = season.get("sessions")
    told = [
        {key: _clock(at) for key, at in one.items()} if isinstance(one, Mapping) else one
        for one in (sessions if isinstance(sessions, (list, tuple)) else ())
    ]
    return {"confidence": "high", **season, "sessions": told}


def _clock(value: Any) -> Any:
    """07:15 is as good as 07:15:00."""
    return f"{value}:00" if isinstance(value, str) and _CLOCK.fullmatch(value) else value


def _sensible(office: Office, facts: Mapping[str, Any]) -> None:
    """What a file's reader would see at once, and a field of a page would not show."""
    for name in ("name", "short_name", "desk", "address", "desk_address", "province"):
        value = getattr(office, name)
        if name in facts and value is not None and (not value.strip() or len(value) > 200):
            raise BadCatalogue(_PLACE, f"{office.id}.{name}", "expected words, 200 letters at most")
    for phone in office.phones if "phones" in facts else ():
        digits = re.sub(r"[\s.\-]", "", phone.number)
        if not re.fullmatch(r"\+?\d{3,15}", digits):
            raise BadCatalogue(_PLACE, f"{office.id}.phones", f'expected a telephone number, got "{phone.number}"')
    for season in office.hours if "hours" in facts else ():
        for session in season.sessions:
            if session.opens >= session.closes:
                wrong = f"expected to open before it closes, got {session.opens:%H:%M} to {session.closes:%H:%M}"
                raise BadCatalogue(_PLACE, f"{office.id}.hours", wrong)
    if not 0 < office.draft_announce_days < office.draft_keep_days:
        expected = f"expected fewer days than draft_keep_days, got {office.draft_announce_days}"
        raise BadCatalogue(_PLACE, f"{office.id}.draft_announce_days", expected)
