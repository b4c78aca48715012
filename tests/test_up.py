"""manage.py as a person runs it: in processes of their own, on folders of their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

ROOT = Path(__file__).parent.parent


class Machine:
    """One data folder, and whoever works on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        } | {"NETWORKCRM_HOME": str(home), "PYTHONWARNINGS": ""}
        self.started: list[Up] = []

    def manage(self, *args: str, **extra: str) -> subprocess.CompletedProcess[str]:
        given = extra.pop("stdin", "")
        return subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT,
            env=self.environment | extra,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def up(self, *args: str) -> "Up":
        up = Up(self, *args)
        self.started.append(up)
        return up

    def processes(self) -> list[psutil.Process]:
        """Everything that runs from this folder, the database and its children too."""
        found = []
        for process in psutil.process_iter():
            try:
                about = [*process.cmdline(), process.environ().get("NETWORKCRM_HOME")]
            except psutil.Error:
                continue
            if any(str(self.home) in str(part) for part in about):
                found.append(process)
        return found

    def kill_everything(self) -> None:
        for process in self.processes():
            process.kill()
        _, alive = psutil.wait_procs(self.processes(), timeout=10)
        assert not alive

    def postmaster(self) -> psutil.Process:
        first = (self.home / "db" / "postmaster.pid").read_text().splitlines()[0]
        return psutil.Process(int(first))


class Up:
    def __init__(self, machine: Machine, *args: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", "0", *args],
            cwd=ROOT,
            env=machine.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        line = self.process.stdout.readline()
        assert line.startswith("networkcrm is ready at http://"), (
            line + self.process.communicate()[1]
        )
        self.address = line.split()[-1]

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@pytest.fixture(scope="module")
def disk():
    """Not pytest's folder: another run of pytest closes that to the database's user."""
    with tempfile.TemporaryDirectory(prefix="nc-up-") as folder:
        yield Path(folder)


@pytest.fixture
def place(disk):
    return Path(tempfile.mkdtemp(dir=disk))


@pytest.fixture(scope="module")
def made_home(disk):
    """A folder on which everything was made once: what others copy starts faster."""
    home = disk / "made"
    machine = Machine(home)
    try:
        done = machine.manage("seed_network", "--contacts", "3")
        assert (done.returncode, done.stdout) == (1, "")
        assert "not up to date: run migrate first" in done.stderr
        assert done.stderr.count("\n") == 1
        # The tables are made by the way.
        done = machine.manage(
            "create_owner",
            "ada@example.org",
            "--password-stdin",
            stdin="a long passphrase\n",
        )
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout.splitlines()[-1])
        assert said["email"] == "ada@example.org"
        assert said["operator"] is True
        yield home
    finally:
        machine.kill_everything()


@pytest.fixture
def machine(made_home, place):
    home = place / "home"
    shutil.copytree(made_home, home, symlinks=True, copy_function=copy_with_owner)
    machine = Machine(home)
    # Gathered by the first that starts, found by the others.
    machine.environment["STATIC_ROOT"] = str(made_home / "static")
    yield machine
    machine.kill_everything()
    for up in machine.started:
        up.process.communicate()


def copy_with_owner(source: str, target: str) -> None:
    shutil.copy2(source, target)
    status = os.stat(source)
    os.chown(target, status.st_uid, status.st_gid)


def test_up_on_an_empty_folder(place):
    machine = Machine(place / "new")

    up = machine.up()
    try:
        status, page = up.get("/accounts/signup/")
        health = up.get("/healthz")
        sheet = up.get(page.split('rel="stylesheet" href="')[1].split('"')[0])
        code, out, err = up.stop()

        assert (status, health) == (200, (200, '{"status": "ok"}'))
        assert sheet[0] == 200
        assert (code, err) == (0, "")
        last = json.loads(out.splitlines()[-1])
        assert last == {"address": up.address, "stopped": True}
        assert machine.processes() == []
        assert (machine.home / "secret_key").stat().st_mode & 0o777 == 0o600
        assert not (machine.home / "db" / "postmaster.pid").exists()
    finally:
        machine.kill_everything()


def test_ctrl_c_stops_it_as_well(machine):
    code, _, err = machine.up("--no-worker").stop(signal.SIGINT)

    assert (code, err, machine.processes()) == (0, "", [])


def owners(machine: Machine) -> list[str]:
    query = (
        "from networkcrm.models import User;"
        " print([user.email for user in User.objects.all()])"
    )
    done = machine.manage("shell", "--no-imports", "-c", query)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("everything", [True, False])
def test_kill_9_loses_nothing(machine, everything):
    up = machine.up()
    if everything:
        machine.kill_everything()
    else:
        up.process.kill()  # and the database runs on
        up.process.wait()

    again = machine.up()

    assert owners(machine) == ["['ada@example.org']"]
    assert again.get("/healthz")[0] == 200
    assert again.stop()[0] == 0
    assert machine.processes() == []


def test_the_number_of_a_dead_server_used_by_another_program(machine):
    machine.up()
    machine.kill_everything()
    # Some program of ours that has been given the number since.
    pid_file = machine.home / "db" / "postmaster.pid"
    _, rest = pid_file.read_text().split("\n", 1)
    pid_file.write_text(f"{os.getpid()}\n{rest}")

    assert machine.up().get("/healthz")[0] == 200


def test_a_database_that_dies_is_started_again(machine):
    up = machine.up()
    machine.postmaster().kill()

    for _ in range(100):
        if up.get("/healthz")[0] == 200:
            break
        time.sleep(0.1)

    assert up.get("/accounts/login/")[0] == 200
    assert up.stop()[0] == 0


def test_a_command_attaches_and_leaves_the_server_running(machine):
    up = machine.up()
    server = machine.postmaster()

    assert owners(machine) == ["['ada@example.org']"]

    assert server.is_running()
    assert up.get("/healthz")[0] == 200


def test_up_that_stops_leaves_the_server_to_a_command_that_uses_it(machine):
    up = machine.up()
    command = subprocess.Popen(
        [sys.executable, "manage.py", "dbshell", "--", "-c", "SELECT pg_sleep(4), 42"],
        cwd=ROOT,
        env=machine.environment | {"PATH": f"{psql_folder()}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(2)

    up.stop()

    out, _ = command.communicate(timeout=30)
    assert "42" in out
    assert machine.processes() == []


def psql_folder() -> Path:
    from networkcrm import embedded

    return embedded.binaries()


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """It failed with one sentence that has these words, and with nothing else."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(".\n")
    assert all(word in done.stderr for word in words), done.stderr


def test_a_taken_port_is_a_sentence(machine):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        refused(machine.manage("up", "--port", port), port, "taken", "--port")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--host", "no.such.host.invalid"], ["no.such.host.invalid"]),
        (["--host", "192.0.2.1"], ["192.0.2.1"]),
        (["--port", "70000"], ["70000"]),
    ],
)
def test_an_address_that_is_not_ours_is_a_sentence(machine, args, words):
    refused(machine.manage("up", *args), *words)


def test_a_folder_served_already_is_a_sentence(machine):
    up = machine.up()

    done = machine.manage("up", "--port", "0")

    refused(done, "already served", str(up.process.pid))
    assert up.get("/healthz")[0] == 200


@pytest.mark.parametrize("command", ["up", "migrate"])
@pytest.mark.parametrize("home", ["/proc/nowhere", "{file}/below"])
def test_a_folder_that_cannot_be_written_is_a_sentence(place, command, home):
    file = place / "file"
    file.touch()
    home = home.format(file=file)

    refused(Machine(Path(home)).manage(command), home, "cannot be used")


def test_a_database_of_another_version_is_a_sentence(machine):
    (machine.home / "db" / "PG_VERSION").write_text("16\n")

    refused(machine.manage("up", "--port", "0"), "PostgreSQL 16", "brings 18")


@pytest.fixture
def black_hole():
    """A server that takes the connection and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://ada@localhost/crm", ["DATABASE_URL", "'mysql'"]),
        ("nonsense", ["DATABASE_URL"]),
        ("postgres://ada@localhost:5432", ["the name of the database is missing"]),
        ("postgres://ada@localhost:port/crm", ["its port is not a number"]),
        ("postgres://ada@127.0.0.1:1/crm", ["Connection refused"]),
        ("postgres://ada@no.such.host.invalid/crm", ["no.such.host.invalid"]),
    ],
)
def test_a_wrong_database_url_is_a_sentence(place, url, words):
    machine = Machine(place)

    refused(machine.manage("up", "--port", "0", DATABASE_URL=url), *words)


def test_a_server_that_does_not_answer_is_a_sentence(place, black_hole):
    url = f"postgres://ada@127.0.0.1:{black_hole}/crm"

    # It would wait for minutes if nobody gave up.
    done = Machine(place).manage("up", "--port", "0", DATABASE_URL=url)

    refused(done, "does not answer")


def test_a_missing_database_is_a_sentence(machine):
    machine.up("--no-worker")
    url = f"postgres:///no_such?host={machine.home}/run"
    other = Machine(machine.home.parent / "other")

    done = other.manage("up", "--port", "0", DATABASE_URL=url, PGUSER="postgres")

    refused(done, "no_such", "does not exist")


def test_a_server_of_ones_own(machine):
    """DATABASE_URL: the same behaviour, and the server is left as it was."""
    machine.up("--no-worker")
    socket_folder = machine.home / "run"
    with psycopg.connect(
        host=str(socket_folder), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("CREATE DATABASE theirs")
    other = Machine(machine.home.parent / "other")
    other.environment["DATABASE_URL"] = (
        f"postgres://postgres@/theirs?host={socket_folder}"
    )

    up = other.up()

    try:
        assert up.get("/accounts/signup/")[0] == 200
        assert not (other.home / "db").exists()
        assert up.stop()[0] == 0
        assert machine.postmaster().is_running()
    finally:
        up.process.kill()


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("ADA@example.org", "another passphrase", ["already an account"]),
        ("no address", "another passphrase", ["valid email address"]),
        ("grace@example.org", "123", ["too short"]),
        ("grace@example.org", "", ["too short"]),
    ],
)
def test_an_owner_that_cannot_be(machine, email, password, words):
    done = machine.manage(
        "create_owner", email, "--password-stdin", stdin=f"{password}\n"
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert all(word in done.stderr for word in words)


def test_help_starts_no_database(place):
    machine = Machine(place / "new")

    done = machine.manage("migrate", "--help")

    assert done.returncode == 0
    assert not (machine.home / "db").exists()
