"""Words that work at any point, with and without slash or accents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from domain.values import clean, fold

_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "menu": ("menu", "ve dau", "trang chu", "bat dau lai", "quay ve menu"),
    "guide": ("huong dan", "huong dan su dung", "help", "tro giup", "cach dung", "huongdan"),
    "levels": (
        "muc do",
        "muc do 3 4 la gi",
        "muc do 3 la gi",
        "muc do 4 la gi",
        "muc do 3",
        "muc do 4",
        "toan trinh",
        "mot phan",
    ),
    "hotline": ("hotline", "duong day nong", "so dien thoai xa", "dien thoai xa", "duongdaynong"),
    "figures": (
        "thong ke",
        "thongke",
        "cong khai",
        "congkhai",
        "so lieu",
        "so lieu cong khai",
        "xem thong ke",
        "xem cong khai",
        "so lieu giai quyet ho so",
    ),
    "call": (
        "gap can bo",
        "noi chuyen voi can bo",
        "gap nguoi that",
        "gapcanbo",
        "lien he can bo",
        "hoi can bo",
        "goi can bo",
        "gap nguoi",
    ),
    "where": ("bao tin", "baotin", "nhan tin o dau", "bao tin cho toi o dau", "noi nhan tin"),
    "stopnews": ("dung nhan tin", "ngung nhan tin", "dungnhantin", "huy nhan tin", "khong nhan tin nua"),
    "resumenews": ("nhan lai tin", "nhantin", "nhan tin lai", "nhan tin tro lai", "tiep tuc nhan tin"),
    "mine": ("ho so cua toi", "ho so toi", "hoso", "hosocuatoi", "xem ho so", "ho so"),
    "back": ("quay lai", "lui lai", "tro lai", "back", "quaylai"),
    "cancel": ("huy", "huy bo", "huy ho so", "cancel"),
    "form": (
        "mau to khai",
        "xin mau to khai",
        "to khai mau",
        "mau don",
        "xin mau don",
        "tai mau",
        "tai to khai",
        "mau",
    ),
    "forget": (
        "quen thong tin cua toi",
        "quen toi di",
        "xoa thong tin cua toi",
        "xoa thong tin da luu",
        "quen thong tin",
    ),
    "look": ("tra cuu", "tracuu", "tra cuu theo so dien thoai", "tra cuu bang so dien thoai", "tra cuu theo so"),
    "mail": (
        "email",
        "e-mail",
        "gmail",
        "them email",
        "them e-mail",
        "doi email",
        "doi e-mail",
        "bo email",
        "bo e-mail",
        "dia chi email",
        "nhan tin qua email",
    ),
    "prove": ("xac nhan so dien thoai", "xac nhan so", "xacnhanso", "xac minh so dien thoai", "xac thuc so dien thoai"),
    "trust": (
        "kiem tra tin",
        "kiem tra tin nhan",
        "tin nay co that khong",
        "tin nay that khong",
        "tin nay that hay gia",
        "tin nhan nay co that khong",
        "kiemtra",
        "so nay co phai cua xa khong",
    ),
    "owndata": (
        "du lieu cua toi",
        "xem du lieu cua toi",
        "du lieu ca nhan",
        "dulieu",
        "thong tin cua toi",
        "xoa du lieu cua toi",
        "rut dong y",
        "rut lai dong y",
        "ai da xem ho so cua toi",
    ),
    "office": ("doi xa", "doi phuong", "doi noi nop", "doixa", "chon xa"),
    "later": ("de sau", "de luc khac", "de mai lam", "mai lam tiep"),
    "resume": ("tiep tuc", "tiep tuc ho so", "lam tiep", "tieptuc"),
    "fix": ("bo sung ngay", "bo sung", "bo sung ho so", "gui bo sung"),
    "fields": ("theo linh vuc", "linh vuc"),
    "events": ("theo viec trong doi", "viec trong doi"),
    "find": ("tim thu tuc", "tim"),
    "start": ("start", "bat dau", "ban la ai", "day la ai", "ban la nguoi hay may", "ban la nguoi hay bot"),
    "join": (
        "lam tiep tren may khac",
        "lam tiep o may khac",
        "lam tiep o cho khac",
        "lam tiep tren ung dung khac",
        "noi may khac",
        "noi may",
        "noimay",
    ),
    "join:zalo": ("noi zalo", "noi voi zalo", "noizalo"),
    "join:telegram": ("noi telegram", "noi voi telegram", "noitelegram"),
    "join:web": ("noi voi trang web", "noi trang web", "noi web"),
    "endcall": ("ket thuc", "ket thuc trao doi", "ket thuc tro chuyen", "ketthuc"),
}
# In sentences of their own, folded: about news, and about another telephone. Nothing else is meant by them.
_LONGEST: Final = 90  # characters
_SELF: Final = r"(?:(?:da|toi|tui|em|minh|con|chau|bac|chu|co|anh|chi|nha|nho|cho|xin|hay|lam on|can bo|xa|a|oi) )*"
_POLITELY: Final = (
    r"(?: (?:cho|toi|tui|em|minh|bac|chu|co|nua|nhe|nha|a|day|dau|vao|may|nay|voi|duoc khong|duoc|rui|roi))*"
)
_NEWS: Final = r"(?:nhan tin nhan|nhan thong bao|nhan tin|bao tin|gui tin nhan|gui tin|thong bao|nhan)"
_MEANT: Final = tuple(
    (re.compile(_SELF + pattern), command)
    for pattern, command in (
        (rf"(?:dung|ngung|thoi|khong) (?:muon |can |phai )?{_NEWS}(?: tin)?{_POLITELY} nua{_POLITELY}", "stopnews"),
        (rf"khong (?:muon|can) {_NEWS}{_POLITELY}", "stopnews"),
        (
            (
                rf"(?:(?:dung|muon|chi|khong) )?{_NEWS}(?: (?:tin|cho|toi|em|minh|vao|luc))*"
                r" (?:ban dem|dem khuya|nua dem)(?: (?:nua|nhe|nha|a|duoc khong))*"
            ),
            "where",
        ),
        (
            (
                rf"(?:(?:muon|can|doi|them) )*{_NEWS}(?: (?:cho|toi|em|minh|qua|bang|vao|tren|ve|ho so|o|sang|tin))*"
                r" (?:zalo|telegram|(?:e-?|g)mail|sms|dien thoai|cho khac)(?: (?:cho|toi|em|minh|nhe|a|duoc khong))*"
            ),
            "where",
        ),
        (r"(?:(?:moi|vua) )?(?:doi|thay|mua) (?:sang )?(?:dien thoai|may)(?: (?:khac|moi|rui|roi|a))*", "join"),
        (r"(?:(?:bi|moi|vua) )?mat (?:cai )?(?:dien thoai|may dien thoai)(?: (?:rui|roi|a))*", "look"),
    )
)
_COMMANDS: Final = {said: command for command, words in _SAID.items() for said in words}
_GREETING: Final = re.compile("chao|hello|helo|hi|alo|hey|cam|on|thanks?|tks|oke?|vang|da|uhm?|tot|chuc|xin|oi")
_HELLO: Final = re.compile(r"(?:xin |da )?(?:chao|hello|alo|cam on)\b")
_POLITE: Final = re.compile(
    "a|o|ban|bot|ad|can|bo|em|anh|chi|co|chu|bac|ong|ba|oi|nhe|nha|nhieu|lam|you|ca|moi|nguoi|xa|minh|toi|buoi"
    "|sang|trua|chieu|lanh|vui|ve|ngay|123"
)
_ADDRESSED: Final = re.compile(r"(?:(?<=cam on )|(?<=chao ))(?:con|chau)\b|\b(?:con|chau)(?= oi\b)")
_GRATEFUL: Final = re.compile(r"\b(?:cam on|thanks?|tks)\b|[👍👌🙏❤💐🌹😊🥰🤝]")
_HEARD: Final = re.compile(
    r"(?:(?:da|vang|ok|oke|u|toi|tui|em|minh|con|chau|bac|anh|chi|co|chu|ong|ba) )*"
    r"(?:da (?:xem|doc|nhan|biet|ro)|(?:xem|doc|nhan|nhan duoc|biet|ro) roi|nhan duoc)"
    r"(?: (?:duoc|roi|tin|tin nhan|thong bao|giay|xong|het|a|nhe|nha|ad|can bo|cam on))*"
)
_VAGUE: Final = re.compile(
    r"(?:(?:da|toi|tui|em|minh|muon|can|xin|cho|hoi|di) )*(?:nop|lam|gui|hoi)?(?: ?(?:ho so|giay to|giay|thu tuc|don))"
    r"(?: (?:a|nhe|voi|o dau|the nao|nhu the nao|lam sao))*"
    r"|(?:(?:da|toi|tui|em|minh|bac|chu|co|muon|can|xin|cho|ad|oi) )*hoi(?: (?:a|nhe|voi|chut|ti|xiu|cai|duoc khong))*"
)
_END: Final = frozenset(("ket thuc", "ket thuc trao doi", "ket thuc tro chuyen", "ketthuc"))


def command(text: str) -> str:
    """The value of the button that these words stand for; empty when they are none."""
    said = fold(text).removeprefix("/").split("@")[0].strip()
    if said == "dung" and text.strip().startswith("/"):  # without the slash it is "đúng"
        return "stopnews"
    # A person may be called Huy: with no accent and a capital it is a name.
    return "" if text.strip() == "Huy" else _COMMANDS.get(said, "")


def meant(text: str) -> str:
    """As `command`, of whole sentences; only where no question of a form is open, for there they may be an answer."""
    said = fold(text).strip(" .,!?")
    if len(said) > _LONGEST or "đúng" in clean(text).casefold():  # «đúng» says yes, to whatever else
        return ""
    return next((command for pattern, command in _MEANT if pattern.fullmatch(said)), "")


def greets(text: str, *, plainly: bool = False) -> bool:
    """Whether this is a greeting or thanks and nothing else; `plainly` where it might be somebody's name."""
    said = _ADDRESSED.sub("ban", fold(text))  # elders call whoever serves them their child
    words = re.split(r"[\s,.!]+", said)
    greeted = bool(_HELLO.match(said)) if plainly else any(_GREETING.fullmatch(word) for word in words)
    return greeted and all(_GREETING.fullmatch(word) or _POLITE.fullmatch(word) for word in words)


def thanks(text: str) -> bool:
    """Whether a greeting is thanks or a good-bye rather than a beginning."""
    said = fold(text)
    if said.startswith("da ") and "chao" in said:
        return False
    return grateful(text) or said.startswith(("ok", "vang", "da", "uh", "tot"))


def heard(text: str) -> bool:
    """Whether somebody says that they have read what they were told: «đã xem», «nhận được rồi»."""
    return _HEARD.fullmatch(fold(text).strip(" .!")) is not None


def grateful(text: str) -> bool:
    """Whether somebody thanks, in words or by a sign."""
    return _GRATEFUL.search(fold(text)) is not None


def vague(text: str) -> bool:
    """Whether somebody wants "to hand in a dossier" and does not say which."""
    return _VAGUE.fullmatch(fold(text)) is not None


def ends_call(text: str) -> bool:
    return fold(text).removeprefix("/") in _END
