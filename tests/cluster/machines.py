"""nginx, two web processes, a worker, PgBouncer and PostgreSQL, all on this machine.

The proxy and the pooler run by the files of docs/examples, in which only addresses,
names of files and the size of the pool are others. Each process of ours has a data
folder of its own, as if it had a machine of its own; what they share is the database,
the keys and the storage.
"""

import json
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"
HOST = "crm.example.org"
PASSWORD = "a long passphrase"
# For a machine that has much else to do; it is never waited for so long in vain.
PATIENCE = 240.0
# Fewer than those who ask, so that they take turns.
POOL_SIZE = 4


def postgres_binaries() -> Path | None:
    """Debian's, the newest there is."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda path: int(path.parts[4]), default=None)
    return newest and newest.parent


def program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def missing() -> list[str]:
    """What Debian's packages bring and this machine has not."""
    there = {name: program(name) for name in ("nginx", "pgbouncer")}
    there["postgresql"] = postgres_binaries() and "there"
    return [name for name, found in there.items() if not found]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for[T](what: str, look: Callable[[], T], patience: float = PATIENCE) -> T:
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what}: not within {patience:.0f} seconds"
        time.sleep(0.05)
    return found


@dataclass
class Answer:
    status: int
    text: str
    headers: Any


class Cluster:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.started: list[subprocess.Popen[bytes]] = []
        ports = ["proxy", "plain", "first", "second", "pooler", "server"]
        self.port = {name: free_port() for name in ports}
        # PostgreSQL and PgBouncer refuse to be root.
        self.account = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        self.base_url = f"https://{HOST}:{self.port['proxy']}"
        self.access_log = self.root / "nginx" / "access.log"
        self.last: dict[str, subprocess.Popen[bytes]] = {}

    # The others' programs.

    def start(self, name: str, *command: str, **kwargs: Any) -> subprocess.Popen[bytes]:
        log = (self.root / f"{name}.log").open("ab")
        with log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **kwargs,
            )
        self.started.append(process)
        self.last[name] = process
        return process

    def _unprivileged(self) -> dict[str, Any]:
        if self.account is None:
            return {"cwd": self.root}
        ids = {"user": self.account.pw_uid, "group": self.account.pw_gid}
        return ids | {"extra_groups": [], "cwd": self.root}

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir()
        if self.account is not None:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        return folder

    def start_server(self) -> None:
        binaries = postgres_binaries()
        assert binaries is not None
        folder = self._folder("postgresql")
        password = self.root / "password"
        password.write_text(PASSWORD)
        data = str(folder / "data")
        subprocess.run(
            [
                *(binaries / "initdb", "--pgdata", data, "--username", "postgres"),
                *("--auth", "scram-sha-256", "--pwfile", str(password)),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            **self._unprivileged(),
        )
        self.start(
            "postgresql",
            *(str(binaries / "postgres"), "-D", data),
            *("-c", "listen_addresses=127.0.0.1"),
            *("-c", f"port={self.port['server']}"),
            *("-c", f"unix_socket_directories={folder}"),
            *("-c", "fsync=off"),
            # Not ours: every session has to say its own.
            *("-c", "timezone=Asia/Kathmandu"),
            **self._unprivileged(),
        )
        wait_for("PostgreSQL", lambda: self._answers("server"))
        with self.database("postgres", user="postgres") as connection:
            connection.execute(f"CREATE ROLE networkcrm LOGIN PASSWORD '{PASSWORD}'")
            connection.execute("CREATE DATABASE networkcrm OWNER networkcrm")

    def start_pooler(self) -> None:
        folder = self._folder("pgbouncer")
        users = folder / "userlist.txt"
        users.write_text(f'"networkcrm" "{PASSWORD}"\n')
        self._ours(users)
        address = f"host=127.0.0.1 port={self.port['server']} dbname=networkcrm"
        settings = replaced(
            (EXAMPLES / "pgbouncer.ini").read_text(),
            {
                "host=127.0.0.1 port=5432 dbname=networkcrm": address,
                "listen_port = 6432": f"listen_port = {self.port['pooler']}",
                "/var/run/postgresql/pgbouncer.pid": f"{folder}/pgbouncer.pid",
                "/var/run/postgresql": str(folder),
                "/var/log/postgresql/pgbouncer.log": f"{folder}/pgbouncer.log",
                "/etc/pgbouncer/userlist.txt": str(users),
                "default_pool_size = 20": f"default_pool_size = {POOL_SIZE}",
            },
        )
        file = folder / "pgbouncer.ini"
        file.write_text(settings)
        self._ours(file)
        self.start(
            "pgbouncer",
            *(str(program("pgbouncer")), str(file)),
            **self._unprivileged(),
        )
        wait_for("PgBouncer", lambda: self._answers("pooler"))

    def start_proxy(self) -> None:
        folder = self._folder("nginx")
        certificate, key = make_certificate(folder)
        self._ours(key)
        site = replaced(
            (EXAMPLES / "nginx.conf").read_text(),
            {
                "127.0.0.1:8001": f"127.0.0.1:{self.port['first']}",
                "127.0.0.1:8002": f"127.0.0.1:{self.port['second']}",
                "listen 443": f"listen 127.0.0.1:{self.port['proxy']}",
                "listen 80;": f"listen 127.0.0.1:{self.port['plain']};",
                "/etc/ssl/certs/crm.example.org.pem": str(certificate),
                "/etc/ssl/private/crm.example.org.key": str(key),
                "/var/log/nginx/networkcrm.log": str(self.access_log),
            },
        )
        (folder / "networkcrm").write_text(site)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off;\npid {folder}/nginx.pid;\nworker_processes 1;\n"
            "events {}\n"
            f"http {{\naccess_log off;\n{temporary}include {folder}/networkcrm;\n}}\n"
        )
        self.start(
            "nginx",
            *(str(program("nginx")), "-c", f"{folder}/nginx.conf"),
            *("-e", f"{folder}/error.log"),
            **self._unprivileged(),
        )
        wait_for("nginx", lambda: self._listens("proxy"))

    def _ours(self, file: Path) -> None:
        file.chmod(0o600)
        if self.account is not None:
            os.chown(file, self.account.pw_uid, self.account.pw_gid)

    def _listens(self, name: str) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port[name])) == 0

    def _answers(self, name: str) -> bool:
        user = "postgres" if name == "server" else "networkcrm"
        base = "postgres" if name == "server" else "networkcrm"
        try:
            self.database(base, name, user=user).close()
        except psycopg.OperationalError:
            return False
        return True

    # Ours.

    def url(self, name: str) -> str:
        password = PASSWORD.replace(" ", "%20")
        address = f"127.0.0.1:{self.port[name]}"
        return f"postgres://networkcrm:{password}@{address}/networkcrm"

    def environment(self, machine: str) -> dict[str, str]:
        ours = {
            "NETWORKCRM_HOME": str(self.root / machine),
            "DATABASE_URL": self.url("pooler"),
            "DIRECT_DATABASE_URL": self.url("server"),
            "SECRET_KEY": "the same on all machines, and longer than fifty letters",
            "BASE_URL": self.base_url,
            "BEHIND_PROXY": "true",
            "MEDIA_STORAGE": "tests.bucket.Bucket",
            "MEDIA_STORAGE_OPTIONS": json.dumps({"folder": str(self.root / "bucket")}),
            # Gathered by the first that starts, found by the others.
            "STATIC_ROOT": str(self.root / "static"),
            "PYTHONWARNINGS": "",
        }
        not_theirs = {"DJANGO_SETTINGS_MODULE", "NETWORKCRM_TEST_HOME", "PYTHONPATH"}
        inherited = {k: v for k, v in os.environ.items() if k not in not_theirs}
        return inherited | ours

    def manage(
        self, *args: str, stdin: str = "", **extra: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT,
            env=self.environment("shell") | extra,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start_web(self, name: str) -> None:
        port = str(self.port[name])
        self.start(
            name,
            *(sys.executable, "manage.py", "up", "--port", port, "--no-worker"),
            cwd=ROOT,
            env=self.environment(name),
        )

    def wait_for_web(self, name: str) -> None:
        def look() -> bool:
            assert self.last[name].poll() is None, self.log(name)
            return self._listens(name) and self.ask(name, "/healthz").status == 200

        wait_for(f"The {name} web process", look)

    def start_worker(self, name: str) -> subprocess.Popen[bytes]:
        log = self.root / f"{name}.log"
        before = log.read_text().count("is ready") if log.exists() else 0
        worker = self.start(
            name,
            *(sys.executable, "manage.py", "worker"),
            cwd=ROOT,
            env=self.environment(name),
        )

        def look() -> bool:
            assert worker.poll() is None, self.log(name)
            return log.read_text().count("is ready") > before

        wait_for(f"The {name}", look)
        return worker

    def log(self, name: str) -> str:
        return (self.root / f"{name}.log").read_text()

    # Looking at them.

    @contextmanager
    def server(self) -> Iterator[psycopg.Connection[Any]]:
        """The database, past the pooler."""
        with self.database("networkcrm") as connection:
            yield connection

    def database(
        self, name: str, port: str = "server", user: str = "networkcrm"
    ) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port[port],
            user=user,
            password=PASSWORD,
            dbname=name,
            autocommit=True,
            prepare_threshold=None,
            connect_timeout=5,
        )

    def one(self, query: str, *params: Any) -> Any:
        """The first value of the first row."""
        with self.server() as connection:
            row = connection.execute(query, params).fetchone()
        return row and row[0]

    def ask(
        self,
        web: str,
        path: str,
        data: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Ask one web process, as the proxy would; or the proxy itself, "proxy"."""
        port = self.port[web]
        given = {"Host": HOST} | {k.replace("_", "-"): v for k, v in headers.items()}
        scheme = "https" if web == "proxy" else "http"
        if web != "proxy":
            given |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        request = urllib.request.Request(
            f"{scheme}://127.0.0.1:{port}{path}", data, given
        )
        opener = urllib.request.build_opener(
            _Stay, urllib.request.HTTPSHandler(context=ssl._create_unverified_context())
        )
        try:
            with opener.open(request, timeout=30) as response:
                text = response.read().decode(errors="replace")
                return Answer(response.status, text, response.headers)
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode(), error.headers)
        except OSError:
            return Answer(0, "", {})

    def who_answered(self) -> list[str]:
        """The web processes of the lines in the proxy's log, in their order."""
        by_port = {str(self.port[name]): name for name in ("first", "second")}
        lines = self.access_log.read_text().splitlines()
        found = (re.findall(r"127\.0\.0\.1:(\d+)", line) for line in lines)
        return [by_port[ports[-1]] for ports in found if ports]

    def megabytes(self, name: str) -> float:
        """The memory of the last one of this name: its own, and its part of what it
        shares with others (PSS in proc(5))."""
        rollup = Path(f"/proc/{self.last[name].pid}/smaps_rollup").read_text()
        return int(re.findall(r"^Pss:\s+(\d+) kB", rollup, re.M)[0]) / 1024

    def stop(self) -> None:
        """The last first; all that was started here, and nothing else."""
        for process in reversed(self.started):
            if process.poll() is not None:
                continue
            # It may have been stopped in its middle.
            process.send_signal(signal.SIGCONT)
            # SIGTERM tells PostgreSQL to wait for its clients, SIGINT tells PgBouncer.
            is_server = str(process.args[0]).endswith("/postgres")
            process.send_signal(signal.SIGINT if is_server else signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def replaced(text: str, pairs: dict[str, str]) -> str:
    for old, new in pairs.items():
        assert old in text, f"{old} does not stand in the example"
        text = text.replace(old, new)
    return text


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@contextmanager
def running() -> Iterator[Cluster]:
    """All of it, for as long as the block runs; both web processes start at once."""
    root = Path(tempfile.mkdtemp(prefix="nc-cluster-"))
    root.chmod(0o755)
    cluster = Cluster(root)
    try:
        cluster.start_server()
        cluster.start_pooler()
        for name in ("first", "second"):
            cluster.start_web(name)
        for name in ("first", "second"):
            cluster.wait_for_web(name)
        cluster.start_proxy()
        yield cluster
    except BaseException:
        for file in sorted(root.glob("*.log")):
            print(f"--- {file.name}\n{file.read_text()[-3000:]}")
        raise
    finally:
        cluster.stop()
        shutil.rmtree(root, ignore_errors=True)
