"""The words shared with handlers: what came in, what goes out, and how sending can fail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

UNKNOWN_TYPE: Final = ""  # of a file whose messenger does not say; it shows when the bytes are here
UNKNOWN_SIZE: Final = -1


class File(Struct, frozen=True):
    """Bytes that somebody holds; `ref` is the id under which the channel (or our own store) gives them out."""

    ref: str
    media_type: str
    size: int  # bytes
    name: str = ""


class TextSent(Struct, frozen=True, tag="text"):
    """Words as typed. `reply_to` is the id of the message being answered, as `Shown.id` gave it."""

    text: str
    reply_to: str = ""


class Pressed(Struct, frozen=True, tag="pressed"):
    """A button: its value, at most 64 bytes (Telegram's limit), and the message it hung under."""

    value: str
    message_id: str = ""


class FileSent(Struct, frozen=True, tag="file"):
    """One file; an album arrives as several events that share `album`. `reply_to` as in TextSent."""

    file: File
    caption: str = ""
    album: str = ""
    reply_to: str = ""


class Unsupported(Struct, frozen=True, tag="unsupported"):
    """Something we have no use for: sticker, location, contact, video, empty-file, too-large, unknown."""

    kind: str


class Edited(Struct, frozen=True, tag="edited"):
    """An earlier message was changed by its writer."""

    text: str


class Started(Struct, frozen=True, tag="started"):
    """A chat was opened; `payload` is what a link or a poster's QR carried (a procedure, office or dossier)."""

    payload: str = ""


class ContactShared(Struct, frozen=True, tag="contact"):
    """A phone number out of an address book; `own` only where the messenger vouches that it is the sender's own.

    `claimed`: the sender gave it as their own when asked, and the messenger has not checked it.
    """

    phone: str
    own: bool
    claimed: bool = False


class Left(Struct, frozen=True, tag="left"):
    """Nothing more can be written to this chat: "blocked" by the person, "removed" from or "muted" in a group."""

    why: str


class Returned(Struct, frozen=True, tag="returned"):
    """A chat that was left can be written to again."""


class ByHand(Struct, frozen=True, tag="by-hand"):
    """Somebody of the office writes to this chat in the messenger's own page, past the bot."""


class Withdrew(Struct, frozen=True, tag="withdrew"):
    """The person has told the messenger that what is known of them is to be erased."""


class Moved(Struct, frozen=True, tag="moved"):
    """The chat has another address now, such as a group that was made a supergroup."""

    address: str


class Card(Struct, frozen=True):
    """The first seven fields of an ID card's QR; a convenience to fill a form with, never a proof.

    `number` has 12 digits; `old_number` 9 or none; `born` and `issued` are dd/mm/yyyy; `sex` is Nam or Nữ.
    """

    number: str
    old_number: str
    name: str
    born: str
    sex: str
    address: str
    issued: str


class Finding(Struct, frozen=True):
    """What our own worker saw in one photo or PDF.

    `verdict` is "ok" or one word for why a file cannot be used at all. `problems` say what is poor about a picture, the
    one to mend first in front: blurred, dark, overexposed, glare, too-small, cut-off, no-document, screenshot. Those in
    `soft` are asked about once and then pass. `software` names an editing program found in the file's metadata.
    """

    verdict: str = "ok"
    problems: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    card: Card | None = None
    side: str = ""  # of an ID card: "front", "back", or not known
    title: str = ""  # which kind of paper its title says it is, by the keys of documents/titles.toml; "": not read
    named: str = ""  # the title's kind in words, as a citizen is told
    turned: int = 0  # degrees clockwise by which the copies were turned beyond what the file itself says
    cropped: bool = False  # whether the copy is the flattened paper alone
    pages: int = 1
    sha256: str = ""
    look: str = ""  # 256-bit perceptual hash of the whole picture, 64 hex digits; of a PDF empty
    sheet: str = ""  # the same of the flattened paper; empty where no corners were sure
    software: str = ""
    ms: int = 0


class DocumentChecked(Struct, frozen=True, tag="checked"):
    """Our own worker looked at a document. `verdict` is "ok" or one word for why it cannot be used at all.

    `document` is empty where a file that is no document, such as one for an officer, could not be fetched. `marked` is
    a small picture with the trouble marked, where that helps; `copies` are for officers (see Document).
    """

    document: str
    verdict: str
    finding: Finding | None = None
    copies: tuple[File, ...] = ()
    marked: File | None = None


class PaperSent(Struct, frozen=True, tag="paper-sent"):
    """A file for one paper of one draft, sent on the upload page.

    `by` is empty for the draft's owner, else the name that whoever they asked gave; `card` where it is the ID card to
    fill the open group of the form with.
    """

    draft: str
    paper: str
    file: File
    by: str = ""
    card: bool = False


class PictureUsed(Struct, frozen=True, tag="picture-used"):
    """On the upload page somebody keeps the picture that they sent, poor as it is."""

    draft: str
    document: str


class TimeCame(Struct, frozen=True, tag="time"):
    """A moment that was waited for has come; `what` says which one, `subject` about which thing."""

    what: str
    subject: str


Event = (
    TextSent
    | Pressed
    | FileSent
    | PaperSent
    | PictureUsed
    | ContactShared
    | Unsupported
    | Edited
    | Started
    | DocumentChecked
    | TimeCame
)
ChatEvent = Left | Returned | Moved | ByHand | Withdrew  # about the chat itself: no conversation hears of it


class Inbound(Struct, frozen=True):
    """One happening on one channel. `event_id` is unique for this channel and address: repeats are ignored."""

    channel: str
    address: str
    event_id: str
    event: Event | ChatEvent
    at: datetime  # office time, aware
    group: str = ""  # the address of the group in which it happened; empty in a private chat
    network: str = ""  # hashed: where it came from, for limits; empty where that is not known


class Button(Struct, frozen=True):
    """A choice under a message; the value comes back as `Pressed.value`."""

    label: str
    value: str


class Message(Struct, frozen=True):
    """What a person is to read. The text holds no markup; lines are separated by newlines."""

    text: str
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()
    speaker: str = ""  # empty: the bot; else the name to show, such as an officer's
    reply_to: str = ""
    card: str = ""  # "dossier:<id>" or "call:<id>" when the message is a card that will be redrawn
    asks: str = ""  # "phone" where a phone number is wanted: some messengers can share the person's own
    typed: str = ""  # how words press the buttons: by "number" or "label", in "news" too; "said" once the text tells
    template: str = ""  # for channels that send approved templates alone: which one says it,
    facts: Mapping[str, str] = {}  # and what fills that, without what the matter is


class Shown(Struct, frozen=True):
    """A message as a live page shows it. `revision` grows with every change in this chat, `id` never changes."""

    id: str
    revision: int
    own: bool  # written by the reader
    message: Message
    at: datetime
    private: bool = False  # staff page: only this officer sees it


class Sent(Struct, frozen=True):
    """The provider's id for a message that it took; an album's other messages have ids of their own."""

    message_id: str
    also: tuple[str, ...] = ()


class TryLater(Exception):
    """The provider asked to wait `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


class NotYet(TryLater):
    """What is to be sent is still on its way to us; the provider would take it, and anything else meanwhile."""


class Undeliverable(Exception):
    """This address takes nothing, now or later; the words are "blocked", "removed", "muted" or "gone"."""


class Refused(Exception):
    """The provider will never take this one message; the address itself is well."""


class Uncertain(Exception):
    """The call went out and no answer came: the provider may have taken the message or not."""


class AddressChanged(Exception):
    """The chat has moved to `address`; nothing was taken."""

    def __init__(self, address: str) -> None:
        super().__init__("the chat has another address")
        self.address = address


class MessageGone(Exception):
    """The message that was to be edited is no longer there."""
