"""Two web processes behind nginx, a worker, and a pooler in transaction mode.

What one process does the others know at once, and when some of them are killed in the
middle of an import nothing is lost and nothing is doubled.
"""

import io
import json
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from networkcrm.owned import uuid7
from tests.cluster import machines
from tests.cluster.machines import (
    HOST,
    PASSWORD,
    PATIENCE,
    POOL_SIZE,
    Cluster,
    wait_for,
)

WEB = ("first", "second")
ADA, BEN = "ada@example.org", "ben@example.org"
CARDS = 2000
# Two chunks of four are written when they are killed.
IN_THE_MIDDLE = 1000
# Of a web process and a worker together, with all that they have done.
MOST_MEGABYTES = 350


@pytest.fixture(scope="module")
def cluster():
    with machines.running() as cluster:
        yield cluster


@pytest.fixture
def context(cluster, browser_type, browser_type_launch_args) -> Iterator[Any]:
    given = browser_type_launch_args["args"]
    rules = f"--host-resolver-rules=MAP {HOST} 127.0.0.1"
    browser = browser_type.launch(
        **browser_type_launch_args | {"args": [*given, rules]}
    )
    context = browser.new_context(
        base_url=cluster.base_url, ignore_https_errors=True, service_workers="block"
    )
    context.set_default_timeout(1000 * PATIENCE)
    expect.set_options(timeout=1000 * PATIENCE)
    yield context
    expect.set_options(timeout=None)
    browser.close()


class Ada:
    """Signed in by a browser, she asks each process by itself."""

    def __init__(self, cluster: Cluster, context: BrowserContext) -> None:
        self.cluster = cluster
        cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
        self.headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()),
            "X_CSRFToken": cookies["csrftoken"],
            "Origin": cluster.base_url,
        }

    def get(self, web: str, path: str) -> machines.Answer:
        answer = self.cluster.ask(web, path, **self.headers)
        assert answer.status == 200, (web, path, answer.status)
        return answer

    def post(self, web: str, path: str, **data: str) -> machines.Answer:
        sent = urlencode(data).encode()
        return self.cluster.ask(
            web, path, sent, **self.headers, Accept="application/json"
        )


def test_a_journey_through_a_cluster(cluster: Cluster, context: BrowserContext) -> None:
    a_pooler_alone_is_refused(cluster)
    worker = cluster.start_worker("worker")
    page = context.new_page()

    signs_up(page)
    grace = adds_grace_with_her_photo(page)
    ada = Ada(cluster, context)
    both_show_her_with_her_photo(ada, grace)
    what_one_writes_the_other_shows_at_once(ada, page, grace)
    what_one_did_the_other_undoes(ada, grace)
    what_is_sent_twice_at_once_is_there_once(ada)
    both_count_the_same_wrong_passwords(cluster)

    file = cluster.root / "cards.vcf"
    file.write_text(cards(CARDS))
    expected = undisturbed(cluster, file)
    batch, worker = brings_in_while_some_are_killed(cluster, page, file, worker)
    assert everything(cluster, batch) == expected
    is_still_signed_in_and_takes_it_back(cluster, page)
    batch = brings_in_while_one_sleeps(cluster, page, file, worker)
    assert everything(cluster, batch) == expected

    assert set(cluster.who_answered()) == set(WEB)
    assert cluster.megabytes("second") + cluster.megabytes("worker") < MOST_MEGABYTES
    nothing_of_ours_stays_in_a_lent_session(cluster)


def a_pooler_alone_is_refused(cluster: Cluster) -> None:
    for direct in ("", cluster.url("pooler")):
        done = cluster.manage("migrate", DIRECT_DATABASE_URL=direct)
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert "a pooler answers there" in done.stderr
        assert "DIRECT_DATABASE_URL" in done.stderr


def signs_up(page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("link", name="People").first).to_be_visible()


def adds_grace_with_her_photo(page: Page) -> str:
    page.goto("/contacts/add/")
    page.get_by_label("Name", exact=True).fill("Grace Hopper")
    photo = {"name": "grace.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
    page.get_by_role("button", name="Save").last.click()
    heading = page.get_by_role("heading", name="Grace Hopper")
    expect(heading).to_be_visible()
    return "/contacts/" + page.url.split("/contacts/")[1]


def both_show_her_with_her_photo(ada: Ada, grace: str) -> None:
    for web in WEB:
        assert "Grace Hopper" in ada.get(web, grace).text
        assert ada.get(web, f"{grace}photo/").headers["Content-Type"] == "image/jpeg"


def what_one_writes_the_other_shows_at_once(ada: Ada, page: Page, grace: str) -> None:
    for turn, (one, other) in enumerate([WEB, WEB[::-1]] * 2):
        said = f"Promised her a compiler, {turn}"
        for web in WEB * 2:
            assert said not in ada.get(web, grace).text

        answer = ada.post(one, f"{grace}facts/", kind="need", text=said)

        assert answer.status == 302, answer.text[:2000]
        assert said in ada.get(other, grace).text
        assert said in ada.get(one, grace).text
    # And with htmx, through the proxy.
    page.goto(grace)
    line = page.locator(".learn-line")
    line.locator("[name=text]").fill("Found a moth in the relay")
    line.get_by_role("button", name="Add").click()
    expect(page.locator("#learned")).to_contain_text("Found a moth in the relay")
    for web in WEB:
        assert "Found a moth in the relay" in ada.get(web, grace).text


def what_one_did_the_other_undoes(ada: Ada, grace: str) -> None:
    assert ada.post("first", f"{grace}archive/").status == 302
    said = ada.get("second", "/contacts/").text
    assert "Grace Hopper</a>" not in said
    undo = said.split('action="/undo/')[1].split('"')[0]
    assert ada.post("second", f"/undo/{undo}").status == 302

    for web in WEB:
        assert "Grace Hopper</a>" in ada.get(web, "/contacts/").text
    # Spent, for both of them.
    assert ada.post("first", f"/undo/{undo}").status == 302
    assert "This was undone already" in ada.get("second", "/contacts/").text


def what_is_sent_twice_at_once_is_there_once(ada: Ada) -> None:
    """A phone that sends what it kept, from two tabs, to two processes."""
    names = [f"Mary Somerville {number}" for number in range(5)]
    for name in names:
        sent = {"id": str(uuid7()), "text": name, "name": name}
        with ThreadPoolExecutor(len(WEB)) as pool:
            tries = [
                pool.submit(ada.post, web, "/capture/", **sent, understood="1")
                for web in WEB
            ]
        answers = [json.loads(one.result().text) for one in tries]

        assert [answer["state"] for answer in answers] == ["saved", "saved"]
        assert answers[0]["url"] == answers[1]["url"]
    found = "SELECT count(*) FROM contacts_contact WHERE full_name = ANY(%s)"
    assert ada.cluster.one(found, names) == len(names)


def both_count_the_same_wrong_passwords(cluster: Cluster) -> None:
    said = cluster.manage("create_owner", BEN, "--password-stdin", stdin=PASSWORD)
    assert said.returncode == 0, said.stderr
    token = "a" * 32

    def tries(web: str, password: str) -> machines.Answer:
        data = {"login": BEN, "password": password, "csrfmiddlewaretoken": token}
        cookie = f"csrftoken={token}"
        sent, origin = urlencode(data).encode(), cluster.base_url
        return cluster.ask(web, "/accounts/login/", sent, Cookie=cookie, Origin=origin)

    answers = [tries(web, "a wrong one") for web in WEB * 3]
    assert "Too many failed" in answers[-1].text
    for web in WEB:
        assert "Too many failed" in tries(web, PASSWORD).text


DONE = "SELECT done_rows FROM contacts_import WHERE id = %s"


def brings_in(cluster: Cluster, page: Page, file: Path) -> str:
    """Up to the middle of it."""
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Look into the file").click()
    page.get_by_role("button", name="Bring them in").click()
    batch = page.url.rstrip("/").split("/")[-1]
    wait_for("The middle", lambda: cluster.one(DONE, batch) >= IN_THE_MIDDLE)
    return batch


def brings_in_while_some_are_killed(
    cluster: Cluster, page: Page, file: Path, worker: Any
) -> tuple[str, Any]:
    with asking_all_the_time(cluster) as answers:
        batch = brings_in(cluster, page, file)
        worker.kill()
        cluster.last["first"].kill()
        assert IN_THE_MIDDLE <= cluster.one(DONE, batch) < CARDS

        worker = again_after_a_minute(cluster, "worker")
        is_all_there(page)
    assert set(answers) == {200}
    return batch, worker


def is_all_there(page: Page) -> None:
    expect(page.get_by_text(f"Read {CARDS:,}")).to_be_visible()


class asking_all_the_time:
    """The proxy answers, whoever is killed behind it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.statuses: list[int] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def ask(self) -> None:
        while not self.over.wait(0.1):
            self.statuses.append(self.cluster.ask("proxy", "/accounts/login/").status)

    def __enter__(self) -> list[int]:
        self.thread.start()
        return self.statuses

    def __exit__(self, *args: object) -> None:
        self.over.set()
        self.thread.join()
        assert len(self.statuses) > 20


def again_after_a_minute(cluster: Cluster, name: str) -> Any:
    """A worker starts when nobody has heard of any other for so long."""
    with cluster.server() as connection:
        connection.execute(
            "UPDATE procrastinate_workers"
            " SET last_heartbeat = last_heartbeat - interval '61 seconds'"
        )
    return cluster.start_worker(name)


def undisturbed(cluster: Cluster, file: Path) -> Any:
    said = cluster.manage("import_contacts", str(file), "--owner", BEN)
    assert said.returncode == 0, said.stderr
    counts = json.loads(said.stdout.splitlines()[-1])
    assert counts["created"] == CARDS
    return everything(cluster, counts["batch"])


def everything(cluster: Cluster, batch: str) -> Any:
    """What came of an import, without ids, names of files and times."""
    with cluster.server() as connection:
        counts = connection.execute(
            "SELECT state, read, created, updated, skipped, failed, done_rows"
            " FROM contacts_import WHERE id = %s",
            [batch],
        ).fetchall()
        people = connection.execute(
            """
            SELECT r.number, r.line, r.state, r.reason, c.full_name, c.uid, c.about,
                c.photo <> '', o.name, s.contact_id IS NOT NULL,
                ARRAY(
                    SELECT m.kind || m.value FROM contacts_contactmethod m
                    WHERE m.owner_id = b.owner_id AND m.contact_id = c.id ORDER BY 1
                ),
                ARRAY(
                    SELECT t.name FROM contacts_contacttag ct JOIN contacts_tag t
                        ON t.owner_id = b.owner_id AND t.id = ct.tag_id
                    WHERE ct.owner_id = b.owner_id AND ct.contact_id = c.id ORDER BY 1
                )
            FROM contacts_import b
            JOIN contacts_importrow r ON r.owner_id = b.owner_id AND r.batch_id = b.id
            JOIN contacts_contact c ON c.owner_id = b.owner_id AND c.id = r.contact_id
            LEFT JOIN contacts_organization o
                ON o.owner_id = b.owner_id AND o.id = c.organization_id
            LEFT JOIN contacts_searchrow s
                ON s.owner_id = b.owner_id AND s.contact_id = c.id
            WHERE b.id = %s ORDER BY r.number
            """,
            [batch],
        ).fetchall()
    assert len(people) == CARDS
    return counts, people


def is_still_signed_in_and_takes_it_back(cluster: Cluster, page: Page) -> None:
    cluster.start_web("first")
    page.reload()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("Everything is as it was before.")).to_be_visible()
    of_ada = (
        "SELECT count(*) FROM contacts_contact c"
        " JOIN networkcrm_user u ON u.id = c.owner_id WHERE u.email = %s"
    )
    # Herself, Grace, and the five of the phone.
    assert cluster.one(of_ada, ADA) == 7
    cluster.wait_for_web("first")


def brings_in_while_one_sleeps(
    cluster: Cluster, page: Page, file: Path, worker: Any
) -> str:
    """It wakes up when another has taken over, and goes on where it was."""
    batch = brings_in(cluster, page, file)
    worker.send_signal(signal.SIGSTOP)
    whose = "SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing'"
    before = cluster.one(whose)
    again_after_a_minute(cluster, "another-worker")
    wait_for("Another took it", lambda: cluster.one(whose) not in (None, before))
    worker.send_signal(signal.SIGCONT)
    is_all_there(page)
    return batch


def nothing_of_ours_stays_in_a_lent_session(cluster: Cluster) -> None:
    """Each connection of the pooler to the server, held by a transaction of ours."""
    held = []
    for _ in range(POOL_SIZE):
        connection = cluster.database("networkcrm", "pooler")
        connection.autocommit = False
        connection.execute("SELECT 1")
        held.append(connection)
    try:
        for connection in held:
            said = left_behind(connection)
            assert said == {}
    finally:
        for connection in held:
            connection.close()


def left_behind(connection: psycopg.Connection[Any]) -> dict[str, str]:
    rows = connection.execute(
        """
        SELECT name, setting FROM pg_settings WHERE source = 'session'
            AND name NOT IN ('client_encoding', 'TimeZone', 'application_name')
        UNION ALL SELECT 'prepared', statement FROM pg_prepared_statements
        UNION ALL SELECT 'cursor', statement FROM pg_cursors WHERE is_holdable
        UNION ALL SELECT 'listens', channel FROM pg_listening_channels() AS channel
        UNION ALL SELECT 'lock', objid::text FROM pg_locks
            WHERE locktype = 'advisory' AND pid = pg_backend_pid()
        """
    )
    return dict(rows.fetchall())


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(out, "JPEG")
    return out.getvalue()


def cards(count: int) -> str:
    """vCards of people who were never born; one in two hundred has a photo."""
    from base64 import b64encode

    photo = b64encode(picture()).decode()
    found = []
    for number in range(count):
        name = f"Person {number:05}"
        found.append(
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:card-{number}\r\nFN:{name}\r\n"
            f"N:{number:05};Person;;;\r\nORG:Firm {number % 40}\r\n"
            f"EMAIL:person{number}@example.org\r\n"
            f"TEL:+4930{1000000 + number}\r\nCATEGORIES:tag {number % 7}\r\n"
            + (f"PHOTO;ENCODING=b;TYPE=JPEG:{photo}\r\n" if number % 200 == 7 else "")
            + f"NOTE:Met in {1990 + number % 30}.\r\nEND:VCARD\r\n"
        )
    return "".join(found)
