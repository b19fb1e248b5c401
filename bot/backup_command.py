"""`motcua backup` and `motcua restore`, in words."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.exc import SQLAlchemyError

from bot import backups, command_audit, disk_words
from bot.app import opened
from bot.commands import say
from bot.scene import present
from bot.settings import Settings
from bot.typed_key import asked_key
from domain.values import VIETNAM, moment_words
from storage import backup as saved
from storage import key_ring, rotation, sealed
from storage.away import Away
from storage.backup import Contents, NotEmpty
from storage.backup_stream import BadBackup, Header
from storage.files import Folder, open_store
from storage.key_ring import Ring
from storage.sealed import Keys
from storage.unit_of_work import connect

_BAD: Final = {
    "not-one": "Tệp này không phải bản sao lưu của chương trình.",
    "newer": "Bản sao lưu này do phiên bản mới hơn của chương trình làm ra. Cài phiên bản ấy rồi làm lại.",
    "changed": "Bản sao lưu đã bị sửa hoặc hỏng, không dùng được. Lấy bản khác.",
    "cut": "Bản sao lưu bị cụt, thiếu phần cuối, không dùng được. Chép lại từ ổ gốc hoặc lấy bản khác.",
    "other-key": "Khóa không mở được bản sao lưu này. Bản làm lúc dùng khóa nào thì cần tờ giấy của khóa ấy.",
}
_FULL: Final = {
    "database": "Cơ sở dữ liệu đích đã có dữ liệu",
    "files": "Kho tệp đích đã có tệp khác",
    "key": "Tệp khóa đích đang giữ khóa khác",
}
_EVERY: Final = 50_000  # rows between two lines


class _Progress:
    """A line now and then."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, what: str, count: int) -> None:
        if what == "rows" and count < self._told + _EVERY:
            return
        self._told = count if what == "rows" else self._told
        say(f"  {'dòng' if what == 'rows' else 'tệp'}: {_number(count)}")


async def backup(settings: Settings, target: list[str], *, check: bool = False) -> int:
    """`FILE` or a folder; `--check FILE`; `proven CODE`."""
    if len(target) == 2 and target[0] == "proven":
        return await _proven(settings, target[1])
    if target == ["proven"]:
        say("Ghi cả mã mà máy kia hiện ra sau khi khôi phục: motcua backup proven ABCD-EFGH")
        return 1
    if len(target) > 1 or not (target or settings.backup) or (check and not target):
        say("Ghi một tệp hoặc thư mục: motcua backup /o-ngoai/ (hoặc đặt MOTCUA_BACKUP)")
        return 1
    path = Path(target[0] if target else settings.backup)
    return _checked(settings, path) if check else await _make(settings, path)


async def _make(settings: Settings, target: Path) -> int:
    path = backups.named(target, datetime.now(UTC))
    async with opened(settings) as app:
        await app.database.run(lambda work: command_audit.note(present(work, app.world), "backup"))
        try:
            contents = await backups.make(app.database, app.store, settings, path, _Progress())
        except backups.Busy:
            say("Một tiến trình khác đang sao lưu. Đợi nó xong rồi làm lại.")
            return 1
        except backups.InTheWay:
            say(f"{path} đã có. Ghi tên khác, hoặc ghi một thư mục.")
            return 1
        except (OSError, Away, SQLAlchemyError) as error:
            say(f"Chưa sao lưu được ({_why(error)}). Ở {path} chưa có gì.")
            return 1
    rows, files = _number(contents.all_rows), _number(contents.files)
    say(f"Đã sao lưu và đọc lại: {path} ({path.stat().st_size / 1e6:.1f} MB, {rows} dòng, {files} tệp)")
    lost = len(contents.gone) + len(contents.spoilt)
    if lost:
        say(f"CHÚ Ý: {lost} tệp mất hoặc hỏng trong kho tệp {settings.file_store}; bản sao lưu này thiếu chúng.")
    say("Bản này chỉ mở được bằng khóa trên giấy hoặc tệp khóa. Cất nó ở ổ khác với máy này.")
    return 1 if lost else 0


def _checked(settings: Settings, path: Path) -> int:
    try:
        with path.open("rb") as file:
            found = _opened(settings, file)
            if found is None:
                return 1
            head, contents, _ = found
    except OSError as error:
        say(f"Không mở được {path}: {disk_words.why(error)}.")
        return 1
    say(f"Nguyên vẹn. {_about(head, contents)}")
    say("Chắc chắn nhất là khôi phục thử trên ổ khác: motcua restore TỆP --rehearse THƯ-MỤC")
    return 0


def _opened(settings: Settings, file: BinaryIO, *, paper: bool = False) -> tuple[Header, Contents, Ring] | None:
    """Read all of it, with the key file or with what is typed; says what is wrong."""
    ring = key_ring.read(settings.key_file) if settings.key_file.exists() and not paper else _typed()
    if ring is None:
        return None
    try:
        return saved.check(file, ring, _Progress())
    except BadBackup as error:
        if error.reason == "other-key" and settings.key_file.exists() and not paper:
            say("Khóa trong tệp khóa không mở được bản này.")
            return _opened(settings, file, paper=True)
        say(_BAD[error.reason])
        return None


def _typed() -> Ring | None:
    typed = asked_key(say)
    return None if typed is None else Ring((typed,))


async def _proven(settings: Settings, code: str) -> int:
    async with opened(settings) as app:
        known = await app.database.run(lambda work: backups.proven(work, code, datetime.now(UTC)))
    if known is None:
        say("Mã này không phải của bản sao lưu nào của máy này. Xem lại từng chữ.")
        return 1
    say(f"Đã ghi: bản sao lưu {_when(known.made)} khôi phục được.")
    return 0


async def restore(settings: Settings, path: Path, rehearse: Path | None) -> int:
    """Into an empty machine; or only tried, in a folder of another disk."""
    try:
        with path.open("rb") as file:
            found = await asyncio.to_thread(_opened, settings, file, paper=rehearse is not None)
            if found is None:
                return 1
            if rehearse is not None:
                return await _rehearsed(settings, file, found, rehearse)
            return await _restored(settings, file, found)
    except (OSError, Away) as error:
        say(f"Không đọc hay ghi được ({_why(error)}). Làm lại được.")
        return 1


async def _restored(settings: Settings, file: BinaryIO, found: tuple[Header, Contents, Ring]) -> int:
    head, contents, ring = found
    say(f"Nguyên vẹn. {_about(head, contents)} Đang ghi…")
    try:
        await _put(settings, file, ring)
    except NotEmpty as error:
        say(f"{_FULL[str(error)]}; không ghi đè. Khôi phục vào chỗ trống: đặt MOTCUA_DATA, MOTCUA_DATABASE,")
        say("MOTCUA_FILES và MOTCUA_KEY_FILE sang chỗ mới, hoặc dời cái cũ đi. Máy cài bằng deploy/install: chạy lại")
        say("lệnh cài, thêm --restore và tên tệp này; dữ liệu đang có được cất riêng, không mất.")
        return 1
    except SQLAlchemyError as error:
        say(f"Cơ sở dữ liệu không nhận ({_why(error)}). Chưa ghi gì vào đó.")
        return 1
    code = await _looked_at(settings, head)
    say(f"Đã khôi phục vào {settings.data}. Khóa: {settings.key_file}. Chạy chương trình được rồi.")
    say("Máy cũ không được chạy nữa: hai máy cùng nhắn tin sẽ gửi trùng. Zalo có thể phải nối lại: motcua zalo status")
    say(f"Nếu chỉ khôi phục thử, gõ ở máy cũ: motcua backup proven {code[:4]}-{code[4:]}")
    return 0


async def _put(settings: Settings, file: BinaryIO, ring: Ring) -> None:
    store = open_store(settings.file_store)
    url = settings.database_url
    await asyncio.to_thread(saved.restore, file, ring, url, store, settings.key_file, _Progress())


async def _looked_at(settings: Settings, head: Header) -> str:
    """Open what was restored as the program would, and reckon the proof."""
    path = settings.key_file
    sealed.use(Keys(key_ring.read(path), path=path))
    database = connect(settings.database_url, lambda _: None)
    try:
        sealed.use(await database.run(lambda work: rotation.known(work, key_ring.read(path), path)))
    finally:
        await database.close()
    return backups.proof(head)


async def _rehearsed(settings: Settings, file: BinaryIO, found: tuple[Header, Contents, Ring], folder: Path) -> int:
    """All of a restore, from the paper on, in a folder that is thrown away; counts on another disk alone."""
    head, contents, ring = found
    here, room, elsewhere = _room(settings, folder)
    try:
        there = Settings(data=room, key_file=room / "master.key")
        await _put(there, file, ring)
        code = await _looked_at(there, head)
        opened_files = await asyncio.to_thread(_every_file, room)
    finally:
        await asyncio.to_thread(shutil.rmtree, room, ignore_errors=True)
    say(f"Khôi phục thử được. {_about(head, contents)} Mở được {_number(opened_files)} tệp.")
    if not elsewhere:
        say("Nhưng thư mục này cùng ổ với dữ liệu: ổ hỏng thì mất cả hai. Thử lại trên ổ khác mới tính.")
        return 0
    if here:
        return await _proven(settings, code)
    say(f"Gõ ở máy đang chạy: motcua backup proven {code[:4]}-{code[4:]}")
    return 0


def _room(settings: Settings, folder: Path) -> tuple[bool, Path, bool]:
    """Whether the data are on this machine; a folder for a while; whether that is on another disk than they."""
    folder.mkdir(parents=True, exist_ok=True)
    here = settings.data.exists()
    elsewhere = not here or not _same_disk(folder, settings.data)
    return here, Path(tempfile.mkdtemp(prefix="motcua-thu-", dir=folder)), elsewhere


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _every_file(room: Path) -> int:
    store = Folder(room / "files")
    return sum(len(names) for names in store.older(float("inf")))


def _why(error: Exception) -> str:
    """In a few words, without what rows hold."""
    if isinstance(error, OSError):
        return f"{disk_words.why(error)}: {error.filename or ''}".rstrip(": ")
    if isinstance(error, Away):
        return "kho tệp chưa trả lời"
    return f"cơ sở dữ liệu: {getattr(getattr(error, 'orig', None), 'sqlstate', None) or type(error).__name__}"


def _about(head: Header, contents: Contents) -> str:
    return f"Bản sao lưu {_when(head.made)}: {_number(contents.all_rows)} dòng, {_number(contents.files)} tệp."


def _when(made: str) -> str:
    with suppress(ValueError):
        return moment_words(datetime.fromisoformat(made).astimezone(VIETNAM))
    return made


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
