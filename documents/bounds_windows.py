"""Windows' own words for what a process may take: a job object (winnt.h)."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

# LimitFlags: which of the members below count
_PRIORITY, _PROCESS_MEMORY, _NO_ERROR_BOX = 0x20, 0x100, 0x400
_BELOW_NORMAL: Final = 0x4000
_EXTENDED: Final = 9  # JobObjectExtendedLimitInformation


class Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION and the structures within it, member by member: 144 bytes on 64 bits."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process", ctypes.c_size_t),
        ("peak_job", ctypes.c_size_t),
    )


def bound(memory: int) -> None:
    """Of this process: `memory` bytes at most, and others go first. Where the system refuses, it goes on unbounded."""
    if sys.platform != "win32":
        return
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))  # never closed: it lasts as long as this process
    flags = _PRIORITY | _PROCESS_MEMORY | _NO_ERROR_BOX
    limits = Limits(flags=flags, priority=_BELOW_NORMAL, process_memory=memory)
    kernel.SetInformationJobObject(job, _EXTENDED, ctypes.byref(limits), ctypes.c_uint32(ctypes.sizeof(limits)))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))
