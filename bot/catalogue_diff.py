"""`motcua catalogue diff`: what changed files will change for people, before the program is started anew on them.

Compared with what the running processes use, as the database has it, or with another folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import func, make_url, select

from bot.commands import say
from bot.settings import Settings
from bot.world import World
from catalogue import versions
from catalogue.compare import Difference, compare, days_off
from catalogue.load import load
from catalogue.model import Catalogue, Procedure
from storage import tables as t
from storage.unit_of_work import connect
from storage.work import Work

IN_USE: Final = "catalogue-in-use"  # in `installation`: the hash of each procedure, as JSON
_LONG: Final = 160  # letters of a text that is shown whole
_WORDS: Final = {
    ("paper", "added"): "+ giấy tờ: {name} ({after})",
    ("paper", "removed"): "- giấy tờ: {name}",
    ("paper-name", "changed"): "~ tên giấy tờ: {before} → {after}",
    ("paper-needed", "changed"): "~ giấy tờ {name}: {before} → {after} (hoặc điều kiện khác)",
    ("paper-photos", "changed"): "~ giấy tờ {name}, số ảnh: {before} → {after}",
    ("fee", "changed"): "~ lệ phí: {before} → {after}",
    ("fee-note", "changed"): "~ ghi chú lệ phí: {before} → {after}",
    ("fee-case", "changed"): "~ lệ phí, {name}: {before} → {after}",
    ("fee-exempt", "changed"): "~ được miễn phí: {before} → {after}",
    ("time", "changed"): "~ thời hạn: {before} → {after}",
    ("question", "added"): "+ câu hỏi: {name}",
    ("question", "removed"): "- câu hỏi: {name}",
    ("question-words", "changed"): "~ lời hỏi: {before} → {after}",
    ("question-choices", "changed"): "~ {name}, để chọn: {before} → {after}",
    ("question-asked", "changed"): "~ câu hỏi {name}: hỏi khi khác, hoặc bắt buộc khác",
    ("name", "changed"): "~ tên: {before} → {after}",
    ("valid", "changed"): "~ áp dụng: {before} → {after}",
    ("result", "changed"): "~ kết quả: {before} → {after}",
    ("summary", "changed"): "~ lời giới thiệu: {before} → {after}",
    ("search", "changed"): "~ cách tìm, nguồn hoặc độ tin cậy (người dân không thấy ngay)",
    ("day-off", "added"): "+ ngày {name}: {after}",
    ("day-off", "removed"): "- ngày {name}: {before}",
    ("other", "changed"): "~ mục {name}",
}


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database knows: the procedures in use, and how much is under way by hash."""

    procedures: Mapping[str, Procedure]
    drafts: Mapping[tuple[str, str], int]  # by procedure and hash: open ones
    dossiers: Mapping[tuple[str, str], int]


def note_in_use(work: Work, world: World) -> None:
    """By a process that serves or works: these versions are what people read from now on."""
    now = msgspec.json.encode(world.catalogue.hashes, order="sorted").decode()
    if work.installation.get(IN_USE) != now:
        work.installation.put(IN_USE, now)


async def diff(settings: Settings, folder: Path | None, to: Path | None) -> int:
    """Print the differences; 0 also where there are some. BadCatalogue where files are not as they must be."""
    if to is not None:
        _tell(_between(load(folder), load(to)))
        return 0
    new = load(folder)
    stored = await _stored(settings)
    if stored is None:
        say("Chưa có cơ sở dữ liệu để so. So hai thư mục: motcua catalogue diff CŨ --to MỚI")
        return 1
    _tell(_since(stored, new))
    return 0


def _tell(lines: Iterator[str]) -> None:
    found = list(lines)
    for line in found or ["Không có gì khác."]:
        say(line)


def _between(old: Catalogue, new: Catalogue) -> Iterator[str]:
    yield from _procedures(old.procedures, new.procedures)
    days = days_off(old, new)
    if days:
        yield "Ngày nghỉ và ngày làm bù"
        yield from (f"  {_line(one)}" for one in days)
    for office in dict.fromkeys((*old.offices, *new.offices)):
        before, after = old.offices.get(office), new.offices.get(office)
        if before is None or after is None:
            yield f"Đơn vị {office}: {'thêm' if before is None else 'bỏ'}"
        elif before != after:
            names = [name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name)]
            yield f"Đơn vị {office}: khác {', '.join(names)}"


def _since(stored: _Stored, new: Catalogue) -> Iterator[str]:
    for line in _procedures(stored.procedures, new.procedures):
        yield line
        procedure = next((it for it in stored.procedures.values() if line == _title(it)), None)
        if procedure is not None:
            key = (procedure.id, versions.hash_of(procedure))
            drafts, dossiers = stored.drafts.get(key, 0), stored.dossiers.get(key, 0)
            yield f"  {drafts} hồ sơ dở sẽ theo bản mới; {dossiers} hồ sơ đã nộp giữ bản cũ đến khi xong"


def _procedures(old: Mapping[str, Procedure], new: Mapping[str, Procedure]) -> Iterator[str]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before is None and after is not None:
            yield f"+ Thủ tục mới: {after.display_name} ({after.id})"
        elif after is None and before is not None:
            yield f"- Không còn thủ tục: {before.display_name} ({before.id})"
        elif before is not None and after is not None and (found := compare(before, after)):
            yield _title(before)
            yield from (f"  {_line(one)}" for one in found)


def _title(it: Procedure) -> str:
    return f"{it.display_name} ({it.id})"


def _line(one: Difference) -> str:
    words = _WORDS[one.what, one.kind]
    return words.format(name=one.name, before=_short(one.before), after=_short(one.after))


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LONG else f"{line[:_LONG]}…"


async def _stored(settings: Settings) -> _Stored | None:
    """Read, and nothing else: the new files must not become versions by being looked at."""
    if not is_made(settings.database_url):
        return None
    database = connect(settings.database_url, lambda _: None)
    try:
        return await database.run(_read)
    finally:
        await database.close()


def is_made(address: str) -> bool:
    """A server's database is; a file may not be there yet, and must not be made by this."""
    url = make_url(address)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def _read(work: Work) -> _Stored:
    c, v, d, f = work.connection, t.catalogue_versions.c, t.dossiers.c, t.drafts.c
    noted = work.installation.get(IN_USE)
    if noted:
        hashes = msgspec.json.decode(noted, type=dict[str, str])
    else:  # none has noted it yet: the newest of each
        rows = c.execute(select(v.procedure, v.hash).order_by(v.loaded_at))
        hashes = {str(procedure): str(key) for procedure, key in rows}
    bodies = {name: work.installation.version(key) for name, key in hashes.items()}
    drafts = select(f.procedure, f.version, func.count()).where(f.dossier.is_(None)).group_by(f.procedure, f.version)
    dossiers = select(d.procedure, d.catalogue_version, func.count()).where(d.closed_at.is_(None))
    return _Stored(
        {name: versions.decode(body) for name, body in bodies.items() if body is not None},
        {(name, key): int(count) for name, key, count in c.execute(drafts)},
        {
            (name, key): int(count)
            for name, key, count in c.execute(dossiers.group_by(d.procedure, d.catalogue_version))
        },
    )
