"""Let one system user pass through folders that are closed to others.

Started by root, the embedded database runs as another user, while the virtual
environment and the data folder may lie under /root, which is closed. An access
control list opens it to that user alone; only where the filesystem has none is
the folder opened to everybody, to pass and not to read.
"""

import os
import struct
import subprocess
from pathlib import Path

from networkcrm.home import SetupError

# linux/posix_acl.h and posix_acl_xattr.h: a version, then tag, permissions, id.
_XATTR = "system.posix_acl_access"
_VERSION = struct.pack("<I", 2)
_ENTRY = struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 1, 2, 4, 8, 16, 32
_NO_ID = 0xFFFFFFFF


def open_to(uid: int, *folders: Path) -> None:
    """Make each folder reachable for this user. Raises SetupError."""
    for folder in folders:
        if _can_pass(uid, folder):
            continue
        for step in (*reversed(folder.parents), folder):
            if not _can_pass(uid, step):
                _open(uid, step)


def _can_pass(uid: int, folder: Path) -> bool:
    # Asked of the system: modes, lists, capabilities and mounts all have a say.
    asked = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", folder],
        check=False,
        user=uid,
        group=uid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
    )
    return asked.returncode == 0


def _open(uid: int, folder: Path) -> None:
    try:
        try:
            os.setxattr(folder, _XATTR, with_passage(_entries(folder), uid))
        except OSError:
            folder.chmod(folder.stat().st_mode | 0o001)
    except OSError as error:
        raise SetupError(
            f"The database cannot be run from here by an unprivileged user:"
            f" {folder} is closed to it ({error.strerror})."
        ) from error


def _entries(folder: Path) -> list[tuple[int, int, int]]:
    """The list of a folder as (tag, permissions, id), or what its mode amounts to."""
    try:
        raw = os.getxattr(folder, _XATTR)
    except OSError:
        mode = folder.stat().st_mode
        return [
            (_USER_OBJ, mode >> 6 & 7, _NO_ID),
            (_GROUP_OBJ, mode >> 3 & 7, _NO_ID),
            (_OTHER, mode & 7, _NO_ID),
        ]
    return list(_ENTRY.iter_unpack(raw[len(_VERSION) :]))


def with_passage(entries: list[tuple[int, int, int]], uid: int) -> bytes:
    """The list as the kernel takes it, with x for this user and all else as it was."""
    mine = next((e[1] for e in entries if e[0] == _USER and e[2] == uid), 0)
    kept = [e for e in entries if e[0] != _MASK and (e[0], e[2]) != (_USER, uid)]
    kept.append((_USER, mine | 1, uid))
    # The mask bounds every entry but the owner's and the others'.
    mask = next((e[1] for e in entries if e[0] == _MASK), None)
    if mask is None:
        mask = next(e[1] for e in entries if e[0] == _GROUP_OBJ)
    kept.append((_MASK, mask | 1, _NO_ID))
    kept.sort(key=lambda e: (e[0], e[2]))
    return _VERSION + b"".join(_ENTRY.pack(*entry) for entry in kept)
