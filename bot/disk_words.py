"""What the system says about a file, a disk or a port, in words for whoever sits there."""

from __future__ import annotations

import errno
from typing import Final

_WORDS: Final = {
    errno.ENOENT: "không có tệp hay thư mục ấy",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục",
    errno.EISDIR: "đó là thư mục, không phải tệp",
    errno.EEXIST: "đã có tệp hay thư mục mang tên ấy",
    errno.EACCES: "chương trình không có quyền ở đó",
    errno.EPERM: "chương trình không có quyền ở đó",
    errno.ENOSPC: "ổ đĩa đầy",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EIO: "ổ đĩa đọc hay ghi bị lỗi, có thể sắp hỏng",
    errno.ENODEV: "ổ đĩa không còn ở đó",
    errno.ENXIO: "ổ đĩa không còn ở đó",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EADDRINUSE: "đang có chương trình khác dùng",
    errno.EADDRNOTAVAIL: "máy này không có địa chỉ ấy",
}


def why(error: OSError) -> str:
    """In a few words, without the file's name; the system's own where there are none here."""
    return _WORDS.get(error.errno or 0) or error.strerror or type(error).__name__
