"""Settings: one frozen dataclass read from the environment; .env.example lists the same names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from bot.log import FORMATS
from domain.keeping import PAPERS, SHORTEST
from handlers.zns_templates import BadTemplates, Templates, read

# Secrets, and addresses that may hold one. Whoever adds a setting of that kind adds it here.
SECRETS: Final = frozenset(
    {
        "database",
        "telegram_token",
        "telegram_staff_token",
        "telegram_proxy",
        "zalo_app_secret",
        "zalo_oa_secret_key",
        "payment_secret",
        "smtp_url",
        "sms_url",
        "sms_token",
        "metrics_token",
    }
)


_DATABASES: Final = ("sqlite:///", "postgresql+asyncpg://")


class BadSetting(Exception):
    """A setting that can't be used; says which, and what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is the environment's MOTCUA_<FIELD>, in capitals."""

    data: Path = Path("data")  # the database and the files
    database: str = ""  # a SQLAlchemy URL; empty: SQLite in the data folder
    files: str = ""  # a folder or s3://bucket/prefix; empty: in the data folder
    key_file: Path = Path("keys/master.key")  # outside the data folder, so that its backup does not hold it
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""  # how people reach the page from outside, such as https://motcua.example.vn
    undo_seconds: float = 60.0  # how long an officer can take a decision back
    max_upload_mb: int = 20
    trial: bool = True  # make two invented officers for trying it out; off for a real office
    telegram_token: str = ""  # the citizens' bot; its channel is on when there is one
    telegram_staff_token: str = ""  # the staff's bot: another bot, so that a leak of one gives nothing of the other
    telegram_webhook: bool = False  # Telegram calls us at public_url; else we ask it for news
    telegram_api: str = "https://api.telegram.org"  # or a Bot API server of one's own
    telegram_proxy: str = ""  # http://… or socks5://…, where Telegram is blocked
    zalo_app_id: str = ""  # the app at developers.zalo.me through which we speak for an Official Account
    zalo_app_secret: str = ""
    zalo_oa_id: str = ""  # the Official Account; its channel is on when there is one
    zalo_oa_secret_key: str = ""  # of the app's webhook page; signs what Zalo tells us
    zalo_oauth_base: str = "https://oauth.zaloapp.com"
    zalo_openapi_base: str = "https://openapi.zalo.me"
    zalo_zns_base: str = "https://business.openapi.zalo.me"
    zalo_accept_oaid_mac: bool = False  # also signatures that are made with the account's id
    zalo_buttons: str = "auto"  # on, off, or as the account turns out to take them
    zalo_send_api: str = "auto"  # v3, v2, or as the account turns out to be served
    zalo_zns_templates: str = ""  # JSON: our template -> its number at Zalo and what fills it; empty: no ZNS
    payment_gateway: str = ""  # who tells of transfers to the office's account, such as sepay; empty: nobody does
    payment_secret: str = ""  # with which it signs what it tells
    smtp_url: str = ""  # smtp://user:password@host:587 or smtps://…; empty: no mails are sent
    mail_from: str = ""  # whose name they bear, such as Một cửa xã Sơn Tiến <motcua@example.vn>
    mail_reply_to: str = ""  # where answers to them are read; empty: nobody reads them
    sms_gateway: str = ""  # esms, speedsms or json; empty: no SMS are sent
    sms_url: str = ""  # where it is called; empty: where its provider says, for json to be given
    sms_token: str = ""  # what it knows us by; of esms ApiKey:SecretKey
    sms_sender: str = ""  # the brand name, registered with the networks
    sms_plain: bool = True  # without accents: cheaper, and some networks take nothing else
    push_contact: str = ""  # an e-mail address at which push services reach the operator; empty: public_url says it
    pace: float = 1.0  # how many times faster than people anybody may call or write; 0: as fast as they like
    keep_papers_days: int = PAPERS  # after a dossier's end, for which its answers and photos are kept here
    backup: str = ""  # the folder into which a back-up is made each day, best on another disk; empty: none is
    backup_keep: int = 14  # of these, how many stay
    log_level: str = "INFO"
    log_format: str = "text"  # or json, a line an entry
    metrics_token: str = ""  # what Prometheus shows to read /metrics; empty: only from this machine

    def __repr__(self) -> str:
        """Without what opens something: settings are what an error's words are likeliest to hold."""
        kept = {field.name: getattr(self, field.name) for field in fields(self)}
        return "Settings(" + ", ".join(f"{n}={'…' if n in SECRETS and v else repr(v)}" for n, v in kept.items()) + ")"

    @property
    def database_url(self) -> str:
        """The URL to connect to."""
        return self.database or f"sqlite:///{self.data / 'motcua.sqlite3'}"

    @property
    def file_store(self) -> str:
        """The folder or bucket of files."""
        return self.files or str(self.data / "files")

    @property
    def zns_kinds(self) -> Templates:
        """The kinds of messages for which Zalo has approved a template; raises BadSetting."""
        try:
            return read(self.zalo_zns_templates if self.zalo_oa_id else "")
        except BadTemplates as error:
            raise BadSetting(f"MOTCUA_ZALO_ZNS_TEMPLATES: {error}") from None

    @property
    def address(self) -> str:
        """Where the page is, for links."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


PREFIX: Final = "MOTCUA_"
NAMES: Final = tuple(PREFIX + field.name.upper() for field in fields(Settings))
_YES: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """From the environment and, for what is missing there, from a file named .env."""
    given = {**_file(Path(".env")), **(os.environ if environment is None else environment)}
    values: dict[str, object] = {}
    for name in given:
        if name.startswith(PREFIX) and name not in NAMES:
            raise BadSetting(f"{name}: no such setting; see .env.example")
    for field, name in zip(fields(Settings), NAMES, strict=True):
        text = given.get(name, "").strip()
        if text:
            values[field.name] = _value(name, str(field.type), text)
    if not str(values.get("database", _DATABASES[0])).startswith(_DATABASES):  # what it is instead may be a secret
        raise BadSetting("MOTCUA_DATABASE: expected postgresql+asyncpg://user:password@host/name")
    kept = values.get("keep_papers_days", PAPERS)
    if isinstance(kept, int) and kept < SHORTEST:
        raise BadSetting(f"MOTCUA_KEEP_PAPERS_DAYS: expected {SHORTEST} or more, got {kept}")
    if values.get("log_format", "text") not in FORMATS:
        raise BadSetting(f"MOTCUA_LOG_FORMAT: expected {' or '.join(FORMATS)}, got {values['log_format']!r}")
    if isinstance(copies := values.get("backup_keep", 1), int) and copies < 1:
        raise BadSetting(f"MOTCUA_BACKUP_KEEP: expected 1 or more, got {copies}")
    return Settings(**values)  # type: ignore[arg-type]


def _value(name: str, kind: str, text: str) -> object:
    try:
        match kind:
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "bool":
                return _YES[text.lower()]
            case "Path":
                return Path(text)
            case _:
                return text
    except (ValueError, KeyError):
        expected = {"int": "a whole number", "float": "a number", "bool": "1 or 0"}[kind]
        raise BadSetting(f"{name}: expected {expected}, got {text!r}") from None  # of these kinds none is a secret


def _file(path: Path) -> dict[str, str]:
    """KEY=value lines; a # begins a comment line."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}
