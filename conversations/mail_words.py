"""A message as a mail: subject line, what its buttons become, and what stands beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from conversations.messages import Button, File, Message
from conversations.render import TEXTS, text
from domain.codes import show_check

CODE: Final = "code"  # a one-time code, for an address that is not proven yet
STAFF: Final = "staff"  # for an officer
COPY: Final = "copy"  # of Message.facts: said in a chat as well
CHECK: Final = "check"  # the same: a notice's code, under which anybody may ask whether it is ours
_FEET: Final = {CODE: "foot-code", STAFF: "foot-staff"}
_STAYS: Final = ("d:", "menu", "seen:")  # buttons that lead to the dossier or home, as the mail's own link does


class About(Struct, frozen=True):
    """What surrounds the words. `page`: where the mail's own button leads; empty where no page can be reached."""

    desk: str
    phone: str = ""
    code: str = ""
    page: str = ""
    stop: str = ""
    reply_to: bool = False  # whether somebody reads answers
    official: str = ""  # the page that tells whether a message is ours


def mail(messages: Sequence[Message], about: About, names: Mapping[str, str]) -> Message:
    """One mail of all that is said at once; `names` are the keys under which handlers/email_page.py looks for parts."""
    first = messages[0]
    kind = first.template
    copied = [text("mail.copy", {"desk": about.desk})] if COPY in first.facts else []
    words = [*copied, *map(_said, messages)]
    labels = [b.label for m in messages for b in m.buttons if not _leads(b) and not b.value.startswith(_STAYS)]
    if labels and kind not in (CODE, STAFF):
        choices = ", ".join(f"«{label}»" for label in dict.fromkeys(labels))
        words.append(text("mail.choices", {"desk": about.desk, "choices": choices}))
    files: tuple[File, ...] = tuple(file for message in messages for file in message.files)
    parts = {
        names["subject"]: subject(kind, about),
        names["foot"]: _foot(kind, about, first.facts.get(CHECK, "")),
        names["stop"]: about.stop,
        names["stop-words"]: text("mail.stop") if about.stop else "",
    }
    own = tuple(b for m in messages for b in m.buttons if _leads(b))
    facts = {**first.facts, **parts}
    return Message("\n\n".join(filter(None, words)), (*own, *_page(kind, about)), files, template=kind, facts=facts)


def subject(kind: str, about: About) -> str:
    """What it is about by the dossier's code alone: a locked telephone shows it to whoever is near."""
    if kind == CODE:
        return text("mail.subject-code", {"desk": about.desk})
    if kind == STAFF:
        return text("mail.subject-staff-code" if about.code else "mail.subject-staff", _blanks(about))
    if not about.code:
        return text("mail.subject-none", _blanks(about))
    key = f"mail.subject-{kind}"
    return text(key if key in TEXTS else "mail.subject-news", _blanks(about))


def _page(kind: str, about: About) -> tuple[Button, ...]:
    if not about.page or kind == CODE:
        return ()
    if kind == STAFF:
        return (Button(text("mail.open-staff"), about.page),)
    return (Button(text("mail.open" if about.code else "mail.open-page", _blanks(about)), about.page),)


def _said(message: Message) -> str:
    if message.speaker:
        return text("mail.speaker", {"name": message.speaker, "words": message.text})
    return message.text


def _foot(kind: str, about: About, code: str) -> str:
    called = text("mail.called", {"phone": about.phone}) if about.phone else ""
    usual = "foot-answered" if about.reply_to else "foot"
    told = text(f"mail.{_FEET.get(kind, usual)}", {"desk": about.desk, "called": called})
    unlinked = "" if about.stop or kind in (CODE, STAFF) else text("mail.stop-words")
    checked = text("mail.check", {"page": about.official, "check": show_check(code)}) if code and about.official else ""
    return "\n\n".join(filter(None, [told, checked, unlinked]))


def _leads(button: Button) -> bool:
    return button.value.startswith(("https://", "http://"))


def _blanks(about: About) -> dict[str, str]:
    return {"desk": about.desk, "code": about.code}
