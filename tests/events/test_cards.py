"""My card: what it shows, the codes and links to it, and what others leave there."""

import io
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts import photos
from contacts.importing import vcard
from events.cards import codes, showing
from events.cards.vcards import text_of
from events.models import CardLink, CardNote, CardOffer
from tests.factories import (
    CardFactory,
    CardLinkFactory,
    CardNoteFactory,
    CardOfferFactory,
    ContactFactory,
    ContactMethodFactory,
    EventFactory,
    OrganizationFactory,
)
from tests.one_of_each import a_picture

LEFT = {"name": "Ben Katz", "reach": "ben@example.org", "words": "The candles!"}


@pytest.fixture(autouse=True)
def _nobody_asked_before(db):
    cache.clear()


@pytest.fixture
def me(user):
    me = user.contacts.get(is_me=True)
    me.full_name = "Ada Müller; von, Ü"
    me.headline = "Makes\\candles, and more"
    me.job_title, me.city = "Maker", "Köln"
    me.organization = OrganizationFactory(owner=user, name="Wachs & Docht")
    me.about = "Secret notes"
    me.save()
    return me


@pytest.fixture
def email(me):
    return ContactMethodFactory(contact=me, value="ada@example.org")


@pytest.fixture
def phone(me):
    return ContactMethodFactory(contact=me, kind="phone", value="+49 221 5550137")


@pytest.fixture
def link(user):
    return CardLinkFactory(owner=user, label="Badge")


@pytest.fixture
def anybody():
    return Client()


def shown_of(user):
    contact = showing.me(user)
    methods = showing.methods_of(contact)
    return showing.show(showing.card_of(user), contact, methods)


def records(text):
    data = text if isinstance(text, bytes) else text.encode()
    return list(vcard.read(io.BytesIO(data)))


def test_others_see_only_what_i_chose(client, anybody, user, me, email, phone, link):
    ContactFactory(owner=user, full_name="Xanthippe")
    chosen = {"shown": ["headline", f"method:{email.pk}"], "greeting": "Hello there"}

    client.post(reverse("me"), chosen)

    page = anybody.get(reverse("card", args=[link.token])).text
    assert "Hello there" in page
    assert "ada@example.org" in page
    for private in ("5550137", "Köln", "Wachs", "Secret", "Xanthippe", str(me.pk)):
        assert private not in page


def test_nothing_but_the_name_is_shown_at_first(anybody, me, email, link):
    page = anybody.get(reverse("card", args=[link.token])).text

    assert "Ada Müller" in page
    assert "ada@example.org" not in page


def test_a_method_of_somebody_else_cannot_be_shown(client, user, stranger, me):
    theirs = ContactMethodFactory(contact=ContactFactory(owner=stranger))
    of_a_friend = ContactMethodFactory(contact=ContactFactory(owner=user))

    for method in (theirs, of_a_friend):
        answer = client.post(reverse("me"), {"shown": [f"method:{method.pk}"]})
        assert answer.status_code == 422

    keys = [showing.key_of(theirs), showing.key_of(of_a_friend)]
    user.cards.update_or_create(defaults={"shown": keys})
    assert shown_of(user).methods == []


def test_the_file_is_read_back_by_our_own_import(anybody, user, me, email, link):
    ContactMethodFactory(contact=me, kind="handle", service="github", value="ada")
    me.photo.save("x", photos.cleaned(a_picture((900, 600))))
    keys = [showing.key_of(method) for method in me.methods.all()]
    CardFactory(owner=user, shown=[*showing.FIELDS, *keys])

    answer = anybody.get(reverse("card_vcf", args=[link.token]))

    (record,) = records(answer.content)
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert record.full_name == "Ada Müller; von, Ü"
    assert (record.organization, record.job_title) == ("Wachs & Docht", "Maker")
    assert record.city == "Köln"
    assert record.about == "Makes\\candles, and more"
    assert [(m.kind, m.service, m.value) for m in record.methods][:2] == [
        ("email", "", "ada@example.org"),
        ("handle", "github", "https://github.com/ada"),
    ]
    assert record.photo.startswith(b"\xff\xd8")
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert all(line.decode() is not None for line in lines)


def test_no_value_makes_a_line_of_its_own():
    shown = showing.Shown(
        name="Ada\r\nTEL:+1", headline="a\u2028b\x00\nEND:VCARD", city="x;y,z\\"
    )

    lines = text_of(shown).split("\r\n")

    names = [line.partition(":")[0] for line in lines if line]
    assert names == ["BEGIN", "VERSION", "N", "FN", "ADR", "NOTE", "END"]


def test_the_code_holds_the_card_and_needs_no_signal(client, user, me, email, phone):
    keys = [showing.key_of(email), showing.key_of(phone)]
    CardFactory(owner=user, shown=["organization", *keys])

    code = client.get(reverse("me")).context["code"]

    (record,) = records(code.text)
    assert record.full_name == "Ada Müller; von, Ü"
    assert {m.value for m in record.methods} == {"ada@example.org", "+492215550137"}
    assert code.left_out == []


def test_a_code_never_grows_beyond_what_scans(user, me):
    me.full_name, me.headline = "Ü" * 300, "x" * 300
    me.save()
    ContactMethodFactory.create_batch(9, contact=me, value=f"{'a' * 60}@example.org")
    keys = [showing.key_of(method) for method in me.methods.all()]
    CardFactory(owner=user, shown=[*showing.FIELDS, *keys])

    code = codes.code_of_card(shown_of(user))

    assert len(code.text.encode()) <= codes.MOST_OCTETS
    assert code.left_out[0] == "headline"
    assert code.left_out[-1] == "the end of your name"
    (record,) = records(code.text)
    assert record.full_name.startswith("ÜÜÜ")


def test_a_code_is_dark_on_white_and_brings_no_style(client, user, link):
    page = client.get(reverse("me")).text

    drawn = re.findall(r"<svg viewBox.*?</svg>", page, flags=re.DOTALL)
    assert len(drawn) == 2
    for svg in drawn:
        assert 'fill="#fff"' in svg
        assert 'stroke="#000"' in svg
        assert "style=" not in svg


def test_one_sentence_for_each_kind_of_people(client, user):
    url = reverse("card_offer_create")
    client.post(url, {"audience": "Founders", "text": "I know  investors."})

    again = client.post(url, {"audience": "founders ", "text": "Another."})
    long = client.post(url, {"audience": "Makers", "text": "x" * 161})

    (offer,) = user.cardoffers.all()
    assert (offer.audience, offer.text) == ("Founders", "I know investors.")
    assert "You have a sentence for them already." in again.text
    assert "at most 160 characters" in long.context["form"].errors["text"][0]


def test_a_deleted_offer_comes_back(client, user):
    offer = CardOfferFactory(owner=user, audience="founders")

    answer = client.post(reverse("card_offer_delete", args=[offer.pk]), follow=True)
    (message,) = answer.context["messages"]
    gone = CardOffer.objects.of(user.pk).count()
    client.post(message.extra_tags)

    assert gone == 0
    assert user.cardoffers.get().text == offer.text


def test_the_event_that_is_on_is_proposed(client, user):
    event = EventFactory(owner=user, starts_at=timezone.now(), name="Mixer")

    form = client.get(reverse("me")).context["link_form"]
    client.post(reverse("card_link_create"), {"label": "", "event": event.pk})
    after = client.get(reverse("me")).context["link_form"]

    assert form.instance.event == event
    assert user.cardlinks.get().event == event
    assert after.instance.event is None


def test_no_link_to_a_strangers_event(client, user, stranger):
    event = EventFactory(owner=stranger, starts_at=timezone.now())

    answer = client.post(reverse("card_link_create"), {"event": event.pk})

    assert answer.status_code == 422
    assert not user.cardlinks.exists()


def test_an_address_that_is_dead_does_not_say_why(client, anybody, user, link):
    other = CardLinkFactory(owner=user)
    old = link.token
    client.post(reverse("card_link_renew", args=[link.pk]))
    client.post(reverse("card_link_revoke", args=[other.pk]))
    link.refresh_from_db()
    dead = [old, other.token, f"{link.token}A", link.token[:-1], "x", "%C3%BC"]

    for name in ("card", "card_vcf", "card_thanks"):
        answers = [anybody.get(reverse(name, args=[token])) for token in dead]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
        assert {a.headers["Referrer-Policy"] for a in answers} == {"no-referrer"}
    assert anybody.get(reverse("card", args=[link.token])).status_code == 200


def test_a_secret_opens_nothing_under_another_owner(anybody, stranger, link):
    theirs = CardLink(owner=stranger, secret=link.secret)

    answer = anybody.get(reverse("card", args=[theirs.token]))

    assert answer.status_code == 404


def test_a_link_that_was_taken_back_can_lead_again(client, anybody, link):
    answer = client.post(reverse("card_link_revoke", args=[link.pk]), follow=True)
    (message,) = answer.context["messages"]
    client.post(message.extra_tags)

    assert anybody.get(reverse("card", args=[link.token])).status_code == 200


def test_nobody_keeps_or_lists_the_page(anybody, link):
    for name in ("card", "card_thanks", "card_vcf"):
        answer = anybody.get(reverse(name, args=[link.token]))
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_someone_leaves_how_to_reach_them(anybody, user, link):
    event = EventFactory(owner=user, starts_at=timezone.now() - timedelta(hours=1))
    url = reverse("card", args=[link.token])

    first = anybody.post(url, LEFT)
    anybody.post(url, LEFT)

    note = user.cardnotes.get()
    assert (first.status_code, first.url) == (
        302,
        reverse("card_thanks", args=[link.token]),
    )
    assert (note.name, note.reach, note.words) == tuple(LEFT.values())
    assert (note.link, note.event, note.state) == (link, event, "new")
    assert anybody.get(first.url).status_code == 200


def test_the_event_of_the_link_stands_above_the_one_that_is_on(anybody, user):
    EventFactory(owner=user, starts_at=timezone.now())
    fair = EventFactory(owner=user, name="Fair")
    link = CardLinkFactory(owner=user, event=fair)

    anybody.post(reverse("card", args=[link.token]), LEFT)

    assert user.cardnotes.get().event == fair


@pytest.mark.parametrize("missing", ["name", "reach"])
def test_what_is_needed_is_asked_for_at_the_field(anybody, user, link, missing):
    answer = anybody.post(reverse("card", args=[link.token]), LEFT | {missing: " "})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {missing}
    assert "The candles!" in answer.text


def test_a_program_is_thanked_and_ignored(anybody, user, link):
    url = reverse("card", args=[link.token])

    answer = anybody.post(url, LEFT | {"website": "https://spam.example"})

    assert answer.status_code == 302
    assert not user.cardnotes.exists()


def test_another_site_cannot_leave_anything(user, link):
    careful = Client(enforce_csrf_checks=True)

    answer = careful.post(reverse("card", args=[link.token]), LEFT)

    assert answer.status_code == 403
    assert not user.cardnotes.exists()


def test_a_flood_is_stopped_and_the_page_still_opens(anybody, user, link):
    url = reverse("card", args=[link.token])

    answers = [
        anybody.post(url, LEFT | {"words": str(number)}).status_code
        for number in range(12)
    ]

    assert answers.count(302) == 10
    assert answers[-1] == 429
    assert user.cardnotes.count() == 10
    assert anybody.get(url).status_code == 200


def test_what_a_stranger_leaves_is_text_and_nothing_else(anybody, client, user, link):
    bad = "<script>alert(1)</script>"

    anybody.post(
        reverse("card", args=[link.token]), dict.fromkeys(LEFT, bad) | {"x": "\0"}
    )

    assert user.cardnotes.get().name == bad
    assert bad not in client.get(reverse("me")).text


@pytest.mark.parametrize("count", [1, 3])
def test_my_card_costs_the_same(client, user, me, count, django_assert_num_queries):
    for _ in range(count):
        ContactMethodFactory(contact=me)
        CardOfferFactory(owner=user)
        CardNoteFactory(
            link=CardLinkFactory(owner=user, event=EventFactory(owner=user))
        )
    client.get(reverse("me"))

    with django_assert_num_queries(12):
        client.get(reverse("me"))


def test_each_link_says_how_many_it_brought(client, user, stranger, link):
    CardNoteFactory.create_batch(2, link=link)
    CardNoteFactory(link=CardLinkFactory(owner=stranger))

    links = client.get(reverse("me")).context["links"]

    assert [(one, one.note_count) for one in links] == [(link, 2)]
    assert CardNote.objects.count() == 3
