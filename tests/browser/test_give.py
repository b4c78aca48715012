"""A need is answered where it stands: the page stays, and the way back is in sight."""

import pytest
from playwright.sync_api import expect

from tests.factories import ContactFactory, FactFactory


@pytest.mark.parametrize("path", ["/give/", "/give/matches/"])
def test_what_is_no_fit_leaves_the_page_where_it_was(page, sign_in, user, path):
    for number in range(8):
        ana = ContactFactory(owner=user, full_name=f"Ana {number}")
        tom = ContactFactory(owner=user, full_name=f"Tom {number}")
        FactFactory(contact=ana, kind="need", text=f"a lawyer {number}")
        FactFactory(contact=tom, kind="offer", text=f"a lawyer {number}")
    sign_in(page.context)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)

    unfit = page.get_by_role("button", name="Not a fit").nth(4)
    unfit.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    unfit.click()

    expect(page.get_by_text("is not proposed again")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - before) < 200
