"""What went wrong where nobody expected it: the page hears a sentence, the log hears kind and place only.

An exception's own words may hold what somebody wrote, a file's name or a cookie: they are neither logged nor answered.
"""

from __future__ import annotations

import logging
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from handlers.web_door import UNREADABLE, refusal, told

log = logging.getLogger(__name__)

SORRY: Final = "Máy chủ đang gặp trục trặc. Bạn thử lại sau ít phút."


@web.middleware
async def kindly(request: web.Request, handler: Handler) -> web.StreamResponse:
    """500 means that the page may send the same once more."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        raise
    except web.RequestPayloadError:  # it broke off on its way, or is not packed as it says
        raise refusal(web.HTTPBadRequest, UNREADABLE) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, its words stay here
        resource = request.match_info.route.resource
        road = resource.canonical if resource is not None else "?"
        log.error("%s %s failed: %s at %s", request.method, road, type(error).__name__, place(error))  # noqa: TRY400
        raise web.HTTPInternalServerError(text=told(SORRY), content_type="application/json") from None


def place(error: BaseException) -> str:
    """File and line where it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def hush(record: logging.LogRecord) -> bool:
    """For the library's own logger, which writes out addresses and the beginning of what it could not read."""
    error = record.exc_info[1] if record.exc_info else None
    record.msg, record.args = "a request could not be served: %s", (type(error).__name__,)
    record.exc_info = record.exc_text = None
    return True
