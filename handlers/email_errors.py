"""What a mail server's refusal means for the mail, for its address and for us (RFC 5321, 4.2; RFC 3463).

The enhanced code ("5.1.1") says more than the bare one: whether it is about the mailbox, about the mail, or about who
sends it. What is about us is put off, so that whoever runs this can mend a setting before mails are given up.
"""

from __future__ import annotations

import re
from typing import Final

from conversations.messages import Refused, TryLater, Undeliverable

SOON: Final = 120.0  # seconds; a greylist lets the second try through
FULL: Final = 3600.0  # a full mailbox
MENDED: Final = 300.0  # a password, or the right to send as this address

_ENHANCED: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_MAILBOX: Final = frozenset({550, 551, 553, 555, 501})


def about_recipient(code: int, words: str) -> Exception:
    """RCPT was refused."""
    kind, subject, detail = _enhanced(code, words)
    if kind == "4":
        return TryLater(FULL if (subject, detail) == ("2", "2") else SOON)
    if (subject, detail) == ("2", "2") or code == 552:
        return TryLater(FULL)
    if subject == "1" or (subject == "2" and detail in ("0", "1")):
        return Undeliverable("gone")
    if subject:  # 5.7.1: relaying denied, a policy; nothing against the mailbox
        return Refused(f"{code}")
    return Undeliverable("gone") if code in _NO_MAILBOX else Refused(f"{code}")


def about_message(code: int, words: str) -> Exception:
    """The mail itself was refused, after DATA."""
    kind, _, _ = _enhanced(code, words)
    return TryLater(SOON) if kind == "4" else Refused(f"{code}")


def about_us(_code: int) -> Exception:
    """The server will not have us: no greeting, no login, no MAIL FROM."""
    return TryLater(MENDED)


def _enhanced(code: int, words: str) -> tuple[str, str, str]:
    """Class, subject and detail; of a bare code the class alone."""
    found = _ENHANCED.search(words)
    if found is not None and found[1] == f"{code}"[0]:
        return found[1], found[2], found[3]
    return f"{code}"[0], "", ""
