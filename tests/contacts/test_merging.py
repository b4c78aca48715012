"""Two contacts become one, nothing is lost, and all of it can be taken back."""

from base64 import b64decode
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contacts import merge_fields
from contacts.importing import undoing
from contacts.merging import Refused, merge
from contacts.models import Contact, SearchRow, SearchWord
from contacts.purging import purge
from networkcrm import undo
from networkcrm.journal import columns_of, links_to
from networkcrm.partial_dates import PartialDate
from tests.contacts.importing.test_running import bring, card, counts
from tests.factories import (
    AttendanceFactory,
    CaptureFactory,
    CardLinkFactory,
    CardNoteFactory,
    CircleFactory,
    CircleMoveFactory,
    ConsentFactory,
    ContactFactory,
    ContactMethodFactory,
    ContactTagFactory,
    DistinctFactory,
    EventFactory,
    FactFactory,
    FavourFactory,
    FollowUpFactory,
    GuestFactory,
    ImportantDateFactory,
    ImportFactory,
    ImportRowFactory,
    InteractionFactory,
    IntroductionFactory,
    MergedContactFactory,
    MergedUidFactory,
    OrganizationFactory,
    OriginFactory,
    OutcomeFactory,
    RelationshipFactory,
    SuggestionFactory,
    TagFactory,
    UnfitFactory,
)
from tests.one_of_each import a_picture
from tests.owner_watch import owner_watch
from tests.test_isolation import OUR_MODELS

NOT_COMPARED = (SearchWord,)


def everything():
    """Every row of every table; of search rows what they say, in any order."""
    found = {
        model.__name__: sorted(
            model._base_manager.values(), key=lambda row: str(row["id"])
        )
        for model in OUR_MODELS
        if model not in NOT_COMPARED
    }
    found["SearchRow"] = sorted(
        (
            {k: row[k] for k in ("contact_id", "sort_key", "names", "words")}
            | {"pieces": sorted(row["pieces"])}
            for row in found["SearchRow"]
        ),
        key=lambda row: str(row["contact_id"]),
    )
    return found


def differences(before, after):
    """The rows that are only before or only after, by table."""
    return {
        name: [row for row in rows if row not in after[name]]
        + [row for row in after[name] if row not in rows]
        for name, rows in before.items()
        if rows != after[name]
    }


def take_back(user, url):
    return undo.spend(user, url.rstrip("/").rpartition("/")[2])


@pytest.fixture
def keep(user):
    return ContactFactory(owner=user, full_name="Maya Lindqvist")


@pytest.fixture
def gone(user):
    return ContactFactory(owner=user, full_name="M. Lindqvist")


def all_that_links_to(contact, shared):
    """A row of every kind for this contact; `shared` is what the other has too."""
    owner = contact.owner
    ContactMethodFactory(contact=contact, value=f"{contact.pk}@example.org")
    ContactMethodFactory(contact=contact, value="maya@example.org", label="work")
    ContactTagFactory(contact=contact, tag=shared["tag"])
    ContactTagFactory(contact=contact, tag=TagFactory(owner=owner))
    need = FactFactory(contact=contact, text="a first retail buyer")
    FactFactory(contact=contact, text=f"said by {contact}")
    ImportantDateFactory(contact=contact)
    ImportRowFactory(batch=ImportFactory(owner=owner), contact=contact)
    ImportFactory(owner=owner, met_through=contact)
    MergedContactFactory(contact=contact)
    MergedUidFactory(contact=contact)
    DistinctFactory(owner=owner, one=contact, other=shared["friend"])
    InteractionFactory(owner=owner, with_contacts=[contact])
    there = shared["interaction"].participations.values_list("contact_id", flat=True)
    shared["interaction"].set_people({contact.pk, *there})
    brought = ContactFactory(owner=owner, full_name=f"Brought by {contact}")
    OriginFactory(contact=brought, introducer=contact)
    introduction = IntroductionFactory(owner=owner, a=contact, b=shared["friend"])
    ConsentFactory(introduction=introduction)
    OriginFactory(contact=contact, how="event", event=EventFactory(owner=owner))
    owner.origins.filter(contact=contact).update(introduction=introduction)
    IntroductionFactory(owner=owner, introducer=contact)
    RelationshipFactory(owner=owner, from_contact=contact, to_contact=shared["friend"])
    OutcomeFactory(owner=owner, introduction=introduction, with_contacts=[contact])
    AttendanceFactory(event=shared["event"], contact=contact)
    GuestFactory(event=shared["event"], contact=contact)
    CaptureFactory(owner=owner, contact=contact)
    CardNoteFactory(link=CardLinkFactory(owner=owner), contact=contact)
    FollowUpFactory(contact=contact)
    FavourFactory(contact=contact, met_need=need)
    CircleMoveFactory(contact=contact)
    SuggestionFactory(contact=shared["friend"], other=contact, need=need)
    SuggestionFactory(contact=contact)
    UnfitFactory(need=need, contact=shared["friend"])
    UnfitFactory(contact=contact, need=FactFactory(contact=shared["friend"]))


@pytest.fixture
def shared(user):
    return {
        "tag": TagFactory(owner=user),
        "friend": ContactFactory(owner=user, full_name="Zoe Park"),
        "interaction": InteractionFactory(owner=user),
        "event": EventFactory(owner=user),
    }


def test_everything_leads_to_the_kept_one_and_back(user, keep, gone, shared):
    all_that_links_to(keep, shared)
    all_that_links_to(gone, shared)
    links = [link for link in links_to(Contact) if link.model is not SearchRow]
    empty = [
        str(link)
        for link in links
        if not link.model.objects.filter(**{link.name: gone.pk}).exists()
    ]
    before = everything()

    url = merge(user, keep.pk, gone.pk)
    connection.check_constraints()

    # Every kind of link was there to be moved: a new one needs its row above.
    assert set(empty) <= {
        "contacts.Distinct.other",
        "connections.Introduction.b",
        "connections.Relationship.to_contact",
    }
    assert not user.contacts.filter(pk=gone.pk).exists()
    assert keep.methods.count() == 3
    assert keep.contact_tags.count() == 3
    assert keep.facts.count() == 3
    assert keep.dates.count() == 1
    assert keep.import_rows.count() == 2
    assert keep.imports_met_through.count() == 2
    assert keep.merged_uids.count() == 2
    assert user.distincts.filter(one=keep).count() == 1
    assert keep.brought.count() == 2
    assert keep.introductions_made.count() == 2
    assert keep.introductions_as_a.count() == 1
    assert keep.relationships_from.count() == 1
    assert keep.outcome_shares.count() == 2
    assert (keep.attendances.count(), keep.follow_ups.count()) == (1, 2)
    # Two of their own, the shared one, and how they met the second time.
    assert keep.participations.count() == 4

    said = take_back(user, url)
    connection.check_constraints()

    assert said == "M. Lindqvist and Maya Lindqvist are two again."
    assert differences(before, everything()) == {}


def test_every_column_of_a_contact_has_its_rule():
    """A column that nobody thought of would be lost with the one who goes."""
    columns = {field.attname for field in Contact._meta.concrete_fields}
    grouped = {name for group in merge_fields.GROUPS for name in group.columns}
    ruled = grouped | merge_fields.TOGETHER | merge_fields.EARLIEST | merge_fields.OWN

    assert columns - ruled == Contact.DERIVED


def test_what_one_lacks_comes_from_the_other(user):
    acme = OrganizationFactory(owner=user, name="Acme")
    circle = CircleFactory(owner=user)
    keep = ContactFactory(owner=user, full_name="Maya Lindqvist", about="Likes tea.")
    gone = ContactFactory(
        owner=user,
        full_name="maya lindqvist",
        given_name="Maya",
        family_name="Lindqvist",
        nickname="May",
        organization=acme,
        job_title="Chandler",
        city="Malmö",
        birthday=PartialDate(1980, 5, 3),
        circle=circle,
        cadence_days=30,
        about="Makes candles.",
        uid="maya-1",
        extra=["X-PET:cat"],
        wanted_at=timezone.now(),
    )

    assert merge_fields.questions(keep, gone) == []
    merge(user, keep.pk, gone.pk)

    keep.refresh_from_db()
    assert keep.full_name == "Maya Lindqvist"
    assert (keep.given_name, keep.family_name) == ("Maya", "Lindqvist")
    assert (keep.nickname, keep.organization, keep.job_title) == (
        "May",
        acme,
        "Chandler",
    )
    assert (keep.city, str(keep.birthday), keep.circle) == (
        "Malmö",
        "1980-05-03",
        circle,
    )
    assert (keep.cadence_days, keep.uid) == (30, "maya-1")
    assert keep.about == "Likes tea.\n\nMakes candles."
    assert keep.extra == ["X-PET:cat"]
    assert keep.wanted_at == gone.wanted_at


def test_what_loses_is_asked_and_kept_in_the_notes(user):
    keep = ContactFactory(
        owner=user,
        full_name="Maya Lindqvist",
        headline="Makes candles",
        organization=OrganizationFactory(owner=user, name="Lumen"),
        city="Malmö",
        birthday=PartialDate(1980),
        uid="maya-1",
    )
    gone = ContactFactory(
        owner=user,
        full_name="Maya Berg",
        headline="Runs a shop",
        organization=OrganizationFactory(owner=user, name="Acme"),
        job_title="CTO",
        city="Oslo",
        birthday=PartialDate(1981, 5, 3),
        uid="maya-2",
    )

    asked = merge_fields.questions(keep, gone)
    merge(user, keep.pk, gone.pk, {"headline": "gone"})

    assert [(q.name, q.keep, q.gone, q.default) for q in asked] == [
        ("full_name", "Maya Lindqvist", "Maya Berg", "keep"),
        ("headline", "Makes candles", "Runs a shop", "keep"),
        ("work", "Lumen", "CTO at Acme", "keep"),
        ("place", "Malmö", "Oslo", "keep"),
        ("birthday", "1980", "3 May 1981", "keep"),
    ]
    keep.refresh_from_db()
    assert (keep.full_name, keep.nickname) == ("Maya Lindqvist", "Maya Berg")
    assert (keep.headline, keep.organization.name, keep.job_title) == (
        "Runs a shop",
        "Lumen",
        "",
    )
    today = timezone.localdate().strftime("%-d %b %Y")
    assert keep.about == (
        f"Merged with Maya Berg on {today}: headline “Makes candles”;"
        " work “CTO at Acme”; lives in “Oslo”; birthday “3 May 1981”."
    )
    assert keep.extra == [
        "FN:Maya Berg",
        "X-HEADLINE:Makes candles",
        "ORG:Acme",
        "TITLE:CTO",
        "BDAY:1981-05-03",
        "UID:maya-2",
    ]


@pytest.mark.parametrize(
    ("keep", "gone", "stays"),
    [
        ("1980", "1980-05-03", "1980-05-03"),
        ("1980-05-03", "--05-03", "1980-05-03"),
        ("--05-03", "1980-05-03", "1980-05-03"),
        ("1980-05", "1980", "1980-05"),
    ],
)
def test_of_two_birthdays_the_more_exact_is_not_asked_about(user, keep, gone, stays):
    one, other = (
        ContactFactory(
            owner=user, full_name="Maya", birthday=PartialDate.from_iso(birthday)
        )
        for birthday in (keep, gone)
    )

    assert merge_fields.questions(one, other) == []
    merge(user, one.pk, other.pk)

    one.refresh_from_db()
    assert (str(one.birthday), one.about, one.extra) == (stays, "", [])


def test_the_longer_of_two_alike_names_is_offered_first(keep, gone):
    assert [q.default for q in merge_fields.questions(gone, keep)] == ["gone"]
    assert [q.default for q in merge_fields.questions(keep, gone)] == ["keep"]


def test_notes_too_long_for_one_field_are_kept_aside(user, keep, gone):
    user.contacts.filter(pk=keep.pk).update(about="a" * 49_000)
    user.contacts.filter(pk=gone.pk).update(about="b" * 2_000)

    merge(user, keep.pk, gone.pk)

    keep.refresh_from_db()
    assert keep.about == "a" * 49_000
    assert keep.extra == ["FN:M. Lindqvist", f"NOTE:{'b' * 2_000}"]


def test_one_way_to_reach_them_is_there_once(user, keep, gone):
    ContactMethodFactory(contact=keep, kind="phone", value="+1 617 555 0137")
    mail = ContactMethodFactory(contact=keep, value="Maya@example.org", label="work")
    ContactMethodFactory(contact=gone, kind="phone", value="+1 (617) 555-0137")
    ContactMethodFactory(contact=gone, kind="phone", value="+1 617 555 0137 x12")
    ContactMethodFactory(
        contact=gone, value="maya@example.org", label="shop", preferred=True
    )

    merge(user, keep.pk, gone.pk)

    found = keep.methods.order_by("position", "pk")
    assert list(found.values_list("value", "label", "preferred")) == [
        ("+1 617 555 0137", "", False),
        ("Maya@example.org", "work, shop", True),
        ("+1 617 555 0137 x12", "", False),
    ]
    mail.refresh_from_db()
    assert mail.updated_at > mail.created_at


def test_facts_that_differ_in_anything_both_stay(user, keep, gone):
    FactFactory(contact=keep, text="A buyer")
    FactFactory(contact=gone, text="a buyer", heard_on=PartialDate(2026, 5))
    FactFactory(contact=gone, text="a  buyer")

    merge(user, keep.pk, gone.pk)

    assert sorted(keep.facts.values_list("text", flat=True)) == ["A buyer", "a buyer"]


def test_what_led_to_a_need_leads_to_the_one_that_stays(user, keep, gone):
    other = ContactFactory(owner=user)
    kept = FactFactory(contact=keep, kind="need", text="A buyer")
    double = FactFactory(
        contact=gone, kind="need", text="a buyer", confirmed_on=date(2026, 11, 1)
    )
    favour = FavourFactory(contact=gone, met_need=double)
    suggestion = SuggestionFactory(contact=other, need=double)
    UnfitFactory(need=kept, contact=other)
    UnfitFactory(need=double, contact=other)

    def links():
        for row in (favour, suggestion):
            row.refresh_from_db()
        unfit = sorted(user.unfits.values_list("need", flat=True))
        return favour.met_need_id, suggestion.need_id, unfit

    before = links()
    url = merge(user, keep.pk, gone.pk)

    assert links() == (kept.pk, kept.pk, [kept.pk])
    assert keep.facts.get().confirmed_on == date(2026, 11, 1)
    take_back(user, url)
    assert links() == before
    kept.refresh_from_db()
    assert kept.confirmed_on is None


def test_a_form_that_stood_open_loses_nothing(client, user, stranger, keep, gone):
    page = reverse("contact_edit", args=[gone.pk])
    typed = {
        "full_name": "Maya R.",
        "about": "Two cats\nand a dog",
        "methods-TOTAL_FORMS": "1",
        "methods-0-type": "phone",
        "methods-0-value": "+49 30 123456",
    }
    last = ContactFactory(owner=user, full_name="Maya Ruiz-Lopez")
    merge(user, keep.pk, gone.pk)
    url = merge(user, last.pk, keep.pk)

    response = client.post(page, typed)

    assert (response.status_code, response.context["kept"]) == (404, last)
    said = [value for _label, value in response.context["typed"]]
    assert said == ["Maya R.", "Two cats\nand a dog", "+49 30 123456"]
    assert "Two cats<br>and a dog" in response.text
    take_back(user, url)
    assert client.post(page, typed).context["kept"] == keep
    there_again = reverse("contact_edit", args=[keep.pk])
    purge(user, [keep.pk])
    assert client.post(there_again, typed).context.get("kept") is None
    client.force_login(stranger)
    assert client.post(page, typed).context.get("kept") is None


def test_the_old_address_leads_to_who_stayed(client, user, stranger, keep, gone):
    last = ContactFactory(owner=user, full_name="Maya Ruiz-Lopez")
    page = gone.get_absolute_url()
    form = reverse("contact_edit", args=[gone.pk])
    first = merge(user, keep.pk, gone.pk)
    merge(user, last.pk, keep.pk)

    assert client.get(page).url == client.get(keep.get_absolute_url()).url
    assert client.get(page).url == last.get_absolute_url()
    assert client.get(form).url == reverse("contact_edit", args=[last.pk])
    client.force_login(stranger)
    assert [client.get(page).status_code, client.get(form).status_code] == [404, 404]
    client.force_login(user)
    take_back(user, first)
    assert client.get(page).status_code == 200
    purge(user, [last.pk])
    assert client.get(keep.get_absolute_url()).status_code == 404


def test_a_full_circle_is_no_obstacle(user):
    circle = CircleFactory(owner=user, seats=1)
    keep = ContactFactory(owner=user, full_name="Maya")
    gone = ContactFactory(owner=user, full_name="Maya", circle=circle)

    merge(user, keep.pk, gone.pk)

    keep.refresh_from_db()
    assert (keep.circle, circle.free_seats) == (circle, 0)


def test_archived_only_when_both_were(user, keep, gone):
    user.contacts.filter(pk=keep.pk).update(archived_at=timezone.now())

    merge(user, keep.pk, gone.pk)

    assert user.contacts.active().filter(pk=keep.pk).exists()


@pytest.mark.parametrize("chosen", ["keep", "gone"])
def test_photos_are_chosen_and_come_back(client, user, keep, gone, chosen):
    for contact, format in ((keep, "one"), (gone, "other")):
        contact.photo.save(f"{format}.jpg", ContentFile(a_picture() + format.encode()))
    names = {"keep": keep.photo.name, "gone": gone.photo.name}
    lost = names["gone" if chosen == "keep" else "keep"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda job, **kwargs: job())
        url = merge(user, keep.pk, gone.pk, {"photo": chosen})

    keep.refresh_from_db()
    assert keep.photo.name == names[chosen]
    assert not default_storage.exists(lost)
    [other] = keep.more_photos
    end = b"other" if chosen == "keep" else b"one"
    assert b64decode(other.partition(",")[2]).endswith(end)
    assert other in client.get(keep.get_absolute_url()).text
    take_back(user, url)
    assert {c.photo.name for c in user.contacts.exclude(photo="")} == {*names.values()}
    with user.contacts.get(pk=gone.pk).photo.open() as file:
        assert file.read().endswith(b"other")
    with user.contacts.get(pk=keep.pk).photo.open() as file:
        assert file.read().endswith(b"one")


def test_what_was_edited_since_stays_with_the_kept_one(user, keep, gone):
    user.contacts.filter(pk=gone.pk).update(headline="Runs a shop", city="Oslo")
    mail = ContactMethodFactory(contact=gone)
    url = merge(user, keep.pk, gone.pk)
    keep.refresh_from_db()
    keep.headline = "Runs two shops"
    keep.pronouns = "she"
    keep.save()
    fact = FactFactory(contact=keep)

    said = take_back(user, url)

    keep.refresh_from_db()
    assert said == (
        "M. Lindqvist and Maya Lindqvist are two again. What you have changed since"
        " stays with Maya Lindqvist: headline."
    )
    assert (keep.headline, keep.pronouns, keep.city) == ("Runs two shops", "she", "")
    assert keep.updated_at > keep.created_at
    back = user.contacts.get(pk=gone.pk)
    assert (back.headline, back.city) == ("Runs a shop", "Oslo")
    assert [*back.methods.all()] == [mail]
    assert [*keep.facts.all()] == [fact]


def test_undone_after_what_it_hung_on_was_deleted(user, keep, gone):
    organization = OrganizationFactory(owner=user)
    tag = TagFactory(owner=user)
    user.contacts.filter(pk=gone.pk).update(organization=organization)
    for contact in (keep, gone):
        ContactTagFactory(contact=contact, tag=tag)
    url = merge(user, keep.pk, gone.pk)
    organization.delete()
    tag.delete()

    assert take_back(user, url) == "M. Lindqvist and Maya Lindqvist are two again."

    connection.check_constraints()
    assert user.contacts.get(pk=gone.pk).organization is None


def test_two_mergings_undone_in_the_wrong_order(user, keep, gone):
    third = ContactFactory(owner=user, full_name="Maya L.")
    mine = ContactMethodFactory(contact=keep)
    theirs = ContactMethodFactory(contact=gone)
    OriginFactory(contact=gone, introducer=ContactFactory(owner=user))
    before = everything()
    first = merge(user, keep.pk, gone.pk)
    second = merge(user, third.pk, keep.pk)

    said = take_back(user, first)
    connection.check_constraints()

    assert said.startswith("M. Lindqvist and Maya Lindqvist are two again.")
    assert "Maya Lindqvist is not in your network any more." in said
    assert [*user.contacts.get(pk=gone.pk).methods.all()] == [theirs]
    take_back(user, second)
    connection.check_constraints()
    assert [*user.contacts.get(pk=keep.pk).methods.all()] == [mine]
    assert differences(before, everything()).keys() <= {"Contact", "SearchRow"}


def test_i_am_in_no_circle_and_not_reminded_of_myself(user, gone):
    me = user.contacts.get(is_me=True)
    circle = CircleFactory(owner=user, name="Inner", seats=1)
    about_me = {"circle": circle, "cadence_days": 30, "wanted_at": timezone.now()}
    user.contacts.filter(pk=gone.pk).update(**about_me)

    merge(user, me.pk, gone.pk)

    me.refresh_from_db()
    assert (me.circle, me.cadence_days, me.wanted_at) == (None, None, None)
    assert "circle “Inner”; keep in touch every “30 days”" in me.about


def test_me_can_only_be_kept(user, gone):
    me = user.contacts.get(is_me=True)

    with pytest.raises(Refused, match="your own network"):
        merge(user, gone.pk, me.pk)
    merge(user, me.pk, gone.pk)

    assert [*user.contacts.all()] == [me]


@pytest.mark.parametrize("state", ["same", "trashed", "stranger", "merged"])
def test_what_cannot_be_merged_is_refused(user, stranger, keep, gone, state):
    if state == "trashed":
        gone.trash()
    elif state == "stranger":
        gone = ContactFactory(owner=stranger)
    elif state == "merged":
        merge(user, keep.pk, gone.pk)
    before = everything()

    with pytest.raises(Refused):
        merge(user, keep.pk, keep.pk if state == "same" else gone.pk)

    assert everything() == before


def test_the_same_file_finds_whom_it_brought(user):
    cards = card("FN:Maya Lindqvist", "UID:maya-1", "NOTE:tea") + card(
        "FN:Maja Berg", "UID:maya-2", "ORG:Acme", "TITLE:CTO", "NOTE:coffee", "REV:1"
    )
    bring(user, cards)
    keep, gone = user.contacts.others().order_by("pk")

    merge(user, keep.pk, gone.pk)
    again = bring(user, cards)

    assert user.contacts.others().count() == 1
    assert counts(again) == (2, 0, 0, 2, 0)


def test_an_undone_import_leaves_what_the_other_had(user):
    keep = ContactFactory(owner=user, full_name="Maya Lindqvist", city="Oslo")
    ContactMethodFactory(contact=keep, value="maya@example.org")
    other = ContactFactory(owner=user, full_name="Maja Berg")
    ContactMethodFactory(contact=other, value="maja@example.org")
    batch = bring(
        user,
        card(
            "FN:Maja Berg",
            "EMAIL:maja@example.org",
            "EMAIL:maya@example.org",
            "ADR:;;;Oslo;;;",
            "X-HEADLINE:Runs a shop",
        ),
    )
    assert counts(batch) == (1, 0, 1, 0, 0)

    merge(user, keep.pk, other.pk)
    undoing.undo(user, batch)

    keep.refresh_from_db()
    assert (keep.city, keep.headline) == ("Oslo", "")
    mails = keep.methods.filter(kind="email").values_list("value", flat=True)
    assert sorted(mails) == ["maja@example.org", "maya@example.org"]


def test_an_undone_import_does_not_delete_who_was_merged_into(user):
    batch = bring(user, card("FN:Maya Lindqvist"))
    keep = user.contacts.get(full_name="Maya Lindqvist")
    gone = ContactFactory(owner=user, full_name="Maya Lindqvist")
    mail = ContactMethodFactory(contact=gone)

    merge(user, keep.pk, gone.pk)
    undoing.undo(user, batch)

    assert [*keep.methods.all()] == [mail]


def test_search_finds_them_by_both_names(user, keep, gone):
    user.contacts.filter(pk=gone.pk).update(full_name="Maja Bergström")

    url = merge(user, keep.pk, gone.pk)

    assert [*user.contacts.search(user, "bergström")] == [keep]
    take_back(user, url)
    assert [*user.contacts.search(user, "bergström")] == [gone]


def test_names_the_owner(user, keep, gone, shared):
    all_that_links_to(keep, shared)
    all_that_links_to(gone, shared)

    with owner_watch(user) as wrong:
        take_back(user, merge(user, keep.pk, gone.pk))

    assert wrong == []


def test_nothing_of_a_stranger_is_touched(user, stranger, keep, gone):
    theirs = ContactFactory(owner=stranger, full_name="M. Lindqvist")
    before = columns_of(theirs)

    take_back(user, merge(user, keep.pk, gone.pk))

    theirs.refresh_from_db()
    assert columns_of(theirs) == before


def test_who_was_met_at_an_event_was_met(user, keep, gone):
    event = EventFactory(owner=user)
    AttendanceFactory(
        event=event, contact=keep, state="wanted", talking_points="Candles"
    )
    AttendanceFactory(
        event=event, contact=gone, state="met", met_at=timezone.now(), note="Tea"
    )

    merge(user, keep.pk, gone.pk)

    row = keep.attendances.get()
    assert (row.state, row.was_wanted, row.met_at is None) == ("met", True, False)
    assert (row.talking_points, row.note) == ("Candles", "Tea")
