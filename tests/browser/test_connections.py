"""How you met and what happened since, in a browser with htmx."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from connections.models import Interaction
from networkcrm.partial_dates import PartialDate
from tests.factories import ContactFactory, InteractionFactory, OriginFactory


@pytest.fixture
def maya(transactional_db, user):
    return ContactFactory(owner=user, full_name="Maya Lindqvist")


def test_names_are_offered_and_earlier_is_added(page, sign_in, user, maya):
    ContactFactory(owner=user, full_name="Lena Brandt")
    ContactFactory(owner=user, full_name="Lena Okafor")
    for day in range(1, 26):
        InteractionFactory(
            owner=user, on=PartialDate(2026, 10, day), with_contacts=[maya]
        )
    sign_in(page.context)

    page.goto(reverse("origin_edit", args=[maya.pk]))
    page.get_by_label("Who brought you together?").press_sequentially("len")
    expect(page.locator("#id_introducer-options option")).to_have_count(2)
    page.get_by_label("Who brought you together?").fill("Lena")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("radio", name="Lena Okafor").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".chain")).to_contain_text("Lena")

    entries = page.locator("#timeline ol.line > li")
    expect(entries).to_have_count(20)
    page.get_by_role("link", name="Show earlier").click()
    expect(entries).to_have_count(26)
    expect(page.get_by_role("link", name="Show earlier")).to_have_count(0)
    page.get_by_role("link", name="Online", exact=True).click()
    expect(entries).to_have_count(1)


def test_one_line_and_one_more_row(page, sign_in, user, maya):
    sign_in(page.context)

    page.goto(maya.get_absolute_url())
    page.get_by_label("What happened").fill("Candles from Basra")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Somebody else").click()
    page.get_by_label("Who else?").fill("Tom Okafor")
    page.get_by_role("button", name="Somebody else").click()
    expect(page.get_by_label("Who else?")).to_have_count(2)
    expect(page.get_by_label("Who else?").first).to_have_value("Tom Okafor")
    expect(page.get_by_label("What happened")).to_have_value("Candles from Basra")
    page.get_by_role("button", name="Save").last.click()

    expect(page.locator("#timeline")).to_contain_text("Candles from Basra")
    assert [one.full_name for one in Interaction.objects.get().people] == [
        "Maya Lindqvist",
        "Tom Okafor",
    ]


def test_questions_and_errors_are_readable_by_all(page, sign_in, user, maya):
    for city in ("Paris", "Rome"):
        ContactFactory(owner=user, full_name="Ben Ito", city=city)
    OriginFactory(contact=maya, how="school")
    sign_in(page.context)

    page.goto(reverse("origin_edit", args=[maya.pk]))
    page.get_by_label("Who brought you together?").fill("Ben Ito")
    page.get_by_label("When").fill("once")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("You know 2 people called Ben Ito.")).to_be_visible()
    violations = (
        Axe()
        .run(page, context="#main", options={"preload": False})
        .response["violations"]
    )
    assert [(f["id"], n["html"]) for f in violations for n in f["nodes"]] == []


def test_numbers_are_folded_on_a_phone_only(new_context, sign_in, user):
    OriginFactory(contact=ContactFactory(owner=user))
    context = new_context(viewport={"width": 1280, "height": 900})
    sign_in(context)
    page = context.new_page()
    page.goto("/insights/")
    numbers = page.locator("#funnel table")
    fold = page.locator("#funnel summary")

    expect(numbers).to_be_visible()
    expect(fold).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(numbers).to_be_hidden()
    fold.click()
    expect(numbers.get_by_role("link").first).to_be_visible()
