"""The picture of the network and the tree, drawn, narrowed, searched and kept."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from connections.models import GraphLayout
from tests.factories import ContactFactory, OriginFactory, RelationshipFactory


@pytest.fixture
def lena(transactional_db, user):
    lena = ContactFactory(owner=user, full_name="Lena Brandt")
    OriginFactory(contact=lena, how="work")
    for name in ("Maya Lindqvist", "Tom Okafor"):
        brought = ContactFactory(owner=user, full_name=name)
        OriginFactory(contact=brought, how="introduction", introducer=lena)
    return lena


@pytest.fixture
def faults(page):
    """What the console of the browser complains about."""
    said = []
    page.on("console", lambda m: m.type == "error" and said.append(m.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_the_picture_is_drawn_searched_and_kept(page, sign_in, user, lena, faults):
    sign_in(page.context)

    page.goto(reverse("network"))
    expect(page.locator("#picture[data-kept=yes]")).to_be_attached(timeout=30_000)
    layout = GraphLayout.objects.get()
    assert len(layout.positions) == 4
    page.get_by_label("Find in the picture").fill("lena")
    page.get_by_label("Find in the picture").press("Enter")
    expect(page.locator("#node")).to_contain_text("Lena Brandt")
    page.get_by_label("introductions").uncheck()
    page.get_by_role("button", name="See everything").click()

    # The next time everybody is where they were, and only who is new is placed.
    ben = ContactFactory(owner=user, full_name="Ben Ito")
    RelationshipFactory(owner=user, from_contact=lena, to_contact=ben)
    page.goto(reverse("network"))
    expect(page.locator("#picture[data-kept=yes]")).to_be_attached(timeout=30_000)
    kept = GraphLayout.objects.get().positions
    assert kept.pop(str(ben.pk))
    assert kept == layout.positions
    assert faults == []


def test_without_webgl_the_table_is_the_page(page, sign_in, lena, faults):
    sign_in(page.context)
    page.add_init_script(
        "HTMLCanvasElement.prototype.getContext = function () { return null; }"
    )

    page.goto(reverse("network"))

    expect(page.get_by_role("status").last).to_contain_text("no WebGL")
    expect(page.locator("#canvas")).to_be_hidden()
    expect(page.locator("#people")).to_contain_text("Lena Brandt")
    assert faults == []


def test_the_tree_opens_and_closes(page, sign_in, lena, faults):
    sign_in(page.context)

    page.goto(reverse("network_tree"))
    tree = page.locator("#tree")
    work = tree.get_by_role("button", name="Through work")
    work.click()
    tree.get_by_role("button", name="Lena Brandt, 2 below").press("Enter")
    expect(tree).to_contain_text("Maya Lindqvist")
    work.click()
    expect(tree).not_to_contain_text("Maya Lindqvist")
    assert faults == []


def test_a_branch_is_fetched_when_it_is_opened(page, sign_in, lena, monkeypatch):
    monkeypatch.setattr("connections.network.tree.SMALL", 1)
    monkeypatch.setattr("connections.network.tree.MOST", 1)
    sign_in(page.context)

    page.goto(reverse("network_tree"))
    tree = page.locator("#tree")
    tree.get_by_role("button", name="Through work").click()
    tree.get_by_role("button", name="Lena Brandt, 2 below").click()
    expect(tree).to_contain_text("Maya Lindqvist")
    tree.get_by_role("button", name="and 1 more").click()

    expect(tree).to_contain_text("Tom Okafor")


@pytest.mark.parametrize("name", ["network", "network_tree", "network_path"])
def test_without_javascript(new_context, sign_in, lena, name):
    context = new_context(java_script_enabled=False)
    sign_in(context)
    page = context.new_page()

    page.goto(reverse(name))

    if name == "network_path":
        page.get_by_label("To", exact=True).fill("Maya Lindqvist")
        page.get_by_role("button", name="Find the way").click()
        expect(page.locator("#best")).to_have_text("2 links, through Lena")
    else:
        expect(page.locator("main")).to_contain_text("Lena Brandt")
        expect(page.locator("#picture, #tree")).to_be_hidden()
