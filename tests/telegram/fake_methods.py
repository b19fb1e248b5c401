"""The methods of the fake Bot API by their names in small letters; the others of the schema it refuses by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.telegram import fake_changing as changing
from tests.telegram import fake_looking as looking
from tests.telegram import fake_sending as sending
from tests.telegram import fake_settings as settings
from tests.telegram.fake_ask import Ask

METHODS: Final[dict[str, Callable[[Ask], Any]]] = {
    "sendmessage": sending.send_message,
    "sendmediagroup": sending.send_media_group,
    "sendlocation": sending.send_location,
    "sendcontact": sending.send_contact,
    "sendchataction": sending.send_chat_action,
    "copymessage": sending.copy_message,
    "forwardmessage": sending.forward_message,
    "editmessagetext": changing.edit_text,
    "editmessagecaption": changing.edit_caption,
    "editmessagereplymarkup": changing.edit_markup,
    "editmessagemedia": changing.edit_media,
    "deletemessage": changing.delete_message,
    "deletemessages": changing.delete_messages,
    "answercallbackquery": changing.answer_callback_query,
    "pinchatmessage": changing.pin_chat_message,
    "unpinchatmessage": changing.unpin_chat_message,
    "unpinallchatmessages": changing.unpin_chat_message,
    "setmessagereaction": changing.set_message_reaction,
    "getme": looking.get_me,
    "getfile": looking.get_file,
    "getchat": looking.get_chat,
    "getchatmember": looking.get_chat_member,
    "getchatadministrators": looking.get_chat_administrators,
    "getchatmembercount": looking.get_chat_member_count,
    "leavechat": looking.leave_chat,
    "setmycommands": settings.set_my_commands,
    "getmycommands": settings.get_my_commands,
    "deletemycommands": settings.delete_my_commands,
    "setmyname": settings.set_words,
    "setmydescription": settings.set_words,
    "setmyshortdescription": settings.set_words,
    "setchatmenubutton": settings.set_setting,
    "setmydefaultadministratorrights": settings.set_setting,
    "logout": settings.yes,
    "close": settings.yes,
}
METHODS.update({f"send{kind.replace('_', '')}": sending.send_file(kind) for kind in sending.KINDS})
for _name in ("name", "description", "short_description"):
    METHODS.update(settings.get_words(_name))
