"""The steps of the set-up page, in their order."""

from __future__ import annotations

from typing import Final

from bot import setup_channels, setup_end, setup_office, setup_place, setup_second
from bot.setup_step import Step

STEPS: Final[tuple[Step, ...]] = (
    setup_office.OfficeStep(),
    setup_office.HeadStep(),
    setup_channels.TelegramStep(),
    setup_channels.ZaloStep(),
    setup_channels.MailStep(),
    setup_channels.SmsStep(),
    setup_place.AddressStep(),
    setup_end.BackupStep(),
    setup_place.AgainStep(),
    setup_second.SecondWayStep(),
    setup_end.KeyStep(),
    setup_end.PosterStep(),
    setup_end.EndStep(),
)
