"""A guest list: read whatever it looks like, held against whom I know, and marked."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from contacts.importing.records import Unread
from contacts.models import Contact
from events.guests import matching, reading, writing
from events.models import Guest
from tests.events.test_people_there import undo_last
from tests.factories import (
    ContactFactory,
    ContactMethodFactory,
    EventFactory,
    GuestFactory,
    InteractionFactory,
    OrganizationFactory,
    OriginFactory,
    RelationshipFactory,
)


@pytest.fixture
def event(user):
    starts_at = datetime(2026, 12, 4, 18, tzinfo=UTC)
    return EventFactory(owner=user, name="Founders’ mixer", starts_at=starts_at)


def paste(client, event, text, **headers):
    return client.post(reverse("guest_list", args=[event.pk]), {"text": text})


def names(event):
    return [guest.name for guest in event.guests.in_order()]


def want(client, guest, **said):
    return client.post(reverse("guest_want", args=[guest.pk]), said)


def matched(event):
    guests = list(event.guests.in_order())
    found = matching.match(event.owner, guests)
    return {guest.name: found[guest.pk] for guest in guests}


def known(user, name, **more):
    """Somebody I have been in touch with."""
    contact = ContactFactory(owner=user, full_name=name, **more)
    InteractionFactory(owner=user, with_contacts=[contact])
    return contact


def as_lines(found):
    return [
        (one.line, one.reason)
        if isinstance(one, Unread)
        else (one.name, one.organization, one.email)
        for one in found
    ]


@pytest.mark.parametrize(
    ("text", "guest"),
    [
        ("Ana Ruiz", ("Ana Ruiz", "", "")),
        ("Ana Ruiz, Acme", ("Ana Ruiz", "Acme", "")),
        ("Ana Ruiz; Acme", ("Ana Ruiz", "Acme", "")),
        ("Ana Ruiz (Acme)", ("Ana Ruiz", "Acme", "")),
        ("• Ana Ruiz – Acme", ("Ana Ruiz", "Acme", "")),
        ("12. Ana Ruiz at Acme", ("Ana Ruiz", "Acme", "")),
        ("Ana Ruiz <ana@example.org>", ("Ana Ruiz", "", "ana@example.org")),
        ('"Ruiz, Ana" <ana@example.org>', ("Ana Ruiz", "", "ana@example.org")),
        ('"Ruiz, Ana",Acme', ("Ana Ruiz", "Acme", "")),
        ("Ana Ruiz, Acme, ana@example.org", ("Ana Ruiz", "Acme", "ana@example.org")),
        ("ana@example.org", ("ana@example.org", "", "ana@example.org")),
        ("Martin Luther King, Jr.", ("Martin Luther King", "Jr.", "")),
        ("Björk Guðmundsdóttir", ("Björk Guðmundsdóttir", "", "")),
        ("山田 太郎", ("山田 太郎", "", "")),
    ],
)
def test_a_line_however_it_is_written(text, guest):
    assert as_lines(reading.read(text.encode())) == [guest]


def test_the_line_of_a_mail_that_names_everybody():
    text = '"Ruiz, Ana" <ana@example.org>, Ben Katz <ben@example.org>'

    assert as_lines(reading.read(text.encode())) == [
        ("Ana Ruiz", "", "ana@example.org"),
        ("Ben Katz", "", "ben@example.org"),
    ]


LUMA = (
    "guest_id,name,first_name,last_name,email,phone_number,created_at,"
    "approval_status,checked_in_at,What company do you work for?\n"
    "gst-1,Ana Ruiz,Ana,Ruiz,ana@example.org,,2026-11-01,approved,,Acme\n"
    "gst-2,Ben Katz,Ben,Katz,ben@example.org,,2026-11-01,declined,,\n"
)
EVENTBRITE = (
    '"Order #";"Order Date";"First Name";"Surname";"Email";"Ticket Type";'
    '"Attendee Status";"Job Title";"Company"\n'
    '"1";"2026-11-01";"Ana";"Ruiz";"ana@example.org";"Free";"Attending";"CTO";"Acme"\n'
    '"2";"2026-11-01";"Ben";"Katz";"ben@example.org";"Free";"Not Attending";"";""\n'
)
MEETUP = (
    "Name\tUser ID\tTitle\tEvent Host\tRSVP\tGuests\tURL of Member Profile\n"
    "Ana Ruiz\tuser 1\tOrganizer\tYes\tYes\t0\thttps://example.org/1\n"
    "Ben Katz\tuser 2\t\t\tNo\t0\thttps://example.org/2\n"
)


@pytest.mark.parametrize(
    ("table", "guest"),
    [
        (LUMA, ("Ana Ruiz", "Acme", "ana@example.org")),
        (EVENTBRITE, ("Ana Ruiz", "Acme", "ana@example.org")),
        (MEETUP, ("Ana Ruiz", "", "")),
    ],
    ids=["luma", "eventbrite", "meetup"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_files_of_luma_eventbrite_and_meetup(table, guest, encoding):
    raw = table.replace("Ana", "Aña").encode(encoding)

    found = as_lines(reading.read(raw))

    said = (guest[0].replace("Ana", "Aña"), *guest[1:])
    assert found == [said, (3, "Ben Katz does not come.")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('=HYPERLINK("https://x.example","Ana")', "is a formula, not a name."),
        ("+1 617 555 0100", "is a formula, not a name."),
        ("@SUM(1+1)", "is a formula, not a name."),
        ("https://example.org/ana", "This is the address of a page, not a name."),
        ("12345", "“12345” is no name."),
        ("A" * 301, "is longer than any name."),
        (",,,", "There is no name in this line."),
    ],
)
def test_a_line_that_is_no_guest_says_why(text, reason):
    ((line, said),) = as_lines(reading.read(text.encode()))

    assert line == 1
    assert said.endswith(reason)


def test_a_formula_in_another_column_is_left_out():
    table = "Name,Company\nAna Ruiz,=1+1\n"

    assert as_lines(reading.read(table.encode())) == [("Ana Ruiz", "", "")]


def test_a_page_is_read_as_its_text():
    page = (
        "<html><head><title>Guests</title><script>x()</script></head><body><ul>"
        "<li><b>Ana</b> Ruiz, Acme</li><li>Ben &amp; Co</li></ul></body></html>"
    )

    assert as_lines(reading.read(page.encode())) == [
        ("Ana Ruiz", "Acme", ""),
        ("Ben & Co", "", ""),
    ]


def test_a_list_too_long_is_read_to_its_limit():
    text = "\n".join(f"Guest {chr(65 + n % 26)}{n}" for n in range(6000))

    found = list(reading.read(text.encode()))

    assert len(found) == reading.MOST_LINES + 1
    assert found[-1].reason.startswith("The first 5,000 were read.")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK\x03\x04....", "This is a spreadsheet."),
        (b"%PDF-1.7", "This is a picture or a PDF."),
        (b" \n\n", "There is nothing on this list yet."),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(client, event, tmp_path, raw, said):
    path = tmp_path / "guests.csv"
    path.write_bytes(raw)

    with path.open("rb") as file:
        url = reverse("guest_list", args=[event.pk])
        response = client.post(url, {"file": file, "text": ""})

    assert response.status_code == 422
    assert said in response.text
    assert not Guest.objects.exists()


def test_the_same_list_twice_changes_nothing(client, user, event):
    text = "Ana Ruiz, Acme\nBen Katz\nana ruiz\nAna Ruiz, Acme, ana@example.org\n"

    first = paste(client, event, text).context["added"]
    before = list(event.guests.values("name", "email", "organization", "updated_at"))
    second = paste(client, event, text).context["added"]

    # The last one knows more of the first: read, and nobody else.
    assert (len(first.new), first.same) == (2, 2)
    assert (len(second.new), second.same, second.completed) == (0, 4, 0)
    after = list(event.guests.values("name", "email", "organization", "updated_at"))
    assert before == after
    assert [(g.name, g.email) for g in event.guests.in_order()] == [
        ("Ana Ruiz", "ana@example.org"),
        ("Ben Katz", ""),
    ]


def test_a_later_list_knows_more(client, event):
    paste(client, event, "Ana Ruiz\nben@example.org")

    added = paste(
        client, event, "Ana Ruiz, Acme, ana@example.org\nBen Katz <ben@example.org>"
    ).context["added"]

    assert added.completed == 2
    assert [str(guest) for guest in event.guests.in_order()] == [
        "Ana Ruiz, Acme",
        "Ben Katz",
    ]


def test_namesakes_and_one_address_for_three_are_kept_apart(client, event):
    paste(
        client,
        event,
        "Ana Ruiz, Acme\nAna Ruiz, Lumen\n"
        "Cy <buyer@example.org>\nDee <buyer@example.org>",
    )

    assert names(event) == ["Ana Ruiz", "Ana Ruiz", "Cy", "Dee"]


def test_you_know_her_by_her_address(client, user, event):
    ana = known(user, "Ana Ruiz Ortega")
    ContactMethodFactory(contact=ana, value="Ana@Example.org")

    paste(client, event, "Anita R. <ana@example.org>")

    one = matched(event)["Anita R."]
    assert (one.kind, one.contact_id) == ("known", ana.pk)


def test_you_know_her_by_name_and_organization(client, user, event):
    acme, lumen = (OrganizationFactory(owner=user, name=n) for n in ("Acme", "Lumen"))
    known(user, "Ana Ruiz", organization=lumen)
    right = known(user, "Ana Ruiz", organization=acme)

    paste(client, event, "ana ruiz, ACME")

    one = matched(event)["ana ruiz"]
    assert (one.kind, one.contact_id) == ("known", right.pk)


def test_of_several_it_asks_and_takes_the_answer(client, user, event):
    one, other = known(user, "Ana Ruiz"), known(user, "Ana Ruiz")
    paste(client, event, "Ana Ruiz")
    guest = event.guests.get()
    asked = matched(event)["Ana Ruiz"]

    want(client, guest)
    unanswered = event.attendances.exists()
    want(client, guest, contact=str(other.pk))

    assert (asked.kind, set(asked.candidates)) == ("ask", {one.pk, other.pk})
    assert not unanswered
    assert [row.contact for row in event.attendances.all()] == [other]
    assert matched(event)["Ana Ruiz"].contact_id == other.pk


def test_at_another_company_it_may_be_another(client, user, event):
    lumen = OrganizationFactory(owner=user, name="Lumen")
    ana = known(user, "Ana Ruiz", organization=lumen)
    paste(client, event, "Ana Ruiz, Acme")

    asked = matched(event)["Ana Ruiz"]
    want(client, event.guests.get(), contact="new")

    assert (asked.kind, asked.candidates) == ("ask", [ana.pk])
    assert user.contacts.filter(full_name="Ana Ruiz").count() == 2


def test_reachable_through_whoever_knows_her(client, user, event):
    ben = known(user, "Ben Katz")
    by_relation, by_origin = (
        ContactFactory(owner=user, full_name=name) for name in ("Ana Ruiz", "Cy Diaz")
    )
    RelationshipFactory(owner=user, from_contact=by_relation, to_contact=ben)
    OriginFactory(contact=by_origin, introducer=ben, how="introduction")
    Contact.objects.filter(pk=by_origin.pk).update(stage=1)

    paste(client, event, "Ana Ruiz\nCy Diaz")

    found = matched(event)
    assert [(m.kind, m.through_id, m.why) for m in found.values()] == [
        ("reachable", ben.pk, "their colleague"),
        ("reachable", ben.pk, "brought them to you"),
    ]


def test_reachable_through_a_colleague_of_hers(client, user, event):
    acme = OrganizationFactory(owner=user, name="Acme")
    ben = known(user, "Ben Katz", organization=acme)
    ContactFactory(owner=user, full_name="Never Met", organization=acme)

    paste(client, event, "Ana Ruiz, acme\nDee Doe, Elsewhere")

    found = matched(event)
    assert (found["Ana Ruiz"].kind, found["Ana Ruiz"].through_id) == (
        "reachable",
        ben.pk,
    )
    assert found["Dee Doe"].kind == "new"


def test_myself_and_people_in_the_trash(client, user, event):
    me = user.contacts.get(is_me=True)
    known(user, "Ben Katz").trash()

    paste(client, event, f"{me.full_name}\nBen Katz")

    assert [m.kind for m in matched(event).values()] == ["me", "new"]


def test_one_tap_makes_a_new_one_whom_i_want_to_meet(client, user, event):
    paste(client, event, "Ana Ruiz, Acme, ana@example.org")
    guest = event.guests.get()

    want(client, guest)
    want(client, guest, talking_points="Ask about the grant")

    contact = user.contacts.others().get()
    row = event.attendances.get()
    assert (contact.full_name, contact.organization.name) == ("Ana Ruiz", "Acme")
    assert contact.methods.get().value == "ana@example.org"
    assert contact.wanted_at is not None
    assert (row.contact, row.state, row.was_wanted) == (contact, "wanted", True)
    assert row.talking_points == "Ask about the grant"


def test_and_one_tap_takes_it_back(client, user, event):
    known(user, "Ben Katz")
    paste(client, event, "Ben Katz")
    guest = event.guests.get()

    want(client, guest)
    want(client, guest, unwant="1")

    row = event.attendances.get()
    assert (row.state, row.was_wanted) == ("expected", False)


def test_all_whom_i_know_on_my_list_at_once(client, user, event):
    ben = known(user, "Ben Katz")
    paste(client, event, "Ben Katz\nAna Ruiz")
    url = reverse("guest_expect", args=[event.pk])

    client.post(url)
    client.post(url)
    there = [(row.contact, row.state) for row in event.attendances.all()]
    undo_last(client)

    assert there == [(ben, "expected")]
    assert not event.attendances.exists()


def test_a_list_is_undone_but_for_whom_i_marked(client, event):
    page = paste(client, event, "Ben Katz\nAna Ruiz")
    (undo,) = (m.extra_tags for m in page.context["messages"])
    want(client, event.guests.get(name="Ana Ruiz"))

    client.post(undo)

    assert names(event) == ["Ana Ruiz"]


def test_the_list_is_emptied_and_back(client, event):
    paste(client, event, "Ben Katz\nAna Ruiz")
    want(client, event.guests.get(name="Ana Ruiz"))
    columns = ("pk", "name", "key", "number", "contact")
    before = list(event.guests.in_order().values(*columns))

    client.post(reverse("guest_clear", args=[event.pk]))
    empty = names(event)
    undo_last(client)

    assert empty == []
    assert list(event.guests.in_order().values(*columns)) == before


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, user, event, count, django_assert_num_queries):
    acme = OrganizationFactory(owner=user, name="Acme")
    known(user, "Ben Katz", organization=acme)
    for number in range(count):
        paste(client, event, f"New {number}, Acme, new{number}@example.org")
        contact = known(user, f"Known {number}")
        far = ContactFactory(owner=user, full_name=f"Far {number}")
        RelationshipFactory(owner=user, from_contact=far, to_contact=contact)
        for one in (contact, far):
            GuestFactory(event=event, name=one.full_name, contact=one)

    with django_assert_num_queries(15):
        client.get(reverse("guest_list", args=[event.pk]))


def test_five_thousand_lines_in_bounded_queries(
    user, event, django_assert_max_num_queries
):
    lines = [reading.Line(n, f"Guest {n}", f"Company {n % 50}") for n in range(5000)]

    with django_assert_max_num_queries(15):
        writing.add(event, lines)
        matching.match(user, list(event.guests.all()))

    assert event.guests.count() == 5000


def test_a_stranger_is_never_matched(client, user, stranger, event):
    theirs = known(stranger, "Ana Ruiz")
    ContactMethodFactory(contact=theirs, value="ana@example.org")

    paste(client, event, "Ana Ruiz <ana@example.org>")
    want(client, event.guests.get(), contact=str(theirs.pk))

    assert user.contacts.others().get() != theirs
    assert event.attendances.get().contact.owner == user
