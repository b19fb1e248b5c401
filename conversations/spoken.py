"""What people say around an answer: "dạ", "em tên là", "ko có ạ". Nothing is guessed that was not said."""

from __future__ import annotations

import re
from typing import Final

from conversations import commands
from domain.values import clean, fold
from domain.values import phone as read_phone


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_YES: Final = _set("co u uh um uk ok oke okie okay oki vang da duoc dong y roi dung chac yes")
_FACTUAL: Final = _set("co roi dung")
_NO: Final = _set("khong ko k kg khg hok hong hem no thoi chua")
_POLITE: Final = _set("a ah nhe nha nhen ban bot em anh chi co chu bac oi nhi toi tui minh thi")
_ASKS: Final = re.compile(r"(?:duoc|co|dung|roi|phai)(?: \w+)? (?:khong|ko|k|chua)$")
_NO_ANSWER: Final = _set(
    "dạ da vâng vang ừ ờ ok oke k ko không khong hok rồi roi được duoc có biết biet nhớ nho chưa chua gì gi chi mô rứa "
    "rua răng sao ạ nhé à đặt dat tên ten con cháu chau bé em tôi tui toi mình minh cho gửi gui xong đi là la hả thế"
)
_NAME_LEAD: Final = re.compile(
    r"(?:(?:dạ|da|vâng|ạ|thưa)[\s,.]+)*"
    r"(?:(?:(?:tôi|tui|toi|em|mình|minh|cháu|chau|con|bé|be|ông|bà|anh|chị|bác|mẹ|bố|vợ|chồng)\s+)?"
    r"(?:họ và tên|ho va ten|họ tên|ho ten|tên|ten)(?:\s+(?:tôi|toi|tui|em|con|cháu))?(?:\s+(?:là|la))?\s*[:,]?\s+"
    r"|(?:tôi|tui|toi|em|mình|minh|cháu|chau)\s+(?:là|la)\s+"
    r"|(?:(?:tôi|tui|toi|em|mình|minh)\s+)?(?:làm\s+|lam\s+)?(?:giúp|giup|cho)\s+(?:cho\s+)?)?",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(
    r"\b(?:(?:toi|tui|em|minh|chau) (?:muon|can|hoi|khong|chua|co|dang|se)|giay|ho so|o dau|the nao|bao gio|lam sao"
    r"|mat roi)\b"
    r"|^(?:ko|k|kg|hok|khong (?:nho|biet|co|ro|ten)) "
)
_TAIL: Final = re.compile(r"[\s,.]+(?:ạ|nhé|nha|nhá)$", re.IGNORECASE)
_BORN: Final = re.compile(r"^((?:\S+\s+){2}\S+?)[\s,]+(?:sinh|sn)\s+(?:năm|nam|ngày|ngay|)\s*\d.*$", re.IGNORECASE)
_COURTESY: Final = re.compile(
    r"^(?:(?:dạ|da|vâng|vang|thưa|cho|có|co|ạ)[\s,.]+)+|[\s,.]+(?:ạ|a|nhé|nhe|nha)$", re.IGNORECASE
)
_AROUND: Final = re.compile(
    r"^(?:(?:da|cho|toi|tui|em|minh|xin|muon|can|lam on|thoi)\s+)+"
    r"|(?:\s+(?:voi|nhe|nha|a|di|luon|duoc khong|duoc ko|dc ko))+$"
)
_CANCEL: Final = re.compile("hủy|huỷ|muon huy|thoi huy|huy (?:di|nhe|luon)")
_FOR: Final = _set("cho giup ho")
_KIN: Final = re.compile(
    r"(?:cho )?(?:nguoi khac|nguoi nha|hang xom|me|ma|ba|bo|cha|ong|vo|chong|anh|chi|con|chau|be|co|chu|bac|di)"
    r"( (?:gai|trai|ruot|noi|ngoai|toi|tui|em|minh))*( \w+){0,4}"
)
_KIN_ALONE: Final = re.compile(
    r"(?:nguoi nha|vo|chong|me|ma|bo|cha|ba|ong|anh|chi|em|con|chau|be|co|chu|bac|di|hang xom)"
    r"(?: (?:gai|trai|ruot|noi|ngoai|dau|re|ho|toi|tui|em|minh|hai|ut|ca))+"
)
_LONG_ASIDE: Final = 14  # words
_ASIDES: Final = {
    "time": re.compile(
        r"\b(?:bao lau|may ngay|khi nao|bao gio|chung nao) (?:thi |se |moi )?(?:co|xong|lay|duoc|nhan|ra)\b"
    ),
    "fee": re.compile(
        r"\b(?:bao nhieu tien|(?:het|mat|ton|phi) bao nhieu|co (?:phai )?(?:mat|dong|nop) (?:tien|phi|le phi))\b"
    ),
    "why": re.compile(
        r"\b(?:(?:sao|lam gi ma) (?:lai |cu |ma )?(?:phai |can )?hoi|hoi (?:cai nay |de )?lam (?:gi|chi))\b"
    ),
    "mistake": re.compile(
        r"^(?:(?:a|ay|oi|u|thoi|chet|khoan) )+(?:nham|sai roi)\b(?: roi)?(?: \w|$)|^(?:(?:toi|tui|em) )?nham roi\b"
    ),
}
_PHONE: Final = re.compile(r"(?<!\d)(?:\+?84|0)[\d .\-]{8,14}\d(?!\d)")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def yes_or_no(text: str, *, fact: bool = False) -> bool | None:
    """Whether this agrees or declines and says nothing else; a bare "k" may be either.

    A `fact` is not told by "dạ" or "ok": people also say so to show that they are listening.
    """
    words = _words(text)
    said = " ".join(words)
    if "?" in text or said == "k" or _ASKS.search(said) or not {*words} <= _YES | _NO | _POLITE:
        return None
    if {*words} & _NO:
        return False
    return True if {*words} & (_FACTUAL if fact else _YES) else None


def has_none(text: str) -> bool:
    """That there is no such paper: "em chưa có ạ", "ko co", "mất rồi"."""
    words = [w for w in _words(text) if w not in _POLITE or w == "co"]
    rest = {*words} - _YES - _NO - {"mat", "giay", "nay", "bo", "qua", "lam", "kip"}
    return not rest and (bool({*words} & (_NO - {"thoi"})) or {"mat", "roi"} <= {*words} or {"bo", "qua"} <= {*words})


def is_all(text: str) -> bool:
    """That nothing more will be sent: "hết rồi", "đủ rồi ạ", "dạ xong"."""
    words = {*_words(text)} - _POLITE
    return bool(words) and words <= _YES - {"chac"} | {"xong", "het", "du", "day", "gui", "chi", "bay", "nhieu", "do"}


def name(text: str) -> str | None:
    """A name without "em tên là" before it and "ạ" behind; None for "dạ", "chi rứa", "không biết"."""
    typed = clean(text)
    if all(word in _NO_ANSWER for word in re.findall(r"\w+", typed.casefold())) or _SENTENCE.search(fold(typed)):
        return None
    bare = _TAIL.sub("", _NAME_LEAD.sub("", typed, count=1)).strip(" .,") or typed
    return _BORN.sub(r"\1", bare)


def phone(text: str) -> str:
    """The one phone number in a sentence, or the words as typed."""
    found = [m[0] for m in _PHONE.finditer(clean(text)) if read_phone(m[0])]
    return found[0] if len(found) == 1 else text


def plain(text: str) -> str:
    """A choice without the polite words around it."""
    return _COURTESY.sub("", clean(text))


def asks_about(text: str) -> str:
    """What somebody asks in between: time, fee, why, or how to mend a mistake; empty where it is no such thing."""
    said = re.sub(r"[^\w ]+", "", fold(text))
    if len(said.split()) > _LONG_ASIDE:
        return ""
    return next((about for about, asked in _ASIDES.items() if asked.search(said)), "")


def wants_other(text: str, *, child: bool) -> bool | None:
    """Whether a dossier is said to be for somebody else; `child`: one's own child counts as one's own affair."""
    said = " ".join(w for w in _words(text) if w not in ("da", "a", "vang", "nhe", "lam", "giup", "ho"))
    if said in ("toi", "tui", "minh", "em", "cho toi", "cho tui", "cho minh", "cho em", "ban than", "cho ban than"):
        return False
    kin = None if said == "co" else _KIN.fullmatch(said)  # a yes, more likely than an aunt
    if kin is None or (kin[2] and not _FOR & {*_words(text)}):
        return True if not said and {"giup", "ho"} & {*_words(text)} else None
    return not (child and re.search(r"\b(?:con|chau|be)\b", said))


def kin(text: str) -> bool:
    """Whether somebody is named by what they are to the speaker, or the speaker by "tôi", and not by a name."""
    said = " ".join(w for w in _words(text) if w not in ("da", "a", "vang", "nhe", "la", "cho", "nho"))
    if said in ("toi", "tui", "minh", "em", "chinh toi", "ban than", "toi nhan", "toi tu nhan"):
        return True
    accented = clean(text).casefold() != fold(text)
    words = clean(text).split()
    if (
        len(words) == 2
        and words[0].islower()
        and not words[1].islower()
        and _KIN_ALONE.fullmatch(f"{fold(words[0])} toi")
    ):
        return True  # "cháu Huy": by what one calls him, without the family name
    capital = sum(word[:1].isupper() for word in clean(text).split()) > 1
    return not (accented and capital) and _KIN_ALONE.fullmatch(said) is not None


def command(text: str) -> str:
    """A word that works at any point, also with "cho tôi" before it and "với" behind."""
    said = fold(text)
    bare = _AROUND.sub("", said)
    # "Minh Huy" may be somebody's name; "em muốn hủy" is not.
    named = bare == "huy" and not _CANCEL.search(clean(text).casefold())
    return commands.command(text) or ("" if bare == said or named else commands.command(bare))
