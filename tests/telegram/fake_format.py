"""Formatted text as Telegram reads it: to plain text and entities, refused with Telegram's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tests.telegram.fake_markdown import parse_markdown, parse_markdown_v2
from tests.telegram.fake_model import Json, Unparsed, bad, utf16

SPACES: Final = " \t\r\n\0\v"  # what the server takes for a space; \0 stands for the end
TAGS: Final = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
CHARACTER: Final = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")
NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PLAIN: Final = re.compile(r"[^<&\0]+")
ATTRIBUTE: Final = re.compile(r"([^\s=\0]+)\s*(=?)\s*")
QUOTED: Final = re.compile(r"([\"'])(.*?)\1", re.DOTALL)
WORD: Final = re.compile(r"[A-Za-z0-9.-]*")


def parse(text: str, mode: str, entities: list[Json] | None = None) -> tuple[str, list[Json]]:
    """What is shown; given entities overrule the mode, as with Telegram."""
    try:
        if entities:
            return trim(text, list(_within(text, entities)))
        match mode.lower():
            case "" | "none":
                return trim(text, [])
            case "html":
                return trim(*_Html(text + "\0").parse())
            case "markdownv2":
                return trim(*parse_markdown_v2(text))
            case "markdown":
                return trim(*parse_markdown(text))
            case _:
                raise bad("unsupported parse_mode", blame=True)
    except Unparsed as unparsed:
        raise bad(f"can't parse entities: {unparsed}", blame=True) from None


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """White space at both ends is not sent."""
    shown = text.rstrip()
    start = shown.lstrip()
    skipped = utf16(shown[: len(shown) - len(start)])
    length = utf16(start)
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - skipped, 0)
        end = min(entity["offset"] + entity["length"] - skipped, length)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return start, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _within(text: str, entities: Iterable[Json]) -> Iterable[Json]:
    length = utf16(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] < 0 or entity["offset"] + entity["length"] > length:
            begins = entity["offset"] if entity["offset"] > length else entity["offset"] + entity["length"]
            raise Unparsed(f"entity beginning or ending at UTF-16 offset {begins} is out of the text")
        if entity["length"]:
            yield entity


@dataclass(slots=True)
class _Html:
    r"""`source` ends with \\0."""

    source: str
    out: str = ""
    shown: int = 0
    at: int = 0
    entities: list[Json] = field(default_factory=list)
    open: list[tuple[str, str, int, int]] = field(default_factory=list)  # tag, argument, UTF-16 offset, offset in out

    def parse(self) -> tuple[str, list[Json]]:
        end = len(self.source) - 1
        while self.at < end:
            if plain := PLAIN.match(self.source, self.at):
                self.out += plain.group()
                self.shown += utf16(plain.group())
                self.at = plain.end()
                continue
            letter = self.source[self.at]
            if letter == "<":
                if self.source[self.at + 1] == "/":
                    self._close()
                else:
                    self._start()
                continue
            if letter == "&" and (decoded := _decode(self.source, self.at)):
                letter, self.at = decoded
            else:
                self.at += 1
            self.out += letter
            self.shown += utf16(letter)
        if self.open:
            raise Unparsed(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return self.out, self.entities

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _name(self, at: int) -> tuple[str, int]:
        end = at
        while self.source[end] not in SPACES and self.source[end] != ">":
            end += 1
        return self.source[at:end].lower(), end

    def _skip(self, at: int) -> int:
        while self.source[at] in SPACES and at < len(self.source) - 1:
            at += 1
        return at

    def _start(self) -> None:
        begin = self.at
        tag, at = self._name(begin + 1)
        if self.source[at] == "\0":
            raise Unparsed(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in TAGS:
            raise Unparsed(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument = ""
        while self.source[at := self._skip(at)] != ">":
            name, value, at = self._attribute(tag, begin, at)
            match tag, name:
                case ("a", "href") | ("tg-emoji", "emoji-id"):
                    argument = value
                case "code", "class" if value.startswith("language-"):
                    argument = value.removeprefix("language-")
                case "span", "class" if value.startswith("tg-"):
                    argument = value.removeprefix("tg-")
                case "blockquote", "expandable":
                    argument = "expandable"
                case _:
                    pass
        if tag == "span" and argument != "spoiler":
            raise Unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.open.append((tag, argument, self.shown, len(self.out)))
        self.at = at + 1

    def _attribute(self, tag: str, begin: int, at: int) -> tuple[str, str, int]:
        place = f'"{tag}" at byte offset {self._byte(begin)}'
        if self.source[at] == "\0":
            raise Unparsed(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag == "blockquote" and re.compile(r"expandable[\s>]").match(self.source, at):
            return "expandable", "", at + len("expandable")
        found = ATTRIBUTE.match(self.source, at)
        if not found:
            raise Unparsed(f"Empty attribute name in the tag {place}")
        if not found[2]:
            raise Unparsed(f"Expected equal sign in declaration of an attribute of the tag {place}")
        at = found.end()
        if self.source[at] == "\0":
            raise Unparsed(f"Unclosed start tag {place}")
        if self.source[at] in "\"'":
            quoted = QUOTED.match(self.source, at)
            if not quoted:
                raise Unparsed(f"Unclosed start tag at byte offset {self._byte(begin)}")
            return found[1].lower(), _decode_all(quoted[2]), quoted.end()
        word = WORD.match(self.source, at)
        assert word
        if self.source[word.end()] not in SPACES + ">":
            raise Unparsed(f"Unexpected end of name token at byte offset {self._byte(at)}")
        return found[1].lower(), word.group().lower(), word.end()

    def _close(self) -> None:
        begin = self.at
        if not self.open:
            raise Unparsed(f"Unexpected end tag at byte offset {self._byte(begin)}")
        name, at = self._name(begin + 2)
        at = self._skip(at)
        if self.source[at] != ">":
            raise Unparsed(f"Unclosed end tag at byte offset {self._byte(begin)}")
        tag, argument, start, out = self.open.pop()
        if name not in {"", tag}:
            where = self._byte(begin)
            raise Unparsed(f'Unmatched end tag at byte offset {where}, expected "</{tag}>", found "</{name}>"')
        self.at = at + 1
        if self.shown > start:
            entity = _entity(tag, argument, self.out[out:])
            if entity:
                self.entities.append({"offset": start, "length": self.shown - start} | entity)


def _entity(tag: str, argument: str, words: str) -> Json:
    match tag:
        case "a":
            url = argument or words
            if url.startswith("tg://user?id="):
                return {"type": "text_mention"}
            return {"type": "text_link", "url": url} if re.search(r"^\w+:|\w\.\w", url) else {}
        case "tg-emoji":
            if not argument.isdigit():
                raise Unparsed("Invalid custom emoji identifier specified")
            return {"type": "custom_emoji", "custom_emoji_id": argument}
        case "blockquote" if argument:
            return {"type": "expandable_blockquote"}
        case _:
            return {"type": TAGS[tag]}


def _decode(source: str, at: int) -> tuple[str, int] | None:
    found = CHARACTER.match(source, at)
    if not found:
        return None
    if found[3]:
        return NAMED[found[3]], found.end()
    number = int(found[1], 16) if found[1] else int(found[2])
    return (chr(number), found.end()) if 0 < number < 0x10FFFF and not 0xD800 <= number < 0xE000 else None


def _decode_all(text: str) -> str:
    return CHARACTER.sub(lambda found: (_decode(found.group(), 0) or (found.group(), 0))[0], text)
