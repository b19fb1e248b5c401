"""What officers may know of how a citizen was told."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class LastNews(Struct, frozen=True):
    """The newest news of a dossier: `status` as in storage/notices.py, told last on `channel`, `at` since when.

    `far`: it went further than to the one chat that most people have, or did not arrive: then it is worth a line.
    `silent`: it was told, and an answer is due; `stopped`: they want no news.
    """

    status: str
    channel: str
    at: datetime
    words: str = ""
    far: bool = False
    silent: bool = False
    stopped: bool = False


class ToPhone(Struct, frozen=True):
    """A citizen whom somebody has to telephone: `news` is what they are to be told."""

    dossier: str
    code: str
    procedure: str
    name: str
    phone: str
    news: LastNews


class Telephoned(Struct, frozen=True, tag=True):
    """The officer has telephoned, and reached them or not."""

    dossier: str
    reached: bool
