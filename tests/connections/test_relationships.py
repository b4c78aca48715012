"""Who is who to whom, from both sides."""

import pytest
from django.urls import reverse
from django.utils import timezone

from connections.models import Relationship, RelationshipKind
from contacts.models import Contact
from contacts.purging import purge
from contacts.search import search
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    ContactFactory,
    RelationshipFactory,
    RelationshipKindFactory,
)

KINDS = "/settings/relationship-kinds/"


@pytest.fixture
def maya(user):
    return ContactFactory(owner=user, full_name="Maya Lindqvist")


@pytest.fixture
def ana(user):
    return ContactFactory(owner=user, full_name="Ana Ruiz")


def kind(user, name):
    return user.relationshipkinds.get(name=name)


def role(user, name, place="first"):
    """The choice that says: the other is the first, or the second, of this kind."""
    return f"{kind(user, name).pk} {place}"


def add(client, contact, **sent):
    url = reverse("relationship_create", args=[contact.pk])
    return client.post(url, sent)


def page(relationship, contact=None):
    url = reverse("relationship_edit", args=[relationship.pk])
    return f"{url}?contact={contact.pk}" if contact else url


def shown(form, **changes):
    """What the browser sends for this form, untouched but for the changes."""
    sent = {name: form[name].value() for name in form.fields}
    words = {
        name: getattr(value, "words", value) for name, value in sent.items() if value
    }
    return {**dict.fromkeys(form.fields, ""), **words, **changes}


def reasons(user, text):
    return {
        hit.contact.full_name: [f"{r.label} {r.text}".strip() for r in hit.reasons]
        for hit in search(user, text).hits
    }


def said(user):
    """All relationships in words."""
    rows = Relationship.objects.filter(owner=user).order_by("pk")
    return [str(row) for row in rows]


def test_both_pages_say_it_in_their_own_words(client, user, maya, ana):
    response = add(
        client,
        maya,
        person="Ana Ruiz",
        role=role(user, "mentor"),
        since="May 2019",
        strength="4",
        note="met at the choir",
    )

    assert response.url == f"{maya.get_absolute_url()}#knows"
    assert said(user) == ["Ana Ruiz, mentor of Maya Lindqvist"]
    on_mayas = client.get(maya.get_absolute_url()).text
    on_anas = client.get(ana.get_absolute_url()).text
    assert "Maya’s mentor since May 2019 · close, 4 of 5" in on_mayas
    assert "Ana’s mentee since May 2019 · close, 4 of 5" in on_anas
    assert "met at the choir" in on_mayas
    assert "met at the choir" in on_anas


def test_the_other_direction_and_several_kinds(client, user, maya, ana):
    add(client, maya, person="Ana Ruiz", role=role(user, "mentor", "second"))
    add(client, maya, person="ana ruiz", role=role(user, "colleague"))

    assert said(user)[0] == "Maya Lindqvist, mentor of Ana Ruiz"
    assert len(said(user)) == 2
    people = client.get(reverse("relationship_list", args=[maya.pk])).context["people"]
    assert [[side.role for side in one.sides] for one in people] == [
        ["mentee", "colleague"]
    ]


def test_i_can_be_one_side(client, user, maya):
    add(client, maya, person="me", role=role(user, "mentor"))

    me = user.contacts.get(is_me=True)
    row = Relationship.objects.get()
    assert (row.from_contact, row.to_contact) == (me, maya)
    assert "Maya’s mentor" in client.get(maya.get_absolute_url()).text
    assert "your mentee" in client.get(me.get_absolute_url()).text
    assert reasons(user, "mentee") == {"Maya Lindqvist": ["<mark>mentee</mark> of you"]}


def test_somebody_new_becomes_a_contact(client, user, maya):
    response = add(client, maya, person="Tom Okafor", role=role(user, "sibling"))

    assert user.contacts.filter(full_name="Tom Okafor").exists()
    text = client.get(response.url).text
    assert "Tom Okafor was new, and is a contact of yours now." in text


def test_a_kind_of_ones_own_is_made_right_there(client, user, maya, ana):
    add(client, maya, person="Ana Ruiz", own_name=" landlord ", own_inverse="tenant")

    assert said(user) == ["Ana Ruiz, landlord of Maya Lindqvist"]
    assert kind(user, "landlord").inverse_name == "tenant"


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ("MENTEE|Mentor", "which is the same the other way round"),
        ("Friend|friend", "You already have “friend”."),
        ("mentee|coach", "is a word of “mentor / mentee” already"),
    ],
)
def test_a_kind_there_already_is_refused(client, user, maya, ana, own, sentence):
    own_name, own_inverse = own.split("|")
    sent = {"own_name": own_name, "own_inverse": own_inverse}

    response = add(client, maya, person="Ana Ruiz", **sent)

    assert sentence in response.context["form"].errors["own_name"][0]
    assert said(user) == []


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"person": "Maya Lindqvist"}, "person", "Nobody is that to themselves."),
        (
            {"since": "2020", "until": "May 2019"},
            "until",
            "It cannot end before it began.",
        ),
        ({"role": ""}, "role", "What are they to each other?"),
        ({"person": ""}, "person", "Please type a name."),
        ({"strength": "9"}, "strength", "Select a valid choice. 9 is not one of the"),
        ({"note": "x" * 1001}, "note", "Ensure this value has at most 1000"),
        ({"own_name": "landlord"}, "own_name", "Choose from the list, or write"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, user, maya, sent, field, sentence):
    ContactFactory(owner=user, full_name="Ana Ruiz")
    sent = {"person": "Ana Ruiz", "role": role(user, "colleague")} | sent

    response = add(client, maya, **sent)

    assert response.context["form"].errors[field][0].startswith(sentence)
    assert said(user) == []


def test_the_year_may_be_vaguer_than_the_month(client, user, maya, ana):
    sent = {"since": "May 2019", "until": "2019"}
    add(client, maya, person="Ana Ruiz", role=role(user, "colleague"), **sent)

    assert Relationship.objects.get().when == "May 2019 to 2019"


@pytest.mark.parametrize("way", ["the same page", "the other page"])
@pytest.mark.parametrize("name", ["colleague", "mentor"])
def test_the_same_twice_is_refused(client, user, maya, ana, name, way):
    add(client, maya, person="Ana Ruiz", role=role(user, name))

    if way == "the same page":
        response = add(client, maya, person="Ana Ruiz", role=role(user, name))
    else:
        place = "first" if name == "colleague" else "second"
        response = add(
            client, ana, person="Maya Lindqvist", role=role(user, name, place)
        )

    assert "already" in response.context["form"].errors["person"][0]
    assert len(said(user)) == 1


def test_strangers_are_out_of_reach(client, user, stranger, maya):
    theirs = RelationshipFactory(owner=stranger)
    alien = f"{theirs.kind_id} first"

    form = add(client, maya, person="Ana", role=alien).context["form"]

    assert "role" in form.errors
    assert client.get(page(theirs)).status_code == 404
    choice = {"person-asked": "X", "person-choice": str(theirs.from_contact_id)}
    add(client, maya, person="X", role=role(user, "friend"), **choice)
    [ours] = Relationship.objects.filter(owner=user)
    assert {ours.from_contact.owner, ours.to_contact.owner} == {user}


def test_editing_from_either_side_keeps_the_direction(client, user, maya, ana):
    add(client, maya, person="Ana Ruiz", role=role(user, "mentor"))
    row = Relationship.objects.get()

    for contact, sees in ((maya, "mentor"), (ana, "mentee")):
        form = client.get(page(row, contact)).context["form"]
        chosen = dict(form.fields["role"].choices)[form["role"].value()]
        assert chosen.startswith(f"{sees} (")
        sent = shown(form, **{"from": contact.pk, "note": f"seen by {contact}"})
        response = client.post(page(row), sent)
        assert response.url == f"{contact.get_absolute_url()}#knows"
        row.refresh_from_db()
        assert str(row) == "Ana Ruiz, mentor of Maya Lindqvist"
        assert row.note == f"seen by {contact}"


def test_editing_turns_it_round_and_makes_it_mutual(client, user, maya, ana):
    row = RelationshipFactory(
        owner=user, from_contact=ana, to_contact=maya, kind=kind(user, "mentor")
    )
    form = client.get(page(row, maya)).context["form"]
    client.post(page(row, maya), shown(form, role=role(user, "mentor", "second")))

    row.refresh_from_db()
    assert str(row) == "Maya Lindqvist, mentor of Ana Ruiz"

    form = client.get(page(row, ana)).context["form"]
    client.post(page(row, ana), shown(form, role=role(user, "friend")))

    row.refresh_from_db()
    assert row.from_contact_id < row.to_contact_id
    assert row.kind.name == "friend"


def test_another_person_takes_their_place_in_the_search_too(client, user, maya, ana):
    ContactFactory(owner=user, full_name="Tom Okafor")
    add(client, maya, person="Ana Ruiz", role=role(user, "mentor"))
    row = Relationship.objects.get()
    form = client.get(page(row, maya)).context["form"]

    client.post(page(row, maya), shown(form, person="Tom Okafor"))

    assert said(user) == ["Tom Okafor, mentor of Maya Lindqvist"]
    assert set(reasons(user, "mentee")) == {"Maya Lindqvist"}
    assert set(reasons(user, "mentor")) == {"Tom Okafor"}


def test_what_is_over_stands_apart(client, user, maya, ana):
    tom = ContactFactory(owner=user, full_name="Tom Okafor")
    over = {"since": PartialDate(2015), "until": PartialDate(2019)}
    RelationshipFactory(owner=user, from_contact=maya, to_contact=ana, **over)
    RelationshipFactory(owner=user, from_contact=maya, to_contact=tom)

    panel = client.get(maya.get_absolute_url()).text.partition('id="knows"')[2]

    assert panel.index("Tom Okafor") < panel.index("Once") < panel.index("Ana Ruiz")
    assert "colleague 2015 to 2019" in panel
    assert reasons(user, "colleague Ana")["Maya Lindqvist"] == [
        "once <mark>colleague</mark> of <mark>Ana</mark> Ruiz"
    ]


@pytest.mark.parametrize("length", [4, 7, 10])
def test_a_vague_end_lasts_as_long_as_it_can(client, user, maya, ana, length):
    today = str(timezone.localdate(timezone=user.tz))
    until = PartialDate.from_iso(today[:length])
    RelationshipFactory(owner=user, from_contact=maya, to_contact=ana, until=until)

    assert "Once" not in client.get(maya.get_absolute_url()).text
    assert not any("once" in why for why in reasons(user, "colleague Ana").values())


def test_deleting_and_taking_it_back(client, user, maya, ana):
    row = RelationshipFactory(
        owner=user, from_contact=maya, to_contact=ana, strength=3, note="choir"
    )
    before = Relationship.objects.filter(pk=row.pk).values().get()

    response = client.post(
        reverse("relationship_delete", args=[row.pk]), {"from": ana.pk}, follow=True
    )

    assert said(user) == []
    assert reasons(user, "colleague") == {}
    [message] = response.context["messages"]
    assert message.message == "Deleted: Maya Lindqvist, colleague of Ana."
    client.post(message.extra_tags)
    after = Relationship.objects.filter(pk=row.pk).values().get()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}
    assert set(reasons(user, "colleague")) == {"Maya Lindqvist", "Ana Ruiz"}


def test_taking_back_what_was_written_anew(client, user, maya, ana):
    row = RelationshipFactory(owner=user, from_contact=maya, to_contact=ana)
    url = reverse("relationship_delete", args=[row.pk])
    [message] = client.post(url, follow=True).context["messages"]
    RelationshipFactory(owner=user, from_contact=maya, to_contact=ana)

    response = client.post(message.extra_tags, follow=True)

    assert "written down anew" in response.text
    assert len(said(user)) == 1


def test_found_by_the_other_and_by_the_note(user, maya, ana):
    RelationshipFactory(
        owner=user, from_contact=ana, to_contact=maya, note="shared an office in Oslo"
    )

    where = "shared an office in <mark>Oslo</mark>"
    assert reasons(user, "Oslo") == {
        "Maya Lindqvist": [f"colleague of Ana Ruiz: {where}"],
        "Ana Ruiz": [f"colleague of Maya Lindqvist: {where}"],
    }
    ana.full_name = "Ana Berg"
    ana.save()
    assert set(reasons(user, "Berg")) == {"Ana Berg", "Maya Lindqvist"}
    assert set(reasons(user, "Ruiz")) == set()


def test_the_trash_hides_it_and_gives_it_back(client, user, maya, ana):
    RelationshipFactory(owner=user, from_contact=ana, to_contact=maya)
    trash = reverse("contact_trash", args=[ana.pk])

    [message] = client.post(trash, follow=True).context["messages"]

    assert reasons(user, "Ruiz") == {}
    assert "Maya’s colleague" not in client.get(maya.get_absolute_url()).text
    client.post(message.extra_tags)
    assert set(reasons(user, "Ruiz")) == {"Ana Ruiz", "Maya Lindqvist"}
    Contact.objects.get(pk=ana.pk).trash()
    assert reasons(user, "Ruiz") == {}
    purge(user, [ana.pk])
    assert said(user) == []
    assert reasons(user, "colleague") == {}


@pytest.mark.parametrize("count", [1, 3, 12])
def test_the_page_costs_the_same(client, user, maya, count, django_assert_num_queries):
    for number in range(count):
        RelationshipFactory(owner=user, from_contact=maya, strength=number % 5 + 1)
    url = reverse("relationship_list", args=[maya.pk])
    client.get(url)

    with django_assert_num_queries(5):
        client.get(url)


def test_a_long_list_is_paged(client, user, maya):
    for _ in range(9):
        RelationshipFactory(owner=user, from_contact=maya)

    text = client.get(maya.get_absolute_url()).text

    assert text.count("Maya’s colleague") == 8
    assert reverse("relationship_list", args=[maya.pk]) in text


def test_kinds_are_listed_added_and_renamed(client, user, maya, ana):
    RelationshipFactory(owner=user, from_contact=ana, to_contact=maya)

    client.post(KINDS, {"name": "landlord", "inverse_name": "tenant"})
    colleague = kind(user, "colleague")
    edit = reverse("relationshipkind_edit", args=[colleague.pk])
    client.post(edit, {"name": "workmate", "inverse_name": "workmate"})

    listed = {k.name: k.uses for k in client.get(KINDS).context["kinds"]}
    assert listed["workmate"] == 1
    assert listed["landlord"] == 0
    assert "colleague" not in listed
    assert set(reasons(user, "workmate")) == {"Ana Ruiz", "Maya Lindqvist"}
    assert reasons(user, "colleague") == {}


def test_only_an_unused_kind_can_be_deleted(client, user):
    used = RelationshipFactory(owner=user).kind
    unused = RelationshipKindFactory(owner=user, name="landlord")

    def delete(one):
        url = reverse("relationshipkind_delete", args=[one.pk])
        return client.post(url, follow=True)

    assert "One pair is “colleague”." in delete(used).text
    [message] = [*delete(unused).context["messages"]][-1:]
    assert not user.relationshipkinds.filter(pk=unused.pk).exists()
    client.post(message.extra_tags)
    assert user.relationshipkinds.get(pk=unused.pk).name == "landlord"


def test_a_kind_that_becomes_mutual_merges_what_was_said_twice(client, user, maya, ana):
    teacher = kind(user, "teacher")
    tom = ContactFactory(owner=user, full_name="Tom Okafor")
    for first, second, more in (
        (maya, ana, {"since": PartialDate(2019), "note": "piano", "strength": 2}),
        (ana, maya, {"since": PartialDate(2017), "note": "Spanish"}),
        (tom, maya, {"note": "cooking"}),
    ):
        RelationshipFactory(
            owner=user, from_contact=first, to_contact=second, kind=teacher, **more
        )

    edit = reverse("relationshipkind_edit", args=[teacher.pk])
    response = client.post(edit, {"name": "tandem", "inverse_name": ""}, follow=True)

    assert "One pair was written down from both sides." in response.text
    rows = Relationship.objects.filter(owner=user).order_by("pk")
    assert [
        (r.from_contact_id < r.to_contact_id, str(r.since or ""), r.strength, r.note)
        for r in rows
    ] == [(True, "2017", 2, "piano; Spanish"), (True, "", None, "cooking")]
    assert set(reasons(user, "tandem")) == {"Maya Lindqvist", "Ana Ruiz", "Tom Okafor"}


def test_of_two_ends_the_one_that_may_be_later_stays(user, maya, ana):
    teacher = kind(user, "teacher")
    in_2019 = {"since": PartialDate(2019, 5), "until": PartialDate(2019)}
    in_february = {"until": PartialDate(2019, 2)}
    for first, second, years in ((maya, ana, in_2019), (ana, maya, in_february)):
        RelationshipFactory(
            owner=user, from_contact=first, to_contact=second, kind=teacher, **years
        )

    teacher.name = teacher.inverse_name = "tandem"
    teacher.save()

    row = user.relationships.get()
    assert (str(row.since), str(row.until)) == ("2019-05", "2019")


def test_a_kind_of_letters_that_become_many_when_folded(client, user, maya, ana):
    add(client, maya, person="Ana Ruiz", role="", own_name="ﷺ" * 60)

    assert user.relationships.get().kind.name == "ﷺ" * 60


def test_a_used_mutual_kind_cannot_become_one_sided(client, user):
    colleague = RelationshipFactory(owner=user).kind
    edit = reverse("relationshipkind_edit", args=[colleague.pk])

    response = client.post(edit, {"name": "boss", "inverse_name": "employee"})

    assert "nobody said which" in response.context["form"].errors["inverse_name"][0]
    assert RelationshipKind.objects.get(pk=colleague.pk).name == "colleague"


@pytest.mark.parametrize("count", [1, 3])
def test_the_kinds_cost_the_same(client, user, count, django_assert_num_queries):
    for _ in range(count):
        RelationshipFactory(owner=user, kind=RelationshipKindFactory(owner=user))
    client.get(KINDS)

    with django_assert_num_queries(5):
        client.get(KINDS)
