"""What a helper's turn, or that of the person helped, may cause."""

from __future__ import annotations

from msgspec import Struct

from conversations.messages import File


class AskConsent(Struct, frozen=True, tag=True):
    """Have the person helped asked: a code goes to `phone`, or (`how` is "desk") an officer sees to it.

    `owner` is the draft, or the dossier for which a consent has run out.
    """

    owner: str
    how: str
    helper: str
    relation: str
    phone: str = ""


class ReadOutCode(Struct, frozen=True, tag=True):
    """The code that the person helped has read out."""

    owner: str
    code: str


class KeepConsent(Struct, frozen=True, tag=True):
    """Their voice, or the photo of a signed sheet, kept under this id; a sheet counts once it has been looked at."""

    id: str
    owner: str
    how: str
    helper: str
    relation: str
    file: File


class SettleConsent(Struct, frozen=True, tag=True):
    """The photo of a signed sheet was looked at: it is good, or it is thrown away."""

    id: str
    good: bool


class RevokeConsent(Struct, frozen=True, tag=True):
    """The person helped takes their consent back."""

    id: str


class MoveDocuments(Struct, frozen=True, tag=True):
    """Photos that were held back go to another draft of this person.

    `paper` is where they belong there; empty: put with no paper yet.
    """

    documents: tuple[str, ...]
    draft: str
    paper: str = ""


class ConsentHeard(Struct, frozen=True, tag=True):
    """An officer has heard from the person helped that they agree."""

    dossier: str


class ConsentEnded(Struct, frozen=True, tag=True):
    """The person helped has told an officer that they do not."""

    dossier: str


StaffHelpingEffect = ConsentHeard | ConsentEnded
HelpingEffect = AskConsent | ReadOutCode | KeepConsent | SettleConsent | RevokeConsent | MoveDocuments
