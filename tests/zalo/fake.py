"""A strict fake of Zalo for tests and demonstrations: tokens, messages, uploads, templates by phone, webhook.

It knows what docs/zalo.md says and nothing else. `check()` fails where anything was sent that is not there.
"""

from __future__ import annotations

import time
from typing import Any, ClassVar, Final

from aiohttp import web

from tests.zalo import fake_model
from tests.zalo.fake_model import APP_ID, OA_ID, Faults, Json, State, Told, Zns
from tests.zalo.fake_people import Person, Pushes
from tests.zalo.fake_routes import Routes

_LARGEST: Final = 30 * 1024 * 1024


class FakeZalo:
    """One Official Account behind one address, which serves as OAuth, OpenAPI and ZNS host alike."""

    APP_ID: ClassVar[str] = APP_ID
    APP_SECRET: ClassVar[str] = fake_model.APP_SECRET
    OA_ID: ClassVar[str] = OA_ID
    OA_KEY: ClassVar[str] = fake_model.OA_KEY

    def __init__(self) -> None:
        self.state = State()
        self.people: dict[str, Person] = {}
        self.echo = False
        self.base = ""
        self._pushes = Pushes(self.state)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=_LARGEST)
        app.add_routes(Routes(self).all())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Also fails where something was wrong."""
        self.state.hanging.set()
        await self._pushes.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self.check()

    def check(self) -> None:
        assert self.state.complaints == []

    def pair(self) -> tuple[str, str]:
        """Tokens to begin with."""
        made = self.state.pair()
        return made.access, made.refresh

    def code(self, challenge: str) -> str:
        """What the authorize page gives out, once."""
        code = f"code-{self.state.number()}"
        self.state.codes[code] = challenge
        return code

    def forget_uploads(self) -> None:
        """A week has passed."""
        self.state.uploads.clear()

    def template(self, number: str, **params: int) -> None:
        """A template that Zalo has approved: the longest value of each of its parameters."""
        self.state.templates[number] = params

    # people -----------------------------------------------------------------------------------------------------------

    def person(self, number: str = fake_model.USER, *, name: str = "Nguyễn Văn A", phone: str = "") -> Person:
        made = self.people[number] = Person(self, number, name, phone)
        return made

    async def push(self, event: Json, **how: Any) -> int:
        """An event, as it stands, to the webhook; see Pushes.push."""
        return await self._pushes.push(event, **how)

    async def pushed(self) -> None:
        """The echoes have arrived, too."""
        await self._pushes.done()

    async def delivered(self, zns: Zns, **how: Any) -> int:
        """Zalo tells that a template has arrived."""
        event = {
            "event_name": "user_received_message",
            "sender": {"id": OA_ID},
            "recipient": {"id": zns.phone},
            "message": {"delivery_time": self.timestamp(), "msg_id": zns.msg_id, "tracking_id": zns.tracking_id},
            "app_id": APP_ID,
            "timestamp": self.timestamp(),
        }
        return await self.push(event, zns=True, **how)

    def serve(self, data: bytes, media_type: str) -> str:
        """The address under which a file of somebody's lies."""
        key = f"{self.state.number()}"
        self.state.media[key] = (data, media_type)
        return f"{self.base}/media/{key}"

    def echo_of(self, told: Told, **more: str) -> None:
        """What the account sent comes back as an event, where that is on; `admin_id` where a human wrote it."""
        if not (self.echo and self.hook):
            return
        kind = "image" if told.image is not None else "file" if told.file is not None else "text"
        event = {
            "app_id": APP_ID,
            "sender": {"id": OA_ID, **more},
            "recipient": {"id": told.user},
            "event_name": f"oa_send_{kind}",
            "message": {"text": told.text, "msg_id": told.message_id},
            "timestamp": self.timestamp(),
        }
        self._pushes.soon(event)

    def message_id(self) -> str:
        return f"{self.state.number():020x}"

    @staticmethod
    def timestamp() -> str:
        return str(int(time.time() * 1000))

    # switches and records ---------------------------------------------------------------------------------------------

    @property
    def hook(self) -> str:
        """Where events are pushed to."""
        return self._pushes.hook

    @hook.setter
    def hook(self, address: str) -> None:
        self._pushes.hook = address

    @property
    def stubborn(self) -> bool:
        """Whether echoes, too, are told until somebody hears them, as Zalo does."""
        return self._pushes.stubborn

    @stubborn.setter
    def stubborn(self, on: bool) -> None:
        self._pushes.stubborn = on

    @property
    def pushing(self) -> int:
        """Echoes that nobody has heard yet."""
        return self._pushes.running

    @property
    def kind(self) -> str:
        return self.state.kind

    @kind.setter
    def kind(self, kind: str) -> None:
        self.state.kind = kind

    @property
    def buttons_taken(self) -> bool:
        return self.state.buttons_taken

    @buttons_taken.setter
    def buttons_taken(self, taken: bool) -> None:
        self.state.buttons_taken = taken

    @property
    def expires_in(self) -> str:
        return self.state.expires_in

    @expires_in.setter
    def expires_in(self, seconds: str) -> None:
        self.state.expires_in = seconds

    @property
    def sent(self) -> list[Told]:
        return self.state.sent

    @property
    def zns_sent(self) -> list[Zns]:
        return self.state.zns_sent

    @property
    def complaints(self) -> list[str]:
        return self.state.complaints

    @property
    def faults(self) -> Faults:
        return self.state.faults
