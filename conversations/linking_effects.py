"""What a citizen's turn may cause for their chats to become one person's, or to part again."""

from __future__ import annotations

from msgspec import Struct


class OfferCode(Struct, frozen=True, tag=True):
    """Make a code with which another chat is linked to this one; `channel`: where that will be, or empty."""

    channel: str = ""


class GiveCode(Struct, frozen=True, tag=True):
    """A code was typed, or came with a link. Nothing is linked by that alone."""

    code: str
    agreed: bool = False  # to what the code said it is for, where it makes this chat an officer's


class GiveNumber(Struct, frozen=True, tag=True):
    """The number that the other chat shows was typed where the code was made: now they are linked."""

    number: str


class Refuse(Struct, frozen=True, tag=True):
    """Whatever waits to be linked with this chat is not to be."""


class Unlink(Struct, frozen=True, tag=True):
    """This chat is not to be the person's any more."""

    chat: str


LinkingEffect = OfferCode | GiveCode | GiveNumber | Refuse | Unlink
