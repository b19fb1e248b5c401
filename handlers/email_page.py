"""A message as the HTML and the text of a mail: large letters, no pictures, nothing that is fetched from anywhere.

Both say the same. Mail programs strip what they do not know, so what matters is in the elements themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from string import Template
from typing import Final

from conversations.messages import Button, Message

SUBJECT: Final = "mail-subject"  # of Message.facts: the subject line,
FOOT: Final = "mail-foot"  # what stands beneath, lines separated by newlines,
STOP: Final = "mail-stop"  # the link that stops mails to this address, empty where there is none,
STOP_WORDS: Final = "mail-stop-words"  # and what it is called
ID: Final = "mail-id"  # which makes a mail that is sent again the same mail

_LINKS: Final = ("https://", "http://")
_PAGE: Final = Template(
    """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>$title</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #16191d !important; color: #f2f4f6 !important; }
  .sheet { background: #22272d !important; border-color: #4a525b !important; }
  .foot { color: #c3cad1 !important; border-color: #4a525b !important; }
  .button { background: #8fc1ff !important; color: #0b1a2b !important; border-color: #8fc1ff !important; }
  .link { color: #9cc8ff !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#eef1f4;color:#16191d">
<div class="page" style="background:#eef1f4;color:#16191d;padding:16px 8px">
<main class="sheet" style="max-width:600px;margin:0 auto;background:#ffffff;border:1px solid #c9d0d7;\
border-radius:10px;padding:20px 22px;font-family:Arial,Helvetica,sans-serif;font-size:19px;line-height:1.6">
$body
$buttons
<div class="foot" style="margin-top:28px;padding-top:14px;border-top:1px solid #c9d0d7;font-size:16px;line-height:1.5;\
color:#454d56">
$foot
</div>
</main>
</div>
</body>
</html>
"""
)
_BUTTON: Final = Template(
    '<p style="margin:18px 0"><a class="button" href="$url" style="display:inline-block;padding:13px 22px;'
    "background:#0b4f9e;color:#ffffff;border:1px solid #0b4f9e;border-radius:8px;font-size:19px;font-weight:bold;"
    'text-decoration:none">$label</a></p>'
)


def html(message: Message) -> str:
    """The whole page."""
    facts = message.facts
    stop = facts.get(STOP, "")
    foot = _paragraphs(facts.get(FOOT, ""), margin=8)
    if stop:
        link = f'<a class="link" href="{escape(stop)}" style="color:#0b4f9e">{escape(facts.get(STOP_WORDS, stop))}</a>'
        foot += f'\n<p style="margin:8px 0">{link}</p>'
    return _PAGE.substitute(
        title=escape(facts.get(SUBJECT, "")),
        body=_paragraphs(message.text, margin=14),
        buttons="\n".join(
            _BUTTON.substitute(url=escape(button.value), label=escape(button.label)) for button in links(message)
        ),
        foot=foot,
    )


def text(message: Message) -> str:
    """The same as plain text."""
    return "\n\n".join(filter(None, [message.text.strip(), *_plain_links(message), _plain_foot(message.facts)])) + "\n"


def links(message: Message) -> Iterable[Button]:
    """The buttons that lead somewhere; what others do is said in words by whoever made the mail."""
    return [button for button in message.buttons if button.value.startswith(_LINKS)]


def _plain_links(message: Message) -> list[str]:
    return [f"{button.label}:\n{button.value}" for button in links(message)]


def _plain_foot(facts: Mapping[str, str]) -> str:
    """After the line that sets a signature apart (RFC 3676, 4.3), so that answers leave it out."""
    stop = facts.get(STOP, "")
    lines = [facts.get(FOOT, "").strip(), f"{facts.get(STOP_WORDS, '')}:\n{stop}" if stop else ""]
    told = "\n\n".join(filter(None, lines))
    return f"-- \n{told}" if told else ""


def _paragraphs(words: str, *, margin: int) -> str:
    """Empty lines part paragraphs. Addresses of pages in the words stay words: whoever typed them is not us."""
    parts = [part.strip("\n") for part in words.split("\n\n")]
    return "\n".join(
        f'<p style="margin:{margin}px 0">{"<br>".join(map(escape, part.splitlines()))}</p>' for part in parts if part
    )
