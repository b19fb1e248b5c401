"""`motcua rehearse`: robots walk every path of the procedures and name what would stop a citizen or an officer."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from catalogue.faults import BadCatalogue
from catalogue.load import load
from catalogue.model import Catalogue, Procedure
from catalogue.search import Search
from conversations.rehearsal.faults import Fault
from conversations.rehearsal.pretend import Pretend
from conversations.rehearsal.rehearse import Rehearsed, rehearse

_WORDS: Final = 160  # characters of what was on the screen
_KINDS: Final = {
    "question": "câu hỏi {0}: không cách trả lời nào dẫn tới câu này",
    "choice": "câu hỏi {0}, lựa chọn «{1}»: không chọn được",
    "row": "nhóm có nhiều dòng {0}: không thêm được dòng thứ hai",
    "paper": "giấy tờ {0}: không bao giờ được hỏi",
    "no-paper": "giấy tờ {0}: điều kiện required_when lúc nào cũng đúng",
    "detour": "detours[{0}]: điều kiện không bao giờ đúng",
}


def rehearsal(wanted: Sequence[str], folder: Path | None = None, office: str = "") -> int:
    """Walk them, print what was found, and give the exit status: 1 where anything is wrong."""
    try:
        catalogue = load(folder)
    except BadCatalogue as error:
        _say(f"{error}\nSửa xong (motcua catalogue check) rồi tập dượt lại.")
        return 1
    unknown = [name for name in wanted if name not in catalogue.procedures]
    if unknown:
        _say(f"Không có thủ tục {', '.join(unknown)}. Tên là tên tệp trong catalogue/procedures/, bỏ đuôi .toml.")
        return 1
    begun = time.monotonic()
    search = Search(catalogue)
    results = [
        rehearse(procedure, _world(catalogue, search, procedure, office))
        for procedure in catalogue.procedures.values()
        if not wanted or procedure.id in wanted
    ]
    found = [line for result in results for line in _lines(result, catalogue)]
    for line in found:
        _say(line)
    walks, turns = sum(r.walks for r in results), sum(r.turns for r in results)
    _say(
        f"{'Chưa đạt' if found else 'Tốt'}: {len(results)} thủ tục, {walks} lượt đi, {turns} lần bấm hoặc gõ, "
        f"{time.monotonic() - begun:.0f} giây."
    )
    return 1 if found else 0


def _world(catalogue: Catalogue, search: Search, procedure: Procedure, office: str) -> Pretend:
    """In the office asked for, else in the first real one that serves the procedure."""
    serving = (o.id for o in catalogue.offices.values() if not o.practice and o.serves(procedure.id))
    place = office or next(serving, next(iter(catalogue.offices)))
    return Pretend(catalogue, search, datetime.now(UTC), office=place)


def _lines(result: Rehearsed, catalogue: Catalogue) -> Iterator[str]:
    procedure = catalogue.procedures[result.procedure]
    where = f"{procedure.display_name} [procedures/{procedure.sector}/{procedure.id}.toml]"
    found = [f"  {fault.place}: {fault.what}{_shown(fault)}" for fault in result.faults]
    found += [f"  {_KINDS[kind].format(*about)}" for kind, *about in result.missed if kind in _KINDS]
    if found:
        yield "\n".join((where, *found))


def _shown(fault: Fault) -> str:
    words = " / ".join(fault.words.split("\n"))
    return f"\n  Trên màn hình: {words[:_WORDS]}{'…' if len(words) > _WORDS else ''}" if words else ""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
