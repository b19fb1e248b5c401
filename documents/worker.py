"""The picture worker's own process: bounded, and it ends when the program does, also when the program was killed."""

from __future__ import annotations

import multiprocessing
import os
import threading
from typing import Final

from documents import bounds
from documents.examined import Examined

SECONDS: Final = 25  # for one document
_MEMORY: Final = 1 << 30  # bytes of its own


def begin() -> None:
    """Watch the program that started this worker: one that is killed can't tell its worker to go.

    A stranger's file takes neither the machine's memory nor its pace.
    """
    bounds.bound(_MEMORY)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def examined(data: bytes, paper: str, card: bool, seconds: int = SECONDS) -> Examined:  # noqa: FBT001 - as it is sent
    """As in `examine`."""
    from documents import examine  # noqa: PLC0415 - heavy, and the program that names this function needs none of it

    with bounds.within(seconds):
        return examine.examine(data, paper=paper, card=card)


def rendered(kind: str, payload: bytes, seconds: int = SECONDS) -> bytes:
    """As in `render_pdf`, or for a spreadsheet as in `sheets_xlsx`."""
    from documents import render_pdf, sheets_xlsx  # noqa: PLC0415 - heavy, too

    with bounds.within(seconds):
        return sheets_xlsx.render(kind, payload) if kind in sheets_xlsx.KINDS else render_pdf.render(kind, payload)


def smaller(data: bytes, most: int, seconds: int = SECONDS) -> bytes:
    """As in `lighter`; nothing where the picture can't be opened."""
    from documents import lighter  # noqa: PLC0415 - heavy as well
    from documents.picture import Unusable  # noqa: PLC0415

    with bounds.within(seconds):
        try:
            return lighter.smaller(data, most)
        except Unusable:
            return b""


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
