"""What was given and received, and which need it met."""

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from contacts.models import Contact
from contacts.search import search
from followups.favours import Balance
from followups.models import Favour
from tests.factories import ContactFactory, FactFactory, FavourFactory
from tests.followups.test_followups import said, undo_last

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana(user):
    return ContactFactory(owner=user, full_name="Ana Ruiz")


@pytest.fixture
def me(user):
    return user.contacts.get(is_me=True)


def write(client, query, **data):
    url = f"{reverse('favour_create')}?{query}"
    good = {"direction": "given", "text": "Read her application", "on": "yesterday"}
    return client.post(url, good | data, follow=True)


def test_in_one_line_on_their_page(client, user, ana):
    response = write(client, f"contact={ana.pk}", back=ana.get_absolute_url())

    favour = user.favours.get()
    assert (favour.contact, favour.kind, str(favour.on)) == (ana, "other", "2026-11-24")
    assert response.redirect_chain == [(ana.get_absolute_url(), 302)]
    assert "You helped Ana once." in response.text
    undo_last(client, response)
    assert not user.favours.exists()


def test_it_meets_a_need_and_taking_it_back_opens_the_need_again(client, user, ana):
    need = FactFactory(contact=ana, kind="need", text="a reader")

    response = write(client, f"contact={ana.pk}", need=need.pk)
    need.refresh_from_db()
    met = need.state
    undo_last(client, response)
    need.refresh_from_db()

    assert said(response) == [
        "Written down: “Read her application”. “a reader” is met."
    ]
    assert (met, need.state) == ("met", "open")


def test_deleted_and_back_with_its_need(client, user, ana):
    need = FactFactory(contact=ana, kind="need", text="a reader")
    write(client, f"contact={ana.pk}", need=need.pk)
    url = reverse("favour_delete", args=[user.favours.get().pk])

    response = client.post(url, follow=True)
    need.refresh_from_db()
    opened = need.state
    undo_last(client, response)
    need.refresh_from_db()

    assert "“a reader” is open again." in said(response)[0]
    assert (opened, need.state) == ("open", "met")
    assert user.favours.get().met_need == need


def test_another_need_was_met_after_all(client, user, ana):
    first = FactFactory(contact=ana, kind="need", text="a reader", state="met")
    second = FactFactory(contact=ana, kind="need", text="a kiln")
    favour = FavourFactory(contact=ana, met_need=first)
    data = {"contact": "Ana Ruiz", "direction": "given", "text": "x", "need": second.pk}

    client.post(favour.get_absolute_url(), data)

    first.refresh_from_db()
    second.refresh_from_db()
    favour.refresh_from_db()
    assert (first.state, second.state, favour.met_need) == ("open", "met", second)


def test_a_need_of_mine_is_met_by_others(client, user, me, ana):
    need = FactFactory(contact=me, kind="need", text="a cellist")

    write(client, f"contact={ana.pk}", direction="received", need=need.pk)

    need.refresh_from_db()
    assert need.state == "met"


def test_somebody_new(client, user):
    response = write(client, "", contact="Maya Lindqvist")

    assert user.favours.get().contact.full_name == "Maya Lindqvist"
    assert "Maya Lindqvist was new" in response.text


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"text": "   "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"on": "31 february"}, "on"),
        ({"direction": "both"}, "direction"),
        ({"kind": "magic"}, "kind"),
        ({"need": "nonsense"}, "need"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, user, ana, data, field):
    response = write(client, f"contact={ana.pk}", **data)

    assert list(response.context["form"].errors) == [field]
    assert not user.favours.exists()


def test_whose_need_it_was_must_fit(client, user, me, ana):
    theirs = FactFactory(contact=ana, kind="need", text="a reader")
    mine = FactFactory(contact=me, kind="need", text="a cellist")

    given = write(client, f"contact={ana.pk}", need=mine.pk)
    received = write(client, f"contact={ana.pk}", direction="received", need=theirs.pk)

    assert "That is a need of yours" in given.text
    assert "That is a need of theirs" in received.text


def test_a_stranger_s_rows_do_not_link(client, user, stranger, ana):
    theirs = ContactFactory(owner=stranger)
    need = FactFactory(contact=theirs, kind="need")

    nobody = write(client, f"contact={theirs.pk}&need={need.pk}")
    write(client, f"contact={ana.pk}", need=need.pk)

    assert "contact" in nobody.context["form"].errors
    assert not user.favours.exists()


def test_i_cannot_help_myself(client, user, me):
    response = write(client, f"contact={me.pk}", contact=me.full_name)

    assert "That is you." in response.text


def test_the_list_its_filters_and_the_balance(client, user, stranger, ana):
    FavourFactory(contact=ana, text="Read her application", on="2026-10-01")
    FavourFactory(contact=ana, text="Lent a kiln", on="2026-11")
    FavourFactory(contact=ana, text="A good word", direction="received", on=None)
    FavourFactory(contact=ContactFactory(owner=stranger))

    def shown(**query):
        page = client.get(reverse("favour_list"), query).context["page"]
        return [favour.text for favour in page]

    whole = client.get(reverse("favour_list"))
    assert shown() == ["Lent a kiln", "Read her application", "A good word"]
    assert shown(show="received") == ["A good word"]
    assert shown(q="ruiz KILN") == ["Lent a kiln"]
    assert shown(contact=ana.pk, show="given", q="word") == []
    assert shown(show="nonsense", contact="nonsense", page="x", q="\0") == shown()
    [balance] = whole.context["balances"]
    assert str(balance) == "You helped Ana twice, Ana helped you once."
    assert (
        "You helped Ana twice"
        in client.get(reverse("favour_list"), {"contact": ana.pk}).text
    )


@pytest.mark.parametrize(
    ("given", "received", "words"),
    [
        (0, 0, "No favours between you and Ana yet."),
        (1, 0, "You helped Ana once."),
        (0, 2, "Ana helped you twice."),
        (3, 1, "You helped Ana 3 times, Ana helped you once."),
    ],
)
def test_a_balance_is_a_sentence(given, received, words):
    assert str(Balance(Contact(full_name="Ana Ruiz"), given, received)) == words


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, user, count, django_assert_num_queries):
    for _ in range(count):
        contact = ContactFactory(owner=user)
        need = FactFactory(contact=contact, kind="need", state="met")
        FavourFactory(contact=contact, met_need=need)

    with django_assert_num_queries(7):
        client.get(reverse("favour_list"))


def test_it_is_found_with_its_reason(user, ana):
    FavourFactory(
        contact=ana, text="Lent a wheelbarrow", direction="received", on="2026-11"
    )

    [hit] = search(user, "wheelbarrow").hits

    assert hit.contact == ana
    assert "helped you, Nov 2026" in str(hit.reasons)


def test_on_a_page_of_theirs_even_when_it_is_for_nothing(client, user, ana):
    FavourFactory.create_batch(6, contact=ana)

    page = client.get(ana.get_absolute_url())

    assert "You helped Ana 6 times." in page.text
    assert f"{reverse('favour_list')}?contact={ana.pk}" in page.text
    assert Favour.objects.of(user.pk).count() == 6


def test_an_invented_network_has_favours_both_ways(user):
    call_command("seed_network", owner=user.email, contacts=60, stderr=StringIO())

    found = user.favours.all()
    needs = [favour.met_need for favour in found if favour.met_need]
    assert {favour.direction for favour in found} == {"given", "received"}
    assert needs
    assert all(need.state == "met" for need in needs)
    assert all(str(one.on or "") <= "2026-11-25" for one in found)
