"""Files that a messenger keeps for us: known at once under an id of ours, fetched by a job."""

from __future__ import annotations

from msgspec.structs import replace

from bot.scene import Scene
from conversations.messages import ChatEvent, Event, FileSent, Inbound


def adopt(scene: Scene, inbound: Inbound, chat: str) -> Event:
    """The event with our own id for its file; `chat` is who may see the file."""
    event = inbound.event
    assert not isinstance(event, ChatEvent)
    if not isinstance(event, FileSent):
        return event
    remote = f"{inbound.channel} {event.file.ref}"
    ours = scene.work.files.expect(remote, event.file, chat, inbound.event_id, scene.now)
    scene.work.jobs.add("fetch", ours.ref)
    return replace(event, file=ours)
