"""What every step of the set-up page has: a title, what it shows, and what a press of a button does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot import disk_words, env_file, gateways, telegram_settings, zalo
from bot.app import App
from bot.settings import BadSetting, Settings, load
from bot.setup_words import wrong
from handlers.web_setup_door import Field, Page, Told

KEPT: Final = "Đã có. Để trống thì giữ như cũ."


@dataclass(frozen=True)
class Desk:
    """What the steps work with; `again` starts the program anew with the settings that were written."""

    app: App
    again: Callable[[], None]

    @property
    def office(self) -> str:
        """The office that is set up: the first that is not for practice."""
        return next(one.id for one in self.app.world.catalogue.offices.values() if not one.practice)


class Step(Protocol):
    """One step; `pressed` gives the page again, or None when the step is done."""

    name: str
    title: str

    async def page(self, desk: Desk, given: Mapping[str, str], told: Sequence[Told] = ()) -> Page: ...
    async def pressed(self, desk: Desk, action: str, given: Mapping[str, str]) -> Page | None: ...


def with_settings(given: Mapping[str, str]) -> Settings:
    """The settings as they will be, with these; raises BadSetting where the program would not start with them."""
    settings = replace(load(), **dict(given))  # type: ignore[arg-type]  # texts, for fields that are texts
    telegram_settings.check(settings)
    if settings.zalo_oa_id:
        zalo.check(settings)
    gateways.check(settings)
    return settings


def keep(values: Mapping[str, str]) -> list[Told]:
    """Write settings, by their fields' names; tells what went wrong, nothing where all is well."""
    named = {f"MOTCUA_{name.upper()}": value for name, value in values.items()}
    try:
        with_settings(values)
        env_file.write(named)
    except BadSetting as error:
        return [Told(good=False, words=f"Chưa ghi được. {wrong(error)}")]
    except OSError as error:
        return [
            Told(
                good=False,
                words=f"Không ghi được tệp .env ({disk_words.why(error)}). Xem quyền và chỗ trống của ổ đĩa.",
            )
        ]
    strange = env_file.outweighed(named)
    if strange:
        words = f"Biến môi trường {', '.join(strange)} đang đặt giá trị khác và thắng tệp .env. Bỏ biến ấy đi."
        return [Told(good=False, words=words)]
    return []


def secret(given: str, kept: str) -> str:
    """What was typed, or what is there already."""
    return given or kept


def secret_field(name: str, label: str, kept: str, hint: str = "") -> Field:
    """A field whose value is never shown again."""
    return Field(name, label, "", " ".join(filter(None, (hint, KEPT if kept else ""))), "secret")
