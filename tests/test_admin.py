"""The operator finds, corrects and deletes any row, and nobody else does."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Organization
from networkcrm.models import User
from networkcrm.owned import Owned
from tests.factories import (
    CircleFactory,
    ContactFactory,
    ContactMethodFactory,
    ContactTagFactory,
    EventFactory,
    FactFactory,
    ImportantDateFactory,
    ImportFactory,
    InteractionFactory,
    OrganizationFactory,
    OriginFactory,
    make_user,
)
from tests.one_of_each import one_of_each
from tests.test_isolation import OUR_MODELS

MODELS = sorted([*OUR_MODELS, User], key=lambda model: model.__name__)
by_name = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


@pytest.fixture
def operator(db):
    """A browser in which the operator is logged in."""
    client = Client()
    client.force_login(
        User.objects.create_superuser("operator@example.org", "a long passphrase")
    )
    return client


def page(model, name, *args):
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args)


def fields_of(response):
    """What the browser would send back from the form of this page, as it stands."""
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    return {
        form.add_prefix(name): "" if (value := form[name].value()) is None else value
        for form in forms
        for name in form.fields
        if form[name].value() is not False
    }


@by_name
def test_every_model_is_there(model):
    assert model in admin.site._registry


@by_name
def test_owners_without_rights_are_sent_away(client, user, model):
    response = client.get(page(model, "changelist"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


@by_name
@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_everybodys_rows_at_one_cost(
    operator, django_assert_max_num_queries, model, count
):
    owners = [make_user(f"owner{number}") for number in range(count)]
    for owner in owners:
        one_of_each(owner)

    # Session, user, filters, rows and their count: two tables of one owner more.
    with django_assert_max_num_queries(6):
        response = operator.get(page(model, "changelist"), {"q": "example.org"})

    shown = response.content.decode()
    assert [owner.email for owner in owners if owner.email not in shown] == []


@by_name
def test_page_of_a_row_says_whose_it_is(operator, user, model):
    one_of_each(user)
    row = model.objects.latest("pk")

    response = operator.get(page(model, "change", row.pk))

    assert response.status_code == 200
    assert str(row.owner if isinstance(row, Owned) else row) in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_contact_costs_the_same_for_few_and_many(
    operator, user, django_assert_num_queries, count
):
    contact = ContactFactory(owner=user)
    for _number in range(count):
        ContactMethodFactory(contact=contact)
        ContactTagFactory(contact=contact)
        FactFactory(contact=contact)
        ImportantDateFactory(contact=contact)

    address = page(Contact, "change", contact.pk)
    operator.get(address)  # Django remembers the content type from now on.

    with django_assert_num_queries(9):
        operator.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_an_interaction_costs_the_same_for_few_and_many(
    operator, user, django_assert_num_queries, count
):
    people = ContactFactory.create_batch(count, owner=user)
    interaction = InteractionFactory(owner=user, with_contacts=people)

    address = page(type(interaction), "change", interaction.pk)
    operator.get(address)  # Django remembers the content type from now on.

    with django_assert_num_queries(6):
        operator.get(address)


@by_name
def test_saving_a_page_as_it_stands_changes_nothing(operator, user, model):
    one_of_each(user)
    row = model.objects.latest("pk")
    if not admin.site._registry[model].has_change_permission(Superuser()):
        pytest.skip("is only read")
    before = model.objects.filter(pk=row.pk).values().get()
    address = page(model, "change", row.pk)

    response = operator.post(address, fields_of(operator.get(address)))

    assert response.status_code == 302, response.context["errors"]
    after = model.objects.filter(pk=row.pk).values().get()
    assert after | {"updated_at": 0} == before | {"updated_at": 0}


class Superuser:
    """A request as far as rights go."""

    class user:
        @staticmethod
        def has_perm(name):
            return True


def test_a_row_cannot_be_linked_to_another_owners(operator, user, stranger):
    contact = ContactFactory(owner=user)
    theirs = OrganizationFactory(owner=stranger)
    address = page(Contact, "change", contact.pk)
    sent = fields_of(operator.get(address)) | {"organization": str(theirs.pk)}

    response = operator.post(address, sent)

    assert "organization" in response.context["adminform"].form.errors
    contact.refresh_from_db()
    assert contact.organization is None


def test_the_list_to_pick_from_is_the_owners(operator, user, stranger):
    contact = ContactFactory(owner=user)
    OrganizationFactory(owner=user, name="Lumen")
    OrganizationFactory(owner=stranger, name="Tenebra")

    form = operator.get(page(Contact, "change", contact.pk)).context["adminform"].form
    parameters = form.fields["organization"].widget.widget.url_parameters()
    response = operator.get(page(Organization, "changelist"), parameters)

    assert [str(row) for row in response.context["cl"].result_list] == ["Lumen"]


def test_a_correction_is_found_by_search_at_once(operator, user):
    contact = ContactFactory(owner=user, full_name="Maya Lindqvst")
    address = page(Contact, "change", contact.pk)

    operator.post(
        address, fields_of(operator.get(address)) | {"full_name": "Maya Lindqvist"}
    )

    contact.refresh_from_db()
    assert contact.full_name == "Maya Lindqvist"
    assert contact.sort_key == "maya lindqvist"
    assert "lindqvist" in str(contact.search_row.pieces).lower()


DELETABLE = [
    model
    for model in MODELS
    if model.__name__ not in {"ImportRow", "SearchRow", "SearchWord"}
]


def one_linked_everywhere(owner):
    """Rows with every link set, those too that Postgres would not let go of."""
    one_of_each(owner)
    contact = ContactFactory(
        owner=owner,
        organization=OrganizationFactory(owner=owner),
        circle=CircleFactory(owner=owner),
    )
    event = EventFactory(owner=owner)
    brought = ContactFactory(owner=owner)
    OriginFactory(contact=brought, introducer=contact, event=event)
    ImportFactory(owner=owner, met_through=contact, event=event)
    interaction = InteractionFactory(owner=owner, event=event, with_contacts=[contact])
    FactFactory(contact=brought, interaction=interaction)


@pytest.mark.parametrize("model", DELETABLE, ids=lambda model: model.__name__)
def test_everything_can_be_deleted_and_the_database_agrees(operator, user, model):
    one_linked_everywhere(user)
    rows = model.objects.all()
    if model is Contact:
        rows = rows.others()
    if model is User:
        rows = rows.filter(pk=user.pk)
    chosen = [str(pk) for pk in rows.values_list("pk", flat=True)]

    response = operator.post(
        page(model, "changelist"),
        {"action": "delete_selected", "_selected_action": chosen, "post": "yes"},
    )

    assert response.status_code == 302
    assert not rows.filter(pk__in=chosen).exists()
    connection.check_constraints()


@pytest.mark.parametrize("model", DELETABLE, ids=lambda model: model.__name__)
def test_one_row_can_be_deleted_on_its_page(operator, user, model):
    one_linked_everywhere(user)
    rows = model.objects.others() if model is Contact else model.objects
    row = user if model is User else rows.latest("pk")

    operator.post(page(model, "delete", row.pk), {"post": "yes"})

    assert not model.objects.filter(pk=row.pk).exists()
    connection.check_constraints()


def test_nobody_loses_their_own_contact(operator, user):
    me = user.contacts.get(is_me=True)

    response = operator.post(page(Contact, "delete", me.pk), {"post": "yes"})

    assert response.status_code == 403
    assert user.contacts.filter(is_me=True).exists()


def test_deleting_an_account_takes_all_of_its_rows_and_no_others(
    operator, user, stranger
):
    one_linked_everywhere(user)
    one_of_each(stranger)
    theirs = {m: m.objects.filter(owner=stranger).count() for m in OUR_MODELS}

    operator.post(page(User, "delete", user.pk), {"post": "yes"})

    connection.check_constraints()
    assert {m: m.objects.filter(owner=user.pk).count() for m in OUR_MODELS} == (
        dict.fromkeys(OUR_MODELS, 0)
    )
    assert {m: m.objects.filter(owner=stranger).count() for m in OUR_MODELS} == theirs


def test_the_operator_makes_an_account(operator):
    password = "a long passphrase of theirs"

    operator.post(
        page(User, "add"),
        {
            "email": "grace@example.org",
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )

    grace = User.objects.get(email="grace@example.org")
    assert grace.check_password(password)
    assert grace.contacts.get().is_me
