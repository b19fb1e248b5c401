"""The result by post, as the citizen wishes it: noted until it is sent, and the officers hear of it."""

from __future__ import annotations

import msgspec

from bot import claims, decisions, money
from bot.say import alert, to_citizen
from bot.scene import Scene
from bot.views import code_of, dossier_view
from conversations import post
from conversations.messages import Message
from conversations.money_state import DropPost, WishPost
from conversations.render import text
from conversations.staff_state import Officer
from conversations.state import PostWish
from domain.dossier import NotAllowed, Status
from storage.dossiers import Record


def wish(scene: Scene, record: Record, effect: WishPost) -> None:
    """A new receiver, or another one: what the post costs is then to be confirmed anew."""
    if record.status not in post.WHEN:
        return
    data: dict[str, object] = {"name": effect.name, "phone": effect.phone, "address": effect.address}
    if record.status == Status.DONE:  # nobody is expected at the desk any more
        data["appointment_at"] = None
    _change(scene, record, PostWish(effect.name, effect.phone, effect.address), decisions.CITIZEN)
    decisions.note(scene, scene.again(record), decisions.CITIZEN, "post-wish", data)
    alert(scene, scene.again(record), "post-wish")


def drop(scene: Scene, record: Record) -> None:
    """The citizen collects it after all."""
    if record.body.post is None or record.status not in post.WHEN:
        return
    _change(scene, record, None, decisions.CITIZEN)
    decisions.note(scene, scene.again(record), decisions.CITIZEN, "post-drop", {})
    alert(scene, scene.again(record), "post-drop")


def refuse(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """It cannot be sent: the citizen is asked to come; gives the words for the officer."""
    claims.must_have(officer, record)
    if record.body.post is None or record.status not in post.WHEN:
        raise NotAllowed("gone")
    _change(scene, record, None, officer.id)
    record = scene.again(record)
    decisions.note(scene, record, officer.id, "post-refuse", {})
    view = dossier_view(scene, record, record.person)
    told = post.refused(view, scene.world.office(record.office))
    to_citizen(scene, record.chat, told, f"dossier:{record.id}")
    return [Message(text("post.done-refused", {"code": code_of(record)}))]


def carry_out(scene: Scene, record: Record, effect: WishPost | DropPost) -> None:
    if isinstance(effect, WishPost):
        wish(scene, record, effect)
    else:
        drop(scene, record)


def _change(scene: Scene, record: Record, new: PostWish | None, actor: str) -> None:
    """Postage that was to be paid in advance is no longer part of the charge."""
    before = record.body.post.fee_vnd or 0 if record.body.post else 0
    changes: dict[str, object] = {"body": msgspec.structs.replace(record.body, post=new)}
    if new is not None and record.status == Status.DONE:
        scene.work.places.free(record.id)
        changes["appointment_at"] = None
    scene.work.dossiers.change(record, **changes)
    if before:
        money.less(scene, scene.again(record), before, actor)
