"""Which conversation takes a press, asks on a screen, or takes words there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from conversations import (
    apply,
    call,
    find,
    forget,
    guide,
    menu,
    narrow,
    page,
    papers,
    questions,
    review,
    samples,
    start,
    track,
)
from conversations.messages import Event
from conversations.state import Context, Say, State, Turn

Press = Callable[[State, str, Context], Turn]

# The part of a button's value before the colon; the rest says what it is about.
PRESSES: Final[Mapping[str, Press]] = {
    "menu": menu.menu,
    "find": menu.find,
    "fields": menu.fields,
    "field": menu.field,
    "events": menu.events,
    "event": menu.event,
    "mine": track.mine,
    "guide": guide.guide,
    "levels": guide.levels,
    "hotline": guide.hotline,
    "call": call.begin,
    "callp": call.about_procedure,
    "callo": call.about_outside,
    "endcall": call.end,
    "office": start.change,
    "start": apply.start,
    "open": page.open_,
    "legal": page.legal,
    "form": samples.form,
    "blank": samples.blank,
    "sample": samples.sample,
    "forget": forget.forget,
    "forgetok": forget.forgotten,
    "route": narrow.route,
    "not-this": narrow.not_this,
    "tell": find.tell,
    "new": apply.new,
    "resume": apply.resume,
    "later": apply.later,
    "for": apply.for_whom,
    "yes": apply.consent,
    "no": apply.refuse,
    "keep": apply.keep,
    "ans": questions.press,
    "done": papers.done,
    "skip": papers.skip,
    "use": papers.use,
    "drop-unsorted": papers.drop_unsorted,
    "redo": papers.redo,
    "drop": papers.drop,
    "edit-answers": review.edit_answers,
    "edit-papers": review.edit_papers,
    "chg": review.change,
    "review": review.look,
    "submit": review.submit,
    "send": review.send,
    "cancel": review.cancel,
    "discard": review.discard,
    "d": track.open_,
    "wd": track.withdraw,
    "wdok": track.withdrawn,
    "fix": track.fix,
    "fixok": track.agree,
    "fixno": track.disagree,
}
IN_A_CALL: Final = ("fixok", "fixno")  # an officer's proposal may well come up while talking
ENDS_A_CALL: Final = ("fix",)  # what the office waits for matters more than the talk, which can be begun again

ASKS: Final[Mapping[str, Callable[[State, Context], tuple[Say, ...]]]] = {
    "start": start.ask,
    "office": start.ask,
    "menu": menu.ask,
    "fields": menu.ask_fields,
    "field": menu.ask_field,
    "events": menu.ask_events,
    "event": menu.ask_event,
    "choose": narrow.ask_choose,
    "routing": narrow.ask_routing,
    "feedback": find.ask_feedback,
    "page": page.ask,
    "legal": page.ask_legal,
    "again": apply.ask_again,
    "draft": apply.ask,
    "edit-answers": review.ask_edit,
    "edit-papers": review.ask_edit,
    "cancel": review.ask_cancel,
    "mine": track.ask_mine,
    "dossier": track.ask,
    "withdraw": track.ask_withdraw,
    "forget": forget.ask,
    "call-about": call.ask,
}
ANSWERS: Final[Mapping[str, Callable[[State, Event, Context], Turn]]] = {
    "draft": apply.answer,
    "call-about": call.answer,
}
TO_BE_CHOSEN: Final = frozenset({"cancel", "withdraw", "forget", "edit-answers", "edit-papers"})
