"""MarkdownV2 and the old Markdown as Telegram reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from tests.telegram.fake_model import Json, Unparsed, utf16

RESERVED: Final = frozenset("_*[]()~`>#+-=|{}.!\n")
NAMES: Final = {"text_link": "TextUrl", "custom_emoji": "CustomEmoji"}  # as the server calls them in errors
ENDS: Final = {
    "bold": "*",
    "italic": "_",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "code": "`",
    "pre": "```",
    "text_link": "]",
    "custom_emoji": "]",
}


@dataclass(slots=True)
class _Open:
    type: str
    offset: int
    begin: int
    out: int


@dataclass(slots=True)
class _Markdown:
    source: str
    out: str = ""
    shown: int = 0
    at: int = 0
    quote: bool = False
    entities: list[Json] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            letter = self.source[self.at]
            following = self.source[self.at + 1 : self.at + 2]
            if letter == "\\" and "\0" < following <= "~":
                self._put(following)
                self.at += 2
                continue
            inner = self.open[-1].type if self.open else ""
            reserved = "`" if inner in {"code", "pre"} else RESERVED
            if letter not in reserved:
                self._put(letter)
                self.at += 1
            elif self._ends(inner, letter, following):
                self._end(letter)
            else:
                self._begin(letter, following)
        if self.quote and self.open and self.open[-1].type == "blockquote":
            self._add(self.open.pop())
        if self.open:
            raise self._no_end(self.open[-1])
        return self.out, self.entities

    def _put(self, letters: str) -> None:
        self.out += letters
        self.shown += utf16(letters)

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _no_end(self, left: _Open) -> Unparsed:
        name = NAMES.get(left.type, left.type.capitalize())
        return Unparsed(f"Can't find end of {name} entity at byte offset {self._byte(left.begin)}")

    def _ends(self, inner: str, letter: str, following: str) -> bool:
        if not inner:
            return False
        if self.quote and letter == "\n" and following != ">":
            return True
        if inner == "blockquote":
            return False
        if inner == "italic":
            return letter == "_" and following != "_"
        return self.source.startswith(ENDS[inner], self.at)

    def _begin(self, letter: str, following: str) -> None:
        begin = self.at
        source = self.source
        match letter:
            case "_":
                kind, self.at = ("underline", begin + 2) if following == "_" else ("italic", begin + 1)
            case "*":
                kind, self.at = "bold", begin + 1
            case "~":
                kind, self.at = "strikethrough", begin + 1
            case "|" if following == "|":
                kind, self.at = "spoiler", begin + 2
            case "[":
                kind, self.at = "text_link", begin + 1
            case "!" if following == "[":
                kind, self.at = "custom_emoji", begin + 2
            case "`" if source.startswith("```", begin):
                found = re.compile(r"```(?:[^\s`]+(?=\s))?(?:\r\n|\n\r|\n|\r)?").match(source, begin)
                assert found
                kind, self.at = "pre", found.end()
            case "`":
                kind, self.at = "code", begin + 1
            case "\n":
                self._put("\n")
                self.at += 1
                if following != ">":
                    return
                self.at += 1
                if self.quote:
                    return
                kind, self.quote = "blockquote", True
            case ">" if not begin:
                kind, self.at, self.quote = "blockquote", 1, True
            case _:
                raise Unparsed(f"Character '{letter}' is reserved and must be escaped with the preceding '\\'")
        self.open.append(_Open(kind, self.shown, begin, len(self.out)))

    def _end(self, letter: str) -> None:
        ended = self.open[-1]
        if letter == "\n" and ended.type != "blockquote":
            raise self._no_end(ended)
        self.open.pop()
        more: Json = {}
        match ended.type:
            case "blockquote":
                self.quote = False
                self._put("\n")
                self.at += 1
            case "text_link":
                self.at += 1
                url = self._url("URL") if self.source.startswith("(", self.at) else self.out[ended.out :]
                more = {"url": url}
            case "custom_emoji":
                self.at += 1
                if not self.source.startswith("(", self.at):
                    raise Unparsed("Custom emoji entity must contain a tg://emoji URL")
                more = {"custom_emoji_id": self._url("custom emoji URL").rpartition("=")[2]}
            case _:
                self.at += len(ENDS[ended.type])
        self._add(ended, **more)

    def _url(self, what: str) -> str:
        begin = self.at = self.at + 1
        url = ""
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\":
                self.at += 1
            url += self.source[self.at : self.at + 1]
            self.at += 1
        if self.at >= len(self.source):
            raise Unparsed(f"Can't find end of a {what} at byte offset {self._byte(begin)}")
        self.at += 1
        return url

    def _add(self, ended: _Open, **more: str) -> None:
        if self.shown > ended.offset and (ended.type != "text_link" or "." in more["url"] or ":" in more["url"]):
            self.entities.append(
                {"type": ended.type, "offset": ended.offset, "length": self.shown - ended.offset} | more
            )


def parse_markdown_v2(text: str) -> tuple[str, list[Json]]:
    return _Markdown(text).parse()


def parse_markdown(text: str) -> tuple[str, list[Json]]:
    """The old one: nothing nests, only four signs mean anything."""
    out = ""
    entities: list[Json] = []
    at = 0
    kinds = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}
    while at < len(text):
        letter = text[at]
        if letter == "\\" and text[at + 1 : at + 2] in {*kinds}:
            out += text[at + 1]
            at += 2
            continue
        if letter not in kinds:
            out += letter
            at += 1
            continue
        pre = text.startswith("```", at)
        end_mark = "```" if pre else "]" if letter == "[" else letter
        begin = at + len(end_mark)
        end = text.find(end_mark, begin)
        if end < 0:
            where = len(text[:at].encode())
            raise Unparsed(f"Can't find end of the entity starting at byte offset {where}")
        entity: Json = {"type": "pre" if pre else kinds[letter], "offset": utf16(out), "length": utf16(text[begin:end])}
        out += text[begin:end]
        at = end + len(end_mark)
        if letter == "[":
            found = re.compile(r"\(([^)]*)\)?").match(text, at)
            entity["url"] = found[1] if found else text[begin:end]
            at = found.end() if found else at
        if entity["length"]:
            entities.append(entity)
    return out, entities
