"""Every statement names the owner: on every page, for every button and every job.

So the tables can be spread over machines by owner, and no plan reads more than one
owner's rows. See tests/owner_watch.py for how it is told.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from connections import chains
from contacts.models import Contact, Fact
from contacts.purging import purge
from tests.factories import ContactFactory, FactFactory, OriginFactory
from tests.one_of_each import one_of_each
from tests.owner_watch import names_the_owner, owner_watch
from tests.test_isolation import PATTERNS, path_to


class Forms(HTMLParser):
    """The forms of a page, as a browser would send them untouched."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.form = self.select = self.textarea = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.form = {"attrs": given, "values": {}, "choices": {}}
            self.found.append(self.form)
        form = self._form_of(given)
        name = given.get("name")
        if tag == "select" and form:
            self.select = (form, name)
        elif tag == "option" and self.select:
            form, name = self.select
            value = given.get("value", "")
            form["choices"].setdefault(name, []).append(value)
            if "selected" in given or name not in form["values"]:
                form["values"][name] = value
        elif tag == "textarea" and form:
            self.textarea = (form, name)
            form["values"][name] = ""
        elif tag in ("input", "button") and form and name:
            kind = given.get("type", "")
            off = kind in ("checkbox", "radio") and "checked" not in given
            if kind in ("checkbox", "radio", "submit") or tag == "button":
                form["choices"].setdefault(name, []).append(given.get("value", "on"))
            elif kind in ("search", "text", ""):
                form["choices"].setdefault(name, []).append("Maya")
            if not off and kind not in ("file", "submit") and tag == "input":
                form["values"][name] = given.get("value", "on" if off else "")

    def _form_of(self, given):
        for form in self.found:
            if "form" in given and form["attrs"].get("id") == given["form"]:
                return form
        return self.form

    def handle_data(self, data):
        if self.textarea:
            form, name = self.textarea
            form["values"][name] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None


def presses(page, path):
    """(method, address, values): every form as it stands, and with each choice made."""
    for form in Forms(page).found:
        method = form["attrs"].get("method", "get").lower()
        address = urljoin(path, form["attrs"].get("action") or path)
        if address.startswith(("/accounts/", "http")):
            continue
        values = form["values"]
        yield method, address, values
        for name, choices in form["choices"].items():
            other = [
                choice for choice in choices if choice not in ("", values.get(name))
            ]
            # One other choice of a form that is saved; three of a filter.
            for choice in other[: 3 if method == "get" else 1]:
                if method == "get" or not re.search(r"-[1-9]\d*-", name):
                    yield method, address, values | {name: choice}


def try_out(client, method, address, values):
    """Press it, and forget what it did."""
    with transaction.atomic():
        response = getattr(client, method)(address, values, follow=True)
        transaction.set_rollback(True)
    return response


@pytest.fixture
def ids(user):
    ids = one_of_each(user)
    other = ContactFactory(owner=user, full_name="Tom Okafor")
    OriginFactory(contact=other, introducer_id=ids["contact_id"])
    FactFactory(contact=other, kind="offer", text="knows buyers")
    return ids


@pytest.mark.parametrize("name", PATTERNS)
def test_page_and_its_buttons(client, user, ids, name):
    path = path_to(name, ids)

    with owner_watch(user) as wrong:
        response = client.get(path)
        pressed = try_out(client, "post", path, {})
        text = response.text if "html" in response.get("Content-Type", "") else ""
        for method, address, values in presses(text, path):
            pressed = try_out(client, method, address, values)
            assert pressed.status_code < 500, (method, address, values)

    assert wrong == []


def test_the_walk_presses_buttons(client, ids):
    path = path_to("contact_detail", ids)

    found = {
        (method, urlsplit(address).path)
        for method, address, _values in presses(client.get(path).text, path)
    }

    assert ("post", path_to("contact_archive", ids)) in found
    assert ("post", path_to("fact_create", ids)) in found


def test_commands_and_jobs(user, ids, tmp_path):
    card = tmp_path / "people.vcf"
    card.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nFN:Maya Lindqvist\nEMAIL:maya@example.org\n"
        "ORG:Lumen\nEND:VCARD\n" * 3
    )

    with owner_watch(user) as wrong:
        call_command("seed_network", owner=user.email, contacts=12)
        call_command("import_contacts", str(card), owner=user.email)
        call_command("undo_import", str(user.imports.latest("pk").pk), owner=user.email)
        chains.brought_by(user.pk, ids["contact_id"], most=10)
        purge(user, [ids["contact_id"]])

    assert wrong == []


@pytest.mark.parametrize(
    "read",
    [
        lambda user: Contact.objects.count(),
        lambda user: Contact.objects.filter(pk=user.pk).first(),
        lambda user: Contact.objects.filter(full_name="Maya").delete(),
        lambda user: Contact.objects.filter(full_name="Maya").update(city="Oslo"),
        lambda user: Contact.objects.exclude(owner=user).first(),
        lambda user: user.contacts.filter(
            pk__in=Fact.objects.filter(kind="need").values("contact")
        ).first(),
        lambda user: user.contacts.annotate(
            fact=Subquery(
                Fact.objects.filter(contact=OuterRef("pk")).values("text")[:1]
            )
        ).first(),
        lambda user: (
            user.contacts.all() | Contact.objects.filter(city="Oslo")
        ).first(),
        lambda user: user.contacts.union(Contact.objects.all()).first(),
        # Where Django leaves the owner out of a statement that began with one:
        # say origin__isnull=False, and narrow by pk__in=... before writing.
        lambda user: user.contacts.exclude(origin=None).first(),
        lambda user: user.facts.filter(contact__city="Oslo").update(text="a buyer"),
        lambda user: user.facts.filter(contact__city="Oslo").delete(),
    ],
)
def test_a_read_without_the_owner_is_caught(user, ids, read):
    with owner_watch(user) as wrong:
        read(user)

    assert wrong != []


def test_an_arm_of_a_recursion_without_the_owner_is_caught(user, ids):
    with owner_watch(user) as wrong, connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE below (id) AS (
                SELECT %(contact)s::uuid
                UNION ALL
                SELECT o.contact_id FROM below JOIN connections_origin o
                    ON o.introducer_id = below.id
            ) SELECT * FROM below
            """,
            {"contact": ids["contact_id"], "owner": user.pk},
        )

    assert len(wrong) == 1
    assert wrong[0].startswith("connections_origin")


@pytest.mark.parametrize(
    "read",
    [
        lambda user: list(user.contacts.select_related("organization", "circle")),
        lambda user: list(user.contacts.filter(contact_tags__tag__name="press")),
        lambda user: list(user.contacts.prefetch_related("methods", "brought")),
        lambda user: [
            contact.origin.introducer
            for contact in user.contacts.filter(origin__isnull=False)
        ],
        lambda user: user.facts.filter(
            contact__in=user.contacts.filter(city="Oslo").values("pk")
        ).update(text="a buyer"),
        lambda user: user.origins.filter(
            introducer__in=user.contacts.filter(city="Oslo").values("pk")
        ).delete(),
        lambda user: user.contacts.get(full_name="Maya Lindqvist").full_clean(),
        lambda user: user.contacts.get(full_name="Tom Okafor").refresh_from_db(),
        lambda user: user.contacts.get(full_name="Tom Okafor").save(),
        lambda user: user.contacts.get(full_name="Tom Okafor").origin.delete(),
    ],
)
def test_what_starts_at_the_owner_names_it_everywhere(user, ids, read):
    with owner_watch(user) as wrong:
        read(user)

    assert wrong == []


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("(o = 1)", True),
        ("((o = 1) AND (a = 2))", True),
        ("((a = 2) OR (o = 1))", False),
        # A bitmap scan through two arms of one index.
        ("(((o = 1) AND (a IS NULL)) OR ((o = 1) AND (a <= 2)))", True),
        ("(((o = 1) AND (a IS NULL)) OR (a <= 2))", False),
        ("((b = 1) AND (((o = 1) AND a) OR ((o = 1) AND c)))", True),
        ("(is_done AND (o = 1))", True),
        ("(a = 'x OR (o = 1)')", False),
        ("", False),
    ],
)
def test_a_condition_names_the_owner_in_all_that_may_hold(condition, names):
    assert names_the_owner(condition, re.compile(r"\(o = 1\)")) is names
