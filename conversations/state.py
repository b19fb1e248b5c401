"""What a conversation knows: the talk, the person, the open draft, and the read-only view around them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from conversations.messages import Button, Card, File, Finding
from domain.fees import Charge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalogue.model import Catalogue, Office, Procedure
    from catalogue.search import Search
    from conversations.closure import ClosureView
    from conversations.effects import Effect
    from conversations.impostors import Genuine, Official
    from conversations.own_data import OwnData
    from domain.rights import Proof


class Talk(Struct, frozen=True):
    """Which screen one chat is on. Holds no answers: those belong to the draft, which belongs to the person."""

    screen: str = "start"
    procedure: str = ""
    draft: str = ""
    dossier: str = ""
    changing: str = ""  # key of the one answer or paper that is being given again
    page: int = 0
    query: str = ""
    album: str = ""  # the album last begun, and the paper it was begun for ("?": none yet): there its late photos go
    album_paper: str = ""
    offered: tuple[Button, ...] = ()  # the buttons last shown, so that a typed label or number presses them
    noticed: tuple[Button, ...] = ()  # of news that came between turns, newest first, where buttons may be missing
    by_hand_until: datetime | None = None  # somebody of the office writes there past the bot, which keeps silent


class Document(Struct, frozen=True):
    """One photo or PDF sent for a paper ("": for none yet).

    `verdict`: "checking", "ok", "poor" (asked to be taken again, and counts for nothing meanwhile), or why the file
    cannot be used. `copies` are the refs of what officers look at first: turned upright, flattened where the paper's
    corners were sure, one a page; `marked` is the picture with its trouble. `used` says that the sender kept a poor
    picture, `by` who sent it for the owner.
    """

    id: str
    paper: str
    ref: str
    media_type: str
    size: int
    verdict: str = "checking"
    finding: Finding | None = None
    copies: tuple[str, ...] = ()
    marked: str = ""
    used: bool = False
    by: str = ""
    shared: bool = False  # the bytes belong to an older dossier that this one began from

    @property
    def refs(self) -> tuple[str, ...]:
        """Everything that is kept of it, and goes with it."""
        if self.shared:
            return ()
        return (self.ref, *self.copies, *([self.marked] if self.marked else []))


class ReadCard(Struct, frozen=True):
    """What an ID card said, waiting to be confirmed for one group of questions."""

    card: Card
    group: str
    document: str = ""


class Pending(Struct, frozen=True):
    """An answer that is not recorded yet: which reading of it is meant is to be chosen. `why` as in domain.reading."""

    key: str
    typed: str
    offers: tuple[str, ...]
    labels: tuple[str, ...]
    why: str


class Known(Struct, frozen=True):
    """A person on an earlier form of whoever is speaking. `fields` by a question's `detail`; `own`: the speaker."""

    id: str
    fields: Mapping[str, str]
    own: bool = False


class Want(Struct, frozen=True):
    """Something the office asked for again: a paper's or a question's key, and why."""

    key: str
    reason: str


class Collector(Struct, frozen=True):
    """Who collects the result instead of the applicant. `last4` of their card; `code` is kept hashed."""

    name: str
    phone: str
    last4: str
    code: str = ""
    wrong: int = 0  # how often a wrong code was given
    checked: bool = False  # the right one was given at the desk


class Part(Struct, frozen=True):
    """How far one part of a linked procedure is: waiting, with-authority, done or refused."""

    key: str
    status: str = "waiting"
    note: str = ""


class PostWish(Struct, frozen=True):
    """The result is to come by post. `fee_vnd` None: not confirmed yet; `tracking` once it is on its way."""

    name: str
    phone: str
    address: str
    fee_vnd: int | None = None
    tracking: str = ""


class Portal(Struct, frozen=True):
    """The dossier's code on the official portal, and the national status noted there at a moment (0: none noted)."""

    code: str
    status: int = 0
    at: datetime | None = None


class CoSigner(Struct, frozen=True):
    """The second person who must agree. `status`: waiting, signed, declined, or desk (signed on paper)."""

    role: str
    name: str = ""
    status: str = "waiting"
    at: datetime | None = None


class CoSignView(Struct, frozen=True):
    """What a second person may read before they agree; `own`: it is the requester who reads."""

    office: str
    procedure: str
    role: str
    lines: tuple[tuple[str, str], ...] = ()
    own: bool = False


class Helper(Struct, frozen=True):
    """Who handed a dossier in for its applicant, and with what consent; words as in domain/helping.py.

    `at` is when it was given (None: an officer is to see to it), `until` how long it is good, `phone` where a code was
    sent to.
    """

    name: str
    relation: str
    how: str
    status: str
    at: datetime | None = None
    until: datetime | None = None
    phone: str = ""
    known: bool = False  # a village head whom the office itself has noted


class MandateView(Struct, frozen=True):
    """A consent as the helper who asked for it may see it: nothing of the dossier but what it is called."""

    id: str
    owner: str
    applicant: str
    helper: str
    relation: str
    procedure: str
    how: str
    status: str
    phone: str = ""
    until: datetime | None = None
    handed_in: bool = False  # and, once it has run out, with nobody who has taken it over


class HelpedView(Struct, frozen=True):
    """A dossier that somebody handed in for whoever is speaking; `looks` are when the helper opened it."""

    id: str
    owner: str
    procedure: str
    code: str
    helper: Helper
    holds: bool
    looks: tuple[datetime, ...] = ()


class Draft(Struct, frozen=True):
    """A dossier in the making. `dossier` and `wants` are set when it is the answer to a request for more."""

    id: str
    procedure: str
    version: str  # hash of the procedure's catalogue version
    answers: Mapping[str, str] = {}
    documents: tuple[Document, ...] = ()
    skipped: tuple[str, ...] = ()  # papers passed over with "Bỏ qua" or finished without a photo
    finished: tuple[str, ...] = ()  # papers whose last photo has been sent ("Xong")
    applicant: str = ""  # "self", a name, "other" while the name is not given yet; empty: not asked yet
    dossier: str = ""
    wants: tuple[Want, ...] = ()
    marks: Mapping[str, str] = {}  # by answer: "desk" (an officer writes it), "card", "odd", "copied", "default"
    flags: tuple[str, ...] = ()  # small facts of how the form is being filled
    tries: Mapping[str, int] = {}  # by document: how often its page was asked for again
    card: ReadCard | None = None
    pending: Pending | None = None


class Told(Struct, frozen=True, omit_defaults=True):
    """How somebody wants to be told. `chat`: at which address first; `copies`: everything by e-mail as well."""

    chat: str = ""
    quiet: bool = True  # nobody wakes them at night
    stopped: bool = False
    copies: bool = False


class Address(Struct, frozen=True):
    """Where somebody is reached: a chat's id (empty until something is sent there), its channel, how it is called.

    `well`: something can be sent there now; `here`: it is where they are speaking.
    """

    chat: str
    channel: str
    label: str = ""
    chosen: bool = False
    well: bool = True
    here: bool = False


class Person(Struct, frozen=True):
    """Who is speaking. `consents`: purposes agreed to, "handle" and "notify"; "no-notify" was declined."""

    id: str
    office: str = ""
    consents: tuple[str, ...] = ()
    told: Told = Told()


class State(Struct, frozen=True):
    """All a turn may change; what differs afterwards is stored."""

    talk: Talk
    person: Person
    draft: Draft | None = None

    def at(self, screen: str, **changes: object) -> State:
        """This state on another screen, every other part of the talk forgotten unless named in `changes`."""
        talk = self.talk
        kept: dict[str, object] = {
            "draft": talk.draft,
            "album": talk.album,
            "album_paper": talk.album_paper,
            "noticed": talk.noticed,
            "by_hand_until": talk.by_hand_until,
        }
        return replace(self, talk=Talk(screen, **{**kept, **changes}))  # type: ignore[arg-type]


class DraftLine(Struct, frozen=True):
    """A draft in a list."""

    id: str
    procedure: str
    applicant: str
    updated_at: datetime
    dossier: str = ""


class Step(Struct, frozen=True):
    """One line of a dossier's timeline, without names: `decision` is the tag of a domain decision."""

    at: datetime
    decision: str
    to: str
    note: str = ""


class DossierView(Struct, frozen=True):
    """A dossier as its owner may see it."""

    id: str
    tracking_code: str
    procedure: str
    procedure_name: str
    office: str
    status: str
    applicant: str
    submitted_at: datetime
    answer_by: datetime
    own: bool  # belongs to the person who is speaking
    official_code: str = ""
    due_at: datetime | None = None
    appointment_at: datetime | None = None
    wants: tuple[Want, ...] = ()
    originals: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    correction: Want | None = None  # proposed by an officer: key and the new value; open until agreed or declined
    correction_old: str = ""
    charge: Charge | None = None  # what it costs, once an officer has confirmed it
    channel: str = "online"
    wait_until: datetime | None = None
    extended_from: datetime | None = None
    collector: Collector | None = None
    parts: tuple[Part, ...] = ()
    post: PostWish | None = None
    portal: Portal | None = None
    cosigner: CoSigner | None = None
    helper: Helper | None = None
    unheard: bool = False  # it belongs to somebody without a chat; told only in a look-up by number
    stars: int = 0  # the owner's rating; 0: none yet
    rated_at: datetime | None = None


class Contact(Struct, frozen=True):
    """How somebody is reached who has no chat; `phone` is empty where they left none."""

    name: str
    phone: str = ""


class Say(Struct, frozen=True):
    """A text by its key, the words for its blanks, and buttons: a Button, or a key under "button." in the texts.

    `asks` and `files` are as in Message.
    """

    key: str
    blanks: Mapping[str, object] = {}
    buttons: Sequence[Button | str] = ()
    asks: str = ""
    files: tuple[File, ...] = ()
    head: str = ""  # a line in front: whom it is about, where that is not plain


class Turn(Struct, frozen=True):
    """What one event led to. `ask` is False when nothing more should be asked after `says`."""

    state: State
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
    ask: bool = True


class Context(Protocol):
    """The frozen world around one turn; what costs a query is read only when looked at."""

    @property
    def now(self) -> datetime: ...
    @property
    def channel(self) -> str: ...
    @property
    def linkable(self) -> bool:
        """Whether a link to a page of ours opens where this person is."""
        ...

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def search(self) -> Search: ...
    @property
    def fresh(self) -> str:
        """A random id of 16 letters, another at each reading."""
        ...

    @property
    def drafts(self) -> Sequence[DraftLine]: ...
    @property
    def several(self) -> bool:
        """Whether there is more than one draft: asked at each question of a form, where reading them would be waste."""
        ...

    @property
    def dossiers(self) -> Sequence[DossierView]:
        """The person's own, newest first."""
        ...

    @property
    def people(self) -> Sequence[Known]:
        """Persons on this person's earlier forms, the speaker first; nobody else's."""
        ...

    @property
    def link_to(self) -> Sequence[str]:
        """The channels on which this person may go on besides this one: those that are on."""
        ...

    @property
    def addresses(self) -> Sequence[Address]:
        """Where this person is told, in the order in which it is tried."""
        ...

    @property
    def ways(self) -> frozenset[str]:
        """Channels of which one may add an address here: zalo, telegram, email, phone, push."""
        ...

    @property
    def proofs(self) -> Sequence[Proof]:
        """The phone numbers and e-mail addresses that this person has shown to be theirs, the newest first."""
        ...

    def may_look(self, phone: str = "", *, pair: bool = False) -> str:
        """Whether somebody may look up what is not theirs: "yes", "human" (asked first whether one is there), "over".

        `phone` is what they look for; `pair`: with a code beside it.
        """
        ...

    def dossiers_of(self, phone: str) -> Sequence[DossierView]:
        """What was handed in with this number, newest first; nothing unless it is proven to be this person's."""
        ...

    def pair(self, code: str, phone: str) -> DossierView | None:
        """The dossier with this tracking or official code, if it was handed in with this number."""
        ...

    @property
    def call_open(self) -> bool:
        """Whether this person is talking with an officer."""
        ...

    def dossier_by_code(self, code: str) -> DossierView | None:
        """By tracking code (normalised by domain.codes), or by official code for the person's own only."""
        ...

    def draft(self, draft_id: str) -> Draft | None:
        """One of this person's drafts, whole."""
        ...

    def handed_in(self, dossier_id: str) -> Draft | None:
        """What one of this person's dossiers was handed in with."""
        ...

    def own_data(self) -> OwnData:
        """All that is kept of this person."""
        ...

    def genuine(self, words: str) -> Genuine:
        """Whether these words, or a code in them, are ours."""
        ...

    def official(self) -> Official:
        """Where we write from."""
        ...

    def to_cosign(self, token: str) -> CoSignView | None:
        """What a link asks a second person to agree to; None when it is good for nothing."""
        ...

    def mandate(self, owner: str) -> MandateView | None:
        """The consent that this person has asked for to hand in a draft or dossier for somebody; the newest."""
        ...

    @property
    def mandates(self) -> Sequence[MandateView]:
        """Those of them that are not over, or have run out and may be asked for again."""
        ...

    @property
    def helped(self) -> Sequence[HelpedView]:
        """What others handed in for whoever is speaking, as far as their phone is proven."""
        ...

    @property
    def codes_by_phone(self) -> bool:
        """Whether a code can be sent to a phone from here."""
        ...

    def procedure_of(self, dossier: DossierView) -> Procedure:
        """The version that the dossier was submitted under."""
        ...

    def office(self, office_id: str) -> Office: ...
    def closed(self, office_id: str, procedure: str) -> ClosureView | None:
        """The closure that concerns this procedure there now."""
        ...

    def free_slots(self, office_id: str, procedure: str) -> Sequence[datetime]:
        """The moments of the next working days at which somebody may still come."""
        ...
