"""The few system calls that hold a program, for the launcher: standard library only."""

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWPID: Final = 0x20000000
_MS_PROC: Final = 0x2 | 0x4 | 0x8  # nosuid, nodev, noexec
_MS_REC_PRIVATE: Final = 0x4000 | 0x40000
_PR_SET_PDEATHSIG: Final = 1
_PR_CAPBSET_DROP: Final = 24
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_LINUX: Final = sys.platform == "linux"

_libc: Final = ctypes.CDLL(None, use_errno=True)


def die_with_parent(number: signal.Signals) -> None:
    """Get `number` when the parent dies. Cleared by a change of user, so ask after that."""
    if _LINUX:
        _prctl(_PR_SET_PDEATHSIG, number)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    if _LINUX:
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def enter_namespaces(*, user: bool) -> None:
    """The next child is process 1 of a PID namespace; mounts are private from now on.

    `user` makes a user namespace for it, where the caller keeps its own user and group.
    """
    uid, gid = os.geteuid(), os.getegid()
    _check(_libc.unshare(_CLONE_NEWPID | _CLONE_NEWNS | (_CLONE_NEWUSER if user else 0)))
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def mount_own_proc() -> None:
    """/proc shows this PID namespace only."""
    _mount(b"none", b"/", b"", _MS_REC_PRIVATE)
    _mount(b"proc", b"/proc", b"proc", _MS_PROC)


def give_up_privileges() -> None:
    """An empty bounding set: not even root gets a capability back when it executes a program."""
    if not _LINUX:
        return
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) != 0:
            return  # the last one the kernel knows, or we had none to give up


def kill_group(leader: int) -> None:
    """SIGKILL to a process group that may be gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def kill(pid: int) -> None:
    """SIGKILL to a process that may be gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def kill_descendants() -> None:
    """SIGKILL to every process that comes of the caller, whatever its session or group."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_bytes().rpartition(b")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
    doomed = {os.getpid()}
    while found := {pid for pid, parent in parents.items() if parent in doomed} - doomed:
        doomed |= found
    for pid in doomed - {os.getpid()}:
        kill(pid)


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _prctl(option: int, argument: int) -> None:
    _check(_libc.prctl(option, ctypes.c_ulong(argument), 0, 0, 0))


def _mount(source: bytes, target: bytes, kind: bytes, flags: int) -> None:
    _check(_libc.mount(source, target, kind, ctypes.c_ulong(flags), None))
