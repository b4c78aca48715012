import pytest
from django.urls import reverse

from contacts.forms.filters import SORTS
from contacts.models import Stage
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    ContactFactory,
    ContactTagFactory,
    EventFactory,
    InteractionFactory,
    OrganizationFactory,
    OriginFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


def names(client, query=""):
    page = client.get(f"{reverse('contact_list')}?{query}").context["page"]
    return [contact.full_name for contact in page]


def test_list_shows_only_my_contacts(client, user, stranger):
    ContactFactory(owner=user, full_name="Grace Hopper")
    ContactFactory(owner=stranger, full_name="Mallory's friend")

    assert names(client) == ["Grace Hopper"]


def test_names_sort_blind_to_case_and_accents(client, user):
    for name in ["Øystein", "ömer", "Zoe", "Ólafur", "anna", "Ångström"]:
        ContactFactory(owner=user, full_name=name)

    assert names(client) == ["Ångström", "anna", "Ólafur", "ömer", "Øystein", "Zoe"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same(client, user, count, django_assert_num_queries):
    for number in range(count):
        contact = ContactFactory(
            owner=user, organization=OrganizationFactory(owner=user, name=str(number))
        )
        ContactTagFactory(contact=contact, tag=TagFactory(owner=user))
    url = reverse("contact_list")
    client.get(url)

    with django_assert_num_queries(10):
        client.get(url)


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_goes_on_where_the_page_before_ended(
    client, user, monkeypatch, sort
):
    monkeypatch.setattr("contacts.paging.PER_PAGE", 2)
    for name in ("Ana", "Ben", "Chu", "Dev", "Eve"):
        ContactFactory(owner=user, full_name=name)
    url = f"{reverse('contact_list')}?sort={sort}&page="

    pages = [client.get(f"{url}{number}").context["page"] for number in (1, 2, 3)]

    names = [contact.full_name for page in pages for contact in page]
    assert sorted(names) == ["Ana", "Ben", "Chu", "Dev", "Eve"]
    assert [page.paginator.count for page in pages] == [5, 5, 5]


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same(client, user, count, django_assert_num_queries):
    lena = ContactFactory(owner=user)
    contact = ContactFactory(owner=user)
    OriginFactory(contact=contact, introducer=lena)
    for _ in range(count):
        ContactTagFactory(contact=contact, tag=TagFactory(owner=user))
        OriginFactory(contact=ContactFactory(owner=user), introducer=contact)
        InteractionFactory(owner=user, with_contacts=[contact, lena])
    client.get(contact.get_absolute_url())

    with django_assert_num_queries(22):
        client.get(contact.get_absolute_url())


def test_filters(client, user):
    event = EventFactory(owner=user, name="DjangoCon Vigo")
    lena = ContactFactory(owner=user, full_name="Lena Brandt", city="Boston")
    maya = ContactFactory(
        owner=user,
        full_name="Maya",
        organization=OrganizationFactory(owner=user, name="Lumen Candles"),
    )
    tom = ContactFactory(owner=user, full_name="Tom")
    ContactTagFactory(contact=tom, tag=TagFactory(owner=user, name="choir"))
    OriginFactory(contact=maya, introducer=lena, place="Basra", how="introduction")
    OriginFactory(contact=lena, event=event, how="event")
    InteractionFactory(owner=user, event=event, kind="event", with_contacts=[tom])
    old = PartialDate(2001, 1, 1)
    InteractionFactory(owner=user, on=old, kind="coffee", with_contacts=[maya])
    tag = user.tags.get()

    assert names(client, "introduced_by=lena") == ["Maya"]
    assert names(client, "met_at=django+vigo") == ["Lena Brandt", "Tom"]
    assert names(client, "place=basr") == ["Maya"]
    assert names(client, f"tag={tag.pk}") == ["Tom"]
    assert names(client, "organization=LUMEN") == ["Maya"]
    assert names(client, "city=boston") == ["Lena Brandt"]
    assert names(client, "origin=none") == ["Tom"]
    assert names(client, "last_contact=never") == ["Lena Brandt"]
    assert names(client, "last_contact=over-365") == ["Maya"]
    assert names(client, "last_contact=within-30") == ["Tom"]
    assert names(client, f"stage={Stage.MET}") == ["Lena Brandt", "Maya", "Tom"]
    assert names(client, "stage=online") == []
    assert names(client, "sort=recent") == ["Tom", "Maya", "Lena Brandt"]
    assert names(client, "sort=dormant")[0] == "Lena Brandt"
    assert names(client, "sort=added") == ["Tom", "Maya", "Lena Brandt"]


@pytest.mark.parametrize(
    "query",
    [
        "tag=nonsense",
        "stage=99",
        "sort=drop",
        "page=zzz",
        "page=-1",
        "q=%00",
        "q=%25%27",
    ],
)
def test_nonsense_in_the_address_is_no_error(client, user, query):
    ContactFactory(owner=user, full_name="Tom")

    response = client.get(f"{reverse('contact_list')}?{query}")

    assert response.status_code == 200


def test_htmx_gets_the_results_alone(client, user, htmx):
    ContactFactory(owner=user, full_name="Tom")

    response = client.get(reverse("contact_list"), headers=htmx("section#results"))

    assert response.content.decode().strip().startswith('<section id="results"')


def test_pages(client, user):
    for number in range(51):
        ContactFactory(owner=user, full_name=f"Person {number:02}")

    assert names(client, "page=2") == ["Person 50"]
