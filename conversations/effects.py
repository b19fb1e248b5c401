"""The closed list of what a citizen's turn may cause beyond a new state and words."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from conversations.helping_effects import HelpingEffect
from conversations.linking_effects import LinkingEffect
from conversations.look_effects import WhoEffect
from conversations.mail_effects import MailEffect
from conversations.messages import File
from conversations.money_state import CitizenMoneyEffect
from conversations.where_effects import WhereEffect


class SubmitDossier(Struct, frozen=True, tag=True):
    """Hand the draft in; a draft becomes one dossier at most, however often this is asked."""

    draft: str


class SendSupplement(Struct, frozen=True, tag=True):
    """Hand in what the office asked for again."""

    draft: str


class WithdrawDossier(Struct, frozen=True, tag=True):
    """The citizen takes the dossier back."""

    dossier: str


class DiscardDraft(Struct, frozen=True, tag=True):
    """Forget a draft with its answers and photos; one that the office waits for begins anew, empty."""

    draft: str


class CheckDocument(Struct, frozen=True, tag=True):
    """Have a worker look at a document; its finding comes back as DocumentChecked.

    `paper` is what it is for, to see whether its title says otherwise; `card`: look for an ID card's QR.
    """

    document: str
    file: File
    paper: str = ""
    card: bool = False


class SendForm(Struct, frozen=True, tag=True):
    """Send a procedure's form as PDF: `kind` is "blank" or "sample"."""

    procedure: str
    kind: str


class SendFilled(Struct, frozen=True, tag=True):
    """Send the filled form of a draft or dossier of this person as PDF."""

    owner: str


class MakeLink(Struct, frozen=True, tag=True):
    """Make a link to the upload page, for this draft alone.

    `paper` empty: for all its papers, good for a short time, for the owner; else for one paper, good for two days, for
    whoever the owner gives it to.
    """

    draft: str
    paper: str = ""


class ForgetKnown(Struct, frozen=True, tag=True):
    """Forget what is kept of the persons on earlier forms."""


class SendOwnData(Struct, frozen=True, tag=True):
    """Send all that is kept of this person, as a ZIP."""


class DropDrafts(Struct, frozen=True, tag=True):
    """Delete all drafts but those that the office waits for."""


class WithdrawConsent(Struct, frozen=True, tag=True):
    """Whatever was agreed to is withdrawn: drafts and known persons go, and nothing is sent unasked any more."""


class CallOfficer(Struct, frozen=True, tag=True):
    """Ask for a person: makes a card in the office's group. `dossier` may be empty."""

    about: str
    dossier: str = ""


class Relay(Struct, frozen=True, tag=True):
    """Carry the citizen's words or file to beneath the card of the open call."""

    text: str = ""
    file: File | None = None


class EndCall(Struct, frozen=True, tag=True):
    """The citizen ends the talk with the officer."""


class AnswerCorrection(Struct, frozen=True, tag=True):
    """The citizen has seen the old and new value of one answer and agrees, or not."""

    dossier: str
    agreed: bool


class Rate(Struct, frozen=True, tag=True):
    """How satisfied the citizen was, 1 to 5 stars; a low one is taken up by a person."""

    dossier: str
    stars: int


class RateWord(Struct, frozen=True, tag=True):
    """The citizen's own words to their rating."""

    dossier: str
    word: str


class AnswerShown(Struct, frozen=True, tag=True):
    """The citizen has looked at the draft of the result: it is right, or wrong as the remark says."""

    dossier: str
    agreed: bool
    remark: str = ""


class MakeCoSignLink(Struct, frozen=True, tag=True):
    """Make a link with which the second person who must agree does so from their own chat."""

    dossier: str


class AnswerCoSign(Struct, frozen=True, tag=True):
    """The second person agrees, or not; the token is used up."""

    token: str
    agreed: bool


class ShowFigures(Struct, frozen=True, tag=True):
    """Say where the office's figures are published."""


class NoteMissed(Struct, frozen=True, tag=True):
    """Keep what was asked and not found, without who asked."""

    query: str


class BookSlot(Struct, frozen=True, tag=True):
    """The citizen comes at this moment; played again, with another view of the slots, where the place is lost."""

    dossier: str
    at: datetime


class NameCollector(Struct, frozen=True, tag=True):
    """This person collects the result; a code is made and told to the citizen."""

    dossier: str
    name: str
    phone: str
    last4: str


class RenewCode(Struct, frozen=True, tag=True):
    """Another code for the same collector; the old one is void."""

    dossier: str


class DropCollector(Struct, frozen=True, tag=True):
    """The citizen collects after all."""

    dossier: str


Effect = (
    SubmitDossier
    | SendSupplement
    | WithdrawDossier
    | DiscardDraft
    | CheckDocument
    | CallOfficer
    | Relay
    | EndCall
    | AnswerCorrection
    | AnswerShown
    | MakeCoSignLink
    | AnswerCoSign
    | NoteMissed
    | BookSlot
    | NameCollector
    | RenewCode
    | DropCollector
    | SendForm
    | SendFilled
    | MakeLink
    | ForgetKnown
    | SendOwnData
    | DropDrafts
    | WithdrawConsent
    | CitizenMoneyEffect
    | LinkingEffect
    | MailEffect
    | WhoEffect
    | HelpingEffect
    | WhereEffect
    | Rate
    | RateWord
    | ShowFigures
)
