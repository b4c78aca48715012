"""How you met: the page that writes it down, and the chain on the contact's page."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connections import chains, picking
from connections.models import Origin
from contacts import purging
from contacts.models import Contact
from networkcrm.partial_dates import PartialDate
from tests.factories import ContactFactory, EventFactory, OriginFactory


def page(contact):
    return reverse("origin_edit", args=[contact.pk])


def typed(**fields):
    return {
        "how": "introduction",
        "introducer": "",
        "event": "",
        "seen_at": "",
    } | fields


def chain_of(user, length):
    """You → 0 → 1 → ... Each brought the next."""
    people = ContactFactory.create_batch(length, owner=user)
    for introducer, contact in zip([None, *people], people, strict=False):
        OriginFactory(contact=contact, introducer=introducer, how="introduction")
    return people


def test_all_that_is_typed_is_kept(client, maya, lena):
    event = EventFactory(owner=maya.owner, name="DjangoCon")

    response = client.post(
        page(maya),
        typed(
            introducer="lena  BRANDT",
            event="djangocon",
            platform="mastodon",
            place="Vigo",
            url="https://example.org/@lena/1",
            on="Oct 2026",
            story="She named us **both**.",
            in_person="True",
        ),
    )

    origin = Origin.objects.get(contact=maya)
    assert response.url == f"{maya.get_absolute_url()}#how-you-met"
    assert (origin.introducer, origin.introducer_name) == (lena, "Lena Brandt")
    assert (origin.event, origin.event_name) == (event, "DjangoCon")
    assert (origin.how, origin.platform, origin.place, origin.in_person) == (
        "introduction",
        "mastodon",
        "Vigo",
        True,
    )
    assert (origin.on, origin.story, origin.url) == (
        PartialDate(2026, 10),
        "She named us **both**.",
        "https://example.org/@lena/1",
    )


def test_the_page_shows_what_is_written(client, maya, lena):
    OriginFactory(contact=maya, introducer=lena, on=PartialDate(2026, 10), place="Vigo")

    form = client.get(page(maya)).context["form"]

    assert [form[name].value() for name in ("introducer", "place", "in_person")] == [
        "Lena Brandt",
        "Vigo",
        "",
    ]
    assert 'value="Oct 2026"' in str(form["on"])


def test_a_name_nobody_has_becomes_a_contact_and_an_event(client, maya):
    response = client.post(
        page(maya), typed(introducer="Noor  Haddad", event="Candle fair"), follow=True
    )

    origin = Origin.objects.get(contact=maya)
    assert (origin.introducer.full_name, origin.event.name) == (
        "Noor Haddad",
        "Candle fair",
    )
    assert "Noor Haddad was new, and is a contact of yours now." in [
        str(message) for message in response.context["messages"]
    ]


def test_of_two_people_with_one_name_the_page_asks_which(client, maya):
    first = ContactFactory(owner=maya.owner, full_name="Ana Ruiz", city="Boston")
    second = ContactFactory(owner=maya.owner, full_name="Ana Ruiz", city="Vigo")

    asked = client.post(page(maya), typed(introducer="Ana Ruiz"))

    form = asked.context["form"]
    assert form.errors == {
        "introducer": ["You know 2 people called Ana Ruiz. Which one is it?"]
    }
    assert [(c.value, c.hint) for c in form["introducer"].field.widget.candidates] == [
        (str(first.pk), "Boston"),
        (str(second.pk), "Vigo"),
    ]
    answer = {"introducer-choice": str(second.pk), "introducer-asked": "Ana Ruiz"}
    client.post(page(maya), typed(introducer="Ana Ruiz") | answer)
    assert Origin.objects.get(contact=maya).introducer == second


def test_half_a_name_is_asked_about_before_someone_new_is_made(client, maya, lena):
    asked = client.post(page(maya), typed(introducer="Lena"))

    assert asked.context["form"].errors == {
        "introducer": ["You know nobody called just Lena. Is it one of these?"]
    }
    answer = {"introducer-choice": "new", "introducer-asked": "Lena"}
    client.post(page(maya), typed(introducer="Lena") | answer)
    assert Origin.objects.get(contact=maya).introducer.full_name == "Lena"


@pytest.mark.parametrize(
    ("name", "mistyped"),
    [
        ("Tom Fuchs", "Tom Fuhcs"),
        ("Tom Fuchs", "tom fuch"),
        ("Tom M. Fuchs", "Tom Fucks"),
        ("Tom Fuchs", "Tim Fuchs"),
        ("Søren Møller", "Soren Mollar"),
        ("Magdalena Kowalska", "Magdelena Kowalsca"),
    ],
)
def test_a_name_with_a_mistake_is_asked_about(client, maya, name, mistyped):
    known = ContactFactory(owner=maya.owner, full_name=name)
    ContactFactory(owner=maya.owner, full_name="Tim Olsen")

    asked = client.post(page(maya), typed(introducer=mistyped))

    form = asked.context["form"]
    assert form.errors == {
        "introducer": [f"You know nobody called just {mistyped}. Is it one of these?"]
    }
    assert [c.name for c in form["introducer"].field.widget.candidates] == [name]
    answer = {"introducer-choice": str(known.pk), "introducer-asked": mistyped}
    client.post(page(maya), typed(introducer=mistyped) | answer)
    assert Origin.objects.get(contact=maya).introducer == known


def test_somebody_new_may_have_a_name_like_another(client, maya, lena):
    answer = {"introducer-choice": "new", "introducer-asked": "Lena Brant"}

    client.post(page(maya), typed(introducer="Lena Brant") | answer)

    assert Origin.objects.get(contact=maya).introducer.full_name == "Lena Brant"


@pytest.mark.parametrize(
    "name", ["Tom Fischer", "Ana Fuchs", "Guest 2", "Lena", "王小明", "T F", "?!"]
)
def test_another_name_is_not_asked_about(client, maya, stranger, name):
    for known in ("Tom Fuchs", "Guest 1", "王小红"):
        ContactFactory(owner=maya.owner, full_name=known)
    ContactFactory(owner=stranger, full_name="Tom Fisher")

    client.post(page(maya), typed(introducer=name))

    assert Origin.objects.get(contact=maya).introducer.full_name == name


def test_an_event_with_a_mistake_is_asked_about(client, maya):
    for name in ("DjangoCon 2025", "Candle fair"):
        EventFactory(owner=maya.owner, name=name)

    asked = client.post(page(maya), typed(event="Candel fair"))
    client.post(page(maya), typed(event="DjangoCon 2026"))

    assert asked.context["form"].errors == {
        "event": ["There is no event called Candel fair. Is it one of these?"]
    }
    assert Origin.objects.get(contact=maya).event.name == "DjangoCon 2026"


@pytest.mark.parametrize("count", [1, 3])
def test_asking_costs_the_same(user, count, django_assert_num_queries):
    for i in range(count):
        ContactFactory(owner=user, full_name=f"Tom {'M' * i} Fuchs")

    with django_assert_num_queries(5):
        found = picking.People().like(user, "Tom Fuhcs")

    assert len(found) == count


def test_an_answer_to_another_question_does_not_count(client, maya, lena):
    answer = {"introducer-choice": "new", "introducer-asked": "Tom"}

    asked = client.post(page(maya), typed(introducer="Lena") | answer)

    assert "introducer" in asked.context["form"].errors
    assert Contact.objects.filter(owner=maya.owner, is_me=False).count() == 2


def test_a_choice_of_a_strangers_contact_is_no_choice(client, maya, lena, stranger):
    theirs = ContactFactory(owner=stranger, full_name="Lena Brandt")
    answer = {"introducer-choice": str(theirs.pk), "introducer-asked": "Lena Brandt"}

    client.post(page(maya), typed(introducer="Lena Brandt") | answer)

    assert not Origin.objects.filter(introducer=theirs).exists()


def test_nobody_introduces_themselves(client, maya):
    response = client.post(page(maya), typed(introducer="Maya Lindqvist"))

    assert response.context["form"].errors == {
        "introducer": ["Maya Lindqvist cannot have introduced themselves to you."]
    }


def test_i_am_no_introducer(client, user, maya):
    me = user.contacts.get(is_me=True)

    response = client.post(page(maya), typed(introducer=me.full_name))

    assert response.context["form"].errors == {
        "introducer": ["That is you. Leave it empty if there was nobody else."]
    }


def test_a_chain_does_not_bite_its_tail(client, user):
    first, second, third = chain_of(user, 3)

    response = client.post(
        page(first),
        typed(introducer=third.full_name)
        | {"seen_at": first.origin.updated_at.isoformat()},
    )

    assert response.context["form"].errors == {
        "introducer": [
            f"{third} came to you through {first}: the chain would bite its tail."
        ]
    }
    assert Origin.objects.get(contact=first).introducer is None
    assert second.origin.introducer == first


def write_introducer(contact, introducer):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE connections_origin SET introducer_id = %s, introducer_depth ="
            " (SELECT chain_depth FROM contacts_contact WHERE id = %s)"
            " WHERE contact_id = %s",
            [introducer.pk, introducer.pk, contact.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_postgres_refuses_a_cycle_whoever_writes_it(user):
    first, _, third = chain_of(user, 3)

    with pytest.raises(IntegrityError, match="origin_no_cycle"):
        write_introducer(first, third)


@pytest.mark.parametrize("length", [6, 60])
def test_a_chain_of_any_length_is_one_query(user, length, django_assert_num_queries):
    people = chain_of(user, length)

    with django_assert_num_queries(1):
        chain = chains.chain(user.pk, people[-1].pk)

    assert [link.contact_id for link in chain] == [contact.pk for contact in people]


def test_the_page_draws_the_chain_from_me(client, maya, lena):
    OriginFactory(
        contact=lena, how="online", platform="mastodon", on=PartialDate(2026, 9)
    )
    OriginFactory(contact=maya, introducer=lena, how="introduction", platform="x")

    response = client.get(maya.get_absolute_url())

    chain = response.context["chain"]
    assert [(link.name, link.words, link.tone) for link in chain.first] == [
        ("Lena Brandt", "met on Mastodon", "online"),
        ("Maya Lindqvist", "introduced on X", "intro"),
    ]
    assert f'href="{lena.get_absolute_url()}"' in response.text


def test_a_long_chain_folds_its_middle(client, user):
    people = chain_of(user, 9)

    chain = client.get(people[-1].get_absolute_url()).context["chain"]

    assert [len(part) for part in (chain.first, chain.folded, chain.last)] == [2, 5, 2]


def test_a_new_introducer_moves_all_who_came_after(client, user):
    first, second, third = chain_of(user, 3)
    other = chain_of(user, 2)[-1]

    client.post(
        page(second),
        typed(introducer=other.full_name, seen_at=second.origin.updated_at.isoformat()),
    )

    depths = [
        Contact.objects.get(pk=one.pk).chain_depth
        for one in (first, second, third, other)
    ]
    assert depths == [0, 2, 3, 1]
    assert len(chains.chain(user.pk, third.pk)) == 4


def test_a_trashed_introducer_keeps_the_name(client, maya, lena):
    origin = OriginFactory(contact=maya, introducer=lena, how="introduction")
    lena.trash()

    (link, _) = client.get(maya.get_absolute_url()).context["chain"].first
    client.post(
        page(maya),
        typed(introducer="Lena Brandt", seen_at=origin.updated_at.isoformat()),
    )

    assert (link.name, link.is_trashed) == ("Lena Brandt", True)
    assert Origin.objects.get(contact=maya).introducer == lena


def test_an_introducer_deleted_for_ever_keeps_the_name(client, maya, lena):
    origin = OriginFactory(contact=maya, introducer=lena, how="introduction")
    lena.trash()
    purging.purge(maya.owner, [lena.pk])

    (link, _) = client.get(maya.get_absolute_url()).context["chain"].first
    origin.refresh_from_db()
    client.post(
        page(maya),
        typed(
            introducer="Lena Brandt",
            story="Long ago.",
            seen_at=origin.updated_at.isoformat(),
        ),
    )

    origin.refresh_from_db()
    assert (link.name, link.contact_id) == ("Lena Brandt", None)
    assert (origin.introducer, origin.introducer_name) == (None, "Lena Brandt")
    assert origin.story == "Long ago."


def test_those_below_an_introducer_deleted_for_ever_come_nearer(maya, lena):
    ben, ana = ContactFactory.create_batch(2, owner=maya.owner)
    for contact, introducer in ((lena, ben), (maya, lena), (ana, maya)):
        OriginFactory(contact=contact, introducer=introducer)
    lena.trash()
    purging.purge(maya.owner, [lena.pk])

    depths = dict(maya.owner.contacts.values_list("pk", "chain_depth"))
    ends = maya.owner.origins.values_list("contact", "contact_depth").order_by("pk")

    assert (depths[maya.pk], depths[ana.pk]) == (0, 1)
    assert list(ends) == [(maya.pk, 0), (ana.pk, 1)]


def test_an_emptied_name_is_nobody(client, maya, lena):
    origin = OriginFactory(contact=maya, introducer=lena)

    client.post(page(maya), typed(how="online", seen_at=origin.updated_at.isoformat()))

    origin.refresh_from_db()
    assert (origin.introducer, origin.introducer_name) == (None, "")


def test_what_a_form_does_not_show_stays(client, maya, lena):
    origin = OriginFactory(contact=maya, introducer=lena, story="One post.")

    client.post(page(maya), {"how": "work", "seen_at": origin.updated_at.isoformat()})

    origin.refresh_from_db()
    assert (origin.how, origin.story, origin.introducer) == ("work", "One post.", lena)


def test_two_tabs_the_second_is_told(client, maya):
    client.post(page(maya), typed(how="online", story="First."))

    second = client.post(page(maya), typed(how="online", story="Second."))

    assert "in the meantime" in str(second.context["form"].non_field_errors())
    assert Origin.objects.get(contact=maya).story == "First."


def test_deleting_can_be_undone(client, maya, lena):
    origin = OriginFactory(contact=maya, introducer=lena, story="One post.")

    response = client.post(reverse("origin_delete", args=[maya.pk]), follow=True)
    assert not Origin.objects.filter(contact=maya).exists()
    (message,) = response.context["messages"]
    client.post(message.extra_tags)

    back = Origin.objects.get(contact=maya)
    assert (back.pk, back.introducer, back.story, back.created_at) == (
        origin.pk,
        lena,
        "One post.",
        origin.created_at,
    )
    assert Contact.objects.get(pk=maya.pk).chain_depth == 1


def test_undoing_does_not_close_a_circle_made_since(client, maya, lena):
    OriginFactory(contact=maya, introducer=lena, how="introduction")
    response = client.post(reverse("origin_delete", args=[maya.pk]), follow=True)
    (message,) = response.context["messages"]
    OriginFactory(contact=lena, introducer=maya, how="introduction")

    client.post(message.extra_tags)

    back = Origin.objects.get(contact=maya)
    assert (back.introducer, back.introducer_name) == (None, "Lena Brandt")


def test_brought_directly_and_down_the_chain(client, user, lena):
    direct = ContactFactory.create_batch(3, owner=user)
    for contact in direct:
        OriginFactory(contact=contact, introducer=lena)
    further = ContactFactory.create_batch(4, owner=user)
    for contact in further:
        OriginFactory(contact=contact, introducer=direct[0])
    further[3].trash()

    response = client.get(lena.get_absolute_url())

    descent = response.context["descent"]
    assert (descent.direct, descent.further, len(descent.people)) == (3, 3, 6)
    assert "Lena brought you 6 people" in response.text
    assert "3 directly, 3 through them" in response.text
    assert {one.through for one in descent.people[3:]} == {direct[0].full_name}


@pytest.mark.parametrize("count", [1, 3])
def test_brought_costs_one_query(user, lena, count, django_assert_num_queries):
    for contact in ContactFactory.create_batch(count, owner=user):
        OriginFactory(contact=contact, introducer=lena)

    with django_assert_num_queries(1):
        descent = chains.brought_by(user.pk, lena.pk, most=10)

    assert descent.total == count


def test_the_whole_list_has_pages_that_are_read_one_by_one(client, user, lena):
    for contact in ContactFactory.create_batch(51, owner=user):
        OriginFactory(contact=contact, introducer=lena)
    url = reverse("contact_brought", args=[lena.pk])

    with CaptureQueriesContext(connection) as first:
        everybody = [one.name for one in client.get(url).context["page"]]
    with CaptureQueriesContext(connection) as second:
        response = client.get(url, {"page": 2})

    everybody += [one.name for one in response.context["page"]]
    assert len(set(everybody)) == 51
    assert (len(response.context["page"].object_list), len(first)) == (1, len(second))
    assert "brought you 51 people" in response.text
    assert "51 directly" in response.text


def test_those_who_are_left_after_the_trash_are_said_without_a_zero(client, user, lena):
    noor, maya = ContactFactory.create_batch(2, owner=user)
    OriginFactory(contact=noor, introducer=lena)
    OriginFactory(contact=maya, introducer=noor)
    noor.trash()

    page = client.get(lena.get_absolute_url()).text

    assert "1 through others" in page
    assert "0 directly" not in page


def test_names_are_offered_while_typing(client, user, stranger):
    ContactFactory(owner=user, full_name="Søren Møller", city="Aarhus")
    ContactFactory(owner=user, full_name="Anna Sorensen")
    ContactFactory(owner=stranger, full_name="Soren Theirs")

    response = client.get(reverse("contact_options"), {"introducer": "sor"})

    assert response.text.strip() == (
        '<option value="Søren Møller">Aarhus</option>'
        '<option value="Anna Sorensen"></option>'
    )


def test_strangers_see_nothing(client, stranger):
    theirs = ContactFactory(owner=stranger)
    OriginFactory(contact=theirs)

    for name in ("origin_edit", "contact_timeline", "contact_brought"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
    assert client.post(page(theirs), typed()).status_code == 404
    assert client.post(reverse("origin_delete", args=[theirs.pk])).status_code == 404
    assert Origin.objects.filter(contact=theirs).exists()
