"""Turns itself into a server that dies with its parent. Run as a script, by path: it imports nothing of ours.

    python -I -S launch.py PARENT_PID SIGNAL ACCOUNT COMMAND...

ACCOUNT is the name of the OS user to become, or `-` to stay. Between fork and exec Python code in a process with
threads may deadlock, so the work is done here, in a fresh interpreter, and not in a `preexec_fn`.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
WATCH_INTERVAL = 0.25  # seconds
ORPHANED = 75


def become(account: str) -> None:
    """Give up the rights of root for those of `account`; the groups first, while it is still allowed."""
    entry = pwd.getpwnam(account)
    os.initgroups(entry.pw_name, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def replace(parent: int, death_signal: int, command: list[str]) -> None:
    """Linux: the kernel sends `death_signal` when the parent ends. Comes last, since a change of user clears it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it ended before the line above took effect
        sys.exit(ORPHANED)
    os.execv(command[0], command)  # noqa: S606 - becoming the server is the point


def watch(parent: int, death_signal: int, command: list[str]) -> int:
    """Elsewhere: stay between the two, pass signals on, and look four times a second whether the parent is there."""
    child = subprocess.Popen(command, close_fds=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda received, _frame: child.send_signal(received))
    while child.poll() is None:
        if os.getppid() != parent:
            child.send_signal(death_signal)
        time.sleep(WATCH_INTERVAL)
    return child.returncode


def main(arguments: list[str]) -> int:
    """Become ACCOUNT and then COMMAND; returns only where the kernel can't watch the parent."""
    parent, death_signal, account, *command = arguments
    if account != "-":
        become(account)
    if sys.platform == "linux":
        replace(int(parent), int(death_signal), command)
    return watch(int(parent), int(death_signal), command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
