"""A card held to the phone fills the capture, where the browser can read one."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_capture_scan import VCARD

BUTTON = "Hold a card to the phone"
# What a phone with NFC has, and this browser has not: it answers with `records`.
READER = """
globalThis.NDEFReader = class {
  async scan() {
    if (globalThis.refuses) throw new DOMException("no", "NotAllowedError");
    const data = (text) => new DataView(new TextEncoder().encode(text).buffer);
    const records = globalThis.records.map((one) => ({ ...one, data: data(one.text) }));
    setTimeout(() => this.onreading({ message: { records } }), 20);
  }
};
"""


@pytest.fixture
def phone(page, sign_in, transactional_db):
    sign_in(page.context)
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(READER)
    page.goto("/capture/")
    return page


def hold(page, *records):
    page.evaluate("(records) => { globalThis.records = records }", list(records))
    page.get_by_role("button", name=BUTTON).click()


def test_a_card_held_to_the_phone(phone):
    hold(
        phone,
        {"recordType": "url", "text": "https://acme.example"},
        {"recordType": "mime", "mediaType": "text/vcard", "text": VCARD},
    )

    expect(phone.get_by_label("Name, and whatever")).to_have_value("Jörg Müller-Größ")
    expect(phone.locator("#understood")).to_contain_text("joerg@example.org")
    expect(phone.get_by_role("button", name=BUTTON)).to_be_visible()

    hold(phone, {"recordType": "url", "text": "javascript:alert(1)"})
    expect(phone.locator("#capture-error")).to_contain_text("Nothing was opened")
    hold(phone, {"recordType": "empty", "text": ""})
    expect(phone.locator("#capture-error")).to_contain_text("nothing on this card")
    phone.evaluate("globalThis.refuses = true")
    hold(phone)
    expect(phone.locator("#capture-error")).to_contain_text("Is NFC on")


def test_where_it_cannot_there_is_no_button(page, sign_in, transactional_db):
    sign_in(page.context)
    page.goto("/capture/")

    expect(page.get_by_role("button", name="Scan")).to_be_visible()
    expect(page.get_by_text(BUTTON)).to_be_hidden()
